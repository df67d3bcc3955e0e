//! The rules of Kubernetes for images, credentials and the life of a pod, release by release.
//!
//! One call in, one value out: [`evaluate::evaluate`] takes a [`session::Session`] and gives a [`report::Report`].
//! It cannot fail, asks nothing of the outside world, and the same input always gives the same report. This crate
//! deliberately knows no YAML library, no browser, no colour and no label of the page.

pub mod admission;
pub mod advice;
pub mod api;
pub mod complete;
pub mod credentials;
pub mod defaulting;
pub mod environment;
pub mod evaluate;
pub mod events;
pub mod feature;
mod go_bool;
mod go_url;
pub mod image;
pub mod kubectl;
pub mod lifecycle;
pub mod pulls;
pub mod quantity;
pub mod quote;
pub mod release;
pub mod report;
pub mod rule;
pub mod runtime;
pub mod scenario;
pub mod scheduling;
pub mod schema;
pub mod session;
pub mod simulation;
pub mod time;
pub mod timeline;
pub mod trace;
pub mod use_cases;
pub mod validation;
mod verdict;
