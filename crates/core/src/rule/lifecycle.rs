//! Rules of hooks, starts and stops.

use super::pages::{EVICTION, HOOKS, INIT_CONTAINERS, POD_LIFECYCLE, PROBES, SIDECARS};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Lifecycle;
    EXEC_HOOK {
        id: "lifecycle.exec-hook",
        title: "An exec hook runs its command in the container, without a shell and without a time limit of its own.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/kubelet/lifecycle/handlers.go Run",
    }
    HTTP_HOOK_LEGACY_REQUEST {
        id: "lifecycle.http-hook-plain",
        title: "An httpGet hook is always sent over plain HTTP, without its headers, with a slash put before its path.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runHTTPHandler",
        until: Since::minor(25),
    }
    HTTP_HOOK_REQUEST {
        id: "lifecycle.http-hook-request",
        title: "An httpGet hook is sent with its scheme and headers, as probes are; a port is looked up by name first.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/probe/http/request.go NewRequestForHTTPGetAction",
        since: Since::minor(25),
    }
    HTTP_HOOK_NOT_SENT {
        id: "lifecycle.http-hook-not-sent",
        title: "An httpGet hook whose address cannot be made fails before anything is sent.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runHTTPHandler",
    }
    HTTP_HOOK_STATUS_IGNORED {
        id: "lifecycle.http-hook-status",
        title: "The kubelet does not look at the HTTP status of a hook's answer: 404 and 500 count as success.",
        doc: doc(HOOKS, "hook-handler-execution"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runHTTPHandler",
    }
    HTTP_HOOK_NO_RETRY {
        id: "lifecycle.http-hook-no-retry",
        title: "A hook's request that fails is not sent again.",
        doc: doc(HOOKS, "hook-delivery-guarantees"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runHTTPHandler",
    }
    HTTP_HOOK_FALLBACK {
        id: "lifecycle.http-hook-fallback",
        title: "An HTTPS hook that meets a plain HTTP server is sent once more without TLS, with an event LifecycleHTTPFallback.",
        doc: doc(HOOKS, "hook-handler-execution"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runHTTPHandler",
        since: Since::minor(25),
    }
    SLEEP_HOOK {
        id: "lifecycle.sleep-hook",
        title: "A sleep hook waits in the kubelet; the container needs neither a shell nor a sleep command.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/kubelet/lifecycle/handlers.go runSleepHandler",
        since: Since::minor(29),
    }
    TCP_HOOK_NEVER_RUNS {
        id: "lifecycle.tcp-hook",
        title: "A tcpSocket hook passes validation and always fails when it is run.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/kubelet/lifecycle/handlers.go Run",
    }
    HOOK_TEXTS_RENAMED {
        id: "lifecycle.hook-texts",
        title: "Messages about hooks say HTTP and LifecycleHandler instead of Http and Handler.",
        doc: None,
        upstream: "pkg/kubelet/lifecycle/handlers.go Run",
        since: Since::between(20, 24),
    }
    HOOK_EVENT_WITHOUT_OUTPUT {
        id: "lifecycle.hook-event-short",
        title: "The event of a failed hook no longer carries the hook's output.",
        doc: doc(HOOKS, "debugging-hook-handlers"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go executePreStopHook, startContainer",
        since: Since::between(23, 26),
    }
    POST_START_BLOCKS {
        id: "lifecycle.post-start-blocks",
        title: "A postStart hook begins after the container has started, and the kubelet waits for it without a limit before it starts the next container.",
        doc: doc(HOOKS, "container-hooks"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
    }
    POST_START_FAILURE_KILLS {
        id: "lifecycle.post-start-failure",
        title: "A postStart hook that fails kills its container, with the pod's grace and the preStop hook.",
        doc: doc(HOOKS, "hook-handler-execution"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
    }
    POST_START_REASON_BARE {
        id: "lifecycle.post-start-reason",
        title: "The waiting reason after a failed postStart hook is the bare word PostStartHookError.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
        since: Since::between(20, 23),
    }
    DELETION_GRACE {
        id: "lifecycle.deletion-grace",
        title: "While a pod is being deleted the grace of the deletion counts before every other.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go setTerminationGracePeriod",
    }
    POD_GRACE {
        id: "lifecycle.pod-grace",
        title: "Without anything more special the pod's terminationGracePeriodSeconds count.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go setTerminationGracePeriod",
    }
    PROBE_GRACE {
        id: "lifecycle.probe-grace",
        title: "A failed liveness or startup probe uses its own terminationGracePeriodSeconds, unless the pod has none or is being deleted.",
        doc: doc(PROBES, "probe-level-terminationgraceperiodseconds"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go setTerminationGracePeriod",
        since: Since::minor(21),
    }
    POD_WORKER_GRACE {
        id: "lifecycle.pod-worker-grace",
        title: "For a whole pod the pod worker decides: the smaller of the deletion's and the kubelet's own wish, else the pod's grace, and at least 1 s.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/pod_workers.go calculateEffectiveGracePeriod",
        since: Since::minor(22),
    }
    OVERRIDE_AFTER_HOOK {
        id: "lifecycle.override-after-hook",
        title: "A grace asked for by the kubelet replaces what the hook has left, after the hook has run.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
        until: Since::minor(28),
    }
    OVERRIDE_BEFORE_HOOK {
        id: "lifecycle.override-before-hook",
        title: "A grace asked for by the kubelet counts before the hook runs, so the hook uses it up too.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
        since: Since::minor(28),
    }
    OVERRIDE_OF_ZERO_COUNTS {
        id: "lifecycle.override-zero",
        title: "A wish for 0 s counts as 1 s; before, it was taken for no wish at all and the pod's grace counted.",
        doc: None,
        upstream: "pkg/kubelet/pod_workers.go calculateEffectiveGracePeriod",
        since: Since::between(22, 32),
    }
    HARD_EVICTION_ONE_SECOND {
        id: "lifecycle.hard-eviction",
        title: "An eviction at a hard threshold asks for 1 s instead of 0 s.",
        doc: doc(EVICTION, "hard-eviction-thresholds"),
        upstream: "pkg/kubelet/eviction/eviction_manager.go",
        since: Since::between(20, 32),
    }
    PRE_STOP_NEEDS_GRACE {
        id: "lifecycle.pre-stop-needs-grace",
        title: "Without any grace the preStop hook is not run.",
        doc: doc(HOOKS, "container-hooks"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
    }
    PRE_STOP_USES_GRACE {
        id: "lifecycle.pre-stop-uses-grace",
        title: "The preStop hook runs before the signal and its whole seconds are taken from the grace.",
        doc: doc(HOOKS, "container-hooks"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go executePreStopHook",
    }
    PRE_STOP_GIVEN_UP {
        id: "lifecycle.pre-stop-given-up",
        title: "When the grace is used up the kubelet goes on without the preStop hook, which is not stopped.",
        doc: doc(HOOKS, "hook-handler-execution"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go executePreStopHook",
    }
    MINIMUM_GRACE {
        id: "lifecycle.minimum-grace",
        title: "A process gets at least 2 s between its signal and KILL, even if the grace is used up.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
    }
    TERM_THEN_KILL {
        id: "lifecycle.term-then-kill",
        title: "The runtime sends the stop signal, waits for the rest of the grace, and then kills.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "staging/src/k8s.io/cri-api/pkg/apis/services.go StopContainer",
    }
    STOP_TIMEOUT_ZERO {
        id: "lifecycle.stop-timeout-zero",
        title: "A runtime that is told to wait 0 s kills at once, without a signal before.",
        doc: None,
        upstream: "staging/src/k8s.io/cri-api/pkg/apis/services.go StopContainer",
    }
    ALL_CONTAINERS_AT_ONCE {
        id: "lifecycle.stop-at-once",
        title: "When a pod ends, all its running containers are stopped at the same time, each with the full grace.",
        doc: doc(POD_LIFECYCLE, "pod-termination-flow"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainersWithSyncResult",
    }
    SIDECARS_STOP_LAST {
        id: "lifecycle.sidecars-stop-last",
        title: "A sidecar's hook runs with everyone's, but its signal waits until the containers and the next sidecar have ended, or its grace is used up.",
        doc: doc(POD_LIFECYCLE, "termination-with-sidecars"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_termination_order.go waitForTurn",
        since: Since::minor(29),
    }
    END_WAITS_FOR_START {
        id: "lifecycle.end-waits-for-start",
        title: "A pod's worker does one thing at a time: a deletion waits until the start that is under way, a hanging postStart hook included, is over.",
        doc: doc(HOOKS, "hook-handler-execution"),
        upstream: "pkg/kubelet/pod_workers.go podWorkerLoop",
    }
    SANDBOX_FIRST {
        id: "lifecycle.sandbox-first",
        title: "A pod without a sandbox gets one before anything else.",
        doc: doc(POD_LIFECYCLE, "pod-conditions"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go podSandboxChanged",
    }
    SANDBOX_CHANGED {
        id: "lifecycle.sandbox-changed",
        title: "A sandbox that is not ready, has no address or the wrong network is made anew, and the pod begins from its first init container.",
        doc: doc(INIT_CONTAINERS, "detailed-behavior"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go podSandboxChanged",
    }
    SANDBOX_NEVER {
        id: "lifecycle.sandbox-never",
        title: "With restartPolicy Never a pod that has run is killed when its sandbox is gone.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions",
    }
    SANDBOX_NOTHING_LEFT {
        id: "lifecycle.sandbox-nothing-left",
        title: "A pod whose containers have all succeeded gets no new sandbox.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions",
    }
    INITIALIZED_BY_ANY_CONTAINER {
        id: "lifecycle.initialized-by-container",
        title: "With sidecars, any container of the application that was ever made shows that initialization is over.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go hasAnyRegularContainerCreated",
        since: Since::between(28, 32),
    }
    INIT_ONE_BY_ONE {
        id: "lifecycle.init-one-by-one",
        title: "Init containers start one after another; a sidecar counts as done when it has started, and is kept running.",
        doc: doc(INIT_CONTAINERS, "understanding-init-containers"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go findNextInitContainerToRun, computeInitContainerActions",
    }
    INIT_FAILURE_NEVER {
        id: "lifecycle.init-failure-never",
        title: "An init container that failed and may not restart ends the pod.",
        doc: doc(INIT_CONTAINERS, "detailed-behavior"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions",
    }
    INIT_NOT_RUN_AGAIN {
        id: "lifecycle.init-not-run-again",
        title: "Init containers that the runtime has forgotten are not run again while a container of the application runs.",
        doc: doc(INIT_CONTAINERS, "pod-restart-reasons"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go findNextInitContainerToRun",
        since: Since::between(20, 23),
    }
    INIT_OOM_FAILS {
        id: "lifecycle.init-oom",
        title: "An init container that ran out of memory has failed, whatever its exit code.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/helpers.go isInitContainerFailed",
        since: Since::between(20, 32),
    }
    SIDECAR_DEFINITION_CHANGED {
        id: "lifecycle.sidecar-definition",
        title: "A running sidecar whose definition changed is killed and started again.",
        doc: doc(SIDECARS, "sidecar-containers-and-pod-lifecycle"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions",
        since: Since::between(28, 32),
    }
    RESTART_DECISION {
        id: "lifecycle.restart-decision",
        title: "A container that ended is started again by its own restart rules and policy where they are known, else by the pod's policy; not while the pod is being deleted.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/container/helpers.go ShouldContainerBeRestarted",
    }
    KILL_AND_RESTART {
        id: "lifecycle.kill-and-restart",
        title: "A container with a changed definition or a failed liveness or startup probe is killed; a changed definition restarts it under every policy.",
        doc: doc(POD_LIFECYCLE, "container-restarts"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions",
    }
    NOTHING_KEPT {
        id: "lifecycle.nothing-kept",
        title: "A pod with no container to keep and none to start is killed, with its sidecars.",
        doc: doc(POD_LIFECYCLE, "pod-phase"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions",
    }
    RESTART_BACK_OFF {
        id: "lifecycle.restart-back-off",
        title: "The first restart is immediate, the next ones wait 10 s, 20 s and so on up to 300 s after the container ended.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff",
    }
    BACK_OFF_EVENT_NAMES {
        id: "lifecycle.back-off-event",
        title: "The event BackOff names the container and its pod.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff",
        since: Since::between(20, 32),
    }
    PRE_STOP_NOT_ON_EXIT {
        id: "lifecycle.pre-stop-not-on-exit",
        title: "A container that ends by itself, or is out of memory, gets no preStop hook: only what the kubelet stops runs it.",
        doc: doc(HOOKS, "container-hooks"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainersWithSyncResult",
    }
    KUBECTL_FORCE {
        id: "lifecycle.kubectl-force",
        title: "kubectl makes --grace-period=0 one second unless --force is given; with --force the object is gone at once, and the node stops the containers after that.",
        doc: doc(POD_LIFECYCLE, "pod-termination-forced"),
        upstream: "staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go Validate",
    }
    EVICTED_WHEN_ENDED {
        id: "lifecycle.evicted-when-ended",
        title: "An evicted pod keeps its phase until its containers have ended, and keeps their statuses; before, it was Failed at once, without any.",
        doc: doc(EVICTION, "pod-selection-for-kubelet-eviction"),
        upstream: "pkg/kubelet/status/status_manager.go mergePodStatus",
        since: Since::between(21, 27),
    }
    PROBE_FAILURES {
        id: "lifecycle.probe-failures",
        title: "A liveness or startup probe stops its container after failureThreshold failures in a row, periodSeconds apart.",
        doc: doc(PROBES, "configure-probes"),
        upstream: "pkg/kubelet/prober/worker.go doProbe",
    }
    IMAGE_VOLUMES_FIRST {
        id: "lifecycle.image-volumes-first",
        title: "The images of image volumes are pulled after the sandbox is there and before any container starts.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod",
    }
    HOOK_AT_LEAST_ONCE {
        id: "lifecycle.hook-at-least-once",
        title: "A hook may run twice: a kubelet that is restarted while it runs does not remember it.",
        doc: doc(HOOKS, "hook-delivery-guarantees"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
    }
}

const HOOKS_PAGE: DocLink = DocLink { page: HOOKS, heading: "container-hooks" };
const EXECUTION: DocLink = DocLink { page: HOOKS, heading: "hook-handler-execution" };
const DEBUGGING: DocLink = DocLink { page: HOOKS, heading: "debugging-hook-handlers" };
const HANDLERS: DocLink = DocLink { page: HOOKS, heading: "hook-handler-implementations" };

doc_notes! {
    POST_START_AFTER_STARTED {
        id: "doc.post-start-after-started",
        claim: "A postStart hook runs as soon as the container is created.",
        truth: "It runs after the runtime has reported the container as started: the event Started comes first. Nothing says how far the container's own program is by then.",
        editions: "all",
        doc: HOOKS_PAGE,
        evidence: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
    }
    POST_START_HOLDS_THE_POD {
        id: "doc.post-start-holds-the-pod",
        claim: "While a postStart hook runs, its container cannot reach the running state.",
        truth: "That is so in the pod's status, and every later container of the pod waits as well: the kubelet starts them one after another.",
        editions: "all",
        doc: EXECUTION,
        evidence: "https://github.com/kubernetes/kubernetes/issues/81450",
    }
    PRE_STOP_OF_ENDED_CONTAINER {
        id: "doc.pre-stop-of-ended-container",
        claim: "A preStop hook fails if the container has already ended.",
        truth: "It is not run at all, because only running containers are stopped. It can fail when the container ends while the hook runs.",
        editions: "all",
        doc: HOOKS_PAGE,
        evidence: "https://github.com/kubernetes/kubernetes/issues/55807",
    }
    PRE_STOP_FAILURE_KILLS_NOTHING {
        id: "doc.pre-stop-failure",
        claim: "If a postStart or a preStop hook fails, the container is killed.",
        truth: "A failed postStart hook kills the container, and its preStop hook runs then. A failed preStop hook only adds an event: the stop that was under way goes on with the rest of the grace.",
        editions: "all",
        doc: EXECUTION,
        evidence: "pkg/kubelet/kuberuntime/kuberuntime_container.go executePreStopHook",
    }
    TERMINATING_IS_NO_PHASE {
        id: "doc.terminating-is-no-phase",
        claim: "While a hook hangs, the pod's phase is Terminating.",
        truth: "Terminating is no phase. kubectl prints it in the STATUS column of a pod that is being deleted.",
        editions: "all",
        doc: EXECUTION,
        evidence: "pkg/printers/internalversion/printers.go printPod",
    }
    TERM_MAY_COME_BEFORE_THE_HOOK_ENDS {
        id: "doc.term-before-hook-ends",
        claim: "The TERM signal is sent after the preStop hook has completed.",
        truth: "It is sent when the hook has completed or the grace is used up, whichever comes first; then the process gets at least 2 s.",
        editions: "all",
        doc: HOOKS_PAGE,
        evidence: "pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
    }
    LONGER_THAN_THE_GRACE {
        id: "doc.longer-than-the-grace",
        claim: "A container is always terminated within the pod's grace period.",
        truth: "It may take 2 s more, and from v1.22 to v1.27 up to twice the grace when a preStop hook uses it up.",
        editions: "all",
        doc: HOOKS_PAGE,
        evidence: "https://github.com/kubernetes/kubernetes/issues/117798",
    }
    TCP_IS_NEVER_RUN {
        id: "doc.tcp-hook-never-run",
        claim: "There are two kinds of handlers, exec and HTTP; httpGet and tcpSocket are executed by the kubelet.",
        truth: "tcpSocket is accepted and never executed: such a hook always fails. Since v1.29 there is sleep as well.",
        editions: "all",
        doc: HANDLERS,
        evidence: "pkg/kubelet/lifecycle/handlers.go Run",
    }
    HOOK_OUTPUT_NOT_IN_EVENT {
        id: "doc.hook-output-not-in-event",
        claim: "The event FailedPostStartHook shows the command's message.",
        truth: "It did up to about v1.25. Since v1.26 it only says that the hook failed; the waiting message of the container still holds the output.",
        editions: "v1.26, v1.28 and v1.29",
        doc: DEBUGGING,
        evidence: "https://github.com/kubernetes/kubernetes/issues/119541",
    }
    SAMPLE_EVENTS_ARE_OLD {
        id: "doc.sample-events-are-old",
        claim: "The sample events read `Created container with docker id ...` and FailedSync.",
        truth: "Those are texts from before v1.7. The event reads `Created container x`, and with a colon before the name in newer releases.",
        editions: "v1.20 and v1.21",
        doc: DEBUGGING,
        evidence: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
    }
    SAMPLE_EVENTS_ORDER {
        id: "doc.sample-events-order",
        claim: "In the sample events Pulled stands before Pulling.",
        truth: "Pulling comes first. The order in the sample comes from events that were counted twice and are listed by their last time.",
        editions: "v1.21, v1.26, v1.28 and v1.29",
        doc: DEBUGGING,
        evidence: "staging/src/k8s.io/kubectl/pkg/describe/describe.go DescribeEvents",
    }
    HTTP_STATUS_IS_NOT_CHECKED {
        id: "doc.http-status-not-checked",
        claim: "A hook whose HTTP request fails makes the hook fail.",
        truth: "Only a request that gets no answer counts as failed. An answer with status 404 or 500 is a success.",
        editions: "all",
        doc: EXECUTION,
        evidence: "https://github.com/kubernetes/kubernetes/issues/56963",
    }
    SLEEP_MAY_EQUAL_THE_GRACE {
        id: "doc.sleep-may-equal-the-grace",
        claim: "The seconds of a sleep hook must be less than the grace period.",
        truth: "Equal ones pass validation too; the process then gets the 2 s that every process gets.",
        editions: "all",
        doc: HANDLERS,
        evidence: "pkg/apis/core/validation/validation.go validateSleepAction",
    }
}
