//! Holds the tables of `build.rs` against the text of the grammars.

use crate::{
    frr::{self, Expr, Meaning, definition},
    interfaces,
};
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
    let rules = frr::Rule::all_rules();
    assert_eq!(rules.iter().filter(|rule| **rule != frr::Rule::EOI).count(), written.len());
    for rule in rules.iter().filter(|rule| **rule != frr::Rule::EOI) {
        let (name, known) = (format!("{rule:?}"), definition(*rule));
        let written = &written[&name];
        let phrase = (written.ty != RuleType::Atomic).then(|| show_written(&written.expr));
        assert_eq!(known.phrase.as_ref().map(show), phrase, "{name}");
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
    for rule in frr::Rule::all_rules() {
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
