//! Names of variables that only newer releases take.

use super::{AdviceRule, Ask, Finding, names};
use crate::feature::{FEATURES, Feature};
use crate::release::Release;
use crate::rule::pages::VARIABLES;
use crate::rule::{doc, environment::INVALID_NAMES_SKIPPED};
use crate::validation::names::{env_name, strict_env_name};
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "variable-name",
    title: "A variable has a name that other releases refuse or skip.",
    why: "Older API servers refuse such a name in `env`; older kubelets leave such a key of envFrom out, with an event InvalidEnvironmentVariableNames. Use letters, digits and `_`.",
    severity: Severity::Warning,
    doc: doc(VARIABLES, ""),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let text = |key| {
            let map = format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  {key}: x\n");
            format!("{}{map}", super::example::container("envFrom:\n- configMapRef: {name: conf}"))
        };
        super::example::Example::manifests(text("1st"), text("FIRST"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        for variable in &container.environment.env {
            let name = variable.name();
            let odd = !name.is_empty() && !strict_env_name(name).is_empty() && env_name(name, ask.cluster).is_empty();
            let Some(written) = variable.name.as_ref().filter(|_| odd) else { continue };
            let message = format!("API servers before {} refuse the name `{name}`.", relaxed());
            let path = format!("{}.env[{}].name", container.path, variable.index);
            found.push(Finding::new(written.span, message).path(path));
        }
        for from in &container.environment.env_from {
            let names = names::of_source(ask, pod, from).unwrap_or_default();
            let odd: Vec<&str> =
                names.iter().map(String::as_str).filter(|name| !strict_env_name(name).is_empty()).take(4).collect();
            if odd.is_empty() {
                continue;
            }
            let who = if INVALID_NAMES_SKIPPED.holds_in(ask.cluster.release) {
                format!("The kubelets of {} leave", ask.cluster.release)
            } else {
                "Older kubelets leave".to_owned()
            };
            let message = format!("{who} these keys out: `{}`.", odd.join("`, `"));
            let path = format!("{}.envFrom[{}]", container.path, from.index);
            found.push(Finding::new(from.span, message).path(path));
        }
    }
}

/// The release that takes other names by default.
fn relaxed() -> Release {
    let specs = FEATURES.iter().find(|(feature, _)| *feature == Feature::RelaxedEnvironmentVariableValidation);
    let by_default = specs.and_then(|(_, specs)| specs.iter().find(|spec| spec.default));
    by_default.map_or(Release::NEWEST, |spec| spec.release)
}
