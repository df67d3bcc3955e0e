//! Texts that are no manifests and are pasted as such: what kubectl prints for people, and templates.

use podwhy_source::{Diagnostic, Span};

/// What a text is that cannot be decoded, if that can be told. `at` is where it stands.
pub(super) fn recognise(text: &str, at: Span) -> Option<Diagnostic> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("---")).unwrap_or_default();
    let described = first.starts_with("Name:  ") && text.contains("\nNamespace:  ");
    let table =
        ["NAME  ", "NAMESPACE  ", "LAST SEEN  ", "Type  "].iter().any(|head| first.trim_start().starts_with(head));
    let (code, message, help) = if text.contains("{{") && text.contains("}}") {
        (
            "template",
            "This is a template: what stands in `{{ … }}` is filled in before Kubernetes sees it.",
            "Run `helm template`, or what else fills it in, and paste what it prints.",
        )
    } else if described {
        (
            "kubectl-output",
            "This is what `kubectl describe` prints for people, and no manifest.",
            "Run `kubectl get pod NAME -o yaml` and paste what it prints; its status is read too.",
        )
    } else if table || first.starts_with("Events:") {
        (
            "kubectl-output",
            "This is a table that kubectl prints for people, and no manifest.",
            "Run the same command with `-o yaml` and paste what it prints. Events are not read.",
        )
    } else {
        return None;
    };
    Some(Diagnostic::error(code, message, at).with_help(help))
}

#[cfg(test)]
mod tests {
    use crate::evaluate::evaluate;
    use crate::session::{Input, InputKind, Session};

    fn problems(text: &str) -> Vec<(&'static str, String)> {
        let input = Input { kind: InputKind::Manifests, name: String::new(), text: text.to_owned() };
        let report = evaluate(&Session { inputs: vec![input], ..Session::default() });
        report.problems.iter().map(|problem| (problem.code, problem.message.clone())).collect()
    }

    #[test]
    fn what_kubectl_prints_and_templates_are_told_as_what_they_are() {
        let described = "Name:             web-0\nNamespace:        default\nNode:             a/10.0.0.1\nStart Time:       Fri, 20 Nov 2026 10:00:00 +0000\nLabels:           <none>\nIPs:\n  IP:  10.1.0.4\nEvents:\n  Type     Reason   Age   From     Message\n  ----     ------   ----  ----     -------\n  Warning  Failed   9s    kubelet  Error: ErrImagePull\n";
        let table =
            "NAME    READY   STATUS             RESTARTS   AGE\nweb-0   0/1     ImagePullBackOff   0          3m\n";
        let events = "LAST SEEN   TYPE      REASON   OBJECT      MESSAGE\n9s          Warning   Failed   pod/web-0   Error: ErrImagePull: \"x\"\n";
        for text in [described, table, events] {
            assert_eq!(problems(text).iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["kubectl-output"], "{text}");
        }
        let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  {{- with .Values.x }}\n  containers: []\n  {{- end }}\n";
        assert_eq!(problems(template)[0].0, "template");
        // A manifest that says such a thing in a string, and is wrong for another reason, keeps its own errors.
        assert!(problems("kind: [").iter().all(|(code, _)| *code != "template" && *code != "kubectl-output"));
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a:1, args: ['{{x}}'], imag: b}]}\n";
        assert!(problems(pod).iter().all(|(code, _)| *code != "template"));
    }
}
