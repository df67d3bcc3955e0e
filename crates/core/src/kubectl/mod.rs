//! What kubectl shows: the columns of `kubectl get pods` and the event table of `kubectl describe pod`.

pub mod describe_events;
pub mod get_pods;
pub mod human_duration;
pub mod status_column;
mod tabwriter;
