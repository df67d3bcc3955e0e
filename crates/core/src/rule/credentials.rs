//! Rules of the stage credentials.

use super::rules;

rules! { Credentials; }

super::doc_notes! {}
