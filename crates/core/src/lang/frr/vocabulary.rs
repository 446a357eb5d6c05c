//! FRR's keywords, from the grammar's table, for what a parser does not say: which command an abbreviation stands
//! for, whether it could be several, which command was probably meant, and where it may hold a secret.
//!
//! FRR takes any prefix of a keyword for it (`lib/command_match.c`). Where several commands match, words are compared
//! from the left: an address or number beats a keyword, a keyword beats a free word, and the keyword in full beats a
//! prefix of one; if nothing decides, the line is ambiguous.

use super::{mode::Mode, names};
use crate::{model::frr::Frr, source::secrets};
use evpnlint_grammar::frr::{Expr, Grammar, Meaning, Rule, definition};
use pest::Parser as _;
use std::collections::BTreeSet;

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

/// Whether nothing fits an expression but what holds a secret.
fn is_secret(expr: &Expr) -> bool {
    match expr {
        Expr::Rule(Rule::secret | Rule::secret_text) => true,
        Expr::Rule(rule) => definition(*rule).phrase().is_some_and(is_secret),
        Expr::Seq(parts) => parts.iter().any(is_secret),
        Expr::Choice(parts) => parts.iter().all(is_secret),
        _ => false,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Path<'v> {
    fits: Vec<Fit>,
    words: Vec<&'v str>,
    fix: Fix,
    /// The options so far that may stand once.
    options: Vec<Rule>,
}

impl Path<'_> {
    /// Whether a word of it announces a secret.
    fn announces(&self) -> bool {
        self.words.iter().any(|word| secrets::announces(word))
    }

    /// How far it goes.
    fn length(&self) -> (usize, usize) {
        (self.fits.len(), self.words.len())
    }

    /// Takes off what is beyond that.
    fn cut(&mut self, (fits, words): (usize, usize)) {
        self.fits.truncate(fits);
        self.words.truncate(words);
    }
}

/// What was put right to read a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fix {
    /// Whether a keyword was.
    is_done: bool,
    /// Where one was put in that is not there.
    forgot: Option<usize>,
}

/// What comes behind a part: called with each word up to which the part can be read.
type Next<'n, 'v> = &'n mut dyn FnMut(&mut Search<'v>, usize, Fix);

struct Search<'v> {
    words: Vec<&'v str>,
    /// Whose version decides which commands there are.
    version: &'v Frr,
    /// Whether `no` stands before them.
    negated: bool,
    /// Whether one keyword may be written wrongly or be missing.
    fixing: bool,
    /// The way so far. Whoever adds to it takes that off again before it returns.
    path: Path<'v>,
    found: BTreeSet<Path<'v>>,
    ran_out: bool,
    /// The first word that may be a secret, or belong to one: it stands behind a keyword that only a secret follows.
    secret: Option<usize>,
    /// Ways left to try: the search ends where it would not.
    budget: u32,
}

/// What a line stands for in a mode, by FRR's rules for abbreviations.
pub(super) fn expand(mode: Mode, negated: bool, line: &str, version: &Frr) -> Expansion {
    let mut search = Search::new(line, version, negated, false);
    search.rule(mode.rule());
    if negated {
        search.rule(mode.negative());
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

/// What can be said of a line that no mode knows.
#[derive(Debug, Default)]
pub(super) struct Guess {
    /// The command that was probably meant: one keyword is a slip, or was forgotten.
    pub meant: Option<String>,
    /// The first word that may be a secret, whatever is wrong with the line; the words behind it may belong to it.
    pub secret: Option<usize>,
}

/// Looks for commands that are nearly a line.
pub(super) fn guess(mode: Mode, line: &str, version: &Frr) -> Guess {
    let mut guess = Guess::default();
    let (mut keywords, mut may_announce) = (0, false);
    for mode in std::iter::successors(Some(mode), |mode| mode.parent()) {
        let mut search = Search::new(line, version, false, true);
        search.rule(mode.rule());
        // What was not looked at may be one.
        let secret = if search.budget == 0 { Some(1) } else { search.secret };
        guess.secret = guess.secret.into_iter().chain(secret).min();
        if guess.meant.is_none() {
            // A keyword was only forgotten if the next one is there in full.
            let is_likely = |path: &Path| path.fix.forgot.is_none_or(|at| path.fits.get(at + 1) == Some(&Fit::Keyword));
            let found: Vec<Path> = std::mem::take(&mut search.found).into_iter().filter(is_likely).collect();
            may_announce |= found.iter().any(Path::announces);
            let by_likeness = |path: Path<'_>| {
                let show = search.show(&path);
                (strsim::osa_distance(&path.words.join(" "), line), show, search.keywords_of(&path))
            };
            if let Some((_, meant, count)) = found.into_iter().map(by_likeness).min() {
                guess.meant = Some(meant);
                keywords = count;
            }
        }
    }
    if may_announce {
        return guess;
    }
    // Keywords are no secrets, nor is a slip in one.
    guess.secret = guess.secret.map(|secret| secret.max(keywords)).filter(|secret| *secret < line.split(' ').count());
    guess
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
            words: line.split(' ').collect(),
            version,
            negated,
            fixing,
            path: Path::default(),
            found: BTreeSet::new(),
            ran_out: false,
            secret: None,
            budget: 20_000,
        }
    }

    /// Tries everything that a rule for a mode lists.
    fn rule(&mut self, rule: Rule) {
        let Some(expr) = definition(rule).phrase() else { return };
        self.step(expr, 0, Fix::default(), &mut |search, at, fix| {
            if at == search.words.len() {
                search.found.insert(Path { fix, ..search.path.clone() });
            }
        });
    }

    /// How many words from the first on are keywords, or one that is a slip, where none was forgotten. What may have been meant
    /// to announce a secret is none.
    fn keywords_of(&self, path: &Path) -> usize {
        if path.fix.forgot.is_some() || path.announces() {
            return 0;
        }
        let is_keyword = |(at, word): &(usize, &&str)| {
            let is_slip = || path.words.get(*at).is_some_and(|meant| meant != *word) && !secrets::announces(word);
            matches!(path.fits.get(*at), Some(Fit::Keyword | Fit::Prefix)) || is_slip()
        };
        self.words.iter().enumerate().take_while(is_keyword).count()
    }

    /// A way to read the line as text, without what may be a secret.
    fn show(&self, path: &Path) -> String {
        let secret = self.secret.map(|secret| secret.max(self.keywords_of(path)));
        let mut words: Vec<&str> = vec![];
        for (at, word) in path.words.iter().enumerate() {
            let place = at - usize::from(path.fix.forgot.is_some_and(|forgot| forgot < at));
            let is_keyword = matches!(path.fits.get(at), Some(Fit::Keyword | Fit::Prefix));
            let is_hidden = !is_keyword && secret.is_some_and(|secret| secret <= place);
            if !is_hidden {
                words.push(word);
            } else if words.last() != Some(&SECRET) {
                words.push(SECRET);
            }
        }
        words.join(" ")
    }

    /// Reads `expr` from word `at` on in every possible way, and goes on with `next` after each.
    fn step(&mut self, expr: &'static Expr, at: usize, fix: Fix, next: Next<'_, 'v>) {
        if self.budget == 0 {
            return;
        }
        match expr {
            Expr::Str(text) => self.keywords(text, at, fix, next),
            Expr::End if at == self.words.len() => next(self, at, fix),
            // No phrase but the one that never matches has a character.
            Expr::End | Expr::Any | Expr::Class(_) => {}
            Expr::Rule(rule) => self.part(*rule, at, fix, next),
            Expr::Seq(parts) => self.sequence(parts, at, fix, next),
            Expr::Choice(parts) => {
                let may_be_wrong = self.fixing && !fix.is_done;
                let first = self.words.get(at).and_then(|word| word.bytes().next());
                for part in parts.iter().filter(|part| first.is_none_or(|first| may_read(part, first, may_be_wrong))) {
                    self.step(part, at, fix, next);
                }
            }
            Expr::Opt(inner) => {
                next(self, at, fix);
                self.step(inner, at, fix, next);
            }
            Expr::Rep(inner) => {
                next(self, at, fix);
                self.repeat(inner, at, fix, next);
            }
            Expr::RepOnce(inner) => self.repeat(inner, at, fix, next),
            Expr::Not(inner) => {
                let mut forbidden = false;
                self.step(inner, at, fix, &mut |search, _, fix| {
                    forbidden |= search.path.fits.last().is_none_or(|fit| *fit != Fit::Prefix) && !fix.is_done;
                });
                if !forbidden {
                    next(self, at, fix);
                }
            }
        }
    }

    /// Reads parts one behind another.
    fn sequence(&mut self, parts: &'static [Expr], from: usize, fix: Fix, next: Next<'_, 'v>) {
        let Some((first, rest)) = parts.split_first() else { return next(self, from, fix) };
        self.step(first, from, fix, &mut |search, at, fix| {
            let is_led_by_keyword = matches!(search.path.fits.last(), Some(Fit::Keyword | Fit::Prefix)) || fix.is_done;
            if at > from && is_led_by_keyword && rest.iter().any(is_secret) {
                search.secret = Some(search.secret.map_or(at, |known| known.min(at)));
            }
            search.sequence(rest, at, fix, next);
        });
    }

    fn repeat(&mut self, inner: &'static Expr, at: usize, fix: Fix, next: Next<'_, 'v>) {
        self.step(inner, at, fix, &mut |search, after, fix| {
            next(search, after, fix);
            if after > at {
                search.repeat(inner, after, fix, next);
            }
        });
    }

    /// A literal: keywords with blanks between them.
    fn keywords(&mut self, text: &'v str, at: usize, fix: Fix, next: Next<'_, 'v>) {
        self.budget = self.budget.saturating_sub(1);
        let known = self.path.length();
        if let Some((at, fix)) = self.take_keywords(text, at, fix) {
            next(self, at, fix);
        }
        self.path.cut(known);
    }

    /// Adds the keywords of a literal to the path, and says where it goes on; nothing where they do not stand there.
    fn take_keywords(&mut self, text: &'v str, mut at: usize, mut fix: Fix) -> Option<(usize, Fix)> {
        for keyword in text.split(' ').filter(|keyword| !keyword.is_empty()) {
            let Some(word) = self.words.get(at).copied() else {
                self.ran_out = true;
                return None;
            };
            let fit = if word == keyword {
                Fit::Keyword
            } else if !word.is_empty() && keyword.starts_with(word) {
                Fit::Prefix
            } else if self.fixing && !fix.is_done {
                fix.is_done = true;
                if !is_slip(word, keyword) {
                    fix.forgot = Some(self.path.fits.len());
                    self.path.fits.push(Fit::Free);
                    self.path.words.push(keyword);
                    continue;
                }
                Fit::Free
            } else {
                return None;
            };
            self.path.fits.push(fit);
            self.path.words.push(keyword);
            at += 1;
        }
        Some((at, fix))
    }

    /// A rule: a kind of word, or a command by name.
    fn part(&mut self, rule: Rule, at: usize, fix: Fix, next: Next<'_, 'v>) {
        match names::of(rule) {
            Some(Meaning::Since((major, minor))) if !self.version.reads(major, minor) => return,
            Some(Meaning::Until((major, minor))) if self.version.reads(major, minor) => return,
            Some(Meaning::Only) if self.negated => return,
            Some(Meaning::Once) if self.path.options.contains(&rule) => return,
            Some(Meaning::Once) => {
                self.path.options.push(rule);
                self.kind(rule, at, fix, next);
                self.path.options.pop();
                return;
            }
            _ => {}
        }
        self.kind(rule, at, fix, next);
    }

    fn kind(&mut self, rule: Rule, at: usize, fix: Fix, next: Next<'_, 'v>) {
        if let Some(phrase) = definition(rule).phrase() {
            return self.step(phrase, at, fix, next);
        }
        let Some(word) = self.words.get(at).copied() else {
            self.ran_out = true;
            return;
        };
        let known = self.path.length();
        if matches!(rule, Rule::text | Rule::secret_text) {
            if fix.forgot.is_some() {
                // Anything would fit.
                return;
            }
            self.path.fits.push(Fit::Free);
            if self.fixing && rule == Rule::secret_text {
                self.path.words.push(SECRET);
            } else {
                self.path.words.extend(&self.words[at..]);
            }
            let end = self.words.len();
            next(self, end, fix);
            return self.path.cut(known);
        }
        let fits = Grammar::parse(rule, word).is_ok_and(|pairs| pairs.as_str().len() == word.len());
        let fits = fits && names::holds(rule, word);
        if fits {
            self.path.fits.push(match rule {
                Rule::ip
                | Rule::ipv4
                | Rule::ipv6
                | Rule::prefix4
                | Rule::prefix6
                | Rule::number
                | Rule::signed
                | Rule::mac => Fit::Typed,
                _ if names::bounds(rule).is_some() => Fit::Typed,
                Rule::asn => Fit::Keyword,
                _ => Fit::Free,
            });
            self.path.words.push(if self.fixing && rule == Rule::secret { SECRET } else { word });
            next(self, at + 1, fix);
            self.path.cut(known);
        }
    }
}

/// Whether an expression may read a word that begins with this byte: never `false` where it can. An abbreviation begins
/// like its keyword; only where a keyword may be wrong or missing, any word may stand for it.
fn may_read(expr: &Expr, first: u8, may_be_wrong: bool) -> bool {
    match expr {
        Expr::Str(text) => {
            let keyword = text.bytes().find(|byte| *byte != b' ');
            may_be_wrong || keyword.is_none_or(|keyword| keyword == first)
        }
        Expr::Rule(rule) => match definition(*rule).phrase() {
            Some(phrase) => may_read(phrase, first, may_be_wrong),
            None => definition(*rule).may_begin(first),
        },
        // A blank alone is in front of what decides.
        Expr::Seq([Expr::Str(text), rest @ ..]) if text.bytes().all(|byte| byte == b' ') => {
            rest.first().is_none_or(|next| may_read(next, first, may_be_wrong))
        }
        Expr::Seq([part, ..]) => may_read(part, first, may_be_wrong),
        Expr::RepOnce(part) => may_read(part, first, may_be_wrong),
        Expr::Choice(parts) => parts.iter().any(|part| may_read(part, first, may_be_wrong)),
        Expr::Seq([]) | Expr::End | Expr::Any | Expr::Class(_) | Expr::Opt(_) | Expr::Rep(_) | Expr::Not(_) => true,
    }
}

/// Whether a word is a keyword with a slip of the pen: nearly as long, and few letters away.
fn is_slip(word: &str, keyword: &str) -> bool {
    let most = (keyword.len() / 3).clamp(1, 6);
    // No fewer letters away than it is longer or shorter.
    word.len() > 2
        && word.chars().count().abs_diff(keyword.len()) <= most
        && strsim::osa_distance(word, keyword) <= most
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
        let meant = |mode, line| guess(mode, line, &Frr::default()).meant.unwrap_or_default();
        assert_eq!(meant(Mode::Bgp, "neighbour 10.0.0.1 peer-group VTEP"), "neighbor 10.0.0.1 peer-group VTEP");
        assert_eq!(meant(Mode::Interface, "ip ospf network pointopoint"), "ip ospf network point-to-point");
        assert_eq!(meant(Mode::Bgp, "address-family evpn"), "address-family l2vpn evpn");
    }

    /// A word that fits a rule.
    fn sample(rule: Rule) -> String {
        if let Some((least, _)) = names::bounds(rule) {
            return least.to_string();
        }
        let sample = match rule {
            Rule::ip | Rule::ipv4 => "10.1.2.3",
            Rule::ipv6 => "2001:db8::1",
            Rule::prefix4 => "10.0.0.0/8",
            Rule::prefix6 => "2001:db8::/32",
            Rule::mac => "02:00:00:00:00:01",
            Rule::clock => "10:00:00",
            Rule::metric_change => "+7",
            Rule::number | Rule::signed | Rule::asn => "7",
            Rule::text | Rule::secret_text => "more words",
            _ => "zz9",
        };
        sample.to_owned()
    }

    /// Sentences of an expression, every alternative of it in one at least.
    fn sentences(expr: &Expr) -> Vec<String> {
        match expr {
            Expr::Str(text) => vec![(*text).to_owned()],
            Expr::Rule(rule) => match definition(*rule).phrase() {
                Some(phrase) => sentences(phrase),
                None => vec![sample(*rule)],
            },
            Expr::Seq(parts) => {
                let parts: Vec<_> = parts.iter().map(sentences).collect();
                let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
                let sentence = |n: usize| parts.iter().map(|part| &*part[n.min(part.len() - 1)]).collect();
                (0..longest).map(sentence).collect()
            }
            Expr::Choice(parts) => parts.iter().flat_map(sentences).collect(),
            Expr::Opt(inner) | Expr::Rep(inner) => sentences(inner).into_iter().chain([String::new()]).collect(),
            Expr::RepOnce(inner) => sentences(inner),
            Expr::End | Expr::Any | Expr::Class(_) | Expr::Not(_) => vec![String::new()],
        }
    }

    /// A shorter alternative that stands before a longer one hides it from the parser, but not from this search.
    #[test]
    fn every_command_is_reached() {
        let mut hidden = vec![];
        for mode in Mode::ALL {
            for (negated, rule) in [(false, mode.rule()), (true, mode.negative())] {
                let Some(phrase) = definition(rule).phrase() else { continue };
                for line in sentences(phrase) {
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
