//! The picture: one lane per container, the grace as a band, hooks, signals, and the times that can be dragged.

use super::draft::Draft;
use super::handle::{Handle, px};
use super::scale::{Reach, Scale};
use crate::prelude::*;
use podwhy_core::lifecycle::{Millis, words};
use podwhy_core::timeline::{KnobKind, Lane, LaneKind, Moment, MomentKind, Segment, Timeline, What};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MouseEvent, ResizeObserver};

/// From this width on the lanes' names stand beside them, in pixels.
const NAMES_BESIDE: f64 = 560.0;
/// The room for the names.
const NAMES: f64 = 128.0;
/// The ruler's height.
const RULER: f64 = 34.0;
/// The height of a lane's row of words, and of a bar's row.
const WORDS: f64 = 14.0;
const BAR_ROW: f64 = 24.0;
const BAR: f64 = 14.0;
const HOOK: f64 = 10.0;
/// A letter's width in the picture's small type.
const LETTER: f64 = 6.2;

#[derive(PartialEq, Properties)]
pub struct PictureProps {
    pub played: Rc<Timeline>,
    pub draft: Draft,
    pub reach: Reach,
    /// The chosen moment.
    pub at: Millis,
    pub onat: Callback<Millis>,
    /// It is looked at only.
    #[prop_or_default]
    pub still: bool,
}

/// One lane with its place.
struct Row<'a> {
    lane: &'a Lane,
    top: f64,
    hooks: bool,
}

impl Row<'_> {
    /// The middle of the process' bar.
    fn bar(&self, names_above: f64) -> f64 {
        self.top + names_above + WORDS + BAR_ROW / 2.0
    }

    /// The middle of the hooks' bar.
    fn hook(&self, names_above: f64) -> f64 {
        self.bar(names_above) + BAR_ROW - 2.0
    }
}

#[component]
pub fn Picture(props: &PictureProps) -> Html {
    let frame = use_node_ref();
    let width = use_state_eq(|| 760.0);
    use_effect_with((), {
        let (frame, width) = (frame.clone(), width.setter());
        move |()| observe(&frame, move |now| width.set(now))
    });
    let beside = *width >= NAMES_BESIDE;
    let left = if beside { NAMES } else { 10.0 };
    let scale = Scale { reach: props.reach, left, width: (*width - left - 16.0).max(80.0) };
    let above = if beside { 0.0 } else { 14.0 };
    let rows = rows(&props.played, above);
    let bottom = rows.last().map_or(RULER, |row| row.top + height(row.hooks, above)) + 6.0;
    let onclick = {
        let (onat, frame) = (props.onat.clone(), frame.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(element) = frame.cast::<Element>() else { return };
            let x = f64::from(event.client_x()) - element.get_bounding_client_rect().left();
            if x >= scale.left {
                onat.emit(scale.at(x));
            }
        })
    };
    let (w, h) = (px(*width), px(bottom));
    let sentence = format!("{} {}", props.played.verdict.text, props.played.fix).replace('`', "");
    let id = if props.still { "life-still" } else { "life-main" };
    html! {
        <figure class="life-figure" ref={frame}>
            <svg role="img" aria-label={sentence} width={w.clone()} height={h.clone()} viewBox={format!("0 0 {w} {h}")} {onclick}>
                { patterns(id) }
                { ruler(&scale, bottom) }
                { band(&props.played, &scale, bottom) }
                { for rows.iter().map(|row| lane(&props.played, row, &scale, (above, beside, id))) }
                { vertical(&props.played, &scale, bottom) }
                { cursor(&scale, props.at, bottom) }
            </svg>
            if !props.still {
                <svg class="life-handles" role="group" aria-label="Times that can be dragged" width={w.clone()} height={h.clone()}
                    viewBox={format!("0 0 {w} {h}")}>
                    { for rows.iter().flat_map(|row| handles(row, &scale, above, &props.draft)) }
                </svg>
            }
        </figure>
    }
}

/// Calls back with the element's width, now and whenever it changes.
fn observe<F: Fn(f64) + 'static>(frame: &NodeRef, tell: F) -> impl FnOnce() + use<F> {
    let element = frame.cast::<HtmlElement>();
    let measured = element.clone();
    let closure = Closure::<dyn FnMut()>::new(move || {
        if let Some(element) = &measured {
            // A hidden view has no width; the last one stays.
            let width = f64::from(element.client_width());
            if width > 0.0 {
                tell(width);
            }
        }
    });
    let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(element)) = (&observer, &element) {
        observer.observe(element);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(closure);
    }
}

fn rows(played: &Timeline, above: f64) -> Vec<Row<'_>> {
    let mut top = RULER + 4.0;
    let row = |lane| {
        let hooks = has_hooks(lane);
        let row = Row { lane, top, hooks };
        top += height(hooks, above);
        row
    };
    played.lanes.iter().map(row).collect()
}

fn has_hooks(lane: &Lane) -> bool {
    lane.knobs.iter().any(|knob| matches!(knob.kind, KnobKind::PostStart | KnobKind::PreStop))
}

fn height(hooks: bool, above: f64) -> f64 {
    above + WORDS + BAR_ROW + if hooks { BAR_ROW - 2.0 } else { 0.0 }
}

/// Fills that are told apart without colours.
fn patterns(id: &str) -> Html {
    let hatch = |name: &str, path: &'static str| {
        html! {
            <pattern id={format!("{id}-{name}")} width="6" height="6" patternUnits="userSpaceOnUse">
                <path class="life-hatch" d={path} />
            </pattern>
        }
    };
    html! {
        <defs>
            { hatch("rising", "M-1 7 7 -1M-1 1 1 -1M5 7 7 5") }
            { hatch("falling", "M-1 -1 7 7M5 -1 7 1M-1 5 1 7") }
            { hatch("dots", "M3 3h.01") }
        </defs>
    }
}

fn ruler(scale: &Scale, bottom: f64) -> Html {
    let tick = |(at, words): (Millis, String)| {
        let x = scale.x(at);
        html! {
            <>
                <line class="life-grid" x1={px(x)} x2={px(x)} y1={px(RULER - 6.0)} y2={px(bottom)} />
                <text class="life-tick" x={px(x)} y={px(RULER - 9.0)} text-anchor="middle">{ words }</text>
            </>
        }
    };
    html! { <g>{ for scale.ticks(58.0).into_iter().map(tick) }</g> }
}

/// The grace of the whole pod.
fn band(played: &Timeline, scale: &Scale, bottom: f64) -> Html {
    let Some(grace) = played.grace.filter(|grace| scale.shows(grace.start) || scale.shows(grace.end)) else {
        return Html::default();
    };
    let (from, to) = (scale.x(grace.start), scale.x(grace.end));
    let label = format!("grace {}", words(grace.end.saturating_sub(grace.start)));
    let fits = to - from > label.len() as f64 * LETTER + 8.0;
    html! {
        <g class="life-grace">
            <rect x={px(from)} y={px(RULER)} width={px(to - from)} height={px(bottom - RULER)} />
            if scale.shows(grace.end) {
                <line x1={px(to)} x2={px(to)} y1={px(RULER - 4.0)} y2={px(bottom)} />
            }
            if fits {
                <text x={px((from + to) / 2.0)} y="10" text-anchor="middle">{ label }</text>
            }
        </g>
    }
}

/// The end, and a restart of the kubelet: lines through all lanes.
fn vertical(played: &Timeline, scale: &Scale, bottom: f64) -> Html {
    let line = |moment: &Moment| {
        let (class, label) = match moment.kind {
            MomentKind::End => ("life-end", "the end begins"),
            MomentKind::KubeletRestart => ("life-restart", "kubelet restarts"),
            _ => return None,
        };
        let x = scale.x(moment.at);
        let room = x - scale.left > label.len() as f64 * LETTER;
        let (anchor, dx) = if room && moment.kind == MomentKind::End { ("end", -4.0) } else { ("start", 4.0) };
        scale.shows(moment.at).then(|| {
            html! {
                <g class={class}>
                    <line x1={px(x)} x2={px(x)} y1="2" y2={px(bottom)} />
                    <text x={px(x + dx)} y="10" text-anchor={anchor}>{ label }</text>
                </g>
            }
        })
    };
    html! { <g>{ for played.moments.iter().filter_map(line) }</g> }
}

fn cursor(scale: &Scale, at: Millis, bottom: f64) -> Html {
    if !scale.shows(at) {
        return Html::default();
    }
    let x = scale.x(at);
    html! {
        <g class="life-cursor-line">
            <line x1={px(x)} x2={px(x)} y1={px(RULER - 4.0)} y2={px(bottom)} />
            <path d={format!("M{} {}h8l-4 5z", px(x - 4.0), px(RULER - 8.0))} />
        </g>
    }
}

fn lane(played: &Timeline, row: &Row<'_>, scale: &Scale, (above, beside, id): (f64, bool, &str)) -> Html {
    let lane = row.lane;
    let kind = if lane.kind == LaneKind::Sandbox { "" } else { lane.kind.words() };
    let room = if beside { NAMES - 12.0 } else { scale.width * 0.7 };
    let fits = (room / (LETTER + 0.8)) as usize;
    let name: String = if lane.name.chars().count() > fits {
        lane.name.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
    } else {
        lane.name.clone()
    };
    let own = |moment: &&Moment| moment.container.as_deref() == Some(lane.name.as_str());
    let y = row.bar(above);
    let names = if beside {
        html! {
            <>
                <text class="life-name" x="0" y={px(y - 1.0)}>{ name }</text>
                <text class="life-kind" x="0" y={px(y + 11.0)}>{ kind }</text>
            </>
        }
    } else {
        html! { <text class="life-name" x={px(scale.left)} y={px(row.top + 12.0)}>{ name }<tspan class="life-kind" dx="6">{ kind }</tspan></text> }
    };
    html! {
        <g>
            <line class="life-rule" x1="0" x2={px(scale.left + scale.width)} y1={px(row.top)} y2={px(row.top)} />
            { names }
            { for lane.segments.iter().map(|segment| segment_of(segment, scale, (y, row.hook(above)), id)) }
            { for played.moments.iter().filter(own).map(|moment| {
                mark_of(moment, scale, y, (played, &lane.signal, crowded(moment, played.moments.iter().filter(own), scale)))
            }) }
        </g>
    }
}

/// How a stretch is drawn: its class, its height, whether it lies in the hooks' row, and the words on it.
fn form(what: What) -> Option<(&'static str, f64, bool, &'static str)> {
    Some(match what {
        What::Waiting => ("waits", 2.0, false, ""),
        What::Pulling => ("pulls", BAR, false, "pull"),
        What::Creating => ("creates", 6.0, false, ""),
        What::Up => ("up", 6.0, false, ""),
        What::Starting => ("starts", BAR, false, "start"),
        What::Initializing => ("works", BAR, false, "runs"),
        What::Unreported => ("unreported", BAR, false, ""),
        What::Ready => ("ready", BAR, false, ""),
        What::PostStart => ("hook", HOOK, true, "postStart"),
        What::PreStop => ("hook", HOOK, true, "preStop"),
        What::PreStopBeyond => ("hook-beyond", HOOK, true, "given up"),
        What::AwaitingTurn => ("awaits", BAR, false, "waits for the others"),
        What::Stopping => ("stops", BAR, false, "ends"),
        What::StoppingBeyond => ("stops-beyond", BAR, false, "needs"),
        What::BackOff => ("back-off", 6.0, false, ""),
        What::Ended => return None,
    })
}

fn segment_of(segment: &Segment, scale: &Scale, (bar, hook): (f64, f64), id: &str) -> Html {
    let Some((class, height, of_hook, label)) = form(segment.what) else { return Html::default() };
    if segment.end < scale.reach.from || segment.start > scale.reach.to {
        return Html::default();
    }
    let (from, to) = (scale.x(segment.start), scale.x(segment.end));
    let length = (to - from).max(1.0);
    let y = if of_hook { hook } else { bar };
    let spoken = words(segment.end.saturating_sub(segment.start));
    let label = if label.is_empty() { String::new() } else { format!("{label} {spoken}") };
    let fits = !label.is_empty() && label.chars().count() as f64 * LETTER + 6.0 < length;
    let pattern = match segment.what {
        What::Pulling => Some("rising"),
        What::AwaitingTurn => Some("dots"),
        What::Stopping => Some("falling"),
        _ => None,
    };
    let bars = |class: &str, y: f64, height: f64| {
        html! {
            <rect class={format!("life-bar {class}")} x={px(from)} y={px(y - height / 2.0)} width={px(length)} height={px(height)} rx="2" />
        }
    };
    html! {
        <>
            // The process goes on while its preStop hook runs.
            if segment.what == What::PreStop {
                { bars("drains", bar, BAR) }
            }
            { bars(class, y, height) }
            if let Some(pattern) = pattern {
                <rect x={px(from)} y={px(y - height / 2.0)} width={px(length)} height={px(height)} fill={format!("url(#{id}-{pattern})")} />
            }
            if fits {
                <text class={format!("life-words {class}")} x={px(from + 4.0)} y={px(y + 3.5)}>{ label }</text>
            }
        </>
    }
}

/// Whether the word of a moment at which a container is ready would lie under that of a signal.
fn crowded<'m>(moment: &Moment, mut others: impl Iterator<Item = &'m Moment>, scale: &Scale) -> bool {
    let ends = scale.x(moment.at) + 10.0 + 5.0 * LETTER;
    let signal = |other: &Moment| matches!(other.kind, MomentKind::Term | MomentKind::Kill) && other.at >= moment.at;
    moment.kind == MomentKind::Ready && others.any(|other| signal(other) && scale.x(other.at) - 5.0 * LETTER < ends)
}

/// A moment of a container: a shape on its bar, and a word above it.
fn mark_of(moment: &Moment, scale: &Scale, y: f64, (played, signal, crowded): (&Timeline, &str, bool)) -> Html {
    if !scale.shows(moment.at) {
        return Html::default();
    }
    let x = scale.x(moment.at);
    let top = y - BAR / 2.0 - 3.0;
    let ending = played.ends_at.is_some_and(|ends_at| moment.at >= ends_at);
    let (class, word, path, anchor) = match moment.kind {
        MomentKind::Ready => ("is-ready", "ready", format!("M{} {}v10l7-5z", px(x), px(top - 8.0)), "start"),
        MomentKind::Term => {
            ("is-term", signal.strip_prefix("SIG").unwrap_or(signal), format!("M{} {}v20", px(x), px(top - 1.0)), "end")
        }
        MomentKind::Kill => ("is-kill", "KILL", format!("M{} {}l8 8m0-8l-8 8", px(x - 4.0), px(y - 4.0)), "start"),
        MomentKind::Exit => ("is-exit", "", format!("M{} {}a3 3 0 1 0 .1 0z", px(x), px(y - 3.0)), "start"),
        MomentKind::Sandbox | MomentKind::End | MomentKind::KubeletRestart | MomentKind::Gone => {
            return Html::default();
        }
    };
    let dx = match moment.kind {
        MomentKind::Ready => 10.0,
        MomentKind::Term => -2.0,
        _ => 2.0,
    };
    // TERM at the very beginning of the end would lie on what stood before: its word goes to the right then.
    let at_zero = moment.kind == MomentKind::Term && played.ends_at == Some(moment.at);
    let (anchor, dx) = if at_zero { ("start", 3.0) } else { (anchor, dx) };
    let when = if ending && moment.kind == MomentKind::Kill {
        format!("{word} at {}", words(moment.at.saturating_sub(played.ends_at.unwrap_or_default())))
    } else {
        word.to_owned()
    };
    html! {
        <g class={format!("life-moment {class}")}>
            <path d={path} />
            if !word.is_empty() && !crowded {
                <text x={px(x + dx)} y={px(top - 1.0)} text-anchor={anchor}>{ when }</text>
            }
        </g>
    }
}

/// The ends that can be dragged; the lowest layer first, so that hooks lie above.
fn handles(row: &Row<'_>, scale: &Scale, above: f64, draft: &Draft) -> Vec<Html> {
    let free = row.lane.knobs.iter().filter(|knob| knob.written.is_none() && knob.from.is_some());
    let handle = |knob: &podwhy_core::timeline::Knob| {
        let of_hook = matches!(knob.kind, KnobKind::PostStart | KnobKind::PreStop);
        let y = if of_hook { row.hook(above) } else { row.bar(above) };
        let key = format!("{} {:?}", row.lane.name, knob.kind);
        html! {
            <Handle {key} container={AttrValue::from(row.lane.name.clone())} knob={knob.clone()} draft={draft.clone()} scale={*scale} {y} />
        }
    };
    free.map(handle).collect()
}

/// What the fills and shapes mean: those that the picture has.
pub fn legend(played: &Timeline) -> Html {
    let has = |what: What| played.lanes.iter().flat_map(|lane| &lane.segments).any(|segment| segment.what == what);
    let entries = [
        (What::Pulling, "pulls", "image is pulled"),
        (What::Starting, "starts", "starts"),
        (What::Initializing, "works", "init container works"),
        (What::Unreported, "unreported", "works, but the sync that starts the others is not over"),
        (What::Ready, "ready", "ready"),
        (What::PreStop, "drains", "runs on, while preStop runs"),
        (What::AwaitingTurn, "awaits", "sidecar waits"),
        (What::Stopping, "stops", "ends after TERM"),
        (What::StoppingBeyond, "stops-beyond", "would still need"),
        (What::BackOff, "back-off", "back-off"),
    ];
    let hooks = has(What::PreStop) || has(What::PostStart);
    let entry = |class: &str, words: &str| {
        html! {
            <li>
                <svg width="22" height="12" aria-hidden="true" focusable="false">
                    <rect class={format!("life-bar {class}")} x="1" y="1" width="20" height="10" rx="2" />
                </svg>
                { words }
            </li>
        }
    };
    html! {
        <ul class="life-legend" aria-label="What the picture's forms mean">
            { for entries.into_iter().filter(|(what, ..)| has(*what)).map(|(_, class, words)| entry(class, words)) }
            if hooks { { entry("hook", "hook") } }
            if played.grace.is_some() { { entry("grace", "grace period") } }
            <li><svg width="10" height="16" aria-hidden="true" focusable="false"><rect class="life-grip" x="1.5" y="0.5" width="7" height="15" rx="3" /></svg>{ "drag, or focus and use the arrow keys" }</li>
        </ul>
    }
}
