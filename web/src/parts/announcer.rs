//! Tells who does not see the page how many decisions changed, once typing pauses.

use crate::evaluation::Verdict;
use crate::prelude::*;
use gloo::timers::callback::Timeout;
use std::rc::Rc;

/// The pause, in milliseconds, after which a change is told.
const PAUSE: u32 = 1_000;

#[derive(PartialEq, Properties)]
pub struct AnnouncerProps {
    pub verdicts: Rc<[Verdict]>,
}

#[component]
pub fn Announcer(props: &AnnouncerProps) -> Html {
    let message = use_state_eq(AttrValue::default);
    let told = use_mut_ref(|| None::<Rc<[Verdict]>>);
    use_effect_with(props.verdicts.clone(), {
        let message = message.setter();
        move |verdicts| {
            let verdicts = verdicts.clone();
            let timeout = Timeout::new(PAUSE, move || {
                // What stood there at first is no change.
                if let Some(before) = told.borrow_mut().replace(verdicts.clone()) {
                    message.set(announcement(changed(&before, &verdicts)));
                }
            });
            move || drop(timeout)
        }
    });
    html! { <p class="unseen" role="status" aria-live="polite">{ &*message }</p> }
}

/// How many containers came, went, or have another sentence.
fn changed(before: &[Verdict], after: &[Verdict]) -> usize {
    let same = |verdict: &&Verdict| {
        before
            .iter()
            .any(|old| old.subject == verdict.subject && old.sentence == verdict.sentence && old.sign == verdict.sign)
    };
    before.len().max(after.len()).saturating_sub(after.iter().filter(same).count())
}

fn announcement(count: usize) -> AttrValue {
    match count {
        0 => AttrValue::default(),
        1 => "1 decision changed".into(),
        _ => format!("{count} decisions changed").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::mark::Sign;
    use crate::state::View;

    fn verdict(subject: &'static str, sentence: &'static str) -> Verdict {
        Verdict {
            sign: Sign::Yes,
            subject: subject.into(),
            sentence: sentence.into(),
            view: View::Image,
            anchor: "a".into(),
            span: None,
            stale: false,
        }
    }

    #[test]
    fn changes_are_counted_once() {
        let before = [verdict("a", "Always"), verdict("b", "Never")];
        assert_eq!(changed(&before, &before), 0);
        assert_eq!(changed(&before, &[verdict("a", "Always"), verdict("b", "Always")]), 1);
        assert_eq!(changed(&before, &before[..1]), 1);
        assert_eq!(changed(&[], &before), 2);
        assert_eq!(announcement(3), "3 decisions changed");
    }
}
