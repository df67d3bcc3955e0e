//! The gallery: questions that people have, each with an input and its answer.

use super::arrival::Opener;
use super::browser::fetch;
use crate::parts::dialog::Dialog;
use crate::prelude::*;
use crate::workbench::parts::chooser::{Names, has_words, use_chooser};
use podwhy_core::session::workspace::Workspace;

/// Where the files stand beside the page.
const FOLDER: &str = "gallery";
/// Their index, which is made when the page is built (web/build.rs).
const INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/gallery.txt"));

/// The groups with their words, in the order in which they are shown.
const GROUPS: &[(&str, &str)] = &[
    ("image", "Image names and pull policies"),
    ("credentials", "Which credentials match"),
    ("pulls", "Pulls, back-off and waiting"),
    ("placement", "RuntimeClass and nodes"),
    ("lifecycle", "Start, hooks and termination"),
    ("environment", "What a container sees"),
    ("documentation", "The documentation's own examples"),
];

/// One example, as the index has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in links.
    pub name: String,
    /// The topic that it belongs to.
    pub group: String,
    /// What it shows.
    pub title: String,
    /// What it asks.
    pub question: String,
    /// Further words by which people search for it.
    pub keywords: String,
}

impl Entry {
    /// Reads a line of the index: name, group, title, question and keywords between tabs.
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next();
        Some(Self { name: next()?, group: next()?, title: next()?, question: next()?, keywords: next()? })
    }

    /// Whether every word that was typed begins a word of it.
    fn fits(&self, typed: &str) -> bool {
        let words = [&self.name, group_words(&self.group), &self.title, &self.question, &self.keywords];
        has_words(&words.join(" "), typed)
    }
}

/// The entries that fit, those first whose title does.
fn search(entries: &[Entry], typed: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = entries.iter().filter(|entry| entry.fits(typed)).cloned().collect();
    found.sort_by_key(|entry| !has_words(&entry.title, typed));
    found
}

fn group_words(group: &str) -> &str {
    GROUPS.iter().find(|(name, _)| *name == group).map_or(group, |(_, words)| words)
}

/// Every example, by group.
pub fn index() -> Vec<Entry> {
    let mut entries: Vec<Entry> = INDEX.lines().filter_map(Entry::read).collect();
    entries.sort_by_key(|entry| GROUPS.iter().position(|(name, _)| *name == entry.group).unwrap_or(GROUPS.len()));
    entries
}

/// The example of an entry; an error is a sentence.
pub async fn example(entry: &Entry) -> Result<Workspace, String> {
    let text = fetch(&format!("{FOLDER}/{}/{}.txt", entry.group, entry.name)).await;
    let text = text.ok_or_else(|| "The example could not be loaded. Is there a connection?".to_owned())?;
    Workspace::read(&text).map_err(|error| error.to_string())
}

/// Opens the example of an entry; an error is a sentence.
pub async fn load(entry: &Entry, opener: &Opener) -> Result<(), String> {
    opener.open(example(entry).await?, format!("Loaded “{}”.", entry.title));
    Ok(())
}

const NAMES: Names = Names {
    label: "Search examples",
    placeholder: "What went wrong? A word, an event, a reason …",
    list: "examples",
    row: "example",
};

#[derive(PartialEq, Properties)]
pub struct GalleryProps {
    /// Opens an example.
    pub opener: Opener,
    pub onclose: Callback<()>,
}

#[component]
pub fn Gallery(props: &GalleryProps) -> Html {
    let entries = use_memo((), |()| index());
    let chooser = use_chooser(NAMES.row);
    let problem = use_state_eq(String::new);
    let found = search(&entries, chooser.typed());
    let at = chooser.at(found.len());
    let open = {
        let (opener, onclose, problem) = (props.opener.clone(), props.onclose.clone(), problem.setter());
        Callback::from(move |entry: Entry| {
            let (opener, onclose, problem) = (opener.clone(), onclose.clone(), problem.clone());
            yew::platform::spawn_local(async move {
                match load(&entry, &opener).await {
                    Ok(()) => onclose.emit(()),
                    Err(sentence) => problem.set(sentence),
                }
            });
        })
    };
    let take = {
        let (found, open) = (found.clone(), open.clone());
        Callback::from(move |at: usize| {
            if let Some(entry) = found.get(at) {
                open.emit(entry.clone());
            }
        })
    };
    let count = match found.len() {
        0 => "No example has all these words.".to_owned(),
        count if count == entries.len() => format!("{count} examples"),
        count => format!("{count} of {} examples", entries.len()),
    };
    html! {
        <Dialog title="Examples" class="palette gallery" onclose={props.onclose.clone()}>
            { chooser.field(&NAMES, found.len(), take) }
            <p class="faint" role="status">{ count }</p>
            if !problem.is_empty() {
                <p class="gallery-problem" role="alert">{ &*problem }</p>
            }
            <div id="examples" role="listbox" aria-label="Examples" ref={chooser.list()} tabindex="-1">
                { for groups(&found).into_iter().map(|(words, rows)| group(&words, &rows, at, &open)) }
            </div>
        </Dialog>
    }
}

/// The entries with their numbers, group by group.
fn groups(found: &[Entry]) -> Vec<(String, Vec<(usize, Entry)>)> {
    let mut groups: Vec<(String, Vec<(usize, Entry)>)> = Vec::new();
    for (number, entry) in found.iter().enumerate() {
        let words = group_words(&entry.group);
        match groups.last_mut().filter(|(last, _)| last == words) {
            Some((_, rows)) => rows.push((number, entry.clone())),
            None => groups.push((words.to_owned(), vec![(number, entry.clone())])),
        }
    }
    groups
}

fn group(words: &str, rows: &[(usize, Entry)], at: usize, open: &Callback<Entry>) -> Html {
    let row = |(number, entry): &(usize, Entry)| {
        let onclick = {
            let entry = entry.clone();
            open.reform(move |_: MouseEvent| entry.clone())
        };
        html! {
            <div key={entry.name.clone()} id={format!("example-{number}")} class="gallery-row" role="option"
                aria-selected={(*number == at).to_string()} {onclick}>
                <span class="gallery-title">{ &entry.title }</span>
                <span class="faint">{ &entry.question }</span>
            </div>
        }
    };
    html! {
        <div key={rows.first().map(|(number, _)| *number).unwrap_or_default()} role="group" aria-label={words.to_owned()}>
            <p class="gallery-group" aria-hidden="true">{ words }</p>
            { for rows.iter().map(row) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_read_and_searched() {
        let entry = Entry::read("02-key\tcredentials\tThe port is missing\tWhy is it pulled without?\t401").unwrap();
        assert!(entry.fits("") && entry.fits("PORT pulled") && entry.fits("02") && entry.fits("credentials match"));
        assert!(entry.fits("401") && !entry.fits("port hook") && !entry.fits("ort"));
        let asks = Entry { title: "Another".to_owned(), question: "Which port?".to_owned(), ..entry.clone() };
        let names: Vec<String> = search(&[asks, entry.clone()], "port").into_iter().map(|entry| entry.title).collect();
        assert_eq!(names, ["The port is missing", "Another"]);
        assert_eq!(Entry::read("no tabs"), None);
        let other = Entry { group: "new".to_owned(), ..entry.clone() };
        let groups = groups(&[entry.clone(), entry, other]);
        assert_eq!(
            groups.iter().map(|(words, rows)| (words.as_str(), rows.len())).collect::<Vec<_>>(),
            [("Which credentials match", 2), ("new", 1)]
        );
    }
}
