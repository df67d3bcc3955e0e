//! A file of a ConfigMap or Secret mounted by itself, which never follows changes.

use super::{AdviceRule, Ask, Finding};
use crate::api::list;
use crate::rule::doc;
use crate::rule::pages::VOLUMES;
use podwhy_source::{Node, Severity};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "sub-path",
    title: "A ConfigMap or Secret is mounted with a subPath.",
    why: "Such a mount keeps the content that it had when the container started; changes of the object do not reach it. Mount the whole volume, or restart after each change.",
    severity: Severity::Info,
    doc: doc(VOLUMES, "configmap"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let spec = |sub| {
            format!(
                "volumes:\n- name: conf\n  configMap: {{name: conf}}\ncontainers:\n- name: main\n  image: app:1\n  volumeMounts:\n  - name: conf\n    mountPath: /etc/app\n{sub}"
            )
        };
        super::example::Example::specs(&spec("    subPath: app.yaml"), &spec(""))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        if container.volume_mounts.is_empty() || !ask.texts.slice(container.span).contains("subPath") {
            continue;
        }
        let Some(node) = ask.texts.node(container.span) else { continue };
        for mount in list(node, "volumeMounts") {
            let Some(path) = mount.get("subPath").or(mount.get("subPathExpr")) else { continue };
            let name = mount.get("name").and_then(Node::as_text).unwrap_or_default();
            let volume = pod.volumes.iter().find(|volume| volume.name() == name);
            let volume = volume.and_then(|volume| ask.texts.node(volume.span));
            let has = |kind: &str| volume.is_some_and(|volume| volume.get(kind).is_some());
            let kind = if has("configMap") {
                "ConfigMap"
            } else if has("secret") {
                "Secret"
            } else {
                continue;
            };
            let message = format!("Changes of the {kind} in volume `{name}` do not reach this mount.");
            found.push(Finding::new(path.span, message).path(format!("{}.volumeMounts", container.path)));
        }
    }
}
