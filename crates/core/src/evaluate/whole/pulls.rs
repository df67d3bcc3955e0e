//! The node's side of images: pulls over time, what names point at, and the ways to give credentials.

use super::Whole;
use crate::simulation::edit::Edit;
use crate::simulation::outcome::PullReport;
use crate::simulation::points_at::{PointsAt, points_at};
use crate::simulation::restarts::{RestartCurve, restart_curves};
use crate::simulation::simulate_node;
use crate::simulation::sources::{CredentialSources, sources};
use crate::time::Duration;
use crate::use_cases::{Inspection, UseCase, inspect, likely};

impl Whole {
    /// What happens to a pod's images over time; see [`crate::simulation::simulate`], also for its price. The pods of a
    /// node are simulated together, once.
    #[must_use]
    pub fn pulls(&self, pod: usize) -> Option<PullReport> {
        if let Some(known) = self.simulated.borrow().iter().find_map(|node| node.report(pod)) {
            return Some(known);
        }
        let node = simulate_node(&self.report, pod)?;
        let report = node.report(pod);
        self.simulated.borrow_mut().push(node);
        report
    }

    /// What the image of a pod's container or image volume points at; both are positions in the report.
    #[must_use]
    pub fn points_at(&self, pod: usize, container: usize) -> Option<PointsAt> {
        points_at(&self.report, pod, container)
    }

    /// Where the credentials for a pod's images come from.
    #[must_use]
    pub fn credential_sources(&self, pod: usize) -> Option<CredentialSources> {
        sources(&self.report, &self.session.kubelet, pod)
    }

    /// How a way to give credentials fits everything that was given.
    #[must_use]
    pub fn use_case(&self, case: UseCase) -> Inspection {
        inspect(&self.report, case)
    }

    /// The way to give credentials that is most likely meant, by what is given.
    #[must_use]
    pub fn likely_use_case(&self) -> UseCase {
        likely(&self.report)
    }

    /// How long containers whose runs last as long as `run` wait for their next start, under each setting there is.
    #[must_use]
    pub fn restart_curves(&self, run: Duration) -> Vec<RestartCurve> {
        self.report.world.as_deref().map(|world| restart_curves(world, run)).unwrap_or_default()
    }

    /// The scenario, to be changed. `None` for no answer at all.
    #[must_use]
    pub fn edit_scenario(&self) -> Option<Edit> {
        self.report.world.as_deref().map(Edit::of)
    }
}
