//! The answer for a whole pod, in a sentence or two.

use super::board::{Board, Column, mark_and_word};
use crate::parts::mark::Sign;

/// How things stand with a pod's credentials.
pub struct Summary {
    /// At a glance.
    pub sign: Sign,
    /// In words: the answer, then what most likely explains it.
    pub sentences: Vec<String>,
}

/// Sums up what the report says about a pod's images.
pub fn of(board: &Board) -> Summary {
    let pod = &board.pod;
    let (sign, mut sentences) = answer(board);
    let refused = pod.refused.as_ref().map(|refused| format!("The API server refuses this pod: {}", refused.message));
    let sign = if refused.is_some() { Sign::No } else { sign };
    let invalid = pod.containers.iter().filter(|container| container.lookup.is_none());
    sentences.extend(
        invalid.map(|container| {
            format!("No credentials are looked up for `{}`: {}", container.name, container.verdict.text)
        }),
    );
    Summary { sign, sentences: refused.into_iter().chain(sentences).collect() }
}

fn answer(board: &Board) -> (Sign, Vec<String>) {
    let lookups: Vec<_> =
        (0..board.columns.len()).filter_map(|at| Some((at, board.columns.get(at)?, board.lookup(at)?))).collect();
    if let Some(step) = lookups.iter().find_map(|(_, _, lookup)| lookup.blocked.as_ref()) {
        return (Sign::Error, vec!["No image of this pod can be pulled.".to_owned(), step.finding.clone()]);
    }
    if lookups.is_empty() {
        return (Sign::Note, Vec::new());
    }
    let without: Vec<_> = lookups.iter().filter(|(_, _, lookup)| lookup.attempts.is_empty()).collect();
    let served = lookups.len() - without.len();
    if board.pod.keys.is_empty() {
        let each = if lookups.len() == 1 { "The image is" } else { "Every image is" };
        return match board.pod.pull_secrets.first() {
            None => (Sign::Yes, vec![format!("{each} pulled without credentials: none are given.")]),
            Some(secret) => (
                Sign::Warning,
                vec![
                    format!("{each} pulled without credentials: no pull secret gives any."),
                    secret.reason.finding.clone(),
                ],
            ),
        };
    }
    let names = without.iter().map(|(_, column, _)| column);
    match (served, without.len()) {
        (1, 0) => (Sign::Yes, vec![of_one(board)]),
        (served, 0) => (Sign::Yes, vec![format!("A credential matches each of the {served} images.")]),
        (0, 1) => {
            (Sign::Warning, told("No key fits `", names, "`: the one attempt is made without credentials.", board))
        }
        (0, _) => (Sign::Warning, vec!["No key fits any image: each is tried once, without credentials.".to_owned()]),
        (served, 1) => (
            Sign::Warning,
            told(
                &format!("A credential matches {served} of {} images. No key fits `", lookups.len()),
                names,
                "`: the one attempt is made without credentials.",
                board,
            ),
        ),
        (served, count) => (
            Sign::Warning,
            vec![format!(
                "A credential matches {served} of {} images; the other {count} are tried once, without credentials.",
                lookups.len()
            )],
        ),
    }
}

fn of_one(board: &Board) -> String {
    let attempts = board.lookup(0).map_or(0, |lookup| lookup.attempts().count());
    match attempts {
        1 => "One credential matches the image.".to_owned(),
        count => format!("{count} credentials match the image and are tried one after another."),
    }
}

/// A sentence about one image, and why the key that comes nearest does not serve it.
fn told<'a>(before: &str, mut names: impl Iterator<Item = &'a &'a Column>, after: &str, board: &Board) -> Vec<String> {
    let Some(column) = names.next() else { return Vec::new() };
    let at = board.columns.iter().position(|other| other.repository == column.repository);
    let miss = at.and_then(|at| board.nearest(at)).filter(|(near, _)| *near > 0);
    let why = miss.and_then(|(_, at)| {
        let (cell, key) = board.cell(at).zip(board.pod.keys.get(at.row))?;
        let written = key.written.trim_end();
        if column.repository.starts_with("docker.io/")
            && (written.ends_with("index.docker.io/v1") || written.contains("hub.docker.com"))
        {
            return Some(format!(
                "The nearest key, `{written}`, is not Docker Hub's: that is `https://index.docker.io/v1/`, to its last slash."
            ));
        }
        let (_, word) = mark_and_word(cell);
        Some(format!("The nearest key, `{}`, fails by its {word}. {}", key.written, cell.trace.last()?.finding))
    });
    [format!("{before}{}{after}", column.repository)].into_iter().chain(why).collect()
}
