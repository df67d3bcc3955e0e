//! The cluster's settings as a stored text: one `name value` a line. Lines that are not understood are passed over.

use podwhy_core::feature::Feature;
use podwhy_core::release::{AdmissionPlugin, Cluster, Release};
use podwhy_core::session::KubeletPaths;

/// The settings as a text; what stands at its default is left out.
pub fn write(cluster: &Cluster, kubelet: &KubeletPaths) -> String {
    let mut lines = vec![format!("release {}", cluster.release)];
    lines.extend(cluster.gates.iter().map(|(gate, on)| format!("gate {} {on}", gate.name())));
    lines.extend(cluster.switched_plugins.iter().map(|plugin| format!("plugin {}", plugin.name())));
    let usual = KubeletPaths::default();
    if kubelet.node_config != usual.node_config {
        lines.push(format!("node-config {}", kubelet.node_config));
    }
    lines.extend(kubelet.home.as_ref().map(|home| format!("home {home}")));
    lines.join("\n")
}

/// Reads what [`write`] wrote, or anything else.
pub fn read(text: &str) -> (Cluster, KubeletPaths) {
    let mut cluster = Cluster::default();
    let mut kubelet = KubeletPaths::default();
    for (name, value) in text.lines().take(100).filter_map(|line| line.split_once(' ')) {
        match name {
            "release" => cluster.release = Release::parse(value).unwrap_or_default(),
            "gate" => {
                let (gate, on) = value.split_once(' ').unwrap_or((value, ""));
                if let (Some(gate), Ok(on)) = (Feature::by_name(gate), on.parse()) {
                    cluster.gates.insert(gate, on);
                }
            }
            "plugin" => {
                if let Some(plugin) = AdmissionPlugin::ALL.iter().find(|plugin| plugin.name() == value) {
                    cluster.switched_plugins.insert(*plugin);
                }
            }
            "node-config" if value.starts_with('/') => kubelet.node_config = value.to_owned(),
            "home" if value.starts_with('/') => kubelet.home = Some(value.to_owned()),
            _ => {}
        }
    }
    (cluster, kubelet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_went() {
        let mut cluster = Cluster::of(Release::OLDEST);
        cluster.gates.insert(Feature::EnvFiles, true);
        cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
        let kubelet = KubeletPaths {
            home: Some("/root".to_owned()),
            node_config: "/.dockercfg".to_owned(),
            ..KubeletPaths::default()
        };
        assert_eq!(read(&write(&cluster, &kubelet)), (cluster, kubelet));
        assert_eq!(read(&write(&Cluster::default(), &KubeletPaths::default())), Default::default());
    }

    #[test]
    fn foreign_values_are_passed_over() {
        for text in
            ["", "{}", "release v9.99\ngate Nope true\ngate EnvFiles maybe\nplugin x\nhome \nnode-config x\n\u{0}"]
        {
            assert_eq!(read(text), Default::default(), "{text}");
        }
    }
}
