//! `kubectl create secret docker-registry`: the Secret that it makes, and the command that makes it
//! (staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret_docker.go).

mod append_hash;
mod hints;

use crate::credentials::docker_config::Format;
use crate::quote::quote_json;
use crate::release::{Release, Since};
use podwhy_source::base64;
use std::fmt;

/// The server that kubectl writes when none is given.
pub const DEFAULT_SERVER: &str = "https://index.docker.io/v1/";

/// One message for all missing flags instead of one for each; `--from-file` without a key stores under the right key.
pub(super) const NEW_COMMAND: Since = Since::between(20, 32);

/// What the form asks for. `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DockerRegistrySecret {
    /// The Secret's name.
    pub name: String,
    /// Its namespace; `""` for the one that kubectl is set to.
    pub namespace: String,
    /// `--docker-server`.
    pub server: String,
    /// `--docker-username`.
    pub username: String,
    /// `--docker-password`.
    pub password: String,
    /// `--docker-email`, may be `""`.
    pub email: String,
}

impl Default for DockerRegistrySecret {
    fn default() -> Self {
        let empty = String::new;
        Self {
            name: empty(),
            namespace: empty(),
            server: DEFAULT_SERVER.to_owned(),
            username: empty(),
            password: empty(),
            email: empty(),
        }
    }
}

impl fmt::Debug for DockerRegistrySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {} username: {:?}, password: ••••", self.namespace, self.name, self.server, self.username)
    }
}

impl DockerRegistrySecret {
    /// Whether kubectl makes the Secret.
    ///
    /// # Errors
    /// What kubectl prints, word by word, when something is missing.
    pub fn check(&self, release: Release) -> Result<(), String> {
        if self.name.is_empty() {
            return Err("error: exactly one NAME is required, got 0".to_owned());
        }
        self.check_flags(release)
    }

    /// As [`Self::check`], without the name.
    pub(super) fn check_flags(&self, release: Release) -> Result<(), String> {
        let flags = [("username", &self.username), ("password", &self.password), ("server", &self.server)];
        match flags.into_iter().find(|(_, value)| value.is_empty()) {
            None => Ok(()),
            Some(_) if NEW_COMMAND.holds_in(release) => Err(
                "error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required"
                    .to_owned(),
            ),
            Some((flag, _)) => Err(format!("error: flag docker-{flag} is required")),
        }
    }

    /// The text under `.dockerconfigjson`, byte for byte as kubectl writes it.
    #[must_use]
    pub fn docker_config_json(&self) -> String {
        let auth = base64::encode(format!("{}:{}", self.username, self.password));
        let fields =
            [("username", &self.username), ("password", &self.password), ("email", &self.email), ("auth", &auth)];
        let fields: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("\"{name}\":{}", quote_json(value)))
            .collect();
        format!("{{\"auths\":{{{}:{{{}}}}}}}", quote_json(&self.server), fields.join(","))
    }

    /// The Secret.
    #[must_use]
    pub fn manifest(&self) -> SecretManifest {
        let format = Format::DockerConfigJson;
        SecretManifest {
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            kind: format.secret_type().to_owned(),
            data: vec![(format.data_key().to_owned(), self.docker_config_json().into_bytes())],
        }
    }

    /// The command that makes it, quoted for a POSIX shell. With `mask` the password is left out of it.
    #[must_use]
    pub fn command(&self, mask: bool) -> String {
        let password = if mask { "••••" } else { &self.password };
        let flags = [
            ("namespace", self.namespace.as_str(), false),
            ("docker-server", &self.server, true),
            ("docker-username", &self.username, true),
            ("docker-password", password, true),
            ("docker-email", &self.email, false),
        ];
        let mut command = format!("kubectl create secret docker-registry {}", shell_quoted(&self.name));
        for (flag, value, required) in flags {
            if required || !value.is_empty() {
                command.push_str(&format!(" \\\n  --{flag}={}", shell_quoted(value)));
            }
        }
        command
    }
}

/// A Secret as kubectl prints it. `Debug` does not show the data.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretManifest {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`; left out if empty.
    pub namespace: String,
    /// `type`; left out if empty.
    pub kind: String,
    /// The data, not yet in base64.
    pub data: Vec<(String, Vec<u8>)>,
}

impl fmt::Debug for SecretManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret {}/{} {}", self.namespace, self.name, self.kind)
    }
}

impl SecretManifest {
    /// The output of `-o json`.
    #[must_use]
    pub fn json(&self) -> String {
        let mut metadata = vec![("name", &self.name)];
        if !self.namespace.is_empty() {
            metadata.push(("namespace", &self.namespace));
        }
        let mut text = "{\n    \"kind\": \"Secret\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n".to_owned();
        for (name, value) in metadata {
            text.push_str(&format!("        \"{name}\": {},\n", quote_json(value)));
        }
        text.push_str("        \"creationTimestamp\": null\n    }");
        if !self.data.is_empty() {
            text.push_str(",\n    \"data\": {\n");
            let data: Vec<_> =
                self.sorted_data().map(|(key, value)| format!("        {}: \"{value}\"", quote_json(key))).collect();
            text.push_str(&data.join(",\n"));
            text.push_str("\n    }");
        }
        if !self.kind.is_empty() {
            text.push_str(&format!(",\n    \"type\": {}", quote_json(&self.kind)));
        }
        text.push_str("\n}\n");
        text
    }

    /// The output of `-o yaml`.
    #[must_use]
    pub fn yaml(&self) -> String {
        let mut text = "apiVersion: v1\n".to_owned();
        if !self.data.is_empty() {
            text.push_str("data:\n");
            for (key, value) in self.sorted_data() {
                text.push_str(&format!("  {}: {value}\n", yaml_quoted(key)));
            }
        }
        text.push_str(&format!(
            "kind: Secret\nmetadata:\n  creationTimestamp: null\n  name: {}\n",
            yaml_quoted(&self.name)
        ));
        if !self.namespace.is_empty() {
            text.push_str(&format!("  namespace: {}\n", yaml_quoted(&self.namespace)));
        }
        if !self.kind.is_empty() {
            text.push_str(&format!("type: {}\n", yaml_quoted(&self.kind)));
        }
        text
    }

    /// Keys and base64 values, sorted by key as Go prints maps.
    fn sorted_data(&self) -> impl Iterator<Item = (&str, String)> {
        let mut data: Vec<_> = self.data.iter().collect();
        data.sort();
        data.into_iter().map(|(key, value)| (key.as_str(), base64::encode(value)))
    }
}

/// A text for a POSIX shell: as it is if that is safe, else in single quotes.
fn shell_quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:@=,+%•".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text for YAML: as it is if no reader takes it for something else, else in double quotes.
fn yaml_quoted(text: &str) -> String {
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let begins_well = text.strip_prefix('.').unwrap_or(text).starts_with(|c: char| c.is_ascii_alphabetic());
    let special = words.iter().any(|word| text.eq_ignore_ascii_case(word))
        || [".inf", ".nan"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if begins_well && text.chars().all(safe) && !special { text.to_owned() } else { quote_json(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> DockerRegistrySecret {
        DockerRegistrySecret {
            name: "regcred".into(),
            username: "alice".into(),
            password: "it's <&> \"x\"".into(),
            ..Default::default()
        }
    }

    #[test]
    fn the_text_is_written_as_gos_encoder_does() {
        assert_eq!(
            form().docker_config_json(),
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"username\":\"alice\",\"password\":\"it's \\u003c\\u0026\\u003e \\\"x\\\"\",\"auth\":\"YWxpY2U6aXQncyA8Jj4gIngi\"}}}"
        );
    }

    #[test]
    fn the_command_is_quoted_for_a_shell() {
        assert_eq!(
            form().command(false),
            "kubectl create secret docker-registry regcred \\\n  --docker-server=https://index.docker.io/v1/ \\\n  --docker-username=alice \\\n  --docker-password='it'\\''s <&> \"x\"'"
        );
        assert!(!form().command(true).contains("it'"));
    }

    #[test]
    fn what_is_missing_is_refused_as_kubectl_does() {
        let form = DockerRegistrySecret { password: String::new(), ..form() };
        assert_eq!(form.check(Release::OLDEST), Err("error: flag docker-password is required".into()));
        assert!(form.check(Release::DEFAULT).unwrap_err().starts_with("error: either --from-file or"));
        let nameless = DockerRegistrySecret { name: String::new(), ..form };
        assert_eq!(nameless.check(Release::DEFAULT), Err("error: exactly one NAME is required, got 0".into()));
    }

    #[test]
    fn the_manifest_in_both_languages() {
        let manifest = SecretManifest {
            name: "no".into(),
            namespace: "team-a".into(),
            kind: "kubernetes.io/dockerconfigjson".into(),
            data: vec![(".dockerconfigjson".into(), b"{}".to_vec())],
        };
        assert_eq!(
            manifest.yaml(),
            "apiVersion: v1\ndata:\n  .dockerconfigjson: e30=\nkind: Secret\nmetadata:\n  creationTimestamp: null\n  name: \"no\"\n  namespace: team-a\ntype: kubernetes.io/dockerconfigjson\n"
        );
        assert_eq!(
            manifest.json(),
            "{\n    \"kind\": \"Secret\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n        \"name\": \"no\",\n        \"namespace\": \"team-a\",\n        \"creationTimestamp\": null\n    },\n    \"data\": {\n        \".dockerconfigjson\": \"e30=\"\n    },\n    \"type\": \"kubernetes.io/dockerconfigjson\"\n}\n"
        );
    }

    #[test]
    fn the_password_is_never_printed() {
        assert!(!format!("{:?} {:?}", form(), form().manifest()).contains("it's"));
    }
}
