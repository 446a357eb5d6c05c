//! Peer-groups and their members: `neighbor … peer-group`, and what a group means for a member's AS.

use super::{
    name_of,
    neighbor::remote_as,
    peer::PeerLine,
    session::{self, Sort},
};
use crate::model::{
    Sourced,
    bgp::{Neighbor, PeerName, RemoteAs},
    refusal::{Member, Needless, Refusal},
};
use evpnlint_grammar::frr::Rule;

/// `neighbor NAME peer-group`, which makes a group, and `neighbor X peer-group NAME`, which joins one.
pub(super) fn peer_group(line: &mut PeerLine) -> bool {
    let Some(group) = name_of(line.line, Rule::group_name) else {
        if line.line.negated {
            return line.remove_group();
        }
        if !line.is_group() {
            let (name, span) = (PeerName::Group(line.name.to_owned()), line.span);
            line.give_defaults(name.clone());
            let group = Neighbor::new(Sourced::written(name, span));
            let key = line.name.to_owned();
            line.instance_mut().groups.insert(key, group);
        }
        return true;
    };
    let has_group = line.instance().groups.contains_key(&group.value);
    if line.line.negated {
        // It goes altogether, whatever group it is in (`no_neighbor_set_peer_group`).
        if !has_group || !line.exists() {
            return line.replay.refuse_harmlessly(Needless::NoPeer);
        }
        return line.remove_neighbor();
    }
    if !has_group {
        return line.no_group(&group.value, Some(line.name));
    }
    if !line.is_address() && !line.exists() {
        return line.unknown();
    }
    if let Some(denied) = binding(line, &group.value) {
        return denied;
    }
    let known = line.instance().groups.get(&group.value);
    let inherits = line.replay.groups_decide() && known.is_some_and(|group| group.remote_as.is_some());
    let peer = line.peer_mut();
    peer.group = Some(group);
    if inherits {
        peer.remote_as = None;
    }
    true
}

/// Where groups decide, a member's own AS is refused, which harms nobody where the two agree, and a group without one has
/// members of one kind (`peer_remote_as`). `None` where the line is taken.
pub(super) fn remote_as_of_member(line: &mut PeerLine, wanted: &RemoteAs) -> Option<bool> {
    if !line.replay.groups_decide() {
        return None;
    }
    let instance = line.instance();
    let group = instance.neighbors.get(&line.peer)?.group.as_ref()?.value.clone();
    let sort = session::of_as(instance, wanted);
    match instance.groups.get(&group)?.remote_as.as_ref().map(|known| known.value) {
        Some(known) if known == *wanted || known == RemoteAs::External && sort == Sort::External => {
            Some(line.replay.refuse_harmlessly(Needless::GroupsAs))
        }
        Some(known) => {
            let member = line.name.to_owned();
            Some(line.refuse(Refusal::Member(Member::HasGroupsAs { member, group, remote_as: known })))
        }
        None => {
            let known = session::sort(instance, &group);
            let differs = matches!((known, sort), (Sort::Internal, Sort::External) | (Sort::External, Sort::Internal));
            differs.then(|| line.refuse(mixed(&group)))
        }
    }
}

/// What keeps a neighbour from joining a group: another group, or sessions of the other kind in one without an AS
/// (`peer_group_bind`). `None` where nothing does.
fn binding(line: &mut PeerLine, group: &str) -> Option<bool> {
    let instance = line.instance();
    let peer = instance.neighbors.get(&line.peer)?;
    if let Some(other) = peer.group.as_ref().filter(|other| other.value != group) {
        let (member, group) = (line.name.to_owned(), other.value.clone());
        return Some(line.refuse(Refusal::Member(Member::OfAnother { member, group })));
    }
    let is_named = matches!(
        instance.groups.get(group)?.remote_as.as_ref().map(|known| &known.value),
        Some(RemoteAs::Number(_) | RemoteAs::Internal)
    );
    let (known, sort) = (session::sort(instance, group), line.sort());
    let differs = line.replay.groups_decide()
        && !is_named
        && !matches!(known, Sort::Undecided)
        && sort != Sort::Unknown
        && known != sort;
    differs.then(|| line.refuse(mixed(group)))
}

fn mixed(group: &str) -> Refusal {
    Refusal::Member(Member::OfOtherKind(group.to_owned()))
}

/// `neighbor IF interface …`: an unnumbered session.
pub(super) fn interface(line: &mut PeerLine) -> bool {
    if line.line.negated {
        return line.remove_neighbor();
    }
    if line.is_address() {
        return true;
    }
    let wanted = remote_as(line);
    let group = name_of(line.line, Rule::group_name);
    let missing = group.as_ref().filter(|group| !line.instance().groups.contains_key(&group.value)).cloned();
    let v6only = line.line.has_keyword("v6only").then(|| Sourced::written(true, line.line.span));
    let peer = line.peer_mut();
    peer.v6only = v6only.or(peer.v6only.take());
    peer.remote_as = wanted.or(peer.remote_as.take());
    match missing {
        None => {
            peer.group = group.or(peer.group.take());
            true
        }
        Some(group) => line.no_group(&group.value, None),
    }
}
