//! Files to a session.

use crate::arguments::Explain;
use podwhy_core::session::workspace::Workspace;
use podwhy_core::session::{Input, InputKind, KubeletPaths, Session};
use std::io::Read;
use std::path::Path;

/// Reads every file that the command line names. A workspace that the page saved brings its own cluster, which counts.
///
/// # Errors
/// The file that cannot be read, and why.
pub fn session(explain: &Explain) -> Result<Session, String> {
    let mut inputs: Vec<Input> =
        explain.files.iter().map(|(kind, path)| read(*kind, path)).collect::<Result<_, String>>()?;
    if let Some(at) = inputs.iter().position(|input| Workspace::is_begun_by(&input.text)) {
        let saved = inputs.remove(at);
        let workspace = Workspace::read(&saved.text).map_err(|error| format!("cannot read {}: {error}", saved.name))?;
        let mut session = workspace.session;
        session.inputs.extend(inputs);
        return Ok(session);
    }
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
