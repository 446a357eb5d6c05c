//! Holds the tables of `build.rs` against the text of the grammars.

use crate::{
    frr::{self, Expr, Meaning, RULES, definition},
    interfaces,
};
use pest::Parser;
use pest_meta::ast::{Expr as Written, Rule, RuleType};
use std::{collections::BTreeMap, fs, path::Path};

/// Every rule that is written in a grammar's files, by its name.
fn written(files: &[&str]) -> BTreeMap<String, Rule> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut rules = BTreeMap::new();
    let mut read = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &text).unwrap();
        let known = pest_meta::parser::consume_rules(pairs).unwrap();
        rules.extend(known.into_iter().map(|rule| (rule.name.clone(), rule)));
    };
    for file in files.iter().map(|file| root.join(file)) {
        if file.is_dir() {
            fs::read_dir(&file).unwrap().for_each(|entry| read(&entry.unwrap().path()));
        } else {
            read(&file);
        }
    }
    rules
}

/// An expression of the table in pest's notation, with brackets around a choice and around what an operator repeats.
fn show(expr: &Expr) -> String {
    let all = |parts: &[Expr], between: &str| parts.iter().map(show).collect::<Vec<_>>().join(between);
    match expr {
        Expr::Str(text) => format!("{text:?}"),
        Expr::Rule(rule) => format!("{rule:?}"),
        Expr::End => "EOI".to_owned(),
        Expr::Any => "ANY".to_owned(),
        Expr::Class(ranges) => format!("{ranges:?}"),
        Expr::Seq(parts) => all(parts, " ~ "),
        Expr::Choice(parts) => format!("({})", all(parts, " | ")),
        Expr::Opt(inner) => format!("({})?", show(inner)),
        Expr::Rep(inner) => format!("({})*", show(inner)),
        Expr::RepOnce(inner) => format!("({})+", show(inner)),
        Expr::Not(inner) => format!("!({})", show(inner)),
    }
}

/// The same of an expression that pest has read.
fn show_written(expr: &Written) -> String {
    match expr {
        Written::Str(text) => format!("{text:?}"),
        Written::Ident(name) => name.clone(),
        Written::Seq(a, b) => format!("{} ~ {}", show_written(a), show_written(b)),
        Written::Choice(..) => {
            let (mut rest, mut text) = (expr, String::new());
            // The operator binds to the left: the last alternative is outermost.
            while let Written::Choice(before, last) = rest {
                text = format!(" | {}{text}", show_written(last));
                rest = before;
            }
            format!("({}{text})", show_written(rest))
        }
        Written::Opt(inner) => format!("({})?", show_written(inner)),
        Written::Rep(inner) => format!("({})*", show_written(inner)),
        Written::RepOnce(inner) => format!("({})+", show_written(inner)),
        Written::NegPred(inner) => format!("!({})", show_written(inner)),
        other => panic!("no phrase has {other:?}"),
    }
}

#[test]
fn the_table_is_the_grammar() {
    let written = written(&["frr.pest", "frr"]);
    assert_eq!(RULES.iter().filter(|rule| **rule != frr::Rule::EOI).count(), written.len());
    for rule in RULES.iter().filter(|rule| **rule != frr::Rule::EOI) {
        let (name, known) = (format!("{rule:?}"), definition(*rule));
        let written = &written[&name];
        let phrase = (written.ty != RuleType::Atomic).then(|| show_written(&written.expr));
        assert_eq!(known.phrase().map(show), phrase, "{name}");
        assert_eq!(known.is_modelled, !name.ends_with("_other"), "{name}");
        let kind = match known.meaning {
            Some(Meaning::Number(least, most)) => format!("number_{least}_{most}"),
            Some(Meaning::Since((major, minor))) => format!("since_{major}_{minor}"),
            Some(Meaning::Until((major, minor))) => format!("until_{major}_{minor}"),
            Some(Meaning::Only) => "only".to_owned(),
            Some(Meaning::Once) => "once".to_owned(),
            None => name.clone(),
        };
        assert!(name == kind || name.starts_with(&format!("{kind}_")), "{name} is not {kind}");
    }
}

#[test]
fn names_have_meanings() {
    let meaning = |rule| definition(rule).meaning;
    assert_eq!(meaning(frr::Rule::number_1_255), Some(Meaning::Number(1, 255)));
    assert_eq!(meaning(frr::Rule::number), None);
    for rule in &RULES {
        let name = format!("{rule:?}");
        let is_meant = ["only_", "once_", "since_", "until_"].iter().any(|begin| name.starts_with(begin))
            || name.starts_with("number_");
        assert_eq!(is_meant, meaning(*rule).is_some(), "{name}");
    }
}

#[test]
fn every_name_of_ifupdown2_is_in_the_table() {
    let written = written(&["interfaces.pest"]);
    let (names, rules) = (interfaces::NAMES, interfaces::Rule::all_rules());
    assert!(names.is_sorted_by(|(a, _), (b, _)| a < b), "a name is looked up by halves");
    assert!(names.len() > 200);
    for (name, rule) in names {
        let text = show_written(&written[&format!("{rule:?}")].expr);
        assert!(text.contains(&format!("\"{name}")), "{rule:?} does not begin with {name}");
    }
    let is_named = |rule: &&interfaces::Rule| {
        let name = format!("{rule:?}");
        name.starts_with(|c: char| c.is_lowercase()) && written[&name].ty != RuleType::Silent
    };
    assert_eq!(rules.iter().filter(is_named).count(), names.len());
}

/// Texts that an expression may match: each of its alternatives in one of them at least, up to a bound.
fn samples(expr: &Expr) -> Vec<String> {
    const MOST: usize = 400;
    let mut texts = match expr {
        Expr::Str(text) => vec![(*text).to_owned()],
        Expr::Rule(rule) => match definition(*rule).phrase() {
            Some(phrase) => samples(phrase),
            None => ["7", "10.0.0.1", "fd00::1", "10.0.0.0/8", "fd00::/8", "02:00:00:00:00:01", "-5", "red", "65000.1"]
                .map(str::to_owned)
                .to_vec(),
        },
        Expr::End | Expr::Not(_) => vec![String::new()],
        Expr::Any => vec!["x".to_owned()],
        Expr::Class(ranges) => ranges.iter().map(|(first, _)| first.to_string()).collect(),
        Expr::Seq(parts) => {
            let parts: Vec<Vec<String>> = parts.iter().map(samples).collect();
            let most = parts.iter().map(Vec::len).max().unwrap_or(0);
            (0..most).map(|i| parts.iter().map(|texts| &*texts[i % texts.len()]).collect()).collect()
        }
        Expr::Choice(parts) => parts.iter().flat_map(samples).collect(),
        Expr::Opt(inner) | Expr::Rep(inner) => samples(inner).into_iter().chain([String::new()]).collect(),
        Expr::RepOnce(inner) => samples(inner),
    };
    texts.truncate(MOST);
    texts
}

#[test]
fn the_table_parses_as_pests_own_interpreter_does() {
    let rules: Vec<Rule> = written(&["frr.pest", "frr"]).into_values().collect();
    let oracle = pest_vm::Vm::new(pest_meta::optimizer::optimize(rules));
    let mut matched = 0;
    for rule in &RULES {
        let (name, mut texts) = (format!("{rule:?}"), samples(&Expr::Rule(*rule)));
        let shorter = |text: &String| text.char_indices().nth_back(0).map(|(at, _)| text[..at].to_owned());
        texts.extend(texts.iter().filter_map(shorter).collect::<Vec<_>>());
        texts.extend(["é".to_owned(), "descriptioné".to_owned()]);
        for text in texts.iter().filter(|_| *rule != frr::Rule::EOI) {
            let ours = frr::Grammar::parse(*rule, text).ok().map(|pairs| {
                pairs
                    .flatten()
                    .map(|pair| {
                        (format!("{:?}", pair.as_rule()), pair.as_span().start_pos().pos(), pair.as_str().len())
                    })
                    .collect::<Vec<_>>()
            });
            let theirs = oracle.parse(&name, text).ok().map(|pairs| {
                pairs
                    .flatten()
                    .map(|pair| (pair.as_rule().to_owned(), pair.as_span().start_pos().pos(), pair.as_str().len()))
                    .collect::<Vec<_>>()
            });
            assert_eq!(ours, theirs, "{name} of {text:?}");
            matched += usize::from(ours.is_some());
        }
    }
    assert!(matched > 10_000, "only {matched} samples match");
}
