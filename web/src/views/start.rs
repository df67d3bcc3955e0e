//! What stands in the result pane while there is no text: what to paste, and the examples.

use crate::examples::EXAMPLES;
use crate::prelude::*;
use crate::state::{Action, State};

pub fn start(dispatch: &UseReducerDispatcher<State>) -> Html {
    html! {
        <div class="start">
            <h2>{ "Paste a pod" }</h2>
            <p>{ "Then you see here which pull policy each container gets, which registry credentials match its image, \
                  and in which order they are tried, each with its reason and the line that caused it." }</p>
            <h3>{ "Or begin with an example" }</h3>
            <ul class="start-examples">
                { for EXAMPLES.iter().map(|example| {
                    let dispatch = dispatch.clone();
                    let onclick = Callback::from(move |_| dispatch.dispatch(Action::ExampleChosen(example)));
                    html! { <li key={example.name}><button type="button" {onclick}>{ example.name }</button></li> }
                }) }
            </ul>
        </div>
    }
}
