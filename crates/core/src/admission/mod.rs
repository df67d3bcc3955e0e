//! What the API server's admission plug-ins change and refuse.
//!
//! A plug-in has two passes: the first changes the object, the second, when all plug-ins have changed it, refuses it.

pub mod always_pull_images;
pub mod default_toleration_seconds;
pub mod priority;
pub mod runtime_class;
pub mod service_account;
pub mod tolerations;

use crate::api::Pod;
use crate::quote::quote;
use crate::rule::Rule;
use podwhy_source::Span;
use serde::Serialize;

/// What a request does to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Operation {
    /// The pod is created: by somebody, or by the controller that owns its template.
    Create,
    /// The stored pod is changed.
    Update,
    /// Anything else: the plug-ins here do not act.
    Other,
}

/// A request for a pod that goes through admission.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What it does.
    pub operation: Operation,
    /// Its subresource, such as `ephemeralcontainers`; `""` for the pod itself.
    pub subresource: &'a str,
    /// The pod as stored, for an update where it is known.
    pub stored: Option<&'a Pod>,
}

impl<'a> Request<'a> {
    /// Creating a pod.
    pub const CREATE: Self = Self { operation: Operation::Create, subresource: "", stored: None };

    /// The request that applying this pod makes. The pods of a template are always created, by its controller.
    #[must_use]
    pub fn applying(pod: &Pod, stored: Option<&'a Pod>) -> Self {
        match stored {
            Some(_) if pod.owner.is_none() => Self { operation: Operation::Update, subresource: "", stored },
            _ => Self::CREATE,
        }
    }

    /// The request in words, when it is one that the plug-ins pass over.
    fn words(&self) -> String {
        match (self.subresource, self.operation) {
            ("", Operation::Create) => "the creation of a pod".to_owned(),
            ("", Operation::Update) => "an update of a pod".to_owned(),
            ("", Operation::Other) => "a request that neither creates nor updates a pod".to_owned(),
            (subresource, _) => format!("a request for pods/{subresource}"),
        }
    }
}

/// Why a plug-in refuses a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The rule that refuses.
    pub rule: &'static Rule,
    /// Kubernetes' own text.
    pub message: String,
    /// The HTTP status of the API server's answer.
    pub code: u16,
    /// What in the text it is about.
    pub at: Option<Span>,
}

impl Refusal {
    /// Upstream: staging/src/k8s.io/apiserver/pkg/admission/errors.go NewForbidden.
    fn forbidden(rule: &'static Rule, pod: &Pod, why: &str, at: impl Into<Option<Span>>) -> Self {
        let message = format!("pods {} is forbidden: {why}", quote(&pod.request_name()));
        Self { rule, message, code: 403, at: at.into() }
    }
}
