//! The text to nodes.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::iter::Peekable;
use std::vec::IntoIter;

/// What stands in the text.
pub enum Node {
    Element(Element),
    /// Children without an element around them.
    Fragment(Vec<Node>),
    /// A component or an element that is left to Yew, as it is written.
    Verbatim(TokenStream),
    Text(TokenTree),
    /// `{ … }`
    Value(TokenStream),
    /// `{ for … }`
    Each(TokenStream),
    /// `if … { … } else …`: every condition with its children; the last condition may be empty.
    If(Vec<(TokenStream, Vec<Node>)>),
}

/// `<name attribute="text" other={value}>…</name>`
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, Value)>,
    pub children: Vec<Node>,
}

/// What an attribute is set to.
pub enum Value {
    Text(TokenTree),
    Code(TokenStream),
}

/// What is wrong with the text.
pub struct Error {
    pub span: Span,
    pub message: String,
}

type Result<T> = std::result::Result<T, Error>;

/// The elements that hold a value of their own.
const VERBATIM: [&str; 2] = ["input", "textarea"];

/// All nodes of a text.
pub fn nodes(text: TokenStream) -> Result<Vec<Node>> {
    // An expression alone.
    match text.clone().into_iter().next() {
        None => return Ok(Vec::new()),
        Some(TokenTree::Ident(word)) if word == "if" => {}
        Some(token @ TokenTree::Punct(_)) if is_punct(&token, '<') => {}
        Some(TokenTree::Ident(_) | TokenTree::Punct(_)) => return Ok(vec![Node::Value(text)]),
        _ => {}
    }
    let mut reader = Reader::new(text);
    let nodes = reader.nodes()?;
    match reader.next() {
        None => Ok(nodes),
        Some(left) => wrong(left.span(), "nothing is open that this could close"),
    }
}

fn wrong<T>(span: Span, message: &str) -> Result<T> {
    Err(Error { span, message: message.to_owned() })
}

struct Reader {
    tokens: Peekable<IntoIter<TokenTree>>,
}

impl Reader {
    fn new(text: TokenStream) -> Self {
        Self { tokens: text.into_iter().collect::<Vec<_>>().into_iter().peekable() }
    }

    fn next(&mut self) -> Option<TokenTree> {
        self.tokens.next()
    }

    /// Nodes up to the end or to `</`.
    fn nodes(&mut self) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.peek() {
            if is_punct(token, '<') {
                let mut ahead = self.tokens.clone();
                ahead.next();
                if ahead.next().is_some_and(|token| is_punct(&token, '/')) {
                    break;
                }
            }
            nodes.push(self.node()?);
        }
        Ok(nodes)
    }

    fn node(&mut self) -> Result<Node> {
        match self.next() {
            Some(TokenTree::Literal(text)) => Ok(Node::Text(TokenTree::Literal(text))),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Ok(block(&group)),
            Some(TokenTree::Ident(word)) if word == "if" => self.condition(),
            Some(token) if is_punct(&token, '<') => self.tag(token),
            Some(token) => wrong(token.span(), "an element, a text, `{ … }` or `if` can stand here"),
            None => wrong(Span::call_site(), "a node is missing"),
        }
    }

    fn condition(&mut self) -> Result<Node> {
        let mut branches = Vec::new();
        loop {
            let mut test = TokenStream::new();
            // Braces between `let` and its `=` belong to the pattern.
            let (mut in_pattern, mut range) = (false, false);
            let body = loop {
                match self.next() {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && !in_pattern => {
                        break group;
                    }
                    Some(token) => {
                        match &token {
                            TokenTree::Ident(word) if word == "let" => in_pattern = true,
                            token if is_punct(token, '=') && !range => in_pattern = false,
                            _ => {}
                        }
                        range = is_punct(&token, '.');
                        test.extend([token]);
                    }
                    None => return wrong(Span::call_site(), "this `if` has no `{ … }`"),
                }
            };
            let last = test.is_empty();
            branches.push((test, nodes(body.stream())?));
            if last || !matches!(self.tokens.peek(), Some(TokenTree::Ident(word)) if word == "else") {
                return Ok(Node::If(branches));
            }
            self.next();
            if matches!(self.tokens.peek(), Some(TokenTree::Ident(word)) if word == "if") {
                self.next();
            }
        }
    }

    /// What stands behind a `<`.
    fn tag(&mut self, open: TokenTree) -> Result<Node> {
        match self.next() {
            Some(token) if is_punct(&token, '>') => {
                let children = self.nodes()?;
                self.close("")?;
                Ok(Node::Fragment(children))
            }
            Some(TokenTree::Ident(name)) => {
                let text = name.to_string();
                let in_module = self.tokens.peek().is_some_and(|token| is_punct(token, ':'));
                if in_module || VERBATIM.contains(&text.as_str()) || text.starts_with(char::is_uppercase) {
                    self.verbatim(open, name)
                } else {
                    self.element(text)
                }
            }
            token => wrong(token.map_or_else(Span::call_site, |token| token.span()), "a name is missing behind `<`"),
        }
    }

    fn element(&mut self, name: String) -> Result<Node> {
        let mut attributes = Vec::new();
        loop {
            match self.next() {
                Some(token) if is_punct(&token, '>') => break,
                Some(token) if is_punct(&token, '/') => {
                    self.next();
                    return Ok(Node::Element(Element { name, attributes, children: Vec::new() }));
                }
                // `{name}` is short for `name={name}`.
                Some(TokenTree::Group(group)) => {
                    attributes.push((group.stream().to_string(), Value::Code(group.stream())));
                }
                Some(TokenTree::Ident(first)) => {
                    let label = self.label(&first);
                    let value = match self.next() {
                        Some(TokenTree::Literal(text)) => Value::Text(TokenTree::Literal(text)),
                        Some(TokenTree::Group(group)) => Value::Code(group.stream()),
                        Some(TokenTree::Ident(word)) if word == "true" => Value::Code(word.into_token_stream()),
                        _ => return wrong(first.span(), "this attribute needs a text or `{ … }` behind `=`"),
                    };
                    attributes.push((label, value));
                }
                token => {
                    let span = token.map_or_else(Span::call_site, |token| token.span());
                    return wrong(span, "an attribute, `>` or `/>` can stand here");
                }
            }
        }
        let children = self.nodes()?;
        self.close(&name)?;
        Ok(Node::Element(Element { name, attributes, children }))
    }

    /// A name with dashes, and the `=` behind it.
    fn label(&mut self, first: &Ident) -> String {
        let mut label = first.to_string();
        while let Some(token) = self.next() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '=' => break,
                token => label.push_str(&token.to_string()),
            }
        }
        label
    }

    fn close(&mut self, name: &str) -> Result<()> {
        let mut text = String::new();
        let mut span = Span::call_site();
        for token in self.tokens.by_ref() {
            span = token.span();
            text.push_str(&token.to_string());
            if is_punct(&token, '>') {
                break;
            }
        }
        if text == format!("</{name}>") { Ok(()) } else { wrong(span, &format!("`</{name}>` is missing here")) }
    }

    /// Everything up to the end of what begins with this name.
    fn verbatim(&mut self, open: TokenTree, name: Ident) -> Result<Node> {
        let mut tokens = vec![open, TokenTree::Ident(name.clone())];
        let mut depth = 0_usize;
        let mut type_arguments = 0_usize;
        let mut in_tag = true;
        let mut closing = false;
        while let Some(token) = self.next() {
            let before = tokens.last().map(|token| is_punct(token, '<'));
            tokens.push(token.clone());
            match token {
                TokenTree::Ident(ref word) if before == Some(true) && !in_tag && *word == name => in_tag = true,
                TokenTree::Punct(ref sign) => match sign.as_char() {
                    '<' if in_tag => type_arguments += 1,
                    '/' if before == Some(true) && !in_tag => {
                        closing = matches!(self.tokens.peek(), Some(TokenTree::Ident(word)) if *word == name);
                        in_tag = closing;
                    }
                    '>' if in_tag && type_arguments > 0 => type_arguments -= 1,
                    '>' if in_tag => {
                        let empty = tokens.iter().rev().nth(1).is_some_and(|token| is_punct(token, '/'));
                        in_tag = false;
                        match (closing, empty) {
                            (true, _) => depth -= 1,
                            (false, true) => {}
                            (false, false) => depth += 1,
                        }
                        closing = false;
                        if depth == 0 {
                            return Ok(Node::Verbatim(tokens.into_iter().collect()));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        wrong(name.span(), "the end of this is missing")
    }
}

fn block(group: &Group) -> Node {
    let mut tokens = group.stream().into_iter();
    match tokens.next() {
        Some(TokenTree::Ident(word)) if word == "for" => Node::Each(tokens.collect()),
        Some(TokenTree::Literal(text)) if tokens.next().is_none() && text.to_string().starts_with('"') => {
            Node::Text(TokenTree::Literal(text))
        }
        _ => {
            let code = group.stream();
            // Statements need their braces.
            let statements =
                code.clone().into_iter().any(|token| matches!(&token, TokenTree::Punct(sign) if sign.as_char() == ';'));
            Node::Value(if statements { quote!({ #code }) } else { code })
        }
    }
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
