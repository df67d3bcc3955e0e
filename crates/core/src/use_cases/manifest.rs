//! The manifests and files that a use case needs, with the names that were given. Users and passwords are left to fill in.

use super::UseCase;
use std::collections::{BTreeMap, BTreeSet};

/// What would do it; empty for open images.
pub(super) fn of(case: UseCase, private: &BTreeMap<String, BTreeSet<String>>) -> String {
    if private.is_empty() {
        return String::new();
    }
    match case {
        UseCase::Open => String::new(),
        UseCase::VisibleToAll => {
            let hosts: BTreeSet<&String> = private.values().flatten().collect();
            format!("# /var/lib/kubelet/config.json on every node\n{}\n", config(hosts.into_iter()))
        }
        UseCase::Strict => {
            let secrets: Vec<String> =
                private.iter().map(|(namespace, hosts)| secret("private-images", namespace, hosts)).collect();
            format!(
                "# kube-apiserver --enable-admission-plugins=AlwaysPullImages\n# Each pod that may use the images has:\n#   imagePullSecrets: [{{name: private-images}}]\n{}",
                secrets.join("---\n")
            )
        }
        UseCase::Tenants => {
            let tenant = |(namespace, hosts): (&String, &BTreeSet<String>)| {
                format!(
                    "{}---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\n  namespace: {namespace}\nimagePullSecrets:\n- name: {namespace}-registry\n",
                    secret(&format!("{namespace}-registry"), namespace, hosts)
                )
            };
            let tenants: Vec<String> = private.iter().map(tenant).collect();
            format!("# kube-apiserver --enable-admission-plugins=AlwaysPullImages\n{}", tenants.join("---\n"))
        }
    }
}

fn secret(name: &str, namespace: &str, hosts: &BTreeSet<String>) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: {namespace}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: |\n    {}\n",
        config(hosts.iter())
    )
}

fn config<'a>(hosts: impl Iterator<Item = &'a String>) -> String {
    let entry = |host: &String| format!("\"{host}\": {{\"username\": \"USER\", \"password\": \"PASSWORD\"}}");
    let entries: Vec<String> = hosts.map(entry).collect();
    format!("{{\"auths\": {{{}}}}}", entries.join(", "))
}
