//! Start, hooks and termination over time.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_core::lifecycle::handler::Run;
use podwhy_core::lifecycle::{Millis, words};
use podwhy_core::timeline::{HookReport, Lane, LaneKind, MomentKind, Timeline, to_duration};

/// How the pod starts, what its hooks do, and how it ends.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(played) = whole.lifecycle(pod) else { return };
    out.heading("Start and stop");
    let name = whole.report.pods.get(pod).map_or("", |pod| &pod.name);
    out.simulated(name, played.held.as_ref(), &played.simulated, (to_duration(played.end), played.release));
    if !played.fix.is_empty() {
        out.line(6, &format!("To fix it: {}", played.fix));
    }
    for problem in &played.diagnostics {
        let place = out.place(problem.span);
        out.line(4, &format!("{}{place}", problem.message));
    }
    for sentence in played.sentences.iter().filter(|sentence| sentence.text != played.simulated.text) {
        let about = sentence.container.as_ref().map_or(String::new(), |name| format!("{name}: "));
        out.line(4, &format!("{about}{}", sentence.text));
    }
    for lane in &played.lanes {
        timeline(&played, lane, out);
    }
    for report in &played.hooks {
        hook(report, out);
    }
    out.line(4, "kubectl get pods");
    for state in &played.states {
        let shown = match &state.shown {
            Some(shown) => format!("{} {} {} (phase {})", shown.ready, shown.status, shown.restarts, shown.phase),
            None => "the pod is gone".to_owned(),
        };
        out.line(6, &format!("from {}: {shown}", words(state.at)));
    }
    out.line(4, &format!("kubectl describe pod, at {}", words(played.end)));
    out.line(6, &played.describe_events_at(played.end));
    let held_back = played.held_back_at(played.end);
    if !held_back.is_empty() {
        out.line(4, "Events that the kubelet holds back, because it sends only so many about one pod");
        for event in held_back {
            out.line(6, &format!("{} at {}: {} {}", event.kind, event.at, event.reason, event.message));
        }
    }
    out.line(4, "Why");
    out.steps(6, &played.trace);
    out.assumptions(4, &played.assumptions);
    for note in &played.notes {
        out.line(4, &format!("The documentation ({}) says: {}", note.editions, note.claim));
        out.line(6, &format!("In fact: {}", note.truth));
    }
}

fn timeline(played: &Timeline, lane: &Lane, out: &mut Page) {
    let place = out.place(lane.span);
    let name = if lane.kind == LaneKind::Sandbox { "" } else { lane.name.as_str() };
    out.line(4, &format!("{} {name}{place}", lane.kind.words()));
    let after = |at: Millis| match played.ends_at.filter(|ends_at| at >= *ends_at) {
        Some(ends_at) => format!("{} ({} after the end began)", words(at), words(at - ends_at)),
        None => words(at),
    };
    for segment in &lane.segments {
        out.line(6, &format!("{} to {}: {}", words(segment.start), after(segment.end), segment.what.words()));
    }
    let own = |container: &Option<String>| container.as_deref() == Some(lane.name.as_str());
    for moment in played.moments.iter().filter(|moment| own(&moment.container)) {
        let word = match moment.kind {
            MomentKind::Ready => "ready for traffic",
            MomentKind::Term => "gets its stop signal",
            MomentKind::Kill => "is killed",
            MomentKind::Exit => "ends by itself",
            MomentKind::Sandbox | MomentKind::End | MomentKind::KubeletRestart | MomentKind::Gone => continue,
        };
        out.line(6, &format!("at {}: {word}", after(moment.at)));
    }
}

fn hook(report: &HookReport, out: &mut Page) {
    let place = out.place(Some(report.span));
    out.line(4, &format!("{} of {}{place}", report.hook.field(), report.container));
    let does = match &report.run {
        run @ Run::Exec { .. } => format!("runs {:?} in the container", run.words()),
        run @ Run::HttpGet { method, url, host_header, retried_without_tls, .. } => {
            let headers: String = run.header_lines().iter().map(|line| format!("; {line}")).collect();
            let again = if *retried_without_tls { ", then once more without TLS" } else { "" };
            format!("sends {method} {url}{again}; Host: {host_header}{headers}")
        }
        Run::Sleep { seconds } => format!("the kubelet waits {seconds} s"),
        Run::None => "nothing is run".to_owned(),
    };
    let times: Vec<String> = report.delivered.iter().map(|at| words(*at)).collect();
    let delivered =
        if times.is_empty() { "not delivered".to_owned() } else { format!("delivered at {}", times.join(", ")) };
    out.line(6, &format!("{does}; takes {}; {delivered}", words(report.takes)));
    if let Some(failure) = &report.failure {
        out.line(6, &format!("fails: {}", failure.error));
    }
    out.steps(6, &report.trace);
}
