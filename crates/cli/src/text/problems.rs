//! Everything that is wrong or worth knowing: who says so, where, and what mends it.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_source::Severity;

/// The list, errors first; nothing if nothing is wrong.
pub fn section(whole: &Whole, page: &mut Page) {
    let problems = whole.problems();
    if problems.is_empty() {
        return;
    }
    page.line(0, "");
    page.line(0, "Problems");
    for problem in &problems {
        let found = &problem.diagnostic;
        let word = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        let path = if found.path.is_empty() { String::new() } else { format!("{}: ", found.path) };
        let place = page.place(found.span);
        page.line(2, &format!("{word}{place}: {path}{} [{}, {}]", found.message, problem.source.words(), found.code));
        if !found.help.is_empty() {
            page.line(4, &found.help);
        }
        if let Some(fix) = &problem.fix {
            page.line(4, &format!("Fix: {}.", fix.title));
        }
    }
}
