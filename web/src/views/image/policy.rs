//! The pull policy, where it comes from, and the sentence that decided.

use crate::parts::line_button::line_button;
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::image::PullPolicy;
use podwhy_core::rule::{Rule, admission, image};
use podwhy_core::trace::{Decision, Mark, Step};
use std::rc::Rc;

/// Who says that the policy is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyOrigin {
    /// It stands in the text.
    Written,
    /// The API server filled it in.
    FilledIn,
    /// The object that is updated has it.
    Kept,
    /// The admission plug-in changed it.
    Forced,
    /// The whole field is dropped, so there is no policy.
    Dropped,
}

impl PolicyOrigin {
    fn words(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::FilledIn => "filled in",
            Self::Kept => "kept from the stored object",
            Self::Forced => "forced by AlwaysPullImages",
            Self::Dropped => "dropped",
        }
    }
}

/// The step that decided, which is the last of these, and what it makes of the policy.
pub fn deciding(steps: &[Step]) -> Option<(PolicyOrigin, &Step)> {
    let deciders: [(PolicyOrigin, &[&'static Rule]); 5] = [
        (PolicyOrigin::Forced, &[&admission::ALWAYS_PULL]),
        (PolicyOrigin::Dropped, &[&image::IMAGE_VOLUME_GATE]),
        (PolicyOrigin::Kept, &[&image::POLICY_SET_ONCE]),
        (PolicyOrigin::FilledIn, &[&image::DEFAULT_PULL_POLICY_LATEST, &image::DEFAULT_PULL_POLICY_OTHER]),
        (PolicyOrigin::Written, &[&image::POLICY_WRITTEN, &image::POLICY_UNSUPPORTED]),
    ];
    // The plug-in takes note of a policy that is Always already, and decides nothing then.
    let decides = |step: &Step, rules: &[&'static Rule]| {
        rules.iter().any(|rule| std::ptr::eq(*rule, step.rule))
            && (step.mark != Mark::Note || !std::ptr::eq(step.rule, &raw const admission::ALWAYS_PULL))
    };
    deciders
        .into_iter()
        .find_map(|(origin, rules)| Some((origin, steps.iter().rev().find(|step| decides(step, rules))?)))
}

/// The policy with its reasons.
pub fn policy_row(places: &Places, policy: &Decision<PullPolicy>) -> Html {
    let Decision { outcome, trace } = policy;
    let decided = deciding(trace);
    let origin = decided.map(|(origin, _)| origin);
    let unsupported = matches!(outcome, PullPolicy::Other(_));
    let steps: Rc<[Step]> = trace.clone().into();
    html! {
        <div class="row">
            <h4>{ "Pull policy" }</h4>
            <div>
                <p class="policy">
                    if origin != Some(PolicyOrigin::Dropped) {
                        <code class={classes!("policy-value", unsupported.then_some("refused"))}>{ outcome.name() }</code>
                    }
                    if let Some(origin) = origin {
                        <span class="chip">{ origin.words() }</span>
                    }
                </p>
                if let Some((_, step)) = decided {
                    <p class="finding">
                        { words(&step.finding) }
                        { for step.at.iter().map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
                    </p>
                }
                <Reasons {steps} />
            </div>
        </div>
    }
}
