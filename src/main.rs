//! The command line: arguments to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    evpnlint::cli::run()
}
