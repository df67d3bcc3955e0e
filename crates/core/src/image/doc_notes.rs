//! Which of the documentation's claims about images bear on one container.

use super::reference::DEFAULT_TAG;
use super::{InvalidReference, PullPolicy, Reference};
use crate::rule::{DocNote, image as rules};
use crate::trace::Decision;

/// The claims that a reader of the documentation would hold against this very answer.
#[must_use]
pub fn notes(reference: &Result<Reference, InvalidReference>, policy: &Decision<PullPolicy>) -> Vec<&'static DocNote> {
    let by = |rule| policy.trace.iter().any(|step| std::ptr::eq(step.rule, rule));
    let defaulted = by(&rules::DEFAULT_PULL_POLICY_LATEST) || by(&rules::DEFAULT_PULL_POLICY_OTHER);
    let mut notes: Vec<&'static DocNote> = Vec::new();
    match reference {
        Err(_) => {
            notes.push(&rules::INVALID_NAME_NEVER_BACKS_OFF);
            notes.extend(defaulted.then_some(&rules::LATEST_IN_LOWER_CASE));
        }
        Ok(reference) if defaulted => match (&reference.tag, &reference.digest) {
            (Some(tag), Some(_)) if tag.value == DEFAULT_TAG => notes.push(&rules::DIGEST_AND_LATEST),
            (Some(tag), _) if tag.value == DEFAULT_TAG => notes.push(&rules::DEFAULT_OF_ALL),
            (Some(tag), _) if tag.value.eq_ignore_ascii_case(DEFAULT_TAG) => notes.push(&rules::LATEST_IN_LOWER_CASE),
            (None, Some(_)) => notes.push(&rules::DIGEST_UNMENTIONED),
            _ => {}
        },
        Ok(_) => {}
    }
    notes
}
