//! Brings the tools that are missing, one line before each step, and says what to install where it may not.

use crate::machine::{ask, command, find, read, root, run, run_command};
use std::path::PathBuf;

/// Everything that building the page needs.
pub fn page_tools() -> Result<(), String> {
    wasm_target()?;
    npm_packages()?;
    cargo_tool("trunk", "trunk", &trunk_version()?, "about seven minutes on two cores")?;
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen_version()?, "about three minutes on two cores")
}

/// A browser and its driver, for the tests that need a real one.
pub struct Browser {
    /// Chromium or Chrome itself.
    pub browser: PathBuf,
    /// The chromedriver that belongs to it.
    pub driver: PathBuf,
}

/// Finds the browser, or installs it where apt may be used. `CHROMIUM` and `CHROMEDRIVER` name other ones.
pub fn browser() -> Result<Browser, String> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    let packages = match ask("sh", &["-c", ". /etc/os-release && echo $ID"]).as_deref() {
        Some("ubuntu") => ["chromium-browser", "chromium-chromedriver"],
        _ => ["chromium", "chromium-driver"],
    };
    let missing = "Chromium and its chromedriver are missing. Debian: `apt-get install chromium chromium-driver`, \
         Ubuntu: `apt-get install chromium-browser chromium-chromedriver`; elsewhere install Chrome and the \
         chromedriver of the same version, and name them in CHROMIUM and CHROMEDRIVER when they are not on PATH";
    if find(&["apt-get"]).is_none() {
        return Err(missing.to_owned());
    }
    let prefix: &[&str] = if ask("id", &["-u"]).as_deref() == Some("0") {
        &["env"]
    } else if ask("sudo", &["-n", "true"]).is_some() {
        &["sudo", "-n"]
    } else {
        return Err(missing.to_owned());
    };
    let apt = |words: &[&str]| match prefix.split_first() {
        Some((program, before)) => run(program, &[before, &["apt-get"], words].concat()),
        None => Err(missing.to_owned()),
    };
    println!("install: {} through apt-get", packages.join(" and "));
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", packages[0], packages[1]])?;
    find_browser().ok_or_else(|| missing.to_owned())
}

fn find_browser() -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let browser = named("CHROMIUM")
        .or_else(|| find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]))?;
    let driver = named("CHROMEDRIVER").or_else(|| find(&["chromedriver", "chromium.chromedriver"]))?;
    Some(Browser { browser, driver })
}

fn wasm_target() -> Result<(), String> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let folder = ask("rustc", &["--print", "target-libdir", "--target", TARGET]);
    if folder.is_some_and(|folder| PathBuf::from(folder).is_dir()) {
        return Ok(());
    }
    if find(&["rustup"]).is_none() {
        return Err(format!(
            "the Rust target {TARGET} is missing; install Rust through rustup (rustup.rs), which brings it"
        ));
    }
    println!("install: the Rust target {TARGET}, seconds");
    run("rustup", &["target", "add", TARGET])
}

/// The npm packages of package-lock.json: wasm-opt for the build, playwright-core and axe-core for the tests.
fn npm_packages() -> Result<(), String> {
    const OLDEST: u32 = 20;
    let version = ask("node", &["--version"]);
    let major = version.as_deref().and_then(|text| text.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) || find(&["npm"]).is_none() {
        return Err(format!(
            "Node.js {OLDEST} or newer with npm is needed (found: {}); install it from nodejs.org or with your system's packages",
            version.as_deref().unwrap_or("none")
        ));
    }
    let changed = |path: &str| std::fs::metadata(root().join(path)).and_then(|file| file.modified()).ok();
    if changed("node_modules/.package-lock.json").is_some_and(|done| changed("package-lock.json") <= Some(done)) {
        return Ok(());
    }
    println!("install: the npm packages of package-lock.json (wasm-opt and the browser tests' tools), seconds");
    run("npm", &["ci", "--no-audit", "--no-fund"])
}

/// A program of crates.io in exactly this version.
fn cargo_tool(program: &str, package: &str, version: &str, duration: &str) -> Result<(), String> {
    if ask(program, &["--version"]).is_some_and(|text| text.split(' ').nth(1) == Some(version)) {
        return Ok(());
    }
    println!("install: {package} {version}, {duration}");
    if run("cargo", &["install", "--locked", package, "--version", version]).is_ok() {
        return Ok(());
    }
    println!("install: {package} {version} again, with the newest versions of what it needs");
    // From outside the project: its own settings for Cargo do not concern a tool.
    run_command(command("cargo", &["install", package, "--version", version]).current_dir(std::env::temp_dir()))
}

/// The version of Trunk that Trunk.toml asks for.
pub fn trunk_version() -> Result<String, String> {
    pinned("Trunk.toml", "trunk-version = \"=")
}

/// The version of wasm-bindgen that web/Cargo.toml pins; the command line must be the same.
pub fn wasm_bindgen_version() -> Result<String, String> {
    pinned("web/Cargo.toml", "wasm-bindgen = \"=")
}

/// What stands between `prefix` and the next quotation mark, on a line that begins with `prefix`.
fn pinned(path: &str, prefix: &str) -> Result<String, String> {
    let text = read(path)?;
    let version = text.lines().find_map(|line| line.strip_prefix(prefix)?.split('"').next());
    version.map(str::to_owned).ok_or_else(|| format!("{path} has no line that begins with `{prefix}`"))
}
