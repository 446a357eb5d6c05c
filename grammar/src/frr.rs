//! FRR's commands, a rule for each mode and each command: `frr.pest` and every file in `frr/`.

use pest::{Atomicity, ParseResult, ParserState, error::Error, iterators::Pairs};

/// The rules and the table, by `build.rs`.
#[allow(missing_docs, reason = "the grammar's own files describe its rules")]
mod derived {
    include!(concat!(env!("OUT_DIR"), "/frr.rs"));
}
pub use derived::{RULES, Rule};

/// What the grammar says of a rule; [`definition`] has it.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    kind: Kind,
    /// What the rule's name says, beyond its form.
    pub meaning: Option<Meaning>,
    /// Whether the model takes something of a line of this rule; it takes nothing of those called `…_other`.
    pub is_modelled: bool,
    begins: Begins,
    form: Expr,
}

impl Definition {
    /// What the rule consists of; `None` for an atomic rule, which is a kind of word.
    pub const fn phrase(&self) -> Option<&Expr> {
        match self.kind {
            Kind::Atomic => None,
            Kind::Normal | Kind::Silent => Some(&self.form),
        }
    }

    /// Whether a text of this rule may begin with a byte: never `false` where it can.
    pub const fn may_begin(&self, byte: u8) -> bool {
        self.begins.with(Some(byte))
    }
}

/// What the grammar says of a rule.
pub fn definition(rule: Rule) -> &'static Definition {
    &derived::DEFINITIONS[rule as usize]
}

/// How a rule shows in a parse, as pest defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As a pair around those of its parts.
    Normal,
    /// Not itself; its parts do. `_{ … }`.
    Silent,
    /// As a pair without parts. `@{ … }`.
    Atomic,
}

/// The characters that a text may begin with: bit 97 for `a`. What is not ASCII is in every set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begins(u128);

impl Begins {
    const ANYTHING: Self = Self(u128::MAX);

    /// Whether a text may begin with this byte; `None` is the end of the line.
    const fn with(self, byte: Option<u8>) -> bool {
        match byte {
            Some(byte @ 0..=127) => self.0 >> byte & 1 == 1,
            Some(128..) => true,
            None => self.0 == Self::ANYTHING.0,
        }
    }
}

/// What the name of a rule says of the words that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// `number_1_255`, `number_1_255_…`: the least and the most that the number may be.
    Number(i64, i64),
    /// `since_10_5_…`: the first version of FRR that has what the rule lists, major and minor.
    Since((u32, u32)),
    /// `until_7_5_…`: the first version of FRR that no longer has what the rule lists, major and minor.
    Until((u32, u32)),
    /// `only_…`: never behind `no`.
    Only,
    /// `once_…`: at most once in a line.
    Once,
}

/// An expression of the grammar.
#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// These characters: keywords, and the blanks between and beside them.
    Str(&'static str),
    /// What another rule matches.
    Rule(Rule),
    /// The end of the line.
    End,
    /// Any character.
    Any,
    /// A character within one of these ranges, both ends inclusive.
    Class(&'static [(char, char)]),
    /// One part behind another. At least two; none is a sequence itself.
    Seq(&'static [Self]),
    /// The first part that matches. At least two; none is a choice itself.
    Choice(&'static [Self]),
    /// The part, or nothing.
    Opt(&'static Self),
    /// The part any number of times, or nothing.
    Rep(&'static Self),
    /// The part once or more.
    RepOnce(&'static Self),
    /// Nothing, where the part does not match.
    Not(&'static Self),
}

type State<'l> = Box<ParserState<'l, Rule>>;

/// FRR's parser, which parses one line, or one word, by one rule.
#[derive(Clone, Copy, Debug)]
pub struct Grammar;

impl pest::Parser<Rule> for Grammar {
    fn parse(rule: Rule, line: &str) -> Result<Pairs<'_, Rule>, Error<Rule>> {
        pest::state(line, |state| Line(line.as_bytes()).rule(rule, state))
    }
}

/// The bytes of a line that is being parsed. The methods do what the code that pest derives from a grammar does.
#[derive(Clone, Copy)]
struct Line<'l>(&'l [u8]);

impl<'l> Line<'l> {
    fn next(self, state: &State<'l>) -> Option<u8> {
        self.0.get(state.position().pos()).copied()
    }

    fn rule(self, rule: Rule, state: State<'l>) -> ParseResult<State<'l>> {
        let known = definition(rule);
        if !known.begins.with(self.next(&state)) {
            return Err(state);
        }
        match known.kind {
            Kind::Normal => state.rule(rule, |state| self.expr(&known.form, state)),
            Kind::Silent => self.expr(&known.form, state),
            Kind::Atomic => {
                state.rule(rule, |state| state.atomic(Atomicity::Atomic, |state| self.expr(&known.form, state)))
            }
        }
    }

    fn expr(self, expr: &'static Expr, state: State<'l>) -> ParseResult<State<'l>> {
        match expr {
            Expr::Str(text) => state.match_string(text),
            Expr::Rule(rule) => self.rule(*rule, state),
            Expr::End => state.rule(Rule::EOI, ParserState::end_of_input),
            Expr::Any => state.skip(1),
            Expr::Class(ranges) => ranges
                .iter()
                .try_fold(state, |state, (first, last)| match state.match_range(*first..*last) {
                    Ok(matched) => Err(matched),
                    Err(state) => Ok(state),
                })
                .map_or_else(Ok, Err),
            Expr::Seq(parts) => {
                state.sequence(|state| parts.iter().try_fold(state, |state, part| self.expr(part, state)))
            }
            Expr::Choice(parts) => self.choice(parts, state),
            Expr::Opt(inner) => state.optional(|state| self.expr(inner, state)),
            Expr::Rep(inner) => state.repeat(|state| self.expr(inner, state)),
            Expr::RepOnce(inner) => state.sequence(|state| {
                self.expr(inner, state).and_then(|state| state.repeat(|state| self.expr(inner, state)))
            }),
            Expr::Not(inner) => state.lookahead(false, |state| self.expr(inner, state)),
        }
    }

    /// The first part that matches. A part that cannot begin with the next character is not tried.
    fn choice(self, parts: &'static [Expr], mut state: State<'l>) -> ParseResult<State<'l>> {
        let next = self.next(&state);
        for part in parts {
            if !may_begin(part, next) {
                continue;
            }
            match self.expr(part, state) {
                Err(unchanged) => state = unchanged,
                matched => return matched,
            }
        }
        Err(state)
    }
}

/// Whether a text of this expression may begin with a byte: never `false` where it can.
fn may_begin(expr: &Expr, byte: Option<u8>) -> bool {
    match expr {
        Expr::Str(text) => text.as_bytes().first().is_none_or(|first| Some(*first) == byte),
        Expr::Rule(rule) => definition(*rule).begins.with(byte),
        Expr::Seq(parts) => parts.first().is_none_or(|first| may_begin(first, byte)),
        Expr::RepOnce(inner) => may_begin(inner, byte),
        Expr::End | Expr::Any | Expr::Class(_) | Expr::Choice(_) | Expr::Opt(_) | Expr::Rep(_) | Expr::Not(_) => true,
    }
}
