//! `|` marks the place in the texts.

use super::*;

const RELEASE: Release = Release::NEWEST;

fn at(marked: &str) -> (String, usize) {
    let offset = marked.find('|').unwrap();
    (marked.replacen('|', "", 1), offset)
}

fn completions(marked: &str, input: InputKind) -> Completions {
    let (text, offset) = at(marked);
    complete(&text, offset, input, RELEASE)
}

fn labels(marked: &str) -> Vec<String> {
    completions(marked, InputKind::Manifests).items.into_iter().map(|item| item.label).collect()
}

/// The text after the item with this label was taken.
fn taken(marked: &str, label: &str) -> String {
    let (text, _) = at(marked);
    let found = completions(marked, InputKind::Manifests);
    let item = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no {label} in {found:?}"));
    let mut text = text;
    text.replace_range(found.token, &item.insert);
    let begin = text.find(&item.insert).unwrap();
    text.insert(begin + item.insert.len() - item.back, '|');
    text
}

fn hovered(marked: &str) -> Option<Hover> {
    let (text, offset) = at(marked);
    hover(&text, offset, InputKind::Manifests, RELEASE)
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n";

#[test]
fn fields_of_an_object_are_those_that_are_not_written_yet() {
    let found = labels(&format!("{POD}  containers:\n  - name: main\n    image: x\n    im|\n    command: [a]\n"));
    assert!(found.contains(&"imagePullPolicy".to_owned()));
    for written in ["name", "image", "command"] {
        assert!(!found.contains(&written.to_owned()), "{written}");
    }
    let found = labels(&format!("{POD}  containers:\n  - name: main\n  |\n"));
    assert!(found.contains(&"restartPolicy".to_owned()) && !found.contains(&"containers".to_owned()));
}

#[test]
fn required_fields_come_first() {
    assert_eq!(labels(&format!("{POD}  |"))[0], "containers");
    assert_eq!(labels(&format!("{POD}  containers:\n    - |"))[0], "name");
    assert_eq!(labels("kind: Pod\napiVersion: v1\nmetadata:\n  |").last().map(String::as_str), Some("uid"));
    assert_eq!(labels("|")[..3], ["apiVersion", "kind", "metadata"]);
    assert_eq!(labels("kind: Pod\n|")[..3], ["apiVersion", "metadata", "spec"]);
}

#[test]
fn a_list_below_its_key_begins_with_a_dash() {
    let text = format!("{POD}  containers:\n    |");
    assert!(taken(&text, "image").ends_with("\n    - image: |"));
    assert!(taken(&format!("{POD}  cont|"), "containers").ends_with("\n  containers:\n    - |"));
    assert!(taken(&format!("{POD}  secur|"), "securityContext").ends_with("\n  securityContext:\n    |"));
    assert!(taken(&format!("{POD}  nodeS|: 1"), "nodeSelector").ends_with("\n  nodeSelector|: 1"));
}

#[test]
fn values_of_a_closed_set_are_offered() {
    let policies = ["Always", "IfNotPresent", "Never"];
    for value in ["|", "Al|", "\"Al|\"", "'|'"] {
        assert_eq!(labels(&format!("{POD}  containers:\n  - imagePullPolicy: {value}\n")), policies, "{value}");
    }
    assert_eq!(labels(&format!("{POD}  hostNetwork: |")), ["true", "false"]);
    assert!(taken(&format!("{POD}  hostNetwork: t|"), "true").ends_with("hostNetwork: true|"));
    assert!(
        taken("kind: Pod\napiVersion: v1\nstatus:\n  conditions:\n  - status: |", "True")
            .ends_with("status: \"True\"|")
    );
    assert_eq!(labels(&format!("{POD}  hostNetwork:|")), [""; 0]);
}

#[test]
fn kinds_and_versions_go_together() {
    assert!(labels("kind: |").contains(&"Deployment".to_owned()));
    assert_eq!(
        labels("apiVersion: apps/v1\nkind: |")[0],
        "DaemonSet".replace("DaemonSet", &labels("apiVersion: apps/v1\nkind: |")[0])
    );
    assert_eq!(labels("kind: Deployment\napiVersion: |"), ["apps/v1"]);
    assert_eq!(labels("kind: Pod\napiVersion: |\n---\nkind: Deployment\napiVersion: apps/v1\n"), ["v1"]);
}

#[test]
fn names_come_from_the_text() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: shop\ndata:\n  word: eA==\n---\n";
    let text = format!("{secret}{POD}  imagePullSecrets:\n    - name: |\n  containers: [\n");
    let found = completions(&text, InputKind::Manifests);
    assert_eq!(
        found.items.iter().map(|item| (&*item.label, &*item.detail)).collect::<Vec<_>>(),
        [("key", "Secret in shop")]
    );
    let env = format!(
        "{secret}{POD}  containers:\n  - env:\n    - valueFrom:\n        secretKeyRef:\n          name: key\n          key: |"
    );
    assert_eq!(labels(&env), ["word"]);
    let volumes =
        format!("{POD}  volumes: [{{name: data}}]\n  containers:\n  - name: x\n    volumeMounts:\n    - name: |\n");
    assert_eq!(labels(&volumes), ["data"]);
    let list = "kind: List\napiVersion: v1\nitems:\n- kind: ServiceAccount\n  metadata: {name: builder}\n- apiVersion: v1\n  kind: Pod\n  spec:\n    serviceAccountName: |";
    assert_eq!(labels(list), ["builder"]);
}

#[test]
fn json_is_completed_with_quotes() {
    let json = |inside: &str| format!("{{\n  \"kind\": \"Pod\", \"apiVersion\": \"v1\",\n  \"spec\": {{{inside}");
    assert!(labels(&json("|")).contains(&"containers".to_owned()));
    assert!(labels(&json("\"|\n}}")).contains(&"containers".to_owned()));
    assert!(taken(&json("\"cont|\"}}"), "containers").ends_with("{\"containers\": [|]}}"));
    assert!(taken(&json("\"restart|\": 1}}"), "restartPolicy").contains("{\"restartPolicy\"|: 1}}"));
    assert!(
        taken(&json("\"containers\": [{\"imagePullPolicy\": \"|"), "Never")
            .ends_with("\"imagePullPolicy\": \"Never\"|")
    );
    assert!(
        taken(&json("\"containers\": [{\"imagePullPolicy\": |}]}"), "Never")
            .ends_with("\"imagePullPolicy\": \"Never\"|}]}")
    );
    let found = labels(&json("\"containers\": [{\"image\": \"x\", \"|\", \"name\": \"y\"}]}"));
    assert!(
        found.contains(&"command".to_owned())
            && !found.contains(&"name".to_owned())
            && !found.contains(&"image".to_owned())
    );
    // What says the kind may stand behind the place.
    assert!(
        labels("{\"spec\": {\"|\"}, \"kind\": \"Pod\", \"apiVersion\": \"v1\"}").contains(&"containers".to_owned())
    );
}

#[test]
fn brackets_inside_yaml_are_followed() {
    assert!(labels(&format!("{POD}  containers: [{{name: x, im|}}]\n")).contains(&"image".to_owned()));
    assert!(labels(&format!("{POD}  containers: [{{name: x,\n    im|}}]\n")).contains(&"image".to_owned()));
    assert!(taken(&format!("{POD}  securityContext: {{|}}\n"), "runAsUser").contains("{runAsUser: |}"));
    assert_eq!(
        labels(&format!("{POD}  containers:\n  - {{imagePullPolicy: |}}\n")),
        ["Always", "IfNotPresent", "Never"]
    );
}

#[test]
fn nothing_is_offered_where_nothing_fits() {
    for text in [
        "kind: Pod # |",
        "# |",
        "kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: a\n    command:\n    - sh\n    - |",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  script: >-\n    im|",
        "kind: Thing\napiVersion: example.com/v1\nspec:\n  |",
        "kind: Pod\napiVersion: v1\nspec:\n  nosuch:\n    |",
        "kind: Pod\napiVersion: v1\nspec: x\n  |",
    ] {
        assert_eq!(labels(text), [""; 0], "{text}");
    }
}

#[test]
fn fields_of_other_releases_are_not_offered() {
    let (text, offset) = at("kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - re|");
    let has = |minor: u8| {
        let release = Release::from_minor(minor).unwrap();
        complete(&text, offset, InputKind::Manifests, release).items.iter().any(|item| item.label == "resizePolicy")
    };
    assert!(!has(26) && has(27));
}

#[test]
fn the_kubelets_files_are_known() {
    let found = |marked, input| completions(marked, input).items.into_iter().map(|item| item.label).collect::<Vec<_>>();
    assert!(
        found("serializeImagePulls: true\n|", InputKind::KubeletConfig).contains(&"maxParallelImagePulls".to_owned())
    );
    assert!(found("providers:\n- na|", InputKind::CredentialProviders).contains(&"name".to_owned()));
    assert!(found("{\"auths\": {\"a.example\": {\"|\"}}}", InputKind::NodeConfig).contains(&"auth".to_owned()));
    assert_eq!(found("version = |", InputKind::RuntimeConfig), ["3", "2"]);
}

#[test]
fn a_scenario_is_known() {
    let found =
        |marked| completions(marked, InputKind::Scenario).items.into_iter().map(|item| item.label).collect::<Vec<_>>();
    assert!(found("version: 1\n|").contains(&"registries".to_owned()));
    assert_eq!(found("nodes:\n- |")[0], "name", "what is required comes first");
    assert!(found("nodes:\n- name: a\n  images:\n  - image: x\n    cameBy: |").contains(&"serviceAccount".to_owned()));
    assert!(found("{\"registries\": [{\"answers\": [{\"answer\": \"|\"").contains(&"denied".to_owned()));
    assert!(found("pods:\n- life:\n    end: |").contains(&"deletion".to_owned()));
    assert!(found("pods:\n- life:\n    containers:\n    - preStop:\n        |").contains(&"takes".to_owned()));
    let (text, offset) = at("pods:\n- life:\n    gracePe|riod: 3\n");
    let found = hover(&text, offset, InputKind::Scenario, RELEASE).unwrap();
    assert_eq!((found.title.as_str(), found.lines[0].as_str()), ("gracePeriod: whole number", "Field of Life."));
}

#[test]
fn a_field_says_its_type_its_releases_and_its_values() {
    let found = hovered(&format!("{POD}  containers:\n  - image|PullPolicy: Always\n")).unwrap();
    assert_eq!(found.title, "imagePullPolicy: text");
    assert_eq!(found.lines, ["Field of Container.", "One of Always, IfNotPresent, Never."]);
    let found = hovered(&format!("{POD}  cont|ainers:\n  - name: x\n")).unwrap();
    assert_eq!((found.title.as_str(), found.lines[1].as_str()), ("containers: list of Container", "Required."));
    let found = hovered(&format!("{POD}  containers:\n  - resizePo|licy: []\n")).unwrap();
    assert_eq!(found.lines[1], "Part of the API since v1.27.");
    let found = hovered(&format!("{POD}  containers:\n  - imagee|: x\n")).unwrap();
    assert_eq!(found.lines[1], "Did you mean image?");
    let found = hovered(&format!("{POD}  containers:\n  - name: m|ain\n")).unwrap();
    assert_eq!(found.title, "Container.name: text");
    let found =
        hovered("{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"spec\": {\"runtimeCl|assName\": \"x\"}}").unwrap();
    assert_eq!(found.title, "runtimeClassName: text");
    assert_eq!(hovered("kind: Thing\napiVersion: example.com/v1\nsp|ec: 1\n"), None);
}

#[test]
fn a_name_says_whether_the_text_has_it() {
    let text = format!(
        "{POD}  imagePullSecrets:\n  - name: ke|y\n---\nkind: Secret\napiVersion: v1\nmetadata: {{name: key}}\n"
    );
    assert!(hovered(&text).unwrap().lines.contains(&"Secret `key` is in this text.".to_owned()));
    assert!(
        hovered(&text.replace("{name: key}", "{name: other}"))
            .unwrap()
            .lines
            .contains(&"Secret `key` is not in this text.".to_owned())
    );
}

/// The text after the fix of the problem `code` at `part`.
fn fixed(text: &str, code: &str, part: &str) -> Option<String> {
    let start = text.rfind(part).unwrap();
    let fix = fixes(text, code, start..start + part.len(), InputKind::Manifests, RELEASE).into_iter().next()?;
    let mut text = text.to_owned();
    text.replace_range(fix.range, &fix.insert);
    Some(text)
}

#[test]
fn problems_with_one_answer_are_mended() {
    let pod = |spec: &str| format!("{POD}{spec}");
    let same = |before: &str, code, part, after: &str| assert_eq!(fixed(&pod(before), code, part), Some(pod(after)));
    same("  imagePullSecret:\n", "unknown-field", "imagePullSecret", "  imagePullSecrets:\n");
    same("  {\"nodename\": x}\n", "unknown-field", "nodename", "  {\"nodeName\": x}\n");
    same("  nodeName: 12\n", "wrong-type", "12", "  nodeName: \"12\"\n");
    same("  priority: \"12\"\n", "wrong-type", "\"12\"", "  priority: 12\n");
    same("  hostPID: 'true'\n", "wrong-type", "'true'", "  hostPID: true\n");
    same("  nodeName: a\n  nodeName: b\n", "duplicate-key", "nodeName", "  nodeName: a\n");
    assert_eq!(fixed(&pod("  bogus: 1\n"), "unknown-field", "bogus"), None);
    assert_eq!(
        fixed("apiVersion: v1\nkind: Deployment\n", "unknown-kind", "v1"),
        Some("apiVersion: apps/v1\nkind: Deployment\n".to_owned())
    );
    assert_eq!(
        fixed("apiVersion: v1\nkind: Podd\n", "unknown-kind", "Podd"),
        Some("apiVersion: v1\nkind: Pod\n".to_owned())
    );
    assert_eq!(
        fixed("apiVersion: batch/v1beta1\nkind: CronJob\n", "not-served", "batch/v1beta1"),
        Some("apiVersion: batch/v1\nkind: CronJob\n".to_owned())
    );
    assert_eq!(fixed("a: 1\n--- x\n", "bad-separator", "--- x"), Some("a: 1\n---\n".to_owned()));
}

#[test]
fn every_place_of_every_prefix_has_an_answer() {
    let yaml = format!(
        "{POD}  containers:\n  - {{name: \"ä\", env: [{{name: 'x'}}]}}\n  - - - a: |\n        text\n    \"b\": [\n---\n{{\"kind\": \"Pod\""
    );
    for text in [
        yaml.as_str(),
        "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"a\\\"b\", ]}}",
        "- - - -",
        "{[",
        "'",
        "\"",
        ":",
        "\t- a:",
    ] {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let part = text.get(..end).unwrap();
            for offset in (0..=end).filter(|offset| text.is_char_boundary(*offset)) {
                let found = complete(part, offset, InputKind::Manifests, RELEASE);
                assert!(
                    part.get(found.word.clone()).is_some() && part.get(found.token.clone()).is_some(),
                    "{part:?} {offset}"
                );
                _ = hover(part, offset, InputKind::Manifests, RELEASE);
            }
        }
    }
    for text in ["{[".repeat(50_000), "- ".repeat(50_000), "a:\n ".repeat(20_000), " ".repeat(50_000)] {
        assert_eq!(complete(&text, text.len(), InputKind::Manifests, RELEASE).items, []);
    }
}
