//! Text to sections, the way Proxmox itself reads: `PVE::SectionConfig::parse_config` for most files, and the typed
//! Rust reader for those that [`Store::is_strict`] names.

use super::mode::{Mode, Store};
use crate::{
    lang::rest::Rest,
    model::{
        Block, Fault, FaultKind, Reading,
        refusal::{Disregard, Refusal, StoreRefusal},
    },
    near::near,
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::sdn::{Grammar, Rule};
use pest::{
    Parser as _,
    error::{ErrorVariant, InputLocation},
    iterators::Pair,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) use crate::lang::json::Word;

impl Word {
    /// A part of it, by byte offsets; the whole where the offsets do not fit its place in the file.
    fn part(&self, start: usize, end: usize) -> Self {
        let inside = self.text.len() == (self.span.end - self.span.start) as usize;
        let at = |offset: usize| self.span.start + offset as u32;
        let span = if inside { Span { start: at(start), end: at(end), ..self.span } } else { self.span };
        Self { text: self.text.get(start..end).unwrap_or("").to_owned(), span }
    }
}

/// A section: what its header says, and its properties.
pub(super) struct Section {
    pub mode: &'static Mode,
    pub id: Word,
    pub properties: Vec<Property>,
}

/// A property whose value is of its kind.
pub(super) struct Property {
    pub name: Rule,
    pub key: Word,
    /// The elements of the value.
    pub parts: Vec<Word>,
    /// The elements of the value, where each is `name=value`.
    pub fields: Vec<(String, Word)>,
    /// A boolean.
    pub on: bool,
}

/// What the sections of a file came to.
#[derive(Default)]
pub(super) struct Sections {
    pub sections: Vec<Section>,
    /// Ids of objects that are written but that Proxmox does not see, or not as written.
    pub lost: Vec<Word>,
    /// Whether a part of the file is not read, so that nobody knows what else is in the store.
    pub is_cut: bool,
}

/// The section that is being read.
struct Open {
    /// `None` where its type is unknown, so that its lines are skipped.
    section: Option<Section>,
    header: Span,
    /// Whether a value was malformed, so that what follows from its absence is no further fault.
    marred: bool,
    /// What a header that stood in the middle of the section has added to it so far.
    swallowed: Option<Fault>,
}

struct Reader<'a> {
    store: Store,
    file: FileId,
    text: &'a str,
    /// Whether lines end in CR LF.
    crlf: bool,
    into: &'a mut Reading,
    out: Sections,
    /// The last section of each id, by its position.
    known: BTreeMap<String, usize>,
    /// Positions of sections that a later one of their id replaces.
    replaced: BTreeSet<usize>,
    open: Option<Open>,
    rest: Rest,
}

/// Reads a file of sections. Cannot fail.
pub(super) fn sections(store: Store, id: FileId, file: &File, into: &mut Reading) -> Sections {
    let out = Sections::default();
    let (known, replaced) = (BTreeMap::new(), BTreeSet::new());
    let crlf = file.text.contains("\r\n");
    let rest = Rest::new(LanguageId::Sdn, into);
    let mut reader = Reader { store, file: id, text: &file.text, crlf, into, out, known, replaced, open: None, rest };
    for line in file.text.split('\n') {
        reader.line(line);
    }
    reader.close();
    let Reader { mut out, replaced, .. } = reader;
    let mut at = 0..;
    out.sections.retain(|_| at.next().is_some_and(|at| !replaced.contains(&at)));
    out
}

impl<'a> Reader<'a> {
    fn word(&self, part: &str) -> Word {
        Word { text: part.to_owned(), span: Span::of(self.file, self.text, part) }
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        self.into.faults.push(Fault::new(LanguageId::Sdn, span, kind));
    }

    fn line(&mut self, line: &'a str) {
        let content = line.trim();
        // Perl takes the string "0" for nothing, too.
        let ends = line.is_empty() || line == "0" || self.store.is_strict() && content.is_empty();
        if let Some(note) = content.strip_prefix('#') {
            if self.store.keeps_secrets() {
                let span = self.word(note).span;
                self.into.secrets.push(span);
            }
            return;
        }
        if !content.is_empty() && line != "0" {
            self.into.coverage.lines += 1;
        }
        if self.rest.has_begun(self.into) {
            self.out.is_cut = true;
            // What else it says is not known.
            self.out.lost.extend(self.open.take().and_then(|open| open.section).map(|section| section.id));
            if !content.is_empty() && line != "0" {
                let span = self.word(content).span;
                self.into.coverage.miss(span);
                self.rest.add(span, content, self.into);
            }
        } else if ends {
            self.close();
        } else if self.open.is_some() {
            self.inside(line, content);
        } else if !content.is_empty() {
            self.header(line, content);
        }
    }

    /// A line that is not understood may be a secret all the same, in a store that keeps such: all but its first word.
    fn hide(&mut self, content: &str) {
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, ':' | '=');
        if let Some(end) = content.find(ends).filter(|_| self.store.keeps_secrets()) {
            let span = self.word(&content[end + 1..]).span;
            self.into.secrets.push(span);
        }
    }

    fn unrecognised(&mut self, content: &str, kind: FaultKind) {
        self.hide(content);
        let span = self.word(content).span;
        self.into.coverage.miss(span);
        self.fault(span, kind);
    }

    /// A line of a section whose header was not understood: a consequence of that, and no fault of its own.
    fn lose(&mut self, content: &str) {
        self.hide(content);
        let span = self.word(content).span;
        self.into.coverage.miss(span);
        if let Some(fault) = self.into.faults.last_mut() {
            fault.lost.push(span);
        }
    }

    /// A line that no section can begin with.
    fn unknown(&self, suggestion: Option<String>) -> FaultKind {
        if self.store.is_strict() {
            FaultKind::Refused(Refusal::Proxmox(StoreRefusal::NoHeader(self.store.file())))
        } else {
            FaultKind::UnknownCommand {
                block: Block::Named(self.store.file()),
                suggestion,
                matters: true,
                belongs: None,
            }
        }
    }

    fn header(&mut self, line: &'a str, content: &str) {
        let Some((kind, id)) = header(line) else {
            return self.unrecognised(content, self.unknown(None));
        };
        let header = self.word(content).span;
        let Some(mode) = self.store.mode(kind) else {
            let id = self.word(id);
            self.out.lost.push(id);
            self.unrecognised(content, self.unknown(near(kind, self.store.kinds())));
            self.open = Some(Open { section: None, header, marred: false, swallowed: None });
            return;
        };
        let section = Section { mode, id: self.word(id), properties: vec![] };
        self.open = Some(Open { section: Some(section), header, marred: false, swallowed: None });
    }

    fn inside(&mut self, line: &'a str, content: &str) {
        let Some(mut open) = self.open.take() else { return };
        match property(line) {
            Some((key, value)) => self.property(&mut open, self.word(key), self.word(value), content),
            None if content.is_empty() => {}
            None => match header(line) {
                Some(_) if self.store.is_strict() => {
                    let span = self.word(content).span;
                    self.fault(span, FaultKind::Refused(Refusal::Proxmox(StoreRefusal::SectionOpen)));
                    self.open = Some(open);
                    self.close();
                    return self.header(line, content);
                }
                Some((kind, id)) => {
                    if self.store.mode(kind).is_none() {
                        self.hide(content);
                    }
                    self.swallow(&mut open, self.word(id), self.word(content).span);
                }
                None => match &open.section {
                    Some(section) => self.unrecognised(
                        content,
                        FaultKind::UnknownCommand {
                            block: Block::Named(section.mode.of),
                            suggestion: None,
                            matters: true,
                            belongs: None,
                        },
                    ),
                    None => self.lose(content),
                },
            },
        }
        self.open = Some(open);
    }

    /// A header where the section before has not ended. In a file with CR LF no section ends at all, so that all
    /// headers but the first are one fault.
    fn swallow(&mut self, open: &mut Open, id: Word, header: Span) {
        self.into.coverage.miss(header);
        let crlf = self.crlf;
        self.out.lost.push(id);
        match &mut open.swallowed {
            Some(Fault { kind: FaultKind::SectionOpen { also, .. }, .. }) if crlf => also.push(header),
            _ => {
                self.settle(open);
                let kind = FaultKind::SectionOpen {
                    open: open.header,
                    within: String::new(),
                    adopted: vec![],
                    also: vec![],
                    crlf,
                };
                open.swallowed = Some(Fault::new(LanguageId::Sdn, header, kind));
            }
        }
    }

    fn settle(&mut self, open: &mut Open) {
        self.into.faults.extend(open.swallowed.take());
    }

    fn property(&mut self, open: &mut Open, key: Word, value: Word, content: &str) {
        if self.store.is_secret(&key.text) {
            self.into.secrets.push(value.span);
            if value.text.is_empty() {
                self.hide(content);
            }
        }
        let Some(section) = &mut open.section else { return self.lose(content) };
        let leaked = open.swallowed.is_some();
        let read = value_of(section.mode, &key, &value);
        let read = match read {
            Ok(read) => read,
            Err(kind) => {
                let line = self.word(content).span;
                self.into.coverage.miss(line);
                if !leaked {
                    if matches!(kind, FaultKind::Malformed { .. }) {
                        open.marred = true;
                        self.out.lost.push(section.id.clone());
                    }
                    let span = match kind {
                        FaultKind::UnknownProperty { .. } => key.span,
                        _ if value.text.is_empty() => self.word(content).span,
                        _ => value.span,
                    };
                    self.fault(span, kind);
                }
                return;
            }
        };
        let taken = !is_array(read.name) && section.properties.iter().any(|known| known.name == read.name);
        if let Some(Fault { kind: FaultKind::SectionOpen { adopted, .. }, .. }) = &mut open.swallowed
            && !taken
        {
            adopted.push(key.span);
        }
        if taken {
            if !leaked {
                let why = Disregard::PropertyTwice(key.text.clone());
                self.fault(self.word(content).span, FaultKind::Dropped(why));
            }
        } else {
            section.properties.push(read);
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let explained = open.swallowed.is_some() || open.marred;
        self.settle(&mut open);
        let Some(section) = open.section else { return };
        if let Some(property) = section.missing() {
            self.out.lost.push(section.id.clone());
            if !explained {
                let why = StoreRefusal::PropertyMissing { of: section.mode.of, property };
                self.fault(open.header, FaultKind::Refused(Refusal::Proxmox(why)));
            }
            return;
        }
        if let Some(at) = self.known.insert(section.id.text.clone(), self.out.sections.len()) {
            self.replaced.insert(at);
            let earlier = &self.out.sections[at];
            let why = Disregard::SectionTwice(section.id.text.clone());
            let lost = earlier.properties.iter().map(|property| property.key.span).collect();
            let fault = Fault::new(LanguageId::Sdn, earlier.id.span, FaultKind::Dropped(why));
            self.into.faults.push(Fault { lost, ..fault });
        }
        self.out.sections.push(section);
    }
}

impl Section {
    /// The first property that it cannot do without and does not have.
    pub(super) fn missing(&self) -> Option<String> {
        let has = |rule: &&Rule| self.properties.iter().any(|property| property.name == **rule);
        self.mode.required.iter().find(|rule| !has(rule)).map(|rule| spelling(*rule, self.mode.store))
    }
}

/// The type and the id that a header line holds.
fn header(line: &str) -> Option<(&str, &str)> {
    let mut pairs = Grammar::parse(Rule::header, line).ok()?;
    Some((pairs.next()?.as_str(), pairs.next()?.as_str()))
}

/// The key and the value that a property line holds; the value may be empty.
fn property(line: &str) -> Option<(&str, &str)> {
    let mut pairs = Grammar::parse(Rule::property, line).ok()?.filter(|pair| pair.as_rule() != Rule::EOI);
    let key = pairs.next()?.as_str();
    Some((key, pairs.next().map_or(&line[line.len()..], |pair| pair.as_str())))
}

/// A property by its key and value, wherever it was written.
pub(super) fn value_of(mode: &Mode, key: &Word, value: &Word) -> Result<Property, FaultKind> {
    let line = if value.text.is_empty() { key.text.clone() } else { format!("{} {}", key.text, value.text) };
    let offset = key.text.len() + 1;
    let pair = match Grammar::parse(mode.rule, &line).map(|mut pairs| pairs.next()) {
        Ok(Some(pair)) if pair.as_rule() != Rule::EOI => pair,
        Ok(_) => return Err(FaultKind::UnknownProperty { of: mode.of, suggestion: None }),
        Err(error) => {
            let known = match (&error.variant, &error.location) {
                (ErrorVariant::ParsingError { positives, .. }, InputLocation::Pos(0)) => {
                    positives.iter().map(|rule| spelling(*rule, mode.store)).collect()
                }
                _ => vec![],
            };
            let suggestion = near(&key.text, known.iter().map(String::as_str));
            return Err(FaultKind::UnknownProperty { of: mode.of, suggestion });
        }
    };
    let mut property =
        Property { name: pair.as_rule(), key: key.clone(), parts: vec![], fields: vec![], on: value.text.is_empty() };
    let part = |pair: &Pair<Rule>| {
        let span = pair.as_span();
        value.part(span.start().saturating_sub(offset), span.end().saturating_sub(offset))
    };
    for value in pair.into_inner() {
        let wanted = wanted(value.as_rule());
        for element in value.into_inner() {
            match element.as_rule() {
                Rule::EOI => {}
                Rule::bad => return Err(FaultKind::Malformed { wanted }),
                Rule::on => property.on = true,
                Rule::field => {
                    let mut inner: Vec<Pair<Rule>> = element.into_inner().collect();
                    if let Some(value) = inner.pop() {
                        let name = inner.pop().map_or("", |name| name.as_str()).to_owned();
                        property.fields.push((name, part(&value)));
                    }
                }
                _ => property.parts.push(part(&element)),
            }
        }
    }
    Ok(property)
}

/// Whether a property may be written several times.
fn is_array(name: Rule) -> bool {
    use Rule::*;
    matches!(
        name,
        dhcp_range
            | secondary_controllers
            | interfaces
            | redistribute
            | wg_peers
            | allowed_ips
            | match_
            | set
            | entries
    )
}

/// How a property is spelt in its file.
fn spelling(rule: Rule, store: Store) -> String {
    let name = format!("{rule:?}");
    match name.as_str() {
        "vnet_id" => "vnet".into(),
        "node_of" => "node".into(),
        "wg_peers" => "peers".into(),
        name if store == Store::Fabrics => name.trim_start_matches("fabric_").to_owned(),
        name => name.trim_end_matches('_').replace('_', "-"),
    }
}

/// What a value is to be, in words.
fn wanted(value: Rule) -> &'static str {
    match value {
        Rule::boolean => "0 or 1",
        Rule::integer => "a whole number",
        Rule::node_name => "the name of a node",
        Rule::node_list => "names of nodes",
        Rule::mac_address => "a unicast MAC address: six pairs of hexadecimal digits with colons",
        Rule::address_one => "an address, without a prefix length",
        Rule::address_list => "addresses, without prefix lengths",
        Rule::cidr => "an address with a prefix length",
        Rule::target_list => "route targets, two numbers with a colon each",
        Rule::interface_list => "names of interfaces",
        Rule::fields => "`name=value` with commas between",
        Rule::redistribution => "`source=` and a protocol, and more with commas between",
        Rule::node_role => "internal or external",
        Rule::dhcp_server => "dnsmasq, the only DHCP server that Proxmox knows",
        Rule::ethertype => "802.1q or 802.1ad",
        Rule::session_mode => "auto, external or internal",
        Rule::verdict => "permit or deny",
        Rule::iso_address => "an ISO address such as 49.0001.1921.6800.0001.00",
        Rule::area_number => "an OSPF area, a number or four with dots",
        _ => "a value",
    }
}

/// One line of `corosync.conf`.
pub(super) enum Corosync {
    Open(Word),
    Close,
    Value(Word, Word),
}

/// Reads a line of `corosync.conf`, which must be a slice of the file's text.
pub(super) fn corosync(file: FileId, text: &str, line: &str) -> Option<Corosync> {
    let word = |pair: Pair<Rule>| {
        let start = Span::of(file, text, line).start + pair.as_span().start() as u32;
        let words = pair.as_str();
        Word { text: words.to_owned(), span: Span { file, start, end: start + words.len() as u32 } }
    };
    let pair = Grammar::parse(Rule::corosync, line).ok()?.next()?;
    let rule = pair.as_rule();
    let mut inner = pair.into_inner();
    match rule {
        Rule::corosync_open => Some(Corosync::Open(word(inner.next()?))),
        Rule::corosync_close => Some(Corosync::Close),
        _ => Some(Corosync::Value(word(inner.next()?), word(inner.next()?))),
    }
}
