//! Which way to give credentials fits.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_core::use_cases::{FindingKind, UseCase};

/// Each use case, with what is missing, unsafe or needless, and the manifest that would do it.
pub fn section(whole: &Whole, out: &mut Page) {
    if whole.report.pods.is_empty() {
        return;
    }
    out.line(0, "");
    out.line(0, "Which way to give credentials fits");
    for case in UseCase::ALL {
        let inspection = whole.use_case(case);
        let likely = if case == whole.likely_use_case() { " (likely, by what is given)" } else { "" };
        out.line(2, &format!("If: {}{likely}", case.words()));
        out.line(4, case.recipe());
        for finding in &inspection.findings {
            let word = match finding.kind {
                FindingKind::Unsafe => "unsafe",
                FindingKind::Missing => "missing",
                FindingKind::Needless => "needless",
            };
            let place = out.place(finding.step.at);
            out.line(4, &format!("{word}: {}{place}", finding.step.finding));
        }
        if inspection.findings.is_empty() {
            out.line(4, "Nothing is missing or unsafe.");
        }
        for assumption in &inspection.assumptions {
            out.line(4, &format!("? {}", assumption.text));
        }
        if !inspection.findings.is_empty() && !inspection.manifest.is_empty() {
            out.line(4, "This would do it:");
            out.line(6, &inspection.manifest);
        }
    }
}
