//! What comes to the page from elsewhere and goes elsewhere from it: examples, links, files, exports.

pub mod arrival;
mod browser;
mod download;
mod export;
mod files;
pub mod gallery;
mod link;
mod picture;
mod share;

pub use arrival::{Opener, use_arrivals};
pub use files::{Drop, OpenFiles};
pub use gallery::Gallery;
pub use share::Share;

use crate::workbench::bench::Bench;
use podwhy_core::session::Session;
use podwhy_core::session::workspace::Workspace;

/// Everything that the page holds, as one workspace; `pod` is the one that is looked at, as `namespace/name`.
#[must_use]
pub fn workspace(bench: &Bench, pod: String) -> Workspace {
    // A text of white space alone is kept too: what comes back is what went.
    let mut inputs = bench.texts().to_inputs();
    for input in &mut inputs {
        input.name = input.kind.word().to_owned();
    }
    Workspace {
        session: Session { cluster: bench.cluster().clone(), kubelet: bench.kubelet().clone(), inputs },
        view: bench.view().names().1.to_owned(),
        pod,
        ..Workspace::default()
    }
}
