//! What the kubelet does about an image once its name and policy are known: pulls, failures, waits and queues.

pub mod attempts;
pub mod backoff;
pub mod built_in;
pub mod credential_plugin;
pub mod credential_provider;
pub mod kubelet_config;
pub mod manager;
pub mod queue;
pub mod record;
pub mod verification;
