//! A field in which one types, over a list of what fits: the arrow keys choose, Enter takes.

use crate::prelude::*;
use web_sys::{Element, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// How far the page keys go.
const PAGE: usize = 8;

/// What was typed and which row is chosen; see [`use_chooser`].
pub struct Chooser {
    typed: UseStateHandle<String>,
    chosen: UseStateHandle<usize>,
    list: NodeRef,
}

/// The names that the field and its list have.
pub struct Names {
    /// What the field asks for.
    pub label: &'static str,
    /// What it shows while it is empty.
    pub placeholder: &'static str,
    /// The list's id.
    pub list: &'static str,
    /// How the rows' ids begin; their number follows.
    pub row: &'static str,
}

/// The state of one field with its list, whose rows begin their ids with `row`.
#[hook]
pub fn use_chooser(row: &'static str) -> Chooser {
    let typed = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let list = use_node_ref();
    use_effect_with((*chosen, (*typed).clone(), list.clone()), move |(chosen, _, list)| {
        let row = list.cast::<Element>().and_then(|list| list.query_selector(&format!("#{row}-{chosen}")).ok()?);
        if let Some(row) = row {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    Chooser { typed, chosen, list }
}

impl Chooser {
    /// What was typed so far.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The element with the rows.
    pub fn list(&self) -> NodeRef {
        self.list.clone()
    }

    /// The chosen row of `count`.
    pub fn at(&self, count: usize) -> usize {
        (*self.chosen).min(count.saturating_sub(1))
    }

    /// The field over a list of `count` rows; `take` is told which one was wanted.
    pub fn field(&self, names: &Names, count: usize, take: Callback<usize>) -> Html {
        let at = self.at(count);
        let oninput = {
            let (typed, chosen) = (self.typed.setter(), self.chosen.setter());
            Callback::from(move |event: InputEvent| {
                typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
                chosen.set(0);
            })
        };
        let onkeydown = {
            let chosen = self.chosen.setter();
            Callback::from(move |event: KeyboardEvent| {
                match event.key().as_str() {
                    "Enter" if count > 0 => take.emit(at),
                    "Enter" => {}
                    key => match moved(key, at, count.saturating_sub(1)) {
                        Some(next) => chosen.set(next),
                        None => return,
                    },
                }
                event.prevent_default();
            })
        };
        html! {
            <input type="search" role="combobox" aria-label={names.label} aria-expanded="true" aria-controls={names.list}
                aria-activedescendant={(count > 0).then(|| format!("{}-{at}", names.row))} autocomplete="off" spellcheck="false"
                placeholder={names.placeholder} value={(*self.typed).clone()} {oninput} {onkeydown} autofocus=true />
        }
    }
}

/// Where a key leads from row `at`; `None` for a key that chooses nothing.
fn moved(key: &str, at: usize, last: usize) -> Option<usize> {
    Some(match key {
        "ArrowDown" if at == last => 0,
        "ArrowDown" => at + 1,
        "ArrowUp" => at.checked_sub(1).unwrap_or(last),
        "PageDown" => (at + PAGE).min(last),
        "PageUp" => at.saturating_sub(PAGE),
        _ => return None,
    })
}

/// Whether a word of `text` begins with each word that was typed, in letters of any case: `ECR` is none of "secret".
pub fn has_words(text: &str, typed: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        let letter = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let (before, here) = (if at == 0 { b' ' } else { letter(at - 1) }, letter(at));
        let is_hump =
            here.is_ascii_uppercase() && (!before.is_ascii_uppercase() || letter(at + 1).is_ascii_lowercase());
        !before.is_ascii_alphanumeric() || is_hump || here.is_ascii_digit() && !before.is_ascii_digit()
    };
    // In ASCII the letters of either case have the same places.
    let (text, typed) = (text.to_ascii_lowercase(), typed.to_ascii_lowercase());
    typed.split_whitespace().all(|word| text.match_indices(word).any(|(at, _)| begins(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_around_and_pages_stop_at_the_ends() {
        let cases = [
            ("ArrowDown", 1, Some(2)),
            ("ArrowDown", 9, Some(0)),
            ("ArrowUp", 0, Some(9)),
            ("ArrowUp", 9, Some(8)),
            ("PageDown", 5, Some(9)),
            ("PageUp", 9, Some(1)),
            ("PageUp", 3, Some(0)),
            ("a", 3, None),
        ];
        for (key, at, next) in cases {
            assert_eq!(moved(key, at, 9), next, "{key} at {at}");
        }
    }

    #[test]
    fn every_typed_word_must_begin_one_of_the_text() {
        assert!(has_words("Release Kubernetes v1.35", "") && has_words("Release Kubernetes v1.35", "REL 1.35"));
        assert!(!has_words("Release Kubernetes v1.35", "rel 1.36"));
        let text = "A missing imagePullSecret, HTTPGet, 36-sleep, exit code 137 (OOMKilled) in CrashLoopBackOff";
        for typed in ["pull", "SECRET", "get", "sleep", "oom", "137", "backoff", "crashloop", "(oom"] {
            assert!(has_words(text, typed), "{typed}");
        }
        for typed in ["ecr", "issing", "et", "37", "ttp"] {
            assert!(!has_words(text, typed), "{typed}");
        }
    }
}
