//! A neighbour's address that no node has. When a node that was read waits for a session in vain, the two are one fault.

use evpnlint_analysis::{
    fabric::{
        Fabric, few,
        sessions::{Answer, Half, Source, Target},
    },
    finding::{Out, Severity},
};
use evpnlint_core::model::bgp::Family;
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut named: BTreeMap<IpAddr, usize> = BTreeMap::new();
    for address in fabric.sessions.halves.iter().filter_map(|half| half.peer_address()) {
        *named.entry(address).or_default() += 1;
    }
    // Whether an instance has peers that are here, and how many it has that are not.
    let mut siblings: BTreeMap<(usize, Option<&str>), (bool, usize)> = BTreeMap::new();
    for half in &fabric.sessions.halves {
        let (known, unknown) = siblings.entry(instance(half)).or_default();
        *known |= half.peer().is_some();
        *unknown += usize::from(matches!(half.target, Target::Nowhere));
    }
    for half in &fabric.sessions.halves {
        let Some(address) = half.peer_address().filter(|_| matches!(half.target, Target::Nowhere)) else { continue };
        let matters = !half.is_external() || half.is_active(Family::Evpn);
        let (known, unknown) = siblings.get(&instance(half)).copied().unwrap_or_default();
        // What several nodes name is there, only not among the files.
        if !matters || !known || unknown > 1 || named.get(&address).is_some_and(|times| *times > 1) {
            continue;
        }
        let name = fabric.name(half.node);
        let waiting = || {
            fabric
                .sessions
                .halves
                .iter()
                .filter(|other| other.peer() == Some(half.node) && matches!(other.answer, Answer::Nobody))
        };
        // A router of another AS that nobody here waits for is another site's, or the provider's.
        if half.is_external() && waiting().next().is_none() {
            continue;
        }
        let callers = few(waiting().map(|other| fabric.name(other.node)));
        let draft = out
            .report(if callers.is_empty() {
                format!("{name} peers with {address}, an address of no node")
            } else {
                format!(
                    "{name} peers with {address}, an address of no node, while {callers} waits \
                    for a session with {name} in vain"
                )
            })
            .about(format!("{name} neighbor {address}"))
            .at(half.neighbor.place(), "no node has this address")
            .also(waiting().map(|other| {
                (other.neighbor.place(), format!("{} expects a session with {name}", fabric.name(other.node)))
            }));
        let addresses: Vec<String> = waiting()
            .filter_map(|other| match other.source {
                Source::Address(source) => Some(source.to_string()),
                Source::Egress | Source::Any => None,
            })
            .collect();
        match addresses.first() {
            Some(wanted) => draft.help(format!("write `neighbor {wanted} …` in place of {address}")).done(),
            None => draft
                .help(
                    "correct the address, remove the neighbour, or give evpnlint the files of the \
                node that has it",
                )
                .at_most(Severity::Warning)
                .done(),
        }
    }
}

/// The instance of a half, by its node and VRF.
fn instance<'m>(half: &Half<'m>) -> (usize, Option<&'m str>) {
    (half.node, half.instance.vrf.as_ref().map(|vrf| vrf.value.as_str()))
}
