//! When something is saved: after a pause in typing, and before the page goes away.

use crate::prelude::*;
use crate::texts::Texts;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use std::cell::RefCell;

/// The pause in typing, in milliseconds, after which the texts are kept.
const PAUSE: u32 = 300;

/// Saves the texts whenever they have changed, once there are any. Who reloads before the pause is over loses nothing.
#[hook]
pub fn use_saving(texts: Option<&Texts>, save: impl Fn(&Texts) + Clone + 'static) {
    let waiting = use_memo((), |()| RefCell::new(None::<Texts>));
    let save_waiting = {
        let waiting = waiting.clone();
        move || {
            let texts = waiting.borrow_mut().take();
            texts.iter().for_each(&save);
        }
    };
    use_effect_with(texts.cloned(), {
        let save_waiting = save_waiting.clone();
        move |texts| {
            waiting.borrow_mut().clone_from(texts);
            let later = Timeout::new(PAUSE, save_waiting);
            move || drop(later)
        }
    });
    use_effect_with((), move |()| {
        let left = EventListener::new(&window(), "pagehide", move |_| save_waiting());
        move || drop(left)
    });
}
