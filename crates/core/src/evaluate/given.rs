//! What was given: every text read, decoded and sorted by what it is.

use super::mistaken;
use super::node_side::NodeDocument;
use crate::api::{Object, Pod, Secret, ServiceAccount, pods_of};
use crate::credentials::secrets::{PullSecret, SecretState};
use crate::release::Cluster;
use crate::report::{DocumentReport, DocumentState};
use crate::schema::{Decoded, Status, decode_document};
use crate::session::{InputKind, Session};
use podwhy_source::{Budget, Diagnostic, Document, InputId, Node, Severity, Span, document};

/// Everything that the texts hold. Objects of the cluster come before those of the manifests, which replace them.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub documents: Vec<DocumentReport>,
    /// The manifests' pods, with the index of their document.
    pub pods: Vec<(usize, Pod)>,
    /// Pods as the cluster holds them, which the manifests' pods update.
    pub stored: Vec<Pod>,
    pub secrets: Vec<Secret>,
    pub accounts: Vec<ServiceAccount>,
    /// Nodes of the cluster.
    pub nodes: Vec<Object>,
    /// Every object of a kind that only the whole answer needs, in order: RuntimeClasses, Services, ConfigMaps and the
    /// like. Later ones replace earlier ones of the same name.
    pub objects: Vec<Object>,
    /// Documents that belong to the nodes' kubelets, with their index.
    pub for_node: Vec<(usize, NodeDocument, Node)>,
    pub problems: Vec<Diagnostic>,
    /// Secrets that were given and cannot be decoded: name, and where they stand.
    broken_secrets: Vec<(String, Span)>,
}

/// Kinds that some answer depends on, beside pods and what makes them.
const USED_KINDS: &[&str] =
    &["Secret", "ServiceAccount", "Node", "RuntimeClass", "Service", "ConfigMap", "PriorityClass"];

impl Given {
    pub fn read(session: &Session) -> Self {
        let mut given = Self::default();
        for kind in [InputKind::Stored, InputKind::Manifests] {
            for (id, input) in session.inputs_of(kind) {
                let read = document::read(id, &input.text, &Budget::default());
                given.problems.extend(read.notes);
                for (index, document) in read.documents.iter().enumerate() {
                    given.take(id, index + 1, document, kind, (&session.cluster, &input.text));
                }
            }
        }
        given
    }

    fn take(
        &mut self,
        input: InputId,
        number: usize,
        document: &Document,
        kind: InputKind,
        (cluster, text): (&Cluster, &str),
    ) {
        if let Some((kind, node)) =
            document.content.as_ref().ok().and_then(|node| Some((NodeDocument::of(node)?, node)))
        {
            let title = node.get("kind").and_then(Node::as_text).unwrap_or_default().to_owned();
            let state = DocumentState::Evaluated;
            self.documents.push(DocumentReport { input, number, span: document.span, title, state });
            self.for_node.push((self.documents.len() - 1, kind, node.clone()));
            return;
        }
        if document.content.as_ref().is_ok_and(is_kustomization) {
            return self.kustomization(input, number, document.span);
        }
        let decoded = decode_document(document, cluster.release);
        let broken = decoded.objects.is_empty() && !decoded.errors.is_empty();
        match mistaken::recognise(document.span.slice(text), first_line(document.span)).filter(|_| broken) {
            Some(told) => self.problems.push(told),
            // A broken document's errors come first in the list of what keeps it from being answered.
            None => self.problems.extend(decoded.errors.iter().map(|error| error.diagnostic())),
        }
        if decoded.kind == "Secret" && decoded.objects.is_empty() {
            let name = document.content.as_ref().ok().and_then(|node| node.get_path(&["metadata", "name"])?.as_text());
            self.broken_secrets.extend(name.map(|name| (name.to_owned(), document.span)));
        }
        self.document(input, number, document.span, &decoded);
        for object in &decoded.objects {
            self.object(object, kind);
        }
        for skipped in &decoded.skipped {
            self.document(input, number, skipped.node.as_ref().map_or(document.span, |node| node.span), skipped);
        }
    }

    fn document(&mut self, input: InputId, number: usize, span: Span, decoded: &Decoded) {
        let broken = decoded.status == Status::Refused || decoded.objects.is_empty() && !decoded.errors.is_empty();
        let used = decoded
            .objects
            .iter()
            .any(|object| USED_KINDS.contains(&object.kind.as_str()) || !pods_of(object).is_empty());
        let state = match decoded.status {
            _ if broken => DocumentState::Broken,
            Status::Decoded if used => DocumentState::Evaluated,
            _ => DocumentState::NotEvaluated,
        };
        let name = match decoded.objects.as_slice() {
            [object] if object.kind == decoded.kind => object.metadata.name().to_owned(),
            _ => decoded
                .node
                .as_ref()
                .and_then(|node| node.get_path(&["metadata", "name"]))
                .and_then(|name| name.as_text())
                .unwrap_or_default()
                .to_owned(),
        };
        let title = match (decoded.kind.as_str(), name.as_str(), decoded.objects.len()) {
            ("", _, _) => format!("Document {number}"),
            (kind, "", 1) => kind.to_owned(),
            (kind, "", count) if count > 1 => format!("{kind} of {count} objects"),
            (kind, "", _) => kind.to_owned(),
            (kind, name, _) => format!("{kind} `{name}`"),
        };
        if state == DocumentState::NotEvaluated {
            self.problems.push(not_evaluated(&title, span));
        }
        self.documents.push(DocumentReport { input, number, span, title, state });
    }

    /// A file of kustomize may leave out what it is; it is no object of the API, and no mistake either.
    fn kustomization(&mut self, input: InputId, number: usize, span: Span) {
        let title = "Kustomization".to_owned();
        let message =
            "This is a kustomization, which kustomize reads and the API server never sees: it is not evaluated.";
        let help =
            "Run `kustomize build` and paste what it prints: what it changes, images among it, is not seen here.";
        self.problems.push(Diagnostic::info("not-evaluated", message, first_line(span)).with_help(help));
        self.documents.push(DocumentReport { input, number, span, title, state: DocumentState::NotEvaluated });
    }

    fn object(&mut self, object: &Object, kind: InputKind) {
        let document = self.documents.len().saturating_sub(1);
        let pods = pods_of(object);
        match (kind, object.kind.as_str()) {
            (_, "Secret") if object.group().is_empty() => self.secrets.push(Secret::read(object)),
            (_, "Node") if object.group().is_empty() => self.nodes.push(object.clone()),
            (_, "ServiceAccount") => self.accounts.extend(ServiceAccount::of(object)),
            (_, kind) if pods.is_empty() && USED_KINDS.contains(&kind) => self.objects.push(object.clone()),
            (InputKind::Stored, _) => self.stored.extend(pods),
            _ => self.pods.extend(pods.into_iter().map(|pod| (document, pod))),
        }
    }

    /// A pull secret that is missing only because its document cannot be decoded is told so.
    pub fn explain_missing(&self, secret: &mut PullSecret) {
        let broken = self.broken_secrets.iter().find(|(name, _)| *name == secret.name);
        if let (SecretState::Missing, Some((name, span))) = (&secret.state, broken) {
            secret.reason.finding = format!(
                "The Secret `{name}` is given and cannot be decoded, so the API server would not store it: see its problem."
            );
            secret.reason.because.push(first_line(*span));
        }
    }

    /// Stored objects that no manifest updates are not used; whoever pasted them meant something else.
    pub fn unused_stored(&self) -> Vec<Diagnostic> {
        let used: Vec<*const Pod> =
            self.pods.iter().filter_map(|(_, pod)| self.stored_for(pod)).map(std::ptr::from_ref).collect();
        let unused = self.stored.iter().filter(|pod| !used.contains(&std::ptr::from_ref(*pod)));
        unused
            .map(|pod| {
                let what =
                    pod.owner.as_ref().map_or_else(|| pod.words(), |owner| format!("{} `{}`", owner.kind, owner.name));
                let message = format!("No manifest updates the stored {what}: it is not used.");
                let span = pod.owner.as_ref().map_or(pod.span, |owner| owner.span);
                Diagnostic::info("stored-unused", message, first_line(span))
                    .with_help("Kind, name and namespace of the manifest and the stored object must be the same.")
            })
            .collect()
    }

    /// The stored pod that this one updates: of the same owner, or of the same name, in the same namespace.
    pub fn stored_for(&self, pod: &Pod) -> Option<&Pod> {
        let identity = |pod: &Pod| {
            let (kind, name) =
                pod.owner.as_ref().map_or(("Pod", pod.metadata.name()), |owner| (owner.kind, owner.name.as_str()));
            (kind, name.to_owned(), pod.namespace.clone())
        };
        let wanted = identity(pod);
        self.stored.iter().rev().find(|stored| identity(stored) == wanted)
    }
}

/// The fields by which a file of kustomize is known when it does not name its kind. Source: kustomize's own list,
/// sigs.k8s.io/kustomize/api/types Kustomization.
const KUSTOMIZATION_FIELDS: &[&str] = &[
    "resources",
    "bases",
    "components",
    "crds",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "images",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "commonAnnotations",
    "labels",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "replacements",
    "replicas",
    "vars",
    "transformers",
    "generators",
    "helmCharts",
    "openapi",
    "buildMetadata",
    "sortOptions",
];

fn is_kustomization(node: &Node) -> bool {
    let entries = node.as_map().map(|map| map.entries.as_slice()).unwrap_or_default();
    !entries.is_empty() && entries.iter().all(|entry| KUSTOMIZATION_FIELDS.contains(&entry.key.as_str()))
}

/// The note on a document that no answer depends on.
pub(super) fn not_evaluated(title: &str, span: Span) -> Diagnostic {
    let message = format!("{title} is not evaluated: no answer here depends on it.");
    Diagnostic::info("not-evaluated", message, first_line(span))
}

/// Notes about a whole document point at its beginning: an underline of the whole says nothing.
fn first_line(span: Span) -> Span {
    Span { end: span.start, ..span }
}

/// Whether anything keeps the API server from accepting what stands at this place.
pub(super) fn refuses(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error
}
