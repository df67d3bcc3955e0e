//! What an image's name points at: the image for a node's platform, and the digest behind a tag that may move.

use crate::image::reference::sub_span;
use crate::image::{PullPolicy, Reference};
use crate::report::Report;
use crate::rule::pulls as rules;
use crate::scenario::{Assumption, ImageFacts, Registry, chosen_platform};
use crate::simulation::world::World;
use crate::time::Duration;
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use serde::Serialize;
use std::collections::BTreeSet;

/// What the image of one container points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointsAt {
    /// The image as written.
    pub image: String,
    /// The platforms of its index; empty where the scenario names none.
    pub platforms: Vec<String>,
    /// What each node's runtime takes.
    pub nodes: Vec<OnNode>,
    /// Which digest runs where under each policy, if the tag moves.
    pub moved: Vec<UnderPolicy>,
    /// The image with its digest, in place of what is written.
    pub with_digest: Option<Edit>,
    /// What else there is to say about the name.
    pub trace: Vec<Step>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// What one node's runtime takes from the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnNode {
    /// The node.
    pub node: String,
    /// Its architecture.
    pub architecture: String,
    /// The platform that is taken; `None` if there is none for the node, and where no platforms are known.
    pub platform: Option<String>,
    /// Why.
    pub step: Step,
}

/// What runs under one pull policy when the tag moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnderPolicy {
    /// The policy.
    pub policy: &'static str,
    /// Each start of the container: on which node, when, and the digest that runs; `None` for one that is not started.
    pub starts: Vec<Start>,
    /// What that means, as a step.
    pub step: Step,
}

/// One start of the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Start {
    /// The node.
    pub node: String,
    /// When.
    pub at: Duration,
    /// The digest.
    pub digest: Option<String>,
}

/// A change of a text that a reader may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// What the image of a pod's container or image volume points at; both are positions in the report. `None` where no
/// valid image is named.
#[must_use]
pub fn points_at(report: &Report, pod: usize, container: usize) -> Option<PointsAt> {
    let world = report.world.as_deref()?;
    let pod_report = report.pods.get(pod)?;
    let container = pod_report.containers.get(container)?;
    let written = container.image.as_ref()?;
    let image = container.reference.as_ref()?.outcome.as_ref().ok()?;
    let place = world.place(pod, &pod_report.namespace, &pod_report.name);
    let registry = Registry::new(&world.scenario, report.release);
    let facts = registry.facts(image);
    let platforms = facts.map(|facts| facts.platforms.clone()).unwrap_or_default();
    let mut nodes: BTreeSet<&str> = world.scenario.nodes.iter().map(|node| node.name.as_str()).collect();
    nodes.extend(world.architectures.keys().map(String::as_str));
    nodes.insert(&place.node);
    let mut assumptions: Vec<Assumption> = place.assumption.into_iter().collect();
    let mut on_nodes = Vec::new();
    for node in nodes {
        let (architecture, said) = world.architecture(node);
        if !said {
            let text = format!("The node `{node}` has the architecture {architecture}.");
            assumptions.push(Assumption::new(format!("nodes[{node}].architecture"), text));
        }
        on_nodes.push(on_node(image, node, architecture, &platforms, world));
    }
    if platforms.is_empty() {
        let text = format!("`{}` has an image for every platform.", written.value);
        assumptions.push(Assumption::new(format!("images[{}].platforms", written.value), text));
    }
    let digest = registry.digest_at(image, place.at).filter(|_| image.digest.is_none());
    let with_digest = digest.map(|digest| Edit {
        span: sub_span(written, &(0..written.value.len())),
        text: format!("{}@{digest}", written.value),
    });
    let moved = facts.filter(|facts| !facts.moves.is_empty()).map(|facts| moved(facts, image, world, &place.node));
    Some(PointsAt {
        image: written.value.clone(),
        platforms,
        nodes: on_nodes,
        moved: moved.unwrap_or_default(),
        with_digest,
        trace: architecture_in_name(image).into_iter().collect(),
        assumptions,
    })
}

fn on_node(image: &Reference, node: &str, architecture: &str, platforms: &[String], world: &World) -> OnNode {
    let platform = chosen_platform(platforms, architecture).map(str::to_owned);
    let (mark, finding) = match &platform {
        Some(platform) => (Mark::Yes, format!("`{node}` is linux/{architecture} and takes {platform} from the index.")),
        None if platforms.is_empty() => {
            let finding =
                format!("`{node}` is linux/{architecture}; which platforms `{}` has is not known.", image.image);
            (Mark::Note, finding)
        }
        None => {
            let finding = format!(
                "`{node}` is linux/{architecture}, and the index of `{}` has only {}: the pull fails inside ErrImagePull.",
                image.image,
                platforms.join(", ")
            );
            (Mark::No, finding)
        }
    };
    let labelled = world.architectures.get(node).map(|(_, span)| *span);
    let step = Step::new(&rules::PLATFORM_CHOSEN, mark, finding).because(labelled);
    OnNode { node: node.to_owned(), architecture: architecture.to_owned(), platform, step }
}

/// The names of architectures that stood in image names before there were indexes.
const ARCHITECTURES: &[&str] =
    &["amd64", "arm64", "arm64v8", "arm", "arm32v7", "ppc64le", "s390x", "riscv64", "386", "i386"];

/// Old names carry an architecture: `registry/app-arm64` or `arm64v8/nginx`.
fn architecture_in_name(image: &Reference) -> Option<Step> {
    let path = &image.path.value;
    let named = ARCHITECTURES
        .iter()
        .find(|name| path.ends_with(&format!("-{name}")) || path.starts_with(&format!("{name}/")))?;
    let finding = format!(
        "The name says {named}: an image for one architecture only, which runs on no other node unless its own name is used there. An index needs no such suffix."
    );
    Some(Step::new(&rules::PLATFORM_CHOSEN, Mark::Note, finding))
}

/// A node that has the image before, starts it at once and again after each move, beside a node that comes last.
fn moved(facts: &ImageFacts, image: &Reference, world: &World, node: &str) -> Vec<UnderPolicy> {
    let registry = Registry::new(&world.scenario, world.cluster.release);
    let mut times = vec![Duration::ZERO];
    times.extend(facts.moves.iter().map(|moved| moved.at + Duration::from_secs(1)));
    let last = times.last().copied().unwrap_or_default();
    let late = "a node that joins later";
    let policies = [PullPolicy::Always, PullPolicy::IfNotPresent, PullPolicy::Never];
    let given = |node: &str| {
        let images = world.scenario.nodes.iter().filter(|given| given.name == node).flat_map(|given| &given.images);
        images
            .filter(|present| {
                crate::scenario::full_name(&present.image, world.cluster.release)
                    == crate::scenario::full_name(&image.image, world.cluster.release)
            })
            .map(|present| present.digest.clone().or_else(|| registry.digest_at(image, Duration::ZERO)))
            .next()
    };
    let runs = |policy: &PullPolicy, node: &str, times: &[Duration]| {
        let mut there = given(node);
        let mut starts = Vec::new();
        for at in times {
            let asks = match policy {
                PullPolicy::Always => true,
                PullPolicy::Never => false,
                _ => there.is_none(),
            };
            if asks {
                there = Some(registry.digest_at(image, *at));
            }
            let digest = there.as_ref().map(|digest| digest.clone().unwrap_or_else(|| "an unknown digest".to_owned()));
            starts.push(Start { node: node.to_owned(), at: *at, digest });
        }
        starts
    };
    let under = |policy: &PullPolicy| {
        let mut starts = runs(policy, node, &times);
        starts.extend(runs(policy, late, &[last]));
        let digests: BTreeSet<&str> = starts.iter().filter_map(|start| start.digest.as_deref()).collect();
        let now: BTreeSet<&str> =
            starts.iter().filter(|start| start.at == last).filter_map(|start| start.digest.as_deref()).collect();
        let absent = starts.iter().filter(|start| start.digest.is_none()).count();
        let (mark, finding) = match (policy, now.len(), digests.len()) {
            (PullPolicy::Never, _, _) if absent > 0 => {
                let finding = "A node without the image does not start the container at all: ErrImageNeverPull.";
                (Mark::No, finding.to_owned())
            }
            (_, 0 | 1, 0 | 1) => (Mark::Yes, "Every start runs the same digest.".to_owned()),
            (_, 0 | 1, count) => {
                let finding =
                    format!("{count} digests run one after another: each new start takes what the tag points at then.");
                (Mark::No, finding)
            }
            (_, count, _) => {
                let finding = format!(
                    "{count} digests run at the same time: `{node}` keeps what it has, and a node that pulls later gets another one."
                );
                (Mark::No, finding)
            }
        };
        let name = match policy {
            PullPolicy::Always => "Always",
            PullPolicy::Never => "Never",
            _ => "IfNotPresent",
        };
        UnderPolicy { policy: name, starts, step: Step::new(&rules::TAG_MOVES, mark, finding) }
    };
    policies.iter().map(under).collect()
}
