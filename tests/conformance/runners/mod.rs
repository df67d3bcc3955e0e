//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod always_pull_images;
mod container_start_order;
mod image_reference;
mod lifecycle_handler;
mod objects;
mod pod_termination;
mod pull_policy_default;
mod service_account_admission;
mod stops;
mod termination;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "container-start-order", run: container_start_order::run, agrees: agree },
    Suite { name: "lifecycle-handler", run: lifecycle_handler::run, agrees: lifecycle_handler::agrees },
    Suite { name: "pod-termination", run: pod_termination::run, agrees: agree },
    Suite { name: "termination", run: termination::run, agrees: agree },
    Suite { name: "image-reference", run: image_reference::run, agrees: agree },
    Suite { name: "pull-policy-default", run: pull_policy_default::run, agrees: agree },
    Suite { name: "always-pull-images", run: always_pull_images::run, agrees: agree },
    Suite { name: "service-account-admission", run: service_account_admission::run, agrees: agree },
];
