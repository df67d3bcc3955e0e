//! Lifecycle hooks. Upstream: pkg/apis/core/validation/validation.go validateLifecycle, validateHandler,
//! validateSleepAction.

use super::ports::number_or_name;
use super::{At, BadValue, ErrorType, FieldError, names};
use crate::api::lifecycle::{Handler, HttpGet};
use crate::api::{Container, Pod};
use crate::defaulting::grace_seconds;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::validation as rules;
use crate::trace::Written;
use podwhy_source::Span;

/// The errors of a container's hooks.
pub(super) fn lifecycle(container: &Container, pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    let grace = grace_seconds(pod);
    let path = format!("{}.lifecycle", container.path);
    let hooks = hooks(container, cluster);
    hooks.flat_map(|(name, hook)| handler(hook, &format!("{path}.{name}"), grace, cluster)).collect()
}

/// The hooks that are left when the API server has dropped what the cluster does not have.
fn hooks<'c>(container: &'c Container, cluster: &Cluster) -> impl Iterator<Item = (&'static str, &'c Handler)> {
    let drops = drops_sleep(cluster);
    let sleeps_only = |hook: &Handler| {
        hook.sleep.is_some() && hook.exec.is_none() && hook.http_get.is_none() && hook.tcp_socket.is_none()
    };
    container.lifecycle.hooks().filter(move |(_, hook)| !(drops && sleeps_only(hook)))
}

/// A release that knows the field and has it switched off drops it; an older one does not see it.
fn drops_sleep(cluster: &Cluster) -> bool {
    let sleep = Feature::PodLifecycleSleepAction;
    sleep.spec(cluster.release).is_some() && !cluster.has(sleep)
}

/// An init container that ends before the others start has no hooks.
pub(super) fn of_init_container(container: &Container, cluster: &Cluster) -> Option<FieldError> {
    let span = container.lifecycle.written?;
    let unwritten = container.lifecycle.post_start.is_none() && container.lifecycle.pre_stop.is_none();
    let counts = hooks(container, cluster).next().is_some() || unwritten && !drops_sleep(cluster);
    if !counts {
        return None;
    }
    let at = At::new(&rules::INIT_HOOKS, format!("{}.lifecycle", container.path), span);
    Some(if rules::INIT_CHECKED_ONCE.holds_in(cluster.release) {
        let detail = "may not be set for init containers without restartPolicy=Always";
        at.error(ErrorType::Forbidden, BadValue::None, detail)
    } else {
        at.error(ErrorType::Invalid, BadValue::Dump, "must not be set for init containers")
    })
}

fn handler(hook: &Handler, path: &str, grace: i64, cluster: &Cluster) -> Vec<FieldError> {
    let at = |rule: &'static Rule, field: &str, span: Span| At::new(rule, format!("{path}.{field}"), span);
    let sleep = hook.sleep.as_ref().filter(|_| cluster.has(Feature::PodLifecycleSleepAction));
    let kinds = [
        ("exec", hook.exec.as_ref().map(|exec| exec.span)),
        ("httpGet", hook.http_get.as_ref().map(|get| get.span)),
        ("tcpSocket", hook.tcp_socket.as_ref().map(|socket| socket.span)),
        ("sleep", sleep.map(|sleep| sleep.span)),
    ];
    let mut written = kinds.into_iter().filter_map(|(kind, span)| Some((kind, span?)));
    let Some((first, _)) = written.next() else {
        let at = At::new(&rules::HOOK_ONE_KIND, path, hook.span);
        return vec![at.error(ErrorType::Required, BadValue::None, "must specify a handler type")];
    };
    let mut errors: Vec<FieldError> = written
        .map(|(kind, span)| {
            let detail = "may not specify more than 1 handler type";
            at(&rules::HOOK_ONE_KIND, kind, span).error(ErrorType::Forbidden, BadValue::None, detail)
        })
        .collect();
    // Only the first kind is looked at.
    match first {
        "exec" => {
            let empty = hook.exec.as_ref().filter(|exec| exec.value.is_empty());
            errors.extend(empty.map(|exec| at(&rules::HOOK_COMMAND, "exec.command", exec.span).required()));
        }
        "httpGet" => errors.extend(hook.http_get.iter().flat_map(|get| http_get(get, path, cluster))),
        "tcpSocket" => {
            if let Some(socket) = &hook.tcp_socket {
                let at = at(&rules::HOOK_PORT, "tcpSocket.port", socket.span);
                errors.extend(number_or_name(&socket.port, &at, cluster.release));
            }
        }
        _ => errors.extend(sleep.and_then(|sleep| sleeps(sleep, path, grace, cluster))),
    }
    errors
}

fn http_get(get: &HttpGet, path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let at = |rule: &'static Rule, field: &str| At::new(rule, format!("{path}.httpGet.{field}"), get.span);
    let mut errors = number_or_name(&get.port, &at(&rules::HOOK_PORT, "port"), cluster.release);
    if !matches!(get.scheme.as_str(), "" | "HTTP" | "HTTPS") {
        errors.push(at(&rules::HOOK_SCHEME, "scheme").not_supported(&get.scheme, &["HTTP", "HTTPS"]));
    }
    for (name, _) in &get.headers {
        errors.extend(at(&rules::HOOK_HEADER, "httpHeaders").invalid_each(name, names::http_header(name)));
    }
    errors
}

/// The text says less than, and equal is allowed.
fn sleeps(sleep: &Written<i64>, path: &str, grace: i64, cluster: &Cluster) -> Option<FieldError> {
    let zero = cluster.has(Feature::PodLifecycleSleepActionAllowZero);
    let shortest = i64::from(!zero);
    if (shortest..=grace).contains(&sleep.value) {
        return None;
    }
    let detail = if zero {
        format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})")
    } else if rules::SLEEP_TEXT_NAMES_GATE.holds_in(cluster.release) {
        format!(
            "must be greater than 0 and less than terminationGracePeriodSeconds ({grace}). \
             Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep."
        )
    } else {
        format!("must be greater than 0 and less than terminationGracePeriodSeconds ({grace})")
    };
    let at = At::new(&rules::HOOK_SLEEP, format!("{path}.sleep"), sleep.span);
    Some(at.invalid_number(sleep.value, detail))
}
