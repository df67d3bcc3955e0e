//! Rules of the stage admission.

use super::rules;

rules! { Admission; }
