//! The README does what it says: its first command prints what stands below it (`BLESS=1` rewrites that), and its test
//! command is the one that `.ci/run` runs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, process::Command};

/// The bodies of the fenced blocks of that language, with where they begin.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<(usize, &'t str)> {
    let opening = format!("```{language}\n");
    text.match_indices(&opening)
        .map(|(at, _)| {
            let start = at + opening.len();
            let length = text[start..].find("```\n").expect("a block ends");
            (start, &text[start..start + length])
        })
        .collect()
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let readme = fs::read_to_string("README.md").unwrap();
    let command = blocks(&readme, "sh")[0].1;
    let arguments = command.trim().strip_prefix("cargo run --release -- ").expect("it runs evpnlint");
    let mut run = Command::new(env!("CARGO_BIN_EXE_evpnlint"));
    for name in ["EVPNLINT_FORMAT", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        run.env_remove(name);
    }
    let output = run.args(arguments.split(' ')).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let (start, shown) = blocks(&readme, "text")[0];
    if said != shown {
        assert!(std::env::var_os("BLESS").is_some(), "README.md is old; BLESS=1 writes it. The output is now:\n{said}");
        fs::write("README.md", format!("{}{said}{}", &readme[..start], &readme[start + shown.len()..])).unwrap();
    }
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = fs::read_to_string("README.md").unwrap();
    let script = fs::read_to_string(".ci/run").unwrap();
    let command = blocks(&readme, "sh")[1].1.trim();
    assert!(command.starts_with("cargo test"), "{command}");
    assert_eq!(script.lines().filter(|line| *line == command).count(), 1, ".ci/run runs `{command}` once, as it is");
}
