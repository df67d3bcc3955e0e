//! What can be read off a command line.

/// Shells that read a text behind `-c`.
const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "ksh", "zsh", "busybox"];

/// The program's name, without its folder.
fn program(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether the command is a shell's, which expands variables itself.
#[must_use]
pub fn is_shell<'a>(command: impl IntoIterator<Item = &'a str>) -> bool {
    command.into_iter().next().is_some_and(|word| SHELLS.contains(&program(word)))
}

/// How many seconds the command sleeps: `sleep 5`, alone or in a shell's text, all of them together. `None` where
/// nothing sleeps, or in a loop, whose turns nobody knows.
#[must_use]
pub fn sleeps(command: &[String]) -> Option<i64> {
    let words: Vec<&str> = command.iter().flat_map(|text| text.split([' ', ';', '&', '|', '\n', '\t'])).collect();
    if words.iter().any(|word| matches!(*word, "while" | "until" | "for")) {
        return None;
    }
    let amounts = words.windows(2).filter_map(|pair| match pair {
        [word, amount] if program(word) == "sleep" => Some(seconds(amount)),
        _ => None,
    });
    amounts.reduce(|all, more| Some(all?.saturating_add(more?)))?
}

/// How many seconds a command sleeps that does nothing else.
#[must_use]
pub fn only_sleeps(command: &[String]) -> Option<i64> {
    let words: Vec<&str> = match command {
        [sleep, amount] if program(sleep) == "sleep" => vec![sleep, amount],
        [shell, option, text] if is_shell([shell.as_str()]) && option == "-c" => text.split_whitespace().collect(),
        _ => return None,
    };
    match words.as_slice() {
        [sleep, amount] if program(sleep) == "sleep" => seconds(amount),
        _ => None,
    }
}

fn seconds(amount: &str) -> Option<i64> {
    let factor = match amount.chars().last()? {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        _ => 1,
    };
    amount.trim_end_matches(['s', 'm', 'h', 'd']).parse::<u32>().ok().map(|number| i64::from(number) * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn sleeping_is_read_off_a_command() {
        assert_eq!(sleeps(&command(&["sleep", "5"])), Some(5));
        assert_eq!(sleeps(&command(&["sh", "-c", "nginx -s quit; sleep 2m"])), Some(120));
        assert_eq!(sleeps(&command(&["sh", "-c", "sleep 5; nginx -s quit; sleep 10"])), Some(15));
        assert_eq!(sleeps(&command(&["sleep", "$TIME"])), None);
        assert_eq!(sleeps(&command(&["sh", "-c", "sleep 5; sleep $TIME"])), None);
        assert_eq!(sleeps(&command(&["sh", "-c", "while busy; do sleep 1; done"])), None);
        assert_eq!(only_sleeps(&command(&["/bin/sh", "-c", "sleep 10"])), Some(10));
        assert_eq!(only_sleeps(&command(&["sh", "-c", "sync && sleep 10"])), None);
    }
}
