//! What the command `podwhy` prints, as functions: files in, the whole answer out.

pub mod arguments;
pub mod differences;
mod export;
pub mod files;
pub mod text;
pub mod topics;

pub use export::{effective, markdown};
use podwhy_core::evaluate::{Problem, Whole};
use podwhy_core::report::Report;
use podwhy_core::simulation::restarts::RestartCurve;
use podwhy_core::time::Duration;
use podwhy_core::use_cases::{Inspection, UseCase};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The whole answer for people at a terminal: problems first, then pod by pod every topic with its reasons.
#[must_use]
pub fn text(whole: &Whole) -> String {
    text::render(whole)
}

/// The whole answer as JSON.
///
/// # Errors
/// What cannot be written; nothing that is known of.
pub fn json(whole: &Whole) -> Result<String, String> {
    serde_json::to_string_pretty(&Answer::of(whole)).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// The whole answer as YAML.
///
/// # Errors
/// What cannot be written; nothing that is known of.
pub fn yaml(whole: &Whole) -> Result<String, String> {
    serde_yaml::to_string(&Answer::of(whole)).map_err(|error| error.to_string())
}

/// The report, and beside it what is worked out only for whoever wants everything.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Each pod's topics by name, in the order of the report's pods.
    topics: Vec<BTreeMap<&'static str, Value>>,
    /// The report's problems with everything that validation, admission and advice add, and with the changes that mend
    /// them.
    every_problem: Vec<Problem>,
    /// The use cases of pull credentials, held against everything that was given.
    use_cases: Vec<Inspection>,
    /// The waits of a container that ends at once, under each setting of the kubelet.
    restart_curves: Vec<RestartCurve>,
}

impl<'a> Answer<'a> {
    fn of(whole: &'a Whole) -> Self {
        let report = &whole.report;
        let topics = |pod| topics::ALL.iter().map(|topic| (topic.name, (topic.value)(whole, pod))).collect();
        Self {
            report,
            topics: (0..report.pods.len()).map(topics).collect(),
            every_problem: whole.problems(),
            use_cases: UseCase::ALL.iter().map(|case| whole.use_case(*case)).collect(),
            restart_curves: whole.restart_curves(Duration::ZERO),
        }
    }
}
