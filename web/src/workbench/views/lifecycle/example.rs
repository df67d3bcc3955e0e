//! The example that the documentation works through, one click away.

use crate::prelude::*;
use crate::workbench::bench::Bench;
use podwhy_core::session::InputKind;

const MANIFEST: &str = include_str!("example.yaml");
const SCENARIO: &str = include_str!("example-scenario.yaml");

pub fn example(bench: &Bench) -> Html {
    let bench = bench.clone();
    let onclick = Callback::from(move |_| {
        let texts = [(InputKind::Manifests, MANIFEST.to_owned()), (InputKind::Scenario, SCENARIO.to_owned())];
        bench.replace(&texts, "Loaded the documentation\u{2019}s example.");
    });
    html! {
        <p class="life-example">
            <button type="button" class="small" {onclick} title="60 s of grace, a preStop hook of 55 s, a process that needs 10 s after TERM">
                { "Load the documentation\u{2019}s 60/55/10 example" }
            </button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::evaluate::Whole;
    use podwhy_core::session::{Input, Session};

    #[test]
    fn the_example_says_what_the_documentation_says() {
        let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
        let inputs = vec![input(InputKind::Manifests, MANIFEST), input(InputKind::Scenario, SCENARIO)];
        let whole = Whole::of(Session { inputs, ..Session::default() });
        assert_eq!(whole.report.problems, []);
        let played = whole.lifecycle(0).unwrap();
        assert!(played.verdict.text.ends_with("it is killed at 60 s."), "{}", played.verdict.text);
    }
}
