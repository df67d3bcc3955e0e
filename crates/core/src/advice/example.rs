//! Examples for the tests of the rules.

use crate::release::{AdmissionPlugin, Cluster, Release};
use crate::session::{Input, InputKind, Session};

/// An example that has the problem and one that has not.
pub(crate) struct Example {
    pub bad: Session,
    pub good: Session,
}

impl Example {
    pub(super) fn new(bad: Session, good: Session) -> Self {
        Self { bad, good }
    }

    /// Two texts of manifests.
    pub(super) fn manifests(bad: impl Into<String>, good: impl Into<String>) -> Self {
        Self::new(manifests(bad), manifests(good))
    }

    /// Two containers' fields, each in a pod of its own.
    pub(super) fn containers(bad: &str, good: &str) -> Self {
        Self::manifests(container(bad), container(good))
    }

    /// Two pods' specs.
    pub(super) fn specs(bad: &str, good: &str) -> Self {
        Self::manifests(pod(bad), pod(good))
    }

    /// Two keys in the node's file, beside a pod with this image.
    pub(super) fn keys(image: &str, bad: &str, good: &str) -> Self {
        Self::new(with_key(image, bad), with_key(image, good))
    }

    /// The same under another release.
    pub(super) fn release(mut self, minor: u8) -> Self {
        for session in [&mut self.bad, &mut self.good] {
            session.cluster = Cluster::of(Release::minor_unchecked(minor));
        }
        self
    }

    /// The same with an admission plug-in switched.
    pub(super) fn plugin(mut self, plugin: AdmissionPlugin) -> Self {
        for session in [&mut self.bad, &mut self.good] {
            session.cluster.switched_plugins.insert(plugin);
        }
        self
    }
}

fn input(kind: InputKind, text: impl Into<String>) -> Input {
    Input { kind, name: String::new(), text: text.into() }
}

/// A session of one text of manifests.
pub(super) fn manifests(text: impl Into<String>) -> Session {
    Session { inputs: vec![input(InputKind::Manifests, text)], ..Session::default() }
}

/// The same session with one more text.
pub(super) fn and(mut session: Session, kind: InputKind, text: &str) -> Session {
    session.inputs.push(input(kind, text));
    session
}

/// A pod with this image, and a node's file with this key.
pub(super) fn with_key(image: &str, key: &str) -> Session {
    and(manifests(container(&format!("image: {image}"))), InputKind::NodeConfig, &config(&[key]))
}

/// A pod with this spec, whose lines begin at the margin.
pub(super) fn pod(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n{}", indented(spec, "  "))
}

/// A pod with one container named `main` of a fixed image, and these fields, whose lines begin at the margin.
pub(super) fn container(fields: &str) -> String {
    let image = if fields.contains("image: ") { "" } else { "  image: reg.example.com/app:1.4\n" };
    pod(&format!("containers:\n- name: main\n{image}{}", indented(fields, "  ")))
}

/// A Deployment with this spec of its pods.
pub(super) fn deployment(replicas: u32, spec: &str) -> String {
    let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n";
    let middle =
        "  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n";
    format!("{head}  replicas: {replicas}\n{middle}{}", indented(spec, "      "))
}

/// A Secret of this type with one value of `stringData`.
pub(super) fn secret(name: &str, namespace: &str, kind: &str, key: &str, value: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: {namespace}\ntype: {kind}\nstringData:\n  {key}: '{value}'\n"
    )
}

/// A pull secret with these keys.
pub(super) fn pull_secret(name: &str, namespace: &str, keys: &[&str]) -> String {
    secret(name, namespace, "kubernetes.io/dockerconfigjson", ".dockerconfigjson", &config(keys))
}

/// A config.json with these keys.
pub(super) fn config(keys: &[&str]) -> String {
    let entry = |key: &&str| format!(r#""{key}":{{"username":"robot","password":"x"}}"#);
    format!(r#"{{"auths":{{{}}}}}"#, keys.iter().map(entry).collect::<Vec<_>>().join(","))
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}
