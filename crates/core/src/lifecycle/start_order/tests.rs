use super::*;
use crate::release::Release;
use podwhy_source::{InputId, Span};

fn exited(exit_code: i64) -> Option<Status> {
    Some(Status {
        state: State::Exited,
        exit_code,
        reason: String::new(),
        definition_changed: false,
        liveness: None,
        startup: None,
    })
}

fn actions(containers: Vec<Member<'_>>, minor: u8) -> Actions {
    let pod = Pod {
        restart_policy: RestartPolicy::Never,
        deleted: false,
        host_network: false,
        sandbox: Some(Sandbox { ready: true, attempt: 0, has_ip: true, host_network: false }),
        init_containers: Vec::new(),
        containers,
    };
    compute_pod_actions(&pod, &Cluster::of(Release::from_minor(minor).unwrap())).outcome
}

#[test]
fn a_containers_own_rules_and_policy_go_before_the_pods() {
    let rule = |operator: &str, values: &[i64]| RestartRule {
        span: Span::new(InputId(0), 0, 0),
        action: "Restart".to_owned(),
        operator: operator.to_owned(),
        values: values.to_vec(),
    };
    let restart_rules = [rule("In", &[42]), rule("NotIn", &[0, 1, 2])];
    let started = |policy, code, minor| {
        let member = Member {
            name: "a",
            sidecar: false,
            startup_probe: false,
            liveness_probe: false,
            restart_policy: Some(policy),
            restart_rules: &restart_rules,
            status: exited(code),
        };
        !actions(vec![member], minor).start.is_empty()
    };
    assert!(started(RestartPolicy::Never, 42, 35), "the first rule");
    assert!(started(RestartPolicy::Never, 3, 35), "the second rule");
    assert!(!started(RestartPolicy::Never, 1, 35), "no rule, and the policy is Never");
    assert!(started(RestartPolicy::OnFailure, 1, 35), "no rule, and the policy is OnFailure");
    assert!(!started(RestartPolicy::OnFailure, 0, 35));
    assert!(!started(RestartPolicy::Always, 42, 33), "not known yet: the pod's policy counts");
}
