//! Every pod's way to its node in short, for what follows there: pulls, start and end.

use super::Placement;
use super::asked::Asked;
use super::ground::Ground;
use crate::evaluate::given::Given;
use crate::release::Cluster;
use crate::report::{PodReport, Tone, Verdict};
use crate::runtime::handlers::Choice;
use crate::scheduling::filter::{Fit, NodeFit, snapshot};
use crate::simulation::arrival::{Arrival, Held, Reached};
use crate::simulation::world::{Place, World};

/// Says of every pod how it comes to its node, or what holds it.
pub(in crate::evaluate) fn arrive(
    ground: &Ground,
    given: &Given,
    cluster: &Cluster,
    pods: &[PodReport],
    world: &mut World,
) {
    world.nodes = ground.given_nodes().iter().map(|node| node.name().to_owned()).collect();
    let infos = snapshot(&ground.nodes, &ground.bound, cluster);
    for (position, ((_, pod), report)) in given.pods.iter().zip(pods).enumerate() {
        let asked = Asked::new(pod, given, ground, cluster);
        let placement = asked.placement(report, &infos);
        let takers = placement.takers(world);
        if let Some(facts) = world.pods.get_mut(position) {
            facts.arrival = Arrival { takers, held: None, doubt: asked.class_doubt() };
        }
        let place = world.place(position, &report.namespace, &report.name);
        let Some((verdict, reached)) = placement.holds(&asked, report, world, &place) else { continue };
        let again = world.scenario.sync_after_error;
        let held = Held::new(verdict, reached, report, (&place, again), &world.cluster);
        if let Some(facts) = world.pods.get_mut(position) {
            facts.arrival.held = Some(held);
        }
    }
}

impl Placement {
    /// The given nodes that take the pod and have its handler; those without it where no other takes the pod.
    fn takers(&self, world: &World) -> Vec<String> {
        let given = |node: &&NodeFit| world.nodes.contains(&node.name);
        let fits =
            self.fit.iter().flat_map(|fit| &fit.nodes).filter(|node| node.fits).filter(given).map(|node| &node.name);
        let (lacking, able): (Vec<String>, Vec<String>) = fits.cloned().partition(|name| self.lacking.contains(name));
        if able.is_empty() { lacking } else { able }
    }

    /// Why nothing of the pod is started at its place. Only what was given counts: a class or a node that was not may be
    /// there.
    fn holds(&self, asked: &Asked, report: &PodReport, world: &World, place: &Place) -> Option<(Verdict, Reached)> {
        let of_this = |reached| Some((self.verdict.clone(), reached));
        if report.refused.is_some() {
            return of_this(Reached::Nothing);
        }
        if asked.runs_already() {
            return None;
        }
        if world.nodes.contains(&place.node)
            && let Some(reason) = self.bound.as_ref().and_then(|bound| bound.reason.as_ref())
        {
            return of_this(Reached::Refused(reason.clone()));
        }
        let put = world.place_of(&report.namespace, &report.name).is_some_and(|place| place.node.is_some());
        if let Some(message) = self.fit.as_ref().and_then(Fit::event)
            && !world.nodes.is_empty()
            && !put
            && place.scheduled
        {
            return of_this(Reached::NoNode(message));
        }
        // Where another node has the handler, the pod may well come to that one.
        if self.lacking.is_empty() || self.verdict.tone != Tone::Fails {
            return None;
        }
        let unknown = self.handlers.iter().find_map(|answer| match &answer.decision.outcome {
            Choice::Unknown { reason, message } => Some((reason, message)),
            Choice::Runs(_) => None,
        });
        let (reason, message) = unknown?;
        of_this(Reached::NoSandbox { reason: (*reason).to_owned(), message: message.clone() })
    }
}
