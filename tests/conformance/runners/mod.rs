//! A runner for each suite: it turns a case's input into a call of the rules, and the answer into the suite's shape.

use crate::Suite;

/// Every suite that has a runner.
pub static SUITES: &[Suite] = &[];
