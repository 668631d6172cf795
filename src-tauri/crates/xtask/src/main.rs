//! Developer tasks: `cargo xtask run`, `test`, `measure`, `measure-pull`, `measure-paper`, `measure-fec`, `repeat-window`, `soak`, `mutants` and `map`.
//!
//! A fresh clone needs rustup and nothing else installed by hand: both tasks install what is missing on Debian or Ubuntu (apt,
//! npm, and for `test` a Python environment in `target/judges`) and say so. On other systems it names what is missing.
//!
//! Environment that `test` sets for the tests:
//! - `ACQUIT_JUDGES_PYTHON`: absolute path of the Python that runs `tests/judges/*.py`.
//!
//! Environment that the tests read and the task hands through:
//! - `ACQUIT_SEED=17`: the histories play this one again, instead of all of them; with `ACQUIT_CRASH=5` one crash of it.
//! - `ACQUIT_HISTORIES`, `ACQUIT_BASES`: how many random histories, and base histories with every crash point (`soak` sets both).
//!
//! The task itself reads `PATH`, `CARGO` (set by cargo) and, through cargo and pip, their own variables.
#![expect(
    clippy::print_stdout,
    reason = "a task talks to the person who started it"
)]
#![expect(
    clippy::print_stderr,
    reason = "why it stopped, apart from what the runner says"
)]

mod histories;
mod map;
mod measure;
mod run;
mod setup;
mod step;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run              builds Acquit and opens its window (without display: plays the demonstration)
cargo xtask test             everything CI runs, fast checks first
cargo xtask measure          start to usable, size of the page, memory of all processes
cargo xtask measure-pull     requests, time, processor and memory of a pull over 10,000 open links
cargo xtask measure-paper    invoices per second of processor time, and memory, beside WeasyPrint and factur-x
cargo xtask measure-fec      lines of a FEC per second of processor time, and memory, beside Tryton
cargo xtask repeat-window N  the tests of the window, N times
cargo xtask soak [N]         20,000 random histories, or N, and their crash points
cargo xtask mutants          planted faults that the histories alone must find
cargo xtask map              brings the code map of ARCHITECTURE.md up to date";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome = match (task, rest) {
        ("run", rest) => run::run(rest),
        ("test", []) => test::test(),
        ("measure", []) => measure::measure(),
        ("measure-pull", []) => measure::measure_pull(),
        ("measure-paper", []) => measure::measure_paper(),
        ("measure-fec", []) => measure::measure_fec(),
        ("repeat-window", [times]) => test::repeat_window(times),
        ("soak", []) => histories::soak(None),
        ("soak", [count]) => histories::soak(Some(count)),
        ("mutants", []) => histories::mutants(),
        ("map", []) => map::write(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
