//! Which way to give credentials fits: the documentation's four use cases, held against what was given.

mod manifest;
mod pull_secret;

use crate::credentials::advice::AdviceKind;
use crate::credentials::keyring::Source;
use crate::credentials::secrets::SecretState;
use crate::feature::Feature;
use crate::image::Reference;
use crate::release::AdmissionPlugin;
use crate::report::{PodReport, Report};
use crate::rule::{Rule, credentials as rules};
use crate::scenario::Assumption;
use crate::simulation::world::World;
use crate::trace::{Mark, Step};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a cluster wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UseCase {
    /// Only images that everyone in the world may have.
    Open,
    /// Proprietary images that every user of the cluster may see.
    VisibleToAll,
    /// Proprietary images, some of which only some users may see.
    Strict,
    /// Tenants, each with a registry of its own.
    Tenants,
}

impl UseCase {
    /// Every use case, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Open, Self::VisibleToAll, Self::Strict, Self::Tenants];

    /// What is wanted, to choose from.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "All images are open: anybody may have them.",
            Self::VisibleToAll => "Some images are proprietary, and everybody in the cluster may use them.",
            Self::Strict => "Some images are proprietary, and only some pods may use them.",
            Self::Tenants => "The cluster has tenants, and each has a private registry of its own.",
        }
    }

    /// What to do, in one sentence.
    #[must_use]
    pub fn recipe(self) -> &'static str {
        match self {
            Self::Open => "Give no credentials at all.",
            Self::VisibleToAll => {
                "Put the credentials on every node, or use a credential provider plug-in; pods name no pull secret."
            }
            Self::Strict => {
                "Turn AlwaysPullImages on (or let the kubelets verify credentials), and give each namespace that may use the images a pull secret."
            }
            Self::Tenants => {
                "Turn AlwaysPullImages on, give each tenant a credential that opens only its own registry, and put it into the ServiceAccounts of its namespaces."
            }
        }
    }
}

/// How something stands against the use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// It works, and lets too many in or nobody know what runs.
    Unsafe,
    /// Without it the use case does not work.
    Missing,
    /// It does nothing.
    Needless,
}

/// Something that does not fit the use case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub kind: FindingKind,
    /// What, and where.
    pub step: Step,
}

/// A use case held against what was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// The use case.
    pub case: UseCase,
    /// What does not fit; nothing if all is well.
    pub findings: Vec<Finding>,
    /// What would do it: manifests, or the node's file. Empty where nothing is needed.
    pub manifest: String,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// Holds a use case against everything that was given.
#[must_use]
pub fn inspect(report: &Report, case: UseCase) -> Inspection {
    let Some(world) = report.world.as_deref() else {
        return Inspection { case, findings: Vec::new(), manifest: String::new(), assumptions: Vec::new() };
    };
    let mut look = Look { report, world, findings: Vec::new() };
    for pod in &report.pods {
        look.secrets(pod);
        look.tags(pod);
    }
    match case {
        UseCase::Open => look.open(),
        UseCase::VisibleToAll => look.visible_to_all(),
        UseCase::Strict => look.strict(),
        UseCase::Tenants => {
            look.strict();
            look.tenants();
        }
    }
    let mut findings = look.findings;
    findings.sort_by_key(|finding| finding.kind);
    findings.dedup();
    let private = private_registries(report, world);
    let manifest = manifest::of(case, &private);
    let hosts: BTreeSet<&String> = private.values().flatten().collect();
    let unsaid = hosts.into_iter().filter(|host| {
        case != UseCase::Open
            && !world.scenario.registries.iter().any(|said| said.registry == **host && said.open.is_some())
    });
    let assumptions = unsaid
        .map(|host| {
            Assumption::new(format!("registries[{host}].open"), format!("The images of `{host}` are proprietary."))
        })
        .collect();
    Inspection { case, findings, manifest, assumptions }
}

/// The use case that is most likely meant, by what is given: open images, tenants in namespaces of their own, pods with
/// pull secrets, or else credentials of the nodes.
#[must_use]
pub fn likely(report: &Report) -> UseCase {
    let Some(world) = report.world.as_deref() else { return UseCase::Open };
    let private = private_registries(report, world);
    let with_secrets: BTreeSet<&str> =
        report.pods.iter().filter(|pod| !pod.pull_secrets.is_empty()).map(|pod| pod.namespace.as_str()).collect();
    match (private.len(), with_secrets.len()) {
        (0, _) => UseCase::Open,
        (_, 0) => UseCase::VisibleToAll,
        (_, 1) => UseCase::Strict,
        _ => UseCase::Tenants,
    }
}

/// The registries of images that are not known to be open, by namespace.
fn private_registries(report: &Report, world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pod in &report.pods {
        for image in images(pod).filter(|image| !world.scenario.is_open(image)) {
            found.entry(pod.namespace.clone()).or_default().insert(image.registry.value.clone());
        }
    }
    found
}

fn images(pod: &PodReport) -> impl Iterator<Item = &Reference> {
    pod.containers.iter().filter_map(|container| container.reference.as_ref()?.outcome.as_ref().ok())
}

struct Look<'a> {
    report: &'a Report,
    world: &'a World,
    findings: Vec<Finding>,
}

impl Look<'_> {
    fn add(&mut self, kind: FindingKind, step: Step) {
        self.findings.push(Finding { kind, step });
    }

    fn say(&mut self, kind: FindingKind, rule: &'static Rule, finding: String, at: Option<podwhy_source::Span>) {
        self.add(kind, Step::new(rule, Mark::No, finding).at(at));
    }

    /// Pull secrets that give nothing, or nothing for any image of the pod.
    fn secrets(&mut self, pod: &PodReport) {
        for (position, secret) in pod.pull_secrets.iter().enumerate() {
            if !matches!(secret.state, SecretState::Used(_)) {
                self.add(FindingKind::Missing, secret.reason.clone());
                continue;
            }
            let of_this = |source: &Source| matches!(source, Source::Secret { position: at, .. } if *at == position);
            let lookups = || pod.containers.iter().filter_map(|container| container.lookup.as_ref());
            let fits = lookups().flat_map(|lookup| lookup.attempts()).any(|attempt| of_this(&attempt.source));
            if !fits && lookups().next().is_some() {
                let finding = format!("No key of the Secret `{}` fits an image of {}.", secret.name, pod.title);
                self.say(FindingKind::Needless, &rules::SECRET_FITS_NO_IMAGE, finding, secret.reason.at);
            }
        }
    }

    fn tags(&mut self, pod: &PodReport) {
        for container in &pod.containers {
            let Some(Ok(image)) = container.reference.as_ref().map(|reference| &reference.outcome) else { continue };
            if image.digest.is_none() && image.tag.as_ref().is_some_and(|tag| tag.value == "latest") {
                let finding = format!(
                    "`{}` is pulled as `latest`: two nodes may run different versions, and none can be named to go back to.",
                    image.image
                );
                let at = container.image.as_ref().map(|image| image.span);
                self.say(FindingKind::Unsafe, &rules::TAG_IN_PRODUCTION, finding, at);
            }
        }
    }

    fn open(&mut self) {
        for pod in &self.report.pods {
            for secret in &pod.pull_secrets {
                let finding =
                    format!("{} names the pull secret `{}`, and open images need none.", pod.title, secret.name);
                self.say(FindingKind::Needless, &rules::USE_CASE_OPEN, finding, secret.reason.at);
            }
        }
    }

    /// Every proprietary image needs a credential of the node's.
    fn visible_to_all(&mut self) {
        for pod in &self.report.pods {
            for container in &pod.containers {
                let Some(Ok(image)) = container.reference.as_ref().map(|reference| &reference.outcome) else {
                    continue;
                };
                let from_node = container
                    .lookup
                    .as_ref()
                    .is_some_and(|lookup| lookup.attempts().any(|attempt| attempt.source == Source::NodeFile));
                let by_plug_in = self.world.cluster.has(Feature::KubeletCredentialProviders)
                    && self.world.providers.providers.iter().any(|provider| provider.fits(&image.name()).is_some());
                if self.world.scenario.is_open(image) || from_node || by_plug_in {
                    continue;
                }
                let finding = format!(
                    "Neither the node's file nor a credential provider plug-in has a credential for `{}`.",
                    image.image
                );
                let at = container.image.as_ref().map(|image| image.span);
                self.say(FindingKind::Missing, &rules::USE_CASE_NODE, finding, at);
            }
        }
    }

    /// Who has no right to an image must neither find it on the node nor find a credential there.
    fn strict(&mut self) {
        let policy = self.world.config.credentials_verification_policy.as_deref();
        let verifies =
            self.world.cluster.has(Feature::KubeletEnsureSecretPulledImages) && policy != Some("NeverVerify");
        if !self.world.cluster.admits_with(AdmissionPlugin::AlwaysPullImages) && !verifies {
            let finding = "AlwaysPullImages is off: every pod on a node may run an image that another pod pulled there, without any credential.";
            self.say(FindingKind::Unsafe, &rules::ALWAYS_PULL_ON_SHARED_NODES, finding.to_owned(), None);
        }
        for pod in &self.report.pods {
            for container in &pod.containers {
                let Some(Ok(image)) = container.reference.as_ref().map(|reference| &reference.outcome) else {
                    continue;
                };
                let Some(lookup) = container.lookup.as_ref().filter(|_| !self.world.scenario.is_open(image)) else {
                    continue;
                };
                let at = container.image.as_ref().map(|image| image.span);
                let from = |secret: bool| {
                    lookup.attempts().find(|attempt| matches!(attempt.source, Source::Secret { .. }) == secret)
                };
                if let Some(node) = from(false) {
                    let finding = format!(
                        "The nodes have a credential for `{}` (`{}`), so every pod of the cluster may pull it.",
                        image.image, node.written
                    );
                    self.add(
                        FindingKind::Unsafe,
                        Step::new(&rules::USE_CASE_SECRET, Mark::No, finding).at(node.span).because(at),
                    );
                }
                if from(true).is_none() {
                    let finding = format!("{} has no pull secret that fits `{}`.", pod.title, image.image);
                    self.say(FindingKind::Missing, &rules::USE_CASE_SECRET, finding, at);
                }
            }
            self.prefixes(pod);
        }
    }

    /// Keys with a path also fit repositories whose names only begin so.
    fn prefixes(&mut self, pod: &PodReport) {
        for key in pod.keys.iter().filter(|key| matches!(key.source, Source::Secret { .. })) {
            let prefix = key.advice.iter().find(|advice| advice.kind == AdviceKind::PathIsPrefix);
            if prefix.is_some() {
                let finding = format!(
                    "The credential for `{}` is also offered to repositories whose names only begin so, such as `{}-other`. End the key with a slash.",
                    key.written, key.written
                );
                self.say(FindingKind::Unsafe, &rules::KEY_OFFERED_FURTHER, finding, Some(key.span));
            }
        }
    }

    /// A tenant's credential must not fit, or be, another tenant's.
    fn tenants(&mut self) {
        let report = self.report;
        for (at, pod) in report.pods.iter().enumerate() {
            let others = report.pods.iter().filter(|other| other.namespace != pod.namespace);
            let foreign: Vec<&Reference> =
                others.flat_map(images).filter(|image| !self.world.scenario.is_open(image)).collect();
            let of_secrets = |pod: &PodReport| {
                pod.keys.iter().filter(|key| matches!(key.source, Source::Secret { .. })).cloned().collect::<Vec<_>>()
            };
            for key in of_secrets(pod) {
                let opened = foreign.iter().find(|image| {
                    crate::credentials::url_match::urls_match(&key.written, &image.name(), None).matched
                        && !images(pod).any(|own| own.name() == image.name())
                });
                if let Some(image) = opened {
                    let finding = format!(
                        "The credential of `{}` for `{}` also fits `{}`, which another tenant uses.",
                        pod.namespace, key.written, image.image
                    );
                    self.say(FindingKind::Unsafe, &rules::KEY_OFFERED_FURTHER, finding, Some(key.span));
                }
                let earlier = report.pods.iter().take(at).filter(|other| other.namespace != pod.namespace);
                let same = earlier
                    .filter(|other| of_secrets(other).iter().any(|known| known.credential == key.credential))
                    .map(|other| other.namespace.clone())
                    .next();
                if let Some(namespace) = same {
                    let finding = format!(
                        "`{}` and `{namespace}` have the same user and password, so neither keeps the other out.",
                        pod.namespace
                    );
                    self.say(FindingKind::Unsafe, &rules::USE_CASE_SECRET, finding, Some(key.span));
                }
            }
        }
    }
}
