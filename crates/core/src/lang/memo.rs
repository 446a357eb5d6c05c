//! Parses, remembered: the nodes of a fabric say mostly the same lines, and most of what it costs to read a line is its
//! parse. Only what the grammar says of a text is in it, never what was made of that.

use indexmap::{Equivalent, IndexMap};
use pest::{Parser, RuleType, error::Error};
use std::{ops::Range, rc::Rc};

/// How many lines are remembered, and how many bytes one may have.
const LINES: usize = 1 << 14;
const LENGTH: usize = 256;

/// What is remembered of one grammar.
pub(super) struct Memo<R> {
    /// The parse of a text by a rule; nothing where it does not match.
    known: IndexMap<Key<R>, Rc<[Token<R>]>>,
    /// Whether a rule is about a secret, which must not outlive the reading of its file.
    is_secret: fn(R) -> bool,
}

#[derive(PartialEq, Eq, Hash)]
struct Key<R> {
    rule: R,
    text: Box<str>,
}

/// A key that owns nothing, to look up with; it has a key's fields in a key's order, so that both have one hash.
#[derive(Hash)]
struct Asked<'t, R> {
    rule: R,
    text: &'t str,
}

impl<R: RuleType> Equivalent<Key<R>> for Asked<'_, R> {
    fn equivalent(&self, key: &Key<R>) -> bool {
        self.rule == key.rule && *self.text == *key.text
    }
}

/// One part of a text; all parts stand in the order in which they begin, each before its own parts.
struct Token<R> {
    rule: R,
    start: usize,
    end: usize,
    /// The first token that is no part of it.
    next: usize,
}

/// A part of a text with its own parts: pest's `Pair` without the parser, so that it can be kept.
#[derive(Clone)]
pub(super) struct Pair<'t, R> {
    tokens: Rc<[Token<R>]>,
    at: usize,
    text: &'t str,
}

/// Parts side by side.
#[derive(Clone)]
pub(super) struct Pairs<'t, R> {
    tokens: Rc<[Token<R>]>,
    rest: Range<usize>,
    text: &'t str,
    /// Whether parts of parts are among them, each behind what it is a part of.
    is_flat: bool,
}

impl<'t, R: RuleType> Pair<'t, R> {
    /// The rule that matches it.
    pub(super) fn as_rule(&self) -> R {
        self.tokens[self.at].rule
    }

    /// Its text.
    pub(super) fn as_str(&self) -> &'t str {
        &self.text[self.range()]
    }

    /// Where it stands in the text that was parsed.
    pub(super) fn range(&self) -> Range<usize> {
        self.tokens[self.at].start..self.tokens[self.at].end
    }

    /// The rule and the text of it and of all its parts, however deep.
    pub(super) fn texts(&self) -> impl Iterator<Item = (R, &'t str, Range<usize>)> + '_ {
        let tokens = &self.tokens[self.at..self.tokens[self.at].next];
        tokens.iter().map(|token| (token.rule, &self.text[token.start..token.end], token.start..token.end))
    }

    /// Its own parts.
    pub(super) fn into_inner(self) -> Pairs<'t, R> {
        let rest = self.at + 1..self.tokens[self.at].next;
        Pairs { tokens: self.tokens, rest, text: self.text, is_flat: false }
    }
}

impl<R> Pairs<'_, R> {
    /// The parts, and theirs, however deep.
    pub(super) fn flatten(self) -> Self {
        Self { is_flat: true, ..self }
    }
}

impl<'t, R> Iterator for Pairs<'t, R> {
    type Item = Pair<'t, R>;
    fn next(&mut self) -> Option<Pair<'t, R>> {
        let at = self.rest.start;
        if self.rest.is_empty() {
            return None;
        }
        self.rest.start = if self.is_flat { at + 1 } else { self.tokens[at].next };
        Some(Pair { tokens: Rc::clone(&self.tokens), at, text: self.text })
    }
}

impl<R: RuleType> Memo<R> {
    /// Nothing is remembered yet.
    pub(super) fn new(is_secret: fn(R) -> bool) -> Self {
        Self { known: IndexMap::new(), is_secret }
    }

    /// What a rule makes of a text, as [`Parser::parse`] says it.
    pub(super) fn parse<'t, P: Parser<R>>(&mut self, rule: R, text: &'t str) -> Result<Pairs<'t, R>, Box<Error<R>>> {
        if let Some(known) = self.known.get(&Asked { rule, text }) {
            return Ok(whole(Rc::clone(known), text));
        }
        let mut tokens = vec![];
        add(P::parse(rule, text)?, &mut tokens);
        let is_kept = text.len() <= LENGTH && !tokens.iter().any(|token| (self.is_secret)(token.rule));
        let tokens: Rc<[Token<R>]> = tokens.into();
        if is_kept {
            if self.known.len() == LINES {
                self.known.clear();
            }
            self.known.insert(Key { rule, text: text.into() }, Rc::clone(&tokens));
        }
        Ok(whole(tokens, text))
    }
}

fn whole<R>(tokens: Rc<[Token<R>]>, text: &str) -> Pairs<'_, R> {
    Pairs { rest: 0..tokens.len(), tokens, text, is_flat: false }
}

fn add<R: RuleType>(pairs: pest::iterators::Pairs<R>, tokens: &mut Vec<Token<R>>) {
    for pair in pairs {
        let (at, span) = (tokens.len(), pair.as_span());
        tokens.push(Token { rule: pair.as_rule(), start: span.start(), end: span.end(), next: 0 });
        add(pair.into_inner(), tokens);
        tokens[at].next = tokens.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(pest_derive::Parser)]
    #[grammar_inline = r#"
        pair   = { key ~ "=" ~ (list | secret) ~ EOI }
        key    = { ASCII_ALPHA+ }
        list   = { item ~ ("," ~ item)* }
        item   = { ASCII_DIGIT+ }
        secret = { "*"+ }
    "#]
    struct Grammar;

    #[test]
    fn what_is_remembered_is_what_pest_says() {
        let mut memo = Memo::new(|rule| rule == Rule::secret);
        for text in ["a=1,2", "b=**", "a=1,2", "b=**"] {
            let pest: Vec<_> = Grammar::parse(Rule::pair, text).unwrap().flatten().collect();
            let ours: Vec<_> = memo.parse::<Grammar>(Rule::pair, text).unwrap().flatten().collect();
            assert_eq!(ours.len(), pest.len());
            for (ours, pest) in ours.into_iter().zip(pest) {
                let span = pest.as_span();
                assert_eq!((ours.as_rule(), ours.range()), (pest.as_rule(), span.start()..span.end()));
                let rules = |pair: Pair<Rule>| pair.into_inner().map(|pair| pair.as_rule()).collect::<Vec<_>>();
                assert_eq!(rules(ours), pest.into_inner().map(|pair| pair.as_rule()).collect::<Vec<_>>());
            }
        }
        assert!(memo.parse::<Grammar>(Rule::pair, "a=").is_err());
        assert_eq!(memo.known.len(), 1, "neither a secret nor what does not match is kept");
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memo = Memo::new(|_| false);
        for number in 0..=LINES {
            memo.parse::<Grammar>(Rule::item, &number.to_string()).unwrap();
        }
        memo.parse::<Grammar>(Rule::item, &"1".repeat(LENGTH + 1)).unwrap();
        assert_eq!(memo.known.len(), 1);
    }
}
