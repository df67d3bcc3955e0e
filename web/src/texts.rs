//! The texts that the user gives, with their lines.

use podwhy_core::session::{Input, InputKind};
use podwhy_source::{InputId, LineIndex};
use std::rc::Rc;

/// The words on an input's tab.
pub fn tab_name(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Manifests => "Manifests",
        InputKind::NodeConfig => "config.json",
        InputKind::Stored => "Live object",
        InputKind::Scenario => "Scenario",
        InputKind::KubeletConfig => "Kubelet",
        InputKind::CredentialProviders => "Plug-ins",
        InputKind::RuntimeConfig => "Runtime",
    }
}

/// Texts of more bytes get no textarea, which would take seconds for each keystroke: the code editor edits them, and
/// without it they are shown only.
pub const LARGE: usize = 2_000_000;

/// One text with its line starts. Cheap to clone; two are equal when they are the same text in memory, so that
/// comparing ten megabytes costs nothing.
#[derive(Clone)]
pub struct Text {
    content: Rc<str>,
    lines: Rc<LineIndex>,
    /// How often the program itself replaced the text (an example, undo): the textarea follows only then.
    pub replaced: u32,
}

impl Text {
    /// A text that the program puts into the textarea.
    pub fn new(content: &str) -> Self {
        Self { content: content.into(), lines: Rc::new(LineIndex::new(content)), replaced: 0 }
    }

    /// What the user made of it by typing.
    pub fn typed(&self, content: &str) -> Self {
        Self { replaced: self.replaced, ..Self::new(content) }
    }

    /// What the program puts in its place.
    pub fn replaced_by(&self, content: &str) -> Self {
        Self { replaced: self.replaced.wrapping_add(1), ..Self::new(content) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// Where its lines begin.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// Whether it is too large for a textarea.
    pub fn is_large(&self) -> bool {
        self.content.len() > LARGE
    }

    /// Whether there is nothing in it but white space.
    pub fn is_blank(&self) -> bool {
        self.content.trim_start().is_empty()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.content, &other.content) && self.replaced == other.replaced
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new("")
    }
}

/// All texts, in the order of [`InputKind::ALL`].
#[derive(Clone, Default, PartialEq)]
pub struct Texts([Text; InputKind::ALL.len()]);

impl Texts {
    /// The text of one kind.
    pub fn get(&self, kind: InputKind) -> &Text {
        &self.0[place(kind)]
    }

    /// The same texts with one of them exchanged.
    #[must_use]
    pub fn with(mut self, kind: InputKind, text: Text) -> Self {
        self.0[place(kind)] = text;
        self
    }

    /// All of them replaced by the program.
    #[must_use]
    pub fn replaced_by<'a>(&self, content: &dyn Fn(InputKind) -> &'a str) -> Self {
        Self(InputKind::ALL.map(|kind| self.get(kind).replaced_by(content(kind))))
    }

    /// Whether nothing was given at all.
    pub fn are_blank(&self) -> bool {
        InputKind::ALL.into_iter().all(|kind| self.get(kind).is_blank())
    }

    /// All bytes together.
    pub fn size(&self) -> usize {
        InputKind::ALL.into_iter().map(|kind| self.get(kind).as_str().len()).sum()
    }

    /// The kinds that are given, in order: a span's [`InputId`] is an index into this list.
    fn given(&self) -> impl Iterator<Item = InputKind> + '_ {
        InputKind::ALL.into_iter().filter(|kind| !self.get(*kind).is_blank())
    }

    /// The texts as the rules take them; blank ones are not given.
    pub fn to_inputs(&self) -> Vec<Input> {
        let input = |kind| Input { kind, name: tab_name(kind).to_owned(), text: self.get(kind).as_str().to_owned() };
        self.given().map(input).collect()
    }

    /// Which of the texts a span of a report on [`Texts::to_inputs`] lies in.
    pub fn kind_of(&self, id: InputId) -> Option<InputKind> {
        self.given().nth(usize::from(id.0))
    }

    /// The other way round; `None` for a text that is blank.
    pub fn id_of(&self, kind: InputKind) -> Option<InputId> {
        let place = self.given().position(|other| other == kind)?;
        Some(InputId(u16::try_from(place).unwrap_or(u16::MAX)))
    }
}

fn place(kind: InputKind) -> usize {
    InputKind::ALL.into_iter().position(|other| other == kind).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_texts_that_are_given() {
        let texts = Texts::default().replaced_by(&|kind| match kind {
            InputKind::Manifests => " \n",
            InputKind::NodeConfig => "{}",
            InputKind::Stored => "kind: Pod",
            _ => "",
        });
        assert_eq!(texts.to_inputs().len(), 2);
        assert_eq!(texts.kind_of(InputId(0)), Some(InputKind::NodeConfig));
        assert_eq!(texts.kind_of(InputId(1)), Some(InputKind::Stored));
        assert_eq!(texts.kind_of(InputId(2)), None);
    }

    #[test]
    fn typing_does_not_count_as_a_replacement() {
        let text = Text::new("a");
        assert_eq!(text.typed("ab").replaced, text.replaced);
        assert_ne!(text.replaced_by("ab").replaced, text.replaced);
    }
}
