//! Files to take away.

use super::download;
use podwhy_core::evaluate::Whole;
use podwhy_core::session::workspace::Workspace;

/// What can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The workspace, to be opened again.
    Workspace,
    /// The answers for an issue.
    Markdown,
    /// The whole answer for programs.
    Json,
    /// The pods as the API server stores them.
    Yaml,
}

/// Saves a workspace, of which secrets are already taken out, as a file of this kind; says what became of it.
pub fn export(kind: Kind, workspace: &Workspace) -> &'static str {
    let whole = || Whole::of(workspace.session.clone());
    let (name, form, content) = match kind {
        Kind::Workspace => ("podwhy.txt", "text/plain", Ok(workspace.write())),
        Kind::Markdown => ("podwhy.md", "text/markdown", Ok(podwhy::markdown(&whole()))),
        Kind::Json => ("podwhy.json", "application/json", podwhy::json(&whole())),
        Kind::Yaml => ("podwhy.yaml", "application/yaml", Ok(podwhy::effective(&whole()))),
    };
    match content {
        Ok(content) if !content.is_empty() => {
            download::text(name, form, &content);
            "Saved."
        }
        _ => "There is nothing to save.",
    }
}
