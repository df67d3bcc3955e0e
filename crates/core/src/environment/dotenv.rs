//! A container's variables as the lines of a `.env` file.

use super::value::Variable;
use std::fmt::Write;

/// The lines, one a variable. A value that is known only when the container starts, and a Secret's unless `secrets` says
/// so, stands in a comment by its name alone.
#[must_use]
pub fn dotenv<'v>(variables: impl IntoIterator<Item = &'v Variable>, secrets: bool) -> String {
    let mut out = String::new();
    for Variable { name, value, .. } in variables {
        // Writing to a String cannot fail.
        let _ = if value.is_later() {
            writeln!(out, "# {name}: known only when the container starts")
        } else if value.is_secret() && !secrets {
            writeln!(out, "# {name}: from a Secret")
        } else {
            writeln!(out, "{name}={}", quoted(value.reveal()))
        };
    }
    out
}

/// The value as such files hold it: bare if nothing in it has a meaning there, else in double quotes.
fn quoted(value: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+,=?&~".contains(letter);
    if value.chars().all(bare) {
        return value.to_owned();
    }
    let mut out = String::from('"');
    for letter in value.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' | '$' | '`' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{EnvValue, Source};
    use podwhy_source::{InputId, Span};

    fn variable(name: &str, value: EnvValue) -> Variable {
        Variable {
            name: name.to_owned(),
            later: value.is_later(),
            value,
            assumed: false,
            other_values: Vec::new(),
            source: Source::Value,
            span: Span::new(InputId(0), 0, 0),
            value_span: None,
            overrides: Vec::new(),
            unresolved: Vec::new(),
            trace: Vec::new(),
        }
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let list = [
            variable("A", EnvValue::plain("http://x:80/y")),
            variable("B", EnvValue::plain("two words\n$5 \"now\"")),
            variable("C", EnvValue::plain("")),
            variable("D", EnvValue::new("hunter2", true)),
            variable("E", EnvValue::later("‹status.podIP›:80")),
        ];
        let expected = "A=http://x:80/y\nB=\"two words\\n\\$5 \\\"now\\\"\"\nC=\n# D: from a Secret\n# E: known only when the container starts\n";
        assert_eq!(dotenv(&list, false), expected);
        assert!(dotenv(&list, true).contains("\nD=hunter2\n"));
    }
}
