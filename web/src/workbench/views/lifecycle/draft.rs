//! The times while they are tried out: the picture follows at once, the scenario's text when a hand lets go.

use super::scale::Reach;
use crate::workbench::bench::Bench;
use crate::workbench::parts::shared::Shared;
use podwhy_core::evaluate::Whole;
use podwhy_core::scenario::life::{ContainerLife, PodLife};
use podwhy_core::time::Duration;
use podwhy_core::timeline::KnobKind;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What is being tried out.
#[derive(Default)]
struct Trial {
    /// The life, and the answer that it changes: with the next answer it is over.
    life: Option<(Shared<Whole>, usize, PodLife)>,
    /// The axis stays as it is while something is dragged on it.
    held: Option<Reach>,
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
    Draft { whole: whole.clone(), pod, bench: bench.cloned(), trial, redraw }
}

impl Draft {
    /// The life as it is tried out, else as the scenario says it.
    pub fn life(&self) -> PodLife {
        if let Some((whole, pod, life)) = &self.trial.borrow().life
            && *whole == self.whole
            && *pod == self.pod
        {
            return life.clone();
        }
        self.whole.life(self.pod).cloned().unwrap_or_default()
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
        self.trial.borrow_mut().life = Some((self.whole.clone(), self.pod, life));
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
        let tried = self.trial.borrow().life.is_some();
        let (Some(bench), Some(report), true) = (&self.bench, self.whole.report.pods.get(self.pod), tried) else {
            self.redraw.force_update();
            return;
        };
        let mut scenario =
            self.whole.report.node.as_ref().map(|node| node.scenario.scenario.clone()).unwrap_or_default();
        let before = scenario.clone();
        scenario.set_life(&report.namespace, &report.name, self.life());
        if scenario == before {
            self.forget();
        } else {
            bench.set_scenario(&scenario);
            self.redraw.force_update();
        }
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
