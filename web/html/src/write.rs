//! Nodes to calls of `crate::element`.

use crate::parse::{Element, Node, Value};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// Attributes that are there or not (the HTML standard's boolean attributes).
const FLAGS: [&str; 10] =
    ["autofocus", "checked", "disabled", "hidden", "inert", "multiple", "open", "readonly", "required", "selected"];

/// The code that makes one node.
pub fn root(nodes: &[Node]) -> TokenStream {
    match nodes {
        [Node::Element(element)] => {
            let at = variable(0);
            let code = build(element, 0);
            quote!({ #code #at.node() })
        }
        [Node::Verbatim(code)] => quote!(::yew::html! { #code }),
        [Node::Value(code)] => quote!(crate::element::node(#code)),
        nodes => {
            let nodes = if let [Node::Fragment(inside)] = nodes { inside } else { nodes };
            let at = variable(0);
            let code = children(nodes, 0);
            quote!({
                let mut #at = crate::element::Element::fragment();
                #code
                #at.node()
            })
        }
    }
}

/// Each level has a name of its own, which no code in the text can mean.
fn variable(level: usize) -> Ident {
    format_ident!("element_{level}", span = Span::mixed_site())
}

/// Makes an element under the variable of its level.
fn build(element: &Element, level: usize) -> TokenStream {
    let at = variable(level);
    let name = &element.name;
    let mut labels = Vec::new();
    let mut set = TokenStream::new();
    for (label, value) in &element.attributes {
        let code = match (label.as_str(), value) {
            ("key", Value::Text(value)) => quote!(#at.key(#value);),
            ("key", Value::Code(value)) => quote!(#at.key(#value);),
            ("ref", Value::Code(value)) => quote!(#at.reference(#value);),
            (label, Value::Code(value)) if label.starts_with("on") => {
                let event = Ident::new(label, Span::call_site());
                quote!(#at.listen(::yew::html::#event::Wrapper::__macro_new(#value));)
            }
            (label, Value::Text(value)) => {
                labels.push(label.to_owned());
                quote!(#at.word(#value);)
            }
            (label, Value::Code(value)) => {
                labels.push(label.to_owned());
                if FLAGS.contains(&label) { quote!(#at.flag(#label, #value);) } else { quote!(#at.value(#value);) }
            }
        };
        set.extend(code);
    }
    let start = if labels.is_empty() {
        quote!(crate::element::Element::new(#name))
    } else {
        quote!(crate::element::Element::with(#name, &[#(#labels),*]))
    };
    let inside = children(&element.children, level);
    quote! {
        let mut #at = #start;
        #set
        #inside
    }
}

/// Puts nodes into the element of this level.
fn children(nodes: &[Node], level: usize) -> TokenStream {
    nodes.iter().map(|node| child(node, level)).collect()
}

fn child(node: &Node, level: usize) -> TokenStream {
    let at = variable(level);
    let below = variable(level + 1);
    match node {
        Node::Element(element) => {
            let code = build(element, level + 1);
            quote!({ #code #at.nest(#below); })
        }
        Node::Fragment(nodes) => {
            let code = children(nodes, level + 1);
            quote!({
                let mut #below = crate::element::Element::fragment();
                #code
                #at.nest(#below);
            })
        }
        Node::Verbatim(code) => quote!(#at.put(::yew::html! { #code });),
        Node::Text(text) => quote!(#at.text(#text);),
        Node::Value(code) => quote!(#at.put(#code);),
        Node::Each(code) => quote!(#at.put_all(#code);),
        Node::If(branches) => {
            let mut code = TokenStream::new();
            let mut otherwise = true;
            for (test, nodes) in branches {
                let body = match nodes.as_slice() {
                    [] => quote!(#at.nothing();),
                    // What fills exactly one place.
                    [Node::Each(_)] | [_, _, ..] => {
                        let inside = children(nodes, level + 1);
                        quote! {
                            let mut #below = crate::element::Element::fragment();
                            #inside
                            #at.nest(#below);
                        }
                    }
                    [node] => child(node, level),
                };
                otherwise &= !test.is_empty();
                let word = (!code.is_empty()).then(|| quote!(else));
                let test = (!test.is_empty()).then(|| quote!(if #test));
                code.extend(quote!(#word #test { #body }));
            }
            if otherwise {
                code.extend(quote!(else { #at.nothing(); }));
            }
            code
        }
    }
}
