//! What the containers find when they start: variables, command, names, files.

use super::Page;
use podwhy_core::environment::mounts::{Maker, Mount};
use podwhy_core::environment::{EnvValue, Source, Variable};
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::environment::{ContainerEnvironment, PodEnvironment};
use podwhy_core::quote::quote;
use podwhy_core::trace::Mark;

/// The pod's names, its volumes, and container by container what it finds.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(found) = whole.environment(pod) else { return };
    out.heading("What its containers find");
    out.verdict(4, &found.verdict);
    let name = found.hostname.name.as_deref().unwrap_or("none");
    let domain =
        if found.hostname.domain.is_empty() { String::new() } else { format!(", domain {}", found.hostname.domain) };
    out.line(4, &format!("host name {name}{domain}"));
    if let Some(error) = &found.hostname.error {
        out.line(6, error);
    }
    out.steps(6, &found.hostname.trace);
    for container in &found.containers {
        of_container(container, out);
    }
    volumes(&found, out);
    let silent = || found.services.iter().map(|service| &service.step).filter(|step| step.mark != Mark::Yes);
    if silent().next().is_some() {
        out.line(4, "services that give no variables");
        out.steps(6, silent());
    }
    if !found.assumptions.is_empty() {
        out.line(4, "Taken for granted");
    }
    for assumption in &found.assumptions {
        out.line(6, &format!("? {}", assumption.text));
    }
    out.notes(4, &found.notes);
}

fn of_container(container: &ContainerEnvironment, out: &mut Page) {
    let place = out.place(Some(container.span));
    out.line(4, &format!("{} {}{place}", container.role.words(), container.name));
    out.verdict(6, &container.verdict);
    let environment = &container.environment;
    for error in &environment.errors {
        let what = if error.variable.is_empty() { String::new() } else { format!("{}: ", error.variable) };
        out.line(6, &format!("CreateContainerConfigError: {what}{}", error.message));
        out.steps(8, [&error.step]);
    }
    out.steps(6, environment.left_out.iter().map(|left| &left.step));
    for event in &environment.events {
        out.line(6, &format!("event {} {}: {}", event.kind, event.reason, event.message));
    }
    for (word, texts) in [("command", &environment.command), ("args", &environment.args)] {
        if !texts.is_empty() {
            let texts: Vec<String> = texts.iter().map(|text| quote(text.masked())).collect();
            out.line(6, &format!("{word}: [{}]", texts.join(", ")));
        }
    }
    for name in &environment.unresolved {
        let place = out.place(Some(name.span));
        out.line(6, &format!("$({}) stays as it is: nothing defines it{place}", name.value));
    }
    out.line(6, "variables");
    for variable in &environment.variables {
        one(variable, out);
    }
    out.steps(6, &container.around);
    let image = container.files.image.as_ref().map_or("no image", |image| image.value.as_str());
    let root = if container.files.root_read_only.is_some() { ", read-only" } else { "" };
    out.line(6, &format!("files: those of {image}{root}, and over them"));
    for mount in &container.files.mounts {
        mounted(mount, out);
    }
}

fn one(variable: &Variable, out: &mut Page) {
    let place = if variable.assumed { String::new() } else { out.place(variable.value_span.or(Some(variable.span))) };
    let assumed = if variable.assumed { ", taken for granted" } else { "" };
    let source = match &variable.source {
        Source::Value => String::new(),
        source => format!(" from {}", source.words()),
    };
    out.line(8, &format!("{}={}{source}{assumed}{place}", variable.name, shown(&variable.value)));
    for old in &variable.overrides {
        let place = out.place(Some(old.span));
        out.line(10, &format!("instead of {}{place}", old.source.words()));
    }
    out.steps(10, variable.trace.iter().filter(|step| !variable.unresolved.is_empty() && step.mark == Mark::Note));
}

/// A value on one line.
fn shown(value: &EnvValue) -> String {
    let text = value.masked();
    if text.contains(char::is_control) { quote(text) } else { text.to_owned() }
}

fn mounted(mount: &Mount, out: &mut Page) {
    let place = out.place(mount.span);
    let mut words = vec![mount.words.clone()];
    if !mount.sub_path.is_empty() {
        words.push(format!("only {}", mount.sub_path));
    }
    if mount.read_only {
        words.push("read-only".to_owned());
    }
    words.push(maker(mount.maker).to_owned());
    out.line(8, &format!("{}: {}{place}", mount.path, words.join(", ")));
    out.steps(10, mount.trace.iter().skip(1));
}

fn maker(maker: Maker) -> &'static str {
    match maker {
        Maker::Written => "written",
        Maker::Admission => "added by admission",
        Maker::Kubelet => "added by the kubelet",
        Maker::Runtime => "added by the runtime",
    }
}

fn volumes(found: &PodEnvironment, out: &mut Page) {
    if found.volumes.is_empty() {
        return;
    }
    out.line(4, "volumes");
    for volume in &found.volumes {
        let place = out.place(Some(volume.span));
        out.line(6, &format!("{}: {}{place}", volume.name, volume.words));
        if let Some(problem) = &volume.problem {
            out.line(8, &format!("FailedMount: {}", problem.message));
        }
        out.steps(8, volume.trace.iter().skip(1));
        for file in volume.files.iter().flatten() {
            out.line(8, &format!("{}: {}", file.path, file.words));
        }
    }
}
