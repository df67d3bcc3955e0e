use podwhy_core::image::reference::{Grammar, parse};
use podwhy_core::release::Release;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    match parse(input["image"].as_str().unwrap_or_default(), Grammar::of(release)) {
        Ok(reference) => json!({
            "valid": true,
            "name": reference.name(),
            "domain": reference.registry.value,
            "path": reference.path.value,
            "familiar": reference.familiar(),
            "familiar_string": reference.familiar_string(),
            "tag": reference.tag.as_ref().map_or("", |tag| &tag.value),
            "tag_explicit": reference.tag.as_ref().is_some_and(|tag| !tag.is_implied()),
            "digest": reference.digest.as_ref().map_or("", |digest| &digest.value),
            "pulled_as": reference.pulled_as(),
        }),
        Err(error) => json!({
            "valid": false,
            "error": error.error(),
            "reference_error": error.reference_error(),
            "kubelet_error": error.kubelet_error(),
        }),
    }
}
