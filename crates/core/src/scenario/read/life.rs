//! The part about a pod's life.

use super::Reader;
use crate::scenario::life::{
    self, Cause, ContainerLife, DEFAULT_LIVES_FOR, DEFAULT_POST_START, DEFAULT_PRE_STOP, DEFAULT_SANDBOX,
    DEFAULT_START, DEFAULT_STOP, HookLife, LONGEST, PodLife,
};
use crate::time::Duration;
use podwhy_source::{Node, Value};

impl Reader<'_> {
    pub(super) fn life(&mut self, node: &Node) -> Option<PodLife> {
        let fields = [
            "sandbox",
            "livesFor",
            "endsAt",
            "end",
            "container",
            "gracePeriod",
            "force",
            "kubeletRestart",
            "containers",
        ];
        self.object(node, "a pod's life", &fields).then_some(())?;
        self.twice(node, "containers", "container", "container");
        let life = PodLife {
            sandbox: self.length(node, "sandbox", Some(DEFAULT_SANDBOX)),
            lives_for: self.length(node, "livesFor", Some(DEFAULT_LIVES_FOR)),
            ends_at: self.length(node, "endsAt", None),
            end: self.word(node, "end", Cause::ALL),
            container: self.text(node, "container"),
            grace_period: self.number(node, "gracePeriod", LONGEST.whole_secs(), "of seconds"),
            force: self.boolean(node, "force").unwrap_or_default(),
            kubelet_restart: self.length(node, "kubeletRestart", None),
            containers: self.list(node, "containers", Self::container_life),
        };
        let end = life.end.unwrap_or_default();
        let says = |field: &str, given: bool, fits: bool, message: &str| {
            (given && !fits).then(|| (field.to_owned(), message.to_owned()))
        };
        let ends_pod = end.ends_pod();
        let idle = [
            says(
                "gracePeriod",
                life.grace_period.is_some(),
                ends_pod,
                "A grace period is given with a deletion or an eviction only; it changes nothing here.",
            ),
            says(
                "endsAt",
                life.ends_at.is_some(),
                ends_pod,
                "Only a deletion or an eviction comes whether or not the pod is ready; it changes nothing here.",
            ),
            says(
                "livesFor",
                life.lives_for.is_some() && life.ends_at.is_some(),
                !ends_pod,
                "`endsAt` counts from when the pod is bound, `livesFor` from when it is ready: `endsAt` counts.",
            ),
            says(
                "force",
                life.force,
                end == Cause::Deletion,
                "Only a deletion can be forced; it changes nothing here.",
            ),
            says(
                "force",
                life.force && life.grace_period.is_some_and(|seconds| seconds > 0),
                !ends_pod,
                "kubectl refuses --force with a --grace-period above 0; --force is left aside.",
            ),
            says(
                "container",
                life.container.is_some(),
                end.of_one_container(),
                "This end is about the whole pod; the container changes nothing.",
            ),
            says(
                "kubeletRestart",
                life.kubelet_restart.is_some(),
                ends_pod,
                "A restart of the kubelet is shown for a deletion or an eviction only; it changes nothing here.",
            ),
        ];
        for (field, message) in idle.into_iter().flatten() {
            self.contradiction(node, &field, message);
        }
        Some(life)
    }

    fn container_life(&mut self, node: &Node) -> Option<ContainerLife> {
        let fields = ["container", "start", "postStart", "preStop", "stop", "exitCode"];
        self.object(node, "a container's life", &fields).then_some(())?;
        Some(ContainerLife {
            container: self.required(node, "container", "a container's life")?,
            start: self.length(node, "start", Some(DEFAULT_START)),
            post_start: self.hook(node, "postStart", DEFAULT_POST_START),
            pre_stop: self.hook(node, "preStop", DEFAULT_PRE_STOP),
            stop: self.length(node, "stop", Some(DEFAULT_STOP)),
            exit_code: self.number(node, "exitCode", 255, "between 0 and 255"),
        })
    }

    fn hook(&mut self, node: &Node, field: &str, takes: Duration) -> HookLife {
        let Some(node) = node.get(field).filter(|node| !node.is_null()) else { return HookLife::default() };
        if !self.object(node, "a hook", &["takes", "exitCode", "output", "status", "down", "plainHttp"]) {
            return HookLife::default();
        }
        let status = self.number(node, "status", 599, "such as 200 or 503");
        let hook = HookLife {
            takes: self.length(node, "takes", Some(takes)),
            exit_code: self.number(node, "exitCode", 255, "between 0 and 255"),
            output: self.text(node, "output"),
            status: status.and_then(|status| u16::try_from(status).ok()),
            down: self.boolean(node, "down").unwrap_or_default(),
            plain_http: self.boolean(node, "plainHttp").unwrap_or_default(),
        };
        let of_command = hook.exit_code.is_some() || hook.output.is_some();
        let of_request = hook.status.is_some() || hook.down || hook.plain_http;
        if of_command && of_request {
            let field = if hook.exit_code.is_some() { "exitCode" } else { "output" };
            self.contradiction(
                node,
                field,
                "A hook is a command or a request: this is about a command, other parts are about a request.",
            );
        }
        if hook.down && hook.status.is_some() {
            self.contradiction(node, "status", "Where nobody listens nothing is answered: `down` counts.");
        }
        hook
    }

    /// A length of time of a life; what makes no sense is told, and `default` counts.
    fn length(&mut self, node: &Node, field: &str, default: Option<Duration>) -> Option<Duration> {
        let value = node.get(field).filter(|value| !value.is_null())?;
        let read = match &value.value {
            Value::Text(text) => life::length(text),
            Value::Number(number) => life::length(&number.to_string()),
            _ => Err("This is no length of time; write `90s`, `2m` or a number of seconds."),
        };
        match read {
            Ok(length) => Some(length),
            Err(problem) => {
                let instead = match default {
                    Some(length) => format!("{length} counts instead."),
                    None => "It is left out.".to_owned(),
                };
                self.unknown(node, field, format!("`{field}`: {problem} {instead}"));
                None
            }
        }
    }

    /// A whole number from 0 to `most`.
    fn number(&mut self, node: &Node, field: &str, most: i64, words: &str) -> Option<i64> {
        let value = node.get(field).filter(|value| !value.is_null())?;
        let number = value.as_int().filter(|number| (0..=most).contains(number));
        if number.is_none() {
            let message =
                format!("`{field}` must be a number {words}, at most {most} and not negative; it is left out.");
            self.unknown(node, field, message);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_written_back, read_text};
    use super::*;

    #[test]
    fn a_life_is_read_and_written_back() {
        let text = "pods:
- pod: default/web
  life:
    sandbox: 500ms
    livesFor: 2m
    end: eviction
    gracePeriod: 10
    kubeletRestart: 3
    containers:
    - {container: app, start: 4, postStart: {takes: 2s, exitCode: 1, output: boom}, preStop: {takes: 55s}, stop: 1.5, exitCode: 143}
    - {container: proxy, preStop: {down: true}, postStart: {status: 500, plainHttp: true}}
";
        let (scenario, problems) = read_text(text);
        assert_eq!(problems, []);
        let life = scenario.pods[0].life.as_ref().unwrap();
        assert_eq!((life.end, life.grace_period), (Some(Cause::Eviction), Some(10)));
        let app = life.of("app").unwrap();
        assert_eq!((app.stop, app.exit_code), (Some(Duration::from_millis(1_500)), Some(143)));
        assert_eq!(app.pre_stop.takes, Some(Duration::from_secs(55)));
        assert_eq!((life.of("proxy").unwrap().pre_stop.down, life.of("nobody")), (true, None));
        assert_written_back(scenario);
    }

    #[test]
    fn what_makes_no_sense_is_told_at_its_place_and_the_default_counts() {
        let text = "pods:
- pod: default/web
  life:
    sandbox: -1s
    livesFor: 9000h
    end: magic
    gracePeriod: -30
    containers:
    - {container: app, start: soon, preStop: {takes: [1], exitCode: 1, down: true}, stop: -2, exitCode: 4000}
    - {container: app, postStart: 3}
    - {start: 1s}
";
        let (scenario, problems) = read_text(text);
        let told: Vec<&str> = problems.iter().map(|problem| problem.span.unwrap().slice(text)).collect();
        for place in ["-1s", "9000h", "magic", "-30", "soon", "[1]", "-2", "4000", "3", "{start: 1s}"] {
            assert!(told.contains(&place), "{place}: {told:?}");
        }
        assert!(problems.iter().any(|problem| problem.message.contains("5s counts instead")), "{problems:?}");
        let life = scenario.pods[0].life.as_ref().unwrap();
        assert_eq!((life.sandbox, life.end, life.grace_period), (None, None, None));
        assert_eq!(life.containers.len(), 2);
        assert_eq!(life.of("app").unwrap().stop, None);
    }

    #[test]
    fn what_cannot_matter_is_told() {
        let told = |life: &str| {
            let (_, problems) = read_text(&format!("pods: [{{pod: web, life: {life}}}]"));
            problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        assert_eq!(told("{end: livenessProbe, gracePeriod: 3, force: true}"), ["gracePeriod", "force"]);
        assert_eq!(told("{container: app, force: true, gracePeriod: 5}"), ["force", "container"]);
        assert_eq!(told("{end: exit, container: app}"), Vec::<String>::new());
    }
}
