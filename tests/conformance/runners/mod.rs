//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod backoff;
mod describe_events;
mod event_aggregation;
mod image_reference;
mod objects;
mod pod_status_column;
mod pull_policy_default;
mod pull_queue;
mod pull_sequence;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "describe-events", run: describe_events::run, agrees: agree },
    Suite { name: "event-aggregation", run: event_aggregation::run, agrees: agree },
    Suite { name: "pod-status-column", run: pod_status_column::run, agrees: agree },
    Suite { name: "backoff", run: backoff::run, agrees: agree },
    Suite { name: "pull-queue", run: pull_queue::run, agrees: agree },
    Suite { name: "pull-sequence", run: pull_sequence::run, agrees: agree },
    Suite { name: "image-reference", run: image_reference::run, agrees: agree },
    Suite { name: "pull-policy-default", run: pull_policy_default::run, agrees: agree },
];
