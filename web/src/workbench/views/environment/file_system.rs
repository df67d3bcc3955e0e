//! A container's file system: its image, and mount by mount what lies over it.

use super::sources::with_later;
use crate::parts::line_button::line_button;
use crate::parts::step_list::{step_list, words};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_core::environment::mounts::{FileSystem, Maker, Mount};
use podwhy_core::evaluate::whole::environment::PodEnvironment;

/// So many files of a mount are listed.
const FILES: usize = 60;

#[derive(PartialEq, Properties)]
pub struct FilesProps {
    pub pod: Shared<PodEnvironment>,
    /// The container's position.
    pub at: usize,
}

/// The overview.
#[component]
pub fn Files(props: &FilesProps) -> Html {
    let (Some(places), Some(container)) = (use_context::<Places>(), props.pod.containers.get(props.at)) else {
        return Html::default();
    };
    let files = &container.files;
    html! {
        <section class="env-section" aria-labelledby="env-files">
            <h3 id="env-files">{ "Files" }</h3>
            <div class="env-table env-files" role="table" aria-label="File system">
                <div role="rowgroup">
                    <div class="env-row env-head" role="row">
                        <span role="columnheader">{ "Path" }</span>
                        <span role="columnheader">{ "What is there" }</span>
                        <span role="columnheader">{ "Access" }</span>
                    </div>
                </div>
                <div role="rowgroup">
                    { root(&places, files) }
                    { for by_path(&files.mounts).into_iter().map(|index| html! {
                        <MountRow key={index} pod={props.pod.clone()} at={props.at} {index} />
                    }) }
                </div>
            </div>
        </section>
    }
}

/// The mounts as a tree: each below the one that it lies in.
fn by_path(mounts: &[Mount]) -> Vec<usize> {
    let parts = |index: &usize| {
        let path = mounts.get(*index).map_or("", |mount| mount.path.as_str());
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut order: Vec<usize> = (0..mounts.len()).collect();
    order.sort_by_cached_key(parts);
    order
}

fn root(places: &Places, files: &FileSystem) -> Html {
    html! {
        <div class="env-row" role="row">
            <div role="cell" class="env-name"><code>{ "/" }</code></div>
            <div role="cell" class="env-text">
                if let Some(image) = &files.image {
                    <span>{ "the image " }<code>{ &image.value }</code>{ " " }{ line_button(places, image.span) }</span>
                } else {
                    <span class="faint">{ "no image is named" }</span>
                }
            </div>
            <div role="cell" class="env-from">
                if let Some(span) = files.root_read_only {
                    <span>{ "read-only" }</span>{ line_button(places, span) }
                } else {
                    <span class="faint">{ "writable, and lost at a restart" }</span>
                }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct MountRowProps {
    pod: Shared<PodEnvironment>,
    at: usize,
    index: usize,
}

/// One mount; its files and reasons are drawn once somebody asks.
#[component]
fn MountRow(props: &MountRowProps) -> Html {
    let open = use_state_eq(|| false);
    let mounts = props.pod.containers.get(props.at).map(|container| container.files.mounts.as_slice());
    let (Some(places), Some(mounts)) = (use_context::<Places>(), mounts) else { return Html::default() };
    let Some(mount) = mounts.get(props.index) else { return Html::default() };
    let onclick = {
        let (open, places, trace) = (open.clone(), places.clone(), mount.trace.clone());
        Callback::from(move |_| {
            places.mark(if *open { &[] } else { &trace });
            open.set(!*open);
        })
    };
    let count = mount.files.as_ref().map(Vec::len).filter(|count| *count > 0);
    let details = match count {
        Some(1) => "1 file".to_owned(),
        Some(count) => format!("{count} files"),
        None if !mount.content.is_empty() => "Content".to_owned(),
        None => "Why".to_owned(),
    };
    html! {
        <div class={classes!("env-row", mount.hidden.then_some("hidden-mount"))} role="row">
            <div role="cell" class={classes!("env-name", mount.inside.is_some().then_some("nested"))}>
                <code>{ &mount.path }</code>
                if let Some(inside) = &mount.inside {
                    <span class="env-note">{ "inside " }<code>{ inside }</code></span>
                }
            </div>
            <div role="cell" class="env-text">
                <span>
                    if !mount.sub_path.is_empty() {
                        { "only " }<code>{ &mount.sub_path }</code>{ " of " }
                    }
                    { words(&mount.words) }
                    if !mount.volume.is_empty() {
                        <span class="faint">{ " (volume " }{ &mount.volume }{ ")" }</span>
                    }
                </span>
                if mount.hidden {
                    <span class="env-note warning">{ "hidden: a later mount lies over it" }</span>
                }
                { maker(mount).map_or_else(Html::default, |text| html! { <span class="env-note">{ text }</span> }) }
            </div>
            <div role="cell" class="env-from">
                <span>{ if mount.read_only { "read-only" } else { "writable" } }</span>
                { for mount.span.map(|span| line_button(&places, span)) }
                <button type="button" class="quiet small env-why" aria-expanded={open.to_string()} {onclick}>
                    { details }<span class="unseen">{ " of " }{ &mount.path }</span>
                </button>
            </div>
            if *open {
                <div role="cell" class="env-more">{ more(&places, mount) }</div>
            }
        </div>
    }
}

fn maker(mount: &Mount) -> Option<&'static str> {
    match mount.maker {
        Maker::Written => None,
        Maker::Admission => Some("added by the admission plug-in ServiceAccount"),
        Maker::Kubelet => Some("added by the kubelet"),
        Maker::Runtime => Some("added by the container runtime"),
    }
}

fn more(places: &Places, mount: &Mount) -> Html {
    let files = mount.files.as_deref().unwrap_or_default();
    let shown = files.get(..FILES).unwrap_or(files);
    html! {
        <>
            if !mount.content.is_empty() {
                <pre class="env-content" tabindex="0" role="region" aria-label={format!("Content of {}", mount.path)}>
                    { for mount.content.iter().map(|line| html! { <>{ with_later(line) }{ "\n" }</> }) }
                </pre>
            }
            if !shown.is_empty() {
                <ul class="env-file-list">
                    { for shown.iter().map(|file| html! {
                        <li>
                            <code>{ &file.path }</code>
                            <span>{ words(&file.words) }</span>
                            { for file.span.filter(|_| mount.maker == Maker::Written).map(|span| line_button(places, span)) }
                        </li>
                    }) }
                    if shown.len() < files.len() {
                        <li class="faint">{ format!("and {} more", files.len() - shown.len()) }</li>
                    }
                </ul>
            }
            { step_list(places, &mount.trace) }
        </>
    }
}
