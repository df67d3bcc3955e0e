//! Rules of the stage api.

use super::rules;

rules! { Api; }
