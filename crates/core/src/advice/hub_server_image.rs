//! An image that names a server of Docker Hub instead of Docker Hub.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "hub-server-image",
    title: "An image names one of Docker Hub's servers as its registry.",
    why: "Credentials and mirrors for Docker Hub are found by the name docker.io alone; an image of another name does not get them, and hub.docker.com is no registry at all.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "image-names"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers("image: registry-1.docker.io/team/app:1", "image: docker.io/team/app:1")
    },
};

const SERVERS: &[&str] = &["registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com", "registry.docker.io"];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for image in ask.images() {
        let registry = image.reference.map(|reference| reference.registry.value.as_str());
        let Some(server) = registry.filter(|registry| SERVERS.contains(registry)) else { continue };
        let message = format!("`{server}` does not count as Docker Hub.");
        let fix = ask.texts.replace(image.written, &image.written.value.replacen(server, "docker.io", 1));
        found.push(Finding::new(image.written.span, message).path(&image.path).fix("Write docker.io", fix));
    }
}
