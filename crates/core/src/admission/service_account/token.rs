//! The token of its service account that every container gets as a file. Upstream:
//! plugin/pkg/admission/serviceaccount/admission.go mountServiceAccountToken and TokenVolumeSource.

use crate::api::{Pod, Role, ServiceAccount};
use crate::defaulting::Addition;
use crate::defaulting::edit::{child, children, int, push, text};
use crate::defaulting::volume::FILE_MODE;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::admission as rules;
use podwhy_source::{Entry, Map, Node, Span, Value};

/// Where the token is mounted.
pub const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The name of the projected volume, before the random letters at its end.
pub const VOLUME_PREFIX: &str = "kube-api-access-";
/// An hour and seven seconds, by which such tokens are known. Upstream: WarnOnlyBoundTokenExpirationSecs.
const EXPIRATION_SECONDS: i64 = 3607;
/// In place of five letters that are made by chance.
const RANDOM: &str = "xxxxx";

/// Whether containers get the token: the pod decides, else its account, else they do. With the place that says so.
/// Upstream: shouldAutomount.
#[must_use]
pub fn automounts(pod: &Pod, account: Option<&ServiceAccount>) -> (bool, Option<Span>) {
    let of_account = account.and_then(|account| account.automount_service_account_token.as_ref());
    let said = pod.automount_service_account_token.as_ref().or(of_account);
    said.map_or((true, None), |said| (said.value, Some(said.span)))
}

/// Mounts the token in the tree `node` of the pod, which runs as the account called `name`.
pub fn mount(
    node: &mut Node,
    pod: &Pod,
    name: &str,
    account: Option<&ServiceAccount>,
    cluster: &Cluster,
) -> Vec<Addition> {
    let mut additions = Vec::new();
    let (wanted, because) = automounts(pod, account);
    let Some(spec) = child(node, "spec").filter(|_| wanted) else { return additions };
    let projected = rules::TOKEN_VOLUME.holds_in(cluster.release);
    let rule: &'static Rule = if projected { &rules::TOKEN_VOLUME } else { &rules::TOKEN_SECRET };
    let secret = token_secret(name, account);
    let known = children(spec, "volumes").find_map(|(_, volume)| {
        let name = volume.get("name").and_then(Node::as_text)?;
        let of_secret = volume.get_path(&["secret", "secretName"]).and_then(Node::as_text) == Some(secret.as_str());
        (name.starts_with(VOLUME_PREFIX) || !projected && of_secret).then(|| name.to_owned())
    });
    let volume_name = match (&known, projected) {
        (Some(name), _) => name.clone(),
        (None, true) => format!("{VOLUME_PREFIX}{RANDOM}"),
        (None, false) => secret.clone(),
    };
    let span = spec.span;
    let mut added = |path: String, value: &str| {
        additions.push(Addition { path, value: value.to_owned(), rule, because: because.or(Some(span)) });
    };
    let mut needed = false;
    for role in [Role::Init, Role::Container] {
        for (index, container) in children(spec, role.field()) {
            let mut mounts = children(container, "volumeMounts");
            if mounts.any(|(_, mount)| mount.get("mountPath").and_then(Node::as_text) == Some(MOUNT_PATH)) {
                continue;
            }
            drop(mounts);
            let mount = object(
                span,
                [("name", text(&volume_name)), ("mountPath", text(MOUNT_PATH)), ("readOnly", Value::Bool(true))],
            );
            let path = format!("{}.{}[{index}].volumeMounts", pod.spec_path, role.field());
            for path in push(container, &path, "volumeMounts", mount) {
                added(path, MOUNT_PATH);
            }
            needed = true;
        }
    }
    if needed && known.is_none() {
        let source = if projected { projection(span) } else { secret_source(span, &secret) };
        let volume = object(span, [("name", text(&volume_name)), source]);
        for path in push(spec, &format!("{}.volumes", pod.spec_path), "volumes", volume) {
            added(path, &volume_name);
        }
    }
    additions
}

/// Whether a Secret of this name is one that a controller makes for an account. Upstream:
/// pkg/controller/serviceaccount/tokens_controller.go ensureReferencedToken.
#[must_use]
pub fn is_made(secret: &str, account: &str) -> bool {
    secret.strip_prefix(account).and_then(|rest| rest.strip_prefix("-token-")) == Some(RANDOM)
}

/// The Secret with the account's token, in releases that make one for each account.
fn token_secret(name: &str, account: Option<&ServiceAccount>) -> String {
    let listed = account.and_then(|account| account.secrets.iter().find(|secret| secret.value.contains("-token-")));
    listed.map_or_else(|| format!("{name}-token-{RANDOM}"), |secret| secret.value.clone())
}

fn secret_source(span: Span, secret: &str) -> (&'static str, Value) {
    ("secret", object(span, [("secretName", text(secret)), ("defaultMode", int(FILE_MODE))]).value)
}

fn projection(span: Span) -> (&'static str, Value) {
    let list = |items: Vec<Node>| Value::List(items);
    let item = |fields: Vec<(&'static str, Value)>| object(span, fields);
    let token = item(vec![("expirationSeconds", int(EXPIRATION_SECONDS)), ("path", text("token"))]);
    let certificate = item(vec![("key", text("ca.crt")), ("path", text("ca.crt"))]);
    let roots = item(vec![("name", text("kube-root-ca.crt")), ("items", list(vec![certificate]))]);
    let reference = item(vec![("apiVersion", text("v1")), ("fieldPath", text("metadata.namespace"))]);
    let namespace = item(vec![("path", text("namespace")), ("fieldRef", reference.value)]);
    let downward = item(vec![("items", list(vec![namespace]))]);
    let sources = [("serviceAccountToken", token), ("configMap", roots), ("downwardAPI", downward)];
    let sources = sources.into_iter().map(|(key, source)| item(vec![(key, source.value)])).collect();
    ("projected", item(vec![("defaultMode", int(FILE_MODE)), ("sources", list(sources))]).value)
}

fn object(span: Span, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Node {
    let entry =
        |(key, value): (&str, Value)| Entry { key: key.to_owned(), key_span: span, value: Node::new(span, value) };
    Node::new(span, Value::Map(Map { entries: fields.into_iter().map(entry).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Object, pods_of};
    use crate::release::Release;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn mounted(spec: &str, minor: u8) -> (String, Vec<String>) {
        let text = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#);
        let mut object = Object::read(parse(&text, Place::Within(InputId(0), 0)).unwrap());
        let pod = pods_of(&object).remove(0);
        let cluster = Cluster::of(Release::minor_unchecked(minor));
        let additions = mount(&mut object.node, &pod, "default", None, &cluster);
        let volumes = object.node.get_path(&["spec", "volumes"]).map(|volumes| format!("{volumes:?}"));
        (volumes.unwrap_or_default(), additions.into_iter().map(|addition| addition.path).collect())
    }

    #[test]
    fn every_container_but_ephemeral_ones_gets_the_token() {
        let spec = r#"{"initContainers":[{"name":"i"}],"containers":[{"name":"a","volumeMounts":[{"name":"v","mountPath":"/v"}]}],
            "ephemeralContainers":[{"name":"e"}],"volumes":[{"name":"v"}]}"#;
        let (volumes, paths) = mounted(spec, 34);
        assert!(volumes.contains("kube-api-access-xxxxx") && volumes.contains("3607"), "{volumes}");
        assert_eq!(
            paths,
            [
                "spec.initContainers[0].volumeMounts",
                "spec.initContainers[0].volumeMounts[0]",
                "spec.containers[0].volumeMounts[1]",
                "spec.volumes[1]"
            ]
        );
    }

    #[test]
    fn the_oldest_release_mounts_a_secret() {
        let (volumes, _) = mounted(r#"{"containers":[{"name":"a"}]}"#, 20);
        assert!(volumes.contains("default-token-xxxxx") && !volumes.contains("3607"), "{volumes}");
    }

    #[test]
    fn who_does_not_want_it_or_has_something_there_gets_none() {
        let off = r#"{"automountServiceAccountToken":false,"containers":[{"name":"a"}]}"#;
        let own = r#"{"containers":[{"name":"a","volumeMounts":[
            {"name":"v","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]}]}"#;
        for spec in [off, own, r#"{"containers":null}"#, "7"] {
            assert_eq!(mounted(spec, 34).1, Vec::<String>::new(), "{spec}");
        }
    }
}
