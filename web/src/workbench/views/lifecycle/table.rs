//! The picture as a table, for who cannot see it or wants to copy it.

use super::scale::since;
use crate::parts::disclosure::disclosure;
use crate::prelude::*;
use podwhy_core::lifecycle::{Millis, words};
use podwhy_core::timeline::{Moment, MomentKind, Timeline, What, to_duration};

/// One line: when it begins, the subject, what, and how long if it lasts.
struct Line<'a> {
    at: Millis,
    about: &'a str,
    what: &'static str,
    lasts: Option<Millis>,
}

pub fn table(played: &Timeline) -> Html {
    let zero = played.ends_at.unwrap_or_default();
    let segments = played.lanes.iter().flat_map(|lane| {
        let drawn = lane.segments.iter().filter(|segment| segment.what != What::Waiting);
        drawn.map(|segment| Line {
            at: segment.start,
            about: &lane.name,
            what: segment.what.words(),
            lasts: Some(segment.end.saturating_sub(segment.start)),
        })
    });
    let moments = played.moments.iter().map(|moment| Line {
        at: moment.at,
        about: moment.container.as_deref().unwrap_or("the pod"),
        what: moment_words(moment),
        lasts: None,
    });
    let mut lines: Vec<Line<'_>> = segments.chain(moments).collect();
    lines.sort_by_key(|line| line.at);
    let row = |line: &Line<'_>| {
        html! {
            <tr>
                <td class="life-time">{ to_duration(line.at).to_string() }</td>
                <td class="life-time">{ since(line.at, zero) }</td>
                <th scope="row"><code>{ line.about }</code></th>
                <td>{ line.what }</td>
                <td class="life-time">{ line.lasts.map(words).unwrap_or_default() }</td>
            </tr>
        }
    };
    let body = html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="The picture as a table">
            <table class="life-table">
                <thead>
                    <tr>
                        <th scope="col">{ "at" }</th>
                        <th scope="col">{ "from the end" }</th>
                        <th scope="col">{ "who" }</th>
                        <th scope="col">{ "what" }</th>
                        <th scope="col">{ "for" }</th>
                    </tr>
                </thead>
                <tbody>{ for lines.iter().map(row) }</tbody>
            </table>
        </div>
    };
    let title =
        html! { <span>{ "The picture as a table " }<span class="faint">{ lines.len() }{ " lines" }</span></span> };
    disclosure("life-twin", Callback::noop(), title, body)
}

fn moment_words(moment: &Moment) -> &'static str {
    match moment.kind {
        MomentKind::Sandbox => "the sandbox is there",
        MomentKind::Ready => "ready for traffic",
        MomentKind::End => "the end begins",
        MomentKind::KubeletRestart => "the kubelet restarts",
        MomentKind::Term => "gets its stop signal (TERM)",
        MomentKind::Kill => "is killed (KILL)",
        MomentKind::Exit => "ends by itself",
        MomentKind::Gone => "is gone",
    }
}
