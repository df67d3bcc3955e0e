//! The published schema of the report, held against reports. It uses a few words of JSON Schema only; a word that is
//! not known here fails, so that none is passed over.

use podwhy::json;
use podwhy_core::evaluate::Whole;
use serde_json::{Value, json as value};

const SCHEMA: &str = include_str!("../../web/schema/report.v1.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("a schema in JSON")
}

/// Where a value is not as its schema says.
fn differences(found: &Value, schema: &Value, root: &Value, path: &str, out: &mut Vec<String>) {
    for (word, said) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let name = said.as_str().and_then(|name| name.strip_prefix('#')).expect("a place in the schema");
                differences(found, root.pointer(name).expect("a definition that is there"), root, path, out);
            }
            "const" if found == said => {}
            "const" => out.push(format!("{path} is {found} and not {said}")),
            "type" => {
                let kinds = said.as_array().cloned().unwrap_or_else(|| vec![said.clone()]);
                if !kinds.iter().any(|kind| is_of(found, kind.as_str().unwrap_or_default())) {
                    out.push(format!("{path} is none of {said}"));
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut found_here = Vec::new();
                    differences(found, schema, root, path, &mut found_here);
                    found_here.is_empty()
                };
                if !said.as_array().expect("a list of schemas").iter().any(fits) {
                    out.push(format!("{path} fits none of {said}"));
                }
            }
            "required" => {
                let missing = said.as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing = missing.filter(|name| found.as_object().is_some_and(|found| !found.contains_key(*name)));
                out.extend(missing.map(|name| format!("{path} has no {name}")));
            }
            "properties" => {
                for (name, inner) in found.as_object().into_iter().flatten() {
                    if let Some(schema) = said.get(name) {
                        differences(inner, schema, root, &format!("{path}.{name}"), out);
                    }
                }
            }
            "items" => {
                for (at, inner) in found.as_array().into_iter().flatten().enumerate() {
                    differences(inner, said, root, &format!("{path}[{at}]"), out);
                }
            }
            word => panic!("{word} is no word of a schema that is known here"),
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("{kind} is no type of JSON"),
    }
}

fn check(report: &Value) -> Vec<String> {
    let (schema, mut found) = (schema(), Vec::new());
    differences(report, &schema, &schema, "$", &mut found);
    found
}

#[test]
fn every_report_is_as_the_published_schema_says() {
    for (name, example) in super::examples() {
        let text = json(&Whole::of(example.session)).expect("a report in JSON");
        let found = check(&serde_json::from_str(&text).expect("JSON"));
        assert!(found.is_empty(), "{name}: web/schema/report.v1.json says otherwise\n{}", found.join("\n"));
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let (_, example) = super::examples().pop_first().expect("an example");
    let report: Value = serde_json::from_str(&json(&Whole::of(example.session)).expect("a report")).expect("JSON");
    assert_eq!(check(&report), Vec::<String>::new());
    let after = |change: fn(&mut Value)| {
        let mut changed = report.clone();
        change(&mut changed);
        check(&changed).len()
    };
    assert_eq!(after(|report| report["format"] = value!(2)), 1);
    assert_eq!(after(|report| report["news"] = value!(1)), 0, "fields may be added");
    assert_eq!(after(|report| report["pods"] = value!({})), 1);
    assert_eq!(after(|report| report["pods"][0]["name"] = value!(5)), 1);
    assert_eq!(after(|report| _ = report["pods"][0].as_object_mut().map(|pod| pod.remove("title"))), 1);
    assert_eq!(after(|report| report["pods"][0]["span"]["end"] = value!("x")), 1);
    assert_eq!(check(&value!([])), ["$ is none of \"object\""]);
}
