//! Files and folders that are dropped on the page or picked.

use super::arrival::Opener;
use crate::parts::dialog::Dialog;
use crate::prelude::*;
use crate::texts::tab_name;
use crate::workbench::bench::Bench;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document_element;
use js_sys::{Array, Function, Promise, Reflect};
use podwhy_core::session::InputKind;
use podwhy_core::session::files::{File, Gathered, gather};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DragEvent, HtmlInputElement};

/// More files than this are not read: nobody means a whole home directory.
const MOST_FILES: usize = 500;
/// A file of more bytes is no manifest.
const MOST_BYTES: f64 = 20e6;

/// What became of the files, as a sentence, and what was left out.
type Said = Option<(String, Vec<String>)>;

/// Takes files that were read: their texts come to those of the page.
fn take(files: &[File], bench: &Bench, opener: &Opener) -> (String, Vec<String>) {
    let Gathered { texts, workspace, taken, left_out } = gather(files);
    let mut left: Vec<String> = left_out.into_iter().map(|(name, why)| format!("{name}: {why}")).collect();
    match workspace {
        Some(Ok(workspace)) => {
            let title = if workspace.title.is_empty() { "a workspace" } else { &workspace.title };
            let message = format!("Opened {title}.");
            opener.open(workspace, message.clone());
            return (message, left);
        }
        Some(Err(error)) => {
            left.insert(0, error.to_string());
            return ("The workspace cannot be opened. Nothing was changed.".to_owned(), left);
        }
        None => {}
    }
    if texts.is_empty() {
        return ("None of this is read here. Nothing was changed.".to_owned(), left);
    }
    let kinds: Vec<&str> = texts.iter().map(|(kind, _)| tab_name(*kind)).collect();
    let count = taken.len();
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let message = format!("Read {files} into {}.", kinds.join(", "));
    // Manifests are the beginning of something new; a file for the node alone joins what is there.
    let fresh = texts.iter().any(|(kind, _)| *kind == InputKind::Manifests);
    let text = |kind: InputKind| texts.iter().find(|(given, _)| *given == kind).map(|(_, text)| text.clone());
    let all: Vec<(InputKind, String)> = InputKind::ALL
        .into_iter()
        .filter_map(|kind| text(kind).or_else(|| fresh.then(String::new)).map(|text| (kind, text)))
        .collect();
    bench.replace(&all, &message);
    (message, left)
}

#[derive(PartialEq, Properties)]
pub struct FilesProps {
    pub opener: Opener,
    #[prop_or_default]
    pub onclose: Callback<()>,
}

/// Listens for files that are dropped anywhere on the page, and says what became of them.
#[component]
pub fn Drop(props: &FilesProps) -> Html {
    let bench = use_context::<Bench>();
    let said = use_state(|| None::<Said>);
    let over = use_state_eq(|| false);
    let latest = use_mut_ref(|| None);
    *latest.borrow_mut() = bench.zip(Some(props.opener.clone()));
    use_effect_with((), {
        let (latest, said, over) = (latest.clone(), said.setter(), over.setter());
        move |()| {
            let options = EventListenerOptions::enable_prevent_default;
            let root = document_element();
            let hover = EventListener::new_with_options(&root, "dragover", options(), {
                let over = over.clone();
                move |event| {
                    if transfer(event).is_some() {
                        event.prevent_default();
                        over.set(true);
                    }
                }
            });
            let leave = EventListener::new(&root, "dragleave", {
                let over = over.clone();
                move |event| {
                    // Between two elements of the page the pointer leaves nothing.
                    if event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none()) {
                        over.set(false);
                    }
                }
            });
            let drop_on = EventListener::new_with_options(&root, "drop", options(), move |event| {
                let Some(transfer) = transfer(event) else { return };
                event.prevent_default();
                over.set(false);
                // What was dropped can be asked for only during the event.
                let entries = entries(&transfer);
                let (latest, said) = (latest.clone(), said.clone());
                yew::platform::spawn_local(async move {
                    let files = read_entries(entries).await;
                    if let Some((bench, opener)) = &*latest.borrow() {
                        said.set(Some(Some(take(&files, bench, opener))));
                    }
                });
            });
            move || drop((hover, leave, drop_on))
        }
    });
    let put_away = {
        let said = said.setter();
        Callback::from(move |_: MouseEvent| said.set(None))
    };
    html! {
        <>
            if *over {
                <div class="drop-here" aria-hidden="true"><p>{ "Drop manifests, config.json, or a node's configuration" }</p></div>
            }
            <div class="toast-place arrival" role="status">
                // What was read is said by the page, beside the offer to undo it.
                if let Some(Some((message, left))) = (*said).clone().filter(|said| said.as_ref().is_some_and(|(_, left)| !left.is_empty())) {
                    <div class="toast">
                        <div>
                            <p>{ message }</p>
                            { left_out(&left) }
                        </div>
                        <button type="button" class="quiet" onclick={put_away}>{ "Dismiss" }</button>
                    </div>
                }
            </div>
        </>
    }
}

fn left_out(left: &[String]) -> Html {
    const SHOWN: usize = 5;
    html! {
        <>
            if !left.is_empty() {
                <ul class="left-out">
                    { for left.iter().take(SHOWN).map(|line| html! { <li>{ line }</li> }) }
                    if left.len() > SHOWN { <li>{ format!("and {} more", left.len() - SHOWN) }</li> }
                </ul>
            }
        </>
    }
}

/// The dialog for those who pick files.
#[component]
pub fn OpenFiles(props: &FilesProps) -> Html {
    let bench = use_context::<Bench>();
    let said = use_state(Said::default);
    let Some(bench) = bench else { return Html::default() };
    let onchange = {
        let (bench, opener, said) = (bench, props.opener.clone(), said.setter());
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let picked: Vec<JsValue> =
                input.files().map(|files| Array::from(&files).iter().collect()).unwrap_or_default();
            let (bench, opener, said, onclose) = (bench.clone(), opener.clone(), said.clone(), onclose.clone());
            yew::platform::spawn_local(async move {
                let mut files = Vec::new();
                for (path, file) in in_order(picked).into_iter().take(MOST_FILES) {
                    files.extend(read_file(&file, &path).await);
                }
                let (message, left) = take(&files, &bench, &opener);
                input.set_value("");
                if left.is_empty() {
                    onclose.emit(());
                }
                said.set(Some((message, left)));
            });
        })
    };
    html! {
        <Dialog title="Open files" onclose={props.onclose.clone()}>
            <p>{ "Manifests, config.json or .dockercfg, a kubelet's configuration, credential providers, containerd or CRI-O configuration, a scenario, or a saved workspace: what each file is shows in its text. Files and folders can be dropped anywhere on the page, too." }</p>
            <p class="field">
                <label class="file-button">{ "Choose files …" }<input type="file" multiple=true onchange={&onchange} /></label>
                <label class="file-button">{ "Choose a folder …" }<input type="file" webkitdirectory=true {onchange} /></label>
            </p>
            <div role="status">
                if let Some((message, left)) = &*said {
                    <p>{ message }</p>
                    { left_out(left) }
                }
            </div>
        </Dialog>
    }
}

/// The transfer of a drag that holds files.
fn transfer(event: &web_sys::Event) -> Option<DataTransfer> {
    let transfer = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    transfer.types().includes(&"Files".into(), 0).then_some(transfer)
}

/// What was dropped: entries of a file system where the browser gives them, files otherwise.
fn entries(transfer: &DataTransfer) -> Vec<JsValue> {
    let items = Reflect::get(transfer, &"items".into()).unwrap_or_default();
    let mut found = Vec::new();
    for item in Array::from(&items).iter() {
        let entry = call(&item, "webkitGetAsEntry", &[]).filter(|entry| entry.is_object());
        found.extend(entry.or_else(|| call(&item, "getAsFile", &[]).filter(|file| file.is_object())));
    }
    found
}

/// Picked files by their paths, which those of a folder have; what [`is_left_alone`] is not among them.
fn in_order(picked: Vec<JsValue>) -> Vec<(String, JsValue)> {
    let path = |file: &JsValue| Reflect::get(file, &"webkitRelativePath".into()).ok()?.as_string();
    let mut found: Vec<(String, JsValue)> =
        picked.into_iter().map(|file| (path(&file).unwrap_or_default(), file)).collect();
    found.retain(|(path, _)| !path.split('/').any(is_left_alone));
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// Whether nobody means a folder of this name.
fn is_left_alone(name: &str) -> bool {
    matches!(name, ".git" | "node_modules" | "target")
}

/// Calls a method of a JavaScript object; `None` if it has none or throws.
fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = Reflect::get(object, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    method.apply(object, &arguments.iter().collect::<Array>()).ok()
}

/// Reads every file, folder by folder.
async fn read_entries(entries: Vec<JsValue>) -> Vec<File> {
    let mut waiting = entries;
    waiting.reverse();
    let mut files = Vec::new();
    while let Some(entry) = waiting.pop() {
        if files.len() >= MOST_FILES {
            break;
        }
        let is = |name: &str| Reflect::get(&entry, &name.into()).is_ok_and(|value| value.is_truthy());
        if is("isDirectory") {
            waiting.extend(read_folder(&entry).await.into_iter().rev());
        } else if is("isFile") {
            let path = Reflect::get(&entry, &"fullPath".into()).ok().and_then(|path| path.as_string());
            let path = path.unwrap_or_default();
            if let Some(file) = called_back(&entry, "file").await {
                files.extend(read_file(&file, path.trim_start_matches('/')).await);
            }
        } else {
            files.extend(read_file(&entry, "").await);
        }
    }
    files
}

/// The entries of a folder by name; the browser gives them in portions.
async fn read_folder(folder: &JsValue) -> Vec<JsValue> {
    let Some(reader) = call(folder, "createReader", &[]) else { return Vec::new() };
    let name = |entry: &JsValue| {
        Reflect::get(entry, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default()
    };
    let mut found: Vec<(String, JsValue)> = Vec::new();
    while found.len() < MOST_FILES {
        let Some(portion) = called_back(&reader, "readEntries").await.map(|portion| Array::from(&portion)) else {
            break;
        };
        if portion.length() == 0 {
            break;
        }
        found.extend(portion.iter().map(|entry| (name(&entry), entry)));
    }
    found.retain(|(name, _)| !is_left_alone(name));
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Calls a method that takes two functions, for success and for failure.
async fn called_back(object: &JsValue, method: &str) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| _ = call(object, method, &[resolve.into(), reject.into()]));
    JsFuture::from(promise).await.ok()
}

/// The text of a file; `None` for what is too large or no text.
async fn read_file(file: &JsValue, path: &str) -> Option<File> {
    let file = file.dyn_ref::<web_sys::File>()?;
    let name = if path.is_empty() { file.name() } else { path.to_owned() };
    if file.size() > MOST_BYTES {
        return None;
    }
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    Some(File { name, text })
}
