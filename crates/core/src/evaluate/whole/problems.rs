//! One list of everything that is wrong or worth knowing: what cannot be read, what validation and admission refuse, and
//! advice; each told once, with its place, and with the change that mends it where that can be stated.

use super::Whole;
use crate::advice::{Ask, AskedImage, AskedPod, Edit, Fix, Remark, Texts, advise};
use crate::api::node::Node;
use crate::api::{ConfigMap, Container, Pod, RuntimeClass, Service};
use crate::complete::fixes;
use crate::evaluate::given::Given;
use crate::release::Cluster;
use crate::report::{ImageUser, PodReport};
use crate::rule::{self, Stage};
use crate::session::InputKind;
use crate::simulation::world::CONFIG_ERROR;
use crate::validation::{FieldError, owner, pod};
use podwhy_source::{Diagnostic, InputId, Severity, Span};
use serde::Serialize;
use std::collections::BTreeMap;

/// Who says that something is a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Reading and strict decoding of the text.
    Decoding,
    /// The API server's validation.
    Validation,
    /// An admission plug-in.
    Admission,
    /// The node's kubelet, its files and the scenario.
    Node,
    /// Nobody refuses it; it is likely not what was meant.
    Advice,
}

impl Source {
    /// The source in a word or two.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Decoding => "decoding",
            Self::Validation => "validation",
            Self::Admission => "admission",
            Self::Node => "node",
            Self::Advice => "advice",
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong, where, and what to do.
    pub diagnostic: Diagnostic,
    /// Who says so.
    pub source: Source,
    /// The change that mends it, where it can be stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Whole {
    /// Everything that is wrong or worth knowing, errors first and then by place. Each matter is told once.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut list = List::default();
        for error in self.given.pods.iter().flat_map(|(_, pod)| refusals(pod, &self.session.cluster)) {
            list.push(Problem { diagnostic: error.diagnostic(), source: Source::Validation, fix: None });
        }
        for known in &self.report.problems {
            let same = |other: &Diagnostic| {
                (other.code == known.code || stands_for(other.code, known.code))
                    && (other.path == known.path || known.path.is_empty())
            };
            if list.at(known.span).all(|at| !list.problems.get(at).is_some_and(|other| same(&other.diagnostic))) {
                list.push(Problem { diagnostic: known.clone(), source: self.reporter(known), fix: None });
            }
        }
        for problem in self.unconfigured() {
            list.push(Problem { diagnostic: problem, source: Source::Node, fix: None });
        }
        for remark in advise(&self.ask()) {
            list.take(remark);
        }
        let mut list = list.problems;
        let undecoded = |problem: &&mut Problem| problem.source == Source::Decoding && problem.fix.is_none();
        for problem in list.iter_mut().filter(undecoded).take(SPELT) {
            problem.fix = self.spelling(&problem.diagnostic);
        }
        list.sort_by(|a, b| order(a).cmp(&order(b)));
        list.dedup_by(|a, b| a.diagnostic == b.diagnostic);
        list
    }

    /// What keeps containers waiting with CreateContainerConfigError, in the kubelet's words.
    fn unconfigured(&self) -> impl Iterator<Item = Diagnostic> {
        let pods = self.given.pods.iter().zip(&self.report.pods).zip(self.config_errors.iter());
        let created = pods.filter(|((_, report), _)| report.refused.is_none());
        created.flat_map(|(((_, pod), _), errors)| errors.iter().map(move |errors| (pod, errors))).flat_map(
            |(pod, (path, errors))| {
                let container = pod.containers.iter().find(|container| container.path == *path);
                let name = container.map_or("", Container::name);
                errors.iter().map(move |error| {
                    let message = format!("`{name}` waits with {CONFIG_ERROR}: {}", error.message);
                    let paste = if error.not_given { " If the cluster has it, paste it too." } else { "" };
                    let help = format!("{}{paste}", error.step.finding);
                    Diagnostic::error(error.step.rule.id, message, error.step.at).at_path(path).with_help(help)
                })
            },
        )
    }

    /// The change that mends what cannot be decoded.
    fn spelling(&self, problem: &Diagnostic) -> Option<Fix> {
        let span = problem.span?;
        let input = self.session.input(span.input).filter(|input| input.text.len() <= LARGE)?;
        let range = span.start as usize..span.end as usize;
        let fix =
            fixes(&input.text, problem.code, range, input.kind, self.session.cluster.release).into_iter().next()?;
        let place = Span::new(span.input, fix.range.start, fix.range.end);
        Fix::new(fix.title, [Edit { input: place.input, start: place.start, end: place.end, text: fix.insert }])
    }

    fn classes(&self) -> Vec<RuntimeClass> {
        self.objects("RuntimeClass").filter_map(RuntimeClass::of).collect()
    }

    /// Who reported a problem of the first answers.
    fn reporter(&self, known: &Diagnostic) -> Source {
        let kind = known.span.and_then(|span| self.session.input(span.input)).map(|input| input.kind);
        if !matches!(kind, Some(InputKind::Manifests | InputKind::Stored)) || known.code.starts_with("node-") {
            return Source::Node;
        }
        match rule::all().find(|rule| rule.id == known.code).map(|rule| rule.stage) {
            Some(Stage::Admission) => Source::Admission,
            Some(_) => Source::Validation,
            None if known.code == "runtime-class-refuses" => Source::Admission,
            None if ADVICE.contains(&known.code) => Source::Advice,
            None => Source::Decoding,
        }
    }

    fn ask(&self) -> Ask<'_> {
        let given = &*self.given;
        let world = self.report.world.as_deref();
        let pods = given.pods.iter().zip(&self.report.pods).map(|((_, pod), report)| asked(pod, report));
        Ask {
            cluster: world.map_or(&self.session.cluster, |world| &world.cluster),
            known: &self.report.problems,
            texts: Texts::new(&self.session),
            pods: pods.collect(),
            secrets: &given.secrets,
            accounts: &given.accounts,
            config_maps: self.objects("ConfigMap").filter_map(ConfigMap::of).collect(),
            services: self.objects("Service").filter_map(Service::of).collect(),
            classes: self.classes(),
            nodes: given.nodes.iter().filter_map(Node::of).collect(),
            node_config: self.report.node_file.content.as_ref().and_then(|content| content.as_ref().ok()),
            scenario: self.report.node.as_ref().map(|node| &node.scenario.scenario),
            runtimes: &self.ground.runtimes,
        }
    }
}

/// For so many problems of decoding a fix is looked for, in texts of so many bytes: each look reads the text.
const SPELT: usize = 50;
const LARGE: usize = 400_000;

/// Codes of the first answers that are advice.
const ADVICE: &[&str] = &[
    "class-twice",
    "invalid-image-name",
    "no-containers",
    "pull-secret-malformed",
    "pull-secret-missing",
    "pull-secret-unused",
    "runtime-class-missing",
    "stored-unused",
];

fn asked<'a>(pod: &'a Pod, report: &'a PodReport) -> AskedPod<'a> {
    let by_path: BTreeMap<&str, &Container> =
        pod.containers.iter().map(|container| (container.path.as_str(), container)).collect();
    let images = report.containers.iter().filter_map(|part| {
        let container = match part.user {
            ImageUser::Container(_) => Some(*by_path.get(part.path.as_str())?),
            ImageUser::ImageVolume => None,
        };
        let field = if container.is_some() { "image" } else { "reference" };
        Some(AskedImage {
            container,
            path: format!("{}.{field}", part.path),
            written: part.image.as_ref().filter(|image| !image.value.is_empty())?,
            reference: part.reference.as_ref().and_then(|reference| reference.outcome.as_ref().ok()),
            policy: &part.policy.outcome,
            lookup: part.lookup.as_ref(),
        })
    });
    AskedPod { pod, images: images.collect(), pull_secrets: &report.pull_secrets, keys: &report.keys }
}

/// What the API server refuses in a pod and in the object that makes it.
fn refusals(pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    owner::errors(pod, cluster).into_iter().chain(pod::errors(pod, cluster)).collect()
}

/// What is refused, and what follows: a template that is refused keeps the whole object from being stored, admission only
/// looks at each pod.
pub(super) fn refused_words(pod: &Pod, refused: &Diagnostic) -> String {
    let by_admission = refused.code == "runtime-class-refuses"
        || rule::all().any(|rule| rule.id == refused.code && rule.stage == Stage::Admission);
    match &pod.owner {
        Some(owner) if by_admission => {
            format!("The API server refuses each of the pods of {} `{}`, so none exists", owner.kind, owner.name)
        }
        Some(owner) => {
            format!("The API server refuses the {} `{}`, so none of its pods exists", owner.kind, owner.name)
        }
        None => "The API server refuses the pod, so it never exists".to_owned(),
    }
}

/// A pod that validation refuses is refused, whichever of its fields is at fault.
pub(in crate::evaluate) fn refuse(given: &Given, cluster: &Cluster, pods: &mut [PodReport]) {
    for ((_, pod), report) in given.pods.iter().zip(pods) {
        // What makes pods is looked at before any of them.
        let of_owner = owner::errors(pod, cluster).first().map(FieldError::diagnostic);
        let of_pod = || pod::errors(pod, cluster).first().map(FieldError::diagnostic);
        report.refused = of_owner.or_else(|| report.refused.take()).or_else(of_pod);
    }
}

/// Whether an error of validation makes a remark of the first answers needless.
fn stands_for(code: &str, known: &str) -> bool {
    known == "no-containers" && code == rule::validation::CONTAINERS_REQUIRED.id
}

/// The problems so far, and which of them begin at a place.
#[derive(Default)]
struct List {
    problems: Vec<Problem>,
    places: BTreeMap<Option<(InputId, u32)>, Vec<usize>>,
}

impl List {
    fn push(&mut self, problem: Problem) {
        self.places.entry(begin(problem.diagnostic.span)).or_default().push(self.problems.len());
        self.problems.push(problem);
    }

    /// The positions of the problems that begin where `span` does.
    fn at(&self, span: Option<Span>) -> impl Iterator<Item = usize> {
        self.places.get(&begin(span)).into_iter().flatten().copied()
    }

    /// Takes a piece of advice in; what says the same there is told once, with the advice's fix.
    fn take(&mut self, remark: Remark) {
        let Remark { rule, diagnostic, fix } = remark;
        let same = |at: &usize| {
            self.problems.get(*at).is_some_and(|known| {
                rule.mends.contains(&known.diagnostic.code) && known.diagnostic.span == diagnostic.span
            })
        };
        let known = self.at(diagnostic.span).find(same);
        let Some(known) = known.and_then(|at| self.problems.get_mut(at)) else {
            return self.push(Problem { diagnostic, source: Source::Advice, fix });
        };
        if known.diagnostic.help.is_empty() {
            known.diagnostic.help = diagnostic.help;
        }
        if known.diagnostic.severity != Severity::Error {
            known.diagnostic.code = rule.id;
        }
        known.fix = known.fix.take().or(fix);
    }
}

fn begin(span: Option<Span>) -> Option<(InputId, u32)> {
    span.map(|span| (span.input, span.start))
}

fn order(problem: &Problem) -> impl Ord {
    (problem.diagnostic.severity, begin(problem.diagnostic.span), problem.source, problem.diagnostic.code)
}

#[cfg(test)]
mod tests;
