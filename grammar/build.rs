//! Writes, for the crate to include, the parsers that pest derives and the grammars' tables: what each rule of FRR's
//! grammar consists of, and which rule of ifupdown2's stands for which name.
//!
//! The tables are data of the program, so that it neither parses a grammar nor allocates for one when it starts.

use pest_meta::ast::{Expr, Rule, RuleType};
use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// Expressions that are no rule of the grammar but pest's.
const END: &str = "EOI";
const ANY: &str = "ANY";

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let out = env::var("OUT_DIR")?;
    let (root, out) = (Path::new(&root), Path::new(&out));

    let mut files = vec!["frr.pest".to_owned()];
    for entry in fs::read_dir(root.join("frr"))? {
        files.push(format!("frr/{}", entry?.file_name().to_string_lossy()));
    }
    files[1..].sort();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=frr");
    let (rules, attributes) = read(root, &files)?;
    fs::write(out.join("frr.rs"), format!("{attributes}{}", definitions(&rules)?))?;

    let (rules, attributes) = read(root, &["interfaces.pest".to_owned()])?;
    fs::write(out.join("interfaces.rs"), format!("{attributes}{}", names(&rules)?))?;
    Ok(())
}

/// The rules of a grammar in several files, and the declaration of its parser.
fn read(root: &Path, files: &[String]) -> Result<(Vec<Rule>, String), Box<dyn Error>> {
    let (mut text, mut attributes) = (String::new(), String::new());
    for file in files {
        println!("cargo:rerun-if-changed={file}");
        text += &fs::read_to_string(root.join(file))?;
        writeln!(attributes, "#[grammar = {file:?}]")?;
    }
    let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &text)?;
    let rules = pest_meta::parser::consume_rules(pairs).map_err(|errors| format!("{errors:?}"))?;
    let parser = format!("/// The parser.\n#[derive(pest_derive::Parser)]\n{attributes}pub struct Grammar;\n");
    Ok((rules, parser))
}

/// FRR's table: a function from a rule to its definition, which the compiler makes an array of.
fn definitions(rules: &[Rule]) -> Result<String, Box<dyn Error>> {
    let mut code = "/// What the grammar says of a rule.\n\
        pub const fn definition(rule: Rule) -> &'static super::Definition {\n    \
        use super::{Definition, Expr, Meaning};\n    match rule {\n        \
        Rule::EOI => &Definition { meaning: None, is_modelled: true, phrase: None },\n"
        .to_owned();
    for rule in rules {
        let phrase = match rule.ty {
            RuleType::Atomic => None,
            _ => Some(expression(&rule.expr, rules).map_err(|why| format!("{}: {why}", rule.name))?),
        };
        let phrase = phrase.map_or("None".to_owned(), |phrase| format!("Some({phrase})"));
        let (name, meaning, is_modelled) = (&rule.name, meaning(&rule.name), !rule.name.ends_with("_other"));
        writeln!(
            code,
            "        Rule::r#{name} => &Definition {{ meaning: {meaning}, is_modelled: {is_modelled}, phrase: {phrase} }},"
        )?;
    }
    code += "    }\n}\n";
    Ok(code)
}

/// An expression as Rust, sequences and alternatives as slices.
fn expression(expr: &Expr, rules: &[Rule]) -> Result<String, String> {
    let one = |name: &str, inner: &Expr| Ok(format!("Expr::{name}(&{})", expression(inner, rules)?));
    let several = |name: &str, parts: Vec<&Expr>| {
        let parts: Result<Vec<String>, String> = parts.into_iter().map(|part| expression(part, rules)).collect();
        Ok(format!("Expr::{name}(&[{}])", parts?.join(", ")))
    };
    match expr {
        Expr::Str(text) => Ok(format!("Expr::Str({text:?})")),
        Expr::Ident(name) if name == END => Ok("Expr::End".to_owned()),
        Expr::Ident(name) if name == ANY => Ok("Expr::Any".to_owned()),
        Expr::Ident(name) if rules.iter().any(|rule| rule.name == *name) => Ok(format!("Expr::Rule(Rule::r#{name})")),
        Expr::Seq(..) => {
            several("Seq", parts(expr, |expr| if let Expr::Seq(a, b) = expr { Some((a, b)) } else { None }))
        }
        Expr::Choice(..) => {
            several("Choice", parts(expr, |expr| if let Expr::Choice(a, b) = expr { Some((a, b)) } else { None }))
        }
        Expr::Opt(inner) => one("Opt", inner),
        Expr::Rep(inner) => one("Rep", inner),
        Expr::RepOnce(inner) => one("RepOnce", inner),
        Expr::NegPred(inner) => one("Not", inner),
        // A form that no rule had so far: the readers of the table have to learn it.
        other => Err(format!("the table has no form for {other:?}")),
    }
}

/// The parts of a chain of binary operators, from left to right.
fn parts(expr: &Expr, operands: fn(&Expr) -> Option<(&Expr, &Expr)>) -> Vec<&Expr> {
    match operands(expr) {
        Some((a, b)) => parts(a, operands).into_iter().chain(parts(b, operands)).collect(),
        None => vec![expr],
    }
}

/// What the name of a rule says of its words, as Rust; `frr.pest` lists the names.
fn meaning(name: &str) -> String {
    let mut parts = name.split('_');
    let kind = parts.next().unwrap_or("");
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    match (kind, number().zip(number())) {
        ("only", _) => "Some(Meaning::Only)".to_owned(),
        ("once", _) => "Some(Meaning::Once)".to_owned(),
        ("number", Some((least, most))) => format!("Some(Meaning::Number({least}, {most}))"),
        ("since", Some((major, minor))) => format!("Some(Meaning::Since(({major}, {minor})))"),
        ("until", Some((major, minor))) => format!("Some(Meaning::Until(({major}, {minor})))"),
        _ => "None".to_owned(),
    }
}

/// The table of ifupdown2's names: each rule that is no kind of value, in the order of the names.
fn names(rules: &[Rule]) -> Result<String, Box<dyn Error>> {
    let is_named = |rule: &&Rule| rule.ty != RuleType::Silent && rule.name.starts_with(|c: char| c.is_lowercase());
    let mut names: Vec<(String, &str)> =
        rules.iter().filter(is_named).map(|rule| (rule.name.replace('_', "-"), &*rule.name)).collect();
    names.sort();
    let mut code =
        "/// Each rule that stands for a statement or an attribute by the name of that, `_` as `-`, in the order of \
        the\n/// names. A name that ends with `-` is the beginning of many.\npub const NAMES: &[(&str, Rule)] = &[\n"
            .to_owned();
    for (name, rule) in names {
        writeln!(code, "    ({name:?}, Rule::r#{rule}),")?;
    }
    code += "];\n";
    Ok(code)
}
