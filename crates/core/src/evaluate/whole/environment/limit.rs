//! The kernel's limit for what a process is started with.

use crate::api::Container;
use crate::environment::Environment;
use crate::rule::environment::ARGUMENT_LIMIT;
use crate::trace::{Mark, Step};

/// So many bytes a single text may have, with the one that ends it.
const ONE: usize = 131_072;
/// And all together with their pointers, with the usual limit of the stack.
const ALL: usize = 2 << 20;
/// A pointer for each text.
const POINTER: usize = 8;

/// What is too large.
pub(super) struct Limit {
    /// Whether it is so on every node.
    pub certain: bool,
    pub step: Step,
}

/// What keeps the container's process from being started, as far as its size goes. The image's own part is not known.
pub(super) fn check(container: &Container, environment: &Environment) -> Option<Limit> {
    let texts = environment.command.iter().chain(&environment.args).map(|text| text.reveal().len() + 1);
    let variables = || environment.variables.iter().map(|one| (one, one.name.len() + one.value.reveal().len() + 2));
    if let Some((variable, size)) = variables().find(|(_, size)| *size > ONE) {
        let finding = format!("`{}` has {size} bytes with its name; the kernel takes {ONE} at most.", variable.name);
        let step = Step::new(&ARGUMENT_LIMIT, Mark::No, finding).at(variable.value_span.or(Some(variable.span)));
        return Some(Limit { certain: true, step });
    }
    let total: usize = texts.chain(variables().map(|(_, size)| size)).map(|size| size + POINTER).sum();
    (total > ALL).then(|| {
        let finding = format!(
            "Variables and arguments have {total} bytes together; with the usual limit of the stack {ALL} fit."
        );
        Limit { certain: false, step: Step::new(&ARGUMENT_LIMIT, Mark::No, finding).at(container.span) }
    })
}
