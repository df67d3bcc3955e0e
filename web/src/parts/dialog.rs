//! A modal dialog. The browser keeps the focus inside it and gives it back afterwards.

use crate::prelude::*;
use web_sys::{HtmlDialogElement, MouseEvent};

#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// Its heading.
    pub title: AttrValue,
    /// It was closed: by Esc, by its button, or by a click beside it.
    pub onclose: Callback<()>,
    #[prop_or_default]
    pub class: AttrValue,
    pub children: Html,
}

#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let element = use_node_ref();
    use_effect_with((), {
        let element = element.clone();
        move |()| {
            let dialog = element.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                _ = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        }
    });
    let onclose = props.onclose.reform(|_: Event| ());
    let onclick = {
        let (element, onclose) = (element.clone(), props.onclose.clone());
        Callback::from(move |event: MouseEvent| {
            // A click on the backdrop has the dialog itself as its target.
            if event.target_dyn_into::<HtmlDialogElement>() == element.cast::<HtmlDialogElement>() {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={element} class={classes!("dialog", props.class.as_str())} aria-label={&props.title} {onclose} {onclick}>
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2>{ &props.title }</h2>
                    <button type="button" class="quiet" onclick={props.onclose.reform(|_| ())}>{ "Close" }</button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
