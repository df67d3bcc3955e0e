//! Where the node's credentials file lies, and whether the kubelet has a home.

use crate::parts::switch::switch;
use crate::prelude::*;
use crate::state::{Action, State};
use podwhy_core::session::KubeletPaths;
use web_sys::HtmlSelectElement;

/// The home directory that a kubelet gets when it gets one.
const HOME: &str = "/root";

/// The places that a kubelet may look at; with the working directory `/` two of the eight are one.
const PLACES: &[(&str, &str)] = &[
    ("/var/lib/kubelet/config.json", "root directory"),
    ("/config.json", "working directory"),
    ("/root/.docker/config.json", "home"),
    ("/.docker/config.json", "without home"),
    ("/var/lib/kubelet/.dockercfg", "root directory, old form"),
    ("/root/.dockercfg", "home, old form"),
    ("/.dockercfg", "working directory, old form"),
];

pub fn node_file(kubelet: &KubeletPaths, dispatch: &UseReducerDispatcher<State>) -> Html {
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let path = event.target_unchecked_into::<HtmlSelectElement>().value();
            dispatch.dispatch(Action::NodeFileChosen(path));
        })
    };
    let onhome = {
        let dispatch = dispatch.clone();
        Callback::from(move |on: bool| dispatch.dispatch(Action::HomeChosen(on.then(|| HOME.to_owned()))))
    };
    let chosen = kubelet.node_config.as_str();
    let foreign = PLACES.iter().all(|(path, _)| *path != chosen);
    html! {
        <fieldset>
            <legend>{ "The node" }</legend>
            <label class="field">
                <span>{ "config.json lies at" }</span>
                <select {onchange}>
                    { for PLACES.iter().map(|(path, what)| html! {
                        <option key={*path} value={*path} selected={*path == chosen}>{ path }{ " (" }{ what }{ ")" }</option>
                    }) }
                    if foreign {
                        <option value={chosen.to_owned()} selected=true>{ chosen }</option>
                    }
                </select>
            </label>
            { switch(format!("The kubelet has HOME={HOME}").into(), "systemd sets none".into(), kubelet.home.is_some(), &onhome) }
        </fieldset>
    }
}
