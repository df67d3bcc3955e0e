//! PriorityClasses as written.

use super::{Metadata, Object, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};

/// A PriorityClass.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorityClass {
    /// The object's metadata.
    pub metadata: Metadata,
    /// Where the whole object stands.
    pub span: Span,
    /// `value`: the priority of its pods.
    pub value: Written<i64>,
    /// `globalDefault`, where it is true: pods that name no class get this one.
    pub global_default: Option<Span>,
    /// `preemptionPolicy`.
    pub preemption_policy: Option<Written<String>>,
}

impl PriorityClass {
    /// The object as a PriorityClass, if it is one.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        (object.kind == "PriorityClass" && object.group() == "scheduling.k8s.io").then(|| Self::read(object))
    }

    fn read(object: &Object) -> Self {
        let node = &object.node;
        let value = node.get("value");
        let is_default = node.get("globalDefault").filter(|written| written.as_bool() == Some(true));
        Self {
            metadata: object.metadata.clone(),
            span: object.span(),
            value: Written {
                value: value.and_then(Node::as_int).unwrap_or_default(),
                span: value.map_or(object.span(), |value| value.span),
            },
            global_default: is_default.map(|written| written.span),
            preemption_policy: text(node, "preemptionPolicy"),
        }
    }
}
