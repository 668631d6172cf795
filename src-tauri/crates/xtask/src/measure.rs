//! `cargo xtask measure`: what a start of the window costs, on a screen, bus and home of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::setup;
use crate::step::{Failure, Steps, cargo, command, root};

/// Starts that are measured; the first, with nothing cached, is told apart.
const STARTS: usize = 6;

/// A started program, ended when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Builds the window and measures it.
pub(crate) fn measure() -> Result<(), Failure> {
    let mut steps = Steps::of(4);
    steps.check("what is missing", setup::tests)?;
    steps.check("what the interface is made of", setup::interface)?;
    steps.run("build", cargo(&["build", "--package", "acquit-desktop"]))?;
    steps.check("measurements", || {
        let program = built("acquit")?;
        println!("      build: dev profile (own crates opt-level 1, dependencies 2)");
        page()?;
        let place = root().join("target/measure");
        fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let (_screen, display) = first_line(command(
            "Xvfb",
            &[
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x800x24",
                "-nolisten",
                "tcp",
            ],
        ))?;
        let (_bus, address) = first_line(command(
            "dbus-daemon",
            &["--session", "--nofork", "--nopidfile", "--print-address=1"],
        ))?;
        let mut warm = Vec::new();
        for start in 0..STARTS {
            let (took, memory) = one_start(&program, &place, &format!(":{display}"), &address)?;
            if start == 0 {
                println!("      first start to usable: {} ms", took.as_millis());
            } else {
                warm.push(took);
            }
            if start + 1 == STARTS {
                println!("      memory of all processes (PSS): {} MiB", memory / 1024);
            }
        }
        warm.sort();
        println!(
            "      start to usable: median {} ms of {} starts, slowest {} ms",
            warm[warm.len() / 2].as_millis(),
            warm.len(),
            warm[warm.len() - 1].as_millis()
        );
        Ok(())
    })
}

/// Measures a pull over 10,000 open links, with the simulator in a process of its own.
pub(crate) fn measure_pull() -> Result<(), Failure> {
    let mut steps = Steps::of(2);
    // The whole workspace chooses the features: what `cargo xtask test` built is used again.
    let build = ["build", "--workspace", "--example", "measure_pull"];
    steps.run("build", cargo(&build))?;
    println!("      build: dev profile (own crates opt-level 1, dependencies 2)");
    let program = built("examples/measure_pull")?;
    steps.run("measurements", Command::new(program))
}

/// Measures how fast invoices become PDF files, beside another program on the same content, in turns.
pub(crate) fn measure_paper() -> Result<(), Failure> {
    let mut steps = Steps::of(2);
    let lists = ["src-tauri/crates/document/benches/requirements.txt"];
    let python = steps.check("the other program", || {
        setup::python("target/measure-paper", &lists)
    })?;
    let mut bench = cargo(&["bench", "--package", "acquit-document", "--bench", "paper"]);
    bench.env("ACQUIT_MEASURE_PYTHON", python);
    steps.run("measurements", bench)
}

/// Measures what a FEC of a million lines costs, beside writing the same bytes and beside another program.
pub(crate) fn measure_fec() -> Result<(), Failure> {
    let mut steps = Steps::of(3);
    let lists = ["tests/examples/requirements.txt"];
    let python = steps.check("the other program", || {
        setup::python("target/measure-fec", &lists)
    })?;
    // The whole workspace chooses the features: what `cargo xtask test` built is used again.
    let build = ["build", "--workspace", "--example", "measure_fec"];
    steps.run("build", cargo(&build))?;
    println!("      build: dev profile (own crates opt-level 1, dependencies 2)");
    let mut program = Command::new(built("examples/measure_fec")?);
    program.env("ACQUIT_MEASURE_PYTHON", python);
    steps.run("measurements", program)
}

/// Where cargo has put a program.
fn built(name: &str) -> Result<PathBuf, Failure> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = target.join("debug").join(name);
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("{} is not there", program.display()))
    }
}

/// Compressed size of the page's scripts.
fn page() -> Result<(), Failure> {
    let assets = root().join("ui/dist/assets");
    let entries =
        fs::read_dir(&assets).map_err(|error| format!("{}: {error}", assets.display()))?;
    let mut bytes = 0;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_some_and(|extension| extension == "js") {
            let packed = command("gzip", &["-9", "-c"])
                .arg(&path)
                .output()
                .map_err(|error| format!("gzip: {error}"))?;
            bytes += packed.stdout.len();
        }
    }
    println!(
        "      scripts of the page, compressed: {} KB (at most 300)",
        bytes / 1000
    );
    if bytes > 0 && bytes < 300_000 {
        Ok(())
    } else {
        Err(format!("{bytes} bytes of compressed scripts"))
    }
}

/// Starts a program that says in its first line where it can be reached.
fn first_line(mut command: Command) -> Result<(Running, String), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.map_err(|error| format!("{name}: {error}"))?);
    let output = running.0.stdout.take().ok_or("no output")?;
    let mut line = String::new();
    let read = BufReader::new(output).read_line(&mut line);
    read.map_err(|error| format!("{name}: {error}"))?;
    Ok((running, line.trim().to_owned()))
}

/// One start on a fresh home: from the spawn to the first picture, and the memory in KiB then.
fn one_start(
    program: &Path,
    place: &Path,
    display: &str,
    bus: &str,
) -> Result<(Duration, u64), Failure> {
    let home = place.join("home");
    if home.exists() {
        fs::remove_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    }
    fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    let begin = Instant::now();
    let child = Command::new(program)
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", &home)
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env("ACQUIT_MEASURE", "1")
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let mut window = Running(child);
    let errors = window.0.stderr.take().ok_or("no output")?;
    let mut lines = BufReader::new(errors).lines();
    let usable = lines
        .by_ref()
        .map_while(Result::ok)
        .any(|line| line == "usable");
    if !usable {
        return Err("the window ended before it was usable".to_owned());
    }
    let took = begin.elapsed();
    Ok((took, memory(window.0.id())))
}

/// Proportional memory of a process and all it started, in KiB.
fn memory(process: u32) -> u64 {
    let mut sum = rollup(&format!("/proc/{process}/smaps_rollup"));
    let children = format!("/proc/{process}/task");
    for thread in fs::read_dir(children).into_iter().flatten().flatten() {
        let mut list = String::new();
        if let Ok(mut file) = fs::File::open(thread.path().join("children")) {
            file.read_to_string(&mut list).ok();
        }
        sum += list
            .split_whitespace()
            .filter_map(|child| child.parse().ok())
            .map(memory)
            .sum::<u64>();
    }
    sum
}

fn rollup(path: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    pss(&text).unwrap_or(0)
}

/// The line `Pss:  123 kB`.
fn pss(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::pss;

    #[test]
    fn the_kernels_sum_is_read() {
        let rollup = "Rss:    5120 kB\nPss:    1234 kB\nPss_Anon:  7 kB\n";
        assert_eq!(pss(rollup), Some(1234));
        assert_eq!(pss("Rss: 1 kB"), None);
    }
}
