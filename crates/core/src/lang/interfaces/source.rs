//! The files of a node, in the order in which `source` lines join them, to stanzas.
//!
//! Only files of the node itself are ever looked at: a path is compared with the places that they have on it.

use super::{
    lines::{Glued, Line},
    mode::Mode,
    parse::{self, Statement},
    ranges::{self, Budget},
};
use crate::{
    model::{
        Block, Fault, FaultKind, Reading, Sourced,
        link::{Dialect, InterfacesFile},
    },
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::interfaces::Rule;
use glob::{MatchOptions, Pattern};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

const MAIN: &str = "etc/network/interfaces";
const PARTS: &str = "etc/network/interfaces.d/";
pub(super) const SDN: &str = "etc/network/interfaces.d/sdn";

/// One `iface` stanza.
#[derive(Debug)]
pub(super) struct Stanza {
    /// The interfaces: several when the name is a range.
    pub names: Vec<String>,
    /// The name as it is written, for `$IFACE`.
    pub written: String,
    /// The line that opens it.
    pub span: Span,
    /// `inet`, `inet6`, or nothing.
    pub family: Option<String>,
    /// `static`, `dhcp` …
    pub method: Option<String>,
    /// Whether it describes interfaces, rather than what others inherit, or a VLAN of a bridge.
    pub is_interface: bool,
    /// Stanzas whose lines are its own too, where the tool has that.
    inherits: Vec<String>,
    /// Its attributes, in order.
    pub attributes: Vec<Statement>,
    /// Lines whose first word is no attribute.
    pub unknown: Vec<(String, Span)>,
    /// The `auto` that stood before it.
    pub auto: Option<Span>,
    /// The `allow-hotplug` that stood before it.
    pub hotplug: Option<Span>,
}

/// All that the files of a node say.
#[derive(Debug)]
pub(super) struct Text {
    /// The stanzas, in order.
    pub stanzas: Vec<Stanza>,
    /// All names that `auto` lines name, wherever they stand, each with its first place; a range too, as it is written.
    pub autos: IndexMap<String, Span>,
    /// Files that a template engine would rewrite, so that their lines are not judged.
    pub templates: Vec<FileId>,
    /// How it was put together.
    pub file: InterfacesFile,
    /// What its shorthands may still stand for.
    pub budget: Budget,
}

impl Text {
    /// Gives stanzas the lines that they inherit from those before them, as far as they do not say otherwise.
    fn inherit(&mut self) {
        for at in 0..self.stanzas.len() {
            let (before, rest) = self.stanzas.split_at_mut(at);
            let stanza = &mut rest[0];
            let said: BTreeSet<Rule> = stanza.attributes.iter().map(|line| line.rule).collect();
            for name in std::mem::take(&mut stanza.inherits) {
                let Some(from) = before.iter().rev().find(|stanza| stanza.names.contains(&name)) else { continue };
                let granted = self.budget.take(stanza.span, from.attributes.len() as u64);
                let lines = from.attributes.iter().take(granted as usize);
                // Addresses and commands add up.
                let adds_up = |rule| matches!(rule, Rule::address | Rule::pre_up | Rule::up | Rule::post_up);
                stanza
                    .attributes
                    .extend(lines.filter(|line| adds_up(line.rule) || !said.contains(&line.rule)).cloned());
            }
        }
    }

    /// The first `auto` line, of those read so far, that names an interface or all of them.
    pub(super) fn auto(&self, name: &str) -> Option<Span> {
        let named = [name, "all"].into_iter().filter_map(|name| self.autos.get_full(name));
        named.min_by_key(|(at, ..)| *at).map(|(.., span)| *span)
    }
}

struct Reader<'f, 'i> {
    files: &'f [(FileId, &'f File)],
    read: BTreeSet<FileId>,
    into: &'i mut Reading,
    text: Text,
    hotplugs: BTreeMap<String, Span>,
    mode: Mode,
    /// Whether `source` lines lead into `interfaces.d` at all.
    joins_parts: bool,
    /// Whether the file at hand is a template, so that its lines are not judged.
    is_template: bool,
}

/// Reads all files of a node; nothing if none of them is one that the tool would begin with.
pub(super) fn read(files: &[(FileId, &File)], into: &mut Reading) -> Option<Text> {
    let main = files.iter().find(|(_, file)| file.inner == MAIN);
    let parts = || files.iter().filter(|(_, file)| file.inner.starts_with(PARTS));
    let first = main.or_else(|| parts().next())?;
    let sdn = files.iter().find(|(_, file)| file.inner == SDN).map(|(id, file)| (*id, *file));
    let file = InterfacesFile {
        main: first.0,
        dialect: Dialect::Any,
        policy: Default::default(),
        template: None,
        unfollowed: vec![],
        unsourced: vec![],
        unread: BTreeSet::new(),
        sdn_version: sdn.and_then(|(id, file)| version(id, file)),
        sdn: sdn.map(|(id, file)| Span::of(id, &file.text, file.text.as_str().lines().next().unwrap_or(""))),
    };
    let mut reader = Reader {
        files,
        read: BTreeSet::new(),
        into,
        text: Text { stanzas: vec![], autos: IndexMap::new(), templates: vec![], file, budget: Budget::default() },
        hotplugs: BTreeMap::new(),
        mode: Mode::Outside,
        joins_parts: false,
        is_template: false,
    };
    if let Some((id, file)) = main {
        reader.file(*id, file);
    }
    for (id, file) in parts() {
        if reader.read.contains(id) {
            continue;
        }
        if main.is_some() {
            let start = Span { file: *id, start: 0, end: 0 };
            reader.text.file.unsourced.push(Sourced::written(file.inner.clone(), start));
            reader.text.file.unread.insert(*id);
        }
        // Where a pattern leads there and leaves this file out, it was most likely put out of the way.
        if !reader.joins_parts {
            reader.file(*id, file);
        }
    }
    let mut text = reader.text;
    // The others follow relative paths and directories.
    if text.file.dialect != Dialect::Ifupdown2 {
        let unsourced: BTreeSet<FileId> =
            text.file.unsourced.iter().filter_map(|path| path.span()).map(|start| start.file).collect();
        text.file.unread.retain(|file| unsourced.contains(file));
    }
    if matches!(text.file.dialect, Dialect::Ifupdown | Dialect::IfupdownNg) {
        text.inherit();
    }
    Some(text)
}

/// The stanza that the line of an `iface` names behind `inherits`.
fn inherited(line: &str) -> Vec<String> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| *word != "inherits").skip(1);
    words.next().map(str::to_owned).into_iter().collect()
}

/// The number behind `#version:` in the first line of the file that Proxmox writes.
fn version(id: FileId, file: &File) -> Option<Sourced<u64>> {
    let number = file.text.as_str().lines().next()?.strip_prefix("#version:")?.trim();
    Some(Sourced::written(number.parse().ok()?, Span::of(id, &file.text, number)))
}

impl Reader<'_, '_> {
    fn fault(&mut self, span: Span, kind: FaultKind) {
        if !self.is_template {
            self.into.faults.push(Fault::new(LanguageId::Interfaces, span, kind));
        }
    }

    fn file(&mut self, id: FileId, file: &File) {
        if !self.read.insert(id) {
            return;
        }
        let outer = std::mem::replace(&mut self.is_template, false);
        self.mode = Mode::Outside;
        // ifupdown2 hands a text with a percent sign to Mako; without Mako's own marks that changes nothing.
        let is_mark = |line: &&str| line.trim_start().starts_with('%') || line.contains("<%");
        if let Some(mark) = file.text.lines().find(is_mark) {
            let span = Span::of(id, &file.text, mark.trim());
            self.fault(span, FaultKind::Template);
            self.text.file.template.get_or_insert(span);
            self.text.templates.push(id);
            self.is_template = true;
        }
        for line in Glued::new(id, &file.text).lines() {
            self.into.coverage.lines += 1;
            self.line(&line, file);
        }
        self.mode = Mode::Outside;
        self.is_template = outer;
    }

    fn line(&mut self, line: &Line, file: &File) {
        if self.is_template && (line.text.starts_with('%') || line.text.contains("<%") || line.text.contains("${")) {
            if matches!(line.key(), "iface" | "interface" | "template") {
                self.mode = Mode::Other;
            }
            return;
        }
        let known = parse::rule(&parse::name(line.key()));
        let is_starter = known.is_some_and(parse::is_starter);
        if self.mode == Mode::Outside && !is_starter {
            let starters = ["auto", "iface", "source", "allow-hotplug", "source-directory", "vlan"];
            let suggestion = if known.is_some() { None } else { crate::near::near(line.key(), starters) };
            if !self.is_template {
                self.into.coverage.miss(line.whole());
            }
            let kind =
                FaultKind::UnknownCommand { block: Block::Named("outside every stanza"), suggestion, matters: true };
            return self.fault(line.whole(), kind);
        }
        if is_starter {
            self.mode = Mode::after(known.unwrap_or(Rule::auto));
        }
        match parse::parse(line, "an interface") {
            Ok(statement) if is_starter => self.statement(statement, file),
            Ok(statement) => {
                self.notice(&statement);
                if self.mode == Mode::Stanza
                    && let Some(stanza) = self.text.stanzas.last_mut()
                {
                    if statement.rule == Rule::inherit {
                        stanza.inherits.extend(statement.rest.split_ascii_whitespace().map(str::to_owned));
                    }
                    stanza.attributes.push(statement);
                }
            }
            Err((span, kind)) => {
                if matches!(kind, FaultKind::UnknownProperty { .. }) && !self.is_template {
                    self.into.coverage.miss(line.whole());
                }
                if let (FaultKind::UnknownProperty { .. }, Mode::Stanza, Some(stanza)) =
                    (&kind, self.mode, self.text.stanzas.last_mut())
                {
                    stanza.unknown.push((line.text.to_string(), line.whole()));
                }
                if is_starter {
                    self.mode = Mode::Other;
                } else if let (FaultKind::Malformed { .. }, Some(rule), Mode::Stanza) = (&kind, known, self.mode) {
                    // The first line of an attribute is the one that ifupdown2 takes, whatever its value.
                    let stanza = self.text.stanzas.last_mut();
                    stanza.into_iter().for_each(|stanza| stanza.attributes.push(Statement::refused(rule, line)));
                }
                self.fault(span, kind);
            }
        }
    }

    fn statement(&mut self, statement: Statement, file: &File) {
        self.notice(&statement);
        match statement.rule {
            Rule::auto => self.auto(&statement),
            Rule::allow_ => match statement.word(Rule::CLASS).map(|class| class.text.as_str()) {
                Some("auto") => self.auto(&statement),
                Some("hotplug") => {
                    for name in statement.all(Rule::NAME) {
                        self.hotplugs.entry(name.text.clone()).or_insert(statement.span);
                    }
                }
                _ => {}
            },
            Rule::iface | Rule::interface | Rule::vlan | Rule::template => self.stanza(&statement),
            Rule::source | Rule::source_directory => self.follow(&statement, file),
            _ => {}
        }
    }

    fn auto(&mut self, statement: &Statement) {
        for name in statement.all(Rule::NAME) {
            for one in ranges::names(&name.text, name.span, &mut self.text.budget) {
                self.text.autos.entry(one).or_insert(name.span);
            }
            self.text.autos.entry(name.text.clone()).or_insert(name.span);
        }
    }

    fn stanza(&mut self, statement: &Statement) {
        let Some(name) = statement.word(Rule::NAME) else { return };
        // `eth0:1` is the old way to give `eth0` another address: ifupdown2 cuts the name.
        let base = name.text.split(':').next().unwrap_or_default();
        let names = ranges::names(base, name.span, &mut self.text.budget);
        let hotplug = self.hotplugs.get(base).copied();
        let text = |rule| statement.word(rule).map(|word| word.text.clone());
        let stanza = Stanza {
            // Of a range, ifupdown2 asks for the range itself, spelt alike: `auto a[1-4]` is none for `iface a[1-2]`.
            auto: self.text.auto(base),
            names,
            written: name.text.clone(),
            span: statement.span,
            family: text(Rule::FAMILY),
            method: text(Rule::METHOD),
            is_interface: matches!(statement.rule, Rule::iface | Rule::interface),
            inherits: inherited(&statement.rest),
            attributes: vec![],
            unknown: vec![],
            hotplug,
        };
        self.text.stanzas.push(stanza);
    }

    fn follow(&mut self, statement: &Statement, file: &File) {
        let is_directory = statement.rule == Rule::source_directory;
        let outer = self.mode;
        for path in statement.all(Rule::PATH) {
            let is_relative = !path.text.starts_with('/');
            if is_relative || is_directory {
                self.text.file.unfollowed.push(Sourced::written(path.text.clone(), statement.span));
            }
            let folder = file.inner.rsplit_once('/').map_or("", |(folder, _)| folder);
            let pattern = if is_relative { format!("{folder}/{}", path.text) } else { path.text[1..].to_owned() };
            let pattern = pattern.replace("/./", "/");
            self.joins_parts |= pattern.starts_with("etc/network/interfaces.d");
            let pattern =
                if is_directory { format!("{}/[-_A-Za-z0-9]*", pattern.trim_end_matches('/')) } else { pattern };
            let Ok(glob) = Pattern::new(&pattern) else { continue };
            let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
            let found: Vec<_> = self.files.iter().filter(|(_, file)| glob.matches_with(&file.inner, options)).collect();
            if found.is_empty() && !pattern.contains(['*', '?', '[']) && pattern.starts_with("etc/network/") {
                let why = format!("no interface that /{pattern} describes is set up");
                self.fault(path.span, FaultKind::MissingFile { why });
            }
            for (id, file) in found {
                if is_relative || is_directory {
                    self.text.file.unread.insert(*id);
                }
                self.file(*id, file);
            }
        }
        self.mode = outer;
    }

    /// Notes whose language a line belongs to. What only ifupdown2 has outweighs the rest.
    fn notice(&mut self, statement: &Statement) {
        use Rule as R;
        let dialect = match statement.rule {
            R::template | R::r#use | R::inherit | R::requires | R::bond_members | R::vrf_member => Dialect::IfupdownNg,
            R::vxlan_local_ip | R::vxlan_peer_ips | R::vxlan_peer_group => Dialect::IfupdownNg,
            R::mapping | R::rename | R::no_auto_down | R::no_scripts | R::inherits | R::wpa_ => Dialect::Ifupdown,
            R::vrf | R::vrf_table | R::vxlan_id | R::bridge_vlan_aware | R::bridge_access => Dialect::Ifupdown2,
            R::address_virtual | R::bridge_vlan_vni_map | R::bridge_learning => Dialect::Ifupdown2,
            R::iface if statement.word(R::FAMILY).is_none() => Dialect::Ifupdown2,
            R::iface if statement.word(R::TEXT).is_some() => Dialect::Ifupdown,
            _ => return,
        };
        let known = &mut self.text.file.dialect;
        *known = match (*known, dialect) {
            (Dialect::IfupdownNg, _) | (_, Dialect::IfupdownNg) => Dialect::IfupdownNg,
            (Dialect::Ifupdown2, _) | (_, Dialect::Ifupdown2) => Dialect::Ifupdown2,
            _ => dialect,
        };
    }
}
