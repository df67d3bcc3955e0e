//! What the workbench adds around the views, drawn into places that the page keeps for it.

mod keys;
mod layout;
mod palette;
mod release_slider;
mod separator;

use crate::prelude::*;
use crate::workbench::Answered;
use gloo::utils::document;
use keys::Keys;
use layout::{Layout, layout_switch};
use palette::Palette;
use release_slider::ReleaseSlider;
use separator::Separator;

/// Which of the shell's dialogs is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Open {
    /// None.
    #[default]
    None,
    /// The command palette.
    Palette,
    /// The list of keys.
    Keys,
}

#[derive(PartialEq, Properties)]
pub struct ShellProps {
    pub answered: Answered,
    /// Chooses a pod of the report by its position.
    pub onpod: Callback<usize>,
}

#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let layout = use_state_eq(Layout::load);
    let open = use_state_eq(Open::default);
    let onlayout = {
        let layout = layout.setter();
        Callback::from(move |now: Layout| {
            now.save();
            layout.set(now);
        })
    };
    keys::use_page_keys(open.setter());
    let onopen = {
        let open = open.setter();
        Callback::from(move |now| open.set(now))
    };
    let tools = html! {
        <>
            { layout_switch(*layout, &onlayout) }
            <button type="button" class="quiet" aria-keyshortcuts="Control+K" title="Commands (Ctrl+K)"
                onclick={onopen.reform(|_| Open::Palette)}>{ "Commands" }</button>
        </>
    };
    html! {
        <>
            { into("separator", html! { <Separator layout={*layout} {onlayout} /> }) }
            { into("release-slider", html! { <ReleaseSlider answered={props.answered.clone()} /> }) }
            { into("bench-tools", tools) }
            if *open == Open::Palette {
                <Palette answered={props.answered.clone()} onpod={&props.onpod} {onopen} />
            } else if *open == Open::Keys {
                <Keys {onopen} />
            }
        </>
    }
}

/// Draws into the element with this id; nowhere if the page has none at the moment.
fn into(id: &str, content: Html) -> Html {
    document().get_element_by_id(id).map(|host| create_portal(content, host)).unwrap_or_default()
}
