//! Where credentials come from.

use super::Page;
use podwhy_core::evaluate::Whole;

/// Each source in its turn, with what it has for the pod's images.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(found) = whole.credential_sources(pod) else { return };
    out.heading("Sources of credentials");
    out.steps(4, &found.order);
    for source in &found.sources {
        out.line(4, &format!("{}. {}", source.turn, source.name));
        out.steps(6, &source.steps);
    }
    out.changes(4, &found.changes);
}
