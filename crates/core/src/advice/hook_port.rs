//! An httpGet hook on a port that the container does not declare.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::Container;
use crate::api::lifecycle::{HttpGet, IntOrString};
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use crate::schema::nearest::nearest;
use crate::trace::Written;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "hook-port",
    title: "An httpGet hook asks for a port that its container does not declare.",
    why: "A name that the container does not declare fails every time; a number works only if something listens there. Declare the port, so that both say the same.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-implementations"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let hook = |port| {
            format!(
                "ports:\n- name: http\n  containerPort: 8080\nlifecycle:\n  preStop:\n    httpGet: {{path: /drain, port: {port}}}"
            )
        };
        super::example::Example::containers(&hook("9090"), &hook("http"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        for (name, hook) in container.lifecycle.hooks() {
            let Some(get) = &hook.http_get else { continue };
            if let Some(finding) = of_hook(ask, container, get) {
                found.push(finding.path(format!("{}.lifecycle.{name}.httpGet.port", container.path)));
            }
        }
    }
}

fn of_hook(ask: &Ask, container: &Container, get: &HttpGet) -> Option<Finding> {
    // Another host is another container's business.
    if !get.host.is_empty() && get.host != "localhost" && get.host != "127.0.0.1" {
        return None;
    }
    let ports = &container.ports;
    match &get.port {
        IntOrString::Int(number) if (1..=65535).contains(number) => {
            if ports.iter().any(|port| port.is_numbered(*number)) {
                return None;
            }
            let message = format!("The hook asks for port {number}, which `{}` does not declare.", container.name());
            // Which ports are declared is told to people alone: the request goes out all the same.
            let fix = declare(ask, container, *number);
            Some(Finding::new(get.span, message).note().fix(format!("Declare port {number}"), fix))
        }
        IntOrString::Text(name) if !name.is_empty() && name.parse::<u16>().is_err() => {
            if ports.iter().any(|port| port.name() == name) {
                return None;
            }
            let message = format!("`{}` declares no port named `{name}`, so the hook fails.", container.name());
            let meant = nearest(name, ports.iter().map(|port| port.name()).filter(|name| !name.is_empty()));
            let written = ask.texts.node(get.span).and_then(|node| node.get("port"));
            let edit = meant
                .zip(written)
                .and_then(|(meant, node)| ask.texts.replace(&Written { value: name.clone(), span: node.span }, meant));
            Some(Finding::new(get.span, message).fix(format!("Write `{}`", meant.unwrap_or_default()), edit))
        }
        _ => None,
    }
}

fn declare(ask: &Ask, container: &Container, number: i64) -> Option<Edit> {
    let port = format!("{{\"containerPort\": {number}}}");
    match container.ports.first() {
        Some(port_before) => ask.texts.append(ask.texts.above(port_before.span, 1)?, &port),
        None => ask.texts.insert(container.span, "image", "ports", &format!("[{port}]")),
    }
}
