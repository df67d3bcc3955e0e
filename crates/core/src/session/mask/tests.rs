use super::*;

fn masked(kind: InputKind, text: &str) -> String {
    Mask::default().text(kind, text)
}

fn manifests(text: &str) -> String {
    masked(InputKind::Manifests, text)
}

fn secret(body: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n{body}")
}

const POD: &str =
    "kind: Pod # web\nspec:\n  imagePullSecrets: [{name: a}]\n  volumes:\n  - secret: {secretName: Secrets}\n";

#[test]
fn what_holds_no_secret_stays_to_the_letter() {
    for text in [
        "",
        "\n\n",
        POD,
        "kind: ConfigMap\ndata:\n  a: 1 # one\n",
        "# a Secret is elsewhere\nkind: Pod\r\nmetadata: {name: x}\r\n",
        "- [ {",
        "kind: Pod\nspec: {containers: [{env: [{name: A, value: b}, {name: TOKEN, value: $(OTHER)}]}]}\n",
    ] {
        assert_eq!(manifests(text), text);
    }
}

#[test]
fn values_of_a_secret_go_and_everything_around_them_stays() {
    let text = format!(
        "{POD}---\n{}---\n{POD}",
        secret(
            "type: Opaque\ndata:\n  pass: c2VjcmV0\n  \"b\": |\n    YWFh\n    YmJi\n  c: '' # was hunter2\n  again: c2VjcmV0\nstringData: {word: hunter2}\n"
        )
    );
    let kept = manifests(&text);
    let one = base64::encode("hidden-1");
    let two = base64::encode("hidden-2");
    let expected = format!(
        "{POD}---\n{}---\n{POD}",
        secret(&format!(
            "type: Opaque\ndata:\n  pass: {one}\n  \"b\": |\n    {two}\n  c: '' #\n  again: {one}\nstringData: {{word: hidden-3}}\n"
        ))
    );
    assert_eq!(kept, expected);
}

#[test]
fn credentials_keep_registries_users_and_equality() {
    let auth = base64::encode("bob:hunter2");
    let config = format!(
        "{{\"auths\": {{\"reg.io\": {{\"auth\": \"{auth}\"}}, \"b.io\": {{\"username\": \"eve\", \"password\": \"hunter2\"}}, \"c.io\": {{}}}}}}"
    );
    let hidden = base64::encode("bob:hidden-1");
    let expected = format!(
        "{{\"auths\": {{\"reg.io\": {{\"auth\": \"{hidden}\"}}, \"b.io\": {{\"username\": \"eve\", \"password\": \"hidden-1\"}}, \"c.io\": {{}}}}}}"
    );
    let mut mask = Mask::default();
    assert_eq!(mask.text(InputKind::NodeConfig, &config), expected);
    let in_secret = secret(&format!("data:\n  .dockerconfigjson: {}\n", base64::encode(&config)));
    let kept = mask.text(InputKind::Manifests, &in_secret);
    assert_eq!(kept, secret(&format!("data:\n  .dockerconfigjson: {}\n", base64::encode(&expected))));
    assert_eq!((mask.replaced(), mask.left_out), (1, 0));
    let written = secret(&format!("stringData:\n  .dockerconfigjson: |\n    {config}\n"));
    let kept = mask.text(InputKind::Manifests, &written);
    assert!(kept.contains(&hidden) && !kept.contains("hunter2") && !kept.contains(&auth), "{kept}");
    let lines = secret(
        "stringData:\n  .dockerconfigjson: |\n    {\"auths\": {\n      \"r.io\": {\"password\": \"hunter2\"}\n    }}\n  b: 1\n",
    );
    assert_eq!(manifests(&lines), lines.replace("hunter2", "hidden-1").replace("b: 1", "b: 0"));
    let legacy = "{\"reg.io\": {\"username\": \"bob\", \"password\": \"hunter2\", \"email\": \"b@b.io\"}}";
    let kept = mask.text(InputKind::NodeConfig, legacy);
    assert_eq!(kept, legacy.replace("hunter2", "hidden-1"));
}

#[test]
fn what_cannot_be_decoded_still_cannot() {
    for broken in ["hunter2!", "{\"auths\": {\"r.io\": {\"auth\": \"hunter2!\"}}}"] {
        let kept = manifests(&secret(&format!("stringData:\n  .dockerconfigjson: '{broken}'\n")));
        assert!(!kept.contains("hunter2"), "{kept}");
        assert!(kept.contains("hidden-1"), "{kept}");
    }
    let kept = manifests(&secret("data:\n  a: hunter2!\n"));
    assert!(kept.contains("a: hidden-1") && base64::decode("hidden-1", Padding::Required).is_none(), "{kept}");
    assert!(base64::decode("hidden-1", Padding::Forbidden).is_none());
    let kept = manifests(&secret("data:\n  a: 12345\n  b: [c2VjcmV0]\n"));
    assert!(kept.contains("a: 0") && !kept.contains("c2VjcmV0"), "{kept}");
}

#[test]
fn what_is_called_a_secret_goes_wherever_it_stands() {
    for text in [
        "kind: Pod\nspec: {containers: [{env: [{name: DB_PASSWORD, value: hunter2}]}]}\n",
        "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"env\":[{\"name\":\"api-key\",\"value\":\"hunter2\"}]}]}}",
        "kind: Pod\nspec: {containers: [{args: [\"--token=hunter2\", '--x=1']}]}\n",
        "kind: Pod\nspec: {containers: [{lifecycle: {preStop: {httpGet: {httpHeaders: [{name: Authorization, value: Basic hunter2}]}}}}]}\n",
        "kind: ConfigMap\ndata:\n  db.password: hunter2\n",
        "kind: Pod\nspec: {containers: [{env: [{name: URL, value: 'https://bob:hunter2@db.io/x'}]}]}\n",
        "kind: Pod\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"env\":[{\"name\":\"TOKEN\",\"value\":\"hunter2\"}]}]}}\n",
        "kind: SecretList\nitems:\n- kind: Secret\n  data: {p: aHVudGVyMg==}\n",
        "kind: Se\ndata:\n  p: aHVudGVyMg==\n",
        "data:\n  p: aHVudGVyMg==\n",
        "kind: List\nitems:\n- kind: Secret\n  metadata: {annotations: {note: hunter2}}\n  # hunter2\n  stringData:\n    p: hunter2\n",
        "kubectl create secret docker-registry a --docker-server=r.io --docker-password=hunter2\n",
        "kubectl create secret generic a --from-literal=p=hunter2 --from-literal 'q=hunter2'\n",
        "kubectl create secret docker-registry a \\\n  --docker-password hunter2\n",
    ] {
        let kept = manifests(text);
        assert!(!kept.contains("hunter2") && !kept.contains("aHVudGVyMg"), "{kept}");
        assert_eq!(manifests(&kept), kept, "what is masked can be masked again");
    }
    let response = "kind: CredentialProviderResponse\nauth:\n  r.io: {username: bob, password: hunter2}\n";
    let kept = masked(InputKind::CredentialProviders, response);
    assert_eq!(kept, response.replace("hunter2", "hidden-1"));
    let runtime = "[plugins.cri.registry.configs.\"r.io\".auth]\n  username = \"bob\"\n  password = \"hunter2\"\n";
    assert_eq!(masked(InputKind::RuntimeConfig, runtime), runtime.replace("hunter2", "hidden-1"));
}

#[test]
fn secrets_on_command_lines_go() {
    let key = "-----BEGIN RSA PRIVATE KEY-----";
    for text in [
        "kind: Pod\nspec: {containers: [{args: [\"--password\", \"hunter2\"]}]}\n",
        "kind: Pod\nspec:\n  containers:\n  - args:\n    - --password\n    - hunter2\n    - -p\n    - hunter2\n",
        "kind: Pod\nspec: {containers: [{args: [\"-p\", \"hunter2\"]}]}\n",
        "kind: Pod\nspec: {containers: [{args: ['--password=a,hunter2}']}]}\n",
        "kind: Pod\nspec: {containers: [{command: [mysql, -uroot, -phunter2]}]}\n",
        "kind: Pod\nspec: {containers: [{image: 'mysql:8', args: [-phunter2]}]}\n",
        "kind: Pod\nspec:\n  containers:\n  - command: [mysqldump]\n    args:\n    - -phunter2\n",
        "kind: Pod\nspec: {containers: [{command: [sh, -c, 'mysql -u root -phunter2 -e \"select 1\"']}]}\n",
        "kind: Pod\nspec:\n  containers:\n  - command:\n    - sh\n    - -c\n    - |\n      mysql -u root \\\n        -phunter2\n      redis-cli -a hunter2\n      app --db-password hunter2\n      curl -u bob:hunter2 https://x.io\n",
        "kind: Pod\nspec: {containers: [{lifecycle: {preStop: {exec: {command: [curl, -u, 'bob:hunter2']}}}}]}\n",
        "kind: Pod\nspec: {containers: [{lifecycle: {preStop: {exec: {command: [curl, -H, 'Authorization: Bearer hunter2']}}}}]}\n",
        "kind: Pod\nspec: {containers: [{lifecycle: {preStop: {exec: {command: [sh, -c, 'curl -H \"Authorization: Bearer hunter2\" x']}}}}]}\n",
        "kind: Pod\nspec: {containers: [{lifecycle: {preStop: {exec: {command: [sh, -c, \"curl -H \\\"authorization: Basic hunter2\\\" x\"]}}}}]}\n",
        "kind: Pod\nspec: {containers: [{args: ['-H', 'X-Api-Key: hunter2']}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: MYSQL_PWD, value: hunter2}, {name: PASSPHRASE, value: hunter2}]}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: ENCRYPTION_KEY, value: hunter2}, {name: STORAGE_ACCOUNT_KEY, value: hunter2}]}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: DB, value: \"Server=db;User Id=sa;Password=hunter2;Encrypt=True\"}]}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: DB, value: 'host=db pwd=hunter2'}]}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: DB, value: 'jdbc:x://db/a?user=b&password=hunter2&ssl=true'}]}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{name: CONFIG, value: '{\"user\": \"b\", \"password\": \"hunter2\"}'}]}]}\n",
        "kind: Pod\nspec: {containers: [{command: [sh, -c, \"PGPASSWORD='hunter2' psql\"]}]}\n",
        "kind: Pod\nmetadata: {annotations: {example.com/token: hunter2, example.com/db-password: hunter2}}\n",
        "kind: ConfigMap\ndata:\n  application.properties: |\n    db.password=hunter2\n",
        "kind: ConfigMap\nbinaryData:\n  application.properties: ZGIucGFzc3dvcmQ9aHVudGVyMgo=\n",
        &format!(
            "kind: ConfigMap\ndata:\n  tls.pem: |\n    {key}\n    hunter2hunter2\n    hunter2==\n    -----END RSA PRIVATE KEY-----\n"
        ),
        &format!(
            "kind: Pod\nspec: {{containers: [{{env: [{{name: PEM, value: \"{key}\\nhunter2\\n-----END RSA PRIVATE KEY-----\\n\"}}]}}]}}\n"
        ),
        &format!("kind: ConfigMap\ndata:\n  tls.pem: |\n    {key}\n    hunter2hunter2\n    hunt"),
    ] {
        let kept = manifests(text);
        assert!(!kept.contains("hunt") && !kept.contains("ZGIucGFz"), "{kept}");
        assert_eq!(manifests(&kept), kept, "what is masked can be masked again");
    }
}

#[test]
fn only_the_secret_goes_out_of_a_line() {
    for (text, line) in [
        (
            "- {name: DB, value: 'Server=db;Password=hunter2;Encrypt=True'}",
            "- {name: DB, value: 'Server=db;Password=hidden-1;Encrypt=True'}",
        ),
        ("- 'mysql -uroot -phunter2 -h db'", "- 'mysql -uroot -phidden-1 -h db'"),
        (
            "- 'curl -H \"Authorization: Bearer hunter2\" -H \"Accept: x\" a.io'",
            "- 'curl -H \"Authorization: Bearer hidden-1\" -H \"Accept: x\" a.io'",
        ),
    ] {
        let pod = |line| format!("kind: Pod\nspec:\n  containers:\n  - command:\n    {line}\n");
        assert_eq!(manifests(&pod(text)), pod(line));
    }
    let pem = |key: &str| {
        format!(
            "kind: ConfigMap\ndata:\n  a.pem: |\n    -----BEGIN CERTIFICATE-----\n    MIIB\n    -----END CERTIFICATE-----\n    -----BEGIN PRIVATE KEY-----\n    {key}\n    -----END PRIVATE KEY-----\n  b: c\n"
        )
    };
    assert_eq!(manifests(&pem("MIIE\n    abc=")), pem("hidden-1"));
}

#[test]
fn tokens_of_services_show_themselves() {
    for token in [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "github_pat_11ABCDEFG0abcdefghijkl",
        "glpat-AbCdEf1234567890xyzZ",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefGHIJ",
        "dckr_pat_AbCdEf12345",
    ] {
        for text in [
            format!("kind: Pod\nspec: {{containers: [{{env: [{{name: A, value: {token}}}]}}]}}\n"),
            format!("kind: Pod\nspec: {{containers: [{{args: [\"{token}\"]}}]}} # {token}\n"),
            format!("kind: ConfigMap\ndata:\n  a: |\n    use {token}, please\n"),
        ] {
            assert_eq!(manifests(&text), text.replace(token, "hidden-1"));
        }
    }
}

#[test]
fn what_only_looks_like_a_secret_stays() {
    for text in [
        "kind: ServiceAccount\nautomountServiceAccountToken: false\nsecrets: [{name: glpat-rotator}]\nimagePullSecrets: [{name: a}]\n",
        "kind: CredentialProviderConfig\nproviders:\n- name: x\n  tokenAttributes: {serviceAccountTokenAudience: a.io, requireServiceAccount: true}\n  tokenAudiences: [b]\n",
        "kind: Pod\nmetadata: {annotations: {kubernetes.io/enforce-mountable-secrets: \"true\", a.io/token-ttl: 1h}}\nspec:\n  volumes:\n  - secret: {secretName: s}\n  - projected: {sources: [{serviceAccountToken: {path: token, audience: x}}]}\n",
        "kind: Pod\nspec:\n  containers:\n  - image: ghcr.io/tokens/secret-password:v1\n    args: [\"-p\", \"8080\", '--port', '80', -p=1, '--token-file=/var/run/token', '--password-file', /etc/x]\n",
        "kind: ConfigMap\ndata:\n  passwordFile: /etc/x\n",
        "kind: Database\npasswordFile: /etc/x\n",
        "kind: Pod\nspec: {containers: [{env: [{name: PASSWORD_FILE, value: /run/secrets/p}, {name: PWD, value: /app}, {name: PUBLIC_KEY, value: abc}, {name: PARTITION_KEY, value: id}]}]}\n",
        "kind: Pod\nspec: {containers: [{command: [sh, -c, \"mkdir -p data && docker run -p 8080:80 -u 1000:1000 x; app --password $PASS --token=${TOKEN} --secret=<secret>\"]}]}\n",
        "kind: Pod\nspec: {containers: [{command: [mkdir, -p, data]}, {image: 'mysql:8', args: ['-p', '--port=3306', -p3307]}]}\n",
        "kind: Pod\nspec: {containers: [{command: [sh, -c, 'curl -H \"Accept: text/plain\" -H \"Authorization: Bearer $TOKEN\" a.io']}]}\n",
        "kind: ConfigMap\ndata:\n  ca.pem: |\n    -----BEGIN CERTIFICATE-----\n    MIIB\n    -----END CERTIFICATE-----\n",
        "kind: Pod\nmetadata: {name: xoxb-bot, labels: {app: ghp-tools}}\n# the password is in Vault, a basic setup of --tokens\n",
    ] {
        assert_eq!(manifests(text), text);
    }
}

#[test]
fn what_cannot_be_read_and_may_hold_credentials_is_left_out() {
    let mut mask = Mask::default();
    let text = format!("{POD}---\nkind: Secret\ndata:\n  p: [\n---\n{POD}");
    let kept = mask.text(InputKind::Manifests, &text);
    assert_eq!(kept, format!("{POD}---\n{LEFT_OUT}---\n{POD}"));
    assert_eq!(mask.text(InputKind::NodeConfig, "{\"auths\": {"), LEFT_OUT);
    assert_eq!(mask.left_out, 2);
}

#[test]
fn data_that_is_misplaced_or_misspelt_goes_too() {
    for body in [
        "data: {p: c2VjcmV0}\n",
        "data:\np: c2VjcmV0\n",
        "data:\n  p: \"c2Vj\n cmV0\"\n",
        "data:\n\tp: c2VjcmV0\n",
        "data: &a\n  p: c2VjcmV0\n",
        "data:\n  p: [\n  c2VjcmV0]\n",
        "data:\n    p: c2VjcmV0\n  q: c2VjcmV0\n",
        "notes: c2VjcmV0 is the password\n",
        "dta:\n  p: c2VjcmV0\n",
        "type: |\n  c2VjcmV0\n",
        "type: c2VjcmV0 and\n  more\n",
        "type: [c2VjcmV0]\n",
        "c2VjcmV0\n",
        "  anotations: {note: c2VjcmV0}\n",
        "  annotations:\n    last: |\n      {\"data\":{\"p\":\"c2VjcmV0\"}}\n",
        "# was: c2VjcmV0\nstringData:\n  p: 1\n",
    ] {
        let kept = manifests(&secret(body));
        assert!(!kept.contains("c2Vj") && !kept.contains("cmV0"), "{body}\n{kept}");
        assert_eq!(manifests(&kept), kept, "what is masked can be masked again");
    }
    let labels = secret("  labels: {app: shop}\ntype: Opaque\nimmutable: true\n");
    assert_eq!(manifests(&labels), labels);
}

#[test]
fn files_of_credentials_among_the_manifests_go_too() {
    for text in [
        "{\"auths\":{\"a\":{\"auth\":\"YTpi\"}}}",
        "{\"reg.io\":{\"auth\":\"YTpi\"}}",
        "kind: Database\nspec: {password: YTpi}\n",
        "kind: ConfigMap\ndata:\n  app.properties: |\n    db.password=YTpi\n",
        "kind: Pod\nspec: {containers: []}\n# kind: Secret\n# stringData:\n#   p: YTpi\n",
        "{\"kind\":\"\\u0053ecret\",\"data\":{\"p\":\"YTpi\"}}",
    ] {
        let kept = manifests(text);
        assert!(!kept.contains("YTpi"), "{kept}");
    }
}

#[test]
fn what_names_a_secret_is_kept_though_it_cannot_be_read() {
    for text in [
        "kind: Pod\nmetadata: {name: web}\nspec:\n  imagePullSecrets: [{name: my-secret}]\n\tcontainers: []\n",
        "kind: Pod\nspec:\n  volumes:\n  - name: v\n    secret: {secretName: token-file\n",
        "kind: ConfigMap\ndata:\n  a: [\n",
    ] {
        let mut mask = Mask::default();
        assert_eq!((mask.text(InputKind::Manifests, text), mask.left_out), (text.to_owned(), 0));
    }
    let text = "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: hunter2\n\tx\n";
    assert_eq!(manifests(text), LEFT_OUT);
}

#[test]
fn no_prefix_of_a_secret_being_typed_keeps_its_value() {
    for text in [
        secret("type: Opaque\nstringData:\n  word: hunter2\n  other: |\n    hunter2\ndata: {p: aHVudGVyMg==}\n"),
        "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: hunter2\n    - {name: TOKEN, value: \"hunter2\"}\n".to_owned(),
        "{\"kind\": \"Secret\", \"stringData\": {\"p\": \"hunter2\"}}".to_owned(),
        "kubectl create secret docker-registry a --docker-password=hunter2\n".to_owned(),
        "stringData:\n  p: hunter2\nkind: Secret\n".to_owned(),
    ] {
        for end in 0..=text.len() {
            let kept = manifests(text.get(..end).unwrap_or_default());
            assert!(!kept.contains("hunt") && !kept.contains("aHVud"), "{kept}");
        }
    }
}

#[test]
fn the_values_of_an_object_are_told_by_their_places() {
    let text = r#"{"spec":{"containers":[{"args":["--password=a b","-v"],"env":[{"name":"DB_PASSWORD","value":"x"},{"name":"B","value":"y"},{"name":"URL","value":"https://me:pass@reg.io/"}]}]}}"#;
    let node = podwhy_source::json::parse(text, podwhy_source::json::Place::Within(InputId(0), 0)).unwrap();
    let values = Mask::default().values(&node);
    let told: Vec<(&str, &str)> = values.iter().map(|(span, value)| (span.slice(text), value.as_str())).collect();
    assert_eq!(
        told,
        [
            (r#""--password=a b""#, "--password=hidden-1"),
            (r#""x""#, "hidden-2"),
            (r#""https://me:pass@reg.io/""#, "https://me:hidden-3@reg.io/"),
        ]
    );
}

#[test]
fn a_command_tells_which_of_its_words_are_secret() {
    let words = ["--password", "a b", "--token=x1", "-v", "curl https://me:pass@reg.io/", "--port=80"];
    assert_eq!(secret_words(&words, &[]), [false, true, true, false, true, false]);
    assert_eq!(secret_words(&["-psesame"], &["mysql:8"]), [true]);
    assert_eq!(secret_words(&["-psesame"], &["nginx"]), [false]);
}
