//! Writes, for the crate to include, the grammars' tables: what each rule of FRR's grammar consists of, and which rule of
//! ifupdown2's stands for which name.
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
        files.push(format!("frr/{}", entry?.file_name().to_str().ok_or("a grammar is not called in UTF-8")?));
    }
    files[1..].sort();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=frr");
    fs::write(out.join("frr.rs"), definitions(&read(root, &files)?)?)?;

    let rules = read(root, &["interfaces.pest".to_owned()])?;
    fs::write(out.join("interfaces.rs"), names(&rules)?)?;
    Ok(())
}

/// The rules of a grammar in several files, after the checks that pest makes of a grammar.
fn read(root: &Path, files: &[String]) -> Result<Vec<Rule>, Box<dyn Error>> {
    let mut text = String::new();
    for file in files {
        println!("cargo:rerun-if-changed={file}");
        text += &fs::read_to_string(root.join(file))?;
    }
    let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &text)?;
    pest_meta::validator::validate_pairs(pairs.clone()).map_err(|errors| format!("{errors:?}"))?;
    pest_meta::parser::consume_rules(pairs).map_err(|errors| format!("{errors:?}").into())
}

/// FRR's rules and their table, in the order of the rules.
fn definitions(rules: &[Rule]) -> Result<String, Box<dyn Error>> {
    let mut all = "/// The rules of the grammar.\n\
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = \"the grammar's own names\")]\n\
        #[repr(u16)]\npub enum Rule {\n    EOI,\n"
        .to_owned();
    let mut list = "    Rule::EOI,\n".to_owned();
    let mut table = "    Definition { kind: Kind::Normal, meaning: None, is_modelled: true, begins: Begins::ANYTHING, \
        form: Expr::End },\n"
        .to_owned();
    for rule in rules {
        let kind = match rule.ty {
            RuleType::Normal => "Normal",
            RuleType::Silent => "Silent",
            RuleType::Atomic => "Atomic",
            RuleType::CompoundAtomic | RuleType::NonAtomic => {
                return Err(format!("{}: the table has no such kind of rule", rule.name).into());
            }
        };
        let form = expression(&rule.expr, rules).map_err(|why| format!("{}: {why}", rule.name))?;
        let (name, meaning, is_modelled) = (&rule.name, meaning(&rule.name), !rule.name.ends_with("_other"));
        let begins = begins(&rule.expr, rules).unwrap_or(u128::MAX);
        writeln!(all, "    r#{name},")?;
        writeln!(list, "    Rule::r#{name},")?;
        writeln!(
            table,
            "    Definition {{ kind: Kind::{kind}, meaning: {meaning}, is_modelled: {is_modelled}, \
             begins: Begins({begins:#x}), form: {form} }},"
        )?;
    }
    let count = rules.len() + 1;
    Ok(format!(
        "use super::{{Begins, Definition, Expr, Kind, Meaning}};\n{all}}}\n\
         /// Every rule, in the order of the grammar.\npub static RULES: [Rule; {count}] = [\n{list}];\n\
         pub(super) static DEFINITIONS: [Definition; {count}] = [\n{table}];\n"
    ))
}

/// The ASCII characters that a text of this expression begins with, a bit each; `None` where it may also begin with
/// another character, or be empty.
fn begins(expr: &Expr, rules: &[Rule]) -> Option<u128> {
    let of = |c: char| c.is_ascii().then(|| 1_u128 << u32::from(c));
    match expr {
        Expr::Str(text) => text.chars().next().and_then(of),
        Expr::Ident(name) => match rules.iter().find(|rule| rule.name == *name) {
            Some(rule) => begins(&rule.expr, rules),
            None => class(name)
                .map(|ranges| ranges.iter().flat_map(|(a, b)| *a..=*b).filter_map(of).fold(0, |all, bit| all | bit)),
        },
        Expr::Seq(first, _) | Expr::RepOnce(first) | Expr::RepExact(first, 1..) | Expr::RepMinMax(first, 1.., _) => {
            begins(first, rules)
        }
        Expr::Choice(a, b) => Some(begins(a, rules)? | begins(b, rules)?),
        _ => None,
    }
}

/// The ranges of characters that a name of pest's stands for.
fn class(name: &str) -> Option<&'static [(char, char)]> {
    match name {
        "ASCII_DIGIT" => Some(&[('0', '9')]),
        "ASCII_HEX_DIGIT" => Some(&[('0', '9'), ('a', 'f'), ('A', 'F')]),
        _ => None,
    }
}

/// An expression as Rust, sequences and alternatives as slices.
fn expression(expr: &Expr, rules: &[Rule]) -> Result<String, String> {
    let one = |name: &str, inner: &Expr| Ok(format!("Expr::{name}(&{})", expression(inner, rules)?));
    let join = |name: &str, parts: Vec<String>| format!("Expr::{name}(&[{}])", parts.join(", "));
    let several = |name: &str, parts: Vec<&Expr>| {
        let parts: Result<Vec<String>, String> = parts.into_iter().map(|part| expression(part, rules)).collect();
        Ok(join(name, parts?))
    };
    // So many times, and so many more that may be left out.
    let repeated = |inner: &Expr, least: u32, most: u32| {
        let inner = expression(inner, rules)?;
        let optional = (least..most).map(|_| format!("Expr::Opt(&{inner})"));
        Ok(join("Seq", (0..least).map(|_| inner.clone()).chain(optional).collect()))
    };
    match expr {
        Expr::Str(text) => Ok(format!("Expr::Str({text:?})")),
        Expr::Ident(name) if name == END => Ok("Expr::End".to_owned()),
        Expr::Ident(name) if name == ANY => Ok("Expr::Any".to_owned()),
        Expr::Ident(name) if rules.iter().any(|rule| rule.name == *name) => Ok(format!("Expr::Rule(Rule::r#{name})")),
        Expr::Ident(name) if class(name).is_some() => Ok(format!("Expr::Class(&{:?})", class(name).unwrap_or(&[]))),
        Expr::Seq(..) => {
            several("Seq", parts(expr, |expr| if let Expr::Seq(a, b) = expr { Some((a, b)) } else { None }))
        }
        Expr::Choice(..) => {
            several("Choice", parts(expr, |expr| if let Expr::Choice(a, b) = expr { Some((a, b)) } else { None }))
        }
        Expr::Opt(inner) => one("Opt", inner),
        Expr::Rep(inner) => one("Rep", inner),
        Expr::RepOnce(inner) => one("RepOnce", inner),
        Expr::RepExact(inner, times) => repeated(inner, *times, *times),
        Expr::RepMinMax(inner, least, most) => repeated(inner, *least, *most),
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
