//! Where the credentials for a pod's images come from, in the order in which they are tried.

use crate::credentials::search_path::search_paths;
use crate::feature::Feature;
use crate::pulls::built_in;
use crate::pulls::credential_plugin::Plugins;
use crate::report::{PodReport, Report};
use crate::rule::{Rule, credentials as credential_rules, pulls as rules};
use crate::session::KubeletPaths;
use crate::simulation::world::World;
use crate::time::Duration;
use crate::trace::{Change, Mark, Step};
use serde::Serialize;
use std::collections::BTreeSet;

/// A source of credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialSource {
    /// What it is called.
    pub name: &'static str,
    /// Its turn, from 1; sources of one turn are sorted together by their keys.
    pub turn: usize,
    /// What it has for the pod's images.
    pub steps: Vec<Step>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialSources {
    /// In the order of their turns.
    pub sources: Vec<CredentialSource>,
    /// How the order came about.
    pub order: Vec<Step>,
    /// Where another release has another order.
    pub changes: Vec<Change>,
}

/// The sources of credentials for the pod at this position of the report. `None` where there is no such pod.
#[must_use]
pub fn sources(report: &Report, kubelet: &KubeletPaths, pod: usize) -> Option<CredentialSources> {
    let world = report.world.as_deref()?;
    let pod_report = report.pods.get(pod)?;
    let release = world.cluster.release;
    let apart = rules::PROVIDERS_AFTER_NODE_FILE.holds_in(release);
    let mut of_secrets = pod_report.pull_secret_names.trace.clone();
    of_secrets.extend(pod_report.pull_secrets.iter().map(|secret| secret.reason.clone()));
    let sources = [
        ("Pull secrets of the pod, or else of its ServiceAccount", 1, of_secrets),
        ("The node's credentials file", 2, of_file(report, kubelet)),
        ("Cloud registries that the kubelet knows by itself", 2, of_clouds(pod_report, world)),
        ("Credential provider plug-ins", if apart { 3 } else { 2 }, of_plugins(pod_report, world, pod)),
    ];
    let sources = sources
        .into_iter()
        .filter(|(_, _, steps)| !steps.is_empty())
        .map(|(name, turn, steps)| CredentialSource { name, turn, steps })
        .collect();
    let finding = if apart {
        format!("{release} tries the pull secrets first, then the node's file, then what plug-ins give.")
    } else {
        format!(
            "{release} tries the pull secrets first, then all keys of the node's file and of plug-ins, sorted together."
        )
    };
    Some(CredentialSources {
        sources,
        order: vec![Step::new(&rules::PROVIDERS_AFTER_NODE_FILE, Mark::Note, finding)],
        changes: rules::PROVIDERS_AFTER_NODE_FILE.since.into_iter().map(order_change).collect(),
    })
}

fn order_change(since: crate::release::Since) -> Change {
    Change {
        since,
        before:
            "The keys of the node's file and of plug-ins are sorted together, so a longer key of a plug-in goes first."
                .to_owned(),
        after: "Every matching key of the node's file goes before what plug-ins give.".to_owned(),
    }
}

fn of_file(report: &Report, kubelet: &KubeletPaths) -> Vec<Step> {
    if !report.node_file.trace.is_empty() {
        return report.node_file.trace.clone();
    }
    let places: Vec<String> = search_paths(kubelet).into_iter().map(|path| format!("`{}`", path.path)).collect();
    let finding = format!("No file is given. The kubelet looks at {}, in this order.", places.join(", "));
    vec![Step::new(&credential_rules::NODE_FILE_SEARCH, Mark::Note, finding)]
}

fn repositories(pod: &PodReport) -> BTreeSet<(String, String)> {
    let images = pod.containers.iter().filter_map(|container| container.reference.as_ref()?.outcome.as_ref().ok());
    images.map(|image| (image.name(), image.registry.value.clone())).collect()
}

fn of_clouds(pod: &PodReport, world: &World) -> Vec<Step> {
    let hosts: BTreeSet<String> = repositories(pod).into_iter().map(|(_, host)| host).collect();
    hosts.iter().filter_map(|host| built_in::step(host, &world.cluster)).collect()
}

/// What each plug-in does about each image, when it is asked for the first time.
fn of_plugins(pod: &PodReport, world: &World, position: usize) -> Vec<Step> {
    if world.providers.providers.is_empty() {
        return Vec::new();
    }
    if !world.cluster.has(Feature::KubeletCredentialProviders) {
        let finding = format!(
            "A kubelet of {} asks no plug-in: the feature gate KubeletCredentialProviders is off.",
            world.cluster.release
        );
        return vec![Step::new(&rules::CREDENTIAL_PROVIDER_ASKED, Mark::No, finding)];
    }
    let first = pod.pull.as_ref().map(|pull| pull.first.as_slice()).unwrap_or_default();
    let mut steps: Vec<Step> = Vec::new();
    for (container, round) in pod.containers.iter().zip(first) {
        let (Some(round), Some(image)) = (round, container.image.as_ref()) else { continue };
        let asked: Vec<&Step> = round.trace.iter().filter(|step| ABOUT_PLUGINS.contains(&step.rule)).collect();
        let fresh: Vec<Step> = asked.iter().filter(|step| !steps.contains(step)).map(|step| (*step).clone()).collect();
        steps.extend(fresh);
        if asked.is_empty() && container.reference.as_ref().is_some_and(|reference| reference.outcome.is_ok()) {
            let finding = format!("`{}` needs no pull of `{}`, so no plug-in is asked.", container.name, image.value);
            steps.push(Step::new(&rules::CREDENTIAL_PROVIDER_ASKED, Mark::Note, finding).at(image.span));
        }
    }
    if steps.is_empty() { would_be_asked(pod, world, position) } else { steps }
}

/// The rules of which the steps about plug-ins speak.
static ABOUT_PLUGINS: [&Rule; 3] =
    [&rules::CREDENTIAL_PROVIDER_ASKED, &rules::PROVIDER_TOKENS, &rules::PLUGINS_ASKED_THOUGH_PRESENT];

/// What the plug-ins would do about the images of a pod that nothing starts.
fn would_be_asked(pod: &PodReport, world: &World, position: usize) -> Vec<Step> {
    let finding = "No kubelet comes to an image of this pod. If it did, this would follow:";
    let mut steps = vec![Step::new(&rules::CREDENTIAL_PROVIDER_ASKED, Mark::Note, finding)];
    let asker = world.pods.get(position).map(|facts| facts.asker("", &world.cluster));
    let mut plugins = Plugins::new(&world.providers);
    for (repository, _) in repositories(pod) {
        let pulled = plugins.pull(&repository, Duration::ZERO, asker.as_ref(), |name| world.executes(name));
        steps.extend(pulled.trace);
    }
    steps
}
