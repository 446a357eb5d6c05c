//! The README does what it says: its first command prints what stands below it (`BLESS=1` rewrites that), and its test
//! command is the one that `.ci/run` runs.

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

/// Behind a `$ evpnlint …` on a fabric of the repository stands what it prints.
#[test]
fn the_consoles_of_the_readme_show_what_is_printed() {
    let readme = fs::read_to_string("README.md").unwrap();
    let is_ours =
        |body: &&str| body.lines().any(|line| line.starts_with("$ evpnlint ") && line.contains("tests/corpus/"));
    let mut written = readme.clone();
    let mut seen = 0;
    for body in blocks(&readme, "console").into_iter().map(|(_, body)| body).filter(is_ours) {
        let command = body.lines().find(|line| line.contains("tests/corpus/")).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_evpnlint"));
        let output = run.args(command.split(' ').skip(2)).env("NO_COLOR", "1").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let end = body.find(command).unwrap() + command.len() + 1;
        written = written.replace(body, &format!("{}{said}", &body[..end]));
        seen += 1;
    }
    assert!(seen > 0);
    if written != readme {
        assert!(std::env::var_os("BLESS").is_some(), "README.md is old; BLESS=1 writes it:\n{written}");
        fs::write("README.md", written).unwrap();
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
