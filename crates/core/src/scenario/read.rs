//! A scenario from YAML or JSON, with a message at the place of everything that is unknown or contradicts itself.

mod life;

use super::{
    AnswerKind, CameBy, ImageFacts, ImageOnNode, NodeState, OtherPull, PodPlace, RegistryAnswer, RegistryAnswers,
    Scenario, TagMove, VERSION,
};
use crate::image::reference::{self, Grammar};
use crate::release::Release;
use crate::schema::nearest;
use crate::time::Duration;
use podwhy_source::{Diagnostic, Node, Value};

/// A value or a field that no scenario has.
const UNKNOWN: &str = "scenario-unknown";
/// Values that contradict each other.
const CONTRADICTION: &str = "scenario-contradiction";

/// Reads a scenario that stands in `source`. What cannot be read is told and left out; the rest counts.
#[must_use]
pub fn read(node: &Node, source: &str, release: Release) -> (Scenario, Vec<Diagnostic>) {
    let mut reader = Reader { release, source, problems: Vec::new() };
    let mut scenario = Scenario::default();
    if node.is_null() {
        return (scenario, Vec::new());
    }
    let fields =
        ["version", "nodes", "pods", "registries", "images", "failingPlugins", "syncAfterError", "bytesPerSecond"];
    if !reader.object(node, "the scenario", &fields) {
        return (scenario, reader.problems);
    }
    if let Some(version) = node.get("version").filter(|version| version.as_int() != Some(VERSION)) {
        let message = format!("The scenario's version must be {VERSION}.");
        reader.problems.push(Diagnostic::error(UNKNOWN, message, version.span).at_path("version"));
    }
    scenario.nodes = reader.list(node, "nodes", Reader::node);
    scenario.pods = reader.list(node, "pods", Reader::pod);
    scenario.registries = reader.list(node, "registries", Reader::registry);
    scenario.images = reader.list(node, "images", Reader::image);
    scenario.failing_plugins = reader.texts(node, "failingPlugins");
    scenario.sync_after_error = reader.sync_after_error(node);
    scenario.bytes_per_second = reader.bytes(node, "bytesPerSecond").filter(|bytes| *bytes > 0);
    reader.twice(node, "nodes", "name", "node");
    reader.twice(node, "pods", "pod", "pod");
    reader.twice(node, "registries", "registry", "registry");
    reader.twice(node, "images", "image", "image");
    (scenario, reader.problems)
}

struct Reader<'a> {
    release: Release,
    source: &'a str,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn node(&mut self, node: &Node) -> Option<NodeState> {
        self.object(node, "a node", &["name", "architecture", "images", "pulls"]).then_some(())?;
        self.twice(node, "images", "image", "image");
        Some(NodeState {
            name: self.required(node, "name", "a node")?,
            architecture: self.text(node, "architecture"),
            images: self.list(node, "images", Self::image_on_node),
            pulls: self.list(node, "pulls", Self::other_pull),
        })
    }

    fn image_on_node(&mut self, node: &Node) -> Option<ImageOnNode> {
        let fields = ["image", "cameBy", "secret", "serviceAccount", "digest", "inspectError"];
        self.object(node, "an image on a node", &fields).then_some(())?;
        let came_by = self.word(node, "cameBy", CameBy::ALL);
        let (secret, service_account) = (self.text(node, "secret"), self.text(node, "serviceAccount"));
        let came_by = came_by.unwrap_or(match (&secret, &service_account) {
            (Some(_), _) => CameBy::Secret,
            (None, Some(_)) => CameBy::ServiceAccount,
            (None, None) => CameBy::Preloaded,
        });
        for (field, given, way) in
            [("secret", &secret, CameBy::Secret), ("serviceAccount", &service_account, CameBy::ServiceAccount)]
        {
            if (came_by == way) != given.is_some() {
                let message = if given.is_some() {
                    format!("`{field}` counts only where the image was pulled with it: say `cameBy: {field}`.")
                } else {
                    format!("An image that came by a {field} needs `{field}: namespace/name`.")
                };
                self.contradiction(node, field, message);
            }
        }
        Some(ImageOnNode {
            image: self.image_name(node, "an image on a node")?,
            came_by,
            secret,
            service_account,
            digest: self.digest(node, "digest"),
            inspect_error: self.text(node, "inspectError"),
        })
    }

    fn other_pull(&mut self, node: &Node) -> Option<OtherPull> {
        self.object(node, "another pod's pull", &["image", "at", "takes"]).then_some(())?;
        Some(OtherPull {
            image: self.image_name(node, "another pod's pull")?,
            at: self.duration(node, "at").unwrap_or_default(),
            takes: self.duration(node, "takes"),
        })
    }

    fn pod(&mut self, node: &Node) -> Option<PodPlace> {
        self.object(node, "a pod", &["pod", "node", "at", "life"]).then_some(())?;
        Some(PodPlace {
            pod: self.required(node, "pod", "a pod")?,
            node: self.text(node, "node"),
            at: self.duration(node, "at").unwrap_or_default(),
            life: node.get("life").filter(|life| !life.is_null()).and_then(|life| self.life(life)),
        })
    }

    fn registry(&mut self, node: &Node) -> Option<RegistryAnswers> {
        self.object(node, "a registry", &["registry", "open", "answers"]).then_some(())?;
        Some(RegistryAnswers {
            registry: self.required(node, "registry", "a registry")?,
            open: self.boolean(node, "open"),
            answers: self.list(node, "answers", Self::answer),
        })
    }

    /// The kubelet chooses it by chance, within bounds.
    fn sync_after_error(&mut self, node: &Node) -> Option<Duration> {
        let after = self.duration(node, "syncAfterError")?;
        let bounds = Duration::from_secs(10)..=Duration::from_secs(15);
        if bounds.contains(&after) {
            return Some(after);
        }
        self.unknown(node, "syncAfterError", "The kubelet looks at a failed pod again after 10 to 15 s.");
        None
    }

    fn answer(&mut self, node: &Node) -> Option<RegistryAnswer> {
        let fields = ["user", "anonymous", "answer", "text", "takes", "from", "until"];
        self.object(node, "an answer", &fields).then_some(())?;
        let answer = RegistryAnswer {
            user: self.text(node, "user"),
            anonymous: self.boolean(node, "anonymous"),
            answer: self.word(node, "answer", AnswerKind::ALL)?,
            text: self.text(node, "text"),
            takes: self.duration(node, "takes"),
            from: self.duration(node, "from"),
            until: self.duration(node, "until"),
        };
        if answer.user.is_some() && answer.anonymous == Some(true) {
            self.contradiction(node, "anonymous", "Who pulls anonymously is no user: give one of the two.");
        }
        if answer.answer == AnswerKind::Ok && answer.text.is_some() {
            self.contradiction(node, "text", "Only an error has a text, and this answer is `ok`.");
        }
        if let (Some(from), Some(until)) = (answer.from, answer.until)
            && from >= until
        {
            self.contradiction(node, "until", format!("The answer ends at {until}, before it begins at {from}."));
        }
        Some(answer)
    }

    fn image(&mut self, node: &Node) -> Option<ImageFacts> {
        self.object(node, "an image", &["image", "size", "takes", "digest", "platforms", "moves"]).then_some(())?;
        let mut facts = ImageFacts {
            image: self.image_name(node, "an image")?,
            size: self.bytes(node, "size"),
            takes: self.duration(node, "takes"),
            digest: self.digest(node, "digest"),
            platforms: self.texts(node, "platforms"),
            moves: self.list(node, "moves", Self::tag_move),
        };
        facts.moves.sort_by_key(|moved| moved.at);
        let well_formed = |platform: &String| {
            let parts: Vec<&str> = platform.split('/').collect();
            matches!(parts.len(), 2 | 3) && parts.iter().all(|part| !part.is_empty())
        };
        if let Some(other) = facts.platforms.iter().find(|platform| !well_formed(platform)) {
            let message = format!("`{other}` is no platform; one is written as `linux/arm64`.");
            self.unknown(node, "platforms", message);
        }
        facts.platforms.retain(well_formed);
        let by_digest = reference::parse(&facts.image, Grammar::of(self.release));
        if by_digest.is_ok_and(|image| image.digest.is_some()) && !facts.moves.is_empty() {
            self.contradiction(node, "moves", "This image is named by its digest, so nothing can move.");
            facts.moves.clear();
        }
        Some(facts)
    }

    fn tag_move(&mut self, node: &Node) -> Option<TagMove> {
        self.object(node, "a move", &["at", "digest"]).then_some(())?;
        let digest = self.required(node, "digest", "a move")?;
        self.digest(node, "digest")?;
        Some(TagMove { at: self.duration(node, "at").unwrap_or_default(), digest })
    }

    /// Whether it is an object; tells the fields that it should not have.
    fn object(&mut self, node: &Node, what: &str, fields: &[&str]) -> bool {
        let Some(map) = node.as_map() else {
            let message = format!("{what} must be an object, and this is {}.", node.kind_name());
            self.problems.push(Diagnostic::error(UNKNOWN, message, node.span));
            return false;
        };
        for entry in map.entries.iter().filter(|entry| !fields.contains(&entry.key.as_str())) {
            let meant = nearest::nearest(&entry.key, fields.iter().copied());
            let help = match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!("It can have {}.", fields.join(", ")),
            };
            let message = format!("{what} has no field `{}`.", entry.key);
            self.problems
                .push(Diagnostic::warning(UNKNOWN, message, entry.key_span).at_path(&entry.key).with_help(help));
        }
        true
    }

    fn list<T>(&mut self, node: &Node, field: &str, read: impl Fn(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        let Some(value) = node.get(field) else { return Vec::new() };
        let Some(items) = value.as_list() else {
            self.unknown(node, field, format!("`{field}` must be a list, and this is {}.", value.kind_name()));
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn texts(&mut self, node: &Node, field: &str) -> Vec<String> {
        self.list(node, field, |reader, item| {
            let text = reader.as_written(item);
            if text.is_none() {
                reader.problems.push(Diagnostic::error(UNKNOWN, format!("`{field}` holds texts."), item.span));
            }
            text
        })
    }

    fn text(&mut self, node: &Node, field: &str) -> Option<String> {
        let value = node.get(field)?;
        let text = self.as_written(value);
        if text.is_none() {
            self.unknown(node, field, format!("`{field}` must be a text, and this is {}.", value.kind_name()));
        }
        text
    }

    /// A text; nobody has to know that YAML takes a user called `on` or a node called `017` for something else.
    fn as_written(&self, value: &Node) -> Option<String> {
        match &value.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(value.span.slice(self.source).to_owned()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    fn boolean(&mut self, node: &Node, field: &str) -> Option<bool> {
        let value = node.get(field)?;
        let boolean = value.as_bool();
        if boolean.is_none() {
            self.unknown(node, field, format!("`{field}` is `true` or `false`, and this is {}.", value.kind_name()));
        }
        boolean
    }

    fn required(&mut self, node: &Node, field: &str, what: &str) -> Option<String> {
        let text = self.text(node, field).filter(|text| !text.is_empty());
        if text.is_none() && node.get(field).is_none_or(|value| value.as_text() == Some("")) {
            let message = format!("{what} needs `{field}`; it is left out.");
            self.problems.push(Diagnostic::error(UNKNOWN, message, node.span).at_path(field));
        }
        text
    }

    fn image_name(&mut self, node: &Node, what: &str) -> Option<String> {
        let image = self.required(node, "image", what)?;
        if let Err(error) = reference::parse(&image, Grammar::of(self.release)) {
            let message = format!("`{image}` is no image name: {}.", error.error());
            self.unknown(node, "image", message);
            return None;
        }
        Some(image)
    }

    fn digest(&mut self, node: &Node, field: &str) -> Option<String> {
        let digest = self.text(node, field)?;
        let named = reference::parse(&format!("image@{digest}"), Grammar::of(self.release));
        if named.is_err() {
            let message = format!("`{digest}` is no digest; one is `sha256:` and 64 hexadecimal digits.");
            self.unknown(node, field, message);
            return None;
        }
        Some(digest)
    }

    fn duration(&mut self, node: &Node, field: &str) -> Option<Duration> {
        let value = node.get(field)?;
        let seconds = value.as_int().map(Duration::from_secs);
        let read = value.as_text().and_then(Duration::parse).or(seconds).filter(|length| *length >= Duration::ZERO);
        if read.is_none() {
            self.unknown(node, field, format!("`{field}` must be a length of time such as `90s` or `2m`."));
        }
        read
    }

    /// A number of bytes, or with one of the units that people write.
    fn bytes(&mut self, node: &Node, field: &str) -> Option<u64> {
        let value = node.get(field)?;
        let units =
            [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000)];
        let bytes = value.as_int().and_then(|number| u64::try_from(number).ok()).or_else(|| {
            let text = value.as_text()?;
            let (number, unit) =
                units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit))).unwrap_or((text, 1));
            number.trim().parse::<u64>().ok()?.checked_mul(unit)
        });
        if bytes.is_none() {
            self.unknown(node, field, format!("`{field}` must be a number of bytes, such as `52000000` or `52M`."));
        }
        bytes
    }

    fn word<T: Copy>(&mut self, node: &Node, field: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node, field)?;
        let known = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if known.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.unknown(node, field, format!("`{text}` is none of {}.", all.join(", ")));
        }
        known
    }

    /// Tells of elements of a list that say something about the same thing.
    fn twice(&mut self, node: &Node, field: &str, key: &str, what: &str) {
        let items = node.get(field).and_then(Node::as_list).unwrap_or_default();
        let name = |item: &Node| item.get(key).and_then(Node::as_text).map(str::to_owned);
        for (at, item) in items.iter().enumerate() {
            let Some(this) = name(item) else { continue };
            if items.iter().take(at).any(|earlier| name(earlier).as_ref() == Some(&this)) {
                let message = format!("The {what} `{this}` stands twice; the first counts.");
                self.contradiction(item, key, message);
            }
        }
    }

    fn unknown(&mut self, node: &Node, field: &str, message: impl Into<String>) {
        let span = node.get(field).map_or(node.span, |value| value.span);
        self.problems.push(Diagnostic::error(UNKNOWN, message, span).at_path(field));
    }

    fn contradiction(&mut self, node: &Node, field: &str, message: impl Into<String>) {
        let span = node.get(field).map_or(node.span, |value| value.span);
        self.problems.push(Diagnostic::warning(CONTRADICTION, message, span).at_path(field));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::json::{Place, parse};
    use podwhy_source::{Budget, InputId, document};

    /// The scenario of a text, and its problems.
    pub(super) fn read_text(text: &str) -> (Scenario, Vec<Diagnostic>) {
        let read_in = document::read(InputId(0), text, &Budget::default());
        read(read_in.documents[0].content.as_ref().unwrap(), text, Release::DEFAULT)
    }

    /// What is serialised is read as the same.
    pub(super) fn assert_written_back(scenario: Scenario) {
        let json = serde_json::to_string(&scenario).unwrap();
        let again = read(&parse(&json, Place::Within(InputId(0), 0)).unwrap(), &json, Release::DEFAULT);
        assert_eq!(again, (scenario, Vec::new()));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "version: 1
nodes:
- name: a
  architecture: arm64
  images: [{image: 'nginx:1.25', cameBy: secret, secret: team/reg}]
  pulls: [{image: big, at: 3s, takes: 1m}]
pods: [{pod: default/web, node: a, at: 2s}]
registries: [{registry: reg.io, answers: [{user: bob, answer: denied, takes: 500ms, until: 30s}]}]
images: [{image: 'nginx:1.25', size: 52M, platforms: [linux/amd64]}]
failingPlugins: [ecr]
";
        let (scenario, problems) = read_text(text);
        assert_eq!(problems, []);
        assert_eq!(scenario.images[0].size, Some(52_000_000));
        assert_written_back(scenario);
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place_and_the_rest_counts() {
        let text = "nodes:
- {name: a, arch: arm64, images: [{image: 'nginx:1', cameBy: magic}, {image: NOPE, cameBy: node}]}
registries:
- registry: reg.io
  answers: [{answer: maybe}, {answer: ok, text: no}, {user: x, anonymous: true, answer: denied, takes: soon}]
images: [{image: x, digest: 'sha256:12'}, {image: x, platforms: [arm]}]
";
        let (scenario, problems) = read_text(text);
        let told: Vec<&str> = problems.iter().map(|problem| problem.span.unwrap().slice(text)).collect();
        for place in ["arch", "magic", "NOPE", "maybe", "no", "true", "soon", "sha256:12", "[arm]", "x"] {
            assert!(told.iter().any(|at| at.trim_matches('\'') == place), "{place}: {told:?}");
        }
        assert_eq!((scenario.nodes[0].images.len(), scenario.registries[0].answers.len()), (1, 2));
    }

    #[test]
    fn nothing_is_a_scenario_too() {
        for text in ["{}", "[]", "5", "nodes: 3", "nodes: [3]"] {
            assert_eq!(read_text(text).0, Scenario::default(), "{text}");
        }
    }
}
