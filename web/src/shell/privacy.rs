//! The promise at the bottom, with what the browser says about it.

use gloo::timers::callback::Interval;
use gloo::utils::{document, window};
use yew::prelude::*;

/// How often, in milliseconds, requests are counted again.
const EVERY: u32 = 2_000;

#[component]
pub fn Privacy() -> Html {
    let at_start = use_memo((), |()| requests());
    let since = use_state_eq(|| 0);
    use_effect_with((), {
        let since = since.setter();
        move |()| {
            let interval = Interval::new(EVERY, move || since.set(requests().saturating_sub(*at_start)));
            move || drop(interval)
        }
    });
    let rule = use_memo((), |()| connect_rule());
    html! {
        <footer class="privacy">
            <p>
                <strong>{ "Nothing you paste leaves this page." }</strong>
                <span>
                    { match *since {
                        0 => "No request since it loaded.".to_owned(),
                        1 => "1 request since it loaded.".to_owned(),
                        count => format!("{count} requests since it loaded."),
                    } }
                </span>
                if let Some(rule) = &*rule {
                    <span>{ "The browser enforces " }<code>{ rule }</code>{ "." }</span>
                }
            </p>
        </footer>
    }
}

/// How many resources the page asked for so far.
fn requests() -> u32 {
    window().performance().map_or(0, |performance| performance.get_entries_by_type("resource").length())
}

/// The part of the page's own policy that says which addresses it may speak to.
fn connect_rule() -> Option<String> {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten()?;
    let policy = meta.get_attribute("content")?;
    policy.split(';').map(str::trim).find(|rule| rule.starts_with("connect-src")).map(str::to_owned)
}
