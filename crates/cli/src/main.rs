//! The command `podwhy`: files in, the report out.

mod arguments;
mod files;
mod text;

use arguments::{Command, Explain, Output};
use podwhy_core::evaluate::evaluate;
use podwhy_core::report::Report;
use podwhy_core::session::Session;
use std::io::Write;
use std::process::ExitCode;

/// The exit code for input that cannot be used.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let answer = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => Ok(arguments::USAGE.to_owned()),
        Ok(Command::Version) => Ok(format!("podwhy {}\n", env!("CARGO_PKG_VERSION"))),
        Ok(Command::Explain(explain)) => run(&explain),
        Err(problem) => Err(format!("{problem}\nTry `podwhy --help`.")),
    };
    match answer {
        // A reader that closes the pipe early, as `head` does, is no error.
        Ok(text) => {
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("podwhy: {problem}");
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run(explain: &Explain) -> Result<String, String> {
    let session = files::session(explain)?;
    let report = evaluate(&session);
    match explain.output {
        Output::Text => Ok(text::render(&report, &session)),
        Output::Json => json(&report),
        Output::Yaml => serde_yaml::to_string(&report).map_err(|error| error.to_string()),
    }
    .map(|text| warn_if_empty(&session, &report, text))
}

fn json(report: &Report) -> Result<String, String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Text that holds no document at all is answered, and the user is told that nothing was found.
fn warn_if_empty(session: &Session, report: &Report, text: String) -> String {
    if report.documents.is_empty() && !session.inputs.is_empty() {
        eprintln!("podwhy: no manifest was found in the input");
    }
    text
}
