//! The plug-in AlwaysPullImages. Upstream: plugin/pkg/admission/alwayspullimages/admission.go.

use super::{Operation, Refusal, Request};
use crate::api::pod::Volume;
use crate::api::{Container, Pod, Role};
use crate::feature::Feature;
use crate::image::PullPolicy;
use crate::quote::quote;
use crate::release::{AdmissionPlugin, Cluster, Release, Since};
use crate::rule::admission as rules;
use crate::trace::{Change, Decision, Mark, Step};
use podwhy_source::Names;

/// The policies of the pod's containers after the changing pass; `policies` are those before it, in the order of
/// `pod.containers`. Without the plug-in nothing changes and there are no steps.
#[must_use]
pub fn admit(pod: &Pod, policies: Vec<PullPolicy>, request: &Request, cluster: &Cluster) -> Vec<Decision<PullPolicy>> {
    let on = cluster.admits_with(AdmissionPlugin::AlwaysPullImages);
    let ignored = ignored(pod, request, cluster);
    let decide = |(container, policy): (&Container, PullPolicy)| {
        let (outcome, step) = match &ignored {
            _ if !on => return Decision { outcome: policy, trace: Vec::new() },
            Some(step) => (policy, step.clone()),
            None if !sees(container, cluster) => {
                let finding = format!(
                    "AlwaysPullImages does not see ephemeral containers while the feature gate EphemeralContainers is off, \
                     so `{policy}` stays."
                );
                (policy, Step::new(&rules::ALWAYS_PULL_EPHEMERAL, Mark::No, finding))
            }
            None => {
                // A policy that is Always already was decided before.
                let mark = if policy == PullPolicy::Always { Mark::Note } else { Mark::Yes };
                let finding = forced(pod, &policy);
                (PullPolicy::Always, Step::new(&rules::ALWAYS_PULL, mark, finding))
            }
        };
        let place = container.image_pull_policy.as_ref().map_or(container.span, |policy| policy.span);
        Decision { outcome, trace: vec![step.at(place)] }
    };
    pod.containers.iter().zip(policies).map(decide).collect()
}

fn forced(pod: &Pod, policy: &PullPolicy) -> String {
    match (&pod.owner, policy) {
        (_, PullPolicy::Always) => "AlwaysPullImages is on and wants `Always`, which it is already.".to_owned(),
        (None, policy) => format!("AlwaysPullImages is on, so `{policy}` becomes `Always`."),
        (Some(owner), policy) => format!(
            "AlwaysPullImages is on, so each pod gets `Always`; the template of {} `{}` keeps `{policy}`.",
            owner.kind, owner.name
        ),
    }
}

/// What the checking pass says about the pod's policies (in the order of `pod.containers`). After the changing pass
/// it finds nothing, unless a webhook changed the policy again.
#[must_use]
pub fn validate(pod: &Pod, policies: &[PullPolicy], request: &Request, cluster: &Cluster) -> Vec<Refusal> {
    if !cluster.admits_with(AdmissionPlugin::AlwaysPullImages) || ignored(pod, request, cluster).is_some() {
        return Vec::new();
    }
    let seen = pod.containers.iter().zip(policies).filter(|(container, _)| sees(container, cluster));
    seen.filter(|(_, policy)| **policy != PullPolicy::Always)
        .map(|(container, policy)| {
            let path = pod_path(pod, container);
            let why = format!(
                "{path}.imagePullPolicy: Unsupported value: {}: supported values: {}",
                quote(policy.name()),
                quote(PullPolicy::Always.name())
            );
            let at = container.image_pull_policy.as_ref().map_or(container.span, |policy| policy.span);
            Refusal::forbidden(&rules::ALWAYS_PULL_VALIDATES, pod, &why, at)
        })
        .collect()
}

/// The container's path in the pod that the plug-in sees, which for a template is not its path in the workload.
fn pod_path(pod: &Pod, container: &Container) -> String {
    format!("spec{}", container.path.strip_prefix(&pod.spec_path).unwrap_or(&container.path))
}

/// Says that an image volume keeps its policy; `None` without the plug-in.
#[must_use]
pub fn volume_step(volume: &Volume, policy: &PullPolicy, cluster: &Cluster) -> Option<Step> {
    cluster.admits_with(AdmissionPlugin::AlwaysPullImages).then(|| {
        let finding = format!(
            "AlwaysPullImages visits containers only, so the volume's `{policy}` stays (read in the code for v1.35; other \
             releases are not verified)."
        );
        Step::new(&rules::ALWAYS_PULL_VOLUMES, Mark::Note, finding).at(volume.span)
    })
}

/// Why the plug-in passes over the whole request, if it does.
fn ignored(pod: &Pod, request: &Request, cluster: &Cluster) -> Option<Step> {
    if request.operation == Operation::Other || !request.subresource.is_empty() {
        let finding = format!("AlwaysPullImages passes over {}.", request.words());
        return Some(Step::new(&rules::ALWAYS_PULL_REQUESTS, Mark::No, finding));
    }
    let skips = rules::ALWAYS_PULL_NEW_IMAGES.since.is_some_and(|since| since.holds_in(cluster.release));
    if skips && brings_no_image(pod, request, cluster) {
        let finding = "AlwaysPullImages passes over this update: every image is already in the stored pod.";
        return Some(Step::new(&rules::ALWAYS_PULL_NEW_IMAGES, Mark::No, finding));
    }
    None
}

/// Whether it is an update after which the pod uses no image that it did not use before.
fn brings_no_image(pod: &Pod, request: &Request, cluster: &Cluster) -> bool {
    let (Operation::Update, Some(stored)) = (request.operation, request.stored) else { return false };
    let seen = |container: &&Container| sees(container, cluster);
    let known: Names = stored.containers.iter().filter(seen).map(Container::image).collect();
    pod.containers.iter().filter(seen).all(|container| known.number(container.image()).is_some())
}

fn sees(container: &Container, cluster: &Cluster) -> bool {
    container.role != Role::Ephemeral || cluster.has(Feature::EphemeralContainers)
}

/// Where the plug-in acts otherwise on this pod in another release.
#[must_use]
pub fn changes(pod: &Pod, request: &Request, cluster: &Cluster) -> Vec<Change> {
    if !cluster.admits_with(AdmissionPlugin::AlwaysPullImages) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let is_on = |release: &Release| Feature::EphemeralContainers.spec(*release).is_some_and(|spec| spec.default);
    if pod.containers.iter().any(|container| container.role == Role::Ephemeral)
        && let Some(first) = Release::all().find(is_on)
    {
        changes.push(Change {
            since: Since::Release(first),
            before: "AlwaysPullImages leaves ephemeral containers alone unless the gate EphemeralContainers is set"
                .to_owned(),
            after: "AlwaysPullImages sees ephemeral containers that a pod is created or updated with".to_owned(),
        });
    }
    if let Some(since) = rules::ALWAYS_PULL_NEW_IMAGES.since
        && brings_no_image(pod, request, cluster)
    {
        changes.push(Change {
            since,
            before: "AlwaysPullImages sets `Always` at this update too".to_owned(),
            after: "AlwaysPullImages passes over this update, which brings no new image".to_owned(),
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Object, pods_of};
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn pod(text: &str) -> Pod {
        pods_of(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())).remove(0)
    }

    fn simple(image: &str) -> Pod {
        pod(&format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{{"containers":[{{"name":"a","image":"{image}"}}]}}}}"#
        ))
    }

    fn cluster(minor: u8) -> Cluster {
        let mut cluster = Cluster::of(Release::from_minor(minor).unwrap());
        cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
        cluster
    }

    fn outcome(pod: &Pod, request: &Request, cluster: &Cluster) -> (PullPolicy, Vec<String>) {
        let decision = admit(pod, vec![PullPolicy::IfNotPresent], request, cluster).remove(0);
        (decision.outcome, decision.trace.into_iter().map(|step| step.finding).collect())
    }

    #[test]
    fn it_is_off_unless_switched_on() {
        let off = Cluster::of(Release::DEFAULT);
        assert_eq!(outcome(&simple("a:1"), &Request::CREATE, &off), (PullPolicy::IfNotPresent, vec![]));
        let (policy, findings) = outcome(&simple("a:1"), &Request::CREATE, &cluster(34));
        assert_eq!(policy, PullPolicy::Always);
        assert_eq!(findings, ["AlwaysPullImages is on, so `IfNotPresent` becomes `Always`."]);
    }

    #[test]
    fn a_template_keeps_its_policy_and_its_pods_do_not() {
        let deployment = pod(r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
            "spec":{"template":{"spec":{"containers":[{"name":"a","image":"a:1"}]}}}}"#);
        let (policy, findings) = outcome(&deployment, &Request::applying(&deployment, Some(&deployment)), &cluster(35));
        assert_eq!(policy, PullPolicy::Always);
        let expected =
            "AlwaysPullImages is on, so each pod gets `Always`; the template of Deployment `web` keeps `IfNotPresent`.";
        assert_eq!(findings, [expected]);
        let refusals = validate(&deployment, &[PullPolicy::Never], &Request::CREATE, &cluster(34));
        assert!(refusals[0].message.contains("is forbidden: spec.containers[0].imagePullPolicy:"), "{refusals:?}");
    }

    #[test]
    fn later_releases_pass_over_updates_without_a_new_image() {
        let (old, new) = (simple("a:1"), simple("a:2"));
        let same = Request::applying(&old, Some(&old));
        assert_eq!(outcome(&old, &same, &cluster(20)).0, PullPolicy::Always);
        assert_eq!(outcome(&old, &same, &cluster(34)).0, PullPolicy::Always, "not verified: as the older one");
        assert_eq!(outcome(&old, &same, &cluster(35)).0, PullPolicy::IfNotPresent);
        assert_eq!(outcome(&new, &Request::applying(&new, Some(&old)), &cluster(35)).0, PullPolicy::Always);
        assert_eq!(changes(&old, &same, &cluster(34)).len(), 1);
        assert_eq!(changes(&old, &Request::CREATE, &cluster(34)), []);
    }

    #[test]
    fn adding_ephemeral_containers_is_passed_over() {
        let request = Request { operation: Operation::Update, subresource: "ephemeralcontainers", stored: None };
        let (policy, findings) = outcome(&simple("a:1"), &request, &cluster(34));
        assert_eq!(policy, PullPolicy::IfNotPresent);
        assert_eq!(findings, ["AlwaysPullImages passes over a request for pods/ephemeralcontainers."]);
    }
}
