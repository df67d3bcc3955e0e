//! The pod as the API server stores it: what is written, what defaulting fills in, what admission adds.

mod class;
mod disabled;

use super::Whole;
use super::effective::{Effective, Removal};
use super::problems::refused_words;
use crate::admission::priority::{self, Resolved, Unresolved};
use crate::admission::service_account::{self, Known, token};
use crate::admission::{Request, default_toleration_seconds, runtime_class};
use crate::api::{Pod, Role};
use crate::defaulting::edit::{child, child_or_new, children, int, put, text};
use crate::defaulting::{Addition, default_pod};
use crate::report::{ImageUser, PodReport, Tone, Verdict};
use crate::rule::Rule;
use crate::rule::Stage;
use crate::rule::admission::ACCOUNT_NAME;
use crate::rule::controllers::POD_OF_TEMPLATE;
use crate::rule::defaulting::NAMESPACE;
use crate::trace::{Mark, Origin, Step};
use podwhy_source::{Diagnostic, Entry, Map, Node, Span, Value};
use serde::Serialize;

/// A pod as the API server stores it when it is created.
#[derive(Clone, Debug, Serialize)]
pub struct Stored {
    /// What becomes of the pod, in one sentence.
    pub verdict: Verdict,
    /// Why the API server refuses the pod, so that nothing is stored; what is told here is what it would have been.
    pub refused: Option<Diagnostic>,
    /// The pod, value by value.
    pub effective: Effective,
    /// What the admission plug-ins found.
    pub trace: Vec<Step>,
    /// The tree as it was written.
    #[serde(skip)]
    pub written: Node,
    /// The tree.
    #[serde(skip)]
    pub node: Node,
    /// The pod with its fields from the tree.
    #[serde(skip)]
    pub pod: Pod,
}

impl Whole {
    /// The pod at this position of [`crate::report::Report::pods`] as the API server stores it: defaulted, then changed by
    /// the plug-ins ServiceAccount, Priority, DefaultTolerationSeconds, RuntimeClass and AlwaysPullImages. What only the
    /// running cluster knows, such as its uid and status, is not in it.
    #[must_use]
    pub fn stored(&self, position: usize) -> Option<Stored> {
        let (pod, report) = (self.pod(position)?, self.report.pods.get(position)?);
        let written = self.source(position)?;
        let cluster = &self.session.cluster;
        let defaulted = default_pod(&written, pod, cluster);
        let mut changes = Changes { node: defaulted.node, pod, additions: defaulted.additions, removals: Vec::new() };
        changes.identity();
        let mut trace = Vec::new();
        let known = Known::some(&self.given.accounts);
        let account = service_account::admit(pod, &known, &Request::CREATE, cluster);
        trace.extend(account.trace);
        if let Ok(admitted) = &account.outcome
            && service_account::acts(pod, &Request::CREATE, cluster)
        {
            changes.account(&admitted.account, &admitted.pull_secrets);
            let account = known.account(&admitted.account, &pod.namespace);
            let current = changes.current();
            let added = token::mount(&mut changes.node, &current, &admitted.account, account, cluster);
            changes.additions.extend(added);
        }
        let resolved = priority::admit(pod, &self.ground.priorities);
        trace.extend(resolved.trace);
        let unknown_priority = matches!(resolved.outcome, Err(Unresolved::UnknownClass(_)));
        if let Ok(resolved) = &resolved.outcome {
            changes.priority(resolved);
        }
        changes.additions.extend(default_toleration_seconds::fill(&mut changes.node, pod));
        let class = runtime_class::admit(&changes.current(), self.ground.classes(true), &Request::CREATE, cluster);
        trace.extend(class.trace);
        if let Ok(admitted) = &class.outcome {
            class::apply(&mut changes, admitted);
        }
        changes.policies(report);
        disabled::drop(&mut changes, cluster);
        let refused = report.refused.clone();
        let mut unknown = Vec::new();
        if refused.is_none() {
            unknown.extend(unknown_priority.then_some("PriorityClass"));
            unknown.extend(class.outcome.is_err().then_some("RuntimeClass"));
        }
        let pod = changes.current();
        let Changes { node, additions, removals, pod: own } = changes;
        let effective = Effective::of(&written, &node, &additions, &removals, own.root_path());
        let verdict = verdict(own, &effective, refused.as_ref(), &unknown, &cluster.release.to_string());
        Some(Stored { verdict, refused, effective, trace, written, node, pod })
    }
}

fn verdict(pod: &Pod, effective: &Effective, refused: Option<&Diagnostic>, unknown: &[&str], release: &str) -> Verdict {
    if let Some(refused) = refused {
        let path = if refused.path.is_empty() { String::new() } else { format!("{}: ", refused.path) };
        let text = format!("{}, and nothing is stored: {path}{}", refused_words(pod, refused), refused.message);
        return Verdict { tone: Tone::Fails, text };
    }
    let changes = effective.changes();
    let made_by = |stage: Stage| {
        let of_stage = |rule: &Rule| match rule.stage {
            Stage::Admission | Stage::Controllers | Stage::Api => rule.stage == stage,
            _ => stage == Stage::Defaulting,
        };
        let counts = |origin: &Origin| match origin {
            Origin::Defaulted { rule, .. } | Origin::Merged { rule, .. } => of_stage(rule),
            Origin::Written(_) | Origin::Assumed => false,
        };
        changes.iter().filter(|(_, part)| counts(&part.origin)).count()
    };
    let values = |stage| match made_by(stage) {
        1 => "1 value".to_owned(),
        count => format!("{count} values"),
    };
    let dropped = match made_by(Stage::Api) {
        0 => String::new(),
        _ => format!(" It drops {} without a word: their feature gates are off.", values(Stage::Api)),
    };
    let each = if pod.owner.is_some() { " each of " } else { " " };
    let text = format!(
        "{release} stores{each}{} with {} filled in by defaulting and {} added or changed by admission.{dropped}",
        pod.words(),
        values(Stage::Defaulting),
        values(Stage::Admission)
    );
    let text = match &pod.owner {
        Some(owner) => {
            format!("{text} Of the {} itself only the template and what ties it to its pods are looked at.", owner.kind)
        }
        None => text,
    };
    if !unknown.is_empty() {
        let (kinds, verb) = (unknown.join(" and its "), if unknown.len() == 1 { "is" } else { "are" });
        let text = format!("{text} Its {kinds} {verb} not given, so what that would add is not here.");
        return Verdict { tone: Tone::Look, text };
    }
    Verdict { tone: if dropped.is_empty() { Tone::Fine } else { Tone::Look }, text }
}

/// The tree on its way, with the record of what was done to it.
struct Changes<'a> {
    node: Node,
    pod: &'a Pod,
    additions: Vec<Addition>,
    removals: Vec<Removal>,
}

impl Changes<'_> {
    /// The pod as it stands now.
    fn current(&self) -> Pod {
        self.pod.reread(&self.node)
    }

    fn add(&mut self, path: String, value: &str, rule: &'static Rule, because: Option<Span>) {
        self.additions.push(Addition { path, value: value.to_owned(), rule, because });
    }

    /// What makes a pod of a template, and the namespace.
    fn identity(&mut self) {
        let (root, span) = (self.pod.root_path(), self.node.span);
        let below = |key: &str| if root.is_empty() { key.to_owned() } else { format!("{root}.{key}") };
        if let Some(owner) = &self.pod.owner {
            for (place, (key, value)) in [("apiVersion", "v1"), ("kind", "Pod")].into_iter().enumerate() {
                insert(&mut self.node, place, key, value);
                self.add(below(key), value, &POD_OF_TEMPLATE, Some(owner.span));
            }
        }
        let namespace = self.pod.namespace.clone();
        if self.node.get("metadata").is_none() {
            put(&mut self.node, "metadata", Value::Map(Map::default()));
            self.add(below("metadata"), "{}", &POD_OF_TEMPLATE, Some(span));
        }
        let Some(metadata) = child_or_new(&mut self.node, "metadata") else { return };
        if metadata.get("namespace").and_then(Node::as_text).unwrap_or_default().is_empty() {
            put(metadata, "namespace", text(&namespace));
            let rule = if self.pod.owner.is_some() { &POD_OF_TEMPLATE } else { &NAMESPACE };
            self.add(below("metadata.namespace"), &namespace, rule, Some(span));
        }
    }

    fn account(&mut self, name: &str, pull_secrets: &[crate::trace::Field<String>]) {
        let path = self.pod.spec_path.clone();
        let Some(spec) = child(&mut self.node, "spec") else { return };
        let span = spec.span;
        let mut added = Vec::new();
        // The old field always says the same.
        for key in ["serviceAccountName", "serviceAccount"] {
            let written = spec.get(key).and_then(Node::as_text).unwrap_or_default();
            if written != name {
                put(spec, key, text(name));
                added.push((format!("{path}.{key}"), name.to_owned(), &ACCOUNT_NAME, span));
            }
        }
        let merged: Vec<(Node, &'static Rule, Span)> = pull_secrets
            .iter()
            .filter_map(|secret| match secret.origin {
                Origin::Merged { rule, from } => {
                    let span = from.unwrap_or(span);
                    let name =
                        Entry { key: "name".to_owned(), key_span: span, value: Node::new(span, text(&secret.value)) };
                    Some((Node::new(span, Value::Map(Map { entries: vec![name] })), rule, span))
                }
                _ => None,
            })
            .collect();
        if let Some((_, rule, from)) = merged.first() {
            added.push((format!("{path}.imagePullSecrets"), "[]".to_owned(), rule, *from));
            put(spec, "imagePullSecrets", Value::List(merged.into_iter().map(|(node, ..)| node).collect()));
        }
        for (path, value, rule, because) in added {
            self.add(path, &value, rule, Some(because));
        }
    }

    /// What the plug-in Priority sets.
    fn priority(&mut self, resolved: &Resolved) {
        let path = self.pod.spec_path.clone();
        let Some(spec) = child(&mut self.node, "spec") else { return };
        let because = resolved.from.or(Some(spec.span));
        let mut added = Vec::new();
        let mut fill = |key: &str, value: Value, words: String| {
            if spec.get(key).is_none_or(|written| written.as_text() == Some("")) {
                put(spec, key, value);
                added.push((format!("{path}.{key}"), words));
            }
        };
        if !resolved.class.is_empty() {
            fill("priorityClassName", text(&resolved.class), resolved.class.clone());
        }
        fill("priority", int(resolved.value), resolved.value.to_string());
        fill("preemptionPolicy", text(&resolved.preemption_policy), resolved.preemption_policy.clone());
        for (path, value) in added {
            self.add(path, &value, resolved.rule, because);
        }
    }

    /// The pull policies that the answers about images tell.
    fn policies(&mut self, report: &PodReport) {
        let prefix = self.pod.spec_path.clone();
        let mut changed = Vec::new();
        let Some(spec) = child(&mut self.node, "spec") else { return };
        for role in [Role::Init, Role::Container, Role::Ephemeral] {
            for (index, container) in children(spec, role.field()) {
                let path = format!("{prefix}.{}[{index}]", role.field());
                let of_container = report
                    .containers
                    .iter()
                    .find(|one| matches!(one.user, ImageUser::Container(_)) && one.path == path);
                let Some(policy) = of_container.map(|container| &container.policy) else { continue };
                let name = policy.outcome.name();
                if container.get("imagePullPolicy").and_then(Node::as_text) == Some(name) {
                    continue;
                }
                let step = policy.trace.iter().rev().find(|step| step.mark == Mark::Yes).or(policy.trace.last());
                let Some(step) = step else { continue };
                put(container, "imagePullPolicy", text(name));
                changed.push((format!("{path}.imagePullPolicy"), name.to_owned(), step.rule, step.at));
            }
        }
        for (path, value, rule, because) in changed {
            self.add(path, &value, rule, because);
        }
    }
}

/// Puts a field in its place among the others unless it is written.
fn insert(node: &mut Node, place: usize, key: &str, value: &str) {
    let span = node.span;
    if let Value::Map(map) = &mut node.value
        && map.get(key).is_none()
    {
        let entry = Entry { key: key.to_owned(), key_span: span, value: Node::new(span, text(value)) };
        map.entries.insert(place.min(map.entries.len()), entry);
    }
}

#[cfg(test)]
mod tests;
