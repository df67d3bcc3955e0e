//! How one container starts: Created, Started, postStart, and the kill that follows a hook that fails.

use super::grace::{Graces, KillReason};
use super::handler::HookFailure;
use super::termination::{Hook, Killing, Process, Stopped, hook_event, kill};
use super::{Event, EventType, Millis, words};
use crate::release::{Cluster, Release};
use crate::rule::lifecycle as rules;
use crate::rule::pulls;
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;

/// What is started, and when. The image is there already.
#[derive(Clone, Debug)]
pub struct Starting<'a> {
    /// What is started, and stopped again if its hook fails.
    pub process: Process<'a>,
    /// The graces that count if the hook fails.
    pub graces: Graces,
    /// The postStart hook.
    pub post_start: Option<&'a Hook>,
    /// When the runtime starts the process.
    pub at: Millis,
}

/// How a container started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Started {
    /// When the postStart hook began and ended; `None` if there is none.
    pub post_start: Option<(Millis, Millis)>,
    /// The waiting reason of a hook that failed, as the release prints it.
    pub error: Option<String>,
    /// The waiting message that goes with it, or `""`.
    pub message: String,
    /// How the container was stopped after its hook failed.
    pub stopped: Option<Stopped>,
    /// When the kubelet goes on with the next container.
    pub returned: Millis,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// The messages of the events Created and Started.
#[must_use]
pub fn start_messages(name: &str, release: Release) -> (String, String) {
    if pulls::CREATED_WITHOUT_NAME.holds_in(release) {
        return ("Container created".to_owned(), "Container started".to_owned());
    }
    let colon = if pulls::CREATED_WITH_COLON.holds_in(release) { ":" } else { "" };
    (format!("Created container{colon} {name}"), format!("Started container {name}"))
}

/// Starts a container: the steps of `startContainer` of kuberuntime_container.go after the image.
#[must_use]
pub fn start(starting: &Starting<'_>, cluster: &Cluster) -> Decision<Started> {
    let name = starting.process.name;
    let (created, began) = start_messages(name, cluster.release);
    let mut events = vec![
        Event::new(starting.at, EventType::Normal, "Created", created, name),
        Event::new(starting.at, EventType::Normal, "Started", began, name),
    ];
    let mut started = Started {
        post_start: None,
        error: None,
        message: String::new(),
        stopped: None,
        returned: starting.at,
        events: Vec::new(),
    };
    let mut trace = Vec::new();
    if let Some(hook) = starting.post_start {
        let ended = starting.at.saturating_add(hook.takes);
        started.post_start = Some((starting.at, ended));
        started.returned = ended;
        let finding = format!(
            "The postStart hook of `{name}` begins when the container has started and takes {}; the kubelet starts nothing else of the pod meanwhile.",
            words(hook.takes)
        );
        trace.push(Step::new(&rules::POST_START_BLOCKS, Mark::Note, finding));
        if let Some(failure) = &hook.failure {
            let text = hook_event(failure, "PostStartHook failed", cluster);
            events.push(Event::new(ended, EventType::Warning, "FailedPostStartHook", text, name));
            let finding = format!("The postStart hook of `{name}` fails, so the container is killed.");
            trace.push(Step::new(&rules::POST_START_FAILURE_KILLS, Mark::No, finding));
            let killed = kill_after_hook(starting, ended, cluster);
            trace.extend(killed.trace);
            events.extend(killed.outcome.events.iter().cloned());
            started.returned = killed.outcome.ended;
            started.stopped = Some(killed.outcome);
            started.error = Some(waiting_reason(failure, cluster));
            failure.message.clone_into(&mut started.message);
        }
    }
    started.events = events;
    Decision { outcome: started, trace }
}

fn kill_after_hook(starting: &Starting<'_>, at: Millis, cluster: &Cluster) -> Decision<Stopped> {
    let reason = KillReason::FailedPostStartHook;
    let Starting { process, graces, .. } = *starting;
    let message = reason.message("Container", process.name, true);
    kill(&Killing { process, graces, reason, message, at }, cluster)
}

/// The waiting reason after a failed hook: once with the error behind it, later the bare word.
fn waiting_reason(failure: &HookFailure, cluster: &Cluster) -> String {
    if rules::POST_START_REASON_BARE.holds_in(cluster.release) {
        "PostStartHookError".to_owned()
    } else {
        format!("PostStartHookError: {}", failure.error)
    }
}
