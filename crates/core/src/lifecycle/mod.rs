//! How containers start, stop and start again: hooks, grace periods, signals, and all of it as a picture.
//!
//! Every function here is pure: how long a hook or a process takes is part of the input, and time is counted in whole
//! milliseconds from the moment that the function is about.

pub mod commands;
mod go_url;
pub mod grace;
pub mod handler;
pub mod pod_termination;
pub mod post_start;
pub mod start_order;
pub mod termination;

pub use crate::events::EventType;

use serde::Serialize;

/// A length of time, or a moment counted from the start of what is simulated, in milliseconds.
pub type Millis = u64;

/// One second.
pub const SECOND: Millis = 1_000;

/// One event that the kubelet records about a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// Its type.
    pub kind: EventType,
    /// Its reason.
    pub reason: &'static str,
    /// Its message.
    pub message: String,
    /// The container that it is about.
    pub container: String,
}

impl Event {
    /// An event about a container.
    #[must_use]
    pub fn new(at: Millis, kind: EventType, reason: &'static str, message: impl Into<String>, container: &str) -> Self {
        Self { at, kind, reason, message: message.into(), container: container.to_owned() }
    }
}

/// Seconds as Kubernetes counts them; a negative number is none.
#[must_use]
pub(crate) fn millis(seconds: i64) -> Millis {
    u64::try_from(seconds).unwrap_or_default().saturating_mul(SECOND)
}

/// A length of time in words, such as `2 s` or `1.5 s`.
#[must_use]
pub fn words(length: Millis) -> String {
    match length % SECOND {
        0 => format!("{} s", length / SECOND),
        part => format!("{}.{} s", length / SECOND, format!("{part:03}").trim_end_matches('0')),
    }
}
