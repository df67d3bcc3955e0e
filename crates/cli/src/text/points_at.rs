//! What the images' names point at.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_core::simulation::points_at::PointsAt;

/// Each image's platform on each node, and the digests behind its tag.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let containers = whole.report.pods.get(pod).map_or(0, |pod| pod.containers.len());
    let mut all: Vec<PointsAt> = Vec::new();
    for points in (0..containers).filter_map(|position| whole.points_at(pod, position)) {
        if !all.iter().any(|known| known.image == points.image) {
            all.push(points);
        }
    }
    if all.is_empty() {
        return;
    }
    out.heading("What the images' names point at");
    for points in &all {
        out.line(4, &points.image);
        out.steps(6, points.nodes.iter().map(|node| &node.step));
        for under in &points.moved {
            out.line(6, &format!("with the policy {}", under.policy));
            for start in &under.starts {
                let digest = start.digest.as_deref().unwrap_or("is not started");
                out.line(8, &format!("{} at {}: {digest}", start.node, start.at));
            }
            out.steps(8, [&under.step]);
        }
        out.steps(6, &points.trace);
        if let Some(edit) = &points.with_digest {
            out.line(6, &format!("Named by its digest it cannot move: {}", edit.text));
        }
    }
    let mut assumptions: Vec<_> = all.iter().flat_map(|points| points.assumptions.clone()).collect();
    assumptions.sort();
    assumptions.dedup();
    out.assumptions(4, &assumptions);
}
