//! The sentences: what happens, and what to do about it.

use super::limit::Limit;
use super::{ContainerEnvironment, PodName};
use crate::api::Pod;
use crate::environment::mounts::FileSystem;
use crate::environment::volumes::Volume;
use crate::environment::{Environment, Source};
use crate::evaluate::whole::problems::refused_words;
use crate::report::{Tone, Verdict};
use podwhy_source::Diagnostic;

fn verdict(tone: Tone, text: String) -> Verdict {
    Verdict { tone, text }
}

/// What happens to one container.
pub(super) fn of_container(
    name: &str,
    environment: &Environment,
    files: &FileSystem,
    limit: Option<&Limit>,
) -> Verdict {
    let errors = environment.errors.iter();
    // An error that stands whatever else the cluster holds goes before one that may only be a missing paste.
    let certain = errors.clone().find(|error| !error.not_given);
    if let Some(error) = certain {
        let text = format!("`{name}` waits with CreateContainerConfigError: {}", sentence(&error.message));
        return verdict(Tone::Fails, text);
    }
    if let Some(error) = errors.clone().next() {
        let more = match environment.errors.len() {
            0 | 1 => String::new(),
            count => format!(" ({} more are missing too)", count - 1),
        };
        let text = format!(
            "`{name}` waits with CreateContainerConfigError, unless the cluster has what is not given here: {}{more}. Paste it, create it, or mark the reference optional.",
            error.message
        );
        return verdict(Tone::Look, text);
    }
    if let Some(limit) = limit {
        let (tone, may) = if limit.certain { (Tone::Fails, "fails") } else { (Tone::Look, "may fail") };
        return verdict(tone, format!("`{name}` {may} to start: argument list too long. {}", limit.step.finding));
    }
    let own =
        environment.variables.iter().filter(|variable| !matches!(variable.source, Source::Service { .. })).count();
    let services = environment.variables.len() - own;
    let count = match (own, services) {
        (0, services) => format!("`{name}` gets {services} variables, all about services"),
        (1, services) => format!("`{name}` gets 1 variable of its own and {services} about services"),
        (own, services) => format!("`{name}` gets {own} variables of its own and {services} about services"),
    };
    let mut looks = Vec::new();
    let unresolved: Vec<String> = unresolved(environment).into_iter().map(|name| format!("`$({name})`")).collect();
    match unresolved.as_slice() {
        [] => {}
        [one] => looks.push(format!("{one} stays as it is, because nothing defines it")),
        [first, rest @ ..] => {
            looks.push(format!("{first} and {} more stay as they are, because nothing defines them", rest.len()));
        }
    }
    match environment.left_out.as_slice() {
        [] => {}
        [one] if one.variable.is_empty() => looks.push("one source is missing and optional".to_owned()),
        [one] => looks.push(format!("`{}` is not set", one.variable)),
        more => looks.push(format!("{} variables or sources are left out", more.len())),
    }
    let hidden = files.mounts.iter().filter(|mount| mount.hidden).count();
    if hidden > 0 {
        looks.push(format!("{hidden} of its mounts cannot be seen"));
    }
    looks.extend(weight(environment));
    match looks.as_slice() {
        [] => verdict(Tone::Fine, format!("{count}.")),
        looks => verdict(Tone::Look, format!("{count}; {}.", looks.join("; "))),
    }
}

/// Bytes of service variables from which on they deserve a word. Linux starts no process whose arguments and variables
/// take more than a quarter of the stack's limit, 2 MiB where nobody changed it; namespaces grow until they do.
const HEAVY: usize = 32 << 10;

/// What services add to the environment, where it is much.
fn weight(environment: &Environment) -> Option<String> {
    let of_services = environment.variables.iter().filter(|variable| matches!(variable.source, Source::Service { .. }));
    // Each is kept as `NAME=value` with a zero byte behind it.
    let bytes: usize = of_services.map(|variable| variable.name.len() + variable.value.masked().len() + 2).sum();
    (bytes >= HEAVY).then(|| {
        format!(
            "the services take {} kB of its environment, and where arguments and variables together take too much (2 MB on most nodes), no process starts: `argument list too long`. Write `enableServiceLinks: false` if nothing reads them",
            bytes / 1_000
        )
    })
}

/// The names that nothing defines, each once.
fn unresolved(environment: &Environment) -> Vec<&str> {
    let in_values = environment.variables.iter().flat_map(|variable| &variable.unresolved);
    let in_texts = environment.unresolved.iter().map(|name| &name.value);
    let mut names: Vec<&str> = Vec::new();
    for name in in_values.chain(in_texts) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// What happens to the pod.
pub(super) fn of_pod(
    pod: &Pod,
    refused: Option<&Diagnostic>,
    hostname: &PodName,
    volumes: &[Volume],
    containers: &[ContainerEnvironment],
) -> Verdict {
    if let Some(refused) = refused {
        let text = format!("{}: {}", refused_words(pod, refused), sentence(&refused.message));
        return verdict(Tone::Fails, text);
    }
    if let Some(error) = hostname.error.as_ref().filter(|_| !pod.identity.on_host_network()) {
        let text = format!(
            "No container starts: the pod stays ContainerCreating with FailedCreatePodSandBox events. {}",
            sentence(error)
        );
        return verdict(Tone::Fails, text);
    }
    let problems = || volumes.iter().filter_map(|volume| volume.problem.as_ref());
    if let Some(problem) = problems().find(|problem| !problem.not_given) {
        let text = format!(
            "No container starts: the pod stays ContainerCreating with FailedMount events. {}",
            sentence(&problem.message)
        );
        return verdict(Tone::Fails, text);
    }
    let worst = |tone: Tone| containers.iter().find(|container| container.verdict.tone == tone);
    if let Some(container) = worst(Tone::Fails) {
        return container.verdict.clone();
    }
    if let Some(problem) = problems().next() {
        let text = format!(
            "The pod stays ContainerCreating with FailedMount events, unless the cluster has what is not given here: {}",
            sentence(&problem.message)
        );
        return verdict(Tone::Look, text);
    }
    if let Some(container) = worst(Tone::Look) {
        return container.verdict.clone();
    }
    let text = match containers {
        [] => "The pod has no containers.".to_owned(),
        [one] => return one.verdict.clone(),
        more => format!("All {} containers get what they ask for.", more.len()),
    };
    verdict(Tone::Fine, text)
}

/// The text with a full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}
