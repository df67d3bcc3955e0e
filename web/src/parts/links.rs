//! Ways out of the page: to the documentation, and to the code that does it.

use crate::places::Places;
use podwhy_core::release::Release;
use podwhy_core::rule::DocLink;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct OutLinkProps {
    pub href: AttrValue,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    #[prop_or_default]
    pub children: Html,
}

/// A link that opens beside the page and tells the other side nothing.
#[component]
pub fn OutLink(props: &OutLinkProps) -> Html {
    html! {
        <a class="out-link" href={&props.href} title={props.title.clone()} target="_blank" rel="noopener noreferrer">
            { props.children.clone() }
            <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true" focusable="false">
                <path d="M4.5 2.5H2V10h7.5V7.5M7 2h3v3M10 2 5.5 6.5" />
            </svg>
            <span class="unseen">{ " (opens in a new tab)" }</span>
        </a>
    }
}

#[derive(PartialEq, Properties)]
pub struct DocLinkProps {
    pub doc: DocLink,
}

/// The documentation's page and heading.
#[component]
pub fn DocumentationLink(props: &DocLinkProps) -> Html {
    html! { <OutLink href={props.doc.url()} title="kubernetes.io/docs">{ "Documentation" }</OutLink> }
}

#[derive(PartialEq, Properties)]
pub struct UpstreamProps {
    /// A file of Kubernetes and a function in it, or any other evidence.
    pub upstream: AttrValue,
}

/// The code of Kubernetes in the chosen release, or the evidence as it is.
#[component]
pub fn Upstream(props: &UpstreamProps) -> Html {
    let release = use_context::<Places>().map(|places| places.release()).unwrap_or_default();
    match source_url(&props.upstream, release) {
        Some(href) => html! { <OutLink {href}><code>{ &props.upstream }</code></OutLink> },
        None => html! { <code>{ &props.upstream }</code> },
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
