//! A variable from a ConfigMap or Secret that lies in another namespace.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::CONFIG_MAPS;
use crate::trace::Written;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "variable-namespace",
    title: "Variables come from a ConfigMap or Secret of another namespace.",
    why: "A pod reaches only objects of its own namespace; the container waits with CreateContainerConfigError.",
    severity: Severity::Warning,
    doc: doc(CONFIG_MAPS, "configmaps-and-pods"),
    mends: &["environment.missing-object"],
    check,
    #[cfg(test)]
    example: || {
        let text = |namespace| {
            let map = format!(
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\n  namespace: {namespace}\ndata:\n  A: x\n"
            );
            format!("{}{map}", super::example::container("envFrom:\n- configMapRef: {name: conf}"))
        };
        super::example::Example::manifests(text("team"), text("default"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let maps: Vec<(&str, &str)> =
        ask.config_maps.iter().map(|map| (map.metadata.name(), map.metadata.namespace())).collect();
    let secrets: Vec<(&str, &str)> =
        ask.secrets.iter().map(|secret| (secret.name.as_str(), secret.namespace.as_str())).collect();
    for (pod, container) in ask.containers() {
        let mut look = |kind: &str, given: &[(&str, &str)], name: Option<&Written<String>>, optional: bool| {
            let Some(name) = name.filter(|name| !name.value.is_empty() && !optional) else { return };
            let mut same = given.iter().filter(|(given, _)| *given == name.value).map(|(_, namespace)| *namespace);
            let Some(namespace) = same.clone().next().filter(|_| same.all(|other| other != pod.namespace)) else {
                return;
            };
            let message =
                format!("{kind} `{}` is in the namespace `{namespace}`, the pod in `{}`.", name.value, pod.namespace);
            found.push(Finding::new(name.span, message).path(&container.path));
        };
        let environment = &container.environment;
        for from in environment.env.iter().filter_map(|variable| variable.value_from.as_ref()) {
            from.config_map.iter().for_each(|one| look("ConfigMap", &maps, one.name.as_ref(), one.optional));
            from.secret.iter().for_each(|one| look("Secret", &secrets, one.name.as_ref(), one.optional));
        }
        for from in &environment.env_from {
            from.config_map.iter().for_each(|one| look("ConfigMap", &maps, one.name.as_ref(), one.optional));
            from.secret.iter().for_each(|one| look("Secret", &secrets, one.name.as_ref(), one.optional));
        }
    }
}
