//! The fields of a scenario, in the form of the field table. The reader ([`crate::scenario::read`]) has the last word: a
//! test holds the two against each other.

use crate::scenario::life::Cause;
use crate::scenario::{AnswerKind, CameBy};

/// What a scenario is called here.
pub const ROOT: &str = "scenario.Scenario";

/// Every object of a scenario. A length of time is a text such as `90s`, or a number of seconds.
pub static FIELDS: &str = "\
scenario.Scenario
 bytesPerSecond quantity
 failingPlugins [string
 images [scenario.Image
 nodes [scenario.Node
 pods [scenario.Pod
 registries [scenario.Registry
 syncAfterError int-or-string
 version int32
scenario.Node
 architecture string
 images [scenario.ImageOnNode
 name string!
 pulls [scenario.OtherPull
scenario.ImageOnNode
 cameBy string
 digest string
 image string!
 inspectError string
 secret string
 serviceAccount string
scenario.OtherPull
 at int-or-string
 image string!
 takes int-or-string
scenario.Pod
 at int-or-string
 life scenario.Life
 node string
 pod string!
scenario.Life
 container string
 containers [scenario.ContainerLife
 end string
 endsAt int-or-string
 force bool
 gracePeriod int64
 kubeletRestart int-or-string
 livesFor int-or-string
 sandbox int-or-string
scenario.ContainerLife
 container string!
 exitCode int32
 postStart scenario.Hook
 preStop scenario.Hook
 start int-or-string
 stop int-or-string
scenario.Hook
 down bool
 exitCode int32
 output string
 plainHttp bool
 status int32
 takes int-or-string
scenario.Registry
 answers [scenario.Answer
 open bool
 registry string!
scenario.Answer
 anonymous bool
 answer string!
 from int-or-string
 takes int-or-string
 text string
 until int-or-string
 user string
scenario.Image
 digest string
 image string!
 moves [scenario.Move
 platforms [string
 size quantity
 takes int-or-string
scenario.Move
 at int-or-string
 digest string!
";

/// The values of the fields that have a closed set.
pub fn allowed(owner: &str, field: &str) -> Vec<&'static str> {
    fn words<T>(all: &[(&'static str, T)]) -> Vec<&'static str> {
        all.iter().map(|(word, _)| *word).collect()
    }
    match (owner, field) {
        ("scenario.ImageOnNode", "cameBy") => words(CameBy::ALL),
        ("scenario.Answer", "answer") => words(AnswerKind::ALL),
        ("scenario.Life", "end") => words(Cause::ALL),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::target::definition;
    use crate::release::Release;
    use crate::scenario;
    use crate::schema::{Leaf, Shape};
    use podwhy_source::{Budget, InputId, document};
    use std::collections::BTreeMap;

    /// An object of this name with every field of the table, and one that no object has. Objects are a few levels deep.
    fn everything(name: &str) -> String {
        let field = |field: &crate::schema::Field| {
            let one = match field.leaf {
                Leaf::Object(name) => everything(name),
                // What an object needs is there, so that the rest of it is looked at.
                Leaf::Text if field.name == "digest" => format!("'sha256:{}'", "0".repeat(64)),
                Leaf::Text => allowed(name, field.name).first().unwrap_or(&"x").to_string(),
                _ => "{wrong: type}".to_owned(),
            };
            let value = if field.shape == Shape::List { format!("[{one}]") } else { one };
            format!("{}: {value}", field.name)
        };
        let fields: Vec<String> = definition(name).unwrap().fields.iter().map(field).collect();
        format!("{{zzzzzzzzzzzz: 1, {}}}", fields.join(", "))
    }

    #[test]
    fn the_reader_knows_exactly_these_fields() {
        let text = everything(ROOT);
        let read = document::read(InputId(0), &text, &Budget::default());
        let (_, problems) = scenario::read(read.documents[0].content.as_ref().unwrap(), &text, Release::DEFAULT);
        let of_field = |message: &str| message.contains(" has no field ");
        let told: Vec<_> = problems.iter().filter(|problem| of_field(&problem.message)).collect();
        assert!(told.iter().all(|problem| problem.message.contains("`zzzzzzzzzzzz`")), "{told:#?}");
        // What the reader says that an object can have, by what it is called.
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for problem in told {
            let list = problem.help.strip_prefix("It can have ").and_then(|list| list.strip_suffix('.')).unwrap();
            let mut list: Vec<String> = list.split(", ").map(str::to_owned).collect();
            list.sort();
            known.insert(problem.message.clone(), list);
        }
        let mut by_reader: Vec<Vec<String>> = known.into_values().collect();
        let objects = FIELDS.lines().filter(|line| !line.starts_with(' '));
        let mut by_table: Vec<Vec<String>> = objects
            .map(|name| definition(name).unwrap().fields.iter().map(|field| field.name.to_owned()).collect())
            .collect();
        by_reader.sort();
        by_table.sort();
        assert_eq!(by_reader, by_table);
    }

    #[test]
    fn values_of_a_closed_set_belong_to_a_field_of_the_table() {
        for (owner, field) in
            [("scenario.ImageOnNode", "cameBy"), ("scenario.Answer", "answer"), ("scenario.Life", "end")]
        {
            assert!(definition(owner).unwrap().field(field).is_some() && !allowed(owner, field).is_empty());
        }
    }
}
