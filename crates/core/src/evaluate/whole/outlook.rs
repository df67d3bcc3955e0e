//! What becomes of a pod on the whole, in one sentence: of everything that is answered about it, what comes in its way
//! first.

use super::Whole;
use crate::report::{Tone, Verdict};

/// A part of a pod's life with an answer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Admission, and the way to a node.
    Placement,
    /// Its images.
    Pulls,
    /// What its containers see of the world.
    Environment,
    /// Start, hooks and end.
    Lifecycle,
}

/// What becomes of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The sentence.
    pub verdict: Verdict,
    /// The part of its life that the sentence is about.
    pub part: Part,
}

impl Whole {
    /// What becomes of the pod at this position: the first failure in the order of its life; without one, the first thing
    /// to look at. `None` where there is no such pod.
    #[must_use]
    pub fn outlook(&self, pod: usize) -> Option<Outlook> {
        let placement = self.placement(pod)?.verdict;
        if placement.tone == Tone::Fails {
            return Some(Outlook { verdict: placement, part: Part::Placement });
        }
        let pulls = self.report.pods.get(pod)?.pull.as_ref().map(|pull| pull.verdict.clone());
        let environment = self.environment(pod).map(|environment| environment.verdict);
        let lifecycle = self.lifecycle(pod).map(|lifecycle| lifecycle.verdict);
        let parts = [
            (Part::Placement, Some(placement)),
            // Before the images: what is missing here keeps a container waiting there too, and its reasons stand here.
            (Part::Environment, environment),
            (Part::Pulls, pulls),
            (Part::Lifecycle, lifecycle),
        ];
        let answers: Vec<Outlook> =
            parts.into_iter().filter_map(|(part, verdict)| Some(Outlook { verdict: verdict?, part })).collect();
        let first = |tone: Tone| answers.iter().find(|answer| answer.verdict.tone == tone).cloned();
        first(Tone::Fails).or_else(|| first(Tone::Look)).or_else(|| {
            let text =
                "A node takes it, every image comes, its containers start, and it ends within its grace.".to_owned();
            Some(Outlook { verdict: Verdict { tone: Tone::Fine, text }, part: Part::Lifecycle })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Input, InputKind, Session};

    fn outlook(manifests: &str) -> (Tone, Part, String) {
        let input = Input { kind: InputKind::Manifests, name: String::new(), text: manifests.to_owned() };
        let whole = Whole::of(Session { inputs: vec![input], ..Session::default() });
        let outlook = whole.outlook(0).unwrap();
        (outlook.verdict.tone, outlook.part, outlook.verdict.text)
    }

    fn pod(spec: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers: [{{name: app, image: 'nginx:1'{spec}}}]\n"
        )
    }

    #[test]
    fn what_comes_in_the_way_first_is_told() {
        assert_eq!(outlook(&pod("")).0, Tone::Fine);
        let selective = format!(
            "{}  nodeSelector: {{disk: ssd}}\n---\napiVersion: v1\nkind: Node\nmetadata: {{name: node-a}}\nstatus: {{allocatable: {{cpu: '4', memory: 8Gi, pods: '110'}}}}\n",
            pod(", lifecycle: {preStop: {exec: {command: [sleep, '40']}}}")
        );
        let (tone, part, text) = outlook(&selective);
        assert_eq!((tone, part), (Tone::Fails, Part::Placement), "{text}");
        let hook = pod(", lifecycle: {preStop: {exec: {command: [sleep, '40']}}}");
        let (tone, part, text) = outlook(&hook);
        assert_eq!((tone, part), (Tone::Fails, Part::Lifecycle), "{text}");
        let variable = pod(", env: [{name: A, valueFrom: {secretKeyRef: {name: gone, key: k}}}]");
        let (tone, part, text) = outlook(&variable);
        assert!(tone != Tone::Fine && part == Part::Environment, "{tone:?} {part:?} {text}");
    }

    #[test]
    fn there_is_no_outlook_for_no_pod() {
        let whole = Whole::of(Session::default());
        assert_eq!(whole.outlook(0), None);
    }
}
