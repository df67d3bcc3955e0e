//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod always_pull_images;
mod image_reference;
mod manifest_decode;
mod objects;
mod pod_resources;
mod pull_policy_default;
mod quantity;
mod runtime_class_admission;
mod runtimeclass_validation;
mod scheduling_filter;
mod service_account_admission;
mod tolerations_merge;

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
    Suite { name: "tolerations-merge", run: tolerations_merge::run, agrees: agree },
    Suite {
        name: "runtimeclass-validation",
        run: runtimeclass_validation::run,
        agrees: runtimeclass_validation::agrees,
    },
    Suite {
        name: "runtime-class-admission",
        run: runtime_class_admission::run,
        agrees: runtime_class_admission::agrees,
    },
    Suite { name: "pod-resources", run: pod_resources::run, agrees: agree },
    Suite { name: "scheduling-filter", run: scheduling_filter::run, agrees: agree },
];
