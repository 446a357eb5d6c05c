//! Every rule's page is its test: each example is checked, and must say exactly what its `findings` block holds.
//! `BLESS=1 cargo test --test pages` writes the blocks and the index; read the difference before you commit it.

use evpnlint::{
    check,
    config::{self, Config},
    discover,
    finding::Severity,
    report::concise,
    rules,
    settle::{Completeness, Outcome, Selection},
    source::{File, Sources},
};
use std::{collections::BTreeSet, fs, path::Path};

/// One example of a page: its files, and what is said of them.
struct Example {
    heading: String,
    files: Vec<(String, String)>,
}

impl Example {
    fn sources(&self, without: Option<&str>) -> Sources {
        let mut sources = Sources::default();
        for (path, text) in &self.files {
            if path == config::NAME {
                Config::parse(Path::new(path), text).unwrap().apply(&mut sources);
                continue;
            }
            let (node, inner) = discover::place(path).unwrap_or_else(|| panic!("{path} is no place for a file"));
            if without != Some(node.as_str()) {
                sources.add(File::new(path, node, inner, text));
            }
        }
        sources
    }

    fn check(&self, without: Option<&str>) -> (Outcome, Sources) {
        let mut sources = self.sources(without);
        let outcome = check(
            &mut sources,
            &Selection { select: vec!["all".parse().unwrap()], ignore: vec![] },
            Completeness::Inferred,
        );
        (outcome, sources)
    }

    fn nodes(&self) -> BTreeSet<String> {
        self.files.iter().filter_map(|(path, _)| discover::place(path)).map(|(node, _)| node).collect()
    }
}

/// The page with its `findings` blocks as they are now, and its examples.
fn run(text: &str) -> (String, Vec<Example>) {
    let (mut out, mut examples, mut files) = (String::new(), vec![], vec![]);
    let (mut heading, mut fence) = (String::new(), None::<(String, String)>);
    for line in text.split_inclusive('\n') {
        match (&mut fence, line.trim_end()) {
            (None, opening) if opening.starts_with("```") => {
                fence = Some((opening[3..].to_owned(), String::new()));
                out.push_str(line);
            }
            (Some(_), "```") => {
                let (info, body) = fence.take().expect("it is open");
                if info == "findings" {
                    let example = Example { heading: heading.clone(), files: std::mem::take(&mut files) };
                    let (outcome, sources) = example.check(None);
                    let mut said = vec![];
                    concise::write(&outcome, &sources, &mut said).unwrap();
                    out.push_str(std::str::from_utf8(&said).unwrap());
                    examples.push(example);
                } else {
                    if let Some((_, path)) = info.split_once(' ') {
                        files.push((path.to_owned(), body.clone()));
                    }
                    out.push_str(&body);
                }
                out.push_str(line);
            }
            (Some((_, body)), _) => body.push_str(line),
            (None, text) => {
                if let Some(words) = text.strip_prefix("## ") {
                    heading = words.to_owned();
                }
                out.push_str(line);
            }
        }
    }
    (out, examples)
}

#[test]
fn every_page_has_a_rule_and_every_rule_a_page() {
    let pages: BTreeSet<String> = fs::read_dir("rules")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    let rules: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert!(rules.is_sorted(), "keep the table in src/rules.rs sorted");
    let rules: BTreeSet<String> = rules.into_iter().map(str::to_owned).collect();
    assert_eq!(pages, rules, "add src/rules/<id>.rs and one line in src/rules.rs for each page");
}

#[test]
fn causes_name_rules() {
    let is_id = |word: &&str| {
        word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let mut named = BTreeSet::new();
    let files = walkdir::WalkDir::new("src/predict").into_iter().map(Result::unwrap);
    for file in files.filter(|file| file.file_type().is_file()) {
        let text = fs::read_to_string(file.path()).unwrap();
        // Of what stands between quotation marks, whatever is spelt like a rule.
        named.extend(text.split('"').filter(is_id).map(str::to_owned));
    }
    assert!(named.contains("asn-mismatch"), "what a cause is told by stands elsewhere now");
    let unknown: Vec<&String> = named.iter().filter(|id| rules::find(id).is_none()).collect();
    assert!(unknown.is_empty(), "no such rule: {unknown:?}");
}

#[test]
fn examples_say_what_their_pages_claim() {
    let (bless, mut changed, mut wrong) = (std::env::var_os("BLESS").is_some(), vec![], vec![]);
    for rule in rules::ALL {
        let path = format!("rules/{}.md", rule.id);
        let text = fs::read_to_string(&path).unwrap();
        let (out, examples) = run(&text);
        let is_good = |example: &Example| example.heading.starts_with("Good");
        if !examples.iter().any(|example| !is_good(example)) || !examples.iter().any(is_good) {
            wrong.push(format!("{path}: wants a Bad and a Good example, each closed by a findings block"));
        }
        for section in ["## When not to", "## References"] {
            if !text.contains(section) {
                wrong.push(format!("{path}: wants a section `{section}`"));
            }
        }
        for example in &examples {
            let (outcome, _) = example.check(None);
            let own = outcome.findings.iter().filter(|finding| finding.rule == rule.id).count();
            if is_good(example) {
                for finding in &outcome.findings {
                    wrong.push(format!("{path}: Good is not: {}: {}", finding.rule, finding.message));
                }
                for node in example.nodes() {
                    for finding in example.check(Some(&node)).0.findings {
                        if finding.severity == Severity::Error {
                            wrong.push(format!(
                                "{path}: Good, without {node}, has an error: {}: {}",
                                finding.rule, finding.message
                            ));
                        }
                    }
                }
            } else if own == 0 {
                wrong.push(format!("{path}: the rule does not speak under {}", example.heading));
            }
        }
        if out != text {
            if bless { fs::write(&path, out).unwrap() } else { changed.push(path) }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(changed.is_empty(), "findings changed in {changed:?}; BLESS=1 writes them");
}

#[test]
fn the_index_lists_every_rule() {
    let mut index = String::from(
        "# Rules\n\nWritten by `BLESS=1 cargo test --test pages`. `evpnlint explain RULE` prints a page.\n\n\
         | rule | severity | category | needs | evidence | |\n|---|---|---|---|---|---|\n",
    );
    for rule in rules::ALL {
        let page = rule.page();
        index += &format!(
            "| [{id}]({id}.md) | {} | {} | {} | {} | {} |\n",
            page.severity,
            page.category.word(),
            page.needs.word(),
            page.evidence.word(),
            page.title,
            id = rule.id,
        );
    }
    if fs::read_to_string("rules/README.md").unwrap_or_default() != index {
        assert!(std::env::var_os("BLESS").is_some(), "rules/README.md is old; BLESS=1 writes it");
        fs::write("rules/README.md", index).unwrap();
    }
}
