//! Makes nodes piece by piece. The page's `html!` (web/html) writes calls of this.
//!
//! Nothing here is inlined: what a call needs is downloaded once for each element of the page.

use std::rc::Rc;
use yew::AttrValue as IString;
use yew::html::NodeRef;
use yew::virtual_dom::listeners::Listeners;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, Listener, VList, VNode, VTag, VText};

/// An element that is being made, or a fragment, which has no name.
pub struct Element(Box<Parts>);

#[derive(Default)]
struct Parts {
    name: &'static str,
    labels: &'static [&'static str],
    /// One for each label.
    values: Vec<Option<AttributeOrProperty>>,
    node_ref: NodeRef,
    key: Option<Key>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
    /// The number of children is not always the same.
    is_list: bool,
}

impl Element {
    #[inline(never)]
    pub fn new(name: &'static str) -> Self {
        Self(Box::new(Parts { name, ..Parts::default() }))
    }

    /// An element with attributes, whose values follow in the same order.
    #[inline(never)]
    pub fn with(name: &'static str, labels: &'static [&'static str]) -> Self {
        let mut element = Self::new(name);
        element.0.labels = labels;
        element
    }

    #[inline(never)]
    pub fn fragment() -> Self {
        let mut element = Self::new("");
        element.0.is_list = true;
        element
    }

    /// The next attribute's value, which is always the same.
    #[inline(never)]
    pub fn word(&mut self, value: &'static str) {
        self.0.values.push(Some(AttributeOrProperty::Static(value)));
    }

    /// The next attribute, which is there or not.
    #[inline(never)]
    pub fn flag(&mut self, label: &'static str, there: bool) {
        self.0.values.push(there.then_some(AttributeOrProperty::Static(label)));
    }

    /// The next attribute's value.
    pub fn value(&mut self, value: impl AttributeValue) {
        value.set(self);
    }

    #[inline(never)]
    fn push_value(&mut self, value: Option<IString>) {
        self.0.values.push(value.map(AttributeOrProperty::Attribute));
    }

    #[inline(never)]
    fn push_string(&mut self, value: String) {
        self.push_value(Some(value.into()));
    }

    pub fn key(&mut self, key: impl Into<Key>) {
        self.0.key = Some(key.into());
    }

    #[inline(never)]
    pub fn reference(&mut self, node_ref: NodeRef) {
        self.0.node_ref = node_ref;
    }

    #[inline(never)]
    pub fn listen(&mut self, listener: Option<Rc<dyn Listener>>) {
        self.0.listeners.push(listener);
    }

    /// A child.
    pub fn put(&mut self, child: impl Child) {
        child.put(self);
    }

    #[inline(never)]
    fn push(&mut self, child: VNode) {
        self.0.children.push(child);
    }

    /// A child that is made already.
    #[inline(never)]
    pub fn nest(&mut self, child: Self) {
        self.push(child.node());
    }

    /// The place of a child that is not there.
    #[inline(never)]
    pub fn nothing(&mut self) {
        self.push(VNode::default());
    }

    /// A text that is always the same.
    #[inline(never)]
    pub fn text(&mut self, text: &'static str) {
        self.push(VText::new(text).into());
    }

    #[inline(never)]
    fn push_text(&mut self, text: IString) {
        self.push(VText::new(text).into());
    }

    #[inline(never)]
    fn push_str(&mut self, text: &str) {
        self.push_text(Rc::<str>::from(text).into());
    }

    /// Children of any number.
    pub fn put_all(&mut self, children: impl IntoIterator<Item = impl Child>) {
        self.0.is_list = true;
        for child in children {
            child.put(self);
        }
    }

    /// The node.
    #[inline(never)]
    pub fn node(self) -> VNode {
        let Parts { name, labels, values, node_ref, key, listeners, mut children, is_list } = *self.0;
        let children = match children.len() {
            // A list stays one, whatever it has, so that its elements stay the same.
            1 if !is_list => children.pop().unwrap_or_default(),
            0 if !is_list => VNode::default(),
            _ => VList::with_children(children, None).into(),
        };
        if name.is_empty() {
            return children;
        }
        let attributes = Attributes::Dynamic { keys: labels, values: values.into_boxed_slice() };
        let listeners = match listeners.is_empty() {
            true => Listeners::None,
            false => Listeners::Pending(listeners.into_boxed_slice()),
        };
        VTag::__new_other(IString::Static(name), node_ref, key, attributes, listeners, children).into()
    }
}

/// The node that a value stands for.
pub fn node(value: impl Child) -> VNode {
    let mut element = Element::fragment();
    value.put(&mut element);
    element.only()
}

impl Element {
    #[inline(never)]
    fn only(mut self) -> VNode {
        self.0.children.pop().unwrap_or_default()
    }
}

/// What an attribute can be set to. `None` is no attribute.
pub trait AttributeValue {
    fn set(self, element: &mut Element);
}

impl AttributeValue for &'static str {
    fn set(self, element: &mut Element) {
        element.word(self);
    }
}

impl AttributeValue for String {
    fn set(self, element: &mut Element) {
        element.push_string(self);
    }
}

impl AttributeValue for IString {
    fn set(self, element: &mut Element) {
        element.push_value(Some(self));
    }
}

impl AttributeValue for &IString {
    fn set(self, element: &mut Element) {
        element.push_value(Some(self.clone()));
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn set(self, element: &mut Element) {
        match self {
            Some(value) => value.set(element),
            None => element.push_value(None),
        }
    }
}

/// What can stand between elements. `None` is nothing.
pub trait Child {
    fn put(self, element: &mut Element);
}

impl Child for VNode {
    fn put(self, element: &mut Element) {
        element.push(self);
    }
}

impl Child for &str {
    fn put(self, element: &mut Element) {
        element.push_str(self);
    }
}

impl Child for String {
    fn put(self, element: &mut Element) {
        element.push_str(&self);
    }
}

impl Child for &String {
    fn put(self, element: &mut Element) {
        element.push_str(self);
    }
}

impl Child for IString {
    fn put(self, element: &mut Element) {
        element.push_text(self);
    }
}

impl Child for &IString {
    fn put(self, element: &mut Element) {
        element.push_text(self.clone());
    }
}

impl Child for &&'static str {
    fn put(self, element: &mut Element) {
        element.text(self);
    }
}

/// What is written as it is printed.
macro_rules! printed {
    ($($kind:ty)*) => {
        $(impl Child for $kind {
            fn put(self, element: &mut Element) {
                element.push_str(&self.to_string());
            }
        })*
    };
}

printed!(char usize u64 i64 i32);

impl Child for u32 {
    fn put(self, element: &mut Element) {
        (self as usize).put(element);
    }
}

impl<T: Child> Child for Option<T> {
    fn put(self, element: &mut Element) {
        match self {
            Some(child) => child.put(element),
            None => element.nothing(),
        }
    }
}

/// A class made of words, some of which may be missing; empty is no class.
#[derive(Default)]
pub struct Class(String);

impl Class {
    #[inline(never)]
    pub fn add(&mut self, word: &str) {
        if !self.0.is_empty() && !word.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }

    pub fn also(&mut self, word: impl ClassWord) {
        word.add_to(self);
    }
}

impl AttributeValue for Class {
    fn set(self, element: &mut Element) {
        if self.0.is_empty() { element.push_value(None) } else { element.push_string(self.0) }
    }
}

/// For components that ask for Yew's classes.
impl From<Class> for yew::Classes {
    fn from(class: Class) -> Self {
        class.0.into()
    }
}

/// A part of a class.
pub trait ClassWord {
    fn add_to(self, class: &mut Class);
}

impl ClassWord for &str {
    fn add_to(self, class: &mut Class) {
        class.add(self);
    }
}

impl<T: ClassWord> ClassWord for Option<T> {
    fn add_to(self, class: &mut Class) {
        if let Some(word) = self {
            word.add_to(class);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

    #[derive(PartialEq, Properties)]
    struct HostProps {
        node: Html,
    }

    #[component]
    fn Host(props: &HostProps) -> Html {
        props.node.clone()
    }

    async fn drawn(node: Html) -> String {
        let root = gloo::utils::document().create_element("div").expect("an element");
        yew::Renderer::<Host>::with_root_and_props(root.clone(), HostProps { node }).render();
        yew::scheduler::flush().await;
        root.inner_html()
    }

    /// The same text by Yew's macro and by the page's. Yew puts the class last, so these texts do too.
    macro_rules! both {
        ($($text:tt)*) => {
            assert_eq!(drawn(html! { $($text)* }).await, drawn(yew::html! { $($text)* }).await)
        };
    }

    #[wasm_bindgen_test]
    async fn yews_macro_draws_the_same() {
        let (some, none) = (Some("x".to_owned()), None::<String>);
        let title = AttrValue::from("t".to_owned());
        both! { <p>{ "text" }</p> };
        both! { <p data-at="1" hidden=true class="a b">{ "x" }{ 3_usize }{ ' ' }{ title.as_str() }</p> };
        both! { <p title={&title} class={classes!("a", none.as_ref().map(|_| "b"), some.as_ref().map(|_| "c"))} /> };
        both! { <button type="button" hidden={some.is_none()} aria-label={some.clone()} title={none.clone()}></button> };
        both! { <ul>{ for (0..3_usize).map(|at| html! { <li key={at}>{ at }</li> }) }</ul> };
        both! { <><b>{ "one" }</b>{ "two" }<i /></> };
        both! { <p>if some.is_some() { <b>{ "yes" }</b>{ "!" } } else { { "no" } }</p> };
        both! { <p>if let Some(text) = &none { { text } } else if let Some(text) = &some { <i>{ text }</i> }</p> };
        both! { <p>{ none.as_ref().map(|text| html! { <b>{ text }</b> }) }<input type="text" value="v" />{ title.clone() }</p> };
        both! { <svg viewBox="0 0 1 1"><path d="M0 0" class="p" /></svg> };
    }

    #[wasm_bindgen_test]
    async fn an_expression_alone_is_a_node() {
        let count = 2_usize;
        assert_eq!(drawn(html! { count + 1 }).await, "3");
        assert_eq!(drawn(html! { "a" }).await, "a");
        assert_eq!(drawn(html! {}).await, "");
    }
}
