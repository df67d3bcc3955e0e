//! A RuntimeClass that no node serves.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::admission::runtime_class::find;
use crate::api::RuntimeClass;
use crate::rule::doc;
use crate::rule::pages::RUNTIME_CLASS;
use crate::schema::nearest::nearest;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "class-unserved",
    title: "A pod's RuntimeClass is served by no node that is given, or is not among those given.",
    why: "A class that the cluster lacks refuses the pod; a selector that no node fits leaves it Pending; a handler that the runtime lacks leaves it in ContainerCreating, again and again, and never Failed.",
    severity: Severity::Warning,
    doc: doc(RUNTIME_CLASS, "setup"),
    mends: &["runtime-class-missing"],
    check,
    #[cfg(test)]
    example: || {
        let spec = "runtimeClassName: gvisor\ncontainers:\n- name: main\n  image: app:1";
        let text = |name| {
            let class = format!(
                "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata:\n  name: {name}\nhandler: runsc\n"
            );
            format!("{}{class}", super::example::pod(spec))
        };
        super::example::Example::manifests(text("gvisors"), text("gvisor"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for pod in ask.pods.iter().map(|asked| asked.pod) {
        let Some(written) = pod.placement.runtime_class_name.as_ref().filter(|name| !name.value.is_empty()) else {
            continue;
        };
        let path = format!("{}.runtimeClassName", pod.spec_path);
        let mut add = |message: String, title: String, edit: Option<Edit>| {
            found.push(Finding::new(written.span, message).path(path.as_str()).fix(title, edit));
        };
        let Some(class) = find(&ask.classes, &written.value) else {
            if !ask.classes.is_empty() {
                let message = format!("No RuntimeClass `{}` is given.", written.value);
                let meant = nearest(&written.value, ask.classes.iter().map(|class| class.metadata.name()));
                let edit = meant.and_then(|meant| ask.texts.replace(written, meant));
                add(message, format!("Write `{}`", meant.unwrap_or_default()), edit);
            }
            continue;
        };
        if !ask.nodes.is_empty() && !ask.nodes.iter().any(|node| fits(class, node)) {
            let message =
                format!("No node that is given has the labels that RuntimeClass `{}` asks for.", written.value);
            add(message, String::new(), None);
        }
        let handlers = || ask.runtimes.iter().map(|runtime| &runtime.handlers);
        if ask.runtimes.is_empty() || handlers().any(|handlers| handlers.find(class.handler()).is_some()) {
            continue;
        }
        let message = format!("The nodes' runtime has no handler `{}`.", class.handler());
        let names = handlers().flat_map(|handlers| &handlers.handlers).map(|handler| handler.name.value.as_str());
        let meant = nearest(class.handler(), names);
        let edit = meant.zip(class.handler.as_ref()).and_then(|(meant, handler)| ask.texts.replace(handler, meant));
        add(message, format!("Write `{}` in the RuntimeClass", meant.unwrap_or_default()), edit);
    }
}

fn fits(class: &RuntimeClass, node: &crate::api::node::Node) -> bool {
    let has = |wanted: &crate::api::scheduling::Label| {
        node.labels.iter().any(|label| label.key.value == wanted.key.value && label.value.value == wanted.value.value)
    };
    class.node_selector().iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::super::example::{and, manifests, pod};
    use crate::evaluate::Whole;
    use crate::session::InputKind;

    #[test]
    fn every_file_and_node_of_the_runtime_counts() {
        let class = "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata:\n  name: gvisor\nhandler: runsc\n";
        let text = pod("runtimeClassName: gvisor\ncontainers:\n- name: main\n  image: app:1") + class;
        let told = |runtime: &str| {
            let problems = Whole::of(and(manifests(text.clone()), InputKind::RuntimeConfig, runtime)).problems();
            problems.iter().any(|problem| problem.diagnostic.code == "class-unserved")
        };
        let without = "# file: /etc/crio/crio.conf\n[crio.runtime]\n[crio.runtime.runtimes.crun]\n";
        assert!(told(without));
        assert!(!told(&format!("{without}# file: /etc/crio/crio.conf.d/9.conf\n[crio.runtime.runtimes.runsc]\n")));
        assert!(!told(&format!("{without}# node: a\n[crio.runtime]\n[crio.runtime.runtimes.runsc]\n")));
    }
}
