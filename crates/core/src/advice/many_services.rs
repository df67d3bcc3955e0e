//! So many services that their variables may not fit.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::Pod;
use crate::environment::services::has_ip;
use crate::rule::doc;
use crate::rule::pages::CONNECT_SERVICES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "many-services",
    title: "A pod gets variables for very many services.",
    why: "Each service brings seven variables and more, and a process does not start when they grow too long: `argument list too long`. Find services by DNS and set enableServiceLinks to false.",
    severity: Severity::Warning,
    doc: doc(CONNECT_SERVICES, "accessing-the-service"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let text = |links| {
            let service = |index: usize| {
                format!(
                    "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: s{index}\nspec:\n  clusterIP: 10.0.0.{index}\n  ports:\n  - port: 80\n"
                )
            };
            let spec = format!("enableServiceLinks: {links}\ncontainers:\n- name: main\n  image: app:1");
            format!("{}{}", super::example::pod(&spec), (1..=MANY).map(service).collect::<String>())
        };
        super::example::Example::manifests(text(true), text(false))
    },
};

/// From so many services on.
const MANY: usize = 100;

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for pod in ask.pods.iter().map(|asked| asked.pod).filter(|pod| pod.identity.service_links()) {
        let seen =
            ask.services.iter().filter(|service| service.metadata.namespace() == pod.namespace && has_ip(service));
        let count = seen.count();
        if count < MANY {
            continue;
        }
        let Some(first) = pod.containers.first() else { continue };
        let message = format!("The pod gets variables for {count} services.");
        let at = pod.identity.enable_service_links.as_ref().map_or(first.span, |links| links.span);
        let uses = ask.texts.slice(pod.span).contains("_SERVICE_") || ask.texts.slice(pod.span).contains("_PORT");
        let fix = if uses { None } else { without_links(ask, pod) };
        let path = format!("{}.enableServiceLinks", pod.spec_path);
        found.push(Finding::new(at, message).path(path).fix("Write enableServiceLinks: false", fix));
    }
}

fn without_links(ask: &Ask, pod: &Pod) -> Option<Edit> {
    if let Some(links) = &pod.identity.enable_service_links {
        return ask.texts.replace_within(links.span, "true", "false");
    }
    let spec = ask.texts.above(pod.containers.first()?.span, 2)?;
    ask.texts.insert(spec, "", "enableServiceLinks", "false")
}
