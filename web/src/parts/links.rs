//! Ways out of the page: to the documentation, and to the code that does it.

use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::rule::DocLink;

/// A link that opens beside the page and tells the other side nothing.
pub fn out_link(href: AttrValue, content: Html) -> Html {
    html! {
        <a class="out-link" {href} target="_blank" rel="noopener noreferrer">
            { content }
            <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true" focusable="false">
                <path d="M4.5 2.5H2V10h7.5V7.5M7 2h3v3M10 2 5.5 6.5" />
            </svg>
            <span class="unseen">{ " (opens in a new tab)" }</span>
        </a>
    }
}

/// The documentation's page and heading.
pub fn documentation_link(doc: DocLink) -> Html {
    out_link(doc.url().into(), html! { "Documentation" })
}

/// The code of Kubernetes in the chosen release, or the evidence as it is.
pub fn upstream_link(upstream: &'static str, release: Release) -> Html {
    match source_url(upstream, release) {
        Some(href) => out_link(href.into(), html! { <code>{ upstream }</code> }),
        None => html! { <code>{ upstream }</code> },
    }
}

/// The address of `pkg/file.go Function` in the branch of a release, or of an issue that is already one.
fn source_url(upstream: &str, release: Release) -> Option<String> {
    let first = upstream.split(' ').next()?;
    if first.starts_with("https://") {
        return Some(first.to_owned());
    }
    let in_tree = ["pkg/", "cmd/", "staging/", "plugin/"].iter().any(|folder| first.starts_with(folder));
    (in_tree && first.ends_with(".go"))
        .then(|| format!("https://github.com/kubernetes/kubernetes/blob/release-1.{}/{first}", release.minor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_tree_become_links() {
        let url = |text| source_url(text, Release::OLDEST);
        let file = url("pkg/apis/core/v1/defaults.go SetDefaults_Container").unwrap();
        assert!(file.ends_with("/release-1.20/pkg/apis/core/v1/defaults.go"), "{file}");
        assert_eq!(url("https://example.com/1 x").as_deref(), Some("https://example.com/1"));
        assert_eq!(url("github.com/distribution/reference normalize.go"), None);
    }
}
