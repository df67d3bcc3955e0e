//! Files to a session.

use crate::arguments::Explain;
use podwhy_core::session::{Input, InputKind, KubeletPaths, Session};
use std::io::Read;
use std::path::Path;

/// Reads every file that the command line names.
///
/// # Errors
/// The file that cannot be read, and why.
pub fn session(explain: &Explain) -> Result<Session, String> {
    let inputs = explain.files.iter().map(|(kind, path)| read(*kind, path)).collect::<Result<_, String>>()?;
    let mut kubelet = KubeletPaths { home: explain.kubelet_home.clone(), ..KubeletPaths::default() };
    if let Some(path) = &explain.node_config_path {
        kubelet.node_config.clone_from(path);
    }
    Ok(Session { cluster: explain.cluster.clone(), kubelet, inputs })
}

fn read(kind: InputKind, path: &Path) -> Result<Input, String> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let outcome = if name == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    outcome.map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        format!("{name} is not UTF-8 text (line {line})")
    })?;
    Ok(Input { kind, name, text })
}
