//! The plug-in RuntimeClass: the class's overhead, node selector and tolerations come into the pod. Upstream:
//! plugin/pkg/admission/runtimeclass/admission.go.

use super::tolerations::{Entry, Fate, Merge, Side, merge};
use super::{Operation, Refusal, Request};
use crate::api::resources::ResourceList;
use crate::api::scheduling::{Label, Toleration, label};
use crate::api::{Pod, RuntimeClass};
use crate::defaulting::resources::{Amounts, amounts};
use crate::feature::Feature;
use crate::quantity::Quantity;
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::admission as rules;
use crate::trace::{Decision, Field, Mark, Origin, Step, Written};
use podwhy_source::Span;
use serde::Serialize;

/// The two passes of an admission plug-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// Changes the pod.
    Mutating,
    /// Refuses what all changes have left wrong.
    Validating,
}

/// The fields that the plug-in sets, as they stand after it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Admitted {
    /// The class, if the pod names one.
    pub class: Option<String>,
    /// `nodeSelector`: the pod's entries, then those that only the class has.
    pub node_selector: Vec<Field<Label>>,
    /// `tolerations`, in order.
    pub tolerations: Vec<Field<Toleration>>,
    /// What became of each toleration; `None` if nothing was merged.
    pub merge: Option<Merge>,
    /// `overhead`.
    pub overhead: Amounts,
}

/// Why the pod is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The pass that refuses.
    pub pass: Pass,
    /// Each refusal that the API server may give: with several conflicts chance decides which one it names.
    pub refusals: Vec<Refusal>,
}

/// One key of the two node selectors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SelectorEntry {
    /// The key.
    pub key: String,
    /// The pod's entry.
    pub pod: Option<Label>,
    /// The class's entry.
    pub class: Option<Label>,
}

impl SelectorEntry {
    /// Both have the key, with different values.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let value = |label: &Option<Label>| label.as_ref().map(|label| label.value.value.clone());
        self.pod.is_some() && self.class.is_some() && value(&self.pod) != value(&self.class)
    }
}

/// The two selectors key by key: the pod's keys in written order, then those that only the class has.
#[must_use]
pub fn selectors(pod: &[Label], class: &[Label]) -> Vec<SelectorEntry> {
    let from_pod = pod.iter().map(|own| SelectorEntry {
        key: own.key.value.clone(),
        pod: Some(own.clone()),
        class: label(class, &own.key.value).cloned(),
    });
    let only_class = class.iter().filter(|entry| label(pod, &entry.key.value).is_none());
    let from_class =
        only_class.map(|entry| SelectorEntry { key: entry.key.value.clone(), pod: None, class: Some(entry.clone()) });
    from_pod.chain(from_class).collect()
}

/// The class of this name; of several the last counts, as applying them one after another leaves it.
#[must_use]
pub fn find<'a>(classes: &'a [RuntimeClass], name: &str) -> Option<&'a RuntimeClass> {
    classes.iter().rev().find(|class| class.metadata.name() == name)
}

/// What becomes of the pod in both passes. `classes` are all classes of the cluster.
#[must_use]
pub fn admit(
    pod: &Pod,
    classes: &[RuntimeClass],
    request: &Request,
    cluster: &Cluster,
) -> Decision<Result<Admitted, Refused>> {
    let mut plugin = Plugin { pod, with_overhead: cluster.has(Feature::PodOverhead), trace: Vec::new() };
    let outcome = if request.operation == Operation::Create && request.subresource.is_empty() {
        plugin.create(classes)
    } else {
        let finding = format!("The plug-in RuntimeClass passes over {}.", request.words());
        plugin.trace.push(Step::new(&rules::CLASS_OF_POD, Mark::Note, finding).at(pod.span));
        Ok(plugin.as_written())
    };
    Decision { outcome, trace: plugin.trace }
}

struct Plugin<'a> {
    pod: &'a Pod,
    /// The feature gate PodOverhead.
    with_overhead: bool,
    trace: Vec<Step>,
}

impl Plugin<'_> {
    fn create(&mut self, classes: &[RuntimeClass]) -> Result<Admitted, Refused> {
        let placement = &self.pod.placement;
        let mut admitted = self.as_written();
        let class = match &placement.runtime_class_name {
            Some(name) => Some(self.find(classes, name)?),
            None => {
                let finding = "The pod names no RuntimeClass, so the node's default runtime runs it.";
                self.trace.push(Step::new(&rules::CLASS_OF_POD, Mark::Note, finding).at(self.pod.span));
                None
            }
        };
        let class_overhead = class.and_then(|class| class.overhead.as_ref()).filter(|_| self.with_overhead);
        if let Some(overhead) = class_overhead {
            admitted.overhead = self.set_overhead(overhead.pod_fixed.as_ref(), overhead.span)?;
        }
        if let Some(class) = class
            && class.scheduling.is_some()
        {
            self.set_selector(class, &mut admitted)?;
            self.set_tolerations(class, &mut admitted);
        }
        match &placement.overhead {
            Some(own) if !self.with_overhead => {
                let finding = "The feature gate PodOverhead is off: the overhead is dropped.";
                self.trace.push(Step::new(&rules::OVERHEAD_GATE, Mark::Note, finding).at(own.span));
            }
            Some(own) if class_overhead.is_none() => {
                let finding = match class {
                    Some(class) => format!(
                        "The pod has an overhead, but RuntimeClass `{}` defines none: the API server refuses the pod.",
                        class.metadata.name()
                    ),
                    None => {
                        "The pod has an overhead but no RuntimeClass that defines it: the API server refuses the pod."
                            .to_owned()
                    }
                };
                let step = Step::new(&rules::OVERHEAD_WITHOUT_CLASS, Mark::No, finding).at(own.span);
                self.trace.push(step.because(class.map(|class| class.span)));
                let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
                return Err(self.refuse(Pass::Validating, &rules::OVERHEAD_WITHOUT_CLASS, why, own.span));
            }
            _ => {}
        }
        Ok(admitted)
    }

    fn refuse(&self, pass: Pass, rule: &'static Rule, why: &str, at: Span) -> Refused {
        Refused { pass, refusals: vec![Refusal::forbidden(rule, self.pod, why, at)] }
    }

    /// The fields before the plug-in has looked at them.
    fn as_written(&self) -> Admitted {
        let placement = &self.pod.placement;
        let overhead = placement.overhead.as_ref().filter(|_| self.with_overhead);
        Admitted {
            class: placement.runtime_class_name.as_ref().map(|name| name.value.clone()),
            node_selector: placement.node_selector.iter().flatten().map(own_label).collect(),
            tolerations: placement.tolerations.iter().map(own_toleration).collect(),
            merge: None,
            overhead: amounts(overhead, Origin::Written),
        }
    }

    fn find<'c>(&mut self, classes: &'c [RuntimeClass], name: &Written<String>) -> Result<&'c RuntimeClass, Refused> {
        if let Some(class) = find(classes, &name.value) {
            let finding = match class.handler() {
                "" => format!("RuntimeClass `{}` exists and names no handler.", name.value),
                handler => format!("RuntimeClass `{}` exists; its handler is `{handler}`.", name.value),
            };
            let step = Step::new(&rules::CLASS_EXISTS, Mark::Yes, finding).at(name.span).because(class.span);
            self.trace.push(step);
            return Ok(class);
        }
        let finding = format!("There is no RuntimeClass `{}`: the API server refuses the pod.", name.value);
        self.trace.push(Step::new(&rules::CLASS_EXISTS, Mark::No, finding).at(name.span));
        let why = format!("pod rejected: RuntimeClass {} not found", quote(&name.value));
        Err(self.refuse(Pass::Mutating, &rules::CLASS_EXISTS, &why, name.span))
    }

    fn set_overhead(&mut self, fixed: Option<&ResourceList>, span: Span) -> Result<Amounts, Refused> {
        let rule = &rules::CLASS_OVERHEAD;
        let from_class = |span| Origin::Merged { rule, from: Some(span) };
        let overhead = amounts(fixed, from_class);
        let own = self.pod.placement.overhead.as_ref();
        if let Some(own) = own
            && !same_amounts(Some(own), fixed)
        {
            let finding = "The pod's overhead is not the one that its class defines: the API server refuses the pod.";
            self.trace.push(Step::new(rule, Mark::No, finding).at(own.span).because(span));
            let why = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
            return Err(self.refuse(Pass::Mutating, rule, why, own.span));
        }
        let list: Vec<String> = overhead.iter().map(|(name, amount)| format!("{} {name}", amount.value)).collect();
        let finding = match (own, list.as_slice()) {
            (Some(_), _) => "The pod's overhead equals its class's.".to_owned(),
            (None, []) => "The class defines an empty overhead: nothing is added.".to_owned(),
            (None, list) => format!("The class adds an overhead of {}.", list.join(", ")),
        };
        self.trace.push(Step::new(rule, Mark::Note, finding).at(span).because(own.map(|own| own.span)));
        Ok(overhead)
    }

    fn set_selector(&mut self, class: &RuntimeClass, admitted: &mut Admitted) -> Result<(), Refused> {
        let rule = &rules::CLASS_SELECTOR;
        let own = self.pod.placement.node_selector.as_deref().unwrap_or_default();
        let mut refusals = Vec::new();
        for entry in selectors(own, class.node_selector()) {
            let Some(from_class) = &entry.class else { continue };
            let value = &from_class.value.value;
            let (mark, finding) = match &entry.pod {
                Some(own) if entry.is_conflict() => {
                    let (key, own_value) = (&entry.key, &own.value.value);
                    let why = format!(
                        "conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own_value}"
                    );
                    refusals.push(Refusal::forbidden(rule, self.pod, &why, own.span()));
                    let finding = format!(
                        "The class wants nodes with {key}={value}, the pod nodes with {key}={own_value}: the API server refuses the pod."
                    );
                    (Mark::No, finding)
                }
                Some(_) => (Mark::Yes, format!("Pod and class both want {}={value}.", entry.key)),
                None => {
                    let origin = Origin::Merged { rule, from: Some(from_class.span()) };
                    admitted.node_selector.push(Field { value: from_class.clone(), origin });
                    (Mark::Note, format!("The class adds {}={value} to the pod's nodeSelector.", entry.key))
                }
            };
            let step = Step::new(rule, mark, finding).at(from_class.span());
            self.trace.push(step.because(entry.pod.as_ref().map(Label::span)));
        }
        if refusals.is_empty() { Ok(()) } else { Err(Refused { pass: Pass::Mutating, refusals }) }
    }

    fn set_tolerations(&mut self, class: &RuntimeClass, admitted: &mut Admitted) {
        let merge = merge(&self.pod.placement.tolerations, class.tolerations());
        let kept = merge.entries.iter().filter(|entry| entry.fate == Fate::Kept);
        let field = |entry: &Entry| match entry.side {
            Side::Pod => own_toleration(&entry.toleration),
            Side::RuntimeClass => Field {
                value: entry.toleration.clone(),
                origin: Origin::Merged { rule: &rules::MERGED_TOLERATIONS, from: Some(entry.toleration.span) },
            },
        };
        admitted.tolerations = kept.map(field).collect();
        self.trace.extend(merge.steps());
        admitted.merge = Some(merge);
    }
}

fn own_label(label: &Label) -> Field<Label> {
    Field { value: label.clone(), origin: Origin::Written(label.span()) }
}

fn own_toleration(toleration: &Toleration) -> Field<Toleration> {
    Field { value: toleration.clone(), origin: Origin::Written(toleration.span) }
}

/// Whether two lists hold the same amounts, however they are written. No list equals an empty one. Upstream:
/// apiequality.Semantic.DeepEqual.
fn same_amounts(left: Option<&ResourceList>, right: Option<&ResourceList>) -> bool {
    let (left, right) = (amounts(left, Origin::Written), amounts(right, Origin::Written));
    let same = |(name, amount): &(String, Field<Quantity>)| {
        right.iter().any(|(other, field)| other == name && field.value.compare(&amount.value).is_eq())
    };
    left.len() == right.len() && left.iter().all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Object, pods_of};
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    const CLASS: &str = r#"{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"kata"},"handler":"kata",
        "overhead":{"podFixed":{"cpu":"250m"}},"scheduling":{"nodeSelector":{"runtime":"kata"},"tolerations":[{"key":"kata","operator":"Exists"}]}}"#;

    fn object(text: &str) -> Object {
        Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())
    }

    fn check(class: &str, spec: &str) -> Decision<Result<Admitted, Refused>> {
        let text = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#);
        let pod = pods_of(&object(&text)).remove(0);
        let class = RuntimeClass::of(&object(class)).unwrap();
        admit(&pod, &[class], &Request::CREATE, &Cluster::default())
    }

    #[test]
    fn what_comes_from_the_class_points_at_the_class() {
        let admitted = check(CLASS, r#"{"runtimeClassName":"kata","nodeSelector":{"disk":"ssd"}}"#).outcome.unwrap();
        let [own, merged] = admitted.node_selector.as_slice() else { panic!("two labels") };
        assert!(matches!(own.origin, Origin::Written(_)));
        assert_eq!(merged.origin.span().unwrap().slice(CLASS), r#""runtime":"kata""#);
        let (_, overhead) = &admitted.overhead[0];
        assert_eq!(overhead.origin.span().unwrap().slice(CLASS), r#""250m""#);
        assert_eq!(admitted.tolerations.len(), 1);
    }

    #[test]
    fn a_conflict_names_both_lines() {
        let decision = check(CLASS, r#"{"runtimeClassName":"kata","nodeSelector":{"runtime":"runc"}}"#);
        let refused = decision.outcome.unwrap_err();
        assert_eq!(refused.pass, Pass::Mutating);
        assert!(
            refused.refusals[0].message.contains("nodeSelector[runtime] = kata; pod.spec.nodeSelector[runtime] = runc")
        );
        let step = decision.trace.iter().find(|step| step.rule == &rules::CLASS_SELECTOR).unwrap();
        assert!(step.mark == Mark::No && step.at.is_some() && step.because.len() == 1);
    }

    #[test]
    fn the_same_overhead_written_otherwise_is_fine() {
        assert!(check(CLASS, r#"{"runtimeClassName":"kata","overhead":{"cpu":"0.25"}}"#).outcome.is_ok());
        assert!(check(CLASS, r#"{"runtimeClassName":"kata","overhead":{"cpu":"0.3"}}"#).outcome.is_err());
    }

    #[test]
    fn v1alpha1_keeps_its_fields_in_spec() {
        let old = r#"{"apiVersion":"node.k8s.io/v1alpha1","kind":"RuntimeClass","metadata":{"name":"kata"},"spec":{"runtimeHandler":"k","overhead":{"podFixed":{"cpu":"1"}}}}"#;
        let admitted = check(old, r#"{"runtimeClassName":"kata"}"#).outcome.unwrap();
        assert_eq!(admitted.overhead[0].1.value.to_string(), "1");
    }
}
