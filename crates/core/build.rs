//! Makes the API's field table small: `data/api-fields.json` becomes a compact text that the crate embeds.
//!
//! A line without a leading blank begins a definition: its name, then `@since-until` where it does not exist in
//! every release. The lines below, with one blank, are its fields: name, type, and the same mark. In a type, `[`
//! stands for a list and `{` for a map; a `!` behind it says that the field is required. The kinds of other files (the kubelet's configuration) and everything that
//! no object reaches are left out, as are the lists of allowed values: validation knows them.
//!
//! Both go into texts of their own, which only completion reads, so that who completes nothing does not carry them: the
//! kubelet's kinds in the same form, and lines of definition, field and allowed values with tabs between them.

use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

const DATA: &str = "data/api-fields.json";
/// What the names of the kubelet's configuration kinds begin with.
const CONFIGURATION: &str = "config.";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=build.rs");
    let data: Value = serde_json::from_str(&std::fs::read_to_string(DATA)?)?;
    let definitions = data.get("definitions").and_then(Value::as_object).ok_or("no definitions")?;
    let mut open: Vec<&str> =
        data.get("roots").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(definition) = definitions.get(name) else { continue };
        if reached.insert(name) {
            open.extend(fields(definition).filter_map(|(_, field)| leaf(field.get("type")?)));
        }
    }
    let (mut table, mut configurations, mut values) = (String::new(), String::new(), String::new());
    for (name, definition) in definitions {
        let out = match (reached.contains(name.as_str()), name.strip_prefix(CONFIGURATION)) {
            (true, _) => &mut table,
            (_, Some(_)) => &mut configurations,
            _ => continue,
        };
        writeln!(out, "{name}{}", releases(definition))?;
        for (field_name, field) in fields(definition) {
            let kind = field.get("type").ok_or("a field without type")?;
            let required = if field.get("required") == Some(&Value::Bool(true)) { "!" } else { "" };
            writeln!(out, " {field_name} {}{required}{}", type_text(kind)?, releases(field))?;
            let allowed: Vec<&str> =
                field.get("values").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            if !allowed.is_empty() {
                writeln!(values, "{name}\t{field_name}\t{}", allowed.join("\t"))?;
            }
        }
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    std::fs::write(out.join("api-fields.txt"), table)?;
    std::fs::write(out.join("configuration-fields.txt"), configurations)?;
    std::fs::write(out.join("allowed-values.txt"), values)?;
    Ok(())
}

fn fields(definition: &Value) -> impl Iterator<Item = (&String, &Value)> {
    definition.get("fields").and_then(Value::as_object).into_iter().flatten()
}

/// The definition or plain type that a type is made of.
fn leaf(kind: &Value) -> Option<&str> {
    kind.as_str().or_else(|| leaf(kind.get("list").or_else(|| kind.get("map"))?))
}

fn type_text(kind: &Value) -> Result<String, Box<dyn Error>> {
    let text = match kind {
        Value::Object(kind) => match (kind.get("list"), kind.get("map")) {
            (Some(item), None) => format!("[{}", type_text(item)?),
            // Only a kubelet's file has maps of lists, and nothing asks what is in them.
            (None, Some(Value::Object(_))) => "{any".to_owned(),
            (None, Some(value)) => format!("{{{}", type_text(value)?),
            _ => return Err("a type that is neither list nor map".into()),
        },
        Value::String(name) => match name.as_str() {
            "integer" => "int64".to_owned(),
            "boolean" => "bool".to_owned(),
            _ => name.clone(),
        },
        _ => return Err("a type without name".into()),
    };
    Ok(text)
}

/// `@since-until` as minor releases, either half left out where it says nothing.
fn releases(value: &Value) -> String {
    let minor = |key: &str| value.get(key).and_then(Value::as_str).and_then(|text| text.strip_prefix("1."));
    let since = minor("since").filter(|since| *since != "20").unwrap_or_default();
    match minor("until") {
        Some(until) => format!("@{since}-{until}"),
        None if since.is_empty() => String::new(),
        None => format!("@{since}"),
    }
}
