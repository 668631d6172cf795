//! Builds the interface into the window: `cargo build` alone has to work in a fresh clone.

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What the interface is built from.
const SOURCES: [&str; 7] = [
    "src",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

fn main() -> ExitCode {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", ui.join(source).display());
    }
    println!("cargo:rerun-if-env-changed=TAURI_CONFIG");
    // `tauri dev` serves the page by itself.
    let served = std::env::var("TAURI_CONFIG").is_ok_and(|config| config.contains("\"devUrl\""));
    if !served && let Err(problem) = build(&ui) {
        println!("cargo:error={problem}");
        return ExitCode::FAILURE;
    }
    tauri_build::build();
    ExitCode::SUCCESS
}

fn build(ui: &Path) -> Result<(), String> {
    if is_newer(
        &ui.join("package-lock.json"),
        &ui.join("node_modules/.package-lock.json"),
    ) {
        npm(ui, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(ui, &["run", "build"])
}

/// Whether `lock` changed since `stamp` was written, or there is no `stamp`.
fn is_newer(lock: &Path, stamp: &Path) -> bool {
    let changed = |path: &Path| -> io::Result<_> { path.metadata()?.modified() };
    match (changed(lock), changed(stamp)) {
        (Ok(lock), Ok(stamp)) => lock > stamp,
        _ => true,
    }
}

fn npm(ui: &Path, words: &[&str]) -> Result<(), String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let told = words.join(" ");
    let output = Command::new(npm)
        .args(words)
        .current_dir(ui)
        .output()
        .map_err(|error| format!("npm does not run ({error}): install Node.js 20.19 or newer"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\n', " | ");
    Err(format!(
        "`npm {told}` failed in ui/: {} {}",
        text(&output.stdout),
        text(&output.stderr)
    ))
}
