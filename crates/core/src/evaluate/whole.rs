//! Everything about the session: the first answers, and what each further topic needs to be worked out on demand.

mod problems;

pub use problems::{Problem, Source};
pub mod effective;
mod lifecycle;
mod outlook;
pub mod placement;
mod pulls;
mod seen;

pub use lifecycle::LifeStage;
pub use outlook::{Outlook, Part};
pub mod environment;
pub mod stored;

use super::given::Given;
use super::node_side::NodeSide;
use super::{Report, first_answers};
use crate::api::{Object, Pod};
use crate::environment::ConfigError;
use crate::report::NodeReport;
use crate::session::Session;
use crate::simulation::{self, Simulated};
use placement::ground::Ground;
use std::cell::RefCell;
use std::rc::Rc;

/// The whole answer. [`Whole::report`] stands at once; a topic (placement, environment, life in time) is a method of
/// its own, in a file of its own, and costs nothing until it is asked for. The first answers alone are
/// [`super::evaluate`]'s: a page that shows no more need not download this.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The first answers, with the nodes' side of pulling beside them.
    pub report: Report,
    /// What was asked.
    pub session: Session,
    /// What was read.
    pub(super) given: Rc<Given>,
    /// What pods are placed on and with.
    ground: Rc<Ground>,
    /// What keeps each pod's containers from being configured, by their paths.
    config_errors: Rc<Vec<ConfigErrors>>,
    /// The nodes that were simulated, see [`Whole::pulls`].
    simulated: Rc<RefCell<Vec<Simulated>>>,
}

/// What keeps the containers of a pod from being configured: their paths, and everything that is missing.
type ConfigErrors = Vec<(String, Vec<ConfigError>)>;

impl Whole {
    /// Answers the session. It never fails: what cannot be read or evaluated is among the report's problems, and
    /// everything else is answered.
    #[must_use]
    pub fn of(session: Session) -> Self {
        let mut given = Given::read(&session);
        let mut report = first_answers(&session, &mut given);
        let mut ground = Ground::read(&session, &given, &report.documents);
        let placing = placement::refuse(&ground, &given, &session.cluster, &mut report.pods);
        ground.problems.clone_from(&placing);
        problems::refuse(&given, &session.cluster, &mut report.pods);
        let found = std::mem::take(&mut given.for_node).into_iter().map(|(_, kind, node)| (kind, node)).collect();
        let mut side = NodeSide::read(&session, found);
        let (kubelet, cluster) = side.kubelet(&session.cluster);
        let mut world = side.world(&given, cluster, kubelet.config.clone(), &report.pods);
        placement::arrive(&ground, &given, &session.cluster, &report.pods, &mut world);
        report.node = Some(NodeReport { kubelet, scenario: side.scenario });
        report.world = Some(Rc::new(world));
        report.take_problems(side.problems);
        report.take_problems(placing);
        report.take_problems(std::mem::take(&mut given.problems));
        let config_errors = Rc::default();
        let mut whole = Self {
            report,
            session,
            given: Rc::new(given),
            ground: Rc::new(ground),
            config_errors,
            simulated: Rc::default(),
        };
        whole.simulate();
        whole
    }

    /// What comes first on the nodes, with what keeps containers from being configured.
    fn simulate(&mut self) {
        let errors: Vec<ConfigErrors> = (0..self.report.pods.len()).map(|pod| self.find_config_errors(pod)).collect();
        let seen = self.seen();
        let Some(mut world) = self.report.world.take().map(Rc::unwrap_or_clone) else { return };
        world.seen = seen;
        for (facts, errors) in world.pods.iter_mut().zip(&errors) {
            let worst = |(path, errors): &(String, Vec<ConfigError>)| Some((path.clone(), environment::worst(errors)?));
            facts.unconfigured = errors.iter().filter_map(worst).collect();
        }
        self.config_errors = Rc::new(errors);
        let summaries = simulation::summaries(&self.report, &world);
        for (pod, summary) in self.report.pods.iter_mut().zip(summaries) {
            pod.pull = summary;
        }
        self.report.world = Some(Rc::new(world));
    }

    /// The pod at this position of [`Report::pods`], as it is written.
    #[must_use]
    pub fn pod(&self, position: usize) -> Option<&Pod> {
        self.given.pods.get(position).map(|(_, pod)| pod)
    }

    /// The objects of one kind, such as `RuntimeClass`, in the order in which they were given.
    pub fn objects(&self, kind: &str) -> impl Iterator<Item = &Object> {
        self.given.objects.iter().filter(move |object| object.kind == kind)
    }
}
