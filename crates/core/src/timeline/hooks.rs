//! What the kubelet really does for each hook.

use super::cast::{ActedHook, Cast};
use super::start::Begun;
use super::stop::Finished;
use crate::lifecycle::Millis;
use crate::lifecycle::handler::{HookFailure, Run};
use crate::lifecycle::termination::{PreStop, Stopped};
use crate::trace::Step;
use podwhy_source::Span;
use serde::Serialize;

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HookKind {
    /// After the start.
    PostStart,
    /// Before the stop.
    PreStop,
}

impl HookKind {
    /// Its field in the manifest.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::PostStart => "postStart",
            Self::PreStop => "preStop",
        }
    }
}

/// One hook of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HookReport {
    /// The container.
    pub container: String,
    /// When it runs.
    pub hook: HookKind,
    /// Where it stands.
    pub span: Span,
    /// What the kubelet does.
    pub run: Run,
    /// Why it fails, if it does.
    pub failure: Option<HookFailure>,
    /// How long it takes when nobody gives it up.
    pub takes: Millis,
    /// When it is delivered: more than once if the container starts again or the kubelet restarts.
    pub delivered: Vec<Millis>,
    /// Why, in order.
    pub trace: Vec<Step>,
}

pub(super) fn reports(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<HookReport> {
    let mut reports = Vec::new();
    for (index, actor) in cast.actors.iter().enumerate() {
        let runs = begun.runs.get(index).map(Vec::as_slice).unwrap_or_default();
        let again = finished.alone.as_ref().filter(|alone| alone.index == index).and_then(|alone| alone.again.as_ref());
        let starts = || runs.iter().map(|attempt| &attempt.started).chain(again.map(|again| &again.started));
        let stops = finished.stops.get(index).map(Vec::as_slice).unwrap_or_default();
        let stops = || starts().filter_map(|started| started.stopped.as_ref()).chain(stops);
        let mut add = |hook, acted: &Option<ActedHook>, delivered: Vec<Millis>| {
            let Some(acted) = acted else { return };
            reports.push(HookReport {
                container: actor.name.to_owned(),
                hook,
                span: acted.span,
                run: acted.run.clone(),
                failure: acted.hook.failure.clone(),
                takes: acted.hook.takes,
                delivered,
                trace: acted.trace.clone(),
            });
        };
        let began = starts().filter_map(|started| Some(started.post_start?.0)).collect();
        add(HookKind::PostStart, &actor.post_start, began);
        add(HookKind::PreStop, &actor.pre_stop, stops().filter_map(delivered).collect());
    }
    reports
}

fn delivered(stop: &Stopped) -> Option<Millis> {
    match stop.pre_stop {
        PreStop::Absent | PreStop::NotRun => None,
        PreStop::Ended { started, .. } | PreStop::Abandoned { started, .. } => Some(started),
    }
}
