//! The form for a pull secret: the Secret that kubectl makes, and its command. Nothing of it is kept anywhere.

use crate::parts::copy_button::{CopyButton, ready};
use crate::parts::disclosure::{disclosure, opened};
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use podwhy_core::credentials::create_secret::{DEFAULT_SERVER, DockerRegistrySecret};
use podwhy_core::evaluate::Whole;
use podwhy_core::report::PodReport;
use podwhy_core::session::InputKind;
use std::collections::BTreeMap;
use web_sys::HtmlInputElement;

/// A field of the form.
struct FormField {
    id: &'static str,
    label: &'static str,
    note: &'static str,
    /// For browsers and password managers: this is nobody's login.
    kind: &'static str,
    get: fn(&mut DockerRegistrySecret) -> &mut String,
}

const FIELDS: [FormField; 6] = [
    FormField { id: "name", label: "Name", note: "", kind: "text", get: |form| &mut form.name },
    FormField {
        id: "namespace",
        label: "Namespace",
        note: "if not kubectl's own",
        kind: "text",
        get: |form| &mut form.namespace,
    },
    FormField { id: "server", label: "Server", note: "", kind: "text", get: |form| &mut form.server },
    FormField { id: "username", label: "User", note: "", kind: "text", get: |form| &mut form.username },
    FormField { id: "password", label: "Password", note: "", kind: "password", get: |form| &mut form.password },
    FormField {
        id: "email",
        label: "E-mail",
        note: "no registry asks for it",
        kind: "text",
        get: |form| &mut form.email,
    },
];

#[derive(PartialEq, Properties)]
pub struct CreateSecretProps {
    /// The answer about the pods that the Secret may be for.
    pub whole: Shared<Whole>,
}

#[component]
pub fn CreateSecret(props: &CreateSecretProps) -> Html {
    // What was typed, by field; the others hold what is known from the pods.
    let typed = use_state_eq(BTreeMap::<&'static str, String>::new);
    let shown = use_state_eq(|| false);
    let release = use_context::<Places>().map(|places| places.release()).unwrap_or_default();
    let Some(bench) = use_context::<Bench>() else { return Html::default() };
    let pods = &props.whole.report.pods;
    let mut form = DockerRegistrySecret::known(pods);
    for field in &FIELDS {
        if let Some(typed) = typed.get(field.id) {
            (field.get)(&mut form).clone_from(typed);
        }
    }
    let field = |field: &'static FormField| {
        let id = format!("create-secret-{}", field.id);
        let value = (field.get)(&mut form.clone()).clone();
        let oninput = {
            let typed = typed.clone();
            Callback::from(move |event: InputEvent| {
                let mut next = (*typed).clone();
                next.insert(field.id, event.target_unchecked_into::<HtmlInputElement>().value());
                typed.set(next);
            })
        };
        let kind = if *shown { "text" } else { field.kind };
        html! {
            <div class="cred-field">
                <label for={id.clone()}>{ field.label }<span class="faint">{ field.note }</span></label>
                <input {id} type={kind} {value} {oninput} autocomplete="off" autocapitalize="off" spellcheck="false" />
            </div>
        }
    };
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let named = pods.iter().any(|pod| pod.pull_secrets.iter().any(|secret| secret.name == form.name));
    let body = html! {
        <>
            <p class="faint">{ "As " }<code>{ "kubectl create secret docker-registry" }</code>{ " does. What you type here is kept nowhere, unless you add it to the manifests." }</p>
            <div class="cred-fields">{ for FIELDS.iter().map(field) }</div>
            if typed.is_empty() {
                <p class="faint">{ "The server " }<code>{ DEFAULT_SERVER }</code>{ " stands for Docker Hub." }</p>
            } else if let Err(error) = form.check(release) {
                <p class="cred-kubectl-error" role="status">{ mark(Sign::Error) }<code>{ error }</code></p>
            } else {
                <div class="cred-made">
                    { hints(&form.hints(repositories(pods))) }
                    if !named {
                        <p class="faint">{ "No pod here names this Secret yet: " }<code>{ "imagePullSecrets" }</code>{ " does." }</p>
                    }
                    <div class="cred-buttons">
                        <button type="button" class="small" onclick={add(&form, &bench)}>{ "Add to the manifests" }</button>
                        <button type="button" class="small" aria-pressed={shown.to_string()} onclick={toggle}>
                            { if *shown { "Hide the password" } else { "Show the password" } }
                        </button>
                    </div>
                    { secret(&form.manifest().yaml(), *shown) }
                    { output("The command", &form.command(!*shown), &form.command(false)) }
                </div>
            }
        </>
    };
    let title = html! { <span>{ "Create a pull secret" }</span> };
    // Who types into it keeps it, whatever becomes of the pods.
    if DockerRegistrySecret::is_wanted(pods) || !typed.is_empty() {
        opened("cred-create", title, body)
    } else {
        disclosure("cred-create", Callback::noop(), title, body)
    }
}

/// Puts the Secret behind the manifests.
fn add(form: &DockerRegistrySecret, bench: &Bench) -> Callback<MouseEvent> {
    let (secret, bench) = (form.manifest().yaml(), bench.clone());
    Callback::from(move |_: MouseEvent| {
        let before = bench.texts().get(InputKind::Manifests).as_str().trim_end();
        bench.replace(&[(InputKind::Manifests, format!("{before}\n---\n{secret}"))], "The Secret was added.");
    })
}

/// What will not work although kubectl says nothing.
fn hints(hints: &[String]) -> Html {
    if hints.is_empty() {
        return Html::default();
    }
    let hint = |hint: &String| html! { <li>{ mark(Sign::Warning) }<span>{ words(hint) }</span></li> };
    html! { <ul class="cred-hints" aria-label="Worth knowing">{ for hints.iter().map(hint) }</ul> }
}

/// What the pods' images are looked up as.
fn repositories(pods: &[PodReport]) -> impl Iterator<Item = &str> {
    let containers = pods.iter().flat_map(|pod| &pod.containers);
    containers.filter_map(|container| Some(container.lookup.as_ref()?.repository.as_str()))
}

fn secret(yaml: &str, shown: bool) -> Html {
    let masked = if shown { String::new() } else { masked(yaml) };
    output("The Secret", if shown { yaml } else { &masked }, yaml)
}

/// The Secret without its data, which holds the password in base64.
fn masked(yaml: &str) -> String {
    let data = "  .dockerconfigjson: ";
    let line = |line: &str| if line.starts_with(data) { format!("{data}••••") } else { line.to_owned() };
    yaml.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What stands on the screen, and a button that copies the whole of it.
fn output(title: &'static str, shown: &str, whole: &str) -> Html {
    const WITHOUT: &str = "This browser does not let the page copy; show the password and select the text.";
    html! {
        <figure class="printed">
            <figcaption>
                <span>{ title }</span>
                <CopyButton what={title.to_lowercase()} text={ready(whole)} without={WITHOUT} />
            </figcaption>
            <pre tabindex="0" role="region" aria-label={title}><code>{ shown }</code></pre>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_secret_has_no_data() {
        let form =
            DockerRegistrySecret { name: "a".into(), username: "u".into(), password: "p".into(), ..Default::default() };
        let yaml = form.manifest().yaml();
        let hidden = masked(&yaml);
        assert!(hidden.contains("  .dockerconfigjson: ••••\n"));
        assert_eq!(hidden.lines().count(), yaml.lines().count());
        assert!(!hidden.contains("ey"), "{hidden}");
    }
}
