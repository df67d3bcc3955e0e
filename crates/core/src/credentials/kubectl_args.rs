//! `kubectl create secret docker-registry` and `kubectl create secret generic` from their arguments, as far as they
//! make pull secrets: which Secret they print with `--dry-run=client`, or what they refuse.

use crate::credentials::create_secret::{DockerRegistrySecret, NEW_COMMAND, SecretManifest};
use crate::credentials::docker_config::Format;
use crate::go_bool::read_bool;
use crate::quote::quote;
use crate::release::Release;

/// The arguments that were understood.
#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    form: DockerRegistrySecret,
    from_file: Vec<String>,
    from_literal: Vec<String>,
    kind: String,
    append_hash: bool,
}

/// Flags of both commands, of the one for registries, and of the general one.
const COMMON_FLAGS: &[&str] = &["namespace", "output", "from-file"];
const REGISTRY_FLAGS: &[&str] = &["docker-server", "docker-username", "docker-password", "docker-email"];
const GENERIC_FLAGS: &[&str] = &["type", "from-literal"];
/// Flags of every command of kubectl that say nothing about a Secret: how to reach the cluster.
const CLIENT_FLAGS: &[&str] = &["server", "user", "username", "password", "token"];

/// Runs the command. `args` begins with `create`; `read` gives a file of the working directory.
///
/// # Errors
/// The first line that kubectl prints to standard error; its exit code is 1.
pub fn run(
    args: &[String],
    read: impl Fn(&str) -> Option<Vec<u8>>,
    release: Release,
) -> Result<SecretManifest, String> {
    let new = NEW_COMMAND.holds_in(release);
    // What is wrong with a flag was once told by the library that reads flags, with a capital letter.
    let arguments = parse(args).map_err(|problem| format!("{}: {problem}", if new { "error" } else { "Error" }))?;
    let (path, names) = arguments.words.split_at_checked(3).unwrap_or((&arguments.words, &[]));
    let generic = match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["create", "secret", "docker-registry"] => false,
        ["create", "secret", "generic"] => true,
        _ => {
            return Err("error: only `create secret docker-registry` and `create secret generic` are understood here"
                .to_owned());
        }
    };
    let [name] = names else {
        return Err(format!("error: exactly one NAME is required, got {}", names.len()));
    };
    let form = DockerRegistrySecret { name: name.clone(), ..arguments.form };
    let by_flags = !generic && arguments.from_file.is_empty();
    if by_flags && !new {
        form.check_flags(release)?;
    }
    if name.is_empty() {
        return Err("error: name must be specified".to_owned());
    }
    let named = |manifest: SecretManifest| {
        if !arguments.append_hash {
            return manifest;
        }
        SecretManifest { name: format!("{}-{}", manifest.name, manifest.hash()), ..manifest }
    };
    if by_flags {
        form.check_flags(release)?;
        return Ok(named(form.manifest()));
    }
    let kind = if generic { arguments.kind } else { Format::DockerConfigJson.secret_type().to_owned() };
    let mut manifest = SecretManifest { name: form.name, namespace: form.namespace, kind, data: Vec::new() };
    let literals = || arguments.from_literal.iter().map(|source| literal(source));
    let files = || arguments.from_file.iter().map(|source| file(source, generic || !new, &read));
    let mut add = |source: Result<(String, Vec<u8>), String>| {
        let added = source.and_then(|(key, value)| manifest.add(key, value, new));
        added.map_err(|problem| format!("error: {problem}"))
    };
    if new {
        literals().chain(files()).try_for_each(&mut add)?;
    } else {
        files().chain(literals()).try_for_each(&mut add)?;
    }
    Ok(named(manifest))
}

/// Flags in any place, as `--flag=value`, `--flag value` or `-n value`; what follows `--` does not count.
fn parse(args: &[String]) -> Result<Arguments, String> {
    let mut found = Arguments::default();
    let own_flags = if args.get(2).is_some_and(|word| word == "generic") { GENERIC_FLAGS } else { REGISTRY_FLAGS };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            break;
        }
        let (flag, inline) = match (arg.strip_prefix("--"), arg.strip_prefix('-')) {
            (Some(long), _) => match long.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (long, None),
            },
            (None, Some(short)) if short.starts_with(['n', 'o']) => {
                let (flag, value) = short.split_at_checked(1).unwrap_or_default();
                let value = Some(value.strip_prefix('=').unwrap_or(value)).filter(|value| !value.is_empty());
                (if flag == "n" { "namespace" } else { "output" }, value)
            }
            (None, Some(short)) if !short.is_empty() => {
                let letter: String = short.chars().take(1).collect();
                return Err(format!("unknown shorthand flag: '{letter}' in {arg}"));
            }
            _ => {
                found.words.push(arg.clone());
                continue;
            }
        };
        if flag == "dry-run" {
            continue;
        }
        if flag == "append-hash" {
            let value = inline.unwrap_or("true");
            found.append_hash = read_bool(value).ok_or_else(|| {
                let (value, why) =
                    (quote(value), format!("strconv.ParseBool: parsing {}: invalid syntax", quote(value)));
                format!("invalid argument {value} for \"--append-hash\" flag: {why}")
            })?;
            continue;
        }
        if ![COMMON_FLAGS, own_flags, CLIENT_FLAGS].iter().any(|flags| flags.contains(&flag)) {
            return Err(format!("unknown flag: --{flag}"));
        }
        let value = inline.or_else(|| args.next().map(String::as_str));
        let value = value.ok_or_else(|| match arg.strip_prefix('-') {
            Some(short) if !short.starts_with('-') => format!("flag needs an argument: '{short}' in {arg}"),
            _ => format!("flag needs an argument: {arg}"),
        })?;
        let value = value.to_owned();
        match flag {
            "namespace" => found.form.namespace = value,
            "docker-server" => found.form.server = value,
            "docker-username" => found.form.username = value,
            "docker-password" => found.form.password = value,
            "docker-email" => found.form.email = value,
            "type" => found.kind = value,
            "from-literal" => found.from_literal.push(value),
            // This flag takes a list with commas.
            "from-file" if !value.is_empty() => found.from_file.extend(value.split(',').map(str::to_owned)),
            _ => {}
        }
    }
    Ok(found)
}

/// `ParseLiteralSource`.
fn literal(source: &str) -> Result<(String, Vec<u8>), String> {
    match source.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.as_bytes().to_vec())),
        _ => Err(format!("invalid literal source {source}, expected key=value")),
    }
}

/// `ParseFileSource`. Without a key a file is stored under its own name, or under the registry's key in newer kubectl.
fn file(source: &str, own_name: bool, read: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<(String, Vec<u8>), String> {
    let (key, path) = match source.split_once('=') {
        Some((_, path)) if path.contains('=') => return Err("key names or file paths cannot contain '='".to_owned()),
        Some(("", path)) => return Err(format!("key name for file path {path} missing")),
        Some((key, "")) => return Err(format!("file path for key name {key} missing")),
        Some(parts) => parts,
        None if own_name => (source.rsplit('/').next().unwrap_or(source), source),
        None if source.is_empty() => {
            return Err(format!("file path for key name {} missing", Format::DockerConfigJson.data_key()));
        }
        None => (Format::DockerConfigJson.data_key(), source),
    };
    let value = read(path).ok_or_else(|| format!("error reading {path}: no such file or directory"))?;
    Ok((key.to_owned(), value))
}

impl SecretManifest {
    /// Adds a value under a key that is valid and new: `addKeyFromLiteralToSecret`.
    fn add(&mut self, key: String, value: Vec<u8>, new: bool) -> Result<(), String> {
        let valid = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let mut problems = Vec::new();
        if key.len() > 253 {
            problems.push("must be no more than 253 characters");
        }
        if key.is_empty() || !key.chars().all(valid) {
            problems.push(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
            );
        }
        match key.as_str() {
            "." => problems.push("must not be '.'"),
            ".." => problems.push("must not be '..'"),
            key if key.starts_with("..") => problems.push("must not start with '..'"),
            _ => {}
        }
        if !problems.is_empty() {
            let words =
                if new { "is not valid key name for a Secret" } else { "is not a valid key name for a Secret:" };
            return Err(format!("{} {words} {}", quote(&key), problems.join(";")));
        }
        if self.data.iter().any(|(known, _)| *known == key) {
            return Err(format!("cannot add key {key}, another key by that name already exists"));
        }
        self.data.push((key, value));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &str, release: Release) -> Result<SecretManifest, String> {
        let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
        run(&args, |path| (path == "cfg.json").then(|| b"{}".to_vec()), release)
    }

    #[test]
    fn flags_in_any_place_and_form() {
        let args = "create secret docker-registry --docker-username u regcred --docker-password=p=q -n team";
        let manifest = check(args, Release::DEFAULT).unwrap();
        assert_eq!((manifest.name.as_str(), manifest.namespace.as_str()), ("regcred", "team"));
        let text = String::from_utf8(manifest.data[0].1.clone()).unwrap();
        assert!(text.contains(r#""password":"p=q""#), "{text}");
    }

    #[test]
    fn refusals_are_kubectls() {
        let error = |args: &str| check(args, Release::DEFAULT).unwrap_err();
        assert_eq!(error("create secret docker-registry a b"), "error: exactly one NAME is required, got 2");
        assert_eq!(error("create secret generic a --docker-server=x"), "error: unknown flag: --docker-server");
        assert_eq!(
            error("create secret docker-registry a --docker-server"),
            "error: flag needs an argument: --docker-server"
        );
        assert_eq!(
            error("create secret docker-registry a --from-file=no.json"),
            "error: error reading no.json: no such file or directory"
        );
        assert_eq!(
            error("create secret generic a --from-literal=x=1 --from-literal=x=2"),
            "error: cannot add key x, another key by that name already exists"
        );
    }

    #[test]
    fn a_hash_is_appended_to_the_name() {
        let name = |args: &str| check(args, Release::DEFAULT).map(|manifest| manifest.name);
        assert_eq!(name("create secret docker-registry a --from-file=cfg.json --append-hash").unwrap(), "a-t2t7f7g5dc");
        assert_eq!(name("create secret generic a --append-hash=false").unwrap(), "a");
        assert_eq!(
            name("create secret generic a --append-hash=no").unwrap_err(),
            "error: invalid argument \"no\" for \"--append-hash\" flag: strconv.ParseBool: parsing \"no\": invalid syntax"
        );
    }

    #[test]
    fn the_registrys_user_is_not_the_clusters() {
        // `--username` and `--password` are flags of every command (genericclioptions.ConfigFlags).
        let args = "create secret docker-registry a --username=u --password=p";
        assert_eq!(check(args, Release::OLDEST).unwrap_err(), "error: flag docker-username is required");
    }

    #[test]
    fn refusals_that_differ_by_release() {
        let both = |args: &str| [Release::OLDEST, Release::minor_unchecked(32)].map(|of| check(args, of).unwrap_err());
        // addKeyFromLiteralToSecret, in pkg/generate/versioned/secret.go and in create_secret.go.
        let key = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        assert_eq!(
            both("create secret docker-registry a --from-file=a!b=cfg.json"),
            [
                format!("error: \"a!b\" is not a valid key name for a Secret: {key}"),
                format!("error: \"a!b\" is not valid key name for a Secret {key}")
            ]
        );
        // Files come before literals in the older command, after them in the newer one.
        assert_eq!(
            both("create secret generic a --from-literal=x --from-file=no.json"),
            [
                "error: error reading no.json: no such file or directory",
                "error: invalid literal source x, expected key=value"
            ]
        );
        // cobra's ExecuteC once printed it, now cmdutil.CheckErr does.
        assert_eq!(
            both("create secret docker-registry a --type=x"),
            ["Error: unknown flag: --type", "error: unknown flag: --type"]
        );
        // SecretDockerRegistryOpts.Complete looks at the flags before the generator looks at the name.
        assert_eq!(
            both("create secret docker-registry  --docker-password="),
            ["error: flag docker-username is required", "error: name must be specified"]
        );
        assert_eq!(both("create secret docker-registry a -n")[1], "error: flag needs an argument: 'n' in -n");
    }

    #[test]
    fn a_file_without_a_key_is_stored_under_the_right_key_in_newer_kubectl() {
        let key =
            |release| check("create secret docker-registry a --from-file=cfg.json", release).unwrap().data[0].0.clone();
        assert_eq!(key(Release::OLDEST), "cfg.json");
        assert_eq!(key(Release::minor_unchecked(32)), ".dockerconfigjson");
    }
}
