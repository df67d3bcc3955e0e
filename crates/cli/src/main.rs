//! The command `podwhy`: files in, the whole answer out.

use podwhy::arguments::{self, Command, Explain, Output};
use podwhy::files;
use podwhy_core::evaluate::Whole;
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
    let whole = Whole::of(files::session(explain)?);
    // Text that holds no document at all is answered, and the user is told that nothing was found.
    if whole.report.documents.is_empty() && !whole.session.inputs.is_empty() {
        eprintln!("podwhy: no manifest was found in the input");
    }
    match explain.output {
        Output::Text => Ok(podwhy::text(&whole)),
        Output::Json => podwhy::json(&whole),
        Output::Yaml => podwhy::yaml(&whole),
        Output::Markdown => Ok(podwhy::markdown(&whole)),
        Output::Manifests => Ok(podwhy::effective(&whole)),
    }
}
