use super::*;
use crate::release::Release;

fn cluster(minor: u8) -> Cluster {
    Cluster::of(Release::from_minor(minor).unwrap())
}

fn check(minor: u8, files: &[(&str, &str)], handlers: &[&str], default: &str) -> (Handlers, Vec<Diagnostic>) {
    let file = |(index, (name, text)): (usize, &(&'static str, &'static str))| File {
        name,
        text,
        input: InputId(u16::try_from(index).unwrap()),
    };
    let files: Vec<(&'static str, &'static str)> =
        files.iter().map(|(name, text)| (&*name.to_string().leak(), &*text.to_string().leak())).collect();
    let files: Vec<File> = files.iter().enumerate().map(file).collect();
    let (read, diagnostics) = read(&files, &cluster(minor));
    let read = read.expect("a configuration");
    assert_eq!(read.handlers.iter().map(|handler| handler.name.value.as_str()).collect::<Vec<_>>(), handlers);
    assert_eq!(read.default.value, default);
    (read, diagnostics)
}

const VERSION_2: &str = r#"version = 2
root = "/var/lib/containerd"
[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    sandbox_image = "registry.k8s.io/pause:3.8"
    [plugins."io.containerd.grpc.v1.cri".containerd]
      default_runtime_name = "runc"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes]
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
            SystemdCgroup = true
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
          runtime_type = "io.containerd.runsc.v1"
"#;

const VERSION_3: &str = "version = 3
[plugins.'io.containerd.cri.v1.images']
  snapshotter = 'overlayfs'
[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = 'kata'
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = 'io.containerd.runc.v2'
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.kata]
    runtime_type = 'io.containerd.kata.v2'
";

const CRIO: &str = r#"[crio]
root = "/var/lib/containers/storage"
[crio.runtime]
default_runtime = "runc"
[crio.runtime.runtimes.runc]
runtime_path = ""
runtime_type = "oci"
"#;

#[test]
fn containerd_in_both_layouts() {
    let (handlers, problems) = check(34, &[("/etc/containerd/config.toml", VERSION_2)], &["runc", "runsc"], "runc");
    assert_eq!((handlers.runtime, problems.as_slice()), (Runtime::Containerd(2), [].as_slice()));
    let runsc = handlers.find("runsc").unwrap();
    assert_eq!(runsc.runtime_type.as_deref(), Some("io.containerd.runsc.v1"));
    assert_eq!(runsc.name.origin.span().unwrap().slice(VERSION_2), "runsc");
    let (handlers, problems) = check(34, &[("config.toml", VERSION_3)], &["runc", "kata"], "kata");
    assert_eq!((handlers.runtime, problems.as_slice()), (Runtime::Containerd(3), [].as_slice()));
    let chosen = handlers.choose(None).outcome;
    assert_eq!(chosen, Choice::Runs(handlers.find("kata").unwrap().clone()));
}

#[test]
fn a_table_of_another_version_is_not_read() {
    let text = VERSION_3.replace("version = 3", "version = 2");
    let (_, problems) = check(34, &[("config.toml", &text)], &["runc"], "runc");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["containerd-other-version"]);
}

#[test]
fn crio_reads_its_drop_ins_after_the_main_file_by_name() {
    let crun =
        "[crio.runtime]\ndefault_runtime = \"crun\"\n[crio.runtime.runtimes.crun]\nruntime_path = \"/usr/bin/crun\"\n";
    let kata = "[crio.runtime.runtimes.kata]\nruntime_path = \"/usr/bin/kata\"\nruntime_type = \"vm\"\n[crio.runtime.runtimes.runc]\nruntime_type = \"other\"\n";
    let files = [("crio.conf.d/20-kata.conf", kata), ("crio.conf.d/10-crun.conf", crun), ("/etc/crio/crio.conf", CRIO)];
    let (handlers, problems) = check(30, &files, &["runc", "crun", "kata"], "crun");
    assert_eq!(problems, []);
    assert_eq!(handlers.find("runc").unwrap().runtime_type.as_deref(), Some("other"));
    check(30, &[("10.conf", "[crio.runtime]\n")], &["runc"], "runc");
    check(31, &[("10.conf", "[crio.runtime]\n")], &["crun"], "crun");
}

#[test]
fn a_handler_that_is_not_there_keeps_the_pod_pending() {
    let (handlers, _) = check(34, &[("config.toml", VERSION_2)], &["runc", "runsc"], "runc");
    let decision = handlers.choose(Some(("kata", Span::new(InputId(9), 0, 4))));
    let Choice::Unknown { reason, message } = decision.outcome else { panic!("there is no kata") };
    assert_eq!(reason, "FailedCreatePodSandBox");
    assert!(message.ends_with("no runtime for \"kata\" is configured"), "{message}");
    assert!(dockershim(&cluster(23)).is_some_and(|docker| docker.find("docker").is_some()));
    assert!(dockershim(&cluster(24)).is_none());
}

#[test]
fn errors_are_told_and_the_rest_is_read() {
    let text = format!(
        "{VERSION_2}\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.Kata_QEMU]\nruntime_type = \n"
    );
    let (_, problems) = check(34, &[("config.toml", &text)], &["runc", "runsc", "Kata_QEMU"], "runc");
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&"toml-syntax") && codes.contains(&"handler-no-label"), "{codes:?}");
}

#[test]
fn the_snippet_is_read_back_as_the_handler() {
    for version in [2, 3] {
        let text = format!("version = {version}\n{}", snippet(Runtime::Containerd(version), "kata"));
        check(34, &[("config.toml", &text)], &["kata"], "runc");
    }
    check(34, &[("10-kata.conf", &snippet(Runtime::CriO, "kata"))], &["crun", "kata"], "crun");
}
