//! Everything that is said about a pod, topic by topic.

use crate::text::{self, Page};
use podwhy_core::evaluate::Whole;
use serde::Serialize;
use serde_json::Value;

/// A topic, for people and for programs.
pub struct Topic {
    /// Its name in JSON and YAML.
    pub name: &'static str,
    /// Writes what is said about the pod at this position of the report.
    pub text: fn(&Whole, usize, &mut Page),
    /// The same as a value; null where there is nothing to say.
    pub value: fn(&Whole, usize) -> Value,
}

/// The topics, in the order of a pod's life. The image and its credentials stand in the report itself.
pub const ALL: &[Topic] = &[
    Topic { name: "placement", text: text::placement::section, value: text::placement::value },
    Topic {
        name: "credential_sources",
        text: text::sources::section,
        value: |whole, pod| written(whole.credential_sources(pod)),
    },
    Topic { name: "pulls", text: text::pulls::section, value: |whole, pod| written(whole.pulls(pod)) },
    Topic { name: "stored", text: text::stored::section, value: text::stored::value_of },
    Topic {
        name: "environment",
        text: text::environment::section,
        value: |whole, pod| written(whole.environment(pod)),
    },
    Topic {
        name: "points_at",
        text: text::points_at::section,
        value: |whole, pod| {
            let containers = whole.report.pods.get(pod).map_or(0, |pod| pod.containers.len());
            written((0..containers).map(|at| whole.points_at(pod, at)).collect::<Vec<_>>())
        },
    },
    Topic { name: "lifecycle", text: text::lifecycle::section, value: |whole, pod| written(whole.lifecycle(pod)) },
];

/// A value that everything serialisable has; what has none is null.
pub fn written(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
