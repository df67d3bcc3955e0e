//! The cloud registries that older kubelets could log in to by themselves.

use crate::credentials::url_match::urls_match;
use crate::feature::Feature;
use crate::release::{Cluster, Release};
use crate::rule::pulls as rules;
use crate::trace::{Mark, Step};

/// A provider that was built into the kubelet.
struct BuiltIn {
    cloud: &'static str,
    /// The hosts that it was asked about.
    hosts: &'static [&'static str],
    /// The first release without it.
    gone: Release,
}

const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        cloud: "Amazon's ECR",
        hosts: &["*.dkr.ecr.*.amazonaws.com", "*.dkr.ecr.*.amazonaws.com.cn", "*.dkr.ecr-fips.*.amazonaws.com"],
        gone: Release::minor_unchecked(27),
    },
    BuiltIn {
        cloud: "Azure's ACR",
        hosts: &["*.azurecr.io", "*.azurecr.cn", "*.azurecr.de", "*.azurecr.us"],
        gone: Release::minor_unchecked(30),
    },
    BuiltIn {
        cloud: "Google's registries",
        hosts: &["container.cloud.google.com", "gcr.io", "*.gcr.io", "*.pkg.dev"],
        gone: Release::minor_unchecked(31),
    },
];

/// The cloud of a registry that older kubelets logged in to by themselves, and the first release that does not.
#[must_use]
pub fn provider(host: &str) -> Option<(&'static str, Release)> {
    let fits = |built_in: &&BuiltIn| built_in.hosts.iter().any(|pattern| urls_match(pattern, host, None).matched);
    BUILT_IN.iter().find(fits).map(|built_in| (built_in.cloud, built_in.gone))
}

/// What an older kubelet would have done about a registry, and this one does or does not. `None` for other registries.
///
/// The credentials themselves come from the machine in its cloud, so nothing pasted can say what they open.
#[must_use]
pub fn step(host: &str, cluster: &Cluster) -> Option<Step> {
    let (cloud, gone) = provider(host)?;
    let rule = &rules::BUILT_IN_PROVIDERS;
    if cluster.release >= gone {
        let finding = format!(
            "`{host}` is one of {cloud}. Kubelets before {gone} could log in there by themselves; this one needs a credential provider plug-in or a pull secret."
        );
        return Some(Step::new(rule, Mark::No, finding));
    }
    if cluster.has(Feature::DisableKubeletCloudCredentialProviders) {
        let finding = format!(
            "`{host}` is one of {cloud}. This kubelet could still log in there by itself, and the gate DisableKubeletCloudCredentialProviders keeps it from doing so."
        );
        return Some(Step::new(rule, Mark::No, finding));
    }
    let finding = format!(
        "`{host}` is one of {cloud}: on a machine of that cloud this kubelet asks there for credentials by itself, until {gone}. They are not known here."
    );
    Some(Step::new(rule, Mark::Note, finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(host: &str, minor: u8) -> Option<String> {
        step(host, &Cluster::of(Release::minor_unchecked(minor))).map(|step| step.finding)
    }

    #[test]
    fn each_cloud_left_in_a_release_of_its_own() {
        for (host, last) in [("1.dkr.ecr.us-east-1.amazonaws.com", 26), ("x.azurecr.io", 28), ("eu.gcr.io", 28)] {
            assert!(finding(host, last).unwrap().contains("by itself, until"), "{host}");
            assert!(finding(host, 31).unwrap().contains("plug-in"), "{host}");
        }
        assert!(finding("gcr.io", 29).unwrap().contains("DisableKubeletCloudCredentialProviders"));
        assert_eq!(finding("docker.io", 20), None);
    }
}
