//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod always_pull_images;
mod image_reference;
mod objects;
mod pull_policy_default;
mod service_account_admission;
mod manifest_decode;
mod quantity;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "image-reference", run: image_reference::run, agrees: agree },
    Suite { name: "pull-policy-default", run: pull_policy_default::run, agrees: agree },
    Suite { name: "always-pull-images", run: always_pull_images::run, agrees: agree },
    Suite { name: "service-account-admission", run: service_account_admission::run, agrees: agree },
    Suite { name: "manifest-decode", run: manifest_decode::run, agrees: manifest_decode::agrees },
    Suite { name: "quantity", run: quantity::run, agrees: agree },
];
