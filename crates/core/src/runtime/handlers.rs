//! Which handlers a node's runtime has: containerd's and CRI-O's configuration, and the kubelet's old dockershim.

#[cfg(test)]
mod tests;

use crate::api::node::{ReportedHandler, ReportedHandlers};
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::runtime::{
    CONTAINERD_HANDLERS, CRIO_CRUN, CRIO_HANDLERS, DEFAULT_HANDLER, DOCKERSHIM_HANDLER, HANDLER_FOUND,
    HANDLERS_REPORTED,
};
use crate::trace::{Decision, Field, Mark, Origin, Step};
use crate::validation::names::dns_label;
use podwhy_source::{Diagnostic, Entry, InputId, Node, Span, toml};
use serde::Serialize;

/// One configuration file of a runtime.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name, which decides the order in which drop-ins are read.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The text's number in the session.
    pub input: InputId,
}

/// A container runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Runtime {
    /// containerd, with the version of its configuration's layout.
    Containerd(i64),
    /// CRI-O.
    CriO,
    /// The kubelet's own way to Docker.
    Dockershim,
    /// What a Node's status says: of CRI-O, or of containerd, which speaks for any other.
    Reported {
        /// Whether the runtime is CRI-O.
        crio: bool,
    },
}

/// A handler that a class can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handler {
    /// Its name, and where that stands; assumed where the runtime has it built in.
    pub name: Field<String>,
    /// `runtime_type`, if it is set.
    pub runtime_type: Option<String>,
    /// The whole table.
    pub span: Option<Span>,
    /// What it supports, where the Node's status tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<HandlerFeatures>,
}

/// What a handler supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HandlerFeatures {
    /// User namespaces.
    pub user_namespaces: bool,
    /// Mounts that are read-only all the way down.
    pub recursive_read_only_mounts: bool,
}

/// The handlers of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handlers {
    /// The runtime.
    pub runtime: Runtime,
    /// Its handlers, in the order in which they were first read.
    pub handlers: Vec<Handler>,
    /// The handler of pods without a class.
    pub default: Field<String>,
}

/// containerd's CRI plug-in by the version of the layout; later versions kept the third name.
pub(super) const CONTAINERD_PLUGINS: [(i64, &str); 3] =
    [(1, "cri"), (2, "io.containerd.grpc.v1.cri"), (3, "io.containerd.cri.v1.runtime")];

/// Reads the configuration of one node: the main file and its drop-ins, in any order. `None` if no file is a
/// configuration of containerd or CRI-O; the diagnostics tell what is wrong in the texts.
#[must_use]
pub fn read(files: &[File], cluster: &Cluster) -> (Option<Handlers>, Vec<Diagnostic>) {
    let mut files = files.to_vec();
    files.sort_by_key(|file| reading_order(file.name));
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for file in &files {
        let (tree, problems) = toml::parse(file.text, file.input);
        diagnostics.extend(problems);
        trees.push(tree);
    }
    let handlers = if trees.iter().any(|tree| tree.get("crio").is_some()) {
        Some(crio(&trees, cluster))
    } else if trees.iter().any(|tree| tree.get("plugins").is_some() || tree.get("version").is_some()) {
        Some(containerd(&trees, &mut diagnostics))
    } else {
        None
    };
    if let Some(handlers) = &handlers {
        diagnostics.extend(complaints(handlers, cluster));
    }
    diagnostics.extend(trees.iter().filter_map(disabled));
    (handlers, diagnostics)
}

/// Drop-ins are read after the main file, in the order of their names.
pub(super) fn reading_order(name: &str) -> (bool, &str) {
    (!name.ends_with("crio.conf") && !name.ends_with("config.toml"), name)
}

/// containerd as some packages install it: without the plug-in that the kubelet talks to.
fn disabled(tree: &Node) -> Option<Diagnostic> {
    let is_cri = |plugin: &&Node| {
        plugin.as_text().is_some_and(|name| CONTAINERD_PLUGINS.iter().any(|(_, known)| *known == name))
    };
    let plugin = tree.get("disabled_plugins")?.as_list()?.iter().find(is_cri)?;
    let problem = "containerd runs without its CRI plug-in: no kubelet can use it.";
    let help = "Take it out of `disabled_plugins`; the file that Docker's packages install has it there.";
    Some(Diagnostic::error("cri-disabled", problem, plugin.span).with_help(help))
}

fn built_in(name: &str) -> Handler {
    Handler {
        name: Field { value: name.to_owned(), origin: Origin::Assumed },
        runtime_type: None,
        span: None,
        features: None,
    }
}

/// A later table of the same name replaces the earlier one.
fn put(handlers: &mut Vec<Handler>, entry: &Entry) {
    let handler = Handler {
        name: Field { value: entry.key.clone(), origin: Origin::Written(entry.key_span) },
        runtime_type: entry.value.get("runtime_type").and_then(Node::as_text).map(str::to_owned),
        span: Some(entry.key_span.to(entry.value.span)),
        features: None,
    };
    match handlers.iter_mut().find(|other| other.name.value == entry.key) {
        Some(other) => *other = handler,
        None => handlers.push(handler),
    }
}

fn tables(node: Option<&Node>) -> impl Iterator<Item = &Entry> {
    let entries = node.and_then(Node::as_map).map(|map| map.entries.as_slice()).unwrap_or_default();
    entries.iter().filter(|entry| entry.value.as_map().is_some())
}

fn written(node: Option<&Node>) -> Option<Field<String>> {
    let node = node?;
    let value = node.as_text().filter(|text| !text.is_empty())?.to_owned();
    Some(Field { value, origin: Origin::Written(node.span) })
}

fn crio(trees: &[Node], cluster: &Cluster) -> Handlers {
    let crun = CRIO_CRUN.holds_in(cluster.release);
    let name = if crun { "crun" } else { "runc" };
    let mut handlers = vec![built_in(name)];
    let mut default = Field { value: name.to_owned(), origin: Origin::Assumed };
    for runtime in trees.iter().filter_map(|tree| tree.get_path(&["crio", "runtime"])) {
        for entry in tables(runtime.get("runtimes")) {
            put(&mut handlers, entry);
        }
        default = written(runtime.get("default_runtime")).unwrap_or(default);
    }
    Handlers { runtime: Runtime::CriO, handlers, default }
}

fn containerd(trees: &[Node], diagnostics: &mut Vec<Diagnostic>) -> Handlers {
    let version = trees.iter().find_map(|tree| tree.get("version").and_then(Node::as_int)).unwrap_or(1);
    let mut handlers = Vec::new();
    let mut default = Field { value: "runc".to_owned(), origin: Origin::Assumed };
    for (layout, plugin) in CONTAINERD_PLUGINS {
        for table in trees.iter().filter_map(|tree| tree.get("plugins")?.as_map()?.entry(plugin)) {
            let Some(containerd) = table.value.get("containerd") else { continue };
            if layout != version.clamp(1, 3) {
                let problem = format!(
                    "This table belongs to version {layout} of containerd's layout, but the file says version {version}: it is not read."
                );
                diagnostics.push(Diagnostic::warning("containerd-other-version", problem, table.key_span));
                continue;
            }
            for entry in tables(containerd.get("runtimes")) {
                put(&mut handlers, entry);
            }
            default = written(containerd.get("default_runtime_name")).unwrap_or(default);
        }
    }
    if handlers.is_empty() {
        handlers.push(built_in("runc"));
    }
    Handlers { runtime: Runtime::Containerd(version), handlers, default }
}

/// The handlers that a Node's status lists. The one without a name is the runtime's default.
#[must_use]
pub fn reported(reported: &ReportedHandlers) -> Handlers {
    let handler = |given: &ReportedHandler| Handler {
        name: Field { value: given.name.clone(), origin: Origin::Written(given.span) },
        runtime_type: None,
        span: Some(given.span),
        features: Some(HandlerFeatures {
            user_namespaces: given.user_namespaces,
            recursive_read_only_mounts: given.recursive_read_only_mounts,
        }),
    };
    let mut handlers: Vec<Handler> = reported.handlers.iter().map(handler).collect();
    let default = match handlers.iter().find(|handler| handler.name.value.is_empty()) {
        Some(default) => default.name.clone(),
        None => {
            let default = built_in("");
            handlers.push(default.clone());
            default.name
        }
    };
    let crio = reported.runtime_version.starts_with("cri-o");
    Handlers { runtime: Runtime::Reported { crio }, handlers, default }
}

/// The handler of dockershim, in the releases that had it.
#[must_use]
pub fn dockershim(cluster: &Cluster) -> Option<Handlers> {
    let gone = DOCKERSHIM_HANDLER.until.is_some_and(|until| until.holds_in(cluster.release));
    let docker = built_in("docker");
    (!gone).then(|| Handlers { runtime: Runtime::Dockershim, default: docker.name.clone(), handlers: vec![docker] })
}

/// What is wrong with the handlers: a default that is none of them, and names that no class can name.
fn complaints(handlers: &Handlers, cluster: &Cluster) -> Vec<Diagnostic> {
    let mut complaints = Vec::new();
    let default = &handlers.default;
    if handlers.find(&default.value).is_none() {
        let problem = format!("The default handler `{}` has no table of its own.", default.value);
        let at = default.origin.span().or_else(|| handlers.handlers.first().and_then(|handler| handler.span));
        complaints.push(Diagnostic::warning("no-default-handler", problem, at));
    }
    for handler in &handlers.handlers {
        let name = &handler.name.value;
        let is_label = dns_label(name, cluster.release).is_empty();
        if !is_label {
            let problem = format!("No RuntimeClass can name the handler `{name}`: a handler is a DNS label.");
            complaints.push(Diagnostic::warning("handler-no-label", problem, handler.name.origin.span()));
        }
    }
    complaints
}

/// What becomes of a pod on the node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// This handler runs it.
    Runs(Handler),
    /// There is no such handler: the pod stays Pending.
    Unknown {
        /// The reason of the kubelet's event.
        reason: &'static str,
        /// How its message begins; runtimes word the rest in their own way.
        message: String,
    },
}

impl Runtime {
    /// The runtime in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Containerd(version) => format!("containerd (configuration version {version})"),
            Self::CriO => "CRI-O".to_owned(),
            Self::Dockershim => "dockershim".to_owned(),
            Self::Reported { .. } => "the runtime, as the Node's status tells".to_owned(),
        }
    }
}

impl Handlers {
    /// The handler of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Handler> {
        self.handlers.iter().find(|handler| handler.name.value == name)
    }

    /// Which handler runs a pod whose class asks for `wanted`; an empty name, or none, asks for the default.
    #[must_use]
    pub fn choose(&self, wanted: Option<(&str, Span)>) -> Decision<Choice> {
        let (wanted, at) = wanted.filter(|(name, _)| !name.is_empty()).unzip();
        let name = wanted.unwrap_or(&self.default.value);
        let Some(handler) = self.find(name) else {
            let finding = format!(
                "The node's runtime has no handler `{name}`: the pod stays Pending, and the kubelet reports FailedCreatePodSandBox again and again."
            );
            let step = Step::new(&HANDLER_FOUND, Mark::No, finding).at(at).because(self.default_span(wanted));
            let outcome = Choice::Unknown { reason: "FailedCreatePodSandBox", message: self.message(name) };
            return Decision { outcome, trace: vec![step] };
        };
        let rule = match (self.runtime, wanted) {
            (_, None) => &DEFAULT_HANDLER,
            (Runtime::Containerd(_), _) => &CONTAINERD_HANDLERS,
            (Runtime::CriO, _) => &CRIO_HANDLERS,
            (Runtime::Dockershim, _) => &DOCKERSHIM_HANDLER,
            (Runtime::Reported { .. }, _) => &HANDLERS_REPORTED,
        };
        let finding = match wanted {
            Some(_) => format!("The node's runtime has the handler `{name}`."),
            None if name.is_empty() => "The pod asks for no handler, so the runtime's default runs it.".to_owned(),
            None => format!("The pod asks for no handler, so the default `{name}` runs it."),
        };
        let step = Step::new(rule, Mark::Yes, finding).at(at).because(handler.name.origin.span());
        let trace = vec![step.because(self.default_span(wanted))];
        Decision { outcome: Choice::Runs(handler.clone()), trace }
    }

    fn default_span(&self, wanted: Option<&str>) -> Option<Span> {
        if wanted.is_none() { self.default.origin.span() } else { None }
    }

    /// Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod, and what the runtimes answer.
    fn message(&self, name: &str) -> String {
        let start = "Failed to create pod sandbox: rpc error: code = Unknown desc = ";
        let quoted = quote(name);
        match self.runtime {
            Runtime::Containerd(_) | Runtime::Reported { crio: false } => {
                format!("{start}failed to get sandbox runtime: no runtime for {quoted} is configured")
            }
            Runtime::CriO | Runtime::Reported { crio: true } => {
                format!("{start}failed to find runtime handler {name} from runtime list")
            }
            Runtime::Dockershim => format!("{start}RuntimeHandler {quoted} not supported"),
        }
    }
}

/// The lines that give a runtime this handler; the program behind it is for its operator to fill in.
#[must_use]
pub fn snippet(runtime: Runtime, handler: &str) -> String {
    match runtime {
        Runtime::Containerd(version) => {
            let known = CONTAINERD_PLUGINS.iter().find(|(layout, _)| *layout == version);
            let plugin = known.map_or("io.containerd.cri.v1.runtime", |(_, plugin)| plugin);
            // gVisor's shim alone has its own version.
            let shim =
                if matches!(handler, "gvisor" | "runsc") { "runsc.v1".to_owned() } else { format!("{handler}.v2") };
            let table = format!("[plugins.{}.containerd.runtimes.{handler}]", quote(plugin));
            format!("{table}\n  runtime_type = \"io.containerd.{shim}\"\n")
        }
        Runtime::CriO => {
            format!(
                "[crio.runtime.runtimes.{handler}]\n  runtime_path = \"/usr/bin/{handler}\"\n  runtime_type = \"oci\"\n"
            )
        }
        Runtime::Dockershim | Runtime::Reported { .. } => String::new(),
    }
}
