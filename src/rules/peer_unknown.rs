//! A neighbour's address that no node has. When a node that was read waits for a session in vain, the two are one fault.

use crate::{
    fabric::{
        Fabric, few,
        sessions::{Answer, Source, Target},
    },
    finding::{Out, Severity},
    model::bgp::Family,
};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut named: BTreeMap<IpAddr, usize> = BTreeMap::new();
    for address in fabric.sessions.halves.iter().filter_map(|half| half.peer_address()) {
        *named.entry(address).or_default() += 1;
    }
    for half in &fabric.sessions.halves {
        let Some(address) = half.peer_address().filter(|_| matches!(half.target, Target::Nowhere)) else { continue };
        let matters = !half.is_external() || half.is_active(Family::Evpn);
        let siblings =
            || fabric.sessions.of(half.node).iter().filter(|other| std::ptr::eq(other.instance, half.instance));
        let known = siblings().any(|other| other.peer().is_some());
        let unknown = siblings().filter(|other| matches!(other.target, Target::Nowhere)).count();
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
