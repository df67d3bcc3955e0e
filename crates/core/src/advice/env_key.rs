//! A variable from a key that the ConfigMap or Secret does not have.

use super::{AdviceRule, Ask, Finding};
use crate::api::env::KeyRef;
use crate::rule::doc;
use crate::rule::pages::CONFIGURE_CONFIG_MAPS;
use crate::schema::nearest::nearest;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "missing-key",
    title: "A variable comes from a key that the ConfigMap or Secret does not have.",
    why: "The container waits with CreateContainerConfigError until the key is there. With `optional: true` it starts without the variable.",
    severity: Severity::Warning,
    doc: doc(CONFIGURE_CONFIG_MAPS, "restrictions"),
    mends: &["environment.missing-key"],
    check,
    #[cfg(test)]
    example: || {
        let text = |key| {
            let env =
                format!("env:\n- name: LEVEL\n  valueFrom:\n    configMapKeyRef:\n      name: conf\n      key: {key}");
            let map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  log-level: info\n";
            format!("{}{map}", super::example::container(&env))
        };
        super::example::Example::manifests(text("log_level"), text("log-level"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        for variable in &container.environment.env {
            let Some(from) = &variable.value_from else { continue };
            let (kind, reference, keys): (&str, &KeyRef, Vec<&str>) = if let Some(reference) = &from.config_map {
                let mut maps = ask.config_maps.iter().rev();
                let same = maps
                    .find(|one| one.metadata.name() == reference.name() && one.metadata.namespace() == pod.namespace);
                let Some(map) = same else { continue };
                ("ConfigMap", reference, map.data.iter().map(|(key, _)| key.value.as_str()).collect())
            } else if let Some(reference) = &from.secret {
                let mut secrets = ask.secrets.iter().rev();
                let same = secrets.find(|one| one.name == reference.name() && one.namespace == pod.namespace);
                let Some(secret) = same else { continue };
                ("Secret", reference, secret.data.iter().map(|value| value.key.as_str()).collect())
            } else {
                continue;
            };
            let Some(key) = reference.key.as_ref().filter(|_| !reference.optional) else { continue };
            if key.value.is_empty() || keys.contains(&key.value.as_str()) {
                continue;
            }
            let message = format!("{kind} `{}` has no key `{}`.", reference.name(), key.value);
            let meant = nearest(&key.value, keys.into_iter());
            let edit = meant.and_then(|meant| ask.texts.replace(key, meant));
            let path = format!("{}.env[{}].valueFrom", container.path, variable.index);
            let title = format!("Write `{}`", meant.unwrap_or_default());
            found.push(Finding::new(key.span, message).path(path).fix(title, edit));
        }
    }
}
