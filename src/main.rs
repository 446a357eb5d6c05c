//! The command line: arguments to an exit code.

use std::{
    panic,
    process::{self, ExitCode},
};

fn main() -> ExitCode {
    // A bug must look neither like a clean report nor like a finding: on whatever thread it shows, the process ends with 2,
    // as where nothing was checked. The hook does that, since release builds do not unwind.
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |bug| {
        print(bug);
        process::exit(2);
    }));
    evpnlint::cli::run()
}
