//! Another release, or a setting that was pinned, laid under the picture.

use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use crate::workbench::views::compare::Other;
use podwhy_core::evaluate::{LifeStage, Whole};
use podwhy_core::lifecycle::words;
use podwhy_core::release::Release;
use podwhy_core::scenario::life::PodLife;
use podwhy_core::timeline::{Moment, MomentKind, Timeline};
use std::rc::Rc;
use web_sys::HtmlSelectElement;

/// What is laid under the picture of which pod.
#[derive(Clone, PartialEq)]
pub struct Question {
    whole: Shared<Whole>,
    pod: usize,
    other: Other,
}

/// The question, if there is something to lay under the picture.
pub fn laid_under(whole: &Shared<Whole>, pod: usize, other: Option<Other>) -> Option<Question> {
    Some(Question { whole: whole.clone(), pod, other: other? })
}

/// Another whole answer, with the pod's stage in it.
pub struct Laid {
    name: String,
    whole: Whole,
    stage: LifeStage,
    pod: usize,
    /// The pinned setting has times of its own.
    own_life: bool,
}

impl Laid {
    pub fn of(question: &Question) -> Option<Self> {
        let (name, whole, own_life) = match &question.other {
            Other::Release(release) => (release.to_string(), question.whole.in_release(*release), false),
            Other::Pinned(session) => {
                (format!("the pinned setting, {}", session.cluster.release), Whole::of((**session).clone()), true)
            }
        };
        let stage = whole.life_stage(question.pod)?;
        Some(Self { name, whole, stage, pod: question.pod, own_life })
    }

    /// The life as it is tried out, in the other release; the pinned one as it was.
    pub fn play(&self, life: &PodLife) -> Option<(String, Rc<Timeline>)> {
        let own = self.whole.life(self.pod).cloned().unwrap_or_default();
        let life = if self.own_life { &own } else { life };
        Some((self.name.clone(), Rc::new(self.whole.lifecycle_with(&self.stage, life)?)))
    }
}

pub fn choice(bench: &Bench, whole: &Shared<Whole>) -> Html {
    let other = bench.other();
    let onchange = {
        let bench = bench.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            bench.compare_with(Release::parse(&value).map(Other::Release));
        })
    };
    let onpin = {
        let (bench, whole) = (bench.clone(), whole.clone());
        Callback::from(move |_| bench.compare_with(Some(Other::Pinned(Rc::new(whole.session.clone())))))
    };
    let pinned = matches!(other, Some(Other::Pinned(_)));
    html! {
        <p class="life-under">
            <label for="life-under">{ "Lay under it" }</label>
            <select id="life-under" {onchange}>
                <option value="" selected={other.is_none()}>{ "nothing" }</option>
                if pinned { <option value="pinned" selected=true>{ "the pinned setting" }</option> }
                { for Release::all().map(|release| html! {
                    <option value={release.to_string()} selected={other == Some(Other::Release(release))}>{ release.to_string() }</option>
                }) }
            </select>
            <button type="button" class="small" onclick={onpin} title="Keep everything as it is now under the picture, and change the times above it">
                { if pinned { "Pin this instead" } else { "Pin this setting" } }
            </button>
        </p>
    }
}

/// What happens at other times, or otherwise, in the picture that is laid under.
pub fn differences(played: &Timeline, other: &Timeline, name: &str) -> Vec<String> {
    let of = |timeline: &Timeline, container: &str| {
        let zero = timeline.ends_at?;
        let of_end = |moment: &&Moment| moment.container.as_deref() == Some(container) && moment.at >= zero;
        let last = timeline.moments.iter().filter(of_end);
        let mut last = last.filter(|moment| matches!(moment.kind, MomentKind::Kill | MomentKind::Exit));
        let moment = last.next_back()?;
        let verb = if moment.kind == MomentKind::Kill { "is killed" } else { "ends by itself" };
        Some(format!("{verb} at {}", words(moment.at - zero)))
    };
    let ready = |timeline: &Timeline, container: &str| {
        let is = |moment: &&Moment| moment.kind == MomentKind::Ready && moment.container.as_deref() == Some(container);
        timeline.moments.iter().find(is).map(|moment| format!("is ready after {}", words(moment.at)))
    };
    let mut found = Vec::new();
    for lane in &played.lanes {
        for ask in
            [ready(played, &lane.name).zip(ready(other, &lane.name)), of(played, &lane.name).zip(of(other, &lane.name))]
        {
            if let Some((here, there)) = ask.filter(|(here, there)| here != there) {
                found.push(format!("`{}` {here}; in {name} it {there}.", lane.name));
            }
        }
    }
    found
}
