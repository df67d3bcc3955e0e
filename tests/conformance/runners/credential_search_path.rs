use super::config_json::entries;
use podwhy_core::credentials::search_path::{NodeFile, search};
use podwhy_core::release::Release;
use podwhy_core::session::KubeletPaths;
use podwhy_source::InputId;
use podwhy_source::json::Place;
use serde_json::{Value, json};

pub fn run(input: &Value, _release: Release) -> Value {
    let text = |key: &str| input[key].as_str().unwrap_or_default().to_owned();
    let kubelet = KubeletPaths {
        root_dir: text("root_dir"),
        working_dir: text("cwd"),
        home: input["home"].as_str().map(str::to_owned),
        ..KubeletPaths::default()
    };
    let file = |file: &'_ Value| NodeFile {
        path: file["path"].as_str().unwrap_or_default().to_owned(),
        text: file["content"].as_str().filter(|_| file["dir"] != true).map(str::to_owned),
        place: Place::Within(InputId(0), 0),
    };
    let files: Vec<NodeFile> = input["files"].as_array().into_iter().flatten().map(file).collect();
    let search = search(&kubelet, &files);
    let looked_at: Vec<_> = search.looked_at.iter().map(|place| &place.path.path).collect();
    let mut answer = json!({"read": search.read(), "looked_at": looked_at});
    if let Some(config) = &search.config {
        answer["entries"] = entries(config);
    }
    if let Some(error) = &search.error {
        answer["error"] = json!(error);
    }
    answer
}
