//! A pod's volumes: what they are and which files they hold. Upstream: the plug-ins below pkg/volume.

use super::container::World;
use super::field;
use crate::admission::service_account::token;
use crate::api::{Pod, list, text};
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::admission::TOKEN_SECRET;
use crate::rule::environment as rules;
use crate::trace::{Mark, Step};
use podwhy_source::{Node, Span};
use serde::Serialize;

/// The ConfigMap with the certificates of the cluster, which a controller keeps in every namespace.
const ROOT_CERTIFICATES: &str = "kube-root-ca.crt";

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The field that says what it is, such as `configMap`; `""` if nothing does.
    pub kind: String,
    /// What it is, in a few words.
    pub words: String,
    /// Whether the kubelet mounts it read-only whatever the mount says.
    pub read_only: bool,
    /// The files in it, where they are known; `None` where the volume holds what others put there.
    pub files: Option<Vec<VolumeFile>>,
    /// What keeps the pod from starting: it stays ContainerCreating with the event FailedMount.
    pub problem: Option<VolumeProblem>,
    /// Why.
    pub trace: Vec<Step>,
}

/// A file in a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolumeFile {
    /// Its path in the volume.
    pub path: String,
    /// What it holds, in a few words.
    pub words: String,
    /// Where that stands.
    pub span: Option<Span>,
}

/// Why a volume cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolumeProblem {
    /// The message of the event FailedMount.
    pub message: String,
    /// Whether it may be only that an object of the cluster is not given here.
    pub not_given: bool,
    /// Why, with the place.
    pub step: Step,
}

/// The volumes of the pod whose spec is `spec`.
#[must_use]
pub fn volumes(spec: &Node, pod: &Pod, world: &World, cluster: &Cluster) -> Vec<Volume> {
    let objects = list(spec, "volumes").filter(|node| node.as_map().is_some());
    objects.map(|node| Reader { pod, world, cluster, trace: Vec::new(), problem: None }.volume(node)).collect()
}

struct Reader<'a> {
    pod: &'a Pod,
    world: &'a World<'a>,
    cluster: &'a Cluster,
    trace: Vec<Step>,
    problem: Option<VolumeProblem>,
}

/// Kind, words and files of a volume.
type What = (String, Option<Vec<VolumeFile>>);

impl Reader<'_> {
    fn volume(mut self, node: &Node) -> Volume {
        let name = words(node, "name");
        let fields = node.as_map().map(|map| map.entries.as_slice()).unwrap_or_default();
        let source = fields.iter().find(|entry| entry.key != "name" && !entry.value.is_null());
        let kind = source.map(|entry| entry.key.clone()).unwrap_or_default();
        let (words, files) = source.map_or(("an empty directory".to_owned(), Some(Vec::new())), |source| {
            self.what(&source.key, &source.value)
        });
        let read_only = matches!(kind.as_str(), "secret" | "configMap" | "downwardAPI" | "projected" | "image")
            || source.is_some_and(|source| source.value.get("readOnly").and_then(Node::as_bool) == Some(true));
        let problem = self.problem.map(|problem| VolumeProblem {
            message: format!("MountVolume.SetUp failed for volume {} : {}", quote(&name), problem.message),
            ..problem
        });
        let finding = format!("Volume `{name}` is {words}.");
        let mut trace = vec![Step::new(&rules::VOLUME, Mark::Note, finding).at(node.span)];
        trace.append(&mut self.trace);
        Volume { name, span: node.span, kind, words, read_only, files, problem, trace }
    }

    fn what(&mut self, kind: &str, source: &Node) -> What {
        let named = |key: &str| words(source, key);
        let unknown = |words: String| (words, None);
        match kind {
            "emptyDir" => {
                let limit =
                    text(source, "sizeLimit").map_or(String::new(), |limit| format!(", at most {}", limit.value));
                let medium = if named("medium") == "Memory" { " in memory" } else { "" };
                (format!("an empty directory{medium}{limit}"), Some(Vec::new()))
            }
            "hostPath" => unknown(format!("{} on the node", named("path"))),
            "persistentVolumeClaim" => {
                unknown(format!("what PersistentVolumeClaim `{}` is bound to", named("claimName")))
            }
            "ephemeral" => {
                unknown(format!("a claim of its own, PersistentVolumeClaim `{}-…`", self.pod.request_name()))
            }
            "image" => unknown(format!("the files of the image {}", named("reference"))),
            "nfs" => unknown(format!("{} on the NFS server {}", named("path"), named("server"))),
            "csi" => unknown(format!("made by the driver {}", named("driver"))),
            "secret" => {
                let name = named("secretName");
                let files = self.keys_of("secret", &name, source);
                (format!("Secret `{name}`"), files)
            }
            "configMap" => {
                let name = named("name");
                let files = self.keys_of("configmap", &name, source);
                (format!("ConfigMap `{name}`"), files)
            }
            "downwardAPI" => ("fields of the pod itself".to_owned(), Some(self.fields(source))),
            "projected" => self.projected(source),
            kind => unknown(format!("of the kind {kind}")),
        }
    }

    fn projected(&mut self, source: &Node) -> What {
        let (mut parts, mut files, mut complete) = (Vec::new(), Vec::new(), true);
        for source in list(source, "sources") {
            if let Some(token) = source.get("serviceAccountToken") {
                parts.push("a token of the service account".to_owned());
                let seconds = token.get("expirationSeconds").and_then(Node::as_int);
                let valid =
                    seconds.map_or(String::new(), |seconds| format!(", valid for {seconds} s and renewed before"));
                let account = self.pod.service_account().map_or("default", |name| name.value.as_str());
                let words = format!("a token of ServiceAccount `{account}`{valid}");
                files.push(VolumeFile { path: words_or(token, "path", "token"), words, span: Some(token.span) });
            }
            for (key, kind) in [("secret", "secret"), ("configMap", "configmap")] {
                let Some(source) = source.get(key) else { continue };
                let name = words(source, "name");
                let (_, shown) = kind_words(kind);
                parts.push(format!("{shown} `{name}`"));
                match self.keys_of(kind, &name, source) {
                    Some(found) => files.extend(found),
                    None => complete = false,
                }
            }
            if let Some(source) = source.get("downwardAPI") {
                parts.push("fields of the pod".to_owned());
                files.extend(self.fields(source));
            }
            if let Some(source) = source.get("clusterTrustBundle") {
                parts.push("certificates of the cluster".to_owned());
                files.push(VolumeFile {
                    path: words(source, "path"),
                    words: "certificates of the cluster".to_owned(),
                    span: Some(source.span),
                });
            }
        }
        (format!("together: {}", parts.join(", ")), complete.then_some(files))
    }

    /// The files that an object's keys become: all of them, or those that `items` names. Upstream:
    /// pkg/volume/secret/secret.go MakePayload and its sibling for ConfigMaps.
    fn keys_of(&mut self, kind: &str, name: &str, source: &Node) -> Option<Vec<VolumeFile>> {
        let optional = source.get("optional").and_then(Node::as_bool) == Some(true);
        let (field, shown) = kind_words(kind);
        let at = text(source, field).map_or(source.span, |name| name.span);
        let items: Vec<&Node> = list(source, "items").collect();
        let file = |path: String, key: &str, span: Option<Span>| VolumeFile {
            path,
            words: format!("key `{key}` of {shown} `{name}`"),
            span,
        };
        let path_of = |item: &Node| words(item, "path");
        let Some((keys, object)) = self.object(kind, name) else {
            if kind == "configmap" && name == ROOT_CERTIFICATES {
                return Some(
                    items.iter().map(|item| file(path_of(item), &words(item, "key"), Some(item.span))).collect(),
                );
            }
            let account = self.pod.service_account().map_or("default", |account| account.value.as_str());
            if kind == "secret" && token::is_made(name, account) {
                let finding =
                    format!("Secret `{name}` is taken to be there: a controller makes one for each ServiceAccount.");
                self.trace.push(Step::new(&TOKEN_SECRET, Mark::Note, finding).at(at));
                let of_account = |key: &&str| file((*key).to_owned(), key, Some(at));
                return Some(["ca.crt", "namespace", "token"].iter().map(of_account).collect());
            }
            self.missing(shown, kind, name, optional, at);
            let known = items.iter().map(|item| file(path_of(item), &words(item, "key"), Some(item.span)));
            return if optional { Some(Vec::new()) } else { (!items.is_empty()).then(|| known.collect()) };
        };
        if items.is_empty() {
            return Some(keys.into_iter().map(|(key, span)| file(key.clone(), &key, Some(span))).collect());
        }
        let mut files = Vec::new();
        for item in items {
            let key = words(item, "key");
            match keys.iter().find(|(known, _)| *known == key) {
                Some((_, span)) => files.push(file(path_of(item), &key, Some(*span))),
                None if optional => {
                    let finding = format!(
                        "{shown} `{name}` has no key `{key}`; the volume is optional, so the file is left out."
                    );
                    self.trace.push(Step::new(&rules::VOLUME_KEYS, Mark::Note, finding).at(item.span).because(object));
                }
                None => {
                    let noun = if kind == "secret" { "secret" } else { "config" };
                    let finding = format!("{shown} `{name}` has no key `{key}`, so the volume cannot be set up.");
                    self.fail(
                        format!("references non-existent {noun} key: {key}"),
                        false,
                        Step::new(&rules::VOLUME_KEYS, Mark::No, finding).at(item.span).because(object),
                    );
                }
            }
        }
        Some(files)
    }

    /// The keys of the object with their places, and where the object stands.
    fn object(&self, kind: &str, name: &str) -> Option<(Vec<(String, Span)>, Span)> {
        if kind == "secret" {
            let here = |secret: &&crate::api::Secret| secret.name == name && secret.namespace == self.pod.namespace;
            let secret = self.world.secrets.iter().find(here)?;
            return Some((secret.data.iter().map(|value| (value.key.clone(), value.span)).collect(), secret.span));
        }
        let here = |map: &&crate::api::ConfigMap| {
            map.metadata.name() == name && map.metadata.namespace() == self.pod.namespace
        };
        let map = self.world.config_maps.iter().find(here)?;
        Some((map.data.iter().map(|(key, value)| (key.value.clone(), value.span)).collect(), map.span))
    }

    fn missing(&mut self, shown: &str, kind: &str, name: &str, optional: bool, at: Span) {
        let namespace = &self.pod.namespace;
        let here = if self.world.complete {
            format!("There is no {shown} `{name}` in namespace `{namespace}`")
        } else {
            format!("No {shown} `{name}` of namespace `{namespace}` is given")
        };
        if optional {
            let finding = format!("{here}; the volume is optional, so it stays empty.");
            self.trace.push(Step::new(&rules::VOLUME_OBJECT, Mark::Note, finding).at(at));
            return;
        }
        let finding = format!("{here}: without it no container of the pod starts.");
        let step = Step::new(&rules::VOLUME_OBJECT, Mark::No, finding).at(at);
        self.fail(format!("{kind} {} not found", quote(name)), !self.world.complete, step);
    }

    /// Only the first problem is told by the kubelet.
    fn fail(&mut self, message: String, not_given: bool, step: Step) {
        self.trace.push(step.clone());
        self.problem.get_or_insert(VolumeProblem { message, not_given, step });
    }

    fn fields(&self, source: &Node) -> Vec<VolumeFile> {
        let file = |item: &Node| {
            let reference = item.get("fieldRef");
            let asked = reference.map(|reference| words(reference, "fieldPath"));
            let resource = item.get("resourceFieldRef").map(|reference| words(reference, "resource"));
            let value = asked.as_ref().and_then(|path| {
                let value = field::value("v1", path, self.pod, self.world, self.cluster).ok()?.0;
                Some(value.masked().to_owned())
                    .filter(|text| !text.is_empty() && text.len() <= 60 && !text.contains('\n'))
            });
            let what = asked.or(resource).unwrap_or_default();
            let words =
                value.map_or_else(|| format!("the pod's {what}"), |value| format!("the pod's {what}: `{value}`"));
            VolumeFile { path: self::words(item, "path"), words, span: Some(item.span) }
        };
        list(source, "items").map(file).collect()
    }
}

/// The field that names an object of this kind in a volume's source, and the kind's own spelling. In a projected volume
/// a Secret is named by `name` too.
fn kind_words(kind: &str) -> (&'static str, &'static str) {
    if kind == "secret" { ("secretName", "Secret") } else { ("name", "ConfigMap") }
}

fn words(node: &Node, key: &str) -> String {
    text(node, key).map(|text| text.value).unwrap_or_default()
}

fn words_or(node: &Node, key: &str, otherwise: &str) -> String {
    Some(words(node, key)).filter(|text| !text.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}
