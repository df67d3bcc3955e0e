//! Which file of the node the kubelet reads: `ReadDockerConfigFile` of pkg/credentialprovider/config.go.

use crate::credentials::docker_config::{self, ConfigError, DockerConfig, Format};
use crate::rule::{DocNote, credentials as rules};
use crate::session::KubeletPaths;
use crate::trace::{Mark, Step};
use podwhy_source::json::Place;
use serde::Serialize;

/// A place in the list that the kubelet goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchPlace {
    /// The kubelet's root directory.
    RootDir,
    /// Its working directory.
    WorkingDir,
    /// The home directory, for `config.json` its `.docker`.
    Home,
    /// The root of the file system, for `config.json` its `.docker`.
    Root,
}

/// A file in which the kubelet looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchPath {
    /// The absolute path.
    pub path: String,
    /// The form that the file has to have.
    pub format: Format,
    /// Which of the places it is.
    pub place: SearchPlace,
    /// Why the kubelet looks there.
    pub reason: Step,
}

/// A file of the node.
#[derive(Clone)]
pub struct NodeFile {
    /// Its absolute path.
    pub path: String,
    /// Its text; `None` for what cannot be read, such as a directory.
    pub text: Option<String>,
    /// Where the text stands.
    pub place: Place,
}

/// The way through the places until a file could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Search {
    /// The places in the order in which they were looked at.
    pub looked_at: Vec<LookedAt>,
    /// What the last of them holds, if it could be read.
    pub config: Option<DockerConfig>,
    /// What the kubelet logs when no file could be read.
    pub error: Option<String>,
}

impl Search {
    /// The path of the file that was read.
    #[must_use]
    pub fn read(&self) -> Option<&str> {
        self.looked_at.last().filter(|_| self.config.is_some()).map(|last| last.path.path.as_str())
    }

    /// Disagreements between documentation and code that bear on this search.
    #[must_use]
    pub fn notes(&self) -> Vec<&'static DocNote> {
        if self.config.is_some() {
            vec![&rules::NOTE_NODE_FILE_STILL_READ, &rules::NOTE_ONE_NODE_FILE]
        } else {
            Vec::new()
        }
    }
}

/// A place with what was found there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookedAt {
    /// The place.
    pub path: SearchPath,
    /// What was found.
    pub found: Found,
    /// What that means.
    pub step: Step,
}

/// What was found in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Nothing.
    Nothing,
    /// Something that cannot be opened as a file.
    Unreadable,
    /// A file that is no valid configuration.
    Malformed(ConfigError),
    /// The file that counts.
    Valid,
}

/// Every place in which the kubelet looks, in order: `DefaultDockerConfigJSONPaths` and `DefaultDockercfgPaths`.
#[must_use]
pub fn search_paths(kubelet: &KubeletPaths) -> Vec<SearchPath> {
    let home = kubelet.home.as_deref().unwrap_or_default();
    let json = [
        (SearchPlace::RootDir, kubelet.root_dir.clone()),
        (SearchPlace::WorkingDir, String::new()),
        (SearchPlace::Home, join(home, ".docker")),
        (SearchPlace::Root, "/.docker".to_owned()),
    ];
    let cfg = [
        (SearchPlace::RootDir, kubelet.root_dir.clone()),
        (SearchPlace::WorkingDir, String::new()),
        (SearchPlace::Home, home.to_owned()),
        (SearchPlace::Root, "/".to_owned()),
    ];
    let json = json.into_iter().map(|(place, folder)| (Format::DockerConfigJson, "config.json", place, folder));
    let cfg = cfg.into_iter().map(|(place, folder)| (Format::DockerCfg, ".dockercfg", place, folder));
    let path = |(format, file, place, folder): (Format, &str, SearchPlace, String)| SearchPath {
        // filepath.Abs: what is not absolute counts from the working directory.
        path: if folder.starts_with('/') {
            join(&folder, file)
        } else {
            join(&join(&kubelet.working_dir, &folder), file)
        },
        format,
        place,
        reason: Step::new(&rules::NODE_FILE_SEARCH, Mark::Note, reason(place, kubelet)),
    };
    json.chain(cfg).map(path).collect()
}

/// Goes through the places: the first file that can be read ends the search, whatever it holds.
#[must_use]
pub fn search(kubelet: &KubeletPaths, files: &[NodeFile]) -> Search {
    let mut search = Search { looked_at: Vec::new(), config: None, error: None };
    for path in search_paths(kubelet) {
        let file = files.iter().find(|file| join(&file.path, "") == path.path);
        let (found, config) = match file.map(|file| file.text.as_deref().map(|text| (text, file.place))) {
            None => (Found::Nothing, None),
            Some(None) => (Found::Unreadable, None),
            Some(Some((text, place))) => match docker_config::parse(text, path.format, place) {
                Ok(config) => (Found::Valid, Some(config)),
                Err(error) => (Found::Malformed(error), None),
            },
        };
        let step = step_of(&path, &found, config.as_ref());
        search.looked_at.push(LookedAt { path, found, step });
        if config.is_some() {
            search.config = config;
            return search;
        }
    }
    // The list as Go prints it: the working directory stands in it as an empty text.
    let home = kubelet.home.as_deref().unwrap_or_default();
    search.error = Some(format!("couldn't find valid .dockercfg after checking in [{}  {home} /]", kubelet.root_dir));
    search
}

fn step_of(path: &SearchPath, found: &Found, config: Option<&DockerConfig>) -> Step {
    let name = &path.path;
    match found {
        Found::Nothing => Step::new(&rules::NODE_FILE_SEARCH, Mark::No, format!("There is no {name}.")),
        Found::Unreadable => Step::new(
            &rules::NODE_FILE_SKIPPED,
            Mark::No,
            format!("{name} cannot be opened as a file, so it is passed over."),
        ),
        Found::Malformed(error) => {
            let finding = format!("{name} is passed over. {}", error.message);
            Step::new(&rules::NODE_FILE_SKIPPED, Mark::No, finding).at(error.span)
        }
        Found::Valid if config.is_some_and(|config| config.entries.is_empty()) => {
            let finding = format!("{name} can be read and ends the search, though it holds no credentials.");
            Step::new(&rules::NODE_FILE_SEARCH, Mark::Yes, finding)
        }
        Found::Valid => {
            Step::new(&rules::NODE_FILE_SEARCH, Mark::Yes, format!("{name} can be read; no other file is looked at."))
        }
    }
}

fn reason(place: SearchPlace, kubelet: &KubeletPaths) -> &'static str {
    match place {
        SearchPlace::RootDir if kubelet.root_dir.is_empty() => {
            "The kubelet's root directory is empty, so the working directory stands for it."
        }
        SearchPlace::RootDir => "This is the kubelet's root directory, --root-dir.",
        SearchPlace::WorkingDir => "This is the kubelet's working directory.",
        SearchPlace::Home if kubelet.home.as_deref().unwrap_or_default().is_empty() => {
            "The kubelet has no HOME, so its working directory stands for the home directory."
        }
        SearchPlace::Home => "This is the home directory, HOME in the kubelet's environment.",
        SearchPlace::Root => "This is the root of the node's file system.",
    }
}

/// `filepath.Join`: joined with a slash, then cleaned of empty parts, `.` and `..`.
fn join(folder: &str, name: &str) -> String {
    let absolute = folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(name.split('/')) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if absolute => {}
            _ => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;

    fn paths(root_dir: &str, working_dir: &str, home: Option<&str>) -> Vec<String> {
        let kubelet = KubeletPaths {
            root_dir: root_dir.to_owned(),
            working_dir: working_dir.to_owned(),
            home: home.map(str::to_owned),
            ..KubeletPaths::default()
        };
        search_paths(&kubelet).into_iter().map(|path| path.path).collect()
    }

    fn file(path: &str, text: &str) -> NodeFile {
        NodeFile { path: path.to_owned(), text: Some(text.to_owned()), place: Place::Within(InputId(1), 0) }
    }

    #[test]
    fn the_eight_places_in_order() {
        assert_eq!(
            paths("/var/lib/kubelet", "/srv", Some("/root")),
            [
                "/var/lib/kubelet/config.json",
                "/srv/config.json",
                "/root/.docker/config.json",
                "/.docker/config.json",
                "/var/lib/kubelet/.dockercfg",
                "/srv/.dockercfg",
                "/root/.dockercfg",
                "/.dockercfg",
            ]
        );
    }

    #[test]
    fn without_home_and_root_dir_the_working_directory_stands_in() {
        let found = paths("", "/srv", None);
        assert_eq!(found[0], "/srv/config.json");
        assert_eq!(found[2], "/srv/.docker/config.json");
        assert_eq!(found[6], "/srv/.dockercfg");
        assert_eq!(paths("data/../kubelet/", "/srv/./x", None)[0], "/srv/x/kubelet/config.json");
    }

    #[test]
    fn the_first_readable_file_counts_alone_even_if_empty() {
        let files = [
            file("/config.json", "{broken"),
            file("/.docker/config.json", "{}"),
            file("/.dockercfg", r#"{"r.io":{}}"#),
        ];
        let search = search(&KubeletPaths::default(), &files);
        assert_eq!(search.read(), Some("/.docker/config.json"));
        assert!(search.config.as_ref().unwrap().entries.is_empty());
        let last = &search.looked_at.last().unwrap().step.finding;
        assert_eq!(last, "/.docker/config.json can be read and ends the search, though it holds no credentials.");
    }

    #[test]
    fn with_no_file_the_kubelet_logs_where_it_looked() {
        let search = search(&KubeletPaths::default(), &[]);
        assert_eq!(search.read(), None);
        assert_eq!(search.looked_at.len(), 8);
        assert_eq!(
            search.error.as_deref(),
            Some("couldn't find valid .dockercfg after checking in [/var/lib/kubelet   /]")
        );
    }
}
