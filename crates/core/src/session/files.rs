//! What files are, by what stands in them: for whoever drops a folder on the page.

use super::InputKind;
use super::workspace::{Workspace, WorkspaceError};
use podwhy_source::{Budget, InputId, Node, document, toml};

/// A file as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with its folders if they are known.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A saved workspace.
    Workspace,
    /// A text of this kind.
    Text(InputKind),
    /// Nothing that is read here.
    Unknown,
}

/// Files sorted into texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// The texts, at most one of each kind, manifests first.
    pub texts: Vec<(InputKind, String)>,
    /// The workspace that was among the files, or why it cannot be read; the texts are left out then.
    pub workspace: Option<Result<Workspace, WorkspaceError>>,
    /// The name of each file that was taken, and as what.
    pub taken: Vec<(String, InputKind)>,
    /// The name of each file that was not, and why.
    pub left_out: Vec<(String, &'static str)>,
}

/// The fields by which a scenario is known: it has no kind.
const SCENARIO: &[&str] = &["version", "nodes", "pods", "registries", "images", "failingPlugins"];
/// The fields of an entry of a `.dockercfg`.
const ENTRY: &[&str] = &["username", "password", "email", "auth", "identitytoken", "registrytoken"];

/// What a file is. Its text counts; its name only where the text may be many things, or does not read.
#[must_use]
pub fn recognise(file: &File) -> Recognised {
    let text = &file.text;
    if Workspace::is_begun_by(text) {
        return Recognised::Workspace;
    }
    let read = document::read(InputId(0), text, &Budget::default());
    let nodes = read.documents.iter().filter_map(|document| document.content.as_ref().ok());
    if let Some(kind) = nodes.filter(|node| node.as_map().is_some()).find_map(kind_of) {
        return Recognised::Text(kind);
    }
    let (tree, _) = toml::parse(text, InputId(0));
    if tree.get("crio").is_some() || tree.get("plugins").and_then(Node::as_map).is_some() {
        return Recognised::Text(InputKind::RuntimeConfig);
    }
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let kind = match name.as_str() {
        "config.json" | ".dockercfg" | "dockercfg" => InputKind::NodeConfig,
        name if name.ends_with(".toml") || name.starts_with("crio.conf") => InputKind::RuntimeConfig,
        name if [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) => InputKind::Manifests,
        // Shell lines with manifests in them, and YAML that is being written.
        _ if read.documents.iter().any(|document| document.content.as_ref().is_ok_and(is_object)) => {
            InputKind::Manifests
        }
        _ => return Recognised::Unknown,
    };
    Recognised::Text(kind)
}

/// The kind of text that a document is the beginning of; `None` if it may be anything.
fn kind_of(node: &Node) -> Option<InputKind> {
    let word = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default();
    let map = node.as_map()?;
    let has = |name: &str| map.entries.iter().any(|entry| entry.key.eq_ignore_ascii_case(name));
    let group = word("apiVersion").split('/').next().unwrap_or_default();
    match (group, word("kind")) {
        (_, "CredentialProviderConfig" | "CredentialProviderResponse") => Some(InputKind::CredentialProviders),
        ("kubelet.config.k8s.io", _) | (_, "KubeletConfiguration") => Some(InputKind::KubeletConfig),
        ("", "") if has("auths") || has("credHelpers") || has("credsStore") => Some(InputKind::NodeConfig),
        ("", "") if is_dockercfg(node) => Some(InputKind::NodeConfig),
        ("", "") if is_scenario(node) => Some(InputKind::Scenario),
        ("", "") => None,
        _ => Some(InputKind::Manifests),
    }
}

fn is_object(node: &Node) -> bool {
    node.get("kind").is_some() || node.get("spec").is_some()
}

fn is_dockercfg(node: &Node) -> bool {
    let entries = node.as_map().map(|map| map.entries.as_slice()).unwrap_or_default();
    let is_entry = |value: &Node| {
        value.as_map().is_some_and(|map| {
            !map.entries.is_empty() && map.entries.iter().all(|entry| ENTRY.contains(&entry.key.as_str()))
        })
    };
    !entries.is_empty() && entries.iter().all(|entry| is_entry(&entry.value))
}

/// A scenario has only fields of its own, and its images are no kustomization's, which have a name.
fn is_scenario(node: &Node) -> bool {
    let entries = node.as_map().map(|map| map.entries.as_slice()).unwrap_or_default();
    let images = node.get("images").and_then(Node::as_list).unwrap_or_default();
    !entries.is_empty()
        && entries.iter().all(|entry| SCENARIO.contains(&entry.key.as_str()))
        && images.iter().all(|image| image.get("image").is_some())
        && (node.get("version").is_none_or(|version| version.as_int().is_some()))
}

/// Sorts files into texts. Texts of several documents are put together; of what can be there only once, the first
/// counts. A workspace counts alone.
#[must_use]
pub fn gather(files: &[File]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut parts: Vec<(InputKind, &File)> = Vec::new();
    for file in files {
        match recognise(file) {
            Recognised::Workspace if gathered.workspace.is_none() => {
                gathered.workspace = Some(Workspace::read(&file.text));
            }
            Recognised::Workspace => gathered.left_out.push((file.name.clone(), "another workspace was taken")),
            Recognised::Unknown => gathered.left_out.push((file.name.clone(), "it is nothing that is read here")),
            Recognised::Text(kind) => {
                let only_one = matches!(kind, InputKind::NodeConfig | InputKind::Scenario);
                if only_one && parts.iter().any(|(other, _)| *other == kind) {
                    gathered.left_out.push((file.name.clone(), "another file of its kind was taken"));
                } else {
                    parts.push((kind, file));
                }
            }
        }
    }
    if gathered.workspace.is_some() {
        gathered.left_out.extend(parts.iter().map(|(_, file)| (file.name.clone(), "a workspace was taken alone")));
        return gathered;
    }
    for kind in InputKind::ALL {
        let files: Vec<&File> = parts.iter().filter(|(other, _)| *other == kind).map(|(_, file)| *file).collect();
        if !files.is_empty() {
            let text = if kind == InputKind::RuntimeConfig { joined_with_names(&files) } else { joined(&files) };
            gathered.texts.push((kind, text));
            gathered.taken.extend(files.iter().map(|file| (file.name.clone(), kind)));
        }
    }
    gathered
}

/// A runtime's files as one text: each begins with the line that names it, by which the drop-ins' order is known
/// (see [`crate::runtime::files`]). One file alone, or one that says so itself, stays as it is.
fn joined_with_names(files: &[&File]) -> String {
    if let [file] = files {
        return file.text.trim_start_matches('\u{feff}').to_owned();
    }
    let mut text = String::new();
    for file in files {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let own = file.text.trim_start_matches('\u{feff}');
        let first = own.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if !is_marker(first) {
            text.push_str(&format!("# file: {}\n", file.name.replace(char::is_whitespace, "_")));
        }
        text.push_str(own);
    }
    text
}

/// Whether a line begins another file, or the files of another node.
pub(crate) fn is_marker(line: &str) -> bool {
    marker(line, "file:").or(marker(line, "node:")).is_some()
}

/// What a comment line names that begins another file (`file:`) or the files of another node (`node:`).
pub(crate) fn marker<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let rest = line.trim().strip_prefix('#')?.trim_start().strip_prefix(word)?.trim();
    (!rest.is_empty() && !rest.contains(char::is_whitespace)).then_some(rest)
}

/// Several files as one text, document after document.
fn joined(files: &[&File]) -> String {
    let mut text = String::new();
    for file in files {
        if !text.is_empty() {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            if !file.text.trim_start().starts_with("---") {
                text.push_str("---\n");
            }
        }
        text.push_str(file.text.trim_start_matches('\u{feff}'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn files_are_known_by_what_stands_in_them() {
        use InputKind::*;
        for (text, kind) in [
            ("apiVersion: v1\nkind: Pod\n", Manifests),
            ("# first\n---\nkind: Pod\n", Manifests),
            ("{\"kind\": \"List\", \"items\": []}", Manifests),
            ("{\"auths\": {\"r.io\": {}}}", NodeConfig),
            ("{\"credsStore\": \"desktop\"}", NodeConfig),
            ("{\"r.io\": {\"username\": \"u\", \"password\": \"p\", \"email\": \"e\"}}", NodeConfig),
            ("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", KubeletConfig),
            ("apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\n", CredentialProviders),
            ("{\"kind\": \"CredentialProviderResponse\", \"apiVersion\": \"x\", \"auth\": {}}", CredentialProviders),
            ("version: 1\nregistries: []\n", Scenario),
            ("nodes: [{name: a}]\n", Scenario),
            ("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n", RuntimeConfig),
            ("[crio.runtime.runtimes.kata]\nruntime_path = \"/x\"\n", RuntimeConfig),
            ("kubectl apply -f - <<EOF\nkind: Pod\nspec: {}\nEOF\n", Manifests),
        ] {
            assert_eq!(recognise(&file("x", text)), Recognised::Text(kind), "{text}");
        }
        assert_eq!(recognise(&file("x", "podwhy: 9\n")), Recognised::Workspace);
    }

    #[test]
    fn the_name_counts_where_the_text_says_nothing() {
        use InputKind::*;
        for (name, text, kind) in [
            ("root/.docker/config.json", "{", NodeConfig),
            ("C:\\Users\\a\\.dockercfg", "", NodeConfig),
            ("config.toml", "# empty", RuntimeConfig),
            ("pods/broken.yaml", "kind: [", Manifests),
            ("kustomization.yaml", "images: [{name: nginx, newTag: '2'}]", Manifests),
        ] {
            assert_eq!(recognise(&file(name, text)), Recognised::Text(kind), "{name}");
        }
        for (name, text) in [("README.md", "# Read me\n"), ("a.png", "\u{0}PNG"), ("x", ""), ("x", "just words")] {
            assert_eq!(recognise(&file(name, text)), Recognised::Unknown, "{name}");
        }
    }

    #[test]
    fn files_of_a_kind_are_put_together() {
        let gathered = gather(&[
            file("a.yaml", "kind: Pod"),
            file("b.yaml", "---\nkind: Service\n"),
            file("one/config.json", "{\"auths\": {}}"),
            file("two/config.json", "{\"auths\": {}}"),
            file("README.md", "# Read me"),
            file("c.json", "{\"kind\": \"Secret\"}"),
        ]);
        let manifests = "kind: Pod\n---\nkind: Service\n---\n{\"kind\": \"Secret\"}";
        let texts = [(InputKind::Manifests, manifests), (InputKind::NodeConfig, "{\"auths\": {}}")];
        assert_eq!(gathered.texts, texts.map(|(kind, text)| (kind, text.to_owned())));
        assert_eq!(gathered.taken.len(), 4);
        let left: Vec<&str> = gathered.left_out.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["two/config.json", "README.md"]);
    }

    #[test]
    fn a_runtimes_drop_ins_stay_files_of_their_own() {
        use crate::release::Cluster;
        use crate::runtime::files::{Given, runtimes};
        let kata = "[crio.runtime.runtimes.kata]\nruntime_path = \"/usr/bin/kata\"";
        let main = "[crio.runtime]\ndefault_runtime = \"kata\"\n";
        let gathered = gather(&[file("etc/crio/crio.conf.d/10 kata.conf", kata), file("etc/crio/crio.conf", main)]);
        assert_eq!(gathered.left_out, []);
        let [(InputKind::RuntimeConfig, text)] = gathered.texts.as_slice() else { panic!("{:?}", gathered.texts) };
        assert_eq!(
            text,
            &format!("# file: etc/crio/crio.conf.d/10_kata.conf\n{kata}\n# file: etc/crio/crio.conf\n{main}")
        );
        let (found, problems) = runtimes(&[Given { input: InputId(0), name: "", text }], &Cluster::default());
        assert_eq!((found.len(), problems), (1, Vec::new()));
        let names: Vec<&str> = found[0].files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["etc/crio/crio.conf", "etc/crio/crio.conf.d/10_kata.conf"], "the main file is read first");
        assert_eq!(found[0].handlers.default.value, "kata");
        // What names its files itself, and a file alone, stay as they are.
        let named = "# file: /a.toml\nversion = 2\n[plugins.x]\n";
        let own = gather(&[file("one.toml", named), file("two.toml", "[plugins.y]\n")]);
        assert_eq!(own.texts[0].1, format!("{named}# file: two.toml\n[plugins.y]\n"));
        assert_eq!(gather(&[file("two.toml", "[plugins.y]\n")]).texts[0].1, "[plugins.y]\n");
    }

    #[test]
    fn a_workspace_counts_alone() {
        let gathered = gather(&[file("a.yaml", "kind: Pod"), file("w.txt", "podwhy: 1\ntitle: x\n")]);
        assert_eq!(gathered.workspace.unwrap().unwrap().title, "x");
        assert!(gathered.texts.is_empty());
        assert_eq!(gathered.left_out, [("a.yaml".to_owned(), "a workspace was taken alone")]);
        assert!(gather(&[file("w.txt", "podwhy: 9\n")]).workspace.unwrap().is_err());
    }
}
