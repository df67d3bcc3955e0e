//! A volume as it is stored. Upstream: pkg/apis/core/v1/defaults.go SetDefaults_Volume, and what the generated code
//! calls for each source.

use super::amounts;
use super::edit::{Defaults, Unset, child, children, int, put, text};
use crate::image::PullPolicy;
use crate::rule::Rule;
use crate::rule::defaulting as rules;
use crate::schema::definition;
use crate::trace::Decision;
use podwhy_source::{Map, Node, Value};

/// 0644: the mode of a file of a volume that says none.
pub(crate) const FILE_MODE: i64 = 420;

/// Fields of disks: source, field, value, and whether Go holds a pointer.
const DISK_FIELDS: &[(&str, &str, &str, Unset)] = &[
    ("iscsi", "iscsiInterface", "default", Unset::Zero),
    ("rbd", "pool", "rbd", Unset::Zero),
    ("rbd", "user", "admin", Unset::Zero),
    ("rbd", "keyring", "/etc/ceph/keyring", Unset::Zero),
    ("scaleIO", "storageMode", "ThinProvisioned", Unset::Zero),
    ("scaleIO", "fsType", "xfs", Unset::Zero),
    ("azureDisk", "cachingMode", "ReadWrite", Unset::Absent),
    ("azureDisk", "kind", "Shared", Unset::Absent),
    ("azureDisk", "fsType", "ext4", Unset::Absent),
];

impl Defaults<'_> {
    /// `policy` is an image volume's.
    pub(super) fn volume(&mut self, node: &mut Node, path: &str, policy: Option<&Decision<PullPolicy>>) {
        if !self.has_source(node) {
            self.fill(node, path, "emptyDir", Unset::Absent, Value::Map(Map::default()), &rules::EMPTY_DIR);
        }
        if let (Some(image), Some(policy)) = (child(node, "image"), policy) {
            self.pull_policy(image, &format!("{path}.image"), "pullPolicy", policy);
        }
        for key in ["secret", "configMap", "downwardAPI", "projected"] {
            if let Some(source) = child(node, key) {
                let path = format!("{path}.{key}");
                self.fill(source, &path, "defaultMode", Unset::Absent, int(FILE_MODE), &rules::FILE_MODE);
            }
        }
        self.downward_api(node, path);
        for (index, source) in child(node, "projected").into_iter().flat_map(|projected| children(projected, "sources"))
        {
            let path = format!("{path}.projected.sources[{index}]");
            self.downward_api(source, &path);
            if let Some(token) = child(source, "serviceAccountToken") {
                let path = format!("{path}.serviceAccountToken");
                let rule: &'static Rule = &rules::TOKEN_EXPIRATION;
                self.fill(token, &path, "expirationSeconds", Unset::Absent, int(3600), rule);
            }
        }
        if let Some(host_path) = child(node, "hostPath") {
            let path = format!("{path}.hostPath");
            self.fill(host_path, &path, "type", Unset::Absent, text(""), &rules::HOST_PATH_TYPE);
        }
        for (source, key, value, unset) in DISK_FIELDS {
            if let Some(disk) = child(node, source) {
                self.fill(disk, &format!("{path}.{source}"), key, *unset, text(value), &rules::DISK_FIELDS);
            }
        }
        if let Some(disk) = child(node, "azureDisk") {
            let path = format!("{path}.azureDisk");
            self.fill(disk, &path, "readOnly", Unset::Absent, Value::Bool(false), &rules::DISK_FIELDS);
        }
        self.claim_template(node, path);
    }

    /// Whether the volume has a source that the release knows.
    fn has_source(&self, node: &Node) -> bool {
        let entries = node.as_map().map(|map| map.entries.as_slice()).unwrap_or_default();
        let known = |key: &str| match definition("V1Volume") {
            Some(volume) => volume.field(key).is_some_and(|field| field.life.includes(self.cluster.release)),
            None => true,
        };
        entries.iter().any(|entry| entry.key != "name" && !entry.value.is_null() && known(&entry.key))
    }

    fn downward_api(&mut self, node: &mut Node, path: &str) {
        for (index, item) in child(node, "downwardAPI").into_iter().flat_map(|source| children(source, "items")) {
            self.field_reference(item, &format!("{path}.downwardAPI.items[{index}]"));
        }
    }

    fn claim_template(&mut self, node: &mut Node, path: &str) {
        let Some(template) = child(node, "ephemeral").and_then(|source| child(source, "volumeClaimTemplate")) else {
            return;
        };
        let path = format!("{path}.ephemeral.volumeClaimTemplate.spec");
        if template.get("spec").is_none() {
            put(template, "spec", Value::Map(Map::default()));
        }
        let Some(spec) = child(template, "spec") else { return };
        self.fill(spec, &path, "volumeMode", Unset::Absent, text("Filesystem"), &rules::CLAIM_MODE);
        if let Some(resources) = child(spec, "resources") {
            let path = format!("{path}.resources");
            amounts::round(self, resources, &path, "limits");
            amounts::round(self, resources, &path, "requests");
        }
    }
}
