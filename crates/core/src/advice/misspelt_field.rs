//! A field that nearly has the name of one that there is.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::schema::Class;
use crate::trace::Written;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "misspelt-field",
    title: "A field nearly has the name of one that there is.",
    why: "The API server refuses unknown fields, or drops them where it is told to be lenient.",
    severity: Severity::Warning,
    doc: doc("reference/using-api/api-concepts/", "field-validation"),
    mends: &["unknown-field"],
    check,
    #[cfg(test)]
    example: || super::example::Example::containers("imagepullpolicy: Always", "imagePullPolicy: Always"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for known in ask.known.iter().filter(|known| known.code == Class::UnknownField.code()) {
        let Some(span) = known.span else { continue };
        let quoted = known.help.strip_prefix("Did you mean `").and_then(|rest| rest.strip_suffix("`?"));
        let Some(meant) = quoted else { continue };
        let value = ask.texts.slice(span).trim_matches('"').to_owned();
        let edit = ask.texts.replace(&Written { value, span }, meant);
        found.push(Finding::new(span, &known.message).path(&known.path).fix(format!("Write `{meant}`"), edit));
    }
}
