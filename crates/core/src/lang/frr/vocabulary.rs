//! FRR's keywords, read from the grammar itself, for what a parser does not say: which command an abbreviation stands
//! for, whether it could be several, which command was probably meant, and where it may hold a secret.
//!
//! FRR takes any prefix of a keyword for it (`lib/command_match.c`). Where several commands match, words are compared
//! from the left: an address or number beats a keyword, a keyword beats a free word, and the keyword in full beats a
//! prefix of one; if nothing decides, the line is ambiguous.

use super::{
    mode::Mode,
    names::{self, Meaning},
};
use crate::model::frr::Frr;
use evpnlint_grammar::frr::{Grammar, Rule, TEXT};
use pest::Parser as _;
use pest_meta::ast::{Expr, RuleType};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// What a line stands for in one mode.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expansion {
    /// No command begins like it.
    None,
    /// This command, with its keywords in full.
    One(String),
    /// Several commands, and nothing decides.
    Ambiguous(Vec<String>),
    /// Only the beginning of a command.
    Incomplete,
}

/// What a suggestion shows in a secret's place.
pub(super) const SECRET: &str = "…";

struct Vocabulary {
    rules: BTreeMap<String, (RuleType, Expr)>,
    tokens: BTreeMap<String, Rule>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let text = TEXT.join("\n");
    let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &text);
    let rules = pairs.ok().and_then(|pairs| pest_meta::parser::consume_rules(pairs).ok()).unwrap_or_default();
    let rules = rules.into_iter().map(|rule| (rule.name, (rule.ty, rule.expr.map_top_down(rotate)))).collect();
    let tokens = Rule::all_rules().iter().map(|rule| (format!("{rule:?}"), *rule)).collect();
    Vocabulary { rules, tokens }
});

/// A sequence as its first part and the rest, so that the rest is at hand wherever its first part was read.
fn rotate(expr: Expr) -> Expr {
    match expr {
        Expr::Seq(first, last) => match *first {
            Expr::Seq(head, middle) => rotate(Expr::Seq(head, Box::new(Expr::Seq(middle, last)))),
            first => Expr::Seq(Box::new(first), last),
        },
        expr => expr,
    }
}

/// What the grammar says of a rule.
pub(super) fn definition(rule: Rule) -> Option<&'static (RuleType, Expr)> {
    VOCABULARY.rules.get(&format!("{rule:?}"))
}

/// The rule of that name.
pub(super) fn token(name: &str) -> Option<Rule> {
    VOCABULARY.tokens.get(name).copied()
}

impl Vocabulary {
    /// Whether nothing fits an expression but what holds a secret.
    fn is_secret(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Ident(name) if matches!(name.as_str(), "secret" | "secret_text") => true,
            Expr::Ident(name) => match self.rules.get(name) {
                Some((kind, expr)) => *kind != RuleType::Atomic && self.is_secret(expr),
                None => false,
            },
            Expr::Seq(a, b) => self.is_secret(a) || self.is_secret(b),
            Expr::Choice(a, b) => self.is_secret(a) && self.is_secret(b),
            _ => false,
        }
    }
}

/// How well a word fits its place; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Typed,
    Keyword,
    Prefix,
    Free,
}

/// A way to read a line: for each word how it fits, and the word in full.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    fits: Vec<Fit>,
    words: Vec<String>,
    /// Whether a keyword was put right.
    fixed: bool,
    /// Where one was put in that is not there.
    forgot: Option<usize>,
    /// The options so far that may stand once.
    options: Vec<Rule>,
}

struct Search<'v> {
    vocabulary: &'v Vocabulary,
    words: Vec<&'v str>,
    /// Whose version decides which commands there are.
    version: &'v Frr,
    /// Whether `no` stands before them.
    negated: bool,
    /// Whether one keyword may be written wrongly or be missing.
    fixing: bool,
    found: BTreeSet<Path>,
    ran_out: bool,
    /// The first word that may be a secret, or belong to one: it stands behind a keyword that only a secret follows.
    secret: Option<usize>,
    /// Ways left to try: the search ends where it would not.
    budget: u32,
}

/// What a line stands for in a mode, by FRR's rules for abbreviations.
pub(super) fn expand(mode: Mode, negated: bool, line: &str, version: &Frr) -> Expansion {
    let mut search = Search::new(line, version, negated, false);
    search.rule(&format!("{:?}", mode.rule()));
    if negated {
        search.rule(&format!("{:?}", mode.negative()));
    }
    let paths: Vec<Path> = std::mem::take(&mut search.found).into_iter().collect();
    let Some(first) = paths.first() else {
        return if search.ran_out { Expansion::Incomplete } else { Expansion::None };
    };
    let best = paths.iter().skip(1).fold(first, |best, path| if beats(path, best) { path } else { best });
    let rivals: Vec<&Path> = paths.iter().filter(|path| *path != best && !beats(best, path)).collect();
    if rivals.iter().all(|rival| rival.words == best.words) {
        return Expansion::One(best.words.join(" "));
    }
    let candidates: BTreeSet<String> = rivals.into_iter().chain([best]).map(|path| search.show(path)).collect();
    Expansion::Ambiguous(candidates.into_iter().collect())
}

/// The command that was probably meant by a line that no mode knows: one keyword is a slip, or was forgotten.
pub(super) fn suggest(mode: Mode, line: &str, version: &Frr) -> Option<String> {
    std::iter::successors(Some(mode), |mode| mode.parent()).find_map(|mode| {
        let mut search = Search::new(line, version, false, true);
        search.rule(&format!("{:?}", mode.rule()));
        // A keyword was only forgotten if the next one is there in full.
        let is_likely = |path: &Path| path.forgot.is_none_or(|at| path.fits.get(at + 1) == Some(&Fit::Keyword));
        let found = std::mem::take(&mut search.found).into_iter().filter(is_likely);
        let meant = found.map(|path| (strsim::osa_distance(&path.words.join(" "), line), search.show(&path)));
        meant.min().map(|(_, meant)| meant)
    })
}

/// The first word of a line that may be a secret, whatever is wrong with the line; the words behind it may belong to it.
pub(super) fn secret(mode: Mode, line: &str, version: &Frr) -> Option<usize> {
    let modes = std::iter::successors(Some(mode), |mode| mode.parent());
    let places = modes.filter_map(|mode| {
        let mut search = Search::new(line, version, false, true);
        search.rule(&format!("{:?}", mode.rule()));
        // What was not looked at may be one.
        if search.budget == 0 { Some(1) } else { search.secret }
    });
    places.min()
}

/// Whether FRR prefers one reading to another: the first word that fits differently decides.
fn beats(a: &Path, b: &Path) -> bool {
    for (a, b) in a.fits.iter().zip(&b.fits) {
        if a != b {
            return a < b;
        }
    }
    false
}

impl<'v> Search<'v> {
    fn new(line: &'v str, version: &'v Frr, negated: bool, fixing: bool) -> Self {
        Self {
            vocabulary: &VOCABULARY,
            words: line.split(' ').collect(),
            version,
            negated,
            fixing,
            found: BTreeSet::new(),
            ran_out: false,
            secret: None,
            budget: 20_000,
        }
    }

    /// Tries everything that a rule for a mode lists.
    fn rule(&mut self, name: &str) {
        let Some((_, expr)) = self.vocabulary.rules.get(name) else { return };
        let path = Path { fits: vec![], words: vec![], fixed: false, forgot: None, options: vec![] };
        self.step(expr, 0, path, &mut |search, at, path| {
            if at == search.words.len() {
                search.found.insert(path);
            }
        });
    }

    /// A way to read the line as text, without what may be a secret.
    fn show(&self, path: &Path) -> String {
        let mut words: Vec<&str> = vec![];
        for (at, word) in path.words.iter().enumerate() {
            let place = at - usize::from(path.forgot.is_some_and(|forgot| forgot < at));
            let is_keyword = matches!(path.fits.get(at), Some(Fit::Keyword | Fit::Prefix));
            let is_hidden = !is_keyword && self.secret.is_some_and(|secret| secret <= place);
            if !is_hidden {
                words.push(word);
            } else if words.last() != Some(&SECRET) {
                words.push(SECRET);
            }
        }
        words.join(" ")
    }

    /// Reads `expr` from word `at` on in every possible way, and goes on with `next` after each.
    fn step(&mut self, expr: &'v Expr, at: usize, path: Path, next: &mut dyn FnMut(&mut Self, usize, Path)) {
        if self.budget == 0 {
            return;
        }
        match expr {
            Expr::Str(text) => self.keywords(text, at, path, next),
            Expr::Ident(name) if name == "EOI" && at == self.words.len() => {
                next(self, at, path);
            }
            Expr::Ident(name) => self.ident(name, at, path, next),
            Expr::Seq(first, second) => {
                let from = at;
                self.step(first, at, path, &mut |search, at, path| {
                    let is_led_by_keyword = matches!(path.fits.last(), Some(Fit::Keyword | Fit::Prefix)) || path.fixed;
                    if at > from && is_led_by_keyword && search.vocabulary.is_secret(second) {
                        search.secret = Some(search.secret.map_or(at, |known| known.min(at)));
                    }
                    search.step(second, at, path, next);
                });
            }
            Expr::Choice(first, second) => {
                self.step(first, at, path.clone(), next);
                self.step(second, at, path, next);
            }
            Expr::Opt(inner) => {
                next(self, at, path.clone());
                self.step(inner, at, path, next);
            }
            Expr::Rep(inner) | Expr::RepMinMax(inner, 0, _) | Expr::RepMax(inner, _) => {
                next(self, at, path.clone());
                self.repeat(inner, at, path, next);
            }
            Expr::RepOnce(inner) | Expr::RepMin(inner, _) | Expr::RepMinMax(inner, ..) | Expr::RepExact(inner, _) => {
                self.repeat(inner, at, path, next);
            }
            Expr::NegPred(inner) => {
                let mut forbidden = false;
                self.step(inner, at, path.clone(), &mut |_, _, path| {
                    forbidden |= path.fits.last().is_none_or(|fit| *fit != Fit::Prefix) && !path.fixed;
                });
                if !forbidden {
                    next(self, at, path);
                }
            }
            _ => {}
        }
    }

    fn repeat(&mut self, inner: &'v Expr, at: usize, path: Path, next: &mut dyn FnMut(&mut Self, usize, Path)) {
        self.step(inner, at, path, &mut |search, after, path| {
            next(search, after, path.clone());
            if after > at {
                search.repeat(inner, after, path, next);
            }
        });
    }

    /// A literal: keywords with blanks between them.
    fn keywords(&mut self, text: &'v str, at: usize, path: Path, next: &mut dyn FnMut(&mut Self, usize, Path)) {
        self.budget = self.budget.saturating_sub(1);
        let (mut at, mut path) = (at, path);
        for keyword in text.split(' ').filter(|keyword| !keyword.is_empty()) {
            let Some(word) = self.words.get(at).copied() else {
                self.ran_out = true;
                return;
            };
            let fit = if word == keyword {
                Fit::Keyword
            } else if !word.is_empty() && keyword.starts_with(word) {
                Fit::Prefix
            } else if self.fixing && !path.fixed {
                path.fixed = true;
                if !is_slip(word, keyword) {
                    path.forgot = Some(path.fits.len());
                    path.fits.push(Fit::Free);
                    path.words.push(keyword.to_owned());
                    continue;
                }
                Fit::Free
            } else {
                return;
            };
            path.fits.push(fit);
            path.words.push(keyword.to_owned());
            at += 1;
        }
        next(self, at, path);
    }

    /// A rule: a kind of word, or a command by name.
    fn ident(&mut self, name: &'v str, at: usize, mut path: Path, next: &mut dyn FnMut(&mut Self, usize, Path)) {
        let Some((kind, expr)) = self.vocabulary.rules.get(name) else { return };
        let token = self.vocabulary.tokens.get(name).copied();
        match token.and_then(names::of).zip(token) {
            Some((Meaning::Since((major, minor)), _)) if !self.version.reads(major, minor) => return,
            Some((Meaning::Until((major, minor)), _)) if self.version.reads(major, minor) => return,
            Some((Meaning::Only, _)) if self.negated => return,
            Some((Meaning::Once, option)) if path.options.contains(&option) => return,
            Some((Meaning::Once, option)) => path.options.push(option),
            _ => {}
        }
        if *kind != RuleType::Atomic {
            return self.step(expr, at, path, next);
        }
        let Some(word) = self.words.get(at).copied() else {
            self.ran_out = true;
            return;
        };
        if matches!(name, "text" | "secret_text") {
            if path.forgot.is_some() {
                // Anything would fit.
                return;
            }
            path.fits.push(Fit::Free);
            if self.fixing && name == "secret_text" {
                path.words.push(SECRET.to_owned());
            } else {
                path.words.extend(self.words[at..].iter().map(|word| (*word).to_owned()));
            }
            let end = self.words.len();
            return next(self, end, path);
        }
        let Some(rule) = self.vocabulary.tokens.get(name) else { return };
        let fits = Grammar::parse(*rule, word).is_ok_and(|pairs| pairs.as_str().len() == word.len());
        let fits = fits && names::holds(*rule, word);
        if fits {
            path.fits.push(match name {
                "ip" | "ipv4" | "ipv6" | "prefix4" | "prefix6" | "number" | "signed" | "mac" => Fit::Typed,
                _ if names::bounds(*rule).is_some() => Fit::Typed,
                "asn" => Fit::Keyword,
                _ => Fit::Free,
            });
            let hide = self.fixing && name == "secret";
            path.words.push(if hide { SECRET.to_owned() } else { word.to_owned() });
            next(self, at + 1, path);
        }
    }
}

/// Whether a word is a keyword with a slip of the pen: nearly as long, and few letters away.
fn is_slip(word: &str, keyword: &str) -> bool {
    word.len() > 2 && strsim::osa_distance(word, keyword) <= (keyword.len() / 3).clamp(1, 6)
}

#[cfg(test)]
mod tests {
    use super::{super::parse::parse, *};
    use crate::model::{Sourced, frr::Version};

    #[test]
    fn keywords_may_be_abbreviated() {
        let old = Frr { version: Version::parse("8.4.4").map(|v| Sourced::default(v, "")), ..Frr::default() };
        let one = |mode, line| expand(mode, false, line, &old);
        assert_eq!(one(Mode::Bgp, "neigh VTEP remote 65000"), Expansion::One("neighbor VTEP remote-as 65000".into()));
        assert_eq!(one(Mode::Bgp, "addr l2vpn evpn"), Expansion::One("address-family l2vpn evpn".into()));
        assert_eq!(one(Mode::BgpEvpn, "nei VTEP act"), Expansion::One("neighbor VTEP activate".into()));
        assert_eq!(one(Mode::BgpEvpn, "advertise-all"), Expansion::One("advertise-all-vni".into()));
        assert!(matches!(one(Mode::BgpEvpn, "adv"), Expansion::Ambiguous(_)));
        assert_eq!(one(Mode::Bgp, "vrf red"), Expansion::One("vrf-policy red".into()));
        assert_eq!(one(Mode::Bgp, "address-family l2vpn"), Expansion::Incomplete);
        assert_eq!(one(Mode::Bgp, "interface eth0"), Expansion::None);
    }

    #[test]
    fn slips_are_found() {
        let meant = |mode, line| suggest(mode, line, &Frr::default()).unwrap_or_default();
        assert_eq!(meant(Mode::Bgp, "neighbour 10.0.0.1 peer-group VTEP"), "neighbor 10.0.0.1 peer-group VTEP");
        assert_eq!(meant(Mode::Interface, "ip ospf network pointopoint"), "ip ospf network point-to-point");
        assert_eq!(meant(Mode::Bgp, "address-family evpn"), "address-family l2vpn evpn");
    }

    /// Sample words for what is not a keyword.
    fn sample(name: &str) -> Option<&'static str> {
        Some(match name {
            "ip" | "ipv4" => "10.1.2.3",
            "ipv6" => "2001:db8::1",
            "prefix4" => "10.0.0.0/8",
            "prefix6" => "2001:db8::/32",
            "mac" => "02:00:00:00:00:01",
            "clock" => "10:00:00",
            "metric_change" => "+7",
            "number" | "signed" | "asn" => "7",
            "text" | "secret_text" => "more words",
            _ => return None,
        })
    }

    /// The least of a number with bounds.
    fn least(name: &str) -> Option<String> {
        let rule = VOCABULARY.tokens.get(name)?;
        names::bounds(*rule).map(|(least, _)| least.to_string())
    }

    /// Sentences of an expression, every alternative of it in one at least.
    fn sentences(expr: &Expr) -> Vec<String> {
        match expr {
            Expr::Str(text) => vec![text.clone()],
            Expr::Ident(name) => match VOCABULARY.rules.get(name) {
                Some((RuleType::Atomic, _)) => vec![least(name).unwrap_or(sample(name).unwrap_or("zz9").to_owned())],
                Some((_, expr)) => sentences(expr),
                None => vec![String::new()],
            },
            Expr::Seq(a, b) => {
                let (a, b) = (sentences(a), sentences(b));
                let longest = a.len().max(b.len());
                let at = |of: &[String], at: usize| of[at.min(of.len() - 1)].clone();
                (0..longest).map(|n| at(&a, n) + &at(&b, n)).collect()
            }
            Expr::Choice(a, b) => sentences(a).into_iter().chain(sentences(b)).collect(),
            Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepMinMax(inner, 0, _) => {
                sentences(inner).into_iter().chain([String::new()]).collect()
            }
            Expr::RepOnce(inner) | Expr::RepExact(inner, _) => sentences(inner),
            _ => vec![String::new()],
        }
    }

    /// A shorter alternative that stands before a longer one hides it from the parser, but not from this search.
    #[test]
    fn every_command_is_reached() {
        let mut hidden = vec![];
        for mode in Mode::ALL {
            for (negated, rule) in [(false, mode.rule()), (true, mode.negative())] {
                let Some((_, expr)) = VOCABULARY.rules.get(&format!("{rule:?}")) else { continue };
                for line in sentences(expr) {
                    let known = Grammar::parse(rule, &line).is_ok()
                        || rule == Rule::nothing
                        || negated && parse(*mode, false, &line).is_some();
                    if !known {
                        hidden.push(format!("{mode:?}: {line}"));
                    }
                }
            }
        }
        assert!(hidden.is_empty(), "{} commands are never parsed:\n{}", hidden.len(), hidden.join("\n"));
    }
}
