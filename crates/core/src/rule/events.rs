//! Rules of what kubectl prints and of how events are counted together.

use super::pages::{EVENT_API, POD_LIFECYCLE, SIDECARS};
use super::{doc, rules};
use crate::release::Since;

rules! { Events;
    STATUS_COLUMN {
        id: "events.status-column",
        title: "STATUS is the reason of the first unfinished init container, else that of the first container that has one, else the pod's reason or phase.",
        doc: doc(POD_LIFECYCLE, "pod-phase"),
        upstream: "pkg/printers/internalversion/printers.go printPod",
    }
    STATUS_SCHEDULING_GATED {
        id: "events.status-scheduling-gated",
        title: "STATUS shows SchedulingGated before the pod's own reason.",
        doc: doc("concepts/scheduling-eviction/pod-scheduling-readiness/", ""),
        upstream: "pkg/printers/internalversion/printers.go printPod",
        since: Since::between(20, 32),
    }
    STATUS_COUNTS_SIDECARS {
        id: "events.status-sidecars",
        title: "READY and RESTARTS count sidecars, and a started sidecar does not hold STATUS at Init.",
        doc: doc(SIDECARS, ""),
        upstream: "pkg/printers/internalversion/printers.go printPod",
        since: Since::between(20, 32),
    }
    STATUS_AFTER_INITIALIZED {
        id: "events.status-initialized",
        title: "Once the pod was initialized its containers are counted even while an init container runs again.",
        doc: doc(POD_LIFECYCLE, "pod-conditions"),
        upstream: "pkg/printers/internalversion/printers.go printPod",
        since: Since::between(20, 32),
    }
    STATUS_TERMINATING_UNLESS_DONE {
        id: "events.status-terminating",
        title: "A deleted pod that has already failed or succeeded keeps its own STATUS instead of Terminating.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/printers/internalversion/printers.go printPod",
        since: Since::between(20, 32),
    }
    RESTARTS_WITH_AGE {
        id: "events.restarts-age",
        title: "RESTARTS says how long ago the last restart was.",
        doc: None,
        upstream: "pkg/printers/internalversion/printers.go printPod",
        since: Since::between(20, 32),
    }
    EVENT_TABLE {
        id: "events.table",
        title: "kubectl describe sorts events by the time they were last seen and leaves their messages as they are.",
        doc: doc(EVENT_API, ""),
        upstream: "k8s.io/kubectl/pkg/describe/describe.go DescribeEvents",
    }
    EVENT_AGE_FROM_EVENT_TIME {
        id: "events.age-from-event-time",
        title: "The age of an event counts from its eventTime where it has one, and a series shows its count.",
        doc: doc(EVENT_API, ""),
        upstream: "k8s.io/kubectl/pkg/describe/describe.go DescribeEvents",
        since: Since::between(20, 32),
    }
    EVENT_TABLE_ESCAPES {
        id: "events.table-escapes",
        title: "kubectl makes escape characters and carriage returns in messages visible.",
        doc: None,
        upstream: "k8s.io/cli-runtime/pkg/printers/terminal.go WriteEscaped",
        since: Since::between(20, 32),
    }
    EQUAL_EVENTS_COUNTED {
        id: "events.counted",
        title: "Equal events of an object become one whose count goes up.",
        doc: doc(EVENT_API, ""),
        upstream: "k8s.io/client-go/tools/record/events_cache.go eventLogger.eventObserve",
    }
    SIMILAR_EVENTS_COMBINED {
        id: "events.combined",
        title: "From the tenth different message on, with at most 600 s between them, events that share object, type and reason become one combined event.",
        doc: doc(EVENT_API, ""),
        upstream: "k8s.io/client-go/tools/record/events_cache.go EventAggregator.EventAggregate",
    }
    EVENT_SPAM_FILTER {
        id: "events.spam-filter",
        title: "A node's kubelet sends 25 events about an object at once and one more every 300 s; others are dropped.",
        doc: doc(EVENT_API, ""),
        upstream: "k8s.io/client-go/tools/record/events_cache.go EventSourceObjectSpamFilter.Filter",
    }
    EVENT_SPAM_FILTER_PER_TYPE {
        id: "events.spam-filter-per-type",
        title: "Normal and Warning events of an object have a budget of their own each.",
        doc: None,
        upstream: "k8s.io/client-go/tools/record/events_cache.go getSpamKey",
        since: Since::between(20, 32),
    }
}
