//! What a container says about its start, its end and its restarts, as written.

use super::{list, plain, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};

/// A number or a name, as ports are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl IntOrString {
    /// Reads the value under `key`; absent reads as the number 0, as Go's zero value does.
    #[must_use]
    pub fn read(node: &Node, key: &str) -> Self {
        let Some(value) = node.get(key) else { return Self::Int(0) };
        match value.as_text() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Int(value.as_int().unwrap_or_default()),
        }
    }
}

/// `lifecycle.postStart` or `lifecycle.preStop`. The API server admits one kind; the kubelet takes the first it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Where it stands.
    pub span: Span,
    /// `exec.command`.
    pub exec: Option<Written<Vec<String>>>,
    /// `httpGet`.
    pub http_get: Option<HttpGet>,
    /// `tcpSocket`.
    pub tcp_socket: Option<TcpSocket>,
    /// `sleep.seconds`.
    pub sleep: Option<Written<i64>>,
}

/// `httpGet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpGet {
    /// Where it stands.
    pub span: Span,
    /// `host`, or `""`.
    pub host: String,
    /// `port`.
    pub port: IntOrString,
    /// `path`, or `""`.
    pub path: String,
    /// `scheme`, or `""`.
    pub scheme: String,
    /// `httpHeaders` in written order: name and value.
    pub headers: Vec<(String, String)>,
}

/// `tcpSocket`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpSocket {
    /// Where it stands.
    pub span: Span,
    /// `host`, or `""`.
    pub host: String,
    /// `port`.
    pub port: IntOrString,
}

/// A probe, as far as it starts and ends a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Where it stands.
    pub span: Span,
    /// `terminationGracePeriodSeconds`.
    pub grace_seconds: Option<Written<i64>>,
    /// What it does.
    pub handler: Handler,
    /// `initialDelaySeconds`.
    pub initial_delay_seconds: Option<i64>,
    /// `periodSeconds`.
    pub period_seconds: Option<i64>,
    /// `failureThreshold`.
    pub failure_threshold: Option<i64>,
}

/// One of `restartPolicyRules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartRule {
    /// Where it stands.
    pub span: Span,
    /// `action`, or `""`.
    pub action: String,
    /// `exitCodes.operator`, or `""`.
    pub operator: String,
    /// `exitCodes.values`.
    pub values: Vec<i64>,
}

/// A container's fields that decide when and how it starts, stops and starts again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerLifecycle {
    /// Where `lifecycle` stands, be it empty.
    pub written: Option<Span>,
    /// `lifecycle.postStart`.
    pub post_start: Option<Handler>,
    /// `lifecycle.preStop`.
    pub pre_stop: Option<Handler>,
    /// `lifecycle.stopSignal`.
    pub stop_signal: Option<Written<String>>,
    /// `startupProbe`.
    pub startup_probe: Option<Probe>,
    /// `livenessProbe`.
    pub liveness_probe: Option<Probe>,
    /// `readinessProbe`.
    pub readiness_probe: Option<Probe>,
    /// `restartPolicy` of the container itself.
    pub restart_policy: Option<Written<String>>,
    /// `restartPolicyRules`.
    pub restart_rules: Vec<RestartRule>,
}

/// A pod's fields that decide how its containers start and stop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodLifecycle {
    /// `restartPolicy`.
    pub restart_policy: Option<Written<String>>,
    /// `terminationGracePeriodSeconds`.
    pub grace_seconds: Option<Written<i64>>,
}

impl PodLifecycle {
    /// Reads a pod's spec, absent or not.
    #[must_use]
    pub fn read(spec: Option<&Node>) -> Self {
        Self {
            restart_policy: spec.and_then(|spec| text(spec, "restartPolicy")),
            grace_seconds: spec.and_then(|spec| int(spec, "terminationGracePeriodSeconds")),
        }
    }
}

impl Handler {
    /// Reads a handler.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        Self {
            span: node.span,
            exec: node.get("exec").map(|exec| Written { value: texts(exec, "command"), span: exec.span }),
            http_get: node.get("httpGet").map(HttpGet::read),
            tcp_socket: node.get("tcpSocket").map(|socket| TcpSocket {
                span: socket.span,
                host: plain(socket, "host"),
                port: IntOrString::read(socket, "port"),
            }),
            sleep: node
                .get("sleep")
                .map(|sleep| int(sleep, "seconds").unwrap_or(Written { value: 0, span: sleep.span })),
        }
    }
}

impl HttpGet {
    fn read(node: &Node) -> Self {
        Self {
            span: node.span,
            host: plain(node, "host"),
            port: IntOrString::read(node, "port"),
            path: plain(node, "path"),
            scheme: plain(node, "scheme"),
            headers: list(node, "httpHeaders").map(|header| (plain(header, "name"), plain(header, "value"))).collect(),
        }
    }
}

impl Probe {
    fn read(node: &Node) -> Self {
        let number = |key| node.get(key).and_then(Node::as_int);
        Self {
            span: node.span,
            grace_seconds: int(node, "terminationGracePeriodSeconds"),
            handler: Handler::read(node),
            initial_delay_seconds: number("initialDelaySeconds"),
            period_seconds: number("periodSeconds"),
            failure_threshold: number("failureThreshold"),
        }
    }
}

impl RestartRule {
    fn read(node: &Node) -> Self {
        let codes = node.get("exitCodes");
        Self {
            span: node.span,
            action: plain(node, "action"),
            operator: codes.map(|codes| plain(codes, "operator")).unwrap_or_default(),
            values: codes.into_iter().flat_map(|codes| list(codes, "values")).filter_map(Node::as_int).collect(),
        }
    }
}

impl ContainerLifecycle {
    /// Reads a container's object; what is missing or of another type reads as absent.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let lifecycle = node.get("lifecycle");
        let handler = |key| lifecycle.and_then(|lifecycle| lifecycle.get(key)).map(Handler::read);
        Self {
            written: lifecycle.filter(|lifecycle| lifecycle.as_map().is_some()).map(|lifecycle| lifecycle.span),
            post_start: handler("postStart"),
            pre_stop: handler("preStop"),
            stop_signal: lifecycle.and_then(|lifecycle| text(lifecycle, "stopSignal")),
            startup_probe: node.get("startupProbe").map(Probe::read),
            liveness_probe: node.get("livenessProbe").map(Probe::read),
            readiness_probe: node.get("readinessProbe").map(Probe::read),
            restart_policy: text(node, "restartPolicy"),
            restart_rules: list(node, "restartPolicyRules").map(RestartRule::read).collect(),
        }
    }

    /// The hooks that are written, with the names of their fields.
    pub fn hooks(&self) -> impl Iterator<Item = (&'static str, &Handler)> {
        let hooks = [("postStart", &self.post_start), ("preStop", &self.pre_stop)];
        hooks.into_iter().filter_map(|(name, hook)| Some((name, hook.as_ref()?)))
    }
}

/// The integer under `key` with its place; a value of another type counts as absent.
#[must_use]
pub fn int(node: &Node, key: &str) -> Option<Written<i64>> {
    let value = node.get(key)?;
    Some(Written { value: value.as_int()?, span: value.span })
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    list(node, key).filter_map(Node::as_text).map(str::to_owned).collect()
}
