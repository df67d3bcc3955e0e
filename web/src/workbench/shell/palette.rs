//! The command palette: every view, pod, release and setting by its name.

use super::Open;
use crate::parts::dialog::Dialog;
use crate::prelude::*;
use crate::state::View;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use crate::workbench::parts::chooser::{Names, has_words, use_chooser};
use crate::workbench::sharing::{Opener, gallery};
use gloo::timers::callback::Timeout;
use podwhy_core::release::Release;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How many commands are shown at once; whoever wants another one types more of its name.
const AT_MOST: usize = 60;

const NAMES: Names = Names {
    label: "Command",
    placeholder: "Type a view, a pod, a release, an example …",
    list: "commands",
    row: "command",
};

/// Something that can be done.
#[derive(Clone)]
pub struct Command {
    /// What kind of thing it is, such as "View".
    pub group: &'static str,
    /// Its name.
    pub name: String,
    /// Does it.
    pub run: Callback<()>,
}

#[derive(PartialEq, Properties)]
pub struct PaletteProps {
    pub answered: Answered,
    pub onpod: Callback<usize>,
    pub opener: Opener,
    pub onopen: Callback<Open>,
}

#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let bench = use_context::<Bench>();
    let chooser = use_chooser(NAMES.row);
    let Some(bench) = bench else { return Html::default() };
    let all = commands(&bench, props);
    let found: Vec<Command> = all.into_iter().filter(|command| fits(command, chooser.typed())).take(AT_MOST).collect();
    let at = chooser.at(found.len());
    let run = {
        let onopen = props.onopen.clone();
        move |command: Command| {
            // The dialog goes first: what the command does may move the focus, or open another dialog.
            onopen.emit(Open::None);
            command.run.emit(());
        }
    };
    let take = {
        let (found, run) = (found.clone(), run.clone());
        Callback::from(move |at: usize| {
            if let Some(command) = found.get(at) {
                run(command.clone());
            }
        })
    };
    let row = |(index, command): (usize, &Command)| {
        let (run, command) = (run.clone(), command.clone());
        let (group, name) = (command.group, command.name.clone());
        let onclick = Callback::from(move |_| run(command.clone()));
        html! {
            <li key={index} id={format!("command-{index}")} role="option" aria-selected={(index == at).to_string()} {onclick}>
                <span class="faint">{ group }</span><span>{ name }</span>
            </li>
        }
    };
    html! {
        <Dialog title="Commands" class="palette" onclose={props.onopen.reform(|()| Open::None)}>
            { chooser.field(&NAMES, found.len(), take) }
            if found.is_empty() {
                <p class="empty">{ "Nothing has that name." }</p>
            }
            <ul id="commands" role="listbox" aria-label="Commands" ref={chooser.list()}>{ for found.iter().enumerate().map(row) }</ul>
        </Dialog>
    }
}

fn focus(id: &str) {
    let element = gloo::utils::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// Everything that can be done, in the order of the list.
fn commands(bench: &Bench, props: &PaletteProps) -> Vec<Command> {
    let mut all = Vec::new();
    for (index, view) in View::ALL.into_iter().enumerate() {
        let bench = bench.clone();
        let run = Callback::from(move |()| {
            bench.open(view);
            // Once the dialog has given the focus back: who goes on by keys goes on in the view.
            Timeout::new(0, move || focus(&format!("view-tab-{index}"))).forget();
        });
        all.push(Command { group: "View", name: view.names().0.to_owned(), run });
    }
    for (index, pod) in props.answered.whole.report.pods.iter().enumerate() {
        let run = props.onpod.reform(move |()| index);
        all.push(Command { group: "Pod", name: pod.title.replace('`', ""), run });
    }
    for release in Release::all().rev() {
        let bench = bench.clone();
        let run = Callback::from(move |()| bench.set_release(release));
        all.push(Command { group: "Release", name: format!("Kubernetes {release}"), run });
    }
    for entry in gallery::index() {
        let (opener, name) = (props.opener.clone(), entry.title.clone());
        let run = Callback::from(move |()| {
            let (entry, opener) = (entry.clone(), opener.clone());
            yew::platform::spawn_local(async move {
                if let Err(problem) = gallery::load(&entry, &opener).await {
                    opener.failed(problem);
                }
            });
        });
        all.push(Command { group: "Example", name, run });
    }
    for (name, dialog) in
        [("Examples", Open::Gallery), ("Open files", Open::Files), ("Share: link, files, pictures", Open::Share)]
    {
        all.push(Command { group: "Page", name: name.to_owned(), run: props.onopen.reform(move |()| dialog) });
    }
    let keys = props.onopen.reform(|()| Open::Keys);
    all.push(Command { group: "Help", name: "Keys".to_owned(), run: keys });
    all
}

/// Whether every word that was typed begins one of the command's name.
fn fits(command: &Command, typed: &str) -> bool {
    has_words(&format!("{} {}", command.group, command.name), typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typed_word_must_stand_in_the_name() {
        let command = Command { group: "Release", name: "Kubernetes v1.35".to_owned(), run: Callback::noop() };
        assert!(fits(&command, "") && fits(&command, "REL 1.35") && !fits(&command, "rel 1.36"));
    }
}
