//! Rules of the container's environment.

use super::rules;

rules! { Environment; }
