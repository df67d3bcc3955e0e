//! Whether a key serves an image, element by element: `URLsMatchStr` of pkg/credentialprovider/keyring.go.

use crate::credentials::glob;
use crate::credentials::go_url::{self, Url};
use crate::rule::credentials as rules;
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use serde::Serialize;

/// How one key was held against one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyMatch {
    /// Whether the key serves the image.
    pub matched: bool,
    /// The first element that decided against it, in the order in which the kubelet compares.
    pub failed_at: Option<Element>,
    /// The elements beside each other, to draw; `None` when one side cannot be read as a URL.
    pub grid: Option<Grid>,
    /// Whether a kubelet built with a newer Go drops the key, see rule `credentials.go-build`.
    pub depends_on_go_build: bool,
    /// The comparison in words.
    pub trace: Vec<Step>,
}

/// An element of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// The key is no URL.
    Key,
    /// The image is no URL (a valid image name always is).
    Image,
    /// The ports differ.
    Port,
    /// The hosts have different numbers of labels.
    LabelCount,
    /// The image's path does not begin with the key's.
    Path,
    /// The label in this column of the grid does not fit, or its pattern is malformed.
    Label(usize),
}

/// Key and image, element by element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// The labels of the two hosts, left to right. Hosts of unequal length stand flush right, as sub-domains do.
    /// Empty for hosts of more labels than a domain can have.
    pub labels: Vec<Comparison>,
    /// The ports, `""` for none.
    pub port: Comparison,
    /// The paths, `""` for none.
    pub path: Comparison,
}

impl Grid {
    /// Whether the hosts are the same, or differ in one label and share at least two.
    #[must_use]
    pub fn is_near(&self) -> bool {
        let same = |label: &&Comparison| match (&label.key, &label.image) {
            (Some(key), Some(image)) => key.eq_ignore_ascii_case(image) || key.contains('*'),
            _ => false,
        };
        let shared = self.labels.iter().filter(same).count();
        shared > 0 && (shared == self.labels.len() || shared >= 2 && shared + 1 == self.labels.len())
    }
}

/// One element of the key beside that of the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The key's element; `None` where its host has no label in this column.
    pub key: Option<String>,
    /// The image's element, likewise.
    pub image: Option<String>,
    /// How they compare.
    pub outcome: Outcome,
}

/// How two elements compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Letter by letter equal.
    Equal,
    /// The image's label fits the key's pattern.
    Glob,
    /// The image's path begins with the key's.
    Prefix,
    /// They do not fit.
    Differs,
    /// The key's label is no well-formed pattern.
    BadPattern,
    /// The other host has no label for this one.
    NoPartner,
    /// An earlier element had already decided.
    NotReached,
}

/// Compares a key with an image, both without scheme. `at` is where the key stands.
#[must_use]
pub fn urls_match(key: &str, image: &str, at: Option<Span>) -> KeyMatch {
    match_bytes(key.as_bytes(), image.as_bytes(), at)
}

/// As [`urls_match`]; a normalised key may hold bytes that are no text.
pub(super) fn match_bytes(key: &[u8], image: &[u8], at: Option<Span>) -> KeyMatch {
    let mut result =
        KeyMatch { matched: false, failed_at: None, grid: None, depends_on_go_build: false, trace: Vec::new() };
    let key_url = match go_url::parse(key) {
        Ok(url) => url,
        Err(error) => {
            let finding = format!("`{}` cannot be read as host and path: {error}.", shown(key));
            return result.fail(Element::Key, Step::new(&rules::KEY_IS_A_URL, Mark::No, finding).at(at));
        }
    };
    let image_url = match go_url::parse(image) {
        Ok(url) => url,
        Err(error) => {
            let finding = format!("The image `{}` cannot be read as host and path: {error}.", shown(image));
            return result.fail(Element::Image, Step::new(&rules::KEY_IS_A_URL, Mark::No, finding).at(at));
        }
    };
    if key_url.refused_by_newer_go {
        result.depends_on_go_build = true;
        let finding = format!(
            "The brackets in `{}` are a class of characters only in kubelets built with an older Go; newer ones drop this key.",
            shown(&key_url.host)
        );
        result.trace.push(Step::new(&rules::GO_BUILD, Mark::Note, finding).at(at));
    }
    Comparer { key: Side::new(&key_url), image: Side::new(&image_url), at }.compare(result)
}

/// A URL taken apart.
struct Side<'a> {
    labels: Vec<&'a [u8]>,
    port: &'a [u8],
    path: &'a [u8],
    host: String,
}

impl<'a> Side<'a> {
    fn new(url: &'a Url) -> Self {
        let (host, port) = go_url::split_port(&url.host);
        Self { labels: host.split(|byte| *byte == b'.').collect(), port, path: &url.path, host: shown(host) }
    }
}

struct Comparer<'a> {
    key: Side<'a>,
    image: Side<'a>,
    at: Option<Span>,
}

impl Comparer<'_> {
    /// `URLsMatch`: port, number of labels, path, then label by label; the first that fails decides.
    fn compare(&self, mut result: KeyMatch) -> KeyMatch {
        let mut grid = self.grid();
        let step = self.with_host(self.port());
        grid.port.outcome = reached(step.mark, Outcome::Equal);
        if step.mark == Mark::No {
            result.grid = Some(grid);
            return result.fail(Element::Port, step);
        }
        result.trace.push(step);

        let step = self.label_count();
        if step.mark == Mark::No {
            for label in &mut grid.labels {
                if label.key.is_none() || label.image.is_none() {
                    label.outcome = Outcome::NoPartner;
                }
            }
            result.grid = Some(grid);
            return result.fail(Element::LabelCount, step);
        }
        result.trace.push(step);

        let step = self.with_host(self.path());
        grid.path.outcome = reached(step.mark, Outcome::Prefix);
        if step.mark == Mark::No {
            result.grid = Some(grid);
            return result.fail(Element::Path, step);
        }
        if self.key.path == self.image.path {
            grid.path.outcome = Outcome::Equal;
        }
        result.trace.push(step);

        for (at, (key, image)) in self.key.labels.iter().zip(&self.image.labels).enumerate() {
            let (outcome, step) = self.label(at + 1, key, image);
            if let Some(cell) = grid.labels.get_mut(at) {
                cell.outcome = outcome;
            }
            if step.mark == Mark::No {
                result.grid = Some(grid);
                return result.fail(Element::Label(at), step);
            }
            result.trace.push(step);
        }
        result.grid = Some(grid);
        result.matched = true;
        result
    }

    /// Who mends what failed first should not find out only then that the host fails too.
    fn with_host(&self, mut step: Step) -> Step {
        let (key, image) = (&self.key.labels, &self.image.labels);
        let fits = || {
            key.iter().zip(image).enumerate().all(|(at, (key, image))| self.label(at, key, image).1.mark == Mark::Yes)
        };
        if step.mark == Mark::No && (key.len() != image.len() || !fits()) {
            let (key, image) = (&self.key.host, &self.image.host);
            step.finding
                .push_str(&format!(" The host does not fit either: `{key}` in the key, `{image}` in the image."));
        }
        step
    }

    fn port(&self) -> Step {
        let (key, image) = (self.key.port, self.image.port);
        let mark = if key == image { Mark::Yes } else { Mark::No };
        let (key_port, image_port) = (shown(key), shown(image));
        let finding = match (mark, key.is_empty(), image.is_empty()) {
            (Mark::Yes, true, _) => "Neither names a port.".to_owned(),
            (Mark::Yes, false, _) => format!("Both name the port {key_port}."),
            (_, true, _) => format!(
                "The image's registry has the port {image_port}, the key names none; write the port into the key."
            ),
            (_, _, true) => format!(
                "The key names the port {key_port}, the image none; ports compare as text, so not even 443 goes without saying."
            ),
            _ => format!("The key names the port {key_port}, the image {image_port}."),
        };
        Step::new(&rules::PORT_EQUAL, mark, finding).at(self.at)
    }

    /// The key's host with as many `*` in front as the image's host needs, if that would fit: `*.*.azurecr.io`.
    fn with_stars(&self) -> Option<String> {
        let (first, rest) = self.key.labels.split_first()?;
        let stars = self.image.labels.len().checked_sub(rest.len()).filter(|stars| *stars > 0)?;
        let fits = *first == b"*" && !rest.is_empty() && self.image.labels.ends_with(rest);
        let rest: Vec<String> = rest.iter().map(|label| shown(label)).collect();
        fits.then(|| format!("{}{}", "*.".repeat(stars), rest.join(".")))
    }

    fn label_count(&self) -> Step {
        let (key, image) = (self.key.labels.len(), self.image.labels.len());
        let sides = format!("`{}` has {}, `{}` has {image}", self.key.host, labels(key), self.image.host);
        let (mark, finding) = if key == image {
            (Mark::Yes, format!("`{}` and `{}` have {} each.", self.key.host, self.image.host, labels(key)))
        } else if self.key.labels.iter().any(|label| label.contains(&b'*')) {
            let mend = self.with_stars().map_or(String::new(), |host| format!(" Write `{host}`, or the whole host."));
            (Mark::No, format!("{sides}; a `*` stays within one label and never stands for a dot.{mend}"))
        } else {
            (Mark::No, format!("{sides}."))
        };
        Step::new(&rules::LABELS_EQUAL_IN_NUMBER, mark, finding).at(self.at)
    }

    fn path(&self) -> Step {
        let (key, image) = (shown(self.key.path), shown(self.image.path));
        let rest = self.image.path.strip_prefix(self.key.path);
        let mark = if rest.is_some() { Mark::Yes } else { Mark::No };
        let finding = match rest {
            Some(_) if self.key.path.is_empty() => {
                "The key has no path, so it serves every repository of the registry.".to_owned()
            }
            Some([]) => format!("Both have the path `{key}`."),
            Some([b'/', ..]) => format!("The image's path `{image}` begins with the key's path `{key}`."),
            Some(_) if self.key.path.ends_with(b"/") => {
                format!("The image's path `{image}` begins with the key's path `{key}`.")
            }
            Some(_) => format!(
                "The image's path `{image}` begins with the key's path `{key}`, if only as text: the key ends in the middle of a name."
            ),
            None if self.key.path.strip_suffix(b"/") == Some(self.image.path) => {
                format!("The key's path `{key}` ends with a slash, the image's path is `{image}` without one.")
            }
            None if self.key.path.contains(&b'*') => {
                format!("The image's path `{image}` does not begin with `{key}`; a `*` in a path is a plain character.")
            }
            None => format!("The image's path `{image}` does not begin with the key's path `{key}`."),
        };
        Step::new(&rules::PATH_PREFIX, mark, finding).at(self.at)
    }

    fn label(&self, number: usize, key: &[u8], image: &[u8]) -> (Outcome, Step) {
        let (key_text, image_text) = (shown(key), shown(image));
        let (outcome, finding) = match glob::matches(key, image) {
            Ok(true) if key == image => (Outcome::Equal, format!("Host name, part {number}: both are `{key_text}`.")),
            Ok(true) => (
                Outcome::Glob,
                format!("Host name, part {number}: the image's `{image_text}` fits the key's `{key_text}`."),
            ),
            Ok(false) if key.eq_ignore_ascii_case(image) => (
                Outcome::Differs,
                format!(
                    "Host name, part {number}: the image's `{image_text}` is not the key's `{key_text}`; capital letters count."
                ),
            ),
            Ok(false) => {
                let verb = if key.iter().any(|byte| b"*[".contains(byte)) { "does not fit" } else { "is not" };
                (
                    Outcome::Differs,
                    format!("Host name, part {number}: the image's `{image_text}` {verb} the key's `{key_text}`."),
                )
            }
            Err(_) => (
                Outcome::BadPattern,
                format!(
                    "Host name, part {number}: the class of characters in `{key_text}` is malformed, so the key matches nothing."
                ),
            ),
        };
        let mark = if matches!(outcome, Outcome::Equal | Outcome::Glob) { Mark::Yes } else { Mark::No };
        (outcome, Step::new(&rules::LABEL_GLOB, mark, finding).at(self.at))
    }

    /// Both sides before anything is compared.
    fn grid(&self) -> Grid {
        let columns = self.key.labels.len().max(self.image.labels.len());
        let flush_right = |labels: &[&[u8]]| -> Vec<Option<String>> {
            if columns > DRAWN_LABELS {
                return Vec::new();
            }
            let missing = std::iter::repeat_n(None, columns - labels.len());
            missing.chain(labels.iter().map(|label| Some(shown(label)))).collect()
        };
        let labels = flush_right(&self.key.labels).into_iter().zip(flush_right(&self.image.labels));
        let pending = |(key, image)| Comparison { key, image, outcome: Outcome::NotReached };
        Grid {
            labels: labels.map(pending).collect(),
            port: pending((Some(shown(self.key.port)), Some(shown(self.image.port)))),
            path: pending((Some(shown(self.key.path)), Some(shown(self.image.path)))),
        }
    }
}

impl KeyMatch {
    fn fail(mut self, element: Element, step: Step) -> Self {
        self.failed_at = Some(element);
        self.trace.push(step);
        self
    }
}

fn reached(mark: Mark, yes: Outcome) -> Outcome {
    if mark == Mark::No { Outcome::Differs } else { yes }
}

fn labels(count: usize) -> String {
    if count == 1 { "1 label".to_owned() } else { format!("{count} labels") }
}

/// No domain name has more labels.
const DRAWN_LABELS: usize = 128;

/// Longer elements are cut for display: no domain or repository name is so long.
const SHOWN_BYTES: usize = 256;

pub(super) fn shown(bytes: &[u8]) -> String {
    match bytes.get(..SHOWN_BYTES) {
        Some(head) if bytes.len() > SHOWN_BYTES => format!("{}…", String::from_utf8_lossy(head)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests;
