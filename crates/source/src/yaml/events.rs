//! The tokens to events: values, and where lists and maps begin and end (libyaml's parser).

use super::scanner::Scanner;
use super::tokens::{Kind, Problem, Result, Token};
use crate::names::Names;
use crate::scalar::Tag;
use std::mem::replace;

/// What stands in the text, with the bytes that it takes.
pub(super) struct Event {
    pub what: What,
    pub start: usize,
    pub end: usize,
}

pub(super) enum What {
    /// A scalar; `plain` and `quoted` say how it is written.
    Scalar { text: String, plain: bool, quoted: bool, tag: Tag, anchor: usize },
    /// `flow`: it ends with a bracket of its own. The anchor's number, 0 for none.
    ListStart { flow: bool, anchor: usize },
    /// The same for a map.
    MapStart { flow: bool, anchor: usize },
    /// The list or map that began last ends.
    End,
    /// What stands at the anchor of this number.
    Alias(usize),
    /// The first document ends, or there is none.
    DocumentEnd,
}

/// What comes next.
#[derive(Clone, Copy)]
enum State {
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    ListEntry,
    /// A list whose dashes are not further right than the key that it belongs to.
    FlushListEntry,
    MapKey,
    MapValue,
    FlowListEntry {
        first: bool,
    },
    /// A single pair in a list, `[a: b]`.
    PairKey,
    PairValue,
    PairEnd,
    FlowMapKey {
        first: bool,
    },
    FlowMapValue {
        empty: bool,
    },
}

pub(super) struct Events<'a> {
    scanner: Scanner<'a>,
    token: Token<'a>,
    state: State,
    /// The states to return to.
    states: Vec<State>,
    /// `%TAG` directives: handle and prefix.
    handles: Vec<(&'a str, String)>,
    names: Names<'a>,
    /// The last anchor of each name; anchors are counted from 1.
    anchors: Vec<usize>,
    anchor_count: usize,
}

impl<'a> Events<'a> {
    pub fn new(text: &'a str) -> Result<Self> {
        let mut scanner = Scanner::new(text);
        Ok(Self {
            token: scanner.next()?,
            scanner,
            state: State::DocumentStart,
            states: Vec::new(),
            handles: Vec::new(),
            names: Names::default(),
            anchors: Vec::new(),
            anchor_count: 0,
        })
    }

    /// The next event of the first document; not to be called again after its end.
    pub fn next(&mut self) -> Result<Event> {
        match self.state {
            State::DocumentStart => self.document_start(),
            State::DocumentContent => {
                self.state = State::DocumentEnd;
                let empty =
                    [Kind::Version, Kind::TagDirective, Kind::DocumentStart, Kind::DocumentEnd, Kind::StreamEnd];
                if self.is_one_of(&empty) { Ok(self.empty_scalar(self.token.start)) } else { self.node(true, false) }
            }
            State::DocumentEnd => Ok(self.event(What::DocumentEnd)),
            State::ListEntry => {
                if self.token.kind == Kind::BlockEntry {
                    let dash = self.take()?;
                    self.block_part(State::ListEntry, &[Kind::BlockEntry, Kind::BlockEnd], dash.end, false)
                } else if self.token.kind == Kind::BlockEnd {
                    self.close()
                } else {
                    self.problem(
                        "a list element cannot stand here",
                        "Compare the indentation of the `-` with the other elements of the list.",
                    )
                }
            }
            State::FlushListEntry => {
                if self.token.kind == Kind::BlockEntry {
                    let dash = self.take()?;
                    let ends = [Kind::BlockEntry, Kind::Key, Kind::Value, Kind::BlockEnd];
                    self.block_part(State::FlushListEntry, &ends, dash.end, false)
                } else {
                    self.return_to();
                    Ok(self.event(What::End))
                }
            }
            State::MapKey => {
                if self.token.kind == Kind::Key {
                    let key = self.take()?;
                    self.block_part(State::MapValue, &[Kind::Key, Kind::Value, Kind::BlockEnd], key.end, true)
                } else if self.token.kind == Kind::BlockEnd {
                    self.close()
                } else {
                    self.problem(
                        "expected a key followed by `:`",
                        "Either a `:` is missing or the line is indented differently from its neighbours.",
                    )
                }
            }
            State::MapValue => {
                if self.token.kind == Kind::Value {
                    let colon = self.take()?;
                    self.block_part(State::MapKey, &[Kind::Key, Kind::Value, Kind::BlockEnd], colon.end, true)
                } else {
                    self.state = State::MapKey;
                    Ok(self.empty_scalar(self.token.start))
                }
            }
            State::FlowListEntry { first } => self.flow_list_entry(first),
            State::PairKey => {
                if self.is_one_of(&[Kind::Value, Kind::FlowEntry, Kind::FlowListEnd]) {
                    // libyaml passes over this token, and so does Kubernetes' reader.
                    let token = self.take()?;
                    self.state = State::PairValue;
                    return Ok(self.empty_scalar(token.end));
                }
                self.states.push(State::PairValue);
                self.node(false, false)
            }
            State::PairValue => {
                let value = self.token.kind == Kind::Value;
                self.flow_value(value, State::PairEnd, Kind::FlowListEnd)
            }
            State::PairEnd => {
                self.state = State::FlowListEntry { first: false };
                Ok(self.event(What::End))
            }
            State::FlowMapKey { first } => self.flow_map_key(first),
            State::FlowMapValue { empty } => {
                let value = !empty && self.token.kind == Kind::Value;
                self.flow_value(value, State::FlowMapKey { first: false }, Kind::FlowMapEnd)
            }
        }
    }

    fn document_start(&mut self) -> Result<Event> {
        while self.token.kind == Kind::DocumentEnd {
            self.take()?;
        }
        if self.token.kind == Kind::StreamEnd {
            return Ok(self.event(What::DocumentEnd));
        }
        let mut version = false;
        while self.is_one_of(&[Kind::Version, Kind::TagDirective]) {
            let name = self.token.name;
            let again = match self.token.kind {
                Kind::Version => replace(&mut version, true),
                _ => self.handles.iter().any(|(handle, _)| *handle == name),
            };
            if again {
                return self.problem("the same directive stands here twice", "");
            }
            let directive = self.take()?;
            if directive.kind == Kind::TagDirective {
                self.handles.push((directive.name, directive.text));
            }
            if !self.is_one_of(&[Kind::Version, Kind::TagDirective, Kind::DocumentStart]) {
                return self.problem("`---` must follow a line that begins with `%`", "");
            }
        }
        if self.token.kind == Kind::DocumentStart {
            self.take()?;
            self.state = State::DocumentContent;
            return self.next();
        }
        self.states.push(State::DocumentEnd);
        self.node(true, false)
    }

    /// A value with what stands before it: an alias, a scalar, or the beginning of a list or a map.
    fn node(&mut self, block: bool, flush_list: bool) -> Result<Event> {
        if self.token.kind == Kind::Alias {
            let name = self.names.number(self.token.name);
            let Some(number) = name.and_then(|name| self.anchors.get(name)).copied() else {
                return self.problem(
                    "no anchor of this name stands before this alias",
                    "A value that begins with `*` needs quotes.",
                );
            };
            let token = self.take()?;
            self.return_to();
            return Ok(Event { what: What::Alias(number), start: token.start, end: token.end });
        }
        let start = self.token.start;
        let (mut tag, mut anchor, mut end) = (Tag::None, 0, start);
        let mut named = (false, false);
        loop {
            match self.token.kind {
                Kind::Anchor if !named.0 => {
                    self.anchor_count += 1;
                    anchor = self.anchor_count;
                    named.0 = true;
                    let token = self.take()?;
                    let (name, _) = self.names.add(token.name);
                    self.anchors.resize(self.anchors.len().max(name + 1), 0);
                    if let Some(last) = self.anchors.get_mut(name) {
                        *last = anchor;
                    }
                    end = token.end;
                }
                Kind::Tag if !named.1 => {
                    tag = self.resolve_tag()?;
                    named.1 = true;
                    end = self.take()?.end;
                }
                _ => break,
            }
        }
        let kind = self.token.kind;
        let what = match kind {
            Kind::BlockEntry if flush_list => {
                self.state = State::FlushListEntry;
                return Ok(Event { what: What::ListStart { flow: false, anchor }, start, end: self.token.end });
            }
            Kind::Plain | Kind::Quoted | Kind::Block => {
                let token = self.take()?;
                self.return_to();
                let what = What::Scalar {
                    text: token.text,
                    plain: kind == Kind::Plain,
                    quoted: kind == Kind::Quoted,
                    tag,
                    anchor,
                };
                return Ok(Event { what, start, end: token.end });
            }
            Kind::FlowList => {
                self.state = State::FlowListEntry { first: true };
                What::ListStart { flow: true, anchor }
            }
            Kind::FlowMap => {
                self.state = State::FlowMapKey { first: true };
                What::MapStart { flow: true, anchor }
            }
            Kind::BlockList if block => {
                self.state = State::ListEntry;
                What::ListStart { flow: false, anchor }
            }
            Kind::BlockMap if block => {
                self.state = State::MapKey;
                What::MapStart { flow: false, anchor }
            }
            _ if named.0 || named.1 => {
                self.return_to();
                let what = What::Scalar { text: String::new(), plain: true, quoted: false, tag, anchor };
                return Ok(Event { what, start, end });
            }
            _ => return self.problem("a value is missing before this", ""),
        };
        let token = self.take()?;
        Ok(Event { what, start, end: token.end })
    }

    /// The part of a block behind its indicator: nothing if one of `ends` follows.
    fn block_part(&mut self, then: State, ends: &[Kind], at: usize, flush_list: bool) -> Result<Event> {
        if self.is_one_of(ends) {
            self.state = then;
            return Ok(self.empty_scalar(at));
        }
        self.states.push(then);
        self.node(true, flush_list)
    }

    fn flow_list_entry(&mut self, first: bool) -> Result<Event> {
        if self.token.kind != Kind::FlowListEnd {
            if !first {
                self.comma()?;
            }
            if self.token.kind == Kind::Key {
                let key = self.take()?;
                self.state = State::PairKey;
                // It has no bracket of its own to end with.
                return Ok(Event { what: What::MapStart { flow: false, anchor: 0 }, start: key.start, end: key.end });
            }
            if self.token.kind != Kind::FlowListEnd {
                self.states.push(State::FlowListEntry { first: false });
                return self.node(false, false);
            }
        }
        self.close()
    }

    fn flow_map_key(&mut self, first: bool) -> Result<Event> {
        if self.token.kind != Kind::FlowMapEnd {
            if !first {
                self.comma()?;
            }
            if self.token.kind == Kind::Key {
                let key = self.take()?;
                if self.is_one_of(&[Kind::Value, Kind::FlowEntry, Kind::FlowMapEnd]) {
                    self.state = State::FlowMapValue { empty: false };
                    return Ok(self.empty_scalar(key.end));
                }
                self.states.push(State::FlowMapValue { empty: false });
                return self.node(false, false);
            }
            if self.token.kind != Kind::FlowMapEnd {
                self.states.push(State::FlowMapValue { empty: true });
                return self.node(false, false);
            }
        }
        self.close()
    }

    /// The value of a pair between brackets or braces, which may be missing.
    fn flow_value(&mut self, written: bool, then: State, closing: Kind) -> Result<Event> {
        if written {
            self.take()?;
            if !self.is_one_of(&[Kind::FlowEntry, closing]) {
                self.states.push(then);
                return self.node(false, false);
            }
        }
        self.state = then;
        Ok(self.empty_scalar(self.token.start))
    }

    fn comma(&mut self) -> Result<()> {
        if self.token.kind == Kind::FlowEntry {
            return self.take().map(|_| ());
        }
        let help = "Between `[` and `]` or `{` and `}` a comma separates the values.";
        if self.token.kind == Kind::StreamEnd {
            return self.problem("a `[` or `{` is never closed", "Add the closing `]` or `}`.");
        }
        self.problem("a comma or a closing bracket is missing before this", help)
    }

    /// The end of a list or a map by the token that is here.
    fn close(&mut self) -> Result<Event> {
        let token = self.take()?;
        self.return_to();
        Ok(Event { what: What::End, start: token.start, end: token.end })
    }

    fn resolve_tag(&self) -> Result<Tag> {
        let Token { name, text, .. } = &self.token;
        let prefix = match self.handles.iter().find(|(handle, _)| handle == name) {
            Some((_, prefix)) => prefix.as_str(),
            None => match *name {
                "" | "!" => name,
                "!!" => CORE,
                _ => return self.problem("this tag's handle is not declared by a `%TAG`", ""),
            },
        };
        let whole = [prefix, text].concat();
        Ok(match whole.strip_prefix(CORE) {
            Some(name) => Tag::core(name),
            None if whole == "!" => Tag::NonSpecific,
            None => Tag::Other,
        })
    }

    fn take(&mut self) -> Result<Token<'a>> {
        let next = self.scanner.next()?;
        Ok(replace(&mut self.token, next))
    }

    fn return_to(&mut self) {
        self.state = self.states.pop().unwrap_or(State::DocumentEnd);
    }

    fn is_one_of(&self, kinds: &[Kind]) -> bool {
        kinds.contains(&self.token.kind)
    }

    /// An event that takes nothing of the text.
    fn event(&self, what: What) -> Event {
        Event { what, start: self.token.start, end: self.token.start }
    }

    fn empty_scalar(&self, at: usize) -> Event {
        let what = What::Scalar { text: String::new(), plain: true, quoted: false, tag: Tag::None, anchor: 0 };
        Event { what, start: at, end: at }
    }

    fn problem<T>(&self, message: &'static str, help: &'static str) -> Result<T> {
        Err(Problem { at: self.token.start, message, help })
    }
}

/// What `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";
