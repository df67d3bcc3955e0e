//! Changes of a scenario.

use super::*;
use crate::image::reference::{Grammar, parse};
use crate::scenario::{AnswerKind, CameBy};

fn edit() -> Edit {
    Edit {
        scenario: Scenario::default(),
        release: Release::DEFAULT,
        default_node: DEFAULT_NODE.to_owned(),
        seen: std::collections::BTreeMap::new(),
    }
}

fn there(image: &str, came_by: CameBy) -> Option<ImageOnNode> {
    Some(ImageOnNode { image: image.to_owned(), came_by, ..ImageOnNode::default() })
}

fn answers(answer: AnswerKind) -> Option<RegistryAnswer> {
    Some(RegistryAnswer { answer, ..RegistryAnswer::default() })
}

#[test]
fn what_is_said_and_taken_back_leaves_nothing() {
    let mut edit = edit();
    edit.put_image("node-1", "nginx:1", there("nginx:1", CameBy::Node));
    edit.set_architecture("other", Some("arm64".to_owned()));
    edit.place("default/web", Some("other".to_owned()), Duration::ZERO);
    edit.change_facts("nginx:1", |facts| facts.size = Some(5));
    edit.set_answer("reg.io", Asker::Anonymous, answers(AnswerKind::Denied));
    edit.set_open("docker.io", Some(true));
    edit.set_plugin_fails("ecr", true);
    edit.set_other_pulls("node-1", vec![OtherPull { image: "big".to_owned(), ..OtherPull::default() }]);
    edit.set_sync_after_error(Some(Duration::from_secs(10)));
    assert_ne!(edit.scenario, Scenario::default());

    edit.put_image("node-1", "docker.io/library/nginx:1", None);
    edit.place("web", None, Duration::ZERO);
    edit.change_facts("docker.io/nginx:1", |facts| facts.size = None);
    edit.set_answer("reg.io", Asker::Anonymous, None);
    edit.set_open("docker.io", None);
    edit.set_plugin_fails("ecr", false);
    edit.set_other_pulls("node-1", Vec::new());
    edit.set_sync_after_error(None);
    // A node that was named stays a node.
    assert_eq!(edit.scenario.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["node-1", "other"]);
    edit.scenario.nodes.clear();
    assert_eq!(edit.scenario, Scenario::default());
}

#[test]
fn pods_that_nobody_places_stay_where_they_are() {
    let mut edit = edit();
    edit.put_image("far", "nginx:1", there("nginx:1", CameBy::Preloaded));
    assert_eq!(edit.scenario.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["node-1", "far"]);
}

#[test]
fn one_image_has_one_entry_however_it_is_named() {
    let mut edit = edit();
    edit.put_image("node-1", "nginx:1", there("nginx:1", CameBy::Preloaded));
    edit.put_image("node-1", "docker.io/library/nginx:1", there("nginx:1", CameBy::Anonymous));
    assert_eq!(edit.scenario.nodes[0].images.len(), 1);
    assert_eq!(edit.image_on("node-1", "docker.io/nginx:1").unwrap().came_by, CameBy::Anonymous);
    edit.change_facts("nginx:1", |facts| facts.takes = Some(Duration::from_secs(3)));
    edit.change_facts("library/nginx:1", |facts| facts.size = Some(9));
    assert_eq!(edit.scenario.images.len(), 1);
    assert_eq!(edit.facts("docker.io/library/nginx:1").unwrap().size, Some(9));
}

#[test]
fn an_answer_for_one_goes_before_that_for_all() {
    let image = parse("reg.io/team/app:1", Grammar::of(Release::DEFAULT)).unwrap();
    let mut edit = edit();
    edit.set_answer("reg.io", Asker::Everyone, answers(AnswerKind::Denied));
    edit.set_answer("reg.io", Asker::User("bob".to_owned()), answers(AnswerKind::Ok));
    edit.set_answer("reg.io", Asker::WithCredential, answers(AnswerKind::NotFound));
    let answer = |edit: &Edit, user: Option<&str>| {
        edit.answer(&image, &Asker::of_attempt(user)).map(|(at, answer)| (at.to_owned(), answer.answer)).unwrap()
    };
    let of_registry = "reg.io".to_owned();
    assert_eq!(answer(&edit, Some("bob")), (of_registry.clone(), AnswerKind::Ok));
    assert_eq!(answer(&edit, Some("eve")), (of_registry.clone(), AnswerKind::NotFound));
    assert_eq!(answer(&edit, None), (of_registry, AnswerKind::Denied));
    // A longer part of the name goes before the whole registry; saying it again replaces it.
    edit.set_answer("reg.io/team/app", Asker::User("bob".to_owned()), answers(AnswerKind::Unavailable));
    edit.set_answer("reg.io/team/app", Asker::User("bob".to_owned()), answers(AnswerKind::SignatureRefused));
    assert_eq!(answer(&edit, Some("bob")), ("reg.io/team/app".to_owned(), AnswerKind::SignatureRefused));
    assert_eq!(edit.scenario.registries[1].answers.len(), 1);
}
