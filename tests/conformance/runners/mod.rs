//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

mod manifest_decode;
mod quantity;

use crate::Suite;
use crate::compare::agree;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[
    Suite { name: "manifest-decode", run: manifest_decode::run, agrees: manifest_decode::agrees },
    Suite { name: "quantity", run: quantity::run, agrees: agree },
];
