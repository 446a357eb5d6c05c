//! The files of a node, in the order in which `source` lines join them, to stanzas.
//!
//! Only files of the node itself are ever looked at: a path is compared with the places that they have on it.

use super::{
    lines::{Glued, Line},
    mode::Mode,
    parse::{self, Statement},
    paths::{self, Named, Paths, TooMuch},
    ranges::{self, Budget},
};
use crate::{
    lang::rest::Rest,
    model::{
        Block, Fault, FaultKind, Reading, Sourced,
        fault::Excess,
        link::{Dialect, InterfacesFile},
    },
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::interfaces::Rule;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
        // Of each name, the last stanza so far.
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        for at in 0..self.stanzas.len() {
            let (before, rest) = self.stanzas.split_at_mut(at);
            let Some(stanza) = rest.first_mut() else { break };
            let said: BTreeSet<Rule> = stanza.attributes.iter().map(|line| line.rule).collect();
            for name in std::mem::take(&mut stanza.inherits) {
                let Some(from) = last.get(&name).and_then(|at| before.get(*at)) else { continue };
                let granted = self.budget.take(stanza.span, from.attributes.len() as u64);
                let lines = from.attributes.iter().take(granted as usize);
                // Addresses and commands add up.
                let adds_up = |rule| matches!(rule, Rule::address | Rule::pre_up | Rule::up | Rule::post_up);
                stanza
                    .attributes
                    .extend(lines.filter(|line| adds_up(line.rule) || !said.contains(&line.rule)).cloned());
            }
            last.extend(stanza.names.iter().map(|name| (name.clone(), at)));
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
    /// Where `source` lines lead.
    paths: Paths<'f>,
    /// The paths that the line at hand names, where it is a `source` line.
    named: VecDeque<Named>,
    /// Paths that only ifupdown2 does not follow, of which the files are noted.
    loose: BTreeSet<usize>,
    /// Where among the faults that of the paths is that are not followed, once there is one.
    cut: Option<usize>,
    /// By position, the files that were read or are being read.
    read: BTreeSet<usize>,
    into: &'i mut Reading,
    text: Text,
    hotplugs: BTreeMap<String, Span>,
    mode: Mode,
    /// Whether `source` lines lead into `interfaces.d` at all.
    joins_parts: bool,
    /// Whether a line or a path was not read.
    is_cut: bool,
    /// Whether the file at hand is a template, so that its lines are not judged.
    is_template: bool,
}

/// A file that is being read.
struct Open<'f> {
    file: &'f File,
    glued: Glued<'f>,
    /// The byte of the glued text at which its next line begins.
    next: usize,
    mode: Mode,
    is_template: bool,
    rest: Rest,
    /// Paths of its last line that were not followed yet.
    named: VecDeque<Named>,
    /// The files that the path before those leads to.
    list: Option<usize>,
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
        paths: Paths::new(files),
        named: VecDeque::new(),
        loose: BTreeSet::new(),
        cut: None,
        read: BTreeSet::new(),
        into,
        text: Text { stanzas: vec![], autos: IndexMap::new(), templates: vec![], file, budget: Budget::default() },
        hotplugs: BTreeMap::new(),
        mode: Mode::Outside,
        joins_parts: false,
        is_cut: false,
        is_template: false,
    };
    if let Some(at) = files.iter().position(|(_, file)| file.inner == MAIN) {
        reader.file(at);
    }
    for (at, (id, file)) in files.iter().enumerate().filter(|(_, (_, file))| file.inner.starts_with(PARTS)) {
        if reader.read.contains(&at) {
            continue;
        }
        // A line that is not read may lead to it.
        if main.is_some() && !reader.is_cut {
            let start = Span { file: *id, start: 0, end: 0 };
            reader.text.file.unsourced.push(Sourced::written(file.inner.clone(), start));
            reader.text.file.unread.insert(*id);
        }
        // Where a pattern leads there and leaves this file out, it was most likely put out of the way.
        if !reader.joins_parts {
            reader.file(at);
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

impl<'f> Reader<'f, '_> {
    fn fault(&mut self, span: Span, kind: FaultKind) {
        if !self.is_template {
            self.into.faults.push(Fault::new(LanguageId::Interfaces, span, kind));
        }
    }

    /// Reads a file, and those that its `source` lines lead to where these lines stand.
    fn file(&mut self, at: usize) {
        let mut stack: Vec<Open> = self.open(at).into_iter().collect();
        while let Some(mut open) = stack.pop() {
            self.mode = open.mode;
            self.is_template = open.is_template;
            if let Some(at) = open.list.and_then(|list| self.paths.next(list, &self.read)) {
                stack.push(open);
                stack.extend(self.open(at));
                continue;
            }
            open.list = None;
            if let Some(path) = open.named.pop_front() {
                open.list = self.follow(&path);
                stack.push(open);
                continue;
            }
            open.rest.resume(self.into);
            if self.lines(&mut open) {
                stack.push(open);
            }
        }
        self.mode = Mode::Outside;
        self.is_template = false;
    }

    /// Opens a file; nothing where it was opened before.
    fn open(&mut self, at: usize) -> Option<Open<'f>> {
        let (id, file) = *self.files.get(at)?;
        if !self.read.insert(at) {
            return None;
        }
        self.is_template = false;
        // ifupdown2 hands a text with a percent sign to Mako; without Mako's own marks that changes nothing.
        let is_mark = |line: &&str| line.trim_start().starts_with('%') || line.contains("<%");
        let mark = file.text.lines().find(is_mark);
        if let Some(mark) = mark {
            let span = Span::of(id, &file.text, mark.trim());
            self.fault(span, FaultKind::Template);
            self.text.file.template.get_or_insert(span);
            self.text.templates.push(id);
        }
        Some(Open {
            file,
            glued: Glued::new(id, &file.text),
            next: 0,
            mode: Mode::Outside,
            is_template: mark.is_some(),
            rest: Rest::new(LanguageId::Interfaces, self.into),
            named: VecDeque::new(),
            list: None,
        })
    }

    /// Reads the lines of a file up to the next one that names paths. Whether there is one is returned.
    fn lines(&mut self, open: &mut Open) -> bool {
        while let Some(line) = open.glued.next(&mut open.next) {
            self.into.coverage.lines += 1;
            if open.rest.has_begun(self.into) {
                self.is_cut = true;
                self.into.coverage.miss(line.whole());
                open.rest.add(line.whole(), &line.text, self.into);
                continue;
            }
            if !self.line(&line, open.file) && self.is_template {
                open.rest.waste();
            }
            if !self.named.is_empty() {
                open.named = std::mem::take(&mut self.named);
                open.mode = self.mode;
                return true;
            }
        }
        false
    }

    /// Reads a line. Whether it was understood is returned.
    fn line(&mut self, line: &Line, file: &File) -> bool {
        if self.is_template && (line.text.starts_with('%') || line.text.contains("<%") || line.text.contains("${")) {
            if matches!(line.key(), "iface" | "interface" | "template") {
                self.mode = Mode::Other;
            }
            return true;
        }
        let known = parse::rule(&parse::name(line.key()));
        let is_starter = known.is_some_and(parse::is_starter);
        if self.mode == Mode::Outside && !is_starter {
            let starters = ["auto", "iface", "source", "allow-hotplug", "source-directory", "vlan"];
            let suggestion = if known.is_some() { None } else { crate::near::near(line.key(), starters) };
            if !self.is_template {
                self.into.coverage.miss(line.whole());
            }
            let kind = FaultKind::UnknownCommand {
                block: Block::Named("outside every stanza"),
                suggestion,
                matters: true,
                belongs: None,
            };
            self.fault(line.whole(), kind);
            return false;
        }
        if is_starter {
            self.mode = Mode::after(known.unwrap_or(Rule::auto));
        }
        match parse::parse(line, "an interface") {
            Ok(statement) if is_starter => {
                self.statement(statement, file);
                true
            }
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
                true
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
                false
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
            Rule::source | Rule::source_directory => self.name(&statement, file),
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

    /// Notes the paths of a `source` line, which are followed one by one.
    fn name(&mut self, statement: &Statement, file: &File) {
        let is_directory = statement.rule == Rule::source_directory;
        let folder = file.inner.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.named.extend(statement.all(Rule::PATH).map(|path| Named {
            written: path.text.clone(),
            span: path.span,
            line: statement.span,
            folder: folder.to_owned(),
            is_directory,
        }));
    }

    /// Finds the files that a path leads to.
    fn follow(&mut self, path: &Named) -> Option<usize> {
        if path.is_loose() {
            self.text.file.unfollowed.push(Sourced::written(path.written.clone(), path.line));
        }
        self.joins_parts |= path.place().starts_with("etc/network/interfaces.d");
        let pattern = path.pattern();
        let found = match self.paths.find(&pattern) {
            Ok(found) => found?,
            Err(TooMuch) => {
                self.is_cut = true;
                self.cut(path.span);
                return None;
            }
        };
        if path.is_loose() && self.loose.insert(found) {
            let files = self.paths.files(found).iter().filter_map(|at| self.files.get(*at));
            self.text.file.unread.extend(files.map(|(id, _)| *id));
        }
        if self.paths.files(found).is_empty() && !paths::is_wild(&pattern) && pattern.starts_with("etc/network/") {
            let why = format!("no interface that /{pattern} describes is set up");
            self.fault(path.span, FaultKind::MissingFile { why });
        }
        Some(found)
    }

    /// Counts a path that is not followed.
    fn cut(&mut self, path: Span) {
        let known = self.cut.and_then(|at| self.into.faults.get_mut(at));
        if let Some(Fault { kind: FaultKind::CutShort { count, .. }, .. }) = known {
            *count += 1;
        } else {
            self.cut = Some(self.into.faults.len());
            let kind = FaultKind::CutShort { of: Excess::Sources, count: 1 };
            self.into.faults.push(Fault::new(LanguageId::Interfaces, path, kind));
        }
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

#[cfg(test)]
mod tests {
    use super::{super::paths::SOURCES, *};
    use crate::lang::LINES_IN_VAIN;

    /// The names of the stanzas, in order of reading, and the faults.
    fn order(files: &[(&str, &str)]) -> (Vec<String>, Vec<FaultKind>) {
        let files: Vec<File> =
            files.iter().map(|(name, text)| File::new(*name, "n", format!("etc/network/{name}"), *text)).collect();
        let files: Vec<_> = files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file)).collect();
        let mut into = Reading::default();
        let text = read(&files, &mut into).unwrap();
        assert!(into.coverage.unrecognised.len() <= into.coverage.lines as usize);
        let names = text.stanzas.into_iter().flat_map(|stanza| stanza.names).collect();
        (names, into.faults.into_iter().map(|fault| fault.kind).collect())
    }

    fn names(files: &[(&str, &str)]) -> String {
        let (names, faults) = order(files);
        assert!(faults.is_empty(), "{faults:?}");
        names.join(" ")
    }

    #[test]
    fn the_lines_of_a_file_stand_where_it_is_named() {
        let main = "iface a\nsource /etc/network/y /etc/network/x\nmtu 1\niface e\nsource /etc/network/z\niface g\n";
        let (x, y) = ("iface d\n", "iface b\nsource /etc/network/w\niface c\n");
        let files = [("interfaces", main), ("w", "iface w\n"), ("x", x), ("y", y), ("z", "iface f\n")];
        let (names, faults) = order(&files);
        assert_eq!(names.join(" "), "a b w c d e f g");
        assert!(matches!(faults[..], [FaultKind::UnknownCommand { .. }]), "a stanza ends at its `source` line");
    }

    #[test]
    fn every_file_is_read_once() {
        let all = "source /etc/network/*\n";
        let (a, b) = (format!("iface a\n{all}iface c\n"), format!("iface b\n{all}{all}"));
        assert_eq!(names(&[("a", &a), ("b", &b), ("interfaces", &format!("{all}iface d\n"))]), "a b c d");
        assert_eq!(names(&[("interfaces", "source /etc/network/interfaces\niface a\n")]), "a");
        let chain: Vec<(String, String)> = (0..5_000)
            .map(|n| (format!("f{n}"), format!("iface a{n}\nsource /etc/network/f{}\niface b{n}\n", (n + 1) % 5_000)))
            .collect();
        let mut files: Vec<(&str, &str)> = chain.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        files.push(("interfaces", "source /etc/network/f0\n"));
        let names = names(&files);
        assert!(names.starts_with("a0 a1 ") && names.ends_with(" b1 b0"));
        assert_eq!(names.split(' ').count(), 10_000);
    }

    #[test]
    fn so_many_paths_are_followed_and_no_more() {
        let lines = "source /etc/network/x\n".repeat(SOURCES);
        assert_eq!(names(&[("interfaces", &lines), ("x", "iface x\n"), ("y", "iface y\n")]), "x");
        let lines = format!("{lines}source /etc/network/y\nsource /etc/network/y\niface a\n");
        let (names, faults) = order(&[("interfaces", &lines), ("interfaces.d/y", "iface y\n"), ("x", "iface x\n")]);
        assert_eq!(names.join(" "), "x a y");
        assert_eq!(faults, [FaultKind::CutShort { of: Excess::Sources, count: 2 }]);
    }

    #[test]
    fn so_many_lines_come_to_nothing_and_no_more() {
        let lines = format!("iface a\n{}\n", " what ever\n".repeat(LINES_IN_VAIN));
        let (names, faults) = order(&[("interfaces", &format!("{lines}iface b\niface c\n"))]);
        assert_eq!((names.join(" "), faults.len()), ("a".to_owned(), LINES_IN_VAIN + 1));
        assert_eq!(faults.last(), Some(&FaultKind::CutShort { of: Excess::Lines, count: 2 }));
        // Each file has so many.
        let files =
            [("interfaces", format!("source /etc/network/x\n{lines}")), ("x", lines.replace("iface a", "iface x"))];
        let (names, faults) = order(&[(files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
        assert_eq!((names.join(" "), faults.len()), ("x a".to_owned(), 2 * LINES_IN_VAIN));
    }
}
