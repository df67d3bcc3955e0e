//! Answers in forms that are taken elsewhere.

use crate::text;
use podwhy_core::evaluate::Whole;
use podwhy_core::report::Tone;
use podwhy_core::session::mask::Mask;
use podwhy_core::session::{InputKind, Session};
use podwhy_source::Severity;
use std::fmt::Write;

/// What an issue report needs: the answers first, then what was asked, then every reason. Secrets are taken out of the
/// session before it is answered, so that none can stand anywhere in it.
#[must_use]
pub fn markdown(whole: &Whole) -> String {
    let whole = Whole::of(masked(&whole.session));
    let report = &whole.report;
    let mut out = String::from("### Why does the cluster do that with my pod?\n\n");
    let cluster = &whole.session.cluster;
    let gates = cluster.gates.iter().map(|(gate, on)| format!("{}={on}", gate.name()));
    let plugins = cluster
        .switched_plugins
        .iter()
        .map(|plugin| format!("{} {}", plugin.name(), if cluster.admits_with(*plugin) { "on" } else { "off" }));
    let switched: Vec<String> = gates.chain(plugins).collect();
    // Writing to a String cannot fail.
    _ = writeln!(
        out,
        "Kubernetes {}{}\n",
        report.release,
        switched.iter().fold(String::new(), |all, one| all + ", " + one)
    );
    for pod in &report.pods {
        _ = writeln!(out, "**{} in namespace `{}`**\n", pod.title, pod.namespace);
        if let Some(refused) = &pod.refused {
            _ = writeln!(out, "- The API server refuses it: {}", refused.message);
        }
        for container in &pod.containers {
            _ = writeln!(out, "- {} `{}`: {}", container.user.words(), container.name, container.verdict.text);
        }
        if let Some(pull) = pod.pull.as_ref().filter(|pull| pull.verdict.tone != Tone::Fine) {
            _ = writeln!(out, "- {}", pull.verdict.text);
        }
        out.push('\n');
    }
    let problems: Vec<_> = report.problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
    if !problems.is_empty() {
        out.push_str("**Problems**\n\n");
        for problem in problems {
            let path = if problem.path.is_empty() { String::new() } else { format!("`{}`: ", problem.path) };
            _ = writeln!(out, "- {path}{}", problem.message);
        }
        out.push('\n');
    }
    for input in whole.session.inputs.iter().filter(|input| !input.text.trim().is_empty()) {
        folded(&mut out, &input.name, language(input.kind), &input.text);
    }
    folded(&mut out, "Every reason", "text", &text::render(&whole));
    out
}

fn masked(session: &Session) -> Session {
    let mut mask = Mask::default();
    let mut masked = session.clone();
    for input in &mut masked.inputs {
        input.text = mask.text(input.kind, &input.text);
    }
    masked
}

fn language(kind: InputKind) -> &'static str {
    match kind {
        InputKind::NodeConfig => "json",
        InputKind::RuntimeConfig => "toml",
        _ => "yaml",
    }
}

/// A text that is folded away, between more backticks than it has itself.
fn folded(out: &mut String, title: &str, language: &str, text: &str) {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    _ = writeln!(out, "<details><summary>{title}</summary>\n\n{fence}{language}\n{text}{end}{fence}\n\n</details>\n");
}

/// The pods as the API server stores them, as YAML, document after document; a refused pod is left out.
#[must_use]
pub fn effective(whole: &Whole) -> String {
    let stored = (0..whole.report.pods.len()).filter_map(|pod| whole.stored(pod)).filter(|pod| pod.refused.is_none());
    let documents: Vec<String> =
        stored.filter_map(|pod| serde_yaml::to_string(&pod.effective.manifest()).ok()).collect();
    documents.join("---\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::session::Input;

    fn whole(text: &str) -> Whole {
        let input = Input { kind: InputKind::Manifests, name: "pod.yaml".to_owned(), text: text.to_owned() };
        Whole::of(Session { inputs: vec![input], ..Session::default() })
    }

    const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  imagePullSecrets: [{name: key}]
  containers:
  - name: app
    image: reg.io/app:1 # ```
    env: [{name: DB_PASSWORD, value: hunter2}]
---
apiVersion: v1
kind: Secret
metadata: {name: key}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{\"auths\": {\"reg.io\": {\"username\": \"bob\", \"password\": \"hunter2\"}}}'}
";

    #[test]
    fn an_issue_report_has_the_answer_and_no_secret() {
        let report = markdown(&whole(POD));
        for words in [
            "Kubernetes v1.34",
            "**Pod `web` in namespace `default`**",
            "- container `app`: `reg.io/app:1` is pulled",
            "with the credential for `reg.io` of the Secret `key`",
            "<details><summary>pod.yaml</summary>\n\n````yaml\n",
            "DB_PASSWORD",
            "user bob",
        ] {
            assert!(report.contains(words), "{words}\n{report}");
        }
        assert!(!report.contains("hunter2"), "{report}");
    }

    #[test]
    fn effective_manifests_are_what_is_stored() {
        let text = effective(&whole(POD));
        assert!(text.contains("imagePullPolicy: IfNotPresent") && text.contains("name: web"), "{text}");
        assert!(effective(&whole("kind: Service")).is_empty());
        let two = effective(&whole(&format!("{POD}---\n{}", POD.replace("web", "other"))));
        assert_eq!(two.matches("\n---\n").count(), 1, "{two}");
    }
}
