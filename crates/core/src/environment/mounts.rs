//! A container's file system: its image, and what lies over it. Upstream: pkg/kubelet/kubelet_pods.go makeMounts.

use super::container::{ConfigError, Environment, FailedStage, World};
use super::files::{NodeFile, host_name, hosts, resolv_conf, shared_memory};
use super::volumes::{Volume, VolumeFile};
use crate::api::{Container, Pod, list, text};
use crate::environment::expansion::expand;
use crate::quote::quote;
use crate::rule::environment as rules;
use crate::trace::{Mark, Step, Written};
use podwhy_source::{Node, Span};
use serde::Serialize;

/// Who makes a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// It is written in `volumeMounts`.
    Written,
    /// Admission has added it: the service account's token.
    Admission,
    /// The kubelet adds it to every container.
    Kubelet,
    /// The container runtime adds it to every container.
    Runtime,
}

/// Something that lies over the image's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// Where, as the container sees it.
    pub path: String,
    /// The volume's name; `""` for what is no volume.
    pub volume: String,
    /// What is mounted, in a few words.
    pub words: String,
    /// Who mounts it.
    pub maker: Maker,
    /// Where it is asked for.
    pub span: Option<Span>,
    /// The part of the volume that is mounted; `""` for all of it.
    pub sub_path: String,
    /// Whether the container cannot write there.
    pub read_only: bool,
    /// The mount that this one lies in: the next one above it in the path.
    pub inside: Option<String>,
    /// Whether another mount at the same path lies over it, so that nothing of it is seen.
    pub hidden: bool,
    /// The files in it with their paths in the container, where they are known.
    pub files: Option<Vec<VolumeFile>>,
    /// The lines of a file that kubelet or runtime write, where they are known.
    pub content: Vec<String>,
    /// Why.
    pub trace: Vec<Step>,
}

/// What a container finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileSystem {
    /// The image below everything, as written.
    pub image: Option<Written<String>>,
    /// Where `readOnlyRootFilesystem: true` stands, if it does: then nothing outside of mounts can be written.
    pub root_read_only: Option<Span>,
    /// The mounts in the order in which they are made, so that later ones lie over or in earlier ones.
    pub mounts: Vec<Mount>,
    /// What keeps the container from starting: it waits with CreateContainerConfigError.
    pub errors: Vec<ConfigError>,
}

/// What all containers of a pod share.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// Its spec.
    pub spec: &'a Node,
    /// Its volumes.
    pub volumes: &'a [Volume],
    /// What `hostname` prints, and the domain; the name may be made with the pod.
    pub name: (Option<&'a str>, &'a str),
    /// What the kubelet knows beside it.
    pub world: &'a World<'a>,
}

/// The file system of the container whose object is `node`.
#[must_use]
pub fn file_system(node: &Node, container: &Container, environment: &Environment, shared: &Shared) -> FileSystem {
    let Shared { pod, spec, volumes, name, world } = *shared;
    let mut errors = Vec::new();
    let written = list(node, "volumeMounts").filter(|mount| mount.as_map().is_some());
    let mut mounts: Vec<Mount> =
        written.filter_map(|mount| volume_mount(mount, spec, container, volumes, environment, &mut errors)).collect();
    // The kubelet compares the paths as they are written.
    if !list(node, "volumeMounts").any(|mount| mount.get("mountPath").and_then(Node::as_text) == Some("/etc/hosts")) {
        mounts.push(of_node_file(hosts(spec, pod, name, world), Maker::Kubelet));
    }
    mounts.extend(termination_log(node));
    mounts.extend(list(node, "volumeDevices").filter_map(|device| block_device(device, volumes)));
    let own: Vec<String> = mounts.iter().map(|mount| clean(&mount.path).join("/")).collect();
    let of_runtime = [resolv_conf(spec, pod, world), host_name(name.0), shared_memory()];
    let free = of_runtime.into_iter().filter(|file| !own.contains(&clean(file.path).join("/")));
    mounts.extend(free.map(|file| of_node_file(file, Maker::Runtime)));
    mounts.sort_by_key(|mount| depth(&mount.path));
    lay_over(&mut mounts);
    let root =
        node.get_path(&["securityContext", "readOnlyRootFilesystem"]).filter(|root| root.as_bool() == Some(true));
    FileSystem { image: container.image.clone(), root_read_only: root.map(|root| root.span), mounts, errors }
}

fn volume_mount(
    node: &Node,
    spec: &Node,
    container: &Container,
    volumes: &[Volume],
    environment: &Environment,
    errors: &mut Vec<ConfigError>,
) -> Option<Mount> {
    let words = |key: &str| text(node, key).map(|text| text.value).unwrap_or_default();
    let (name, written) = (words("name"), words("mountPath"));
    let mut fail = |message: String, step: Step| {
        let variable = String::new();
        errors.push(ConfigError { stage: FailedStage::Env, variable, not_given: false, message, step });
    };
    let Some(volume) = volumes.iter().find(|volume| volume.name == name) else {
        let finding = format!("The pod has no volume `{name}` to mount at {written}.");
        fail(
            format!("cannot find volume {} to mount into container {}", quote(&name), quote(container.name())),
            Step::new(&rules::VOLUME, Mark::No, finding).at(node.span),
        );
        return None;
    };
    let mut trace = Vec::new();
    // What admission has added has the place of the spec that it was added to.
    let maker = if node.span == spec.span { Maker::Admission } else { Maker::Written };
    let sub_path = match text(node, "subPathExpr").filter(|expression| !expression.value.is_empty()) {
        None => words("subPath"),
        Some(expression) => {
            let (path, missing) = expanded(&expression.value, environment);
            if missing.is_empty() {
                let finding = format!("subPathExpr {} becomes `{path}`.", expression.value);
                trace.push(Step::new(&rules::SUB_PATH_EXPR, Mark::Yes, finding).at(expression.span));
            } else {
                let finding = format!("subPathExpr needs {}, which has no value.", missing.join(", "));
                let step = Step::new(&rules::SUB_PATH_EXPR, Mark::No, finding).at(expression.span);
                fail(format!("missing value for {}", missing.join(", ")), step);
            }
            path
        }
    };
    if sub_path.starts_with('/') || sub_path.split('/').any(|part| part == "..") {
        let finding = format!("`{sub_path}` leads out of the volume.");
        let message = if sub_path.starts_with('/') {
            format!("error SubPath `{sub_path}` must not be an absolute path")
        } else {
            format!("unable to provision SubPath `{sub_path}`: must not contain '..'")
        };
        fail(message, Step::new(&rules::SUB_PATH, Mark::No, finding).at(node.span));
    }
    let path = if written.starts_with('/') { written } else { format!("/{written}") };
    let asked = node.get("readOnly").and_then(Node::as_bool) == Some(true);
    let finding = format!("`{name}` ({}) is mounted at {path}.", volume.words);
    trace.insert(0, Step::new(&rules::MOUNTS, Mark::Yes, finding).at(node.span).because(volume.span));
    if volume.read_only && !asked {
        let finding =
            format!("Nothing can be written at {path} though readOnly is not written: it is {}.", volume.words);
        trace.push(Step::new(&rules::MOUNT_READ_ONLY, Mark::Note, finding).at(volume.span));
    }
    let files = volume.files.as_ref().map(|files| {
        let below = files
            .iter()
            .filter_map(|file| Some(VolumeFile { path: place_in(&path, &sub_path, &file.path)?, ..file.clone() }));
        below.collect()
    });
    if !sub_path.is_empty() {
        let updates = matches!(volume.kind.as_str(), "secret" | "configMap" | "downwardAPI" | "projected");
        let finding = if updates {
            format!("Only `{sub_path}` of the volume is mounted, and it stays as it is when {} changes.", volume.words)
        } else {
            format!("Only `{sub_path}` of the volume is mounted.")
        };
        let mark = if updates { Mark::Note } else { Mark::Yes };
        trace.push(
            Step::new(&rules::SUB_PATH, mark, finding).at(text(node, "subPath").map_or(node.span, |path| path.span)),
        );
    }
    Some(Mount {
        path,
        volume: name,
        words: volume.words.clone(),
        maker,
        span: (maker == Maker::Written).then_some(node.span),
        sub_path,
        read_only: asked || volume.read_only,
        inside: None,
        hidden: false,
        files,
        content: Vec::new(),
        trace,
    })
}

/// A volume that is handed over as a block device. Upstream: pkg/kubelet/kubelet_pods.go makeBlockVolumes.
fn block_device(node: &Node, volumes: &[Volume]) -> Option<Mount> {
    let words = |key: &str| text(node, key).map(|text| text.value).unwrap_or_default();
    let volume = volumes.iter().find(|volume| volume.name == words("name"))?;
    let path = words("devicePath");
    let finding = format!("The block device of `{}` ({}) is at {path}.", volume.name, volume.words);
    Some(Mount {
        volume: volume.name.clone(),
        words: format!("the block device of {}", volume.words),
        maker: Maker::Written,
        span: Some(node.span),
        sub_path: String::new(),
        read_only: volume.read_only,
        inside: None,
        hidden: false,
        files: None,
        content: Vec::new(),
        trace: vec![Step::new(&rules::MOUNTS, Mark::Yes, finding).at(node.span).because(volume.span)],
        path,
    })
}

/// The text with the container's variables in it, and the names of those that are missing or empty.
fn expanded(expression: &str, environment: &Environment) -> (String, Vec<String>) {
    let missing = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let found = expand(expression, |name| {
        let variable = environment.variable(name).filter(|variable| !variable.value.reveal().is_empty());
        if variable.is_none() {
            missing.borrow_mut().insert(name.to_owned());
        }
        variable.map(|variable| &variable.value)
    });
    (found.value.masked().to_owned(), missing.into_inner().into_iter().collect())
}

/// Where a file of the volume is found, if the part `sub_path` of the volume holds it.
fn place_in(mount: &str, sub_path: &str, file: &str) -> Option<String> {
    let mount = mount.trim_end_matches('/');
    let sub_path = sub_path.trim_matches('/');
    if sub_path.is_empty() {
        return Some(format!("{mount}/{file}"));
    }
    let rest = file.strip_prefix(sub_path)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{mount}{rest}"))
}

fn termination_log(node: &Node) -> Option<Mount> {
    let path = text(node, "terminationMessagePath").filter(|path| !path.value.is_empty())?;
    let finding = format!("What the container writes to {} is its last message in the pod's status.", path.value);
    Some(Mount {
        volume: String::new(),
        words: "an empty file for the container's last message".to_owned(),
        maker: Maker::Kubelet,
        span: None,
        sub_path: String::new(),
        read_only: false,
        inside: None,
        hidden: false,
        files: None,
        content: Vec::new(),
        trace: vec![Step::new(&rules::TERMINATION_LOG, Mark::Note, finding).at(path.span)],
        path: path.value,
    })
}

fn of_node_file(file: NodeFile, maker: Maker) -> Mount {
    Mount {
        path: file.path.to_owned(),
        volume: String::new(),
        words: file.words,
        maker,
        span: file.span,
        sub_path: String::new(),
        read_only: false,
        inside: None,
        hidden: false,
        files: None,
        content: file.lines,
        trace: file.trace,
    }
}

/// The path without what does not matter: doubled and closing slashes, and `.`.
fn clean(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}

fn depth(path: &str) -> usize {
    clean(path).len()
}

/// Finds out for each mount what it lies in and whether it is seen.
fn lay_over(mounts: &mut [Mount]) {
    let paths: Vec<String> = mounts.iter().map(|mount| mount.path.clone()).collect();
    let parts: Vec<Vec<&str>> = paths.iter().map(|path| clean(path)).collect();
    for (index, mount) in mounts.iter_mut().enumerate() {
        let Some(own) = parts.get(index) else { continue };
        let others = parts.iter().enumerate().zip(&paths);
        let above = others.filter(|((_, other), _)| other.len() < own.len() && own.starts_with(other));
        mount.inside = above.max_by_key(|((at, other), _)| (other.len(), *at)).map(|(_, path)| path.clone());
        if let Some(later) = parts.iter().skip(index + 1).position(|other| other == own) {
            mount.hidden = true;
            let over = paths.get(index + 1 + later).map_or("", String::as_str);
            let finding = format!("The mount at {over} that comes later lies over this one: nothing of it is seen.");
            mount.trace.push(Step::new(&rules::MOUNT_ORDER, Mark::No, finding).at(mount.span));
        } else if let Some(inside) = &mount.inside {
            let finding = format!("It lies inside the mount at {inside} and hides what that one has there.");
            mount.trace.push(Step::new(&rules::MOUNT_ORDER, Mark::Note, finding).at(mount.span));
        }
    }
}
