//! The runtimes' files as they are installed: `containerd config default` of both lines, the files of packages, CRI-O's
//! file with its drop-in directory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use podwhy_core::release::{Cluster, Release};
use podwhy_core::runtime::files::{Given, NodeRuntime, runtimes};
use podwhy_core::runtime::handlers::Runtime;
use podwhy_source::{Diagnostic, InputId};

fn read(minor: u8, files: &[(&str, &str)]) -> (Vec<NodeRuntime>, Vec<Diagnostic>) {
    let text: String = files.iter().map(|(name, text)| format!("# file: {name}\n{text}")).collect();
    let given = Given { input: InputId(0), name: "", text: &text };
    runtimes(&[given], &Cluster::of(Release::from_minor(minor).unwrap()))
}

fn check(minor: u8, files: &[(&str, &str)], runtime: Runtime, handlers: &[&str], default: &str) {
    let (read, problems) = read(minor, files);
    assert_eq!(problems, []);
    let [node] = read.as_slice() else { panic!("one runtime: {read:?}") };
    let names: Vec<&str> = node.handlers.handlers.iter().map(|handler| handler.name.value.as_str()).collect();
    assert_eq!((node.handlers.runtime, names.as_slice()), (runtime, handlers));
    assert_eq!(node.handlers.default.value, default);
}

#[test]
fn containerd_1_as_it_prints_its_default() {
    let text = include_str!("runtime/containerd-1/default.toml");
    check(28, &[("/etc/containerd/config.toml", text)], Runtime::Containerd(2), &["runc"], "runc");
}

#[test]
fn containerd_1_as_debian_installs_it() {
    let text = include_str!("runtime/containerd-1/debian.toml");
    check(28, &[("/etc/containerd/config.toml", text)], Runtime::Containerd(2), &["runc"], "runc");
}

#[test]
fn containerd_as_docker_installs_it_has_no_cri() {
    let text = include_str!("runtime/containerd-1/docker.toml");
    let (_, problems) = read(28, &[("/etc/containerd/config.toml", text)]);
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["cri-disabled"]);
}

#[test]
fn containerd_2_with_a_drop_in() {
    let main = include_str!("runtime/containerd-2/config.toml");
    let nvidia = include_str!("runtime/containerd-2/conf.d/99-nvidia.toml");
    check(34, &[("/etc/containerd/config.toml", main)], Runtime::Containerd(3), &["runc"], "runc");
    let files = [("/etc/containerd/conf.d/99-nvidia.toml", nvidia), ("/etc/containerd/config.toml", main)];
    check(34, &files, Runtime::Containerd(3), &["runc", "nvidia", "nvidia-cdi"], "runc");
}

#[test]
fn crio_with_its_drop_in_directory() {
    let main = include_str!("runtime/crio/crio.conf");
    let package = include_str!("runtime/crio/crio.conf.d/10-crio.conf");
    let kata = include_str!("runtime/crio/crio.conf.d/50-kata.conf");
    check(29, &[("/etc/crio/crio.conf", main)], Runtime::CriO, &["runc"], "runc");
    let files = [
        ("/etc/crio/crio.conf.d/50-kata.conf", kata),
        ("/etc/crio/crio.conf", main),
        ("/etc/crio/crio.conf.d/10-crio.conf", package),
    ];
    check(29, &files, Runtime::CriO, &["runc", "crun", "kata"], "crun");
    check(34, &files, Runtime::CriO, &["crun", "runc", "kata"], "crun");
    check(34, &[("/etc/crio/crio.conf.d/10-crio.conf", package)], Runtime::CriO, &["crun", "runc"], "crun");
}

#[test]
fn an_error_in_one_file_leaves_the_others_read() {
    let kata = include_str!("runtime/crio/crio.conf.d/50-kata.conf");
    let broken = "[crio.runtime]\ndefault_runtime = crun\"\n";
    let (read, problems) = read(34, &[("/etc/crio/crio.conf", broken), ("/etc/crio/crio.conf.d/50-kata.conf", kata)]);
    assert!(read[0].handlers.find("kata").is_some());
    let syntax: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.code == "toml-syntax").collect();
    assert!(!syntax.is_empty() && syntax.iter().all(|problem| problem.span.is_some_and(|span| span.start < 80)));
}
