//! The node's side: decisions, attempts, back-off, queue, STATUS and events over time.

use super::Page;
use super::images::source_words;
use podwhy_core::evaluate::Whole;
use podwhy_core::simulation::outcome::{ContainerTimeline, PullReport, QueueInterval, Round, TimedAttempt};

/// What happens to the pod's images on its node.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(pulls) = whole.pulls(pod) else { return };
    out.heading(&format!("Pulls on {} in the first {}", pulls.node, pulls.until));
    out.simulated(&pulls.name, pulls.held.as_ref(), &pulls.simulated, (pulls.until, pulls.release));
    if let Some(node) = &whole.report.node {
        out.steps(4, &node.kubelet.trace);
        for refusal in &node.kubelet.refuses {
            let place = out.place(refusal.span);
            out.line(4, &format!("The kubelet does not start: {}{place}", refusal.message));
        }
    }
    for container in &pulls.containers {
        timeline(container, out);
    }
    out.line(4, "The node's pulls, in the order of asking");
    for pull in &pulls.queue {
        out.line(6, &queued(pull));
    }
    status(&pulls, out);
    out.line(4, &format!("kubectl describe pod, at {}", pulls.until));
    out.line(6, &pulls.describe_events_at(pulls.until));
    out.assumptions(4, &pulls.assumptions);
}

fn timeline(container: &ContainerTimeline, out: &mut Page) {
    out.line(4, &format!("{} {} ({})", container.user.words(), container.name, container.image));
    let mut rounds = container.rounds.iter().enumerate().peekable();
    while let Some((number, round)) = rounds.next() {
        // The kubelet looks many times during a back-off and finds the same each time.
        let mut last = round.at;
        while let Some((_, again)) = rounds.next_if(|(_, next)| looks_again(round, next)) {
            last = again.at;
        }
        let until = if last == round.at { String::new() } else { format!(" (the same up to {last})") };
        out.line(6, &format!("{}{until}", outcome(round)));
        for attempt in &round.attempts {
            out.line(8, &attempted(attempt));
        }
        // The reasons of later rounds repeat those of the first.
        if number == 0 {
            out.steps(8, &round.trace);
            out.changes(8, &round.changes);
        }
    }
}

/// Whether the kubelet finds at `next` what it found before, without a pull.
fn looks_again(round: &Round, next: &Round) -> bool {
    let found = |round: &Round| (round.reason, round.message.clone(), round.ok, round.pulling_since.is_none());
    found(round) == found(next) && next.pulling_since.is_none()
}

/// A round in one line.
fn outcome(round: &Round) -> String {
    let when = match round.pulling_since {
        None => format!("at {}", round.at),
        Some(since) if since == round.at => format!("at {}, pulling until {}", round.at, round.ended_at),
        Some(since) => format!("at {}, waiting until {since}, pulling until {}", round.at, round.ended_at),
    };
    match (round.reason, round.ok) {
        (Some(reason), _) => format!("{when}: waits with {reason}: {}", round.message),
        (None, true) => format!("{when}: the image is there"),
        (None, false) => format!("{when}: {}", round.message),
    }
}

fn attempted(attempt: &TimedAttempt) -> String {
    let who = match (&attempt.user, &attempt.source) {
        (Some(user), Some(source)) => format!("user {user} of {}", source_words(source)),
        (Some(user), None) => format!("user {user}"),
        (None, _) => "without credentials".to_owned(),
    };
    let result = attempt.result.as_ref().map_or_else(|error| error.as_str(), |()| "the image");
    format!("{} to {}, {who}: {result}", attempt.started_at, attempt.ended_at)
}

fn queued(pull: &QueueInterval) -> String {
    let times = match (pull.started_at, pull.ended_at) {
        (Some(started), Some(ended)) if started == pull.asked_at => format!("pulls from {started} to {ended}"),
        (Some(started), Some(ended)) => format!("waits from {}, pulls from {started} to {ended}", pull.asked_at),
        _ => format!("waits from {}", pull.asked_at),
    };
    let failed = if pull.ok || pull.ended_at.is_none() { "" } else { ", and fails" };
    format!("{} ({}): {times}{failed}", pull.title, pull.image)
}

fn status(pulls: &PullReport, out: &mut Page) {
    out.line(4, "kubectl get pods");
    let mut told = Vec::new();
    for moment in &pulls.moments {
        let restarts = if moment.restarts == "0" { String::new() } else { format!(", restarts {}", moment.restarts) };
        out.line(6, &format!("from {}: {} {}{restarts}", moment.at, moment.ready, moment.status));
        for waiting in &moment.waiting {
            if !told.contains(&waiting) {
                out.line(8, &format!("{}: {}: {}", waiting.container, waiting.reason, waiting.message));
                told.push(waiting);
            }
        }
    }
}
