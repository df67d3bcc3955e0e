//! What the workbench adds around the views, drawn into places that the page keeps for it.

mod keys;
mod layout;
mod palette;
mod release_slider;
mod separator;

use crate::bridge::workbench::Told;
use crate::bridge::{GALLERY, KEYS, PALETTE, WANTED, WANTED_DIALOG};
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use crate::workbench::sharing::{Drop, Gallery, OpenFiles, Share, use_arrivals};
use crate::workbench::views::CreateSecret;
use gloo::events::EventListener;
use gloo::utils::{document, document_element};
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
    /// The examples.
    Gallery,
    /// The choice of files.
    Files,
    /// Links and exports.
    Share,
}

#[derive(PartialEq, Properties)]
pub struct ShellProps {
    pub answered: Answered,
    /// What the page holds now; the answer may be for what it held a moment ago.
    pub latest: Told,
    /// The pod that is looked at, as its position in the report.
    pub pod: usize,
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
    use_wanted_dialog(open.setter());
    let bench = use_context::<Bench>().expect("the workbench gives one to everything below it");
    let (opener, arrival) = use_arrivals(&bench, &props.latest, &props.answered, &props.onpod);
    let onopen = {
        let open = open.setter();
        Callback::from(move |now| open.set(now))
    };
    let tools = html! {
        <>
            { layout_switch(*layout, &onlayout) }
            <button type="button" class="quiet" aria-keyshortcuts="Control+K" title="Commands (Ctrl+K)"
                onclick={onopen.reform(|_| Open::Palette)}>{ "Commands" }</button>
            <button type="button" class="quiet" aria-haspopup="dialog" onclick={onopen.reform(|_| Open::Files)}>{ "Open" }</button>
            <button type="button" class="quiet" aria-haspopup="dialog" onclick={onopen.reform(|_| Open::Share)}>{ "Share" }</button>
        </>
    };
    let onclose = onopen.reform(|()| Open::None);
    let dialog = match *open {
        Open::None => Html::default(),
        Open::Palette => html! {
            <Palette answered={props.answered.clone()} onpod={&props.onpod} opener={opener.clone()} {onopen} />
        },
        Open::Keys => html! { <Keys {onopen} /> },
        Open::Gallery => html! { <Gallery opener={opener.clone()} {onclose} /> },
        Open::Files => html! { <OpenFiles opener={opener.clone()} {onclose} /> },
        Open::Share => html! { <Share answered={props.answered.clone()} pod={props.pod} {onclose} /> },
    };
    html! {
        <>
            { into("separator", html! { <Separator layout={*layout} {onlayout} /> }) }
            { into("release-slider", html! { <ReleaseSlider answered={props.answered.clone()} pod={props.pod} /> }) }
            { into("bench-tools", tools) }
            { into("create-secret", html! { <CreateSecret whole={Shared(props.answered.whole.clone())} /> }) }
            { arrival }
            <Drop {opener} />
            { dialog }
        </>
    }
}

/// Opens the dialog that the page asks for, now and later.
#[hook]
fn use_wanted_dialog(open: UseStateSetter<Open>) {
    use_effect_with((), move |()| {
        let look = move || {
            let root = document_element();
            let wanted = match root.get_attribute(WANTED_DIALOG).as_deref() {
                Some(GALLERY) => Open::Gallery,
                Some(PALETTE) => Open::Palette,
                Some(KEYS) => Open::Keys,
                _ => return,
            };
            _ = root.remove_attribute(WANTED_DIALOG);
            open.set(wanted);
        };
        look();
        let listener = EventListener::new(&document(), WANTED, move |_| look());
        move || drop(listener)
    });
}

/// Draws into the element with this id; nowhere if the page has none at the moment.
fn into(id: &str, content: Html) -> Html {
    document().get_element_by_id(id).map(|host| create_portal(content, host)).unwrap_or_default()
}
