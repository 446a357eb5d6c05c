//! Every rule's page is its test, `page::asn_mismatch` that of `rules/asn-mismatch.md`: each example is checked, and must
//! say exactly what its `findings` block holds. `BLESS=1 cargo test -- page::` writes the blocks and the index; read the
//! difference before you commit it.

use crate::support::{
    bless,
    corpus::stem,
    markdown::{self, Fence},
    run::{check, everything, render},
};
use evpnlint::{
    config::{self, Config},
    discover,
    finding::Severity,
    options::{Completeness, Options},
    report::{Format, Style},
    rules,
    settle::Outcome,
    source::{File, Sources, Unread},
};
use std::{collections::BTreeSet, fs, path::Path};

/// Where the pages are.
const PAGES: &str = "rules";
/// Where what a cause is told by stands.
const CAUSES: &str = "crates/analysis/src/predict";

// Whoever adds a page adds its rule, so that this is compiled again and the folder read anew.
test_each_file::test_each_path! { for ["md"] in "./rules" => page }

/// One example of a page: its files, and what is said of them.
struct Example<'t> {
    files: Vec<Fence<'t>>,
    findings: Fence<'t>,
}

impl<'t> Example<'t> {
    /// Those of a page, each closed by a findings block.
    fn all(page: &'t str) -> Vec<Self> {
        let (mut examples, mut files) = (vec![], vec![]);
        for fence in markdown::fences(page) {
            if fence.info == "findings" {
                examples.push(Self { files: std::mem::take(&mut files), findings: fence });
            } else if fence.info.contains(' ') {
                files.push(fence);
            }
        }
        examples
    }

    fn is_good(&self) -> bool {
        self.findings.section.starts_with("Good")
    }

    /// The kind, the path and the text of each file.
    fn files(&self) -> impl Iterator<Item = (&'t str, &'t str, &'t str)> {
        let split = |file: &Fence<'t>| file.info.split_once(' ').expect("it has a path");
        self.files.iter().map(move |file| (split(file).0, split(file).1, file.body))
    }

    fn check(&self, without: Option<&str>) -> (Outcome, Sources) {
        let (mut sources, mut options) = (Sources::default(), Options::default());
        for (info, path, text) in self.files() {
            if path == config::NAME {
                options = Config::parse(Path::new(path), text).unwrap().options(&mut sources);
                options.completeness = Completeness::Inferred;
                options.ignores.today = "2026-11-30".parse().ok();
                continue;
            }
            let (node, inner) = discover::place(path).unwrap_or_else(|| panic!("{path} is no place for a file"));
            if info == "unread" {
                sources.add(File::unread(path, node, inner, unread(text.trim_end())));
                continue;
            }
            if without != Some(node.as_str()) {
                sources.add(File::new(path, node, inner, text));
            }
        }
        (check(&mut sources, &everything(), &options), sources)
    }

    fn nodes(&self) -> BTreeSet<String> {
        self.files().filter_map(|(_, path, _)| discover::place(path)).map(|(node, _)| node).collect()
    }
}

/// Why an example's file is not read, in the words that reports have for it.
fn unread(words: &str) -> Unread {
    let known =
        [Unread::Denied, Unread::Dangling, Unread::Misnamed, Unread::NotGathered, Unread::Outside, Unread::Special];
    known.into_iter().find(|why| why.to_string() == words).unwrap_or_else(|| panic!("nothing is unread for {words}"))
}

/// What a page claims is so.
fn page([path]: [&Path; 1]) {
    let (id, path) = (stem(path), Path::new(PAGES).join(path.file_name().expect("it has a name")));
    let wrong = match id {
        "README" => bless::file(path, &rules::index()).err().into_iter().collect(),
        id => complaints(id, &path),
    };
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page.
fn complaints(id: &str, path: &Path) -> Vec<String> {
    let text = &fs::read_to_string(path).unwrap();
    let examples = Example::all(text);
    let mut wrong = vec![];
    if examples.iter().all(Example::is_good) || !examples.iter().any(Example::is_good) {
        wrong.push("it wants a Bad and a Good example, each closed by a findings block".to_owned());
    }
    let sections = markdown::sections(text);
    for section in ["When not to", "References"].iter().filter(|section| !sections.contains(section)) {
        wrong.push(format!("it wants a section `{section}`"));
    }
    let mut said = vec![];
    for example in &examples {
        let (outcome, sources) = example.check(None);
        said.push(render(Format::Concise, &outcome, &sources, Style::default()));
        if !example.is_good() {
            if !outcome.findings.iter().any(|finding| finding.rule == id) {
                wrong.push(format!("the rule does not speak under {}", example.findings.section));
            }
            continue;
        }
        wrong.extend(outcome.findings.iter().map(|own| format!("Good is not: {}: {}", own.rule, own.message)));
        for node in example.nodes() {
            let (outcome, _) = example.check(Some(&node));
            let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
            wrong
                .extend(errors.map(|own| format!("Good, without {node}, has an error: {}: {}", own.rule, own.message)));
        }
    }
    let places = examples.iter().map(|example| example.findings.place.clone());
    let now = markdown::rewritten(text, places.zip(said.iter().map(String::as_str)));
    wrong.extend(bless::file(path, &now).err());
    wrong
}

#[test]
fn every_page_has_a_rule_and_every_rule_a_page() {
    let pages: BTreeSet<String> = fs::read_dir(PAGES)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    let rules: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert!(rules.is_sorted(), "the table of all rules is sorted by id");
    let rules: BTreeSet<String> = rules.into_iter().map(str::to_owned).collect();
    assert_eq!(pages, rules, "add rules/src/<section>/<id>.rs and one line in rules/src/<section>.rs for each page");
}

#[test]
fn causes_name_rules() {
    let is_id = |word: &&str| {
        word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let mut named = BTreeSet::new();
    let files = walkdir::WalkDir::new(CAUSES).into_iter().map(Result::unwrap);
    for file in files.filter(|file| file.file_type().is_file()) {
        let text = fs::read_to_string(file.path()).unwrap();
        // Of what stands between quotation marks, whatever is spelt like a rule.
        named.extend(text.split('"').filter(is_id).map(str::to_owned));
    }
    assert!(named.contains("asn-mismatch"), "what a cause is told by stands elsewhere now");
    let unknown: Vec<&String> = named.iter().filter(|id| rules::find(id).is_none()).collect();
    assert!(unknown.is_empty(), "no such rule: {unknown:?}");
}
