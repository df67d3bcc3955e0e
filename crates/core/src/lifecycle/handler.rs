//! What the kubelet really does for a hook: the command, the request, or nothing at all.

use super::go_url::{Url, with_path};
use crate::api::lifecycle::{Handler, HttpGet, IntOrString, TcpSocket};
use crate::api::resources::ContainerPort;
use crate::environment::EnvValue;
use crate::feature::Feature;
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::session::mask::{says_secret, secret_words};
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;
use std::collections::BTreeMap;

/// The container whose hook runs, and the pod around it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The pod's name.
    pub pod: &'a str,
    /// The pod's namespace.
    pub namespace: &'a str,
    /// The pod's UID.
    pub uid: &'a str,
    /// The container's name.
    pub container: &'a str,
    /// The container's ports, in which a named port is looked up.
    pub ports: &'a [ContainerPort],
    /// The pod's first address, if it has one yet.
    pub pod_ip: Option<&'a str>,
}

/// What comes back from what the kubelet started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// The command ends with 0; the server answers with some status.
    #[default]
    Success,
    /// The command ends so.
    Exit {
        /// What it printed.
        output: String,
        /// Its exit code.
        code: i64,
    },
    /// The server answers with this HTTP status.
    Status(u16),
    /// The request fails with this text, for example because nobody listens.
    Failure(String),
    /// The server speaks plain HTTP, whatever is asked for.
    PlainHttp,
}

impl Run {
    /// The words of the command as they are shown: those that hold a secret are told.
    #[must_use]
    pub fn words(&self) -> Vec<EnvValue> {
        let Self::Exec { command } = self else { return Vec::new() };
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let secret = secret_words(&words, &[]);
        words.into_iter().zip(secret).map(|(word, secret)| EnvValue::new(word, secret)).collect()
    }

    /// The headers of the request as lines, less `Host`; one whose name says that it is a secret is masked.
    #[must_use]
    pub fn header_lines(&self) -> Vec<String> {
        let Self::HttpGet { headers, .. } = self else { return Vec::new() };
        let own = headers.iter().filter(|(name, _)| *name != "Host");
        let line = |(name, values): (&String, &Vec<String>)| {
            format!("{name}: {}", EnvValue::new(values.join(", "), says_secret(name)).masked())
        };
        own.map(line).collect()
    }
}

/// What the kubelet does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Run {
    /// It runs a command in the container.
    Exec {
        /// The command with its arguments; no shell reads it and nothing in it is expanded.
        command: Vec<String>,
    },
    /// It sends a request itself.
    HttpGet {
        /// Always `GET`.
        method: &'static str,
        /// The address.
        url: String,
        /// The `Host` header.
        host_header: String,
        /// The headers that the kubelet sets.
        headers: BTreeMap<String, Vec<String>>,
        /// Whether it was sent a second time without TLS, because the server speaks plain HTTP.
        retried_without_tls: bool,
    },
    /// It waits.
    Sleep {
        /// So many seconds.
        seconds: i64,
    },
    /// It does nothing.
    None,
}

/// Why a hook failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HookFailure {
    /// The error itself.
    pub error: String,
    /// The sentence around it: the event's text in older releases, and the waiting message after a postStart hook.
    pub message: String,
}

/// What became of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What the kubelet did.
    pub run: Run,
    /// Why it failed, if it did.
    pub failure: Option<HookFailure>,
}

/// Runs a hook: `Run` of pkg/kubelet/lifecycle/handlers.go. The first kind that is there counts: exec, httpGet, sleep.
#[must_use]
pub fn run(handler: &Handler, target: &Target<'_>, answer: &Answer, cluster: &Cluster) -> Decision<Outcome> {
    if let Some(exec) = &handler.exec {
        return Decision {
            outcome: run_exec(&exec.value, target, answer),
            trace: vec![
                Step::new(&rules::EXEC_HOOK, Mark::Note, "The command runs in the container, without a shell.")
                    .at(exec.span),
            ],
        };
    }
    if let Some(http_get) = &handler.http_get {
        return run_http(http_get, target, answer, cluster);
    }
    if let Some(sleep) =
        handler.sleep.as_ref().filter(|_| Feature::PodLifecycleSleepAction.spec(cluster.release).is_some())
    {
        let on = cluster.has(Feature::PodLifecycleSleepAction);
        let finding = if on {
            format!("The kubelet itself waits {} s; the container needs no shell for it.", sleep.value)
        } else {
            "The gate PodLifecycleSleepAction is off, so the hook ends at once without waiting.".to_owned()
        };
        let seconds = if on { sleep.value } else { 0 };
        return Decision {
            outcome: Outcome { run: Run::Sleep { seconds }, failure: None },
            trace: vec![Step::new(&rules::SLEEP_HOOK, Mark::Note, finding).at(sleep.span)],
        };
    }
    let error = format!("invalid handler: {}", handler_dump(handler.tcp_socket.as_ref(), cluster));
    let message = format!("Cannot run handler: {error}");
    let finding = match &handler.tcp_socket {
        Some(_) => {
            "A tcpSocket hook is accepted by the API server, but the kubelet cannot run it: the hook fails at once."
        }
        None => "The hook names nothing that this release's kubelet can run: it fails at once.",
    };
    Decision {
        outcome: Outcome { run: Run::None, failure: Some(HookFailure { error, message }) },
        trace: vec![Step::new(&rules::TCP_HOOK_NEVER_RUNS, Mark::No, finding).at(handler.span)],
    }
}

fn run_exec(command: &[String], target: &Target<'_>, answer: &Answer) -> Outcome {
    let failure = match answer {
        Answer::Exit { output, code } if *code != 0 => {
            let error = format!("command '{}' exited with {code}: {output}", command.join(" "));
            let message = format!(
                "Exec lifecycle hook ([{}]) for {} failed - error: {error}, message: {}",
                command.join(" "),
                container_words(target),
                quote(output)
            );
            Some(HookFailure { error, message })
        }
        _ => None,
    };
    Outcome { run: Run::Exec { command: command.to_vec() }, failure }
}

/// The container as handlers' messages name it.
fn container_words(target: &Target<'_>) -> String {
    let pod = format!("{}_{}({})", target.pod, target.namespace, target.uid);
    format!("Container {} in Pod {}", quote(target.container), quote(&pod))
}

fn run_http(http_get: &HttpGet, target: &Target<'_>, answer: &Answer, cluster: &Cluster) -> Decision<Outcome> {
    let newer = cluster.has(Feature::ConsistentHTTPGetHandlers);
    let mut trace = Vec::new();
    let request = if newer {
        request(http_get, target, cluster, &mut trace)
    } else {
        legacy_request(http_get, target, &mut trace)
    };
    let fail = |error: String| {
        let path = &http_get.path;
        let protocol = if rules::HOOK_TEXTS_RENAMED.holds_in(cluster.release) { "HTTP" } else { "Http" };
        let tail = if newer { "" } else { ", message: \"\"" };
        let container = container_words(target);
        let message = format!("{protocol} lifecycle hook ({path}) for {container} failed - error: {error}{tail}");
        HookFailure { error, message }
    };
    let (url, headers) = match request {
        Ok(request) => request,
        Err(error) => {
            let finding = format!("No request is sent, so the hook fails: {error}");
            trace.push(Step::new(&rules::HTTP_HOOK_NOT_SENT, Mark::No, finding).at(http_get.span));
            return Decision { outcome: Outcome { run: Run::None, failure: Some(fail(error)) }, trace };
        }
    };
    let text = url.to_string();
    let retried_without_tls = *answer == Answer::PlainHttp && url.scheme == "https";
    let failure = match answer {
        Answer::Failure(reason) => {
            let finding = "The request fails and is not sent again: the hook fails.";
            trace.push(Step::new(&rules::HTTP_HOOK_NO_RETRY, Mark::No, finding).at(http_get.span));
            Some(fail(format!("Get {}: {reason}", quote(&text))))
        }
        Answer::Status(status) if *status >= 400 => {
            let finding = format!("The server answers {status}, and the hook still counts as done.");
            trace.push(Step::new(&rules::HTTP_HOOK_STATUS_IGNORED, Mark::Note, finding).at(http_get.span));
            None
        }
        _ => None,
    };
    if retried_without_tls {
        let finding = "The server speaks plain HTTP, so the kubelet asks once more without TLS.";
        trace.push(Step::new(&rules::HTTP_HOOK_FALLBACK, Mark::Note, finding).at(http_get.span));
    }
    let host_header = headers.get("Host").and_then(|values| values.first()).filter(|host| !host.is_empty());
    let host_header = host_header.cloned().unwrap_or_else(|| url.host_text());
    let run = Run::HttpGet { method: "GET", url: text, host_header, headers, retried_without_tls };
    Decision { outcome: Outcome { run, failure }, trace }
}

type Request = (Url, BTreeMap<String, Vec<String>>);

/// The request since v1.25: `NewRequestForHTTPGetAction` of pkg/probe/http/request.go.
fn request(
    http_get: &HttpGet,
    target: &Target<'_>,
    cluster: &Cluster,
    trace: &mut Vec<Step>,
) -> Result<Request, String> {
    let host = host(http_get, target)?;
    let port = container_port(&http_get.port, target.ports)?;
    let mut url = Url::parse(&http_get.path).unwrap_or_else(|_| with_path(&http_get.path));
    url.scheme = http_get.scheme.to_lowercase();
    if url.scheme.is_empty() {
        "http".clone_into(&mut url.scheme);
    }
    url.host = join_host_port(host, port).into_bytes();
    let url = Url::parse(&url.to_string())?;
    let finding = format!("The kubelet sends GET {url}, with the scheme and the headers of the hook.");
    trace.push(Step::new(&rules::HTTP_HOOK_REQUEST, Mark::Note, finding).at(http_get.span));

    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &http_get.headers {
        headers.entry(canonical_header(name)).or_default().push(value.clone());
    }
    let agent = || vec![format!("kube-lifecycle/1.{}", cluster.release.minor())];
    headers.entry("User-Agent".to_owned()).or_insert_with(agent);
    let accept = headers.entry("Accept".to_owned()).or_insert_with(|| vec!["*/*".to_owned()]);
    if accept.first().is_none_or(String::is_empty) {
        headers.remove("Accept");
    }
    Ok((url, headers))
}

/// The request up to v1.24: always plain HTTP, no headers, and a slash before whatever the path is.
fn legacy_request(http_get: &HttpGet, target: &Target<'_>, trace: &mut Vec<Step>) -> Result<Request, String> {
    let host = host(http_get, target)?;
    let port = match &http_get.port {
        IntOrString::Int(port) => *port,
        IntOrString::Text(name) if name.is_empty() => 80,
        IntOrString::Text(name) => match atoi(name) {
            Ok(port) => port,
            Err(_) => named_port(name, target.ports).ok_or_else(|| {
                format!("couldn't find port: {{1 0 {name}}} in &Container{{Name:{},...}}", target.container)
            })?,
        },
    };
    let url = Url::parse(&format!("http://{}/{}", join_host_port(host, port), http_get.path))?;
    let mut finding = format!("The kubelet sends GET {url}.");
    if http_get.scheme.eq_ignore_ascii_case("https") {
        finding.push_str(" It leaves the scheme HTTPS aside in this release.");
    }
    if !http_get.headers.is_empty() {
        finding.push_str(" It leaves the headers aside in this release.");
    }
    trace.push(Step::new(&rules::HTTP_HOOK_LEGACY_REQUEST, Mark::Note, finding).at(http_get.span));
    Ok((url, BTreeMap::new()))
}

fn host<'a>(http_get: &'a HttpGet, target: &Target<'a>) -> Result<&'a str, String> {
    if !http_get.host.is_empty() {
        return Ok(&http_get.host);
    }
    target.pod_ip.ok_or_else(|| "failed to find networking container: &{...}".to_owned())
}

/// `net.JoinHostPort`.
fn join_host_port(host: &str, port: i64) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn named_port(name: &str, ports: &[ContainerPort]) -> Option<i64> {
    let is_named = |port: &&ContainerPort| port.name.as_ref().map_or("", |written| &written.value) == name;
    let port = ports.iter().find(is_named)?;
    Some(port.number.as_ref().map_or(0, |number| number.value))
}

/// `ResolveContainerPort` of pkg/probe/util.go: by name first, then as a number, and only real port numbers.
fn container_port(port: &IntOrString, ports: &[ContainerPort]) -> Result<i64, String> {
    let number = match port {
        IntOrString::Int(number) => *number,
        IntOrString::Text(name) => match named_port(name, ports) {
            Some(number) => number,
            None => atoi(name)?,
        },
    };
    if (1..=65_535).contains(&number) { Ok(number) } else { Err(format!("invalid port number: {number}")) }
}

/// `strconv.Atoi`.
fn atoi(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let problem = if well_formed { "value out of range" } else { "invalid syntax" };
    let number = text.parse().ok().filter(|_| well_formed);
    number.ok_or_else(|| format!("strconv.Atoi: parsing {}: {problem}", quote(text)))
}

/// `textproto.CanonicalMIMEHeaderKey`: capitals at the start and after hyphens; names that are none stay as they are.
fn canonical_header(name: &str) -> String {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.bytes().all(is_token) {
        return name.to_owned();
    }
    let mut upper = true;
    name.chars()
        .map(|c| {
            let changed = if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            upper = c == '-';
            changed
        })
        .collect()
}

/// The handler as Go prints it in "invalid handler".
fn handler_dump(socket: Option<&TcpSocket>, cluster: &Cluster) -> String {
    let name = if rules::HOOK_TEXTS_RENAMED.holds_in(cluster.release) { "LifecycleHandler" } else { "Handler" };
    let sleep = if Feature::PodLifecycleSleepAction.spec(cluster.release).is_some() { "Sleep:nil," } else { "" };
    let socket = socket.map_or("nil".to_owned(), |socket| {
        let port = match &socket.port {
            IntOrString::Int(number) => format!("{{0 {number} }}"),
            IntOrString::Text(name) => format!("{{1 0 {name}}}"),
        };
        format!("&TCPSocketAction{{Port:{port},Host:{},}}", socket.host)
    });
    format!("&{name}{{Exec:nil,HTTPGet:nil,TCPSocket:{socket},{sleep}}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn outcome(handler: &str, answer: &Answer, minor: u8) -> Outcome {
        let node = parse(handler, Place::Within(InputId(0), 0)).unwrap();
        let target = Target {
            pod: "web-0",
            namespace: "default",
            uid: "1",
            container: "main",
            ports: &[],
            pod_ip: Some("10.0.0.1"),
        };
        let cluster = Cluster::of(Release::from_minor(minor).unwrap());
        run(&Handler::read(&node), &target, answer, &cluster).outcome
    }

    #[test]
    fn sleep_by_release() {
        let sleep = |minor| outcome(r#"{"sleep":{"seconds":5}}"#, &Answer::Success, minor);
        assert_eq!(sleep(30).run, Run::Sleep { seconds: 5 });
        assert_eq!(sleep(29).run, Run::Sleep { seconds: 0 }, "the gate is off");
        assert_eq!(sleep(28).run, Run::None);
        assert!(sleep(28).failure.is_some());
    }

    #[test]
    fn a_tcp_hook_fails_in_every_release() {
        for minor in 20..=36 {
            let outcome = outcome(r#"{"tcpSocket":{"port":"web"}}"#, &Answer::Success, minor);
            assert_eq!(outcome.run, Run::None);
            assert!(outcome.failure.unwrap().error.contains("TCPSocketAction{Port:{1 0 web},Host:,}"), "v1.{minor}");
        }
    }

    #[test]
    fn https_falls_back_to_http_where_https_is_tried() {
        let hook = r#"{"httpGet":{"port":8443,"path":"/","scheme":"HTTPS"}}"#;
        let retried = |minor| match outcome(hook, &Answer::PlainHttp, minor).run {
            Run::HttpGet { url, retried_without_tls, .. } => (url, retried_without_tls),
            other => panic!("{other:?}"),
        };
        assert_eq!(retried(24), ("http://10.0.0.1:8443//".to_owned(), false));
        assert_eq!(retried(25), ("https://10.0.0.1:8443/".to_owned(), true));
    }

    #[test]
    fn a_server_that_is_down_is_asked_once() {
        let down = Answer::Failure("connection refused".to_owned());
        let failure = outcome(r#"{"httpGet":{"port":80,"path":"/x"}}"#, &down, 34).failure.unwrap();
        assert_eq!(failure.error, r#"Get "http://10.0.0.1:80/x": connection refused"#);
        assert!(outcome(r#"{"httpGet":{"port":80}}"#, &Answer::Status(500), 34).failure.is_none());
    }
}
