//! Where variables come from, in kinds to choose from, and their values as they are drawn.

use crate::parts::masked::Masked;
use crate::prelude::*;
use podwhy_core::environment::{EnvValue, Source, Variable};

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A written value, or none at all.
    Value,
    ConfigMap,
    Secret,
    /// A field of the pod, or an amount of a container.
    Field,
    File,
    Service,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::Value, Self::ConfigMap, Self::Secret, Self::Field, Self::File, Self::Service];

    /// The kind of a variable's source.
    pub fn of(variable: &Variable) -> Self {
        match variable.source {
            Source::Value | Source::Nothing => Self::Value,
            Source::ConfigMap { .. } => Self::ConfigMap,
            Source::Secret { .. } => Self::Secret,
            Source::Field { .. } | Source::Resource { .. } => Self::Field,
            Source::File { .. } => Self::File,
            Source::Service { .. } => Self::Service,
        }
    }

    /// The word on its button.
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "Written",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::Field => "Pod field",
            Self::File => "File",
            Self::Service => "Service",
        }
    }
}

/// A source in the few words that fit a column.
pub fn short(source: &Source) -> Html {
    let of = |what: &'static str, name: &str, key: &str| {
        html! { <>{ what }{ " " }<code>{ name }</code>{ ", key " }<code>{ key }</code></> }
    };
    match source {
        Source::Value => html! { "written" },
        Source::ConfigMap { name, key, .. } => of("ConfigMap", name, key),
        Source::Secret { name, key, .. } => of("Secret", name, key),
        Source::Field { path } => html! { <>{ "field " }<code>{ path }</code></> },
        Source::Resource { container, resource } => {
            html! { <><code>{ resource }</code>{ " of " }<code>{ container }</code></> }
        }
        Source::File { volume, path, .. } => {
            html! { <>{ "file " }<code>{ path }</code>{ " in " }<code>{ volume }</code></> }
        }
        Source::Service { name, .. } => html! { <>{ "Service " }<code>{ name }</code></> },
        Source::Nothing => html! { "a valueFrom without a source" },
    }
}

/// A value: a Secret's on demand, and what is known only later set apart.
pub fn value(name: &str, value: &EnvValue) -> Html {
    if value.is_secret() {
        return html! { <Masked name={format!("value of {name}")} value={value.reveal().to_owned()} /> };
    }
    match value.reveal() {
        "" => html! { <span class="faint">{ "empty" }</span> },
        text if value.is_later() => with_later(text),
        text => html! { <code class="env-value">{ text }</code> },
    }
}

/// A text in which what is known only later stands between `‹` and `›`.
pub fn with_later(text: &str) -> Html {
    let mut rest = text;
    let mut parts = Vec::new();
    while let Some((before, after)) = rest.split_once('‹') {
        let Some((later, behind)) = after.split_once('›') else { break };
        parts.push(html! { before });
        parts.push(html! { <span class="env-later" title="Known only when the container starts">{ later }</span> });
        rest = behind;
    }
    html! { <code class="env-value">{ for parts }{ rest }</code> }
}
