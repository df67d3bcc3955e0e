//! What the statuses of pasted pods tell: pulls that failed already.

use super::Whole;
use crate::api::{list, plain};
use crate::scenario::{Seen, full_name};
use podwhy_source::{LineIndex, Node};
use std::collections::BTreeMap;

impl Whole {
    /// The pulls that failed, by the images' full names, from what `kubectl get pod -o yaml` printed. A pod without a
    /// phase has no status to be read.
    pub(super) fn seen(&self) -> BTreeMap<String, Seen> {
        let mut all = BTreeMap::new();
        let running = self.given.pods.iter().enumerate().filter(|(_, (_, pod))| pod.phase.is_some());
        for (position, (_, pod)) in running {
            let source = self.source(position);
            let Some(status) = source.as_ref().and_then(|node| node.get("status")) else { continue };
            let fields = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];
            for one in fields.iter().flat_map(|field| list(status, field)) {
                let name = plain(one, "name");
                let Some(container) = pod.containers.iter().find(|container| container.name() == name) else {
                    continue;
                };
                let found = one.get_path(&["state", "waiting"]).and_then(|waiting| self.failed_pull(waiting));
                let image = full_name(container.image(), self.session.cluster.release);
                if let (Some(image), Some(seen)) = (image, found) {
                    all.insert(image, seen);
                }
            }
        }
        all
    }

    fn failed_pull(&self, waiting: &Node) -> Option<Seen> {
        let (reason, message) = (plain(waiting, "reason"), plain(waiting, "message"));
        let text = match reason.as_str() {
            "ErrImagePull" => Some(message.as_str()).filter(|message| !message.is_empty()),
            // Newer kubelets put the last error behind: Back-off pulling image "x": ErrImagePull: what went wrong.
            "ImagePullBackOff" => message.split_once("ErrImagePull: ").map(|(_, text)| text),
            _ => return None,
        };
        let text = text.map(|text| text.trim_end().to_owned());
        let at = waiting.get("reason").unwrap_or(waiting).span;
        let input = self.session.input(at.input)?;
        Some(Seen { text, line: LineIndex::new(&input.text).line_of(at.start) })
    }
}
