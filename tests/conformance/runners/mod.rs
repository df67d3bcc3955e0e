//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod always_pull_images;
mod backoff;
mod config_json;
mod container_env;
mod container_start_order;
mod credential_lookup;
mod credential_match;
mod credential_provider;
mod credential_search_path;
mod default_pod;
mod describe_events;
mod event_aggregation;
mod image_credential_verification;
mod image_reference;
mod kubelet_config;
mod lifecycle_handler;
mod manifest_decode;
mod objects;
mod pod_resources;
mod pod_status_column;
mod pod_termination;
mod pod_validation;
mod pull_attempts;
mod pull_policy_default;
mod pull_queue;
mod pull_sequence;
mod quantity;
mod runtime_class_admission;
mod runtimeclass_validation;
mod scheduling_filter;
mod secret_docker_registry;
mod service_account_admission;
mod service_env;
mod stops;
mod termination;
mod tolerations_merge;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "always-pull-images", run: always_pull_images::run, agrees: agree },
    Suite { name: "backoff", run: backoff::run, agrees: agree },
    Suite { name: "config-json", run: config_json::run, agrees: config_json::agrees },
    Suite { name: "container-env", run: container_env::run, agrees: agree },
    Suite { name: "container-start-order", run: container_start_order::run, agrees: agree },
    Suite { name: "credential-lookup", run: credential_lookup::run, agrees: credential_lookup::agrees },
    Suite { name: "credential-match", run: credential_match::run, agrees: credential_match::agrees },
    Suite { name: "credential-provider", run: credential_provider::run, agrees: credential_provider::agrees },
    Suite { name: "credential-search-path", run: credential_search_path::run, agrees: agree },
    Suite { name: "default-pod", run: default_pod::run, agrees: default_pod::agrees },
    Suite { name: "describe-events", run: describe_events::run, agrees: agree },
    Suite { name: "event-aggregation", run: event_aggregation::run, agrees: agree },
    Suite { name: "image-credential-verification", run: image_credential_verification::run, agrees: agree },
    Suite { name: "image-reference", run: image_reference::run, agrees: agree },
    Suite { name: "kubelet-config", run: kubelet_config::run, agrees: kubelet_config::agrees },
    Suite { name: "lifecycle-handler", run: lifecycle_handler::run, agrees: lifecycle_handler::agrees },
    Suite { name: "manifest-decode", run: manifest_decode::run, agrees: manifest_decode::agrees },
    Suite { name: "pod-resources", run: pod_resources::run, agrees: agree },
    Suite { name: "pod-status-column", run: pod_status_column::run, agrees: agree },
    Suite { name: "pod-termination", run: pod_termination::run, agrees: agree },
    Suite { name: "pod-validation", run: pod_validation::run, agrees: runtimeclass_validation::agrees },
    Suite { name: "pull-attempts", run: pull_attempts::run, agrees: pull_attempts::agrees },
    Suite { name: "pull-policy-default", run: pull_policy_default::run, agrees: agree },
    Suite { name: "pull-queue", run: pull_queue::run, agrees: agree },
    Suite { name: "pull-sequence", run: pull_sequence::run, agrees: agree },
    Suite { name: "quantity", run: quantity::run, agrees: agree },
    Suite {
        name: "runtime-class-admission",
        run: runtime_class_admission::run,
        agrees: runtime_class_admission::agrees,
    },
    Suite {
        name: "runtimeclass-validation",
        run: runtimeclass_validation::run,
        agrees: runtimeclass_validation::agrees,
    },
    Suite { name: "scheduling-filter", run: scheduling_filter::run, agrees: agree },
    Suite { name: "secret-docker-registry", run: secret_docker_registry::run, agrees: agree },
    Suite { name: "service-account-admission", run: service_account_admission::run, agrees: agree },
    Suite { name: "service-env", run: service_env::run, agrees: agree },
    Suite { name: "termination", run: termination::run, agrees: agree },
    Suite { name: "tolerations-merge", run: tolerations_merge::run, agrees: agree },
];
