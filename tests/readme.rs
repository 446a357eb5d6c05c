//! The README does what it says: its commands print what stands below them (`BLESS=1 cargo test -- readme::` rewrites
//! that), and its test command is the one that `.ci/run` runs.

use crate::support::{
    bless,
    markdown::{self, Fence},
    tree::program,
};
use std::{
    fs,
    ops::Range,
    sync::{Mutex, PoisonError},
};

const README: &str = "README.md";

/// The fenced blocks of that language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<Fence<'t>> {
    markdown::fences(text).into_iter().filter(|fence| fence.info == language).collect()
}

/// What is said in some places of a page stands there.
fn stands_there(page: &str, said: impl FnOnce(&str) -> Vec<(Range<usize>, String)>) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(page).unwrap();
    let said = said(&text);
    assert!(!said.is_empty(), "{page} shows nothing");
    let places = said.iter().map(|(place, words)| (place.clone(), words.as_str()));
    bless::file(page, &markdown::rewritten(&text, places)).unwrap_or_else(|old| panic!("{old}"));
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    stands_there(README, |readme| {
        let command = blocks(readme, "sh")[0].body;
        let arguments = command.trim().strip_prefix("cargo run --release -- ").expect("it runs evpnlint");
        let output = program().args(arguments.split(' ')).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        vec![(blocks(readme, "text")[0].place.clone(), said)]
    });
}

/// Behind a `$ evpnlint …` on a fabric of the repository stands what it prints.
#[test]
fn the_consoles_of_the_readme_show_what_is_printed() {
    consoles_show_what_is_printed(README);
}

#[test]
fn the_consoles_of_the_page_on_ci_show_what_is_printed() {
    consoles_show_what_is_printed("docs/ci.md");
}

fn consoles_show_what_is_printed(page: &str) {
    let is_ours = |line: &&str| line.starts_with("$ evpnlint ") && line.contains("tests/corpus/");
    stands_there(page, |readme| {
        let consoles = blocks(readme, "console").into_iter();
        let said = consoles.filter_map(|Fence { body, place, .. }| {
            let command = body.lines().find(is_ours)?;
            let output = program().args(command.split(' ').skip(2)).output().unwrap();
            let end = place.start + body.find(command)? + command.len() + 1;
            Some((end..place.end, String::from_utf8(output.stdout).unwrap()))
        });
        said.collect()
    });
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = fs::read_to_string(README).unwrap();
    let script = fs::read_to_string(".ci/run").unwrap();
    let command = blocks(&readme, "sh")[1].body.trim();
    assert!(command.starts_with("cargo test"), "{command}");
    assert_eq!(script.lines().filter(|line| *line == command).count(), 1, ".ci/run runs `{command}` once, as it is");
}
