//! From `runtimeClassName` to the node: admission, what it merges, sums, nodes, handlers, and the pod as it is stored.

use super::Page;
use crate::topics::written;
use podwhy_core::admission::tolerations::{Fate as TolerationFate, Side};
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::placement::{ClassState, HandlerAnswer, Placement};
use podwhy_core::runtime::handlers::Choice;
use podwhy_core::scheduling::filter::Fit;
use serde_json::Value;

/// Where the pod goes and why.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(placement) = whole.placement(pod) else { return };
    out.heading("RuntimeClass and nodes");
    out.verdict(4, &placement.verdict);
    for advice in &placement.advice {
        let place = out.place(advice.at);
        out.line(4, &format!("> {}{place}", advice.text));
        for line in advice.change.lines() {
            out.line(6, line);
        }
        if !advice.caution.is_empty() {
            out.line(6, advice.caution);
        }
        for command in &advice.commands {
            out.line(6, &format!("$ {command}"));
        }
    }
    out.line(4, "Admission by RuntimeClass");
    out.steps(6, &placement.admission);
    if let Some(refusal) = &placement.refused {
        out.line(6, &format!("Refused by {}: {}", refusal.stage, refusal.message));
        for other in &refusal.others {
            out.line(8, &format!("or: {other}"));
        }
    }
    if let Some(as_if) = &placement.as_if {
        out.line(4, as_if);
    }
    merged(&placement, out);
    sums(&placement, out);
    if let Some(bound) = &placement.bound {
        out.line(4, &format!("Node {}", bound.node));
        out.steps(6, &bound.steps);
    }
    if let Some(fit) = &placement.fit {
        nodes(fit, out);
    }
    for answer in &placement.handlers {
        handler(answer, out);
    }
    for snippet in &placement.snippets {
        out.line(4, &format!("To add to {} of {}", snippet.file, snippet.runtime));
        out.line(6, &snippet.text);
    }
    if !placement.events.is_empty() {
        out.line(4, "Events");
    }
    for event in &placement.events {
        out.line(6, &format!("{} {} {}: {}", event.kind, event.reason, event.from, event.message));
    }
    for note in &placement.notes {
        out.line(4, &format!("The documentation ({}) says: {}", note.editions, note.claim));
        out.line(6, &format!("In fact: {}", note.truth));
    }
    out.assumptions(4, &placement.assumptions);
}

/// The same for programs.
pub fn value(whole: &Whole, pod: usize) -> Value {
    written(whole.placement(pod))
}

/// The classes, with the nodes that have them.
pub fn classes(whole: &Whole, out: &mut Page) {
    let placements = whole.placements();
    for class in &placements.classes {
        out.line(0, "");
        let state = match class.state {
            ClassState::Exists => "",
            ClassState::Refused => ", which the API server refuses",
            ClassState::Replaced => ", which a later one replaces",
        };
        let place = out.place(Some(class.span));
        out.line(0, &format!("RuntimeClass {} with the handler {}{state}{place}", class.name, class.handler));
        out.steps(2, [&class.served]);
        for node in &class.nodes {
            out.steps(2, &node.steps);
            for command in &node.commands {
                out.line(4, &format!("$ {command}"));
            }
        }
        for answer in &class.handlers {
            handler(answer, out);
        }
    }
}

fn merged(placement: &Placement, out: &mut Page) {
    if !placement.selector.is_empty() {
        out.line(4, "nodeSelector");
    }
    for entry in &placement.selector {
        let value = |label: &Option<podwhy_core::api::scheduling::Label>, out: &Page| {
            label
                .as_ref()
                .map_or("-".to_owned(), |label| format!("{}{}", label.value.value, out.place(Some(label.span()))))
        };
        let (pod, class) = (value(&entry.pod, out), value(&entry.class, out));
        let conflict = if entry.is_conflict() { ": conflict" } else { "" };
        out.line(6, &format!("{}: pod {pod}, class {class}{conflict}", entry.key));
    }
    if !placement.tolerations.is_empty() {
        out.line(4, "Tolerations");
    }
    for entry in &placement.tolerations {
        let side = match entry.side {
            Side::Pod => "pod",
            Side::RuntimeClass => "class",
        };
        let fate = match entry.fate {
            TolerationFate::Kept => "kept".to_owned(),
            TolerationFate::Covered { why, .. } => format!("dropped, because {}", why.words()),
        };
        let place = out.place(Some(entry.toleration.span));
        out.line(6, &format!("{side} {}{place}: {fate}", entry.toleration.words()));
    }
}

fn sums(placement: &Placement, out: &mut Page) {
    for (name, sums) in [("Requests", &placement.resources.requests), ("Limits", &placement.resources.limits)] {
        for sum in sums {
            out.line(4, &format!("{name} of {}: {}", sum.resource, sum.total));
            out.steps(6, &sum.steps());
        }
    }
}

fn nodes(fit: &Fit, out: &mut Page) {
    out.line(4, "Nodes");
    for node in &fit.nodes {
        let place = out.place(Some(node.span));
        let answer = if node.fits { "takes the pod".to_owned() } else { node.reasons.join(", ") };
        out.line(6, &format!("{}{place}: {answer}", node.name));
        out.steps(8, &node.before);
        for verdict in &node.verdicts {
            out.line(8, verdict.plugin.name());
            out.steps(10, &verdict.steps);
        }
    }
    if let Some(message) = &fit.message {
        out.line(6, message);
    }
}

fn handler(answer: &HandlerAnswer, out: &mut Page) {
    let node = answer.node.as_ref().map_or(String::new(), |node| format!(" on node {node}"));
    let files = if answer.files.is_empty() { "assumed".to_owned() } else { answer.files.join(", ") };
    out.line(4, &format!("Handlers of {}{node} ({files})", answer.runtime.words()));
    out.steps(6, &answer.decision.trace);
    if let Choice::Unknown { reason, message } = &answer.decision.outcome {
        out.line(6, &format!("{reason}: {message}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::evaluate::whole::effective::Fate;
    use podwhy_core::session::{Input, InputKind, Session};

    #[test]
    fn the_lines_without_the_removed_ones_are_what_serde_yaml_writes() {
        let text = "apiVersion: v1
kind: Pod
metadata: {name: 'yes', labels: {'8080': 'true'}}
spec:
  containers:
  - name: a
    image: nginx
    command: [sh, -c, \"echo a\\necho b\\n\", \"\", \"multi\\nline\"]
    env: [{name: A, value: \"012\"}, {name: B, value: \"\\n\\n x\\n\"}]
    ports: []
    resources: {}
  tolerations: [{key: a, operator: Exists}]
";
        let input = Input { kind: InputKind::Manifests, name: String::new(), text: text.to_owned() };
        let whole = Whole::of(Session { inputs: vec![input], ..Session::default() });
        let effective = whole.stored(0).unwrap().effective;
        let lines: Vec<String> = effective
            .lines(&|scalar| serde_yaml::to_string(scalar).unwrap_or_default())
            .into_iter()
            .filter(|line| line.fate != Fate::Removed)
            .map(|line| line.text)
            .collect();
        assert_eq!(lines.join("\n") + "\n", serde_yaml::to_string(&effective.manifest()).unwrap());
    }
}
