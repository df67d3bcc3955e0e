//! The times while they are tried out: the picture follows at once, the scenario's text when a hand lets go.

use super::scale::Reach;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use podwhy_core::evaluate::Whole;
use podwhy_core::scenario::life::{ContainerLife, PodLife};
use podwhy_core::time::Duration;
use podwhy_core::timeline::KnobKind;
use std::cell::RefCell;
use std::rc::Rc;

/// What is being tried out.
#[derive(Default)]
struct Trial {
    /// The life, until the answer that knows it has come.
    life: Option<PodLife>,
    /// What was written into the scenario and has not come back in an answer yet, oldest first.
    on_the_way: Vec<PodLife>,
    /// The answer and the pod that it is about.
    about: Option<(Shared<Whole>, usize)>,
    /// The axis stays as it is while something is dragged on it.
    held: Option<Reach>,
}

impl Trial {
    /// Takes a new answer: what it knows is tried out no longer. Texts that somebody else changed end the trial.
    fn take(&mut self, whole: &Shared<Whole>, pod: usize) {
        if self.about.as_ref().is_some_and(|(before, other)| before == whole && *other == pod) {
            return;
        }
        let other_pod = self.about.as_ref().is_some_and(|(_, before)| *before != pod);
        self.about = Some((whole.clone(), pod));
        let now = whole.life(pod).cloned().unwrap_or_default().without_defaults();
        match self.on_the_way.iter().position(|written| *written == now) {
            Some(known) if !other_pod => drop(self.on_the_way.drain(..=known)),
            _ => {
                self.on_the_way.clear();
                self.life = None;
            }
        }
        if self.life.clone().map(PodLife::without_defaults) == Some(now) {
            self.life = None;
        }
    }
}

/// The life that the picture shows, and the way to change it.
#[derive(Clone)]
pub struct Draft {
    whole: Shared<Whole>,
    pod: usize,
    bench: Option<Bench>,
    trial: Rc<RefCell<Trial>>,
    redraw: UseForceUpdateHandle,
}

impl PartialEq for Draft {
    fn eq(&self, other: &Self) -> bool {
        self.whole == other.whole && self.pod == other.pod && Rc::ptr_eq(&self.trial, &other.trial)
    }
}

#[hook]
pub fn use_draft(whole: &Shared<Whole>, pod: usize, bench: Option<&Bench>) -> Draft {
    let trial = use_mut_ref(Trial::default);
    let redraw = use_force_update();
    trial.borrow_mut().take(whole, pod);
    Draft { whole: whole.clone(), pod, bench: bench.cloned(), trial, redraw }
}

impl Draft {
    /// The life as it is tried out, else as the scenario says it.
    pub fn life(&self) -> PodLife {
        let tried = self.trial.borrow().life.clone();
        tried.unwrap_or_else(|| self.whole.life(self.pod).cloned().unwrap_or_default())
    }

    /// What is said about a container.
    pub fn of(&self, container: &str) -> ContainerLife {
        self.life().of(container).cloned().unwrap_or_default()
    }

    /// The axis that is held while something is dragged on it.
    pub fn held(&self) -> Option<Reach> {
        self.trial.borrow().held
    }

    /// Holds the axis, or lets go of it.
    pub fn hold(&self, reach: Option<Reach>) {
        self.trial.borrow_mut().held = reach;
    }

    /// Shows the life with a change; the scenario does not know it yet.
    pub fn try_out(&self, change: impl FnOnce(&mut PodLife)) {
        let mut life = self.life();
        change(&mut life);
        self.trial.borrow_mut().life = Some(life);
        self.redraw.force_update();
    }

    /// The same for one container.
    pub fn try_out_of(&self, container: &str, change: impl FnOnce(&mut ContainerLife)) {
        self.try_out(|life| {
            if let Some(life) = life.of_mut(container) {
                change(life);
            }
        });
    }

    /// How long one of a container's times is, if that is said.
    pub fn knob(&self, container: &str, kind: KnobKind) -> Option<Duration> {
        let said = self.of(container);
        match kind {
            KnobKind::Start => said.start,
            KnobKind::PostStart => said.post_start.takes,
            KnobKind::PreStop => said.pre_stop.takes,
            KnobKind::Stop => said.stop,
        }
    }

    /// Shows another length of one of a container's times; `None` is the usual one.
    pub fn try_knob(&self, container: &str, kind: KnobKind, length: Option<Duration>) {
        self.try_out_of(container, |life| match kind {
            KnobKind::Start => life.start = length,
            KnobKind::PostStart => life.post_start.takes = length,
            KnobKind::PreStop => life.pre_stop.takes = length,
            KnobKind::Stop => life.stop = length,
        });
    }

    /// Writes what was tried out into the scenario.
    pub fn keep(&self) {
        let tried = self.trial.borrow().life.clone();
        let (Some(bench), Some(report), Some(life)) = (&self.bench, self.whole.report.pods.get(self.pod), tried) else {
            return;
        };
        let written = self.trial.borrow().on_the_way.last().cloned();
        let known = || self.whole.life(self.pod).cloned().unwrap_or_default();
        let life = life.without_defaults();
        if life == written.unwrap_or_else(known).without_defaults() {
            return;
        }
        let mut scenario =
            self.whole.report.node.as_ref().map(|node| node.scenario.scenario.clone()).unwrap_or_default();
        scenario.set_life(&report.namespace, &report.name, life.clone());
        self.trial.borrow_mut().on_the_way.push(life);
        bench.set_scenario(&scenario);
    }

    /// Goes back to what the scenario says.
    pub fn forget(&self) {
        self.trial.borrow_mut().life = None;
        self.redraw.force_update();
    }

    /// Shows a change and writes it into the scenario.
    pub fn change(&self, change: impl FnOnce(&mut PodLife)) {
        self.try_out(change);
        self.keep();
    }
}
