//! One list of everything that is wrong or worth knowing: what cannot be read, what validation and admission refuse, and
//! advice; each told once, with its place, and with the change that mends it where that can be stated.

use super::Whole;
use crate::admission::{Request, runtime_class};
use crate::advice::{Ask, AskedImage, AskedPod, Fix, Remark, Texts, advise};
use crate::api::node::Node;
use crate::api::{ConfigMap, Pod, RuntimeClass, Service};
use crate::report::{ImageUser, PodReport};
use crate::rule::{self, Stage};
use crate::runtime::handlers::{self, File};
use crate::session::InputKind;
use crate::validation::{BadValue, FieldError, pod, runtime_class as class_validation};
use podwhy_source::{Diagnostic, Severity, Span};
use serde::Serialize;

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
    /// The node's files and the scenario.
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
        let mut list: Vec<Problem> = self.refusals();
        for known in &self.report.problems {
            let same = |other: &Problem| {
                let other = &other.diagnostic;
                let start = |problem: &Diagnostic| problem.span.map(|span| (span.input, span.start));
                (other.code == known.code || stands_for(other.code, known.code))
                    && start(other) == start(known)
                    && (other.path == known.path || known.path.is_empty())
            };
            if !list.iter().any(same) {
                list.push(Problem { diagnostic: known.clone(), source: self.reporter(known), fix: None });
            }
        }
        for remark in advise(&self.ask()) {
            take(&mut list, remark);
        }
        list.sort_by(|a, b| order(a).cmp(&order(b)));
        list.dedup_by(|a, b| a.diagnostic == b.diagnostic);
        list
    }

    /// What the API server's validation and its admission plug-ins refuse.
    fn refusals(&self) -> Vec<Problem> {
        let cluster = &self.session.cluster;
        let classes = self.classes();
        let mut list = Vec::new();
        for class in &classes {
            list.extend(class_validation::errors(class, cluster).iter().map(refused));
        }
        for (_, pod) in &self.given.pods {
            list.extend(pod::errors(pod, cluster).iter().map(refused));
            list.extend(self.class_refusals(pod, &classes));
        }
        list
    }

    fn classes(&self) -> Vec<RuntimeClass> {
        self.objects("RuntimeClass").filter_map(RuntimeClass::of).collect()
    }

    /// What the plug-in RuntimeClass refuses. A class that was not given may well be in the cluster.
    fn class_refusals(&self, pod: &Pod, classes: &[RuntimeClass]) -> Vec<Problem> {
        let class = pod.placement.runtime_class_name.as_ref();
        if class.is_some_and(|name| runtime_class::find(classes, &name.value).is_none()) {
            return Vec::new();
        }
        let request = Request::applying(pod, self.given.stored_for(pod));
        let decision = runtime_class::admit(pod, classes, &request, &self.session.cluster);
        let refusals = decision.outcome.err().map(|refused| refused.refusals).unwrap_or_default();
        // Of several conflicts chance names one; the first says enough.
        let refusal = refusals.into_iter().next().map(|refusal| Problem {
            diagnostic: Diagnostic::error(refusal.rule.id, refusal.message, refusal.at.unwrap_or(pod.span))
                .with_help("The API server answers this and does not create the pod."),
            source: Source::Admission,
            fix: None,
        });
        refusal.into_iter().collect()
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
            None if ADVICE.contains(&known.code) => Source::Advice,
            None => Source::Decoding,
        }
    }

    fn ask(&self) -> Ask<'_> {
        let given = &*self.given;
        let world = self.report.world.as_deref();
        let pods = given.pods.iter().zip(&self.report.pods).map(|((_, pod), report)| asked(pod, report));
        let files: Vec<File> = self
            .session
            .inputs_of(InputKind::RuntimeConfig)
            .filter(|(_, input)| !input.text.trim().is_empty())
            .map(|(id, input)| File { name: &input.name, text: &input.text, input: id })
            .collect();
        let handlers = if files.is_empty() { None } else { handlers::read(&files, &self.session.cluster).0 };
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
            handlers,
        }
    }
}

/// Codes of the first answers that are advice.
const ADVICE: &[&str] = &[
    "invalid-image-name",
    "no-containers",
    "pull-secret-malformed",
    "pull-secret-missing",
    "pull-secret-unused",
    "stored-unused",
];

fn asked<'a>(pod: &'a Pod, report: &'a PodReport) -> AskedPod<'a> {
    let images = report.containers.iter().filter_map(|part| {
        let container = match part.user {
            ImageUser::Container(_) => Some(pod.containers.iter().find(|container| container.path == part.path)?),
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

/// An error of validation as it is shown to people.
fn refused(error: &FieldError) -> Problem {
    let value = match &error.value {
        BadValue::None | BadValue::Dump => String::new(),
        BadValue::Text(text) => format!(": {}", crate::quote::quote(text)),
        BadValue::Number(number) => format!(": {number}"),
    };
    let detail = if error.detail.is_empty() { String::new() } else { format!(": {}", error.detail) };
    let message = format!("{}{value}{detail}", error.kind.words());
    Problem {
        diagnostic: Diagnostic::error(error.rule.id, message, error.span)
            .at_path(&error.field)
            .with_help(error.rule.title),
        source: Source::Validation,
        fix: None,
    }
}

/// Whether an error of validation makes a remark of the first answers needless.
fn stands_for(code: &str, known: &str) -> bool {
    known == "no-containers" && code == rule::validation::CONTAINERS_REQUIRED.id
}

/// Takes a piece of advice into the list; what says the same there is told once, with the advice's fix.
fn take(list: &mut Vec<Problem>, remark: Remark) {
    let Remark { rule, diagnostic, fix } = remark;
    let same =
        |known: &&mut Problem| rule.mends.contains(&known.diagnostic.code) && known.diagnostic.span == diagnostic.span;
    let Some(known) = list.iter_mut().find(same) else {
        return list.push(Problem { diagnostic, source: Source::Advice, fix });
    };
    if known.diagnostic.help.is_empty() {
        known.diagnostic.help = diagnostic.help;
    }
    if known.diagnostic.severity != Severity::Error {
        known.diagnostic.code = rule.id;
    }
    known.fix = known.fix.take().or(fix);
}

fn order(problem: &Problem) -> impl Ord {
    let place = |span: Span| (span.input, span.start);
    (problem.diagnostic.severity, problem.diagnostic.span.map(place), problem.source, problem.diagnostic.code)
}

#[cfg(test)]
mod tests;
