//! The part of a KubeletConfiguration that decides about images: read, filled in, and checked.

use crate::feature::Feature;
use crate::pulls::verification::{AllowedImages, VerificationPolicy};
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::pulls as rules;
use crate::time::Duration;
use crate::trace::{Mark, Step};
use podwhy_source::{Diagnostic, Map, Node, Span};
use serde::Serialize;

/// The values that a kubelet runs with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KubeletConfig {
    /// `serializeImagePulls`.
    pub serialize_image_pulls: bool,
    /// `maxParallelImagePulls`, in releases that know it.
    pub max_parallel_image_pulls: Option<i64>,
    /// `registryPullQPS`; 0 is no limit.
    pub registry_pull_qps: i64,
    /// `registryBurst`.
    pub registry_burst: i64,
    /// `imageMinimumGCAge`.
    pub image_minimum_gc_age: Duration,
    /// `imageMaximumGCAge`; zero where it is not set, `None` in releases that do not know it.
    pub image_maximum_gc_age: Option<Duration>,
    /// `imageGCHighThresholdPercent`.
    pub image_gc_high_threshold_percent: i64,
    /// `imageGCLowThresholdPercent`.
    pub image_gc_low_threshold_percent: i64,
    /// `nodeStatusMaxImages`.
    pub node_status_max_images: i64,
    /// `imagePullCredentialsVerificationPolicy`; `None` where credentials are not verified.
    pub credentials_verification_policy: Option<String>,
    /// `preloadedImagesVerificationAllowlist`.
    pub verification_allowlist: Vec<String>,
    /// `crashLoopBackOff.maxContainerRestartPeriod`, if written.
    pub max_container_restart_period: Option<Duration>,
    /// `clusterDomain`, or `""`.
    pub cluster_domain: String,
    /// `clusterDNS`.
    pub cluster_dns: Vec<String>,
}

/// The kubelet does not start: the configuration cannot be decoded.
const UNDECODED: &str = "kubelet-config-decode";
/// The kubelet does not start: a value is refused.
const INVALID: &str = "kubelet-config-invalid";

/// Reads a KubeletConfiguration for a kubelet of this cluster. `featureGates` written in it count for it.
///
/// The diagnostics are the kubelet's own texts; with any of them it does not start. Unknown fields are only warned
/// of by the kubelet and not reported here.
///
/// # Errors
/// The first value of a wrong type, with which the configuration cannot be decoded.
/// Source: pkg/kubelet/apis/config/v1beta1/defaults.go, pkg/kubelet/apis/config/validation/validation.go.
pub fn read(config: &Node, cluster: &Cluster) -> Result<(KubeletConfig, Vec<Diagnostic>), Diagnostic> {
    decode_kind(config)?;
    read_values(config, cluster)
}

/// What a kubelet of this cluster runs with when nothing is configured.
#[must_use]
pub fn defaults(cluster: &Cluster) -> KubeletConfig {
    let nothing = Node::new(Span::new(podwhy_source::InputId(0), 0, 0), podwhy_source::Value::Map(Map::default()));
    read_values(&nothing, cluster).map(|(config, _)| config).unwrap_or_default()
}

/// Why a kubelet with this configuration pulls as it does: which values are written and which come by default.
#[must_use]
pub fn explain(config: Option<&Node>, effective: &KubeletConfig, cluster: &Cluster) -> Vec<Step> {
    let place = |field: &str| config.and_then(|config| config.get(field)).map(|value| value.span);
    let (serialize, limit) = (place("serializeImagePulls"), place("maxParallelImagePulls"));
    let parallel = !effective.serialize_image_pulls;
    let puller = match (serialize, parallel) {
        (Some(at), _) => {
            let rule = if parallel { &rules::PARALLEL_PULLS } else { &rules::SERIAL_PULLS };
            Step::new(rule, Mark::Yes, format!("serializeImagePulls is written as {}.", !parallel)).at(at)
        }
        (None, true) => {
            let finding = "serializeImagePulls is not written, and a maxParallelImagePulls of 2 or more turns it off.";
            Step::new(&rules::PARALLEL_BY_LIMIT, Mark::Yes, finding).at(limit)
        }
        (None, false) => {
            Step::new(&rules::SERIAL_PULLS, Mark::Note, "serializeImagePulls is not written: its default is true.")
        }
    };
    let mut steps = vec![puller];
    steps.extend(match (effective.max_parallel_image_pulls, limit) {
        (Some(limit), at) => {
            let finding = format!("maxParallelImagePulls is written as {limit}.");
            Some(Step::new(&rules::PARALLEL_LIMIT, Mark::Yes, finding).at(at))
        }
        (None, Some(at)) if !rules::PARALLEL_LIMIT.holds_in(cluster.release) => {
            let finding =
                format!("A kubelet of {} does not know maxParallelImagePulls and passes over it.", cluster.release);
            Some(Step::new(&rules::PARALLEL_LIMIT, Mark::No, finding).at(at))
        }
        (None, _) if parallel => Some(Step::new(
            &rules::PARALLEL_PULLS,
            Mark::Note,
            "No maxParallelImagePulls is set, so there is no limit.",
        )),
        (None, _) => None,
    });
    let verifies = cluster.has(Feature::KubeletEnsureSecretPulledImages);
    let finding = match (&effective.credentials_verification_policy, place("imagePullCredentialsVerificationPolicy")) {
        (Some(policy), Some(_)) if verifies => {
            format!("imagePullCredentialsVerificationPolicy is written as {policy}.")
        }
        (Some(policy), None) if verifies => {
            format!("imagePullCredentialsVerificationPolicy is not written: its default is {policy}.")
        }
        _ => format!(
            "The feature gate KubeletEnsureSecretPulledImages is off in {}: what is on the node is not verified.",
            cluster.release
        ),
    };
    let mark = if verifies { Mark::Yes } else { Mark::Note };
    let at = place("imagePullCredentialsVerificationPolicy");
    steps.push(Step::new(&rules::VERIFIED_BY_POLICY, mark, finding).at(at));
    steps
}

fn read_values(config: &Node, cluster: &Cluster) -> Result<(KubeletConfig, Vec<Diagnostic>), Diagnostic> {
    let cluster = &with_gates(config, cluster)?;
    let knows = |feature: Feature| feature.spec(cluster.release).is_some();
    let serialize = boolean(config, "serializeImagePulls")?;
    let max_parallel =
        if rules::PARALLEL_LIMIT.holds_in(cluster.release) { int32(config, "maxParallelImagePulls")? } else { None };
    let parallel = rules::PARALLEL_BY_LIMIT.holds_in(cluster.release) && max_parallel.is_some_and(|limit| limit >= 2);
    let maximum_age = match knows(Feature::ImageMaximumGCAge) {
        true => Some(duration(config, "imageMaximumGCAge")?.unwrap_or_default()),
        false => None,
    };
    let verifies = knows(Feature::KubeletEnsureSecretPulledImages);
    let policy = if verifies { string(config, "imagePullCredentialsVerificationPolicy")? } else { None };
    let policy = policy.filter(|policy| !policy.is_empty());
    let default_policy =
        cluster.has(Feature::KubeletEnsureSecretPulledImages).then(|| VerificationPolicy::NAMES[1].to_owned());
    let crash_loop = config.get("crashLoopBackOff").filter(|_| knows(Feature::KubeletCrashLoopBackOffMax));
    let restart_period = match crash_loop {
        Some(crash_loop) if crash_loop.get("maxContainerRestartPeriod").is_some() => {
            duration(crash_loop, "maxContainerRestartPeriod")?
        }
        _ => None,
    };
    let effective = KubeletConfig {
        serialize_image_pulls: serialize.unwrap_or(!parallel),
        max_parallel_image_pulls: max_parallel,
        registry_pull_qps: int32(config, "registryPullQPS")?.unwrap_or(5),
        registry_burst: int32(config, "registryBurst")?.filter(|burst| *burst != 0).unwrap_or(10),
        image_minimum_gc_age: duration(config, "imageMinimumGCAge")?
            .filter(|age| *age != Duration::ZERO)
            .unwrap_or(Duration::from_secs(120)),
        image_maximum_gc_age: maximum_age,
        image_gc_high_threshold_percent: int32(config, "imageGCHighThresholdPercent")?.unwrap_or(85),
        image_gc_low_threshold_percent: int32(config, "imageGCLowThresholdPercent")?.unwrap_or(80),
        node_status_max_images: int32(config, "nodeStatusMaxImages")?.unwrap_or(50),
        credentials_verification_policy: policy.or(default_policy),
        verification_allowlist: if verifies {
            strings(config, "preloadedImagesVerificationAllowlist")?
        } else {
            Vec::new()
        },
        max_container_restart_period: restart_period,
        cluster_domain: string(config, "clusterDomain")?.unwrap_or_default(),
        cluster_dns: strings(config, "clusterDNS")?,
    };
    let mut problems = Problems { config, found: Vec::new() };
    effective.check_images(cluster, &mut problems);
    effective.check_pulls(&mut problems);
    effective.check_restarts(cluster, &mut problems);
    effective.check_verification(cluster, &mut problems);
    Ok((effective, problems.found))
}

/// What is wrong with the values, each at the field that is named.
struct Problems<'a> {
    config: &'a Node,
    found: Vec<Diagnostic>,
}

impl Problems<'_> {
    fn add(&mut self, field: &str, text: String) {
        let keys: Vec<&str> = field.split('.').collect();
        let place = self.config.get_path(&keys).map_or(self.config.span, |value| value.span);
        self.found.push(Diagnostic::error(INVALID, format!("invalid configuration: {text}"), place).at_path(field));
    }
}

impl KubeletConfig {
    fn check_images(&self, cluster: &Cluster, problems: &mut Problems) {
        let (high, low) = (self.image_gc_high_threshold_percent, self.image_gc_low_threshold_percent);
        for (field, flag, value) in [
            ("imageGCHighThresholdPercent", "--image-gc-high-threshold", high),
            ("imageGCLowThresholdPercent", "--image-gc-low-threshold", low),
        ] {
            if !(0..=100).contains(&value) {
                problems.add(field, format!("{field} ({flag}) {value} must be between 0 and 100, inclusive"));
            }
        }
        if low >= high {
            problems.add(
                "imageGCLowThresholdPercent",
                format!(
                    "imageGCLowThresholdPercent (--image-gc-low-threshold) {low} must be less than \
                     imageGCHighThresholdPercent (--image-gc-high-threshold) {high}"
                ),
            );
        }
        let (minimum, maximum) = (self.image_minimum_gc_age, self.image_maximum_gc_age.unwrap_or_default());
        if maximum != Duration::ZERO && !cluster.has(Feature::ImageMaximumGCAge) {
            let text = "ImageMaximumGCAge feature gate is required for Kubelet configuration option imageMaximumGCAge";
            problems.add("imageMaximumGCAge", text.to_owned());
        }
        if minimum < Duration::ZERO && rules::MINIMUM_AGE_NOT_NEGATIVE.holds_in(cluster.release) {
            problems.add("imageMinimumGCAge", format!("imageMinimumGCAge {minimum} must not be negative"));
        }
        if maximum < Duration::ZERO {
            problems.add("imageMaximumGCAge", format!("imageMaximumGCAge {maximum} must not be negative"));
        }
        if maximum > Duration::ZERO && maximum <= minimum {
            let text = format!("imageMaximumGCAge {maximum} must be greater than imageMinimumGCAge {minimum}");
            problems.add("imageMaximumGCAge", text);
        }
        if self.node_status_max_images < -1 {
            let named = rules::MAX_IMAGES_NAMED.holds_in(cluster.release);
            let value = if named { format!(" {}", self.node_status_max_images) } else { String::new() };
            let text = format!("nodeStatusMaxImages (--node-status-max-images){value} must be -1 or greater");
            problems.add("nodeStatusMaxImages", text);
        }
    }

    fn check_pulls(&self, problems: &mut Problems) {
        for (field, flag, value) in [
            ("registryBurst", "--registry-burst", self.registry_burst),
            ("registryPullQPS", "--registry-qps", self.registry_pull_qps),
        ] {
            if value < 0 {
                problems.add(field, format!("{field} ({flag}) {value} must not be a negative number"));
            }
        }
        const LIMIT: &str = "maxParallelImagePulls";
        if let Some(limit) = self.max_parallel_image_pulls.filter(|limit| *limit < 1) {
            problems.add(LIMIT, format!("{LIMIT} {limit} must be a positive number"));
        }
        if self.serialize_image_pulls && self.max_parallel_image_pulls.is_some_and(|limit| limit > 1) {
            let text = format!(
                "{LIMIT} cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false"
            );
            problems.add(LIMIT, text);
        }
    }

    fn check_restarts(&self, cluster: &Cluster, problems: &mut Problems) {
        const FIELD: &str = "crashLoopBackOff.maxContainerRestartPeriod";
        let Some(period) = self.max_container_restart_period else { return };
        if !cluster.has(Feature::KubeletCrashLoopBackOffMax) {
            let text = "FeatureGate KubeletCrashLoopBackOffMax not enabled, \
                        CrashLoopBackOff.MaxContainerRestartPeriod must not be set";
            problems.add(FIELD, text.to_owned());
        } else if !(1_000..=300_000).contains(&(period.nanos() / 1_000_000)) {
            let seconds = period.as_secs_f64();
            let text = format!(
                "CrashLoopBackOff.MaxContainerRestartPeriod (got: {seconds} seconds) must be set between 1s and 300s"
            );
            problems.add(FIELD, text);
        }
    }

    fn check_verification(&self, cluster: &Cluster, problems: &mut Problems) {
        const POLICY: &str = "imagePullCredentialsVerificationPolicy";
        const LIST: &str = "preloadedImagesVerificationAllowlist";
        let needs_gate = "must not be set if KubeletEnsureSecretPulledImages feature gate is not enabled";
        let policy = self.credentials_verification_policy.as_deref().unwrap_or_default();
        if !cluster.has(Feature::KubeletEnsureSecretPulledImages) {
            if !policy.is_empty() {
                problems.add(POLICY, format!("`{POLICY}` {needs_gate}"));
            }
            if !self.verification_allowlist.is_empty() {
                problems.add(LIST, format!("`{LIST}` {needs_gate}"));
            }
            return;
        }
        if !VerificationPolicy::NAMES.contains(&policy) {
            let [never, preloaded, allowlisted, always] = VerificationPolicy::NAMES;
            let text = format!(
                "option {} specified for {POLICY}. Valid options are \"{never}\", \"{preloaded}\", \"{allowlisted}\" or \"{always}\"",
                quote(policy)
            );
            problems.add(POLICY, text);
        }
        if !self.verification_allowlist.is_empty() && policy != "NeverVerifyAllowlistedImages" {
            let text = "can't set `preloadedImagesVerificationAllowlist` if \
                        `imagePullCredentialsVertificationPolicy` is not \"NeverVerifyAllowlistedImages\"";
            problems.add(LIST, text.to_owned());
            return;
        }
        let bad =
            self.verification_allowlist.iter().find_map(|entry| AllowedImages::read(entry, cluster.release).err());
        if let Some(error) = bad {
            problems.add(LIST, format!("invalid image pattern in `{LIST}`: {error}"));
        }
    }
}

fn decode_kind(config: &Node) -> Result<(), Diagnostic> {
    let word = |key| config.get(key).and_then(Node::as_text).unwrap_or_default();
    let (version, kind) = (word("apiVersion"), word("kind"));
    if (version, kind) == ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration") {
        return Ok(());
    }
    let text = format!("failed to decode: no kind {} is registered for version {}", quote(kind), quote(version));
    Err(Diagnostic::error(UNDECODED, text, config.span))
}

/// The cluster with the gates that the configuration switches.
///
/// # Errors
/// Gates that are no object of booleans.
pub fn with_gates(config: &Node, cluster: &Cluster) -> Result<Cluster, Diagnostic> {
    let mut cluster = cluster.clone();
    let Some(gates) = config.get("featureGates") else { return Ok(cluster) };
    let Some(gates) = gates.as_map() else { return Err(wrong_type(gates.span, "featureGates", gates)) };
    for entry in &gates.entries {
        let Some(on) = entry.value.as_bool() else {
            return Err(wrong_type(entry.value.span, "featureGates", &entry.value));
        };
        if let Some(feature) = Feature::by_name(&entry.key) {
            cluster.gates.insert(feature, on);
        }
    }
    Ok(cluster)
}

fn wrong_type(place: Span, field: &str, value: &Node) -> Diagnostic {
    let text = format!("failed to decode: {field} cannot be {}", value.kind_name());
    Diagnostic::error(UNDECODED, text, place).at_path(field)
}

fn boolean(config: &Node, field: &str) -> Result<Option<bool>, Diagnostic> {
    let Some(value) = config.get(field) else { return Ok(None) };
    value.as_bool().map(Some).ok_or_else(|| wrong_type(value.span, field, value))
}

fn int32(config: &Node, field: &str) -> Result<Option<i64>, Diagnostic> {
    let Some(value) = config.get(field) else { return Ok(None) };
    let number = value.as_int().filter(|number| i32::try_from(*number).is_ok());
    number.map(Some).ok_or_else(|| wrong_type(value.span, field, value))
}

fn string(config: &Node, field: &str) -> Result<Option<String>, Diagnostic> {
    let Some(value) = config.get(field) else { return Ok(None) };
    value.as_text().map(|text| Some(text.to_owned())).ok_or_else(|| wrong_type(value.span, field, value))
}

fn strings(config: &Node, field: &str) -> Result<Vec<String>, Diagnostic> {
    let Some(value) = config.get(field) else { return Ok(Vec::new()) };
    let Some(items) = value.as_list() else { return Err(wrong_type(value.span, field, value)) };
    // Go reads a null element as an empty text.
    let read = |item: &Node| match item.as_text() {
        Some(text) => Ok(text.to_owned()),
        None if item.is_null() => Ok(String::new()),
        None => Err(wrong_type(item.span, field, item)),
    };
    items.iter().map(read).collect()
}

/// A duration is read by its own decoder, which null does not pass by.
fn duration(config: &Node, field: &str) -> Result<Option<Duration>, Diagnostic> {
    let Some(entry) = config.as_map().and_then(|map| map.entry(field)) else { return Ok(None) };
    let Some(text) = entry.value.as_text() else { return Err(wrong_type(entry.value.span, field, &entry.value)) };
    Duration::parse(text).map(Some).ok_or_else(|| {
        let message = format!("failed to decode: time: invalid duration {}", quote(text));
        Diagnostic::error(UNDECODED, message, entry.value.span).at_path(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn read_fields(fields: &str, minor: u8) -> Result<(KubeletConfig, Vec<Diagnostic>), Diagnostic> {
        let kind = r#""apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration""#;
        let node = parse(&format!("{{{kind}{fields}}}"), Place::Within(InputId(0), 0)).unwrap();
        read(&node, &Cluster::of(Release::minor_unchecked(minor)))
    }

    #[test]
    fn a_limit_of_two_makes_pulls_parallel() {
        let (config, problems) = read_fields(r#","maxParallelImagePulls":2"#, 32).unwrap();
        assert!(!config.serialize_image_pulls && problems.is_empty());
        let (_, problems) = read_fields(r#","maxParallelImagePulls":2,"serializeImagePulls":true"#, 32).unwrap();
        assert_eq!(problems.len(), 1);
        let (config, _) = read_fields(r#","maxParallelImagePulls":2"#, 20).unwrap();
        assert_eq!((config.serialize_image_pulls, config.max_parallel_image_pulls), (true, None));
    }

    #[test]
    fn verification_is_set_by_its_gate() {
        let policy = |minor| read_fields("", minor).unwrap().0.credentials_verification_policy;
        assert_eq!((policy(34), policy(35).as_deref()), (None, Some("NeverVerifyPreloadedImages")));
        let written = r#","imagePullCredentialsVerificationPolicy":"AlwaysVerify""#;
        assert_eq!(read_fields(written, 34).unwrap().1.len(), 1);
        let gate = r#","featureGates":{"KubeletEnsureSecretPulledImages":true}"#;
        assert!(read_fields(&format!("{written}{gate}"), 34).unwrap().1.is_empty());
        assert!(
            read_fields(r#","imagePullCredentialsVerificationPolicy":"Sometimes""#, 35).unwrap().1[0]
                .message
                .contains("option \"Sometimes\" specified")
        );
    }

    #[test]
    fn each_value_has_its_reason() {
        let reasons = |fields: &str, minor: u8| {
            let cluster = Cluster::of(Release::minor_unchecked(minor));
            let text =
                format!(r#"{{"apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration"{fields}}}"#);
            let node = parse(&text, Place::Within(InputId(0), 0)).unwrap();
            let (config, _) = read(&node, &cluster).unwrap();
            explain(Some(&node), &config, &cluster).into_iter().map(|step| step.rule.id).collect::<Vec<_>>()
        };
        assert_eq!(reasons("", 34), ["pulls.serial", "pulls.verified-by-policy"]);
        let limit = r#","maxParallelImagePulls":3"#;
        assert_eq!(reasons(limit, 34), ["pulls.parallel-by-limit", "pulls.parallel-limit", "pulls.verified-by-policy"]);
        assert_eq!(reasons(limit, 26), ["pulls.serial", "pulls.parallel-limit", "pulls.verified-by-policy"]);
        let parallel = r#","serializeImagePulls":false"#;
        assert_eq!(reasons(parallel, 35), ["pulls.parallel", "pulls.parallel", "pulls.verified-by-policy"]);
    }

    #[test]
    fn wrong_types_cannot_be_decoded() {
        for field in [
            r#""serializeImagePulls":"yes""#,
            r#""registryPullQPS":"5""#,
            r#""registryBurst":2147483648"#,
            r#""imageMinimumGCAge":5"#,
            r#""imageMinimumGCAge":"5 minutes""#,
            r#""imageMaximumGCAge":null"#,
        ] {
            assert!(read_fields(&format!(",{field}"), 32).is_err(), "{field}");
        }
        assert!(read_fields(r#","imageMaximumGCAge":null,"bogus":1"#, 20).is_ok());
    }
}
