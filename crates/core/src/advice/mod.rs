//! What is allowed and still likely not what was meant: one file for each rule, with its decision, its words and an
//! example that has the problem and one that has not. The list of files is the list of rules.
//!
//! Advice is the page's own opinion, and it is kept apart from what Kubernetes refuses: it never is an error. A fix is
//! offered only where the change that mends the matter can be stated, and it brings no new problem.

mod ask;
mod edit;
#[cfg(test)]
pub(crate) mod example;
mod keys;
mod names;

pub use ask::{Ask, AskedImage, AskedPod};
pub use edit::{Edit, Fix, Texts, apply};

use crate::rule::DocLink;
use podwhy_source::{Diagnostic, Severity, Span};
use serde::Serialize;

/// Declares the rules' modules, and the table that lists them.
macro_rules! advice_rules {
    ($($module:ident)*) => {
        $(mod $module;)*
        /// Every rule of advice, in the order of a pod's life.
        pub static RULES: &[&AdviceRule] = &[$(&$module::RULE),*];
    };
}

advice_rules! {
    latest_tag
    digest_beside_tag
    hub_server_image
    misspelt_policy
    stale_image
    never_absent
    always_pull_images
    idle_pull_secret
    secret_type
    secret_namespace
    secret_name
    pull_secret_twice
    registry_twice
    account_secrets
    account_list_unused
    other_account
    key_prefix
    key_never_matches
    hub_key
    wildcard_key
    key_port
    key_host
    key_path
    short_lived_token
    credential_store
    plain_text_in_data
    base64_in_string_data
    password_newline
    trailing_newline
    hook_outlives_grace
    no_grace
    shell_sleep
    hook_port
    tcp_hook
    https_hook
    http_post_start
    post_start_waits
    pre_stop_at_end
    undefined_reference
    shell_reference
    env_twice
    env_name
    env_key
    env_namespace
    many_services
    sub_path
    class_unserved
    overhead_by_hand
    fractional_bytes
    request_above_limit
    host_port
    old_account_field
}

/// One rule of advice.
#[derive(Debug, Serialize)]
pub struct AdviceRule {
    /// A stable name, such as `moving-tag`.
    pub id: &'static str,
    /// What the rule looks for, as a plain sentence.
    pub title: &'static str,
    /// Why that matters and what to do, as plain sentences.
    pub why: &'static str,
    /// How much it matters: a warning, or a note.
    pub severity: Severity,
    /// Where the documentation speaks of it.
    pub doc: Option<DocLink>,
    /// The codes of problems that other stages report about the same: at the same place they are told once, with the
    /// advice's fix.
    #[serde(skip)]
    pub(crate) mends: &'static [&'static str],
    #[serde(skip)]
    pub(crate) check: fn(&Ask, &mut Vec<Finding>),
    /// An example that has the problem, and one that has not.
    #[cfg(test)]
    #[serde(skip)]
    pub(crate) example: fn() -> example::Example,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    at: Span,
    path: String,
    message: String,
    fix: Option<Fix>,
    /// Less than its rule's severity: a note.
    note: bool,
}

impl Finding {
    /// A finding about what stands here.
    fn new(at: Span, message: impl Into<String>) -> Self {
        Self { at, path: String::new(), message: message.into(), fix: None, note: false }
    }

    /// The same with the path of the field.
    fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same as a note, whatever its rule says.
    fn note(mut self) -> Self {
        self.note = true;
        self
    }

    /// The same with the change that mends it, if there is one.
    fn fix(mut self, title: impl Into<String>, edit: impl IntoIterator<Item = Edit>) -> Self {
        self.fix = Fix::new(title, edit);
        self
    }
}

/// One piece of advice.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The rule that gives it.
    pub rule: &'static AdviceRule,
    /// The advice in words, with its place.
    pub diagnostic: Diagnostic,
    /// What mends it, where that can be stated.
    pub fix: Option<Fix>,
}

/// Everything that the rules have to say.
#[must_use]
pub fn advise(ask: &Ask) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(ask, &mut found);
        remarks.extend(found.drain(..).map(|finding| Remark {
            rule,
            diagnostic: Diagnostic {
                severity: if finding.note { Severity::Info } else { rule.severity },
                code: rule.id,
                message: finding.message,
                help: rule.why.to_owned(),
                path: finding.path,
                span: Some(finding.at),
            },
            fix: finding.fix,
        }));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_and_sentences() {
        assert!(RULES.len() >= 24, "{}", RULES.len());
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES.iter().skip(index + 1).all(|other| other.id != rule.id), "{} stands twice", rule.id);
            assert!(rule.title.ends_with('.') && rule.why.ends_with('.'), "{}: no sentences", rule.id);
            assert!(rule.severity != Severity::Error, "{}: advice is no error", rule.id);
        }
    }
}
