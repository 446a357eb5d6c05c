use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::{
    fabric::{
        Fabric,
        propagation::Cause,
        sessions::{SessionEnd, Target},
    },
    index::{ByNode, NodeIndex},
};
use evpnlint_core::{model::bgp::Family, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let gaps: Vec<_> = fabric.propagation.gaps.iter().filter(|gap| gap.cause == Cause::NotReflected).collect();
    let spokes_of = |hub| fabric.propagation.from(hub).iter().filter(|way| !way.external).map(|way| way.to).collect();
    let spokes: ByNode<BTreeSet<NodeIndex>> = fabric.nodes().map(spokes_of).collect();
    // Reflectors that were not read may do what this hub does not.
    let reflected_elsewhere = |hub: NodeIndex| {
        let is_unmatched = |session_end: &SessionEnd| {
            !session_end.is_external()
                && session_end.is_active(Family::Evpn)
                && matches!(session_end.target, Target::Unknown)
        };
        spokes[hub].iter().any(|spoke| fabric.sessions.of(*spoke).iter().any(is_unmatched))
    };
    // A hub that is no VTEP has no routes of its own to tell: it is there to reflect, and two spokes make it a hub.
    let idle = |hub: NodeIndex| {
        let ways = fabric.propagation.from(hub);
        let direct = |a: NodeIndex, b: NodeIndex| fabric.propagation.from(a).iter().any(|way| way.to == b);
        let vteps: Vec<NodeIndex> =
            spokes[hub].iter().copied().filter(|node| !fabric.devices[*node].local_vnis.is_empty()).collect();
        fabric.devices[hub].local_vnis.is_empty()
            && ways.iter().all(|way| !way.to_client)
            && vteps.iter().enumerate().any(|(at, a)| vteps[at + 1..].iter().any(|b| !direct(*a, *b)))
    };
    let between = |hub: NodeIndex| {
        gaps.iter().any(|gap| {
            gap.from != hub && gap.to != hub && spokes[hub].contains(&gap.from) && spokes[hub].contains(&gap.to)
        })
    };
    let hubs: Vec<NodeIndex> = fabric
        .nodes()
        .filter(|hub| {
            !fabric.is_misread(*hub)
                && !spokes[*hub].is_empty()
                && (idle(*hub) || !gaps.is_empty() && between(*hub))
                && !reflected_elsewhere(*hub)
        })
        .collect();
    if hubs.is_empty() {
        return;
    }
    let place = |hub: NodeIndex| {
        let instance = fabric.node(hub).frr.as_ref().and_then(|frr| frr.instance(None));
        instance.map(|instance| instance.evpn.span.unwrap_or(instance.span))
    };
    let all: BTreeSet<NodeIndex> = hubs.iter().copied().collect();
    out.group(
        &hubs,
        |hub| Member::new(fabric.name(*hub), "route-reflector-client", place(*hub)),
        |hubs, out| {
            let names = join_names(hubs.iter().map(|hub| fabric.name(*hub)));
            let clients: BTreeSet<NodeIndex> =
                hubs.iter().flat_map(|hub| &spokes[*hub]).copied().filter(|node| !all.contains(node)).collect();
            let clients = join_names(clients.into_iter().map(|node| fabric.name(node)));
            let verb = if hubs.len() == 1 { "has" } else { "have" };
            let harm = if gaps.is_empty() {
                "what one tells goes no further; others reflect, until they fail"
            } else {
                "what one tells never gets to the others"
            };
            let draft = out
                .report(format!(
                    "{names} {verb} iBGP sessions with {clients} and reflect{} between none of them: \
            {harm}",
                    if hubs.len() == 1 { "s" } else { "" }
                ))
                .also(hubs.iter().flat_map(|hub| {
                    let session_ends = fabric.sessions.of(*hub).iter().filter(|session_end| !session_end.is_external());
                    let places: BTreeSet<_> = session_ends
                        .filter_map(|session_end| session_end.neighbor.family(Family::Evpn)?.active.as_ref()?.span())
                        .collect();
                    places.into_iter().map(|span| (span, format!("{} does not make them clients", fabric.name(*hub))))
                }))
                .also(hubs.iter().map(|hub| (place(*hub), format!("{} reflects nothing", fabric.name(*hub)))))
                .help("add `neighbor … route-reflector-client` under `address-family l2vpn evpn`, or make a full mesh");
            if gaps.is_empty() { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
        },
    );
}
