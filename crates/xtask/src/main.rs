//! Every chore of the project, one file each: `cargo xtask help` lists them.
//!
//! Only the standard library: the first chore on a fresh machine should start after a second of compiling.

#![allow(clippy::print_stdout, reason = "a command line program talks through its output")]

mod build;
mod conformance;
mod install;
mod lighthouse;
mod machine;
mod serve;
mod size;
mod test;
mod tidy;

use std::process::ExitCode;

/// What a chore ends with; the text of an error says what to do next.
type Outcome = Result<ExitCode, String>;

/// A chore: its name, what it does in one line, and the function that takes the rest of the command line.
struct Chore {
    name: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Outcome,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "serve",
        summary: "install what is missing and serve the page at http://127.0.0.1:8080",
        run: serve::run,
    },
    Chore { name: "test", summary: "run every check and every test, in a browser too", run: test::run },
    Chore { name: "build", summary: "write the static site to dist/", run: build::run },
    Chore {
        name: "conformance",
        summary: "[--cases DIR] [SUITE...]: compare the rules with what Kubernetes' own code answered",
        run: conformance::run,
    },
    Chore { name: "size", summary: "weigh dist/ as a browser downloads it", run: size::run },
    Chore {
        name: "lighthouse",
        summary: "measure the page as Lighthouse's phone does; the numbers go to bench/",
        run: lighthouse::run,
    },
    Chore { name: "tidy", summary: "check what neither the compiler nor clippy can see", run: tidy::run },
    Chore { name: "help", summary: "print this list", run: help },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let outcome = match CHORES.iter().find(|chore| chore.name == name) {
        Some(chore) => (chore.run)(rest),
        None => Err(format!("no chore is called {name}; `cargo xtask help` lists them")),
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("xtask {name}: {problem}");
        ExitCode::FAILURE
    })
}

fn help(_: &[String]) -> Outcome {
    println!("cargo xtask CHORE\n");
    for chore in CHORES {
        println!("  {:<12} {}", chore.name, chore.summary);
    }
    Ok(ExitCode::SUCCESS)
}
