//! Answers what the code editor asks (web/editor/core.js): completion, hover and fixes. Its places are UTF-16 units.

use crate::bridge::{ASSIST, detail, number, object, text};
use crate::editor::utf16;
use crate::prelude::*;
use crate::workbench::Answered;
use gloo::events::EventListener;
use gloo::utils::{document, document_element};
use js_sys::{Array, Reflect};
use podwhy_core::advice::apply;
use podwhy_core::complete::{Completions, Fix, Hover, Item, complete, fixes, hover};
use podwhy_core::evaluate::Problem;
use podwhy_core::release::Release;
use podwhy_core::session::InputKind;
use podwhy_source::Span;
use std::ops::Range;
use wasm_bindgen::JsValue;

/// Answers for `release`, as soon as there is one; fixes are those of the list of problems.
#[hook]
pub fn use_assist(release: Option<Release>, answered: Option<&Answered>) {
    use_effect_with((release, answered.cloned()), |(release, answered)| {
        let (release, answered) = (*release, answered.clone());
        let listener = release.map(|release| {
            EventListener::new(&document(), ASSIST, move |event| {
                let question = detail(event);
                let answer = answer(&question, release, answered.as_ref()).unwrap_or_default();
                _ = Reflect::set(&question, &"answer".into(), &answer);
            })
        });
        move || drop(listener)
    });
    // Who asked before asks again (web/editor/main.js), which writing the same value tells too: each answer has fixes of
    // its own, and the marks may be those that the page had already moved to where they belong now.
    use_effect_with(answered.cloned(), |answered| {
        if let Some(answered) = answered {
            _ = document_element().set_attribute("data-assist", &answered.told.cluster.release.to_string());
        }
    });
}

fn answer(question: &JsValue, release: Release, answered: Option<&Answered>) -> Option<JsValue> {
    let input = InputKind::of_word(text(question, "id").strip_prefix("text-")?)?;
    let content = text(question, "text");
    let byte = |name| utf16::to_byte(&content, number(question, name)) as usize;
    match text(question, "ask").as_str() {
        "complete" => Some(completions(&content, &complete(&content, byte("offset"), input, release))),
        "hover" => hover(&content, byte("offset"), input, release).map(|found| card(&content, &found)),
        "fixes" => {
            let range = byte("from")..byte("to");
            let code = text(question, "code");
            let listed = answered.and_then(|answered| listed_fix(answered, input, &content, &code, &range));
            let found = listed.map_or_else(|| fixes(&content, &code, range, input, release), |fix| vec![fix]);
            Some(found.iter().map(|fix| edit(&content, fix)).collect::<Array>().into())
        }
        _ => None,
    }
}

/// The fix that the list of problems has for this one, if it changes this text alone.
fn listed_fix(answered: &Answered, kind: InputKind, content: &str, code: &str, range: &Range<usize>) -> Option<Fix> {
    let texts = &answered.told.texts;
    if texts.get(kind).as_str() != content {
        return None;
    }
    let input = texts.id_of(kind)?;
    let span = Span::new(input, range.start, range.end);
    let same = |problem: &&Problem| problem.diagnostic.code == code && problem.diagnostic.span == Some(span);
    let fix = answered.problems.iter().filter(same).find_map(|problem| problem.fix.as_ref())?;
    if fix.edits.iter().any(|edit| edit.input != input) {
        return None;
    }
    let start = fix.edits.iter().map(|edit| edit.start).min()? as usize;
    let end = fix.edits.iter().map(|edit| edit.end).max()? as usize;
    let after = apply(content, input, &fix.edits);
    let behind = content.len().checked_sub(end)?;
    let insert = after.get(start..after.len().checked_sub(behind)?)?.to_owned();
    Some(Fix { title: fix.title.replace('`', ""), range: start..end, insert })
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

fn edit(text: &str, fix: &Fix) -> JsValue {
    let words = [("title", JsValue::from_str(&fix.title)), ("insert", fix.insert.as_str().into())];
    object(&[&ends(text, &fix.range, "from", "to")[..], &words[..]].concat())
}
