//! How a pod starts, what its hooks do, and how it ends, over time.

use super::Whole;
use crate::events::Event;
use crate::pulls::manager::present_message;
use crate::release::{Cluster, Release};
use crate::report::{ContainerReport, ImageUser, Tone};
use crate::scenario::Assumption;
use crate::scenario::life::PodLife;
use crate::simulation::arrival::Held;
use crate::simulation::field_path;
use crate::simulation::outcome::{ContainerTimeline, PullReport};
use crate::simulation::world::Unconfigured;
use crate::time::Duration;
use crate::timeline::{Image, Setting, Timeline, timeline};

/// Everything about a pod's life that does not change while its times are tried out: its images, as the simulation of
/// pulls has them, and the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeStage {
    pod: usize,
    images: Vec<Image>,
    scheduled: Option<(Duration, String)>,
    held: Option<Held>,
    /// The first container whose image does not come.
    without_image: Option<String>,
    assumptions: Vec<Assumption>,
}

impl Whole {
    /// How the pod at this position lives, as the scenario says. `None` where there is no such pod; of one that nothing
    /// starts, how it would live otherwise, with [`Timeline::held`].
    #[must_use]
    pub fn lifecycle(&self, pod: usize) -> Option<Timeline> {
        let life = self.life(pod).cloned().unwrap_or_default();
        self.lifecycle_with(&self.life_stage(pod)?, &life)
    }

    /// What the scenario says about the life of the pod at this position.
    #[must_use]
    pub fn life(&self, pod: usize) -> Option<&PodLife> {
        let report = self.report.pods.get(pod)?;
        let world = self.report.world.as_deref()?;
        world.place_of(&report.namespace, &report.name)?.life.as_ref()
    }

    /// What a life of the pod at this position is played on, so that times can be tried out without asking for the rest
    /// again. `None` as for [`Whole::lifecycle`].
    #[must_use]
    pub fn life_stage(&self, pod: usize) -> Option<LifeStage> {
        let report = self.report.pods.get(pod)?;
        let pulls = self.pulls(pod)?;
        let cluster = self.kubelet_cluster();
        let mut stage = LifeStage {
            pod,
            images: Vec::new(),
            scheduled: pulls.scheduled.clone(),
            held: pulls.held.clone(),
            without_image: None,
            assumptions: Vec::new(),
        };
        let facts = self.report.world.as_ref().and_then(|world| world.pods.get(pod));
        for (container, pulled) in report.containers.iter().zip(&pulls.containers) {
            let unconfigured = facts.and_then(|facts| facts.unconfigured.get(&container.path)).cloned();
            stage.assumptions.extend(unconfigured.as_ref().and_then(Unconfigured::assumption));
            stage.take((container, pulled), &pulls, cluster, unconfigured);
        }
        stage.assumptions.dedup();
        Some(stage)
    }

    /// How the pod of the stage lives if it lives so.
    #[must_use]
    pub fn lifecycle_with(&self, stage: &LifeStage, life: &PodLife) -> Option<Timeline> {
        let setting = Setting {
            pod: self.pod(stage.pod)?,
            name: &self.report.pods.get(stage.pod)?.name,
            life,
            images: &stage.images,
            cluster: self.kubelet_cluster(),
            max_restart_period: self.report.world.as_ref().and_then(|world| world.config.max_container_restart_period),
        };
        let mut played = timeline(&setting);
        if let Some(facts) = self.report.world.as_ref().and_then(|world| world.pods.get(stage.pod)) {
            played.verdict = facts.arrival.doubted(played.verdict);
        }
        played.scheduled.clone_from(&stage.scheduled);
        if let Some(name) = &stage.without_image {
            let text = &played.verdict.text;
            played.verdict.text = format!("{text} That is with the image of `{name}`, whose first pull fails.");
            played.verdict.tone = played.verdict.tone.max(Tone::Look);
        }
        if let Some(held) = &stage.held {
            played.verdict.clone_from(&held.verdict);
            played.held = Some(held.clone());
        }
        played.assumptions.extend(stage.assumptions.iter().cloned());
        Some(played)
    }

    /// The cluster with the gates that the kubelet's configuration switches.
    fn kubelet_cluster(&self) -> &Cluster {
        self.report.world.as_ref().map_or(&self.session.cluster, |world| &world.cluster)
    }

    /// The same session asked of another release.
    #[must_use]
    pub fn in_release(&self, release: Release) -> Self {
        let mut session = self.session.clone();
        session.cluster.release = release;
        Self::of(session)
    }
}

impl LifeStage {
    /// What the first round of pulls brings a container: its time and its events. What cannot be pulled is taken to be
    /// there, or nothing could be said about the rest.
    fn take(
        &mut self,
        (container, pulled): (&ContainerReport, &ContainerTimeline),
        pulls: &PullReport,
        cluster: &Cluster,
        unconfigured: Option<Unconfigured>,
    ) {
        let of_volume = container.user == ImageUser::ImageVolume;
        let first = pulled.rounds.first().filter(|round| round.ok);
        let path = field_path(container);
        let events = first.map(|round| {
            let of_round = |event: &&Event| {
                let about = event.field_path == path && event.at >= round.at && event.at <= round.ended_at;
                about && matches!(event.reason.as_str(), "Pulling" | "Pulled")
            };
            let own = |event: &Event| !of_volume || event.message.contains(pulled.image.as_str());
            let shifted = |event: &Event| Event { at: event.at - round.at, ..event.clone() };
            pulls.events.iter().filter(of_round).filter(|event| own(event)).map(shifted).collect()
        });
        if first.is_none() {
            let text = format!(
                "The image of `{}` is taken to be on the node: its first pull does not succeed, which the view of the pulls shows.",
                container.name
            );
            self.assumptions.push(Assumption::new(format!("images[{}]", pulled.image), text));
            self.without_image.get_or_insert_with(|| container.name.clone());
        }
        self.images.push(Image {
            path: container.path.clone(),
            name: container.name.clone(),
            of_volume,
            takes: first.map(|round| round.ended_at - round.at).unwrap_or_default(),
            events: events.unwrap_or_default(),
            present: present_message(&pulled.image, cluster),
            unconfigured,
        });
    }
}

#[cfg(test)]
mod tests;
