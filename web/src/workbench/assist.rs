//! Answers what the code editor asks (web/editor/core.js): completion, hover and fixes. Its places are UTF-16 units.

use crate::bridge::{ASSIST, detail, number, object, text};
use crate::editor::utf16;
use crate::texts::kind_of_slug;
use crate::workbench::Answered;
use gloo::events::EventListener;
use gloo::utils::{document, document_element};
use js_sys::{Array, Reflect};
use podwhy_core::complete::{Completions, Fix, Hover, Item, complete, fixes, hover};
use podwhy_core::release::Release;
use podwhy_core::session::InputKind;
use podwhy_source::Span;
use std::ops::Range;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// Answers for `release` from the newest answer, as soon as there is one.
#[hook]
pub fn use_assist(release: Option<Release>, answered: Option<&Answered>) {
    use_effect_with((release, answered.cloned()), |(release, answered)| {
        let listener = release.zip(answered.clone()).map(|(release, answered)| {
            EventListener::new(&document(), ASSIST, move |event| {
                let question = detail(event);
                let answer = answer(&question, release, &answered).unwrap_or_default();
                _ = Reflect::set(&question, &"answer".into(), &answer);
            })
        });
        move || drop(listener)
    });
    // Who asked before asks again (web/editor/main.js).
    use_effect_with(answered.map(|answered| answered.told.cluster.release), |release| {
        if let Some(release) = release {
            _ = document_element().set_attribute("data-assist", &release.to_string());
        }
    });
}

fn answer(question: &JsValue, release: Release, answered: &Answered) -> Option<JsValue> {
    let input = kind_of_slug(text(question, "id").strip_prefix("text-")?)?;
    let content = text(question, "text");
    let byte = |name| utf16::to_byte(&content, number(question, name)) as usize;
    match text(question, "ask").as_str() {
        "complete" => Some(completions(&content, &complete(&content, byte("offset"), input, release))),
        "hover" => hover(&content, byte("offset"), input, release).map(|found| card(&content, &found)),
        "fixes" => {
            let (code, range) = (text(question, "code"), byte("from")..byte("to"));
            let known = known_fix(answered, input, &content, &code, &range);
            let found = || fixes(&content, &code, range, input, release);
            let list =
                known.map_or_else(|| found().iter().map(|fix| fix_of_range(&content, fix)).collect(), |fix| vec![fix]);
            Some(list.into_iter().collect::<Array>().into())
        }
        _ => None,
    }
}

/// The change that the list of problems offers, if the list is about this very text and the change is in it alone.
fn known_fix(answered: &Answered, kind: InputKind, content: &str, code: &str, range: &Range<usize>) -> Option<JsValue> {
    let texts = &answered.told.texts;
    let input = texts.id_of(kind).filter(|_| texts.get(kind).as_str() == content)?;
    let here = |span: Span| span.input == input && (span.start as usize..span.end as usize) == *range;
    let mut list = answered.problems.iter();
    let problem = list.find(|problem| problem.diagnostic.code == code && problem.diagnostic.span.is_some_and(here))?;
    let fix = problem.fix.as_ref().filter(|fix| fix.edits.iter().all(|edit| edit.input == input))?;
    let edits = fix.edits.iter().map(|one| change(content, &(one.start as usize..one.end as usize), &one.text));
    Some(fix_of(&fix.title, edits.collect()))
}

fn fix_of_range(text: &str, fix: &Fix) -> JsValue {
    fix_of(&fix.title, [change(text, &fix.range, &fix.insert)].into_iter().collect())
}

fn fix_of(title: &str, changes: Array) -> JsValue {
    object(&[("title", title.replace('`', "").into()), ("changes", changes.into())])
}

fn change(text: &str, range: &Range<usize>, insert: &str) -> JsValue {
    object(&[&ends(text, range, "from", "to")[..], &[("insert", insert.into())]].concat())
}

/// The two ends of a range, under these names.
fn ends<'a>(text: &str, range: &Range<usize>, from: &'a str, to: &'a str) -> [(&'a str, JsValue); 2] {
    let unit = |byte: usize| JsValue::from(utf16::from_byte(text, u32::try_from(byte).unwrap_or(u32::MAX)));
    [(from, unit(range.start)), (to, unit(range.end))]
}

fn completions(text: &str, found: &Completions) -> JsValue {
    let items: Array = found.items.iter().map(item).collect();
    let token = ends(text, &found.token, "start", "end");
    object(&[&ends(text, &found.word, "from", "to")[..], &token[..], &[("items", items.into())]].concat())
}

fn item(item: &Item) -> JsValue {
    object(&[
        ("label", item.label.as_str().into()),
        ("detail", item.detail.as_str().into()),
        ("info", item.info.as_str().into()),
        ("insert", item.insert.as_str().into()),
        ("back", u32::try_from(item.back).unwrap_or_default().into()),
    ])
}

fn card(text: &str, found: &Hover) -> JsValue {
    let lines: Array = found.lines.iter().map(|line| JsValue::from_str(line)).collect();
    let words = [("title", JsValue::from_str(&found.title)), ("lines", lines.into())];
    object(&[&ends(text, &found.word, "from", "to")[..], &words[..]].concat())
}
