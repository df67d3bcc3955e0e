//! The command palette: every view, pod, release and setting by its name.

use super::Open;
use crate::parts::dialog::Dialog;
use crate::prelude::*;
use crate::state::View;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use crate::workbench::sharing::{Opener, gallery};
use podwhy_core::release::Release;
use web_sys::{Element, HtmlInputElement};

/// How many commands are shown at once; whoever wants another one types more of its name.
const AT_MOST: usize = 60;

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
    let typed = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let list = use_node_ref();
    use_effect_with((*chosen, list.clone()), |(chosen, list)| {
        let row = list.cast::<Element>().and_then(|list| list.children().item(u32::try_from(*chosen).ok()?));
        if let Some(row) = row {
            row.scroll_into_view_with_scroll_into_view_options(&nearest());
        }
    });
    let Some(bench) = bench else { return Html::default() };
    let all = commands(&bench, props);
    let found: Vec<Command> = all.into_iter().filter(|command| fits(command, &typed)).take(AT_MOST).collect();
    let at = (*chosen).min(found.len().saturating_sub(1));
    let run = {
        let onopen = props.onopen.clone();
        move |command: Command| {
            // The dialog goes first: what the command does may move the focus, or open another dialog.
            onopen.emit(Open::None);
            command.run.emit(());
        }
    };
    let oninput = {
        let (typed, chosen) = (typed.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        })
    };
    let onkeydown = {
        let (chosen, found, run) = (chosen.setter(), found.clone(), run.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = found.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowDown" => {
                    if at == last {
                        0
                    } else {
                        at + 1
                    }
                }
                "ArrowUp" => at.checked_sub(1).unwrap_or(last),
                "Enter" => {
                    event.prevent_default();
                    if let Some(command) = found.get(at) {
                        run(command.clone());
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            chosen.set(next);
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
            <input type="text" role="combobox" aria-label="Command" aria-expanded="true" aria-controls="commands"
                aria-activedescendant={(!found.is_empty()).then(|| format!("command-{at}"))} autocomplete="off" spellcheck="false"
                placeholder="Type a view, a pod, a release, an example …" value={(*typed).clone()} {oninput} {onkeydown} autofocus=true />
            if found.is_empty() {
                <p class="empty">{ "Nothing has that name." }</p>
            }
            <ul id="commands" role="listbox" aria-label="Commands" ref={list}>{ for found.iter().enumerate().map(row) }</ul>
        </Dialog>
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options
}

/// Everything that can be done, in the order of the list.
fn commands(bench: &Bench, props: &PaletteProps) -> Vec<Command> {
    let mut all = Vec::new();
    for view in View::ALL {
        let bench = bench.clone();
        let run = Callback::from(move |()| bench.open(view));
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

/// Whether every word that was typed stands somewhere in the command's name.
fn fits(command: &Command, typed: &str) -> bool {
    let name = format!("{} {}", command.group, command.name).to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| name.contains(word))
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
