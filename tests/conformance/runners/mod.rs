//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod always_pull_images;
mod config_json;
mod credential_lookup;
mod credential_match;
mod credential_search_path;
mod image_reference;
mod manifest_decode;
mod objects;
mod pod_resources;
mod pull_policy_default;
mod quantity;
mod runtime_class_admission;
mod runtimeclass_validation;
mod scheduling_filter;
mod secret_docker_registry;
mod service_account_admission;
mod tolerations_merge;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "always-pull-images", run: always_pull_images::run, agrees: agree },
    Suite { name: "config-json", run: config_json::run, agrees: config_json::agrees },
    Suite { name: "credential-lookup", run: credential_lookup::run, agrees: credential_lookup::agrees },
    Suite { name: "credential-match", run: credential_match::run, agrees: credential_match::agrees },
    Suite { name: "credential-search-path", run: credential_search_path::run, agrees: agree },
    Suite { name: "image-reference", run: image_reference::run, agrees: agree },
    Suite { name: "manifest-decode", run: manifest_decode::run, agrees: manifest_decode::agrees },
    Suite { name: "pull-policy-default", run: pull_policy_default::run, agrees: agree },
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
    Suite { name: "secret-docker-registry", run: secret_docker_registry::run, agrees: agree },
    Suite { name: "service-account-admission", run: service_account_admission::run, agrees: agree },
];
