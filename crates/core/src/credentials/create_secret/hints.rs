//! What will not work with a Secret that kubectl makes without a word.

use super::DockerRegistrySecret;
use crate::credentials::docker_config::{DockerConfig, Format, parse};
use crate::credentials::keyring::{Keyrings, Lookup};
use podwhy_source::json::Place;
use podwhy_source::{InputId, Span};

impl DockerRegistrySecret {
    /// What is worth knowing before the Secret is used, as plain sentences: what the kubelet reads otherwise than it was
    /// typed, what its key can never match, and that it matches none of `repositories`, the images that are given. The
    /// kubelet's own reading says so, on the text that kubectl writes.
    #[must_use]
    pub fn hints<'a>(&self, repositories: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let place = Place::Inside(Span::new(InputId(0), 0, 0));
        let config = parse(&self.docker_config_json(), Format::DockerConfigJson, place).unwrap_or_default();
        let mut hints = self.credential_hints(&config);
        let keyrings = Keyrings::new(&[], Some(&config));
        let advice = keyrings.keys().iter().flat_map(|key| &key.advice);
        hints.extend(advice.map(|advice| advice.step.finding.clone()));
        let lookups: Vec<Lookup> = repositories.into_iter().map(|image| keyrings.lookup(image)).collect();
        if lookups.iter().all(|lookup| lookup.anonymous)
            && let Some(meant) = lookups.iter().find(|lookup| lookup.is_near_miss()).or(lookups.first())
        {
            let why = meant.cells.first().and_then(|cell| cell.trace.last()).map(|step| step.finding.as_str());
            let images = if lookups.len() == 1 { "the image" } else { "any of the images" };
            hints.push(format!(
                "The key does not match {images} here, such as `{}`. {}",
                meant.repository,
                why.unwrap_or_default()
            ));
        }
        hints
    }

    /// Whether the kubelet reads another user or password than was typed, and blanks that nobody sees.
    fn credential_hints(&self, config: &DockerConfig) -> Vec<String> {
        let mut hints = Vec::new();
        let read = config.entries.first().map(|entry| entry.credential.username.as_str());
        if let Some(read) = read.filter(|read| *read != self.username) {
            hints.push(format!(
                "A user ends at the first colon: the kubelet takes `{read}` for the user and the rest for the beginning of the password."
            ));
        }
        for (field, value) in [("server", &self.server), ("user", &self.username), ("password", &self.password)] {
            if value.trim() != value {
                hints.push(format!("The {field} begins or ends with a blank, which is a part of it."));
            }
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(server: &str, username: &str, images: &[&str]) -> Vec<String> {
        let form = DockerRegistrySecret {
            name: "regcred".to_owned(),
            server: server.to_owned(),
            username: username.to_owned(),
            password: "p".to_owned(),
            ..DockerRegistrySecret::default()
        };
        form.hints(images.iter().copied())
    }

    #[test]
    fn what_works_gets_no_hint() {
        let hub = "https://index.docker.io/v1/";
        assert_eq!(hints(hub, "u", &["docker.io/library/nginx"]), [""; 0]);
        assert_eq!(hints("https://reg.io:5000", "u", &["reg.io:5000/app", "other.io/app"]), [""; 0]);
        assert_eq!(hints("reg.io", "u", &[]), [""; 0], "no image is given");
    }

    #[test]
    fn a_key_that_matches_no_image_is_told_with_the_reason() {
        for (server, image) in
            [("reg.io", "reg.io:5000/app"), ("https://reg.io/team/", "reg.io/team"), ("*.io", "a.reg.io/app")]
        {
            let found = hints(server, "u", &[image]);
            let told = found.last().expect(server);
            assert!(told.contains(&format!("`{image}`")), "{told}");
        }
    }

    #[test]
    fn spellings_that_serve_nothing_are_told_with_the_matching_rules_own_words() {
        for (server, words) in [
            ("https://index.docker.io/v1", "is dropped only with a slash after it"),
            ("hub.docker.com", "does not stand for Docker Hub"),
            ("oci://reg.io", "the host of this key is `oci`"),
            ("reg.io/team/app:1", "without their tag"),
            ("reg io", "no URL"),
        ] {
            let found = hints(server, "u", &[]);
            assert!(found.iter().any(|hint| hint.contains(words)), "{server}: {found:?}");
        }
    }

    #[test]
    fn a_user_that_the_kubelet_reads_otherwise_is_told_and_no_password_is() {
        let found = hints("reg.io", "team:robot ", &[]);
        assert!(found[0].contains("takes `team` for the user"), "{found:?}");
        assert_eq!(found[1], "The user begins or ends with a blank, which is a part of it.");
    }
}
