//! What kind of session a neighbour has, as far as FRR knows at a line, and what it refuses for that.

use crate::model::{
    Asn,
    bgp::{BgpInstance, Neighbor, PeerName, RemoteAs},
};

/// The kinds of sessions, as `peer_calc_sort` tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Internal,
    External,
    /// With another AS of the confederation.
    Confederation,
    /// A neighbour without an AS.
    Unknown,
    /// A group without an AS, and without a member that would tell.
    Undecided,
}

/// The kind of session that a neighbour has, or the members of a group.
pub(super) fn sort(instance: &BgpInstance, name: &str) -> Sort {
    if let Some(group) = instance.groups.get(name) {
        return match &group.remote_as {
            Some(wanted) => of_group(instance, &wanted.value),
            None => members(instance, name).next().map_or(Sort::Undecided, |member| of(instance, member)),
        };
    }
    instance.neighbors.get(&PeerName::of(name)).map_or(Sort::Unknown, |peer| of(instance, peer))
}

/// The kind of a session with that AS.
pub(super) fn of_as(instance: &BgpInstance, wanted: &RemoteAs) -> Sort {
    match wanted {
        RemoteAs::Internal => Sort::Internal,
        RemoteAs::External => Sort::External,
        RemoteAs::Auto => Sort::Unknown,
        RemoteAs::Number(number) if instance.confederation.is_some() && is_in_confederation(instance, *number) => {
            Sort::Confederation
        }
        RemoteAs::Number(number) => {
            if *number == instance.asn.value {
                Sort::Internal
            } else {
                Sort::External
            }
        }
    }
}

/// A group is not asked for its confederation.
fn of_group(instance: &BgpInstance, wanted: &RemoteAs) -> Sort {
    match of_as(instance, wanted) {
        Sort::Confederation => Sort::External,
        sort => sort,
    }
}

fn of(instance: &BgpInstance, peer: &Neighbor) -> Sort {
    let group = || instance.groups.get(&peer.group.as_ref()?.value)?.remote_as.as_ref();
    let wanted = peer.remote_as.as_ref().or_else(group);
    let Some(wanted) = wanted else { return Sort::Unknown };
    match &wanted.value {
        // The AS that we pretend to be counts as ours.
        RemoteAs::Number(number) => match &peer.local_as {
            Some(local) if local.asn == *number => Sort::Internal,
            Some(_) if instance.asn.value == *number => Sort::External,
            _ => of_as(instance, &wanted.value),
        },
        wanted => of_as(instance, wanted),
    }
}

fn is_in_confederation(instance: &BgpInstance, number: Asn) -> bool {
    number != instance.asn.value && instance.confederation_peers.iter().any(|peer| peer.value == number)
}

/// The members of a group.
pub(super) fn members<'i>(instance: &'i BgpInstance, group: &str) -> impl Iterator<Item = &'i Neighbor> {
    let is_member = move |peer: &&Neighbor| peer.group.as_ref().is_some_and(|known| known.value == group);
    let mut members: Vec<&Neighbor> = instance.neighbors.values().filter(is_member).collect();
    // FRR keeps its neighbours sorted.
    members.sort_by_key(|peer| match &peer.name.value {
        PeerName::Address(address) => (Some(*address), String::new()),
        name => (None, name.to_string()),
    });
    members.into_iter()
}
