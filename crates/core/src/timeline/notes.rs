//! Where the documentation says something else than what the picture shows.

use super::cast::{ActedHook, Cast};
use super::start::Begun;
use super::stop::{Finished, band};
use crate::lifecycle::handler::Run;
use crate::lifecycle::termination::PreStop;
use crate::rule::DocNote;
use crate::rule::lifecycle as rules;
use crate::scenario::life::{Cause, HookLife};

pub(super) fn notes(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<&'static DocNote> {
    let hooks = || cast.actors.iter().flat_map(|actor| actor.post_start.iter().chain(&actor.pre_stop));
    let started = || begun.runs.iter().flatten().filter_map(|attempt| attempt.started.post_start);
    let stops = || finished.stops.iter().flatten();
    let fails = |hook: &Option<ActedHook>| hook.as_ref().is_some_and(|acted| acted.hook.failure.is_some());
    let said =
        |is: fn(&HookLife) -> bool| cast.life.containers.iter().any(|life| is(&life.post_start) || is(&life.pre_stop));
    let failed_start = begun.runs.iter().flatten().any(|attempt| attempt.started.error.is_some());
    let sends = |acted: &ActedHook| matches!(acted.run, Run::HttpGet { .. });
    let grace = cast.graces.pod.unwrap_or_default();
    let applies = [
        (started().next().is_some(), &rules::POST_START_AFTER_STARTED),
        (started().any(|(began, ended)| ended > began), &rules::POST_START_HOLDS_THE_POD),
        (
            cast.life.end == Some(Cause::Exit) && cast.actors.iter().any(|actor| actor.pre_stop.is_some()),
            &rules::PRE_STOP_OF_ENDED_CONTAINER,
        ),
        (cast.actors.iter().any(|actor| fails(&actor.pre_stop)), &rules::PRE_STOP_FAILURE_KILLS_NOTHING),
        (
            stops().any(|stop| matches!(stop.pre_stop, PreStop::Abandoned { .. })),
            &rules::TERM_MAY_COME_BEFORE_THE_HOOK_ENDS,
        ),
        (stops().any(|stop| matches!(stop.pre_stop, PreStop::Abandoned { .. })), &rules::TERMINATING_IS_NO_PHASE),
        (hooks().any(|acted| acted.run == Run::Sleep { seconds: grace }), &rules::SLEEP_MAY_EQUAL_THE_GRACE),
        (finished.unverified || stops().any(|stop| stop.ended > band(stop).end), &rules::LONGER_THAN_THE_GRACE),
        (hooks().any(|acted| acted.run == Run::None), &rules::TCP_IS_NEVER_RUN),
        (failed_start, &rules::HOOK_OUTPUT_NOT_IN_EVENT),
        (failed_start, &rules::SAMPLE_EVENTS_ARE_OLD),
        (failed_start, &rules::SAMPLE_EVENTS_ORDER),
        (hooks().any(sends) && said(|hook| hook.status.is_some()), &rules::HTTP_STATUS_IS_NOT_CHECKED),
    ];
    applies.into_iter().filter_map(|(applies, note)| applies.then_some(note)).collect()
}
