//! The dialog that gives a link, and everything else that can be taken away.

use super::export::{Kind, export};
use super::link::encode;
use super::picture::{Picture, pictures};
use super::workspace;
use crate::parts::copy_button::{CopyButton, ready};
use crate::parts::dialog::Dialog;
use crate::parts::disclosure::disclosure;
use crate::parts::switch::switch;
use crate::prelude::*;
use crate::texts::tab_name;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use gloo::utils::window;
use podwhy_core::release::Cluster;
use podwhy_core::session::mask::Mask;
use podwhy_core::session::workspace::Workspace;
use podwhy_core::session::{InputKind, KubeletPaths};
use std::collections::BTreeSet;
use web_sys::HtmlInputElement;

/// Links of more letters are cut by some chat programs.
const LONG: usize = 2_000;
/// Links of more letters are refused by some programs.
const VERY_LONG: usize = 8_000;

/// What goes into a link or a file.
#[derive(Clone, PartialEq, Default)]
struct Choice {
    /// The kinds of texts that stay here.
    without: BTreeSet<InputKind>,
    /// Release, gates, plug-ins and paths stay here.
    without_cluster: bool,
    /// View and pod stay here.
    without_view: bool,
    /// Secrets go along.
    secrets: bool,
}

impl Choice {
    /// The workspace that goes, and how many secrets were replaced and documents left out in it.
    fn of(&self, workspace: &Workspace) -> (Workspace, Mask) {
        let mut chosen = workspace.clone();
        chosen.session.inputs.retain(|input| !self.without.contains(&input.kind));
        if self.without_cluster {
            chosen.session.cluster = Cluster::of(chosen.session.cluster.release);
            chosen.session.kubelet = KubeletPaths::default();
        }
        if self.without_view {
            (chosen.view, chosen.pod) = (String::new(), String::new());
        }
        let mut mask = Mask::default();
        if !self.secrets {
            chosen = mask.workspace(&chosen);
        }
        (chosen, mask)
    }
}

#[derive(PartialEq, Properties)]
pub struct ShareProps {
    pub answered: Answered,
    /// The pod that is looked at, as its position in the report.
    pub pod: usize,
    pub onclose: Callback<()>,
}

#[component]
pub fn Share(props: &ShareProps) -> Html {
    let bench = use_context::<Bench>();
    let choice = use_state_eq(Choice::default);
    let link = use_state_eq(|| None::<Option<String>>);
    let said = use_state_eq(|| "");
    let found = use_state_eq(|| pictures(""));
    let pod = props.answered.whole.report.pods.get(props.pod);
    let pod = pod.map(|pod| format!("{}/{}", pod.namespace, pod.name)).unwrap_or_default();
    let everything = bench.as_ref().map(|bench| workspace(bench, pod)).unwrap_or_default();
    let (chosen, mask) = choice.of(&everything);
    use_effect_with(chosen.clone(), {
        let link = link.setter();
        move |chosen| {
            let chosen = chosen.clone();
            yew::platform::spawn_local(async move {
                let fragment = encode(&chosen).await;
                let here = window().location().href().unwrap_or_default();
                let here = here.split('#').next().unwrap_or_default().to_owned();
                link.set(Some(fragment.map(|fragment| here + &fragment)));
            });
        }
    });
    use_effect_with((), {
        let (found, view) = (found.setter(), everything.view.clone());
        move |()| found.set(pictures(&view))
    });
    let onsecrets = change(&choice, |choice| choice.secrets = !choice.secrets);
    let save = |kind: Kind| {
        let (chosen, said) = (chosen.clone(), said.setter());
        Callback::from(move |_: MouseEvent| said.set(export(kind, &chosen)))
    };
    html! {
        <Dialog title="Share" onclose={props.onclose.clone()}>
            <div class="share-body" role="region" aria-label="Share" tabindex="0">
                // First what most come for; secrets stay here unless a switch below says otherwise.
                { link_part(&link) }
                <fieldset>
                    <legend>{ "What goes along" }</legend>
                    <div class="share-parts">
                        { for everything.session.inputs.iter().map(|input| {
                            let kind = input.kind;
                            let onchange = change(&choice, move |choice| {
                                if !choice.without.remove(&kind) {
                                    choice.without.insert(kind);
                                }
                            });
                            switch(tab_name(kind).into(), AttrValue::default(), !choice.without.contains(&kind), &onchange)
                        }) }
                        { switch("Feature gates, plug-ins, paths".into(), AttrValue::default(), !choice.without_cluster,
                            &change(&choice, |choice| choice.without_cluster = !choice.without_cluster)) }
                        { switch("The open view and pod".into(), AttrValue::default(), !choice.without_view,
                            &change(&choice, |choice| choice.without_view = !choice.without_view)) }
                        { switch("Secrets as they are".into(), AttrValue::default(), choice.secrets, &onsecrets) }
                    </div>
                    { secrets_note(choice.secrets, &mask) }
                </fieldset>
                <section>
                    <h3>{ "Save" }</h3>
                    <p class="share-buttons">
                        <button type="button" onclick={save(Kind::Workspace)}>{ "Workspace" }</button>
                        <button type="button" onclick={save(Kind::Markdown)}>{ "Markdown for an issue" }</button>
                        <button type="button" onclick={save(Kind::Json)}>{ "Report as JSON" }</button>
                        <button type="button" onclick={save(Kind::Yaml)}>{ "Effective manifests" }</button>
                    </p>
                    <p role="status">{ *said }</p>
                    <p class="faint">
                        { "A workspace is opened again by dropping it here, and by " }<code>{ "podwhy explain -f FILE" }</code>{ ". The JSON follows " }
                        <a href="schema/report.v1.json">{ "its schema" }</a>{ "." }
                    </p>
                </section>
                <section>
                    <h3>{ "Pictures of the open view" }</h3>
                    if found.is_empty() {
                        <p class="faint">{ "The open view has no picture." }</p>
                    }
                    <ul class="share-pictures">{ for found.iter().map(picture_row) }</ul>
                </section>
            </div>
        </Dialog>
    }
}

fn change(choice: &UseStateHandle<Choice>, change: impl Fn(&mut Choice) + 'static) -> Callback<bool> {
    let choice = choice.clone();
    Callback::from(move |_| {
        let mut next = (*choice).clone();
        change(&mut next);
        choice.set(next);
    })
}

fn secrets_note(with_secrets: bool, mask: &Mask) -> Html {
    let sentence = match (with_secrets, mask.replaced()) {
        (true, _) => "Whoever has the link or the file can read every password in it.".to_owned(),
        (false, 0) => "No secret was found in these texts.".to_owned(),
        (false, 1) => "1 secret is replaced by a placeholder; what matches stays as it is.".to_owned(),
        (false, count) => {
            format!("{count} secrets are replaced by placeholders; what matches, and in which order, stays as it is.")
        }
    };
    html! {
        <>
            <p role="status" class={classes!("share-note", with_secrets.then_some("warned"))}>{ sentence }
                if mask.left_out > 0 {
                    { format!(" {} documents that cannot be read may hold credentials and are left out.", mask.left_out) }
                }
            </p>
            if !with_secrets {
                <p class="share-note">{ "Other secrets, in free text for example, may stay: look through what you share." }</p>
            }
            { disclosure("", Callback::noop(), html! { { "What is replaced" } }, html! {
                <p>{ "Every value, annotation and comment of a Secret; passwords and tokens of registries in every form; values of variables, headers, options, annotations, settings and ConfigMap keys whose name says password, token, secret, credential or key; passwords in addresses and connection strings; private keys, JSON web tokens and tokens of well-known services. Names of objects, registries and users stay, and so does a secret that nothing names as one." }</p>
            }) }
        </>
    }
}

fn link_part(link: &Option<Option<String>>) -> Html {
    let Some(link) = link else { return html! { <p>{ "The link is on its way." }</p> } };
    let Some(link) = link.clone() else {
        return html! { <p>{ "This browser cannot compress texts, so there is no link. Save the workspace as a file." }</p> };
    };
    let length = link.chars().count();
    let warning = match length {
        VERY_LONG.. => {
            "Some browsers and servers refuse links of more than 8,000 characters: better save the workspace as a file."
        }
        LONG.. => "Some chat programs cut links of more than 2,000 characters.",
        _ => "",
    };
    let onfocus = Callback::from(|event: FocusEvent| event.target_unchecked_into::<HtmlInputElement>().select());
    html! {
        <section>
            <h3 id="share-link">{ "Link" }</h3>
            <p class="share-link">
                <input id="link" type="text" readonly=true aria-labelledby="share-link" aria-describedby="link-length" value={link.clone()} {onfocus} />
                <CopyButton label="Copy link" class="" text={ready(&link)} without="This browser does not let the page copy: select the link and copy it." />
            </p>
            <p id="link-length" class={classes!("share-note", (!warning.is_empty()).then_some("warned"))}>
                { format!("{} characters. ", thousands(length)) }{ warning }
                <span class="faint">{ " Everything is in the part behind #, which browsers send to nobody." }</span>
            </p>
        </section>
    }
}

/// `1234` as `1,234`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn picture_row(picture: &Picture) -> Html {
    let svg = {
        let picture = picture.clone();
        Callback::from(move |_: MouseEvent| picture.save_svg())
    };
    let png = {
        let picture = picture.clone();
        Callback::from(move |_: MouseEvent| picture.save_png())
    };
    html! {
        <li key={picture.file.clone()}>
            <span>{ &picture.title }</span>
            <button type="button" class="small" onclick={svg}>{ "SVG" }<span class="unseen">{ " of " }{ &picture.title }</span></button>
            <button type="button" class="small" onclick={png}>{ "PNG" }<span class="unseen">{ " of " }{ &picture.title }</span></button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::session::Input;

    #[test]
    fn what_is_left_out_does_not_go_along() {
        let mut workspace = Workspace { view: "pulls".to_owned(), pod: "a/b".to_owned(), ..Workspace::default() };
        for (kind, text) in [
            (InputKind::Manifests, "kind: Secret\nstringData: {p: hunter2}\n"),
            (InputKind::NodeConfig, "{\"auths\": {\"r.io\": {\"password\": \"hunter2\"}}}"),
        ] {
            workspace.session.inputs.push(Input { kind, name: kind.word().to_owned(), text: text.to_owned() });
        }
        workspace.session.kubelet.home = Some("/root".to_owned());
        let (masked, mask) = Choice::default().of(&workspace);
        assert!(!masked.write().contains("hunter2") && mask.replaced() == 1);
        let (whole, _) = Choice { secrets: true, ..Choice::default() }.of(&workspace);
        assert_eq!(whole, workspace);
        let choice = Choice {
            without: [InputKind::NodeConfig].into(),
            without_cluster: true,
            without_view: true,
            secrets: true,
        };
        let (less, _) = choice.of(&workspace);
        assert_eq!(less.session.inputs.len(), 1);
        assert_eq!((less.view.as_str(), less.session.kubelet.home), ("", None));
    }

    #[test]
    fn numbers_are_read_in_groups() {
        for (number, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), words);
        }
    }
}
