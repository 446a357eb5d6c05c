//! The command line: arguments to an exit code.

use std::{panic, process::ExitCode};

fn main() -> ExitCode {
    // A bug must not look like a clean bill of health, nor like a finding: it leaves with 2, as whatever was not checked.
    panic::catch_unwind(evpnlint::cli::run).unwrap_or(ExitCode::from(2))
}
