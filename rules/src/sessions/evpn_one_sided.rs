use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    sessions::{Answer, SessionEnd, Target},
};
use evpnlint_core::{
    model::{
        Block, Fault, FaultKind,
        bgp::{Family, Neighbor},
    },
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

/// An end that has EVPN, and one that has not.
#[derive(Clone)]
struct Pair {
    with: (NodeIndex, Option<Span>),
    without: (NodeIndex, Option<Span>),
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let pairs: Vec<Pair> = numbered(fabric).into_iter().chain(unnumbered(fabric)).collect();
    let vteps = fabric.devices.iter().filter(|device| !device.local_vnis.is_empty()).count();
    // A router without any EVPN, at the edge of the fabric, is not expected to speak it; one that most VTEPs count on is.
    let is_outside = |node: NodeIndex| {
        let knows = |frr: &evpnlint_core::model::frr::Frr| frr.bgp.iter().any(|instance| instance.evpn.span.is_some());
        let callers: BTreeSet<NodeIndex> =
            pairs.iter().filter(|pair| pair.without.0 == node).map(|pair| pair.with.0).collect();
        // Of an unnumbered session any of the others may be at the other end; of each port, one is.
        let callers = callers.len().min(fabric.sessions.of(node).len());
        fabric.devices[node].local_vnis.is_empty()
            && !fabric.node(node).frr.as_ref().is_some_and(knows)
            && 2 * callers < vteps
    };
    let outside: BTreeSet<NodeIndex> =
        pairs.iter().map(|pair| pair.without.0).filter(|node| is_outside(*node)).collect();
    let keyed = pairs
        .into_iter()
        .filter(|pair| !outside.contains(&pair.without.0) && !fabric.is_misread(pair.without.0))
        .map(|pair| (pair.with.1.into_iter().chain(pair.without.1).collect(), pair));
    for group in connected(keyed.collect()) {
        out.group(&group, |pair| Member::new(fabric.name(pair.without.0), format_args!("l2vpn evpn towards {}", fabric.name(pair.with.0)), pair.without.1.or(pair.with.1)), |group, out| {
        let mute: BTreeSet<NodeIndex> = group.iter().map(|pair| pair.without.0).collect();
        let without: BTreeSet<&str> = mute.iter().map(|node| fabric.name(*node)).collect();
        let with = group.iter().map(|pair| fabric.name(pair.with.0)).filter(|name| !without.contains(name));
        let with: BTreeSet<&str> = with.collect();
        let (does, counts) =
            (if without.len() == 1 { "does" } else { "do" }, if with.len() == 1 { "counts" } else { "count" });
        out.report(format!(
            "{} {does} not activate l2vpn evpn towards {}, which {counts} on it: no MAC address and no tenant route crosses \
             these sessions",
            join_names(&without),
            join_names(&with)
        ))
        .also(group.iter().map(|pair| (pair.without.1, format!("{} does not activate it here", fabric.name(pair.without.0)))))
        .also(mute.iter().flat_map(|node| stray_exits(fabric, *node)))
        .also(group.iter().map(|pair| (pair.with.1, format!("{} activates it", fabric.name(pair.with.0)))))
        .help(format!("add `neighbor … activate` under `address-family l2vpn evpn` on {}", join_names(&without)))
        .done();
});
    }
}

/// Where lines of a node end an address family that none opens: the line that opens it may be what is missing.
fn stray_exits(fabric: &Fabric, node: NodeIndex) -> Vec<(Span, String)> {
    let is_stray = |fault: &&&Fault| {
        matches!(&fault.kind, FaultKind::UnknownCommand { block: Block::Router(_), .. })
            && fault.text == "exit-address-family"
    };
    let strays = fabric.faults_of(node).iter().filter(is_stray);
    strays.map(|fault| (fault.span, "no line opens the address family that this one ends".to_owned())).collect()
}

fn numbered(fabric: &Fabric) -> Vec<Pair> {
    let session_ends = &fabric.sessions.ends;
    let pair = |session_end: &SessionEnd| {
        let with = (session_end.node, activated(session_end.neighbor)?);
        let without = match session_end.answer {
            Answer::SessionEnd(other) if !session_ends[other].is_active(Family::Evpn) => {
                (session_ends[other].node, missing_at(&session_ends[other]))
            }
            Answer::Range(instance, listen) => {
                let group = instance.groups.get(&listen.group.value).filter(|group| !group.is_active(Family::Evpn))?;
                (session_end.peer()?, instance.evpn.span.or(group.place()))
            }
            _ => return None,
        };
        Some(Pair { with: (with.0, Some(with.1)), without })
    };
    session_ends.iter().filter_map(pair).collect()
}

/// Who is at the other end of an unnumbered session is in no file. But if none of those who could be has EVPN, or we have
/// none and all of them have, the session is without.
fn unnumbered(fabric: &Fabric) -> Vec<Pair> {
    let session_ends = &fabric.sessions.ends;
    let mut pairs = vec![];
    for at in &fabric.sessions.representatives {
        let session_end = &session_ends[*at];
        let ends: Vec<&SessionEnd> = fabric.sessions.possible_ends(*at).map(|end| &session_ends[end]).collect();
        let Some(end) = ends.first().filter(|_| matches!(session_end.target, Target::Interface)) else { continue };
        match activated(session_end.neighbor) {
            Some(with) if ends.iter().all(|end| !end.is_active(Family::Evpn)) => {
                pairs.push(Pair { with: (session_end.node, Some(with)), without: (end.node, missing_at(end)) });
            }
            None if !session_end.is_active(Family::Evpn)
                && fabric.sessions.is_inside(session_end)
                && ends.iter().all(|end| activated(end.neighbor).is_some()) =>
            {
                let without = (session_end.node, missing_at(session_end));
                pairs.extend(ends.iter().map(|end| Pair { with: (end.node, activated(end.neighbor)), without }));
            }
            _ => {}
        }
    }
    pairs
}

/// Where a neighbour is activated, if somebody wrote it: what `bgp default` switches on is nothing to count on.
fn activated(neighbor: &Neighbor) -> Option<Span> {
    let active = neighbor.family(Family::Evpn)?.active.as_ref()?;
    active.span().filter(|_| active.value)
}

/// Where the line is missing: where it is switched off, else in the address family's block, else at the neighbour.
fn missing_at(session_end: &SessionEnd) -> Option<Span> {
    let family = session_end.neighbor.family(Family::Evpn);
    let off = family.and_then(|family| family.active.as_ref()).and_then(|active| active.span());
    let maps = family.and_then(|family| family.route_map_in.as_ref().or(family.route_map_out.as_ref()));
    let client = family.and_then(|family| family.reflector_client.as_ref()).and_then(|switch| switch.span());
    let evpn = &session_end.instance.evpn;
    let siblings = session_end.instance.neighbors.values().filter_map(activated).next_back();
    off.or(maps.and_then(|map| map.span()))
        .or(client)
        .or(siblings)
        .or(evpn.span)
        .or_else(|| session_end.neighbor.place())
}
