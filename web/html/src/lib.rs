//! `html!` with the text that Yew's macro takes, expanded to calls of `crate::element`.
//!
//! Yew's macro writes the code that makes a node into every place where one is made, about 200 bytes of WebAssembly
//! for an element. This one writes calls. It knows less: elements, texts, `{ … }`, `{ for … }`, `if` and fragments.
//! Components and the elements that hold a value of their own (`input`, `textarea`) are left to Yew's macro.

mod parse;
mod write;

use proc_macro::TokenStream;

/// One node from its text.
#[proc_macro]
pub fn html(input: TokenStream) -> TokenStream {
    match parse::nodes(input.into()) {
        Ok(nodes) => write::root(&nodes).into(),
        Err(error) => {
            let (span, message) = (error.span, error.message);
            quote::quote_spanned!(span=> ::std::compile_error!(#message)).into()
        }
    }
}
