//! What becomes of each line, noted while the lines are replayed; only for whom it is asked.

use super::{mode::Mode, parse, slot, statement::Statement};
use crate::{
    model::effective::{Block, Effective, Fate, Line},
    source::{Span, masked},
};
use evpnlint_grammar::frr::Rule;
use std::collections::BTreeMap;

/// What FRR keeps as a negative line, since the default is on; without the name of the neighbour.
const NEGATIVES: [&str; 31] = [
    "bgp default ipv4-unicast",
    "bgp ebgp-requires-policy",
    "bgp network import-check",
    "bgp suppress-duplicates",
    "bgp fast-external-failover",
    "bgp client-to-client reflection",
    "bgp hard-administrative-reset",
    "bgp graceful-restart notification",
    "bgp enforce-first-as",
    "bgp reject-as-sets",
    "bgp ipv6-auto-ra",
    "bgp log-neighbor-changes",
    "bgp deterministic-med",
    "bgp default show-hostname",
    "bgp default show-nexthop-hostname",
    "bgp default dynamic-capability",
    "bgp default software-version-capability",
    "neighbor send-community",
    "neighbor send-community extended",
    "neighbor send-community all",
    "neighbor capability fqdn",
    "neighbor enforce-first-as",
    "dup-addr-detection",
    "advertise-pip",
    "ip forwarding",
    "ipv6 forwarding",
    "ip nht resolve-via-default",
    "ipv6 nht resolve-via-default",
    "ipv6 nd suppress-ra",
    "link-detect",
    "passive-interface",
];

/// What is known of a replay so far. Block 0 is the top level.
pub(super) struct Record {
    effective: Effective,
    /// The open blocks, from the outside; without the top level.
    open: Vec<u32>,
    /// For each block and each thing: the line that holds.
    holders: BTreeMap<(u32, String), u32>,
    /// The blocks inside each block, by what their openers are about.
    blocks: BTreeMap<(u32, String), u32>,
    /// Where FRR has stopped reading the file.
    stopped: Option<Span>,
}

/// What the replay says of a statement.
pub(super) struct Obeyed {
    /// The mode that it opens.
    pub opens: Option<Mode>,
    /// Why it does not count.
    pub denied: Option<Fate>,
    /// Whether its neighbour is active in the address family from the start.
    pub active: bool,
    /// Whether the AS of a group replaces that of its members.
    pub groups_decide: bool,
}

impl Default for Record {
    fn default() -> Self {
        let effective = Effective { blocks: vec![Block::default()], lines: vec![] };
        Self { effective, open: vec![], holders: BTreeMap::new(), blocks: BTreeMap::new(), stopped: None }
    }
}

impl Record {
    pub(super) fn finish(self) -> Effective {
        self.effective
    }

    /// A new file begins.
    pub(super) fn begin(&mut self) {
        self.open.clear();
        self.stopped = None;
    }

    /// FRR leaves the top level, and so the file.
    pub(super) fn stop(&mut self, span: Span) {
        self.stopped.get_or_insert(span);
    }

    /// A line that is not understood where it stands.
    pub(super) fn miss(&mut self, span: Span) {
        let fate = self.stopped.map_or(Fate::Unrecognised, Fate::Unread);
        let (block, order) = (self.block(), self.effective.lines.len() as u32);
        self.effective.lines.push(Line { span, block, opens: None, text: None, fate, order });
    }

    /// A line that was obeyed, or refused.
    pub(super) fn note(&mut self, statement: &Statement, obeyed: Obeyed) {
        let closes = Mode::closed_by(statement.rule());
        let depth = std::iter::successors(statement.mode.parent(), |mode| mode.parent()).count();
        self.open.truncate(depth - usize::from(closes && depth > 0));
        if closes {
            return;
        }
        let slot = slot::of(statement, obeyed.opens.is_some() || opens(statement));
        let block = self.home(statement, &slot);
        let at = self.effective.lines.len() as u32;
        let text = Some(text(statement).into());
        let line = Line { span: statement.span, block, opens: None, text, fate: Fate::Kept, order: at };
        self.effective.lines.push(line);
        let fate = if let Some(stopped) = self.stopped {
            Fate::Unread(stopped)
        } else if let Some(denied) = obeyed.denied {
            denied
        } else if statement.negated {
            self.negate(statement, block, at, slot, obeyed.active)
        } else if let Some(mode) = obeyed.opens {
            self.enter(statement, block, at, slot, mode)
        } else {
            if obeyed.groups_decide {
                self.take_over(statement, block);
            }
            self.hold(block, slot, at);
            Fate::Kept
        };
        self.effective.lines[at as usize].fate = fate;
    }

    fn block(&self) -> u32 {
        self.open.last().copied().unwrap_or(0)
    }

    /// The block that FRR writes a line in: what is of an address family goes there from `router bgp`, and what is of the
    /// instance goes the other way.
    fn home(&mut self, statement: &Statement, slot: &str) -> u32 {
        let block = self.block();
        let is_membership =
            [Rule::peer_group, Rule::peer_group_of_family].iter().any(|rule| statement.part(*rule).is_some());
        let is_family = statement.mode.family().is_some();
        let is_peer = statement.keywords().count() == 2 || statement.line.contains(" remote-as");
        let is_held = statement.negated && self.holders.contains_key(&(block, slot.to_owned()));
        match statement.mode {
            Mode::Bgp if is_held => block,
            Mode::Bgp if is_membership || statement.rule() == Rule::neighbor_no && is_peer => block,
            Mode::Bgp if parse::parse(Mode::BgpIpv4Unicast, statement.negated, statement.line).is_some() => {
                let family = "address-family ipv4 unicast";
                self.child(block, family.to_owned(), family.to_owned(), Mode::BgpIpv4Unicast)
            }
            _ if is_family && is_membership => self.effective.blocks[block as usize].parent.unwrap_or(block),
            _ => block,
        }
    }

    fn child(&mut self, block: u32, slot: String, opener: String, mode: Mode) -> u32 {
        let blocks = &mut self.effective.blocks;
        *self.blocks.entry((block, slot)).or_insert_with(|| {
            blocks.push(Block {
                parent: Some(block),
                opener,
                closer: mode.closer(),
                only_filled: mode.closer() == "exit-address-family",
                removed: false,
            });
            blocks.len() as u32 - 1
        })
    }

    /// Goes into a block, which may be there already.
    fn enter(&mut self, statement: &Statement, block: u32, at: u32, slot: String, mode: Mode) -> Fate {
        let opener = slot::full(&text(statement)).to_owned();
        let child = self.child(block, slot.clone(), opener.clone(), mode);
        self.effective.lines[at as usize].opens = Some(child);
        self.open.push(child);
        let earlier = self.holders.get(&(block, slot.clone())).copied();
        match earlier {
            // Without its AS number, the instance is only named.
            Some(earlier) if statement.rule() == Rule::router_bgp => {
                Fate::Overwritten(self.effective.lines[earlier as usize].span)
            }
            _ => {
                self.effective.blocks[child as usize].opener = opener;
                self.hold(block, slot, at);
                Fate::Kept
            }
        }
    }

    /// A line takes the place of what was said of the same thing before.
    fn hold(&mut self, block: u32, slot: String, at: u32) {
        if let Some(earlier) = self.holders.insert((block, slot), at) {
            let by = self.effective.lines[at as usize].span;
            let earlier = &mut self.effective.lines[earlier as usize];
            earlier.fate = Fate::Overwritten(by);
            let order = earlier.order;
            self.effective.lines[at as usize].order = order;
        }
    }

    /// The AS of a group replaces that of its members, when either comes (`peer_group2peer_config_copy`).
    fn take_over(&mut self, statement: &Statement, block: u32) {
        let Some((name, _)) = statement.word(Rule::peer) else { return };
        let by = statement.span;
        if statement.part(Rule::remote_as).is_some() {
            for member in self.members(block, name) {
                self.lose(block, &format!("neighbor {member} remote-as"), Fate::Overwritten(by));
            }
        } else if let Some((group, _)) =
            statement.word(Rule::group_name).filter(|_| statement.part(Rule::peer_group).is_some())
            && self.holders.contains_key(&(block, format!("neighbor {group} remote-as")))
        {
            self.lose(block, &format!("neighbor {name} remote-as"), Fate::Overwritten(by));
        }
    }

    /// The members of a group.
    fn members(&self, block: u32, group: &str) -> Vec<String> {
        let end = format!(" peer-group {group}");
        let held = self.holders.range((block, String::new())..).take_while(|((holder, _), _)| *holder == block);
        let lines = held.map(|(_, at)| self.effective.lines[*at as usize].text.as_deref().unwrap_or(""));
        let lines = lines.filter(|text| text.starts_with("neighbor ") && text.ends_with(&end));
        let members = lines.filter_map(|text| text.split(' ').nth(1));
        members.map(str::to_owned).collect()
    }

    /// A `no`: what it takes away goes, and where the default is on it is itself what is kept.
    fn negate(&mut self, statement: &Statement, block: u32, at: u32, slot: String, active: bool) -> Fate {
        let by = Fate::Removed(statement.span);
        let before = self.holders.len() + self.blocks.len();
        self.lose(block, &slot, by.clone());
        self.close(block, &slot, &by);
        if matches!(statement.mode, Mode::Config | Mode::BgpVni | Mode::BgpEvpn) {
            let begin = format!("{slot} ");
            let inside = |(holder, key): &(u32, String)| *holder == block && key.starts_with(&begin);
            let is_whole = statement.mode == Mode::Config
                || slot.starts_with("route-target") && statement.part(Rule::target).is_none();
            let slots: Vec<_> = self.holders.keys().filter(|key| is_whole && inside(key)).cloned().collect();
            slots.iter().for_each(|(block, slot)| self.lose(*block, slot, by.clone()));
            let slots: Vec<_> =
                self.blocks.keys().filter(|key| statement.mode == Mode::Config && inside(key)).cloned().collect();
            slots.iter().for_each(|(block, slot)| self.close(*block, slot, &by));
        }
        if let Some((peer, _)) = statement.word(Rule::peer) {
            self.part_with(statement, block, peer, &by);
        }
        let words: Vec<&str> = slot.split(' ').collect();
        let general = match words.as_slice() {
            ["neighbor", _, rest @ ..] => format!("neighbor {}", rest.join(" ")),
            ["passive-interface", _] => "passive-interface".to_owned(),
            _ => slot.clone(),
        };
        if NEGATIVES.contains(&&*general) || general == "neighbor activate" && active {
            self.hold(block, slot, at);
            Fate::Kept
        } else if self.holders.len() + self.blocks.len() < before {
            Fate::Done
        } else {
            Fate::Idle
        }
    }

    /// A neighbour or group that goes takes along what was said of it, and a group its members.
    fn part_with(&mut self, statement: &Statement, block: u32, peer: &str, by: &Fate) {
        let words: Vec<&str> = statement.keywords().skip(2).collect();
        let is_group = self.holders.contains_key(&(block, format!("neighbor {peer} peer-group")));
        let members = self.members(block, peer);
        let whole = || vec![peer.to_owned()];
        let gone = match words.as_slice() {
            [] | ["peer-group"] => {
                let end = format!(" peer-group {peer}");
                let is_range = |key: &(u32, String), at: u32| {
                    let text = self.effective.lines[at as usize].text.as_deref().unwrap_or("");
                    key.0 == block && key.1.starts_with("bgp listen range ") && text.ends_with(&end)
                };
                let ranges: Vec<_> =
                    self.holders.iter().filter(|(key, at)| is_range(key, **at)).map(|(key, _)| key.clone()).collect();
                ranges.iter().for_each(|(block, slot)| self.lose(*block, slot, by.clone()));
                [whole(), members].concat()
            }
            ["remote-as", ..] if is_group => members,
            ["remote-as" | "interface" | "peer-group", ..] => whole(),
            _ => return,
        };
        for peer in gone {
            let begin = format!("neighbor {peer} ");
            let is_inside =
                |holder: u32| holder == block || self.effective.blocks[holder as usize].parent == Some(block);
            let slots: Vec<_> = self
                .holders
                .keys()
                .filter(|(holder, key)| key.starts_with(&begin) && is_inside(*holder))
                .cloned()
                .collect();
            slots.iter().for_each(|(block, slot)| self.lose(*block, slot, by.clone()));
        }
    }

    /// What was said of a thing goes.
    fn lose(&mut self, block: u32, slot: &str, fate: Fate) {
        if let Some(at) = self.holders.remove(&(block, slot.to_owned())) {
            self.effective.lines[at as usize].fate = fate;
        }
    }

    /// A block goes, with all that is in it.
    fn close(&mut self, block: u32, slot: &str, by: &Fate) {
        let Some(gone) = self.blocks.remove(&(block, slot.to_owned())) else { return };
        self.effective.blocks[gone as usize].removed = true;
        let slots: Vec<_> = self.holders.keys().filter(|(holder, _)| *holder == gone).cloned().collect();
        slots.iter().for_each(|(block, slot)| self.lose(*block, slot, by.clone()));
        let slots: Vec<_> = self.blocks.keys().filter(|(holder, _)| *holder == gone).cloned().collect();
        slots.iter().for_each(|(block, slot)| self.close(*block, slot, by));
    }
}

/// Whether a line without its `no` would open a block.
fn opens(statement: &Statement) -> bool {
    statement.mode.opened_by(statement.rule(), statement.line).is_some()
}

/// The line with its keywords in full and its secrets masked.
fn text(statement: &Statement) -> String {
    let mut text = if statement.negated { "no ".to_owned() } else { String::new() };
    let (begin, mut done) = (text.len(), 0);
    let secrets = statement.pair.clone().into_inner().flatten();
    for pair in secrets.filter(|pair| matches!(pair.as_rule(), Rule::secret | Rule::secret_text)) {
        let span = pair.range();
        text.push_str(&statement.line[done..span.start]);
        text.push_str(&"*".repeat(span.len()));
        done = span.end;
    }
    text.push_str(&statement.line[done..]);
    debug_assert_eq!(text.len() - begin, statement.line.len());
    masked(&text)
}
