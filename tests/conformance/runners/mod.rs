//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod container_start_order;
mod lifecycle_handler;
mod objects;
mod pod_termination;
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
];
