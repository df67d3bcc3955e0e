use super::objects::{object, objects};
use podwhy_core::api::node::Node;
use podwhy_core::api::pods_of;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::scheduling::filter::{Candidate, NodeFit, Verdict, filter, snapshot};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let cluster = Cluster::of(release);
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let nodes: Vec<_> = objects(&input["nodes"]).iter().filter_map(Node::of).collect();
    let bound: Vec<_> = objects(&input["existing_pods"]).iter().flat_map(pods_of).collect();
    let fit = filter(&Candidate::as_written(&pod, &cluster), &snapshot(&nodes, &bound, &cluster), &cluster);
    let verdict = |verdict: &Verdict| json!({"plugin": verdict.plugin.name(), "reasons": verdict.reasons});
    let node = |node: &NodeFit| {
        let all: Vec<_> = node.failures().map(verdict).collect();
        let mut value = json!({"name": node.name, "fits": node.fits, "reasons": node.reasons, "all": all});
        if !node.fits {
            value["plugin"] = json!(node.plugin.map_or("", |plugin| plugin.name()));
        }
        value
    };
    json!({"nodes": fit.nodes.iter().map(node).collect::<Vec<_>>(), "message": fit.message})
}
