//! How long a container that ends again and again waits for its next start.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_core::time::Duration;

/// The waits under each setting of the kubelet.
pub fn section(whole: &Whole, out: &mut Page) {
    let curves = whole.restart_curves(Duration::ZERO);
    if whole.report.pods.is_empty() || curves.is_empty() {
        return;
    }
    out.line(0, "");
    out.line(0, "Waits before a restart (CrashLoopBackOff), for a container that ends at once");
    for curve in &curves {
        out.steps(2, [&curve.step]);
        let waits: Vec<String> = curve.restarts.iter().map(|restart| restart.waited.to_string()).collect();
        out.line(4, &waits.join(", "));
    }
}
