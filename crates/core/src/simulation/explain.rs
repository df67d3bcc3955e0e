//! What the simulation says in words.

use super::pod::{PodRun, UnitState};
use crate::pulls::kubelet_config::KubeletConfig;
use crate::pulls::manager::WaitingReason;
use crate::pulls::verification::Check;
use crate::release::{Release, Since};
use crate::report::{ImageUser, Tone, Verdict};
use crate::rule::pulls as rules;
use crate::scenario::CameBy;
use crate::simulation::outcome::Round;
use crate::simulation::world::PodFacts;
use crate::time::Duration;
use crate::trace::{Change, Mark, Step};

/// A round of which nothing is known yet.
pub(super) fn round(at: Duration) -> Round {
    Round {
        at,
        ended_at: at,
        pulling_since: None,
        attempts: Vec::new(),
        ok: false,
        reason: None,
        message: String::new(),
        back_off_until: None,
        trace: Vec::new(),
        changes: Vec::new(),
    }
}

pub(super) fn absent(image: &str, policy: &str, node: &str) -> Step {
    let finding = match policy {
        "Always" => format!("The policy is Always, so `{image}` is pulled whether or not `{node}` has it."),
        _ => format!("`{image}` is not on `{node}`, and the policy is {policy}."),
    };
    Step::new(&rules::INSPECTED_BY_POLICY, Mark::Note, finding)
}

pub(super) fn present(image: &str, policy: &str, node: &str, came_by: Option<CameBy>) -> Step {
    let how = match came_by {
        None => "it was pulled for this pod or another one",
        Some(CameBy::Preloaded) => "someone put it there",
        Some(CameBy::Anonymous) => "the kubelet pulled it without credentials",
        Some(CameBy::Node) => "the kubelet pulled it with the node's credentials",
        Some(CameBy::Secret) => "the kubelet pulled it with a pull secret",
        Some(CameBy::ServiceAccount) => "the kubelet pulled it for a ServiceAccount",
    };
    let finding = match policy {
        "Always" => format!("`{image}` is on `{node}`, and the policy Always asks the registry all the same."),
        _ => format!("`{image}` is on `{node}`: {how}."),
    };
    Step::new(&rules::INSPECTED_BY_POLICY, Mark::Yes, finding)
}

/// The gate is off: every pod uses what is there.
pub(super) fn not_verified(release: Release) -> Step {
    let finding =
        format!("A kubelet of {release} lets every pod of the node use an image that is there, whoever pulled it.");
    Step::new(&rules::VERIFIED_BY_POLICY, Mark::Note, finding)
}

/// Verification of present images is on by default from v1.35 on.
pub(super) fn verification_change(image: &str, policy: &str, checked: &Check) -> Option<Change> {
    checked.must_pull().then(|| {
        let after = match policy {
            "Never" => {
                format!("`{image}` is refused to the pod with ErrImageNeverPull: it has not shown that it may use it.")
            }
            _ => format!("The pod has to pull `{image}` with its own credentials, though it is on the node."),
        };
        Change {
            since: Since::Release(Release::minor_unchecked(35)),
            before: format!("The pod uses `{image}` from the node without asking the registry."),
            after,
        }
    })
}

/// How long the pull waited for others.
pub(super) fn waited(asked_at: Duration, begins: Duration, slots: Option<usize>) -> Option<Step> {
    if begins == asked_at {
        return None;
    }
    let wait = begins - asked_at;
    Some(match slots {
        Some(1) => {
            let finding = format!("The pull waits {wait} for the ones before it: this kubelet pulls one at a time.");
            Step::new(&rules::SERIAL_PULLS, Mark::Note, finding)
        }
        slots => {
            let slots = slots.unwrap_or_default();
            let finding = format!("The pull waits {wait}: this kubelet pulls {slots} at a time.");
            Step::new(&rules::PARALLEL_LIMIT, Mark::Note, finding)
        }
    })
}

/// What the round came to.
pub(super) fn ended(round: &Round, name: &str) -> Step {
    let Some(reason) = round.reason else {
        let (mark, finding) = if round.ok {
            (Mark::Yes, format!("`{name}` has its image after {}.", round.ended_at - round.at))
        } else {
            (Mark::No, format!("`{name}` waits: its credentials cannot be looked up."))
        };
        return Step::new(&rules::IN_ORDER_WITHIN_POD, mark, finding);
    };
    let rule = match reason {
        WaitingReason::InvalidImageName => &rules::INVALID_IMAGE_NAME,
        WaitingReason::ErrImageNeverPull => &rules::NEVER_PULLED,
        WaitingReason::ImageInspectError => &rules::INSPECTED_BY_POLICY,
        WaitingReason::RegistryUnavailable | WaitingReason::SignatureValidationFailed => &rules::PULL_ERRORS_BY_PREFIX,
        WaitingReason::ErrImagePull | WaitingReason::ImagePullBackOff => &rules::IMAGE_BACK_OFF,
    };
    let next = match round.back_off_until {
        Some(until) => format!(" No pull is tried before {until}."),
        None => String::new(),
    };
    Step::new(rule, Mark::No, format!("`{name}` waits with {reason}.{next}"))
}

/// An attempt came too soon after others.
pub(super) fn over_limit(config: &KubeletConfig) -> Step {
    let finding = format!(
        "More pulls came at once than registryBurst {} and registryPullQPS {} let through.",
        config.registry_burst, config.registry_pull_qps
    );
    Step::new(&rules::PULL_QPS, Mark::No, finding)
}

/// To what a back-off belongs, and how long it is remembered.
pub(super) fn back_off_of(image: &str) -> Step {
    let finding = format!(
        "The wait belongs to the image name `{image}` in this pod: another name or a new pod begins anew, and so does a failure more than 10 minutes after the last one."
    );
    Step::new(&rules::IMAGE_BACK_OFF, Mark::Note, finding)
}

/// When the kubelet looks again, and when the result is seen.
pub(super) fn looked_at_again(release: Release) -> [Step; 2] {
    let again = if rules::SYNCED_AT_BACK_OFF_END.holds_in(release) {
        let finding = "The kubelet looks at the pod again when a back-off ends (by chance up to half as long again, and at the latest after 1 to 1.5 min), and 10 to 15 s after other errors.";
        Step::new(&rules::SYNCED_AT_BACK_OFF_END, Mark::Note, finding)
    } else {
        let finding = "The kubelet looks at the pod every 10 to 15 s from now on, so a pull may come later than the back-off ends.";
        Step::new(&rules::SYNCED_AGAIN, Mark::Note, finding)
    };
    let finding = "What this came to is seen in STATUS when the kubelet looks at the pod the next time.";
    [again, Step::new(&rules::STATUS_AT_SYNC, Mark::Note, finding)]
}

/// A length of time as sentences have it, whole minutes without their seconds.
fn rounded(length: Duration) -> String {
    let text = length.to_string();
    text.strip_suffix("m0s").map(|minutes| format!("{minutes} min")).unwrap_or(text)
}

/// The pod in one sentence.
pub(super) fn verdict(pod: &PodRun, until: Duration, facts: Option<&PodFacts>) -> Verdict {
    let failing = |state: UnitState| matches!(state, UnitState::BacksOff(_) | UnitState::Failed);
    if let Some(unit) = pod.units.iter().find(|unit| failing(unit.state) || unit.starts > 1) {
        let again = if pod.has_failed() { "" } else { " again and again" };
        let text = format!(
            "The init container `{}` has its image and fails{again}, so nothing behind it is pulled or started.",
            unit.report.name
        );
        return Verdict { tone: Tone::Fails, text };
    }
    let waits = pod.units.iter().find(|unit| unit.state == UnitState::Waits && !unit.rounds.is_empty());
    if let Some(unit) = waits.filter(|unit| unit.failure.is_some() || unit.rounds.iter().all(|round| !round.ok)) {
        let unconfigured = facts.and_then(|facts| facts.unconfigured.get(&unit.report.path));
        let has_image = unit.rounds.last().is_some_and(|round| round.ok);
        if let Some(unconfigured) =
            unconfigured.filter(|_| has_image && matches!(unit.report.user, ImageUser::Container(_)))
        {
            let tone = if unconfigured.not_given { Tone::Look } else { Tone::Fails };
            let text = format!("The container `{}` has its image and {}", unit.report.name, unconfigured.words());
            return Verdict { tone, text };
        }
        let reasons: Vec<WaitingReason> = unit.rounds.iter().filter_map(|round| round.reason).collect();
        let first = reasons.iter().find(|reason| **reason != WaitingReason::ImagePullBackOff).or(reasons.first());
        let reason = match first {
            Some(reason) => reason.to_string(),
            None => unit.failure.as_ref().map(|(reason, _)| reason.clone()).unwrap_or_default(),
        };
        let tries = unit.rounds.iter().filter(|round| round.pulling_since.is_some()).count();
        let tried = match tries {
            0 => "is not even tried".to_owned(),
            1 => "fails at the first try".to_owned(),
            tries => format!("fails {tries} times in {}", rounded(until)),
        };
        let what = match unit.report.user {
            ImageUser::ImageVolume => "image volume",
            ImageUser::Container(_) => "container",
        };
        let text = format!("The {what} `{}` waits with {reason}: `{}` {tried}.", unit.report.name, unit.image);
        return Verdict { tone: Tone::Fails, text };
    }
    if pod.units.is_empty() {
        return Verdict { tone: Tone::Look, text: "The pod names no image.".to_owned() };
    }
    let rounds = || pod.units.iter().flat_map(|unit| &unit.rounds);
    let ready = rounds().map(|round| round.ended_at).max().unwrap_or(pod.place.at);
    let pulled = rounds().filter(|round| round.pulling_since.is_some() && round.ok).count();
    let failed = rounds().filter(|round| round.pulling_since.is_some() && !round.ok).count();
    if !pod.is_done(until) {
        let text = format!("Not every image is there after {}: the pulls before them last too long.", rounded(until));
        return Verdict { tone: Tone::Look, text };
    }
    let after = ready - pod.place.at;
    let (tone, text) = match (pulled, failed) {
        (0, 0) => (Tone::Fine, "Every image is on the node already, and nothing is pulled.".to_owned()),
        (_, 0) => (Tone::Fine, format!("Every image is there {after} after the pod came to `{}`.", pod.place.node)),
        (_, failed) => (Tone::Look, format!("Every image is there after {after}, with {failed} failed pulls before.")),
    };
    match pod.units.iter().find(|unit| unit.unsure) {
        Some(unit) => {
            let text = format!(
                "{text} If `{}` is private, it is denied: no key matches it, and it came without credentials.",
                unit.image
            );
            Verdict { tone: Tone::Look, text }
        }
        None => Verdict { tone, text },
    }
}
