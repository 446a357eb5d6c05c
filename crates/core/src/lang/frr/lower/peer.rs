//! A line about a neighbour or a peer-group, and who that is in its instance.

use super::{
    super::statement::Statement,
    Replay,
    session::{self, Sort, members},
};
use crate::{
    model::{
        Asn, Refusal, Sourced,
        bgp::{BgpInstance, Family, Neighbor, PeerName, RemoteAs},
    },
    source::Span,
};
use evpnlint_grammar::frr::Rule;

/// A `neighbor` line that is being obeyed.
pub(super) struct PeerLine<'r, 'i, 's, 't> {
    pub replay: &'r mut Replay<'i>,
    pub line: &'s Statement<'t>,
    /// The instance of BGP, by position.
    pub at: usize,
    /// The neighbour or peer-group, as it is written.
    pub name: &'t str,
    /// Where the name stands.
    pub span: Span,
    /// Who the name stands for where no peer-group bears it.
    pub peer: PeerName,
    /// The address family whose block the line stands in; IPv4 unicast in `router bgp` itself.
    pub family: Family,
}

impl<'r, 'i, 's, 't> PeerLine<'r, 'i, 's, 't> {
    /// The line, if it stands in an instance and names a neighbour.
    pub(super) fn new(replay: &'r mut Replay<'i>, line: &'s Statement<'t>, family: Family) -> Option<Self> {
        let at = replay.context.bgp?;
        let (name, span) = line.word(Rule::peer)?;
        Some(Self { replay, line, at, name, span, peer: PeerName::of(name), family })
    }

    pub(super) fn instance(&self) -> &BgpInstance {
        &self.replay.frr.bgp[self.at]
    }

    pub(super) fn instance_mut(&mut self) -> &mut BgpInstance {
        &mut self.replay.frr.bgp[self.at]
    }

    /// Whether the name is an address.
    pub(super) fn is_address(&self) -> bool {
        matches!(self.peer, PeerName::Address(_))
    }

    /// Whether the name is a peer-group's. A group may be called by an address; a neighbour of that address stands beside
    /// it, and lines are the neighbour's then (`peer_and_group_lookup_vty`, bgpd/bgp_vty.c).
    pub(super) fn is_group(&self) -> bool {
        self.instance().groups.contains_key(self.name) && !self.instance().neighbors.contains_key(&self.peer)
    }

    /// Whether there is such a neighbour or peer-group.
    pub(super) fn exists(&self) -> bool {
        self.is_group() || self.instance().neighbors.contains_key(&self.peer)
    }

    /// The neighbour or peer-group, if it exists.
    fn known(&self) -> Option<&Neighbor> {
        let instance = self.instance();
        instance.neighbors.get(&self.peer).or_else(|| instance.groups.get(self.name))
    }

    /// The neighbour or peer-group; a neighbour is made where there is none.
    pub(super) fn peer_mut(&mut self) -> &mut Neighbor {
        if !self.exists() {
            self.give_defaults(self.peer.clone());
        }
        let (peer, span, is_group) = (self.peer.clone(), self.span, self.is_group());
        let instance = &mut self.replay.frr.bgp[self.at];
        if is_group && let Some(group) = instance.groups.get_mut(self.name) {
            return group;
        }
        instance.neighbors.entry(peer).or_insert_with_key(|peer| Neighbor::new(Sourced::written(peer.clone(), span)))
    }

    /// Makes the neighbour of an address where there is none, whatever a peer-group is called.
    pub(super) fn make_neighbor(&mut self) {
        if self.instance().neighbors.contains_key(&self.peer) {
            return;
        }
        self.give_defaults(self.peer.clone());
        let neighbor = Neighbor::new(Sourced::written(self.peer.clone(), self.span));
        let peer = self.peer.clone();
        self.instance_mut().neighbors.insert(peer, neighbor);
    }

    /// A neighbour is active in the address families that `bgp default` names at the moment it is made.
    pub(super) fn give_defaults(&mut self, name: PeerName) {
        let defaults = &mut self.replay.instance(self.at).defaults;
        defaults.given.insert(name, defaults.on.clone());
    }

    /// The kind of its session, or of those of the group's members.
    pub(super) fn sort(&self) -> Sort {
        session::sort(self.instance(), self.name)
    }

    /// Whether it is so for the neighbour, or for the group or any of its members.
    pub(super) fn any(&self, is_so: impl Fn(&Neighbor) -> bool) -> bool {
        self.known().is_some_and(&is_so) || members(self.instance(), self.name).any(is_so)
    }

    /// The number of the AS that the neighbour or group is wanted to have.
    pub(super) fn remote_number(&self) -> Option<Asn> {
        let known = self.known()?;
        let group = || self.instance().groups.get(&known.group.as_ref()?.value)?.remote_as.as_ref();
        match &known.remote_as.as_ref().or_else(group)?.value {
            RemoteAs::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether the name is that of an interface.
    pub(super) fn is_unnumbered(&self) -> bool {
        !self.is_group() && !self.is_address()
    }

    /// Removes the group with its members and what it listens to.
    pub(super) fn remove_group(&mut self) -> bool {
        self.remove_members();
        let name = self.name;
        let instance = self.instance_mut();
        instance.groups.remove(name);
        instance.listen.retain(|listen| listen.group.value != name);
        true
    }

    /// Removes the neighbours that are in the group.
    pub(super) fn remove_members(&mut self) {
        let name = self.name;
        let is_other = |peer: &Neighbor| peer.group.as_ref().is_none_or(|group| group.value != name);
        self.instance_mut().neighbors.retain(|_, peer| is_other(peer));
    }

    /// Removes the neighbour.
    pub(super) fn remove_neighbor(&mut self) -> bool {
        let peer = self.peer.clone();
        self.instance_mut().neighbors.shift_remove(&peer);
        true
    }

    /// Notes that the daemon refuses the line, and why.
    pub(super) fn refuse(&mut self, why: Refusal) -> bool {
        self.replay.refuse(self.line.span, why)
    }

    /// Notes that a group which the line names does not exist; `member` fails with it.
    pub(super) fn no_group(&mut self, group: &str, member: Option<&str>) -> bool {
        let mut groups = self.instance().groups.keys();
        let near = groups.find(|known| strsim::osa_distance(known, group) <= known.len() / 3).cloned();
        let why = Refusal::GroupMissing { group: group.to_owned(), near };
        self.replay.refuse_for(self.line.span, group, member, why)
    }

    /// Notes that the name is nobody's. FRR takes anything that is no address for the name of a group or an interface
    /// (`peer_and_group_lookup_vty`).
    pub(super) fn unknown(&mut self) -> bool {
        let name = self.name;
        let looks = name.contains(['.', ':']) && name.chars().all(|c| c.is_ascii_hexdigit() || ".:/".contains(c));
        let why = match self.peer {
            PeerName::Address(_) => Refusal::NeighborMissing(name.to_owned()),
            _ if looks => Refusal::NotAnAddress(name.to_owned()),
            _ => Refusal::PeerMissing(name.to_owned()),
        };
        self.replay.refuse_for(self.line.span, name, None, why)
    }
}
