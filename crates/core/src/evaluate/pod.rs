//! One pod through every stage: admission, image names and policies, credentials.

use super::given::{Given, refuses};
use crate::admission::service_account::{self, Known};
use crate::admission::{Request, always_pull_images};
use crate::api::{Pod, Role, Secret, ServiceAccount};
use crate::credentials::docker_config::DockerConfig;
use crate::credentials::keyring::Keyrings;
use crate::credentials::secrets::{self, PullSecret, SecretState};
use crate::feature::{FEATURES, Feature, FeatureSpec};
use crate::image::{PullPolicy, doc_notes, pull_policy, reference};
use crate::release::{AdmissionPlugin, Cluster, Since};
use crate::report::{ContainerReport, ImageUser, NodeFileReport, PodReport, Tone, Verdict};
use crate::rule::admission::IMAGE_VOLUMES_NOT_FORCED;
use crate::trace::{Change, Decision, Field, Origin, Written};
use crate::verdict::Facts;
use podwhy_source::{Diagnostic, Span};

/// What a pod meets: the cluster and everything else that was given.
pub(super) struct Surroundings<'a> {
    given: &'a Given,
    accounts: Known<'a>,
    cluster: &'a Cluster,
    node_config: Option<&'a DockerConfig>,
    /// Whether a node's file was given that the kubelet does not read.
    node_file_unread: bool,
}

impl<'a> Surroundings<'a> {
    pub fn new(given: &'a Given, cluster: &'a Cluster, node_file: &'a NodeFileReport) -> Self {
        let accounts: &[ServiceAccount] = &given.accounts;
        let content = node_file.content.as_ref();
        Self {
            given,
            accounts: Known::some(accounts),
            cluster,
            node_config: content.filter(|_| node_file.read).and_then(|content| content.as_ref().ok()),
            node_file_unread: content.is_some() && !node_file.read,
        }
    }

    fn secrets(&self) -> &'a [Secret] {
        &self.given.secrets
    }
}

pub(super) fn evaluate(document: usize, pod: &Pod, around: &Surroundings) -> (PodReport, Vec<Diagnostic>) {
    let stored = around.given.stored_for(pod);
    let request = Request::applying(pod, stored);
    let policies = policies(pod, stored, &request, around.cluster);
    let mut problems = pull_policy::api_errors(pod, &outcomes(&policies), around.cluster);
    let refused_by_validation = problems.iter().find(|problem| refuses(problem)).cloned();
    problems.extend(pull_policy::warnings(pod));

    let account = service_account::admit(pod, &around.accounts, &request, around.cluster);
    let refused_by_admission = account.outcome.as_ref().err().map(|refusal| {
        Diagnostic::error(refusal.rule.id, refusal.message.clone(), refusal.at.unwrap_or(pod.span))
            .with_help("The API server answers this and does not create the pod.")
    });
    problems.extend(refused_by_admission.clone());
    let pull_secret_names = names(account, pod.span);
    let mut pull_secrets = secrets::resolve(&pull_secret_names.outcome, &pod.namespace, around.secrets());
    for secret in &mut pull_secrets {
        around.given.explain_missing(secret);
    }
    problems.extend(pull_secrets.iter().filter_map(secret_problem));
    let keyrings = Keyrings::new(&pull_secrets, around.node_config);

    let mut containers = image_volumes(pod, stored, around, &keyrings, &pull_secrets);
    containers.extend(pod.containers.iter().zip(policies).map(|(container, policy)| {
        let mut changes = always_pull_images::changes(pod, &request, around.cluster);
        changes.extend(pull_policy::change(container));
        Part {
            name: container.name().to_owned(),
            user: ImageUser::Container(container.role),
            path: container.path.clone(),
            span: container.span,
            image: container.image.clone(),
            policy,
            changes,
        }
        .report(around, &keyrings, &pull_secrets)
    }));
    // The kubelet mounts image volumes first, then starts ephemeral, init and application containers.
    containers.sort_by_key(|container| match container.user {
        ImageUser::ImageVolume => 0,
        ImageUser::Container(Role::Ephemeral) => 1,
        ImageUser::Container(Role::Init | Role::Sidecar) => 2,
        ImageUser::Container(Role::Container) => 3,
    });
    problems.extend(containers.iter().filter_map(image_problem));
    if pod.containers.is_empty() {
        let message = format!("{} has no containers.", capital(pod.words()));
        problems.push(Diagnostic::warning("no-containers", message, Span { end: pod.span.start, ..pod.span }));
    }
    let report = PodReport {
        document,
        title: capital(pod.words()),
        name: pod.owner.as_ref().map_or_else(|| pod.request_name(), |owner| owner.name.clone()),
        namespace: pod.namespace.clone(),
        span: pod.span,
        refused: refused_by_admission.or(refused_by_validation),
        pull_secret_names,
        pull_secrets,
        keys: keyrings.keys().to_vec(),
        containers,
        pull: None,
    };
    (report, problems)
}

/// The policies of the stored pod: filled in, then changed by admission.
fn policies(pod: &Pod, stored: Option<&Pod>, request: &Request, cluster: &Cluster) -> Vec<Decision<PullPolicy>> {
    let filled_in = pull_policy::decide_pod(pod, stored, cluster);
    let admitted = always_pull_images::admit(pod, outcomes(&filled_in), request, cluster);
    filled_in
        .into_iter()
        .zip(admitted)
        .map(|(mut before, after)| {
            before.trace.extend(after.trace);
            Decision { outcome: after.outcome, trace: before.trace }
        })
        .collect()
}

fn outcomes(policies: &[Decision<PullPolicy>]) -> Vec<PullPolicy> {
    policies.iter().map(|policy| policy.outcome.clone()).collect()
}

/// The pull secrets that the kubelet sees; of a refused pod, those that are written.
fn names(
    account: Decision<Result<service_account::Admitted, crate::admission::Refusal>>,
    pod: Span,
) -> Decision<Vec<Written<String>>> {
    let written = |field: Field<String>| {
        let span = match field.origin {
            Origin::Written(span) => span,
            Origin::Merged { from, .. } => from.unwrap_or(pod),
            Origin::Defaulted { because, .. } => because.unwrap_or(pod),
            Origin::Assumed => pod,
        };
        Written { value: field.value, span }
    };
    let fields = account.outcome.map(|admitted| admitted.pull_secrets).unwrap_or_default();
    Decision { outcome: fields.into_iter().map(written).collect(), trace: account.trace }
}

/// A container or image volume on its way into the report.
struct Part {
    name: String,
    user: ImageUser,
    path: String,
    span: Span,
    image: Option<Written<String>>,
    policy: Decision<PullPolicy>,
    changes: Vec<Change>,
}

impl Part {
    fn report(self, around: &Surroundings, keyrings: &Keyrings, pull_secrets: &[PullSecret]) -> ContainerReport {
        let written = self.image.as_ref().filter(|image| !image.value.is_empty());
        let reference = written.map(|image| reference::read(image, around.cluster.release));
        let valid = reference.as_ref().and_then(|reference| reference.outcome.as_ref().ok());
        // With Never the kubelet asks no registry, and looks nothing up.
        let pulled = self.policy.outcome != PullPolicy::Never;
        let lookup = valid.filter(|_| pulled).map(|reference| keyrings.lookup(&reference.name()));
        let mut changes = self.changes;
        changes.extend(verification(&self.policy.outcome));
        changes.extend(written.and_then(|image| reference::change(&image.value)));
        let mut notes =
            reference.as_ref().map_or(Vec::new(), |reference| doc_notes::notes(&reference.outcome, &self.policy));
        if self.user == ImageUser::ImageVolume && around.cluster.admits_with(AdmissionPlugin::AlwaysPullImages) {
            notes.push(&IMAGE_VOLUMES_NOT_FORCED);
        }
        notes.extend(lookup.iter().flat_map(|lookup| lookup.notes.iter().copied()));
        let facts = Facts {
            image: self.image.as_ref(),
            reference: reference.as_ref().map(|reference| &reference.outcome),
            policy: &self.policy.outcome,
            lookup: lookup.as_ref(),
            pull_secrets,
            node_file_unread: around.node_file_unread,
            verifies: around.cluster.has(Feature::KubeletEnsureSecretPulledImages),
        };
        ContainerReport {
            verdict: facts.verdict(),
            name: self.name,
            user: self.user,
            path: self.path,
            span: self.span,
            image: self.image,
            reference,
            policy: self.policy,
            lookup,
            changes,
            notes,
        }
    }
}

fn image_volumes(
    pod: &Pod,
    stored: Option<&Pod>,
    around: &Surroundings,
    keyrings: &Keyrings,
    pull_secrets: &[PullSecret],
) -> Vec<ContainerReport> {
    let volumes = pod.volumes.iter().filter_map(|volume| Some((volume, volume.image.as_ref()?)));
    volumes
        .filter_map(|(volume, image)| {
            let decision = pull_policy::decide_volume(volume, stored, around.cluster)?;
            let dropped = decision.outcome.is_none();
            let outcome = decision.outcome.unwrap_or(PullPolicy::Never);
            let mut trace = decision.trace;
            trace.extend(always_pull_images::volume_step(volume, &outcome, around.cluster));
            let part = Part {
                name: volume.name().to_owned(),
                user: ImageUser::ImageVolume,
                path: format!("{}.image", volume.path),
                span: volume.span,
                image: image.reference.clone(),
                policy: Decision { outcome, trace },
                changes: Vec::new(),
            };
            let mut report = part.report(around, keyrings, pull_secrets);
            if dropped {
                report.lookup = None;
                let text =
                    format!("{} drops this volume's image: image volumes are off there.", around.cluster.release);
                report.verdict = Verdict { tone: Tone::Fails, text };
            }
            Some(report)
        })
        .collect()
}

/// Since when an image on the node is no longer free for every pod of the node.
fn verification(policy: &PullPolicy) -> Option<Change> {
    let by_default = |spec: &&FeatureSpec| spec.default;
    let (_, specs) = FEATURES.iter().find(|(feature, _)| *feature == Feature::KubeletEnsureSecretPulledImages)?;
    let since = Since::Release(specs.iter().find(by_default)?.release);
    matches!(policy, PullPolicy::IfNotPresent | PullPolicy::Never).then(|| Change {
        since,
        before: "an image that is on the node may be used by every pod there".to_owned(),
        after:
            "one that the kubelet pulled with credentials counts as present only for pods that have matching ones too \
                (feature gate KubeletEnsureSecretPulledImages)"
                .to_owned(),
    })
}

/// A pull secret that gives nothing is worth a line in the list of problems.
fn secret_problem(secret: &PullSecret) -> Option<Diagnostic> {
    let span = secret.reason.at;
    let message = secret.reason.finding.clone();
    match secret.state {
        SecretState::Used(_) => None,
        SecretState::Malformed(_) => Some(
            Diagnostic::error("pull-secret-malformed", message, span)
                .with_help("Create the Secret anew, for instance with the form below the credentials."),
        ),
        SecretState::Missing if !secret.reason.because.is_empty() && secret.secret.is_none() => {
            Some(Diagnostic::warning("pull-secret-missing", message, span))
        }
        SecretState::Missing => Some(
            Diagnostic::warning("pull-secret-missing", message, span)
                .with_help("Paste the Secret too, or create it in the pod's namespace."),
        ),
        SecretState::WrongType | SecretState::NoData | SecretState::Refused | SecretState::NoName => {
            Some(Diagnostic::warning("pull-secret-unused", message, span))
        }
    }
}

/// A name that no kubelet can use is accepted by the API server; nobody else will say so.
fn image_problem(container: &ContainerReport) -> Option<Diagnostic> {
    let reference = container.reference.as_ref()?;
    let error = reference.outcome.as_ref().err()?;
    if error.image.trim() != error.image {
        // The API server refuses it first.
        return None;
    }
    let step = reference.trace.last()?;
    let shell = error.image.contains('$');
    let help = if shell {
        "It looks like a variable that the shell or a template should have replaced."
    } else {
        "The API server accepts it; the container then waits with InvalidImageName."
    };
    Some(
        Diagnostic::warning("invalid-image-name", step.finding.clone(), step.at)
            .at_path(format!("{}.image", container.path))
            .with_help(help),
    )
}

fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
