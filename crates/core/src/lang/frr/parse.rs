//! Text to statements, the way FRR itself reads (`lib/command.c`, `command_config_read_one_line`): one line at a time,
//! in the current mode, else in its parents. The first mode that knows the line becomes the current one.
//!
//! Cannot fail: a line that no mode knows becomes a fault, and reading goes on where it was.

use super::{
    lower::Replay,
    mode::Mode,
    names::{self, Release},
    statement::{Statement, Words},
    vocabulary::{self, Expansion},
};
use crate::{
    lang::{
        memo::{Memo, Pair},
        rest::Rest,
    },
    model::{Block, Fault, FaultKind, frr::Frr, refusal::Disregard},
    source::{FileId, LanguageId, Span, masked},
};
use evpnlint_grammar::frr::{Grammar, Meaning, Rule, definition};
use std::{borrow::Cow, cell::RefCell, ops::Range};

/// The longest line that FRR reads in one piece, in bytes (`VTY_BUFSIZ`).
fn longest_line(version: &Frr) -> usize {
    if version.reads(10, 6) { 8191 } else { 4095 }
}

/// What the reader remembers between lines.
struct Reader<'r, 'i> {
    file: FileId,
    text: &'r str,
    replay: &'r mut Replay<'i>,
    mode: Mode,
    /// For each open mode: the indentation of the line that opened it, and of its first line.
    blocks: Vec<(usize, Option<usize>)>,
    trouble: Option<Trouble>,
    climb: Option<Climb>,
}

/// A fault that loses the lines behind it.
struct Trouble {
    /// Its position; or the fault itself, which is none before it has lost a line.
    fault: Result<usize, Fault>,
    /// The indentation of its line.
    indent: usize,
    /// The least indentation of the lines that belong to it.
    least: usize,
    /// Whether there were any.
    followed: bool,
}

/// A line that left the block it stood in, where indentation does not tell whether that was meant.
struct Climb {
    span: Span,
    from: Mode,
    to: Mode,
    since: Option<Release>,
    /// The fault, once a later line has shown that it was not.
    fault: Option<usize>,
}

/// Reads one file.
pub(super) fn read(file: FileId, text: &str, replay: &mut Replay) {
    let mut reader = Reader { file, text, replay, mode: Mode::Config, blocks: vec![], trouble: None, climb: None };
    reader.replay.begin();
    let mut left_at_top: Option<Span> = None;
    let mut rest = Rest::new(LanguageId::Frr, reader.replay.into);
    for raw in text.split('\n') {
        let line = raw.trim_ascii();
        if line.is_empty() || line.starts_with(['!', '#']) {
            continue;
        }
        if let Some(span) = left_at_top.take() {
            reader.replay.into.faults.push(Fault::new(LanguageId::Frr, span, FaultKind::ExitAtTop));
        }
        reader.replay.into.coverage.lines += 1;
        let indent = raw.len() - raw.trim_ascii_start().len();
        let span = Span::of(file, text, line);
        if rest.has_begun(reader.replay.into) {
            reader.replay.miss(span);
            rest.add(span, line, reader.replay.into);
            continue;
        }
        let limit = longest_line(&reader.replay.frr);
        if line.len() > limit {
            reader.replay.miss(span);
            reader.replay.into.faults.push(Fault::new(LanguageId::Frr, span, FaultKind::LineTooLong { limit }));
            // Nobody reads it, and so nobody knows what is secret in it.
            let word = line.find(|c: char| c.is_ascii_whitespace()).unwrap_or(line.len());
            reader.replay.into.secrets.push(Span { start: span.start + word as u32, ..span });
            continue;
        }
        if line == "end" {
            continue;
        }
        if matches!(line, "exit" | "quit") && reader.mode == Mode::Config {
            reader.replay.stop(span);
            reader.replay.frr.stops.get_or_insert(span);
            match &reader.trouble {
                // It was to close the block whose first line nobody obeyed.
                Some(trouble) if trouble.indent == indent => reader.lose(span),
                _ => left_at_top = Some(span),
            }
            continue;
        }
        reader.line(line, span, indent);
    }
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &str, span: Span, indent: usize) {
        let (negated, line) = match line.split_once(|c: char| c.is_ascii_whitespace()) {
            Some(("no", body)) => (true, body.trim_ascii_start()),
            // Short for it, where no command begins so.
            Some(("n", body)) if !self.knows(line) => (true, body.trim_ascii_start()),
            _ => (false, line),
        };
        let (body, words) = self.normalise(line);
        let body = &*body;
        let mut since = None;
        let mut why_not = None;
        let modes = std::iter::successors(Some(self.mode), |mode| mode.parent());
        for mode in modes {
            match understand(mode, negated, body, &self.replay.frr) {
                Understood::Exactly(pair) => {
                    return self.obey(pair, Known { mode, negated, body, span, indent, since, words: &words });
                }
                Understood::As(expanded) => {
                    // The words are the same, only longer: places are those of the line as it was written.
                    let (mut starts, mut ends) = (vec![], vec![]);
                    for (long, short) in std::iter::zip(word_starts(&expanded), word_starts(body)) {
                        let end = body[short..].find(' ').map_or(body.len(), |length| short + length);
                        let written = words.span(short, end);
                        starts.push((long as u32, written.start));
                        ends.push(written.end);
                    }
                    let words = Words { file: self.file, starts, ends };
                    let Some(pair) = parse(mode, negated, &expanded) else { continue };
                    let opens = !negated && mode.opened_by(names::bare(pair.clone()).as_rule(), &expanded).is_some();
                    self.obey(pair, Known { mode, negated, body: &expanded, span, indent, since, words: &words });
                    if opens && opens_outside(mode, body) {
                        self.captured(span, indent, mode, &expanded);
                    }
                    return;
                }
                // The block's own commands are not in the grammar, and may well begin like one around it.
                Understood::Fault(_) if self.mode.is_opaque() => {}
                Understood::Fault(kind) => {
                    self.hide(self.mode, body, &words);
                    self.replay.miss(span);
                    return self.fault(span, indent, kind);
                }
                Understood::Not(why) => {
                    if let Some(Lack::NotYet(release)) = why {
                        since = Some(release);
                    }
                    why_not = why_not.or(why);
                }
            }
        }
        if self.mode.is_opaque()
            && let Some(pair) = parse_by(Rule::opaque, body)
        {
            return self.obey(pair, Known { mode: self.mode, negated, body, span, indent, since, words: &words });
        }
        let meant = self.hide(self.mode, body, &words);
        if let Some(climb) = &self.climb {
            self.hide(climb.from, body, &words);
        }
        if self.was_left_for(negated, body, span) {
            self.replay.miss(span);
            return;
        }
        match why_not {
            Some(Lack::NotYet(since)) => return self.absent(span, indent, FaultKind::NotYet { since }),
            Some(Lack::NoLonger(until)) => {
                // The lists of BGP are called by another name; of the rest there is none.
                let meant = body.strip_prefix("ip ").filter(|_| self.mode == Mode::Config);
                let meant = meant.map(|rest| masked(&format!("bgp {rest}")));
                return self.absent(span, indent, FaultKind::NoLonger { until, meant });
            }
            Some(Lack::Value(place, rule)) => {
                let kind = match names::bounds(rule) {
                    Some((least, most)) => FaultKind::OutOfRange { least, most },
                    None => FaultKind::Malformed { wanted: names::wanted(rule) },
                };
                self.replay.miss(span);
                return self.fault(words.span(place.start, place.end), indent, kind);
            }
            Some(Lack::Form) | None => {}
        }
        let suggestion = meant.map(|near| if negated { format!("no {near}") } else { near });
        // What is meant quotes the line, secrets and all.
        let suggestion = suggestion.map(|meant| masked(&meant));
        let matters = suggestion.as_ref().is_some_and(|meant| is_modelled(self.mode, meant));
        self.replay.miss(span);
        let belongs = self.belongs(negated, body, indent);
        let is_new = belongs.is_some() && self.trouble.as_ref().is_none_or(|trouble| indent < trouble.least);
        self.fault(span, indent, FaultKind::UnknownCommand { block: self.mode.block(), suggestion, matters, belongs });
        if let Some(trouble) = self.trouble.as_mut().filter(|_| is_new) {
            // Its siblings belong to it, and so does the `exit` that was to close them.
            (trouble.indent, trouble.least) = (0, indent);
        }
    }

    /// The block whose first line seems to be missing: one of BGP's, where an indented line at the top is known there.
    fn belongs(&self, negated: bool, body: &str, indent: usize) -> Option<Block> {
        let is_known = || matches!(understand(Mode::Bgp, negated, body, &self.replay.frr), Understood::Exactly(_));
        (self.mode == Mode::Config && indent > 0 && is_known()).then(|| Mode::Bgp.block())
    }

    /// Whether a line without a `no` is understood here.
    fn knows(&self, line: &str) -> bool {
        let (line, _) = self.normalise(line);
        let understood = |mode: Mode| understand(mode, false, &line, &self.replay.frr);
        let mut modes = std::iter::successors(Some(self.mode), |mode| mode.parent());
        modes.any(|mode| !matches!(understood(mode), Understood::Not(_)))
    }

    /// A line that is not understood may hold a secret all the same. What was probably meant by it is returned.
    fn hide(&mut self, mode: Mode, body: &str, words: &Words) -> Option<String> {
        self.replay.note_secrets(body, |start, end| words.span(start, end));
        let guess = vocabulary::guess(mode, body, &self.replay.frr);
        if let Some(at) = guess.secret {
            let from: usize = body.split(' ').take(at).map(|word| word.len() + 1).sum();
            if from < body.len() {
                self.replay.into.secrets.push(words.span(from, body.len()));
            }
        }
        guess.meant
    }

    /// Obeys a line that a mode knows, and goes where it leads.
    fn obey(&mut self, pair: Pair<Rule>, known: Known) {
        let Known { mode, negated, body, span, indent, since, words } = known;
        let pair = names::bare(pair);
        let rule = pair.as_rule();
        let opened = if negated { None } else { mode.opened_by(rule, body) };
        let closes = Mode::closed_by(rule);
        if opened.is_some() || closes {
            self.climb = None;
        }
        if closes {
            self.watch_the_exit(indent);
        } else {
            self.watch_the_block(mode, span, indent, since, opened.is_some());
        }
        let statement = Statement { span, mode, negated, pair, line: body, words };
        let accepted = self.replay.apply(&statement);
        self.replay.note(&statement, opened.filter(|_| accepted));
        if closes {
            self.go(mode.parent().unwrap_or(mode), indent);
            return;
        }
        match opened {
            Some(opened) if accepted => {
                self.go(mode, indent);
                self.blocks.push((indent, None));
                self.mode = opened;
            }
            Some(_) => {
                // The daemon refuses the opening line, stays where it is, and so misreads the block behind it.
                self.go(mode, indent);
                if let Some(fault) = self.replay.into.faults.len().checked_sub(1) {
                    self.trouble = Some(Trouble { fault: Ok(fault), indent, least: indent + 1, followed: false });
                }
            }
            None => self.go(mode, indent),
        }
    }

    /// Makes a mode the current one; what was open inside it is left.
    fn go(&mut self, mode: Mode, indent: usize) {
        self.mode = mode;
        let depth = std::iter::successors(mode.parent(), |mode| mode.parent()).count();
        self.blocks.truncate(depth);
        if let Some((_, first @ None)) = self.blocks.last_mut() {
            *first = Some(indent);
        }
    }

    /// Notes when a line that stands inside a block by its indentation was only understood outside it: FRR leaves the
    /// block there, and what follows lands outside or is lost.
    fn watch_the_block(&mut self, to: Mode, span: Span, indent: usize, since: Option<Release>, opens: bool) {
        match &self.trouble {
            Some(trouble) if indent < trouble.least => self.trouble = None,
            Some(_) if !opens => return self.lose(span),
            _ => {}
        }
        let from = self.mode;
        if to == from || opens {
            return;
        }
        if let Some((opener, first)) = self.blocks.last()
            && opener < &indent
            && first.is_none_or(|first| first <= indent)
            && self.trouble.is_none()
        {
            let fault = self.left(span, from, to, since);
            self.trouble = Some(Trouble { fault: Ok(fault), indent, least: indent, followed: false });
        } else {
            self.climb = Some(Climb { span, from, to, since, fault: None });
        }
    }

    /// A line that opens a block further out is a shorter form of another command here, and so that is what it does.
    fn captured(&mut self, span: Span, indent: usize, mode: Mode, expanded: &str) {
        let why = Disregard::ShortFor { block: mode.block(), command: expanded.to_owned() };
        let fault = Err(Fault::new(LanguageId::Frr, span, FaultKind::Dropped(why)));
        self.trouble = Some(Trouble { fault, indent, least: indent + 1, followed: false });
    }

    fn left(&mut self, span: Span, from: Mode, to: Mode, since: Option<Release>) -> usize {
        let (written_in, understood_in) = (from.block(), to.block());
        self.replay.into.faults.push(Fault::new(
            LanguageId::Frr,
            span,
            FaultKind::LeftBlock { written_in, understood_in, since },
        ));
        self.replay.into.faults.len() - 1
    }

    /// An `exit` behind the lines of a block that never was opened closes the block around it.
    fn watch_the_exit(&mut self, indent: usize) {
        if let Some(trouble) = &mut self.trouble
            && trouble.followed
            && trouble.indent == indent
        {
            trouble.least = indent;
        }
    }

    /// Whether a line that nobody knows here is known to a block that was left, perhaps without meaning to.
    fn was_left_for(&mut self, negated: bool, body: &str, span: Span) -> bool {
        let Some(climb) = &self.climb else { return false };
        let (at, from, to, since, fault) = (climb.span, climb.from, climb.to, climb.since, climb.fault);
        if from.is_opaque()
            || !matches!(understand(from, negated, body, &self.replay.frr), Understood::Exactly(_) | Understood::As(_))
        {
            return false;
        }
        let fault = fault.unwrap_or_else(|| self.left(at, from, to, since));
        self.replay.into.faults[fault].lost.push(span);
        self.climb = Some(Climb { span: at, from, to, since, fault: Some(fault) });
        true
    }

    /// Counts a line among those that an earlier fault loses.
    fn lose(&mut self, span: Span) {
        if let Some(trouble) = &mut self.trouble {
            trouble.followed = true;
            let faults = &mut self.replay.into.faults;
            let at = match &trouble.fault {
                Ok(at) => *at,
                Err(fault) => {
                    faults.push(fault.clone());
                    faults.len() - 1
                }
            };
            trouble.fault = Ok(at);
            faults[at].lost.push(span);
        }
    }

    /// Notes a line that nobody obeys; if it only fails because of an earlier one, there.
    fn fault(&mut self, span: Span, indent: usize, kind: FaultKind) {
        if self.trouble.as_ref().is_some_and(|trouble| {
            indent >= trouble.least || is_closer(&self.text[span.start as usize..span.end as usize])
        }) {
            return self.lose(span);
        }
        self.replay.into.faults.push(Fault::new(LanguageId::Frr, span, kind));
        let fault = Ok(self.replay.into.faults.len() - 1);
        self.trouble = Some(Trouble { fault, indent, least: indent + 1, followed: false });
    }

    /// Notes a line that another version of FRR obeys.
    fn absent(&mut self, span: Span, indent: usize, kind: FaultKind) {
        self.replay.skip(span);
        self.fault(span, indent, kind);
    }

    /// The line with single blanks between its words, and where they stand in the file.
    fn normalise<'l>(&self, line: &'l str) -> (Cow<'l, str>, Words) {
        let start = Span::of(self.file, self.text, line).start;
        if !line.contains(['\t', '\r', '\u{b}', '\u{c}']) && !line.contains("  ") {
            return (Cow::Borrowed(line), Words { file: self.file, starts: vec![(0, start)], ends: vec![] });
        }
        let (mut out, mut starts) = (String::with_capacity(line.len()), vec![]);
        for word in line.split(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty()) {
            if !out.is_empty() {
                out.push(' ');
            }
            starts.push((out.len() as u32, Span::of(self.file, self.text, word).start));
            out.push_str(word);
        }
        (Cow::Owned(out), Words { file: self.file, starts, ends: vec![] })
    }
}

/// Where each word of a normalised line begins.
fn word_starts(line: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(line.match_indices(' ').map(|(at, _)| at + 1))
}

thread_local! {
    static MEMO: RefCell<Memo<Rule>> =
        RefCell::new(Memo::new(|rule| matches!(rule, Rule::secret | Rule::secret_text)));
}

/// The command that a mode sees in a line whose keywords are in full.
pub(super) fn parse(mode: Mode, negated: bool, body: &str) -> Option<Pair<'_, Rule>> {
    parse_by(mode.rule(), body).or_else(|| if negated { parse_by(mode.negative(), body) } else { None })
}

fn parse_by(rule: Rule, body: &str) -> Option<Pair<'_, Rule>> {
    MEMO.with_borrow_mut(|memo| memo.parse::<Grammar>(rule, body)).ok()?.next()
}

/// Whether a line, as it is written, opens a block in a mode around this one.
fn opens_outside(mode: Mode, body: &str) -> bool {
    std::iter::successors(mode.parent(), |mode| mode.parent()).any(|outer| {
        parse(outer, false, body).is_some_and(|pair| outer.opened_by(names::bare(pair).as_rule(), body).is_some())
    })
}

/// Whether a line is a command that the model takes up.
fn is_modelled(mode: Mode, line: &str) -> bool {
    let (negated, body) = line.strip_prefix("no ").map_or((false, line), |body| (true, body));
    let command = std::iter::successors(Some(mode), |mode| mode.parent()).find_map(|mode| parse(mode, negated, body));
    let is_modelled = |pair: &Pair<Rule>| definition(pair.as_rule()).is_modelled;
    command.is_some_and(|pair| is_modelled(&pair) && pair.into_inner().all(|part| is_modelled(&part)))
}

/// What a mode makes of a line.
fn understand<'l>(mode: Mode, negated: bool, body: &'l str, version: &Frr) -> Understood<'l> {
    let parsed = parse(mode, negated, body);
    let why_not = match &parsed {
        Some(pair) if negated && Mode::closed_by(pair.as_rule()) => return Understood::Not(None),
        Some(pair) => match lacks(pair, negated, version) {
            None => return Understood::Exactly(pair.clone()),
            why => why,
        },
        None => None,
    };
    match vocabulary::expand(mode, negated, body, version) {
        Expansion::One(expanded) if expanded != body => Understood::As(expanded),
        // Another way to read the same words, for which the parser has the first one's name.
        Expansion::One(_) => parsed.map_or(Understood::Not(None), Understood::Exactly),
        Expansion::None => Understood::Not(why_not),
        Expansion::Ambiguous(candidates) => Understood::Fault(FaultKind::Ambiguous { candidates }),
        Expansion::Incomplete => Understood::Fault(FaultKind::Incomplete),
    }
}

enum Understood<'l> {
    Exactly(Pair<'l, Rule>),
    As(String),
    Fault(FaultKind),
    /// With the reason, where it is known but for that.
    Not(Option<Lack>),
}

struct Known<'k> {
    mode: Mode,
    negated: bool,
    body: &'k str,
    span: Span,
    indent: usize,
    since: Option<Release>,
    words: &'k Words,
}

fn is_closer(line: &str) -> bool {
    line.starts_with("exit") || line == "quit"
}

/// Why FRR does not take a line that looks like a command.
enum Lack {
    /// A later version does.
    NotYet(Release),
    /// An earlier version did.
    NoLonger(Release),
    /// It does not stand behind `no`, or has an option twice.
    Form,
    /// What stands there is not what the rule says.
    Value(Range<usize>, Rule),
}

fn lacks(pair: &Pair<Rule>, negated: bool, version: &Frr) -> Option<Lack> {
    let mut options = vec![];
    pair.texts().find_map(|(rule, text, place)| match names::of(rule) {
        Some(Meaning::Since((major, minor))) => (!version.reads(major, minor)).then_some(Lack::NotYet((major, minor))),
        Some(Meaning::Until((major, minor))) => version.reads(major, minor).then_some(Lack::NoLonger((major, minor))),
        Some(Meaning::Only) => negated.then_some(Lack::Form),
        Some(Meaning::Once) => {
            let is_again = options.contains(&rule);
            options.push(rule);
            is_again.then_some(Lack::Form)
        }
        Some(Meaning::Number(..)) | None => (!names::holds(rule, text)).then_some(Lack::Value(place, rule)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reading;
    use proptest::prelude::*;

    /// The kinds of the faults of a text, each with its line and the lines that it loses.
    fn faults(text: &str) -> Vec<String> {
        let mut sources = crate::source::Sources::default();
        let file = sources.add(crate::source::File::new("frr.conf", "node", "etc/frr/frr.conf", text));
        let mut reading = Reading::default();
        let mut replay = Replay::new(&mut reading);
        read(file, &sources[file].text, &mut replay);
        replay.finish();
        let line = |span: &Span| sources[file].line_column(span.start).0;
        let show = |fault: &Fault| {
            let kind = format!("{:?}", fault.kind);
            let kind = kind.split([' ', '{', '(']).next().unwrap_or("").to_owned();
            format!("{} {kind} {:?}", line(&fault.span), fault.lost.iter().map(line).collect::<Vec<_>>())
        };
        reading.faults.iter().map(show).collect()
    }

    #[test]
    fn a_line_may_end_its_block() {
        let evpn = "router bgp 1\n neighbor 10.0.0.1 remote-as 1\n address-family l2vpn evpn\n  neighbor 10.0.0.1 \
                    send-community both\n  neighbor 10.0.0.1 activate\n  advertise-all-vni\n exit-address-family\nexit\n";
        assert_eq!(faults(evpn), ["4 LeftBlock [5, 6, 7]"]);
        let flat: String = evpn.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        assert_eq!(faults(&flat), ["4 LeftBlock [6, 7]"]);
    }

    #[test]
    fn blocks_may_end_without_a_word() {
        let text = "router bgp 1\nbgp router-id 10.0.0.1\naddress-family l2vpn evpn\nadvertise-all-vni\ninterface \
                    eth0\nip address 10.0.0.1/24\nrouter ospf\nospf router-id 10.0.0.1\n";
        assert_eq!(faults(text), [] as [&str; 0]);
    }

    #[test]
    fn blocks_that_are_not_modelled_nest() {
        let text = "mpls ldp\n router-id 1.1.1.1\n address-family ipv4\n  discovery transport-address 1.1.1.1\n  \
                    interface eth0\n  exit\n  interface eth1\n  exit\n exit-address-family\nexit\nhostname x\n";
        assert_eq!(faults(text), [] as [&str; 0]);
    }

    #[test]
    fn a_short_word_is_taken_by_the_inner_block() {
        let text = "router bgp 1\n bgp router-id 1.1.1.1\nvrf red\n vni 100\nexit-vrf\n";
        assert_eq!(faults(text), ["3 Dropped [4, 5]"]);
        // Without lines of its own, nothing is lost.
        assert_eq!(faults("router bgp 1\nvrf red\nexit-vrf\n"), [] as [&str; 0]);
    }

    #[test]
    fn the_first_fault_takes_its_block_along() {
        let text = "router bgp 1\n address-family evpn\n  advertise-all-vni\n  vni 100\n exit-address-family\nexit\n";
        assert_eq!(faults(text), ["2 UnknownCommand [3, 4, 5]"]);
        assert_eq!(faults("interface eth0\nexit\nexit\nhostname x\n"), ["3 ExitAtTop []"]);
        assert_eq!(faults("interface eth0\nexit\nexit\n"), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(words in proptest::collection::vec(
            prop::sample::select(vec![
                "router", "bgp", "65000", "vrf", "red", "\n", "\n ", "\n  ", "\r\n", "\t", " ", "no", "exit", "quit", "end",
                "neighbor", "10.0.0.1", "10.0.0.300", "fe80::1", "peer-group", "remote-as", "external", "address-family",
                "l2vpn", "evpn", "activate", "vni", "100", "99999999999", "route-target", "both", "1:1", "auto", "rd",
                "exit-vrf", "exit-vni", "exit-address-family", "interface", "ip", "ospf", "area", "0", "address",
                "10.0.0.0/8", "10.0.0.0/99", "route-map", "permit", "match", "set", "prefix-list", "seq", "ge", "le", "mpls",
                "ldp", "segment-routing", "srv6", "key", "chain", "password", "8", "ä", "\u{0}", "\u{feff}", "!", "#", "-", "…",
                "neighbour", "adv", "a", "n", "route", "blackhole", "::/0", "isis", "net", "bfd", "profile", "maximum-prefix",
            ]), 0..60),
            glue in any::<bool>(),
        ) {
            faults(&words.join(if glue { "" } else { " " }));
        }
    }
}
