//! What the images' names point at.

use super::scenario::Look;
use super::table::wrapping;
use crate::parts::disclosure::disclosure;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::prelude::*;
use crate::workbench::parts::chart::short;
use crate::workbench::parts::fields::{Choice, assumed, choice, seconds, text};
use podwhy_core::scenario::TagMove;
use podwhy_core::session::InputKind;
use podwhy_core::simulation::points_at::{Edit as TextEdit, PointsAt, UnderPolicy};
use podwhy_core::time::Duration;
use podwhy_core::trace::{Mark, Step};
use std::rc::Rc;

/// Each image once.
pub fn section(look: &Look) -> Html {
    let mut all: Vec<PointsAt> = Vec::new();
    for found in (0..look.pod.containers.len()).filter_map(|container| look.whole.points_at(look.position, container)) {
        if !all.iter().any(|known| known.image == found.image) {
            all.push(found);
        }
    }
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <section class="pv-section" aria-labelledby="pv-names">
            <h3 id="pv-names">{ "What the names point at" }</h3>
            <ul class="pv-said" aria-label="The nodes' platforms">{ architectures(look, &all) }</ul>
            { for all.iter().enumerate().map(|(index, found)| one(look, index, found)) }
        </section>
    }
}

const ARCHITECTURES: [&str; 6] = ["amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64"];

fn architectures(look: &Look, all: &[PointsAt]) -> Html {
    let nodes = all.first().map(|found| found.nodes.as_slice()).unwrap_or_default();
    let node = |node: &podwhy_core::simulation::points_at::OnNode| {
        let key = format!("nodes[{}].architecture", node.node);
        let unsaid = all.iter().flat_map(|found| &found.assumptions).any(|taken| taken.key == key);
        let mut choices: Vec<Choice> = ARCHITECTURES.map(|name| Choice::new(name, name)).into();
        if !ARCHITECTURES.contains(&node.architecture.as_str()) {
            choices.push(Choice::new(node.architecture.clone(), node.architecture.clone()));
        }
        let onchoose = look.change({
            let name = node.node.clone();
            move |edit, chosen: String| edit.set_architecture(&name, Some(chosen))
        });
        html! {
            <li>
                <code>{ &node.node }</code>{ " is linux/" }
                { choice(format!("Architecture of {}", node.node), &choices, &node.architecture, &onchoose) }{ assumed(unsaid) }{ "." }
            </li>
        }
    };
    nodes.iter().map(node).collect()
}

fn one(look: &Look, index: usize, found: &PointsAt) -> Html {
    let Some(edit) = look.whole.edit_scenario() else { return Html::default() };
    let facts = edit.facts(&found.image).cloned().unwrap_or_default();
    let onplatforms = look.change({
        let image = found.image.clone();
        move |edit, typed: String| {
            let platforms = typed.split([',', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
            edit.change_facts(&image, |facts| facts.platforms = platforms);
        }
    });
    let ondigest = look.change({
        let image = found.image.clone();
        move |edit, typed: String| {
            let digest = Some(typed.trim().to_owned()).filter(|digest| !digest.is_empty());
            edit.change_facts(&image, |facts| facts.digest = digest);
        }
    });
    let steps: Rc<[Step]> = found.nodes.iter().map(|node| &node.step).chain(&found.trace).cloned().collect();
    let (sign, state) = state(found);
    let by_digest = found.image.contains('@');
    let summary = html! {
        <span class="pv-name">
            { mark(sign) }<code class="pv-image">{ &found.image }</code><span class="faint">{ state }</span>
        </span>
    };
    let body = html! {
        <>
            <ul class="pv-said" aria-label={format!("What is behind {}", found.image)}>
                <li>
                    { "Its index has " }
                    { text(format!("Platforms of {}", found.image), facts.platforms.join(", "), "any platform", &onplatforms) }
                    { assumed(found.platforms.is_empty()) }
                    <span class="faint">{ ", such as linux/amd64, linux/arm64" }</span>
                </li>
                if !by_digest {
                    <li>
                        { "The tag points at " }
                        { text(format!("Digest of {}", found.image), facts.digest.clone().unwrap_or_default(), "sha256:… (not known)", &ondigest) }
                        { assumed(facts.digest.is_none()) }
                        { for found.with_digest.as_ref().map(|edit| name_it(look, edit)) }
                    </li>
                    { moves(look, &found.image, &facts.moves) }
                }
            </ul>
            { for found.nodes.iter().filter(|node| node.platform.is_none() && !found.platforms.is_empty()).map(|node| html! {
                <p class="pv-result">{ mark(Sign::No) }<span>{ words(&node.step.finding) }</span></p>
            }) }
            { for found.trace.iter().map(|step| html! { <p class="pv-result">{ mark(Sign::from(step.mark)) }<span>{ words(&step.finding) }</span></p> }) }
            if !found.moved.is_empty() {
                { moved(&found.moved) }
            }
            <div><Reasons {steps} /></div>
        </>
    };
    html! { <article class="pv-card" key={index}>{ disclosure("pv-name-fold", Callback::noop(), summary, body) }</article> }
}

/// How the name stands, in a mark and a few words.
fn state(found: &PointsAt) -> (Sign, &'static str) {
    let lacking = found.nodes.iter().any(|node| node.platform.is_none() && !found.platforms.is_empty());
    let differ = found.moved.iter().any(|under| under.step.mark == Mark::No);
    match (lacking, differ) {
        (true, _) => (Sign::No, "has nothing for the platform of a node"),
        (false, true) => (Sign::Warning, "moves: nodes may run different digests"),
        _ if !found.trace.is_empty() => (Sign::Info, "carries an architecture in its name"),
        _ if found.image.contains('@') => (Sign::Yes, "names its digest, so it cannot move"),
        _ if found.platforms.is_empty() => (Sign::Note, "its platforms and its digest are not known"),
        _ => (Sign::Yes, "has an image for each node"),
    }
}

/// The change that ends it: the digest in the text, in place of the tag alone.
fn name_it(look: &Look, edit: &TextEdit) -> Html {
    let Some(input) = look.whole.session.input(edit.span.input) else { return Html::default() };
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let (Some(before), Some(after)) = (input.text.get(..start), input.text.get(end..)) else { return Html::default() };
    let text = format!("{before}{}{after}", edit.text);
    let (bench, kind) = (look.bench.clone(), input.kind);
    let onclick = Callback::from(move |_: MouseEvent| {
        bench.replace(&[(kind, text.clone())], "The image is named by its digest now.");
    });
    let title = format!("Write {} into the manifest", edit.text);
    html! {
        if kind == InputKind::Manifests {
            <>{ " " }<button type="button" class="small" {title} {onclick}>{ "Name the digest" }</button></>
        }
    }
}

/// When the registry points the tag elsewhere.
fn moves(look: &Look, image: &str, known: &[TagMove]) -> Html {
    let set = {
        let image = image.to_owned();
        look.change(move |edit, change: Move| edit.change_facts(&image, |facts| change.apply(facts)))
    };
    let one = |(at, moved): (usize, &TagMove)| {
        html! {
            <li key={at}>
                { "At " }{ seconds(format!("When {image} moves, {}", at + 1), moved.at, &set.reform(move |when| Move::At(at, when))) }
                { " it is made to point at " }
                { text(format!("Digest after move {} of {image}", at + 1), moved.digest.clone(), "sha256:…", &set.reform(move |digest| Move::To(at, digest))) }
                { " " }
                <button type="button" class="quiet small" onclick={set.reform(move |_: MouseEvent| Move::Removed(at))}>
                    { "Take away" }<span class="unseen">{ format!(" move {}", at + 1) }</span>
                </button>
            </li>
        }
    };
    html! {
        <>
            { for known.iter().enumerate().map(one) }
            <li><button type="button" class="small" onclick={set.reform(|_: MouseEvent| Move::Added)}>
                { "Let the tag move" }<span class="unseen">{ format!(": {image}") }</span>
            </button></li>
        </>
    }
}

/// What is changed about a tag's moves.
enum Move {
    Added,
    Removed(usize),
    At(usize, Duration),
    To(usize, String),
}

impl Move {
    fn apply(self, facts: &mut podwhy_core::scenario::ImageFacts) {
        // Digests that nobody can take for real ones, each another.
        let made_up = |letter: char| format!("sha256:{}", letter.to_string().repeat(64));
        match self {
            Self::Added => {
                facts.digest.get_or_insert_with(|| made_up('a'));
                let letter = ['b', 'c', 'd', 'e', 'f'].into_iter().nth(facts.moves.len()).unwrap_or('0');
                let after = facts.moves.last().map(|last| last.at).unwrap_or_default();
                facts.moves.push(TagMove { at: after + Duration::from_secs(60), digest: made_up(letter) });
            }
            Self::Removed(at) if at < facts.moves.len() => drop(facts.moves.remove(at)),
            Self::Removed(_) => {}
            Self::At(at, when) => facts.moves.iter_mut().skip(at).take(1).for_each(|moved| moved.at = when),
            Self::To(at, digest) => {
                facts.moves.iter_mut().skip(at).take(1).for_each(|moved| moved.digest = digest.trim().to_owned())
            }
        }
    }
}

/// Which digest runs where, under each policy.
fn moved(under: &[UnderPolicy]) -> Html {
    let starts = under.first().map(|first| first.starts.as_slice()).unwrap_or_default();
    let mut heads = vec!["Policy".to_owned()];
    heads.extend(starts.iter().map(|start| format!("{}, {}", start.node, short(start.at))));
    heads.push("So".to_owned());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let digest = |digest: &Option<String>| match digest {
        Some(digest) => {
            html! { <code title={digest.clone()}>{ digest.chars().take(13).collect::<String>() }{ if digest.len() > 13 { "…" } else { "" } }</code> }
        }
        None => html! { "not started" },
    };
    let row = |under: &UnderPolicy| {
        let mut cells = vec![html! { <strong>{ under.policy }</strong> }];
        cells.extend(under.starts.iter().map(|start| digest(&start.digest)));
        cells.push(html! { <span class="pv-result">{ mark(Sign::from(under.step.mark)) }<span>{ words(&under.step.finding) }</span></span> });
        cells
    };
    wrapping("Digests under each policy", &heads, under.iter().map(row).collect())
}
