use crate::finding::{Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, homeless,
    sessions::{Answer, SessionEnd, Source, Target},
};
use evpnlint_core::{model::bgp::Family, words::join_names};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut named: BTreeMap<IpAddr, usize> = BTreeMap::new();
    for address in fabric.sessions.ends.iter().filter_map(|session_end| session_end.peer_address()) {
        *named.entry(address).or_default() += 1;
    }
    // Whether an instance has peers that are here, and how many it has that are not.
    let mut siblings: BTreeMap<(NodeIndex, Option<&str>), (bool, usize)> = BTreeMap::new();
    for session_end in &fabric.sessions.ends {
        let (known, unknown) = siblings.entry(instance(session_end)).or_default();
        *known |= session_end.peer().is_some();
        *unknown += usize::from(matches!(session_end.target, Target::Unknown));
    }
    for session_end in &fabric.sessions.ends {
        let Some(address) = session_end.peer_address().filter(|_| matches!(session_end.target, Target::Unknown)) else {
            continue;
        };
        let matters = !session_end.is_external() || session_end.is_active(Family::Evpn);
        let (known, unknown) = siblings.get(&instance(session_end)).copied().unwrap_or_default();
        // What several nodes name is there, only not among the files.
        if !matters || !known || unknown > 1 || named.get(&address).is_some_and(|times| *times > 1) {
            continue;
        }
        let name = fabric.name(session_end.node);
        let waiting = || {
            fabric
                .sessions
                .ends
                .iter()
                .filter(|other| other.peer() == Some(session_end.node) && matches!(other.answer, Answer::Nobody))
        };
        // A router of another AS that nobody here waits for is another site's, or the provider's.
        if session_end.is_external() && waiting().next().is_none() {
            continue;
        }
        let callers = join_names(waiting().map(|other| fabric.name(other.node)));
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
            .at(session_end.neighbor.place(), "no node has this address")
            .also(waiting().map(|other| {
                (other.neighbor.place(), format!("{} expects a session with {name}", fabric.name(other.node)))
            }))
            .also(waiting().take(1).filter_map(|other| {
                let source = other.source_address()?;
                let link = fabric.devices[other.node].owner(source)?;
                let own = link.addresses.iter().find(|own| own.ip == source)?;
                Some((own.span()?, format!("{} has {source}", fabric.name(other.node))))
            }))
            .also(waiting().take(1).filter_map(|other| {
                let link = homeless::home(fabric, other.node, address)?;
                Some((link.place(), format!("{} of {} has no address", link.name, fabric.name(other.node))))
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
                .cap_severity(Severity::Warning)
                .done(),
        }
    }
}

/// The instance of a session end, by its node and VRF.
fn instance<'m>(session_end: &SessionEnd<'m>) -> (NodeIndex, Option<&'m str>) {
    (session_end.node, session_end.instance.vrf.as_ref().map(|vrf| vrf.value.as_str()))
}
