//! What the command line asks for.

use lexopt::Arg as Argument;
use lexopt::prelude::*;
use podwhy_core::feature::Feature;
use podwhy_core::release::{AdmissionPlugin, Cluster, Release};
use podwhy_core::session::InputKind;
use std::path::PathBuf;

/// What is printed for `--help`.
pub const USAGE: &str = "\
podwhy explains what Kubernetes decides about the pods in a manifest, from the API server's defaults to what happens on
the node: which images are pulled with which credentials, what fails, and what the pod's status and events say then.

Usage: podwhy explain -f FILE... [options]

  -f, --filename FILE           manifests to explain, or a workspace that the page saved, with its own cluster;
                                `-` reads standard input; may be repeated
      --stored FILE             the objects as the cluster holds them, which the manifests update
      --node-config FILE        the node's config.json or .dockercfg
      --node-config-path PATH   where that file lies on the node (default /var/lib/kubelet/config.json)
      --kubelet-home DIR        the kubelet's $HOME (default: not set, as under systemd)
      --kubelet-config FILE     the node's KubeletConfiguration
      --credential-providers FILE
                                the node's CredentialProviderConfig, and what its plug-ins answer
                                (CredentialProviderResponse, in the order of the providers); may be repeated
      --runtime-config FILE     the container runtime's config.toml or crio.conf, and its drop-ins; may be repeated
      --scenario FILE           what manifests cannot say: images on nodes, registries' answers, durations
      --release VERSION         a release from 1.20 to 1.36 (default 1.34)
      --feature-gates A=true,B=false
                                feature gates of the cluster
      --enable-admission-plugins A,B
      --disable-admission-plugins A,B
                                admission plug-ins of the API server
  -o, --output text|json|yaml|markdown|manifests
                                how to print the report (default text); markdown is for an issue, without secrets;
                                manifests are the pods as the API server stores them
  -h, --help                    print this
  -V, --version                 print the version

Exit code: 0 when the report was printed, 2 when the input cannot be used.
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print the usage.
    Help,
    /// Print the version.
    Version,
    /// Explain the files.
    Explain(Explain),
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For programs, easier on the eye.
    Yaml,
    /// For an issue, without secrets.
    Markdown,
    /// The pods as the API server stores them, as YAML.
    Manifests,
}

/// The files and the cluster to explain them for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Explain {
    /// The files, and what each is; `-` is standard input.
    pub files: Vec<(InputKind, PathBuf)>,
    /// Where that file lies on the node.
    pub node_config_path: Option<String>,
    /// The kubelet's `$HOME`.
    pub kubelet_home: Option<String>,
    /// Release, gates and plug-ins.
    pub cluster: Cluster,
    /// How to print.
    pub output: Output,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// What is wrong with them, as a sentence.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut explain = Explain::default();
    let mut named = false;
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        if let Some((kind, name)) = file_option(&argument) {
            explain.files.push((kind, value(&mut parser, name)?.into()));
            continue;
        }
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("node-config-path") => {
                explain.node_config_path = Some(text(value(&mut parser, "--node-config-path")?)?)
            }
            Long("kubelet-home") => explain.kubelet_home = Some(text(value(&mut parser, "--kubelet-home")?)?),
            Long("release") => explain.cluster.release = release(&text(value(&mut parser, "--release")?)?)?,
            Long("feature-gates") => gates(&text(value(&mut parser, "--feature-gates")?)?, &mut explain.cluster)?,
            Long("enable-admission-plugins") => {
                plugins(&text(value(&mut parser, "--enable-admission-plugins")?)?, true, &mut explain.cluster)?;
            }
            Long("disable-admission-plugins") => {
                plugins(&text(value(&mut parser, "--disable-admission-plugins")?)?, false, &mut explain.cluster)?;
            }
            Short('o') | Long("output") => explain.output = output(&text(value(&mut parser, "-o")?)?)?,
            Value(word) if !named && word == "explain" => named = true,
            other => return Err(other.unexpected().to_string()),
        }
    }
    if !named {
        return Err("the command is `podwhy explain -f FILE`".to_owned());
    }
    if !explain.files.iter().any(|(kind, _)| matches!(kind, InputKind::Manifests | InputKind::NodeConfig)) {
        return Err("no manifest is given: add -f FILE".to_owned());
    }
    Ok(Command::Explain(explain))
}

/// What the file is that an option names, and the option's name.
fn file_option(argument: &Argument) -> Option<(InputKind, &'static str)> {
    Some(match argument {
        Short('f') | Long("filename") => (InputKind::Manifests, "-f"),
        Long("stored") => (InputKind::Stored, "--stored"),
        Long("node-config") => (InputKind::NodeConfig, "--node-config"),
        Long("kubelet-config") => (InputKind::KubeletConfig, "--kubelet-config"),
        Long("credential-providers") => (InputKind::CredentialProviders, "--credential-providers"),
        Long("runtime-config") => (InputKind::RuntimeConfig, "--runtime-config"),
        Long("scenario") => (InputKind::Scenario, "--scenario"),
        _ => return None,
    })
}

fn value(parser: &mut lexopt::Parser, name: &str) -> Result<std::ffi::OsString, String> {
    parser.value().map_err(|_| format!("{name} needs a value"))
}

fn text(value: std::ffi::OsString) -> Result<String, String> {
    value.into_string().map_err(|value| format!("`{}` is not UTF-8", value.to_string_lossy()))
}

fn release(name: &str) -> Result<Release, String> {
    Release::parse(name).ok_or_else(|| {
        format!("`{name}` is no release that is known here; choose one from {} to {}", Release::OLDEST, Release::NEWEST)
    })
}

fn output(name: &str) -> Result<Output, String> {
    match name {
        "text" => Ok(Output::Text),
        "json" => Ok(Output::Json),
        "yaml" => Ok(Output::Yaml),
        "markdown" => Ok(Output::Markdown),
        "manifests" => Ok(Output::Manifests),
        _ => Err(format!("`{name}` is no output format; choose text, json, yaml, markdown or manifests")),
    }
}

fn gates(list: &str, cluster: &mut Cluster) -> Result<(), String> {
    for gate in list.split(',').filter(|gate| !gate.is_empty()) {
        let (name, value) = gate.split_once('=').ok_or_else(|| format!("write the feature gate as {gate}=true"))?;
        let feature =
            Feature::by_name(name).ok_or_else(|| format!("no answer depends on the feature gate `{name}`"))?;
        let on = value.parse().map_err(|_| format!("the feature gate {name} is true or false, not `{value}`"))?;
        cluster.gates.insert(feature, on);
    }
    Ok(())
}

fn plugins(list: &str, on: bool, cluster: &mut Cluster) -> Result<(), String> {
    for name in list.split(',').filter(|name| !name.is_empty()) {
        let plugin = AdmissionPlugin::ALL.iter().copied().find(|plugin| plugin.name() == name);
        let plugin = plugin.ok_or_else(|| format!("no answer depends on the admission plug-in `{name}`"))?;
        if plugin.on_by_default() == on {
            cluster.switched_plugins.remove(&plugin);
        } else {
            cluster.switched_plugins.insert(plugin);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Command, String> {
        parse(words.split_whitespace().map(Into::into))
    }

    #[test]
    fn reads_files_release_and_switches() {
        let Ok(Command::Explain(explain)) = read(
            "explain -f a.yaml -fb.yaml --release=v1.29 -o json --feature-gates SidecarContainers=false \
             --enable-admission-plugins AlwaysPullImages --disable-admission-plugins ServiceAccount",
        ) else {
            panic!("not read");
        };
        let manifests = ["a.yaml", "b.yaml"].map(|name| (InputKind::Manifests, PathBuf::from(name)));
        assert_eq!(explain.files, manifests);
        assert_eq!((explain.cluster.release, explain.output), (Release::minor_unchecked(29), Output::Json));
        assert!(!explain.cluster.has(Feature::SidecarContainers));
        assert!(explain.cluster.admits_with(AdmissionPlugin::AlwaysPullImages));
        assert!(!explain.cluster.admits_with(AdmissionPlugin::ServiceAccount));
    }

    #[test]
    fn reads_what_is_given_of_the_node() {
        let Ok(Command::Explain(explain)) = read(
            "explain -f a --kubelet-config k --credential-providers p --credential-providers r --runtime-config c \
             --runtime-config d --scenario s --node-config n",
        ) else {
            panic!("not read");
        };
        let kinds: Vec<InputKind> = explain.files.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(
            kinds,
            [
                InputKind::Manifests,
                InputKind::KubeletConfig,
                InputKind::CredentialProviders,
                InputKind::CredentialProviders,
                InputKind::RuntimeConfig,
                InputKind::RuntimeConfig,
                InputKind::Scenario,
                InputKind::NodeConfig
            ]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (words, problem) in [
            ("", "the command is"),
            ("explain", "no manifest is given"),
            ("explain -f", "needs a value"),
            ("explain --scenario s", "no manifest is given"),
            ("explain -f a --release 1.19", "choose one from v1.20 to v1.36"),
            ("explain -f a -o xml", "choose text, json, yaml, markdown or manifests"),
            ("explain -f a --feature-gates X=true", "no answer depends"),
            ("explain -f a --feature-gates PodHostIPs=maybe", "true or false"),
            ("explain -f a --frobnicate", "invalid option"),
            ("explain a.yaml", "unexpected argument"),
        ] {
            let error = read(words).expect_err(words);
            assert!(error.contains(problem), "{words}: {error}");
        }
    }
}
