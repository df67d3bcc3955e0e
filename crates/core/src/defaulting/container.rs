//! A container as it is stored. Upstream: pkg/apis/core/v1/defaults.go SetDefaults_Container, and what the generated
//! code calls for the objects below it.

use super::amounts;
use super::edit::{Defaults, Unset, child, children, int, text};
use crate::feature::Feature;
use crate::image::PullPolicy;
use crate::rule::defaulting as rules;
use crate::rule::image::DEFAULT_PULL_POLICY_OTHER;
use crate::trace::{Decision, Mark};
use podwhy_source::{Node, Value};

/// What the pod says that bears on its containers.
#[derive(Clone, Copy)]
pub(super) struct Surroundings {
    /// The pod lives on the host's network, which matters for all containers but ephemeral ones.
    pub host_ports: bool,
    /// Limits stand in for requests, for all containers but ephemeral ones.
    pub requests: bool,
}

impl Defaults<'_> {
    pub(super) fn container(
        &mut self,
        node: &mut Node,
        path: &str,
        policy: Option<&Decision<PullPolicy>>,
        surroundings: Surroundings,
    ) {
        if let Some(policy) = policy {
            self.pull_policy(node, path, "imagePullPolicy", policy);
        }
        let message = &rules::TERMINATION_MESSAGE;
        self.fill(node, path, "terminationMessagePath", Unset::Zero, text("/dev/termination-log"), message);
        self.fill(node, path, "terminationMessagePolicy", Unset::Zero, text("File"), message);
        for (index, port) in children(node, "ports") {
            self.port(port, &format!("{path}.ports[{index}]"), surroundings.host_ports);
        }
        for (index, variable) in children(node, "env") {
            let from = format!("{path}.env[{index}].valueFrom");
            let Some(source) = child(variable, "valueFrom") else { continue };
            self.field_reference(source, &from);
            if self.cluster.has(Feature::EnvFiles)
                && let Some(file) = child(source, "fileKeyRef")
            {
                let no = Value::Bool(false);
                self.fill(file, &format!("{from}.fileKeyRef"), "optional", Unset::Absent, no, &rules::FILE_OPTIONAL);
            }
        }
        amounts::of_container(self, node, path, surroundings.requests);
        for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if let Some(probe) = child(node, key) {
                self.probe(probe, &format!("{path}.{key}"));
            }
        }
        for key in ["postStart", "preStop"] {
            if let Some(hook) = child(node, "lifecycle").and_then(|lifecycle| child(lifecycle, key)) {
                self.http_request(hook, &format!("{path}.lifecycle.{key}"));
            }
        }
    }

    /// Fills in a pull policy that was decided.
    pub(super) fn pull_policy(&mut self, node: &mut Node, path: &str, key: &str, policy: &Decision<PullPolicy>) {
        let step = policy.trace.iter().rev().find(|step| step.mark == Mark::Yes).or(policy.trace.last());
        let (rule, because) = step.map_or((&DEFAULT_PULL_POLICY_OTHER, None), |step| (step.rule, step.at));
        self.fill_because(node, path, key, Unset::Zero, text(policy.outcome.name()), rule, because);
    }

    fn port(&mut self, port: &mut Node, path: &str, host_ports: bool) {
        let number = port.get("containerPort").and_then(|number| Some((number.as_int()?, number.span)));
        if let Some((number, span)) = number.filter(|(number, _)| host_ports && *number != 0) {
            self.fill_because(port, path, "hostPort", Unset::Zero, int(number), &rules::HOST_PORT, Some(span));
        }
        self.fill(port, path, "protocol", Unset::Zero, text("TCP"), &rules::PORT_PROTOCOL);
    }

    /// The version of the field reference in an object that may hold one.
    pub(super) fn field_reference(&mut self, node: &mut Node, path: &str) {
        if let Some(reference) = child(node, "fieldRef") {
            let path = format!("{path}.fieldRef");
            self.fill(reference, &path, "apiVersion", Unset::Zero, text("v1"), &rules::FIELD_VERSION);
        }
    }

    fn probe(&mut self, probe: &mut Node, path: &str) {
        let fields = [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)];
        for (key, value) in fields {
            self.fill(probe, path, key, Unset::Zero, int(value), &rules::PROBE_TIMES);
        }
        self.http_request(probe, path);
        if let Some(grpc) = child(probe, "grpc") {
            self.fill(grpc, &format!("{path}.grpc"), "service", Unset::Absent, text(""), &rules::GRPC_SERVICE);
        }
    }

    fn http_request(&mut self, handler: &mut Node, path: &str) {
        if let Some(request) = child(handler, "httpGet") {
            let path = format!("{path}.httpGet");
            self.fill(request, &path, "path", Unset::Zero, text("/"), &rules::HTTP_REQUEST);
            self.fill(request, &path, "scheme", Unset::Zero, text("HTTP"), &rules::HTTP_REQUEST);
        }
    }
}
