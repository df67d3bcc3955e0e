//! The promise at the bottom, with what the browser says about it.

use crate::bridge::text;
use gloo::timers::callback::Interval;
use gloo::utils::{document, window};
use yew::prelude::*;

/// How often, in milliseconds, requests are counted again.
const EVERY: u32 = 2_000;

#[component]
pub fn Privacy() -> Html {
    let elsewhere = use_state_eq(|| 0);
    use_effect_with((), {
        let elsewhere = elsewhere.setter();
        move |()| {
            let interval = Interval::new(EVERY, move || elsewhere.set(requests_elsewhere()));
            move || drop(interval)
        }
    });
    let rule = use_memo((), |()| connect_rule());
    html! {
        <footer class="privacy">
            <p>
                <strong>{ "Nothing you paste leaves this page." }</strong>
                <span>
                    if *elsewhere == 0 {
                        { "It has asked for nothing but its own files." }
                    } else {
                        { *elsewhere }{ " requests went elsewhere: an extension of the browser may cause them." }
                    }
                </span>
                if let Some(rule) = &*rule {
                    <span>{ "The browser enforces " }<code>{ rule }</code>{ "." }</span>
                }
            </p>
        </footer>
    }
}

/// How many requests went to something that is not one of the page's own files. A file's name has no query but the
/// build's (web/boot.js), so that nothing typed can hide in one.
fn requests_elsewhere() -> usize {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let entries = window().performance().map(|performance| performance.get_entries_by_type("resource"));
    let names = entries.iter().flat_map(|entries| entries.iter()).map(|entry| text(&entry, "name"));
    names.filter(|name| !name.starts_with(folder)).count()
}

/// The part of the page's own policy that says which addresses it may speak to.
fn connect_rule() -> Option<String> {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten()?;
    let policy = meta.get_attribute("content")?;
    policy.split(';').map(str::trim).find(|rule| rule.starts_with("connect-src")).map(str::to_owned)
}
