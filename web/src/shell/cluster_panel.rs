//! What the cluster's operator may have switched, folded until somebody needs it.

use super::node_file::node_file;
use crate::parts::disclosure::disclosure;
use crate::parts::switch::switch;
use crate::prelude::*;
use crate::state::{Action, State};
use podwhy_core::evaluate::GATES;
use podwhy_core::feature::Stage;
use podwhy_core::feature::{Feature, FeatureSpec};
use podwhy_core::release::{AdmissionPlugin, Cluster};
use podwhy_core::session::KubeletPaths;

/// The page's settings of cluster and kubelet, and how they are changed.
struct Settings<'a> {
    cluster: &'a Cluster,
    kubelet: &'a KubeletPaths,
    dispatch: &'a UseReducerDispatcher<State>,
}

/// The settings, folded.
pub fn cluster_panel(state: &State, dispatch: &UseReducerDispatcher<State>) -> Html {
    let props = &Settings { cluster: &state.cluster, kubelet: &state.kubelet, dispatch };
    let changes = changes(props.cluster, props.kubelet);
    let reset = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_| dispatch.dispatch(Action::ClusterReset))
    };
    let summary = html! {
        <span>
            { "Cluster settings " }
            <span class="faint">{ match changes {
                0 => "as installed".to_owned(),
                1 => "1 changed".to_owned(),
                count => format!("{count} changed"),
            } }</span>
        </span>
    };
    let body = html! {
        <>
            { node_file(props.kubelet, props.dispatch) }
            <fieldset>
                <legend>{ "Admission plug-ins" }</legend>
                { for AdmissionPlugin::ALL.iter().map(|plugin| plugin_switch(props, *plugin)) }
            </fieldset>
            if gates(props.cluster).next().is_some() {
                <fieldset>
                    <legend>{ "Feature gates in " }{ props.cluster.release.to_string() }</legend>
                    <div class="gates">{ for gates(props.cluster).map(|(feature, spec)| gate_switch(props, feature, spec)) }</div>
                </fieldset>
            }
            if changes > 0 {
                <button type="button" onclick={reset}>{ "Put everything back" }</button>
            }
        </>
    };
    disclosure("cluster", Callback::noop(), summary, body)
}

/// How many settings differ from those of a cluster that nobody touched.
fn changes(cluster: &Cluster, kubelet: &KubeletPaths) -> usize {
    let usual = KubeletPaths::default();
    let gates = gates(cluster).filter(|(feature, _)| cluster.gates.contains_key(feature)).count();
    gates
        + cluster.switched_plugins.len()
        + usize::from(kubelet.node_config != usual.node_config)
        + usize::from(kubelet.home != usual.home)
}

/// The gates that can be switched in the cluster's release and change an answer.
fn gates(cluster: &Cluster) -> impl Iterator<Item = (Feature, FeatureSpec)> {
    let release = cluster.release;
    GATES.iter().filter_map(move |feature| Some((*feature, feature.spec(release).filter(|spec| !spec.locked)?)))
}

fn plugin_switch(props: &Settings, plugin: AdmissionPlugin) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = Callback::from(move |_| dispatch.dispatch(Action::PluginSwitched(plugin)));
    let note = if plugin.on_by_default() { "on unless disabled" } else { "off unless enabled" };
    switch(plugin.name().into(), note.into(), props.cluster.admits_with(plugin), &onchange)
}

fn gate_switch(props: &Settings, feature: Feature, spec: FeatureSpec) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = Callback::from(move |on| dispatch.dispatch(Action::GateSwitched(feature, on)));
    let stage = match spec.stage {
        Stage::Alpha => "alpha",
        Stage::Beta => "beta",
        Stage::Ga => "GA",
    };
    let note = format!("{stage}, {} by default", if spec.default { "on" } else { "off" });
    switch(feature.name().into(), note.into(), props.cluster.has(feature), &onchange)
}
