use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    origination::ospf_area,
    sessions::{SessionEnd, Target},
    underlay::{Port, may_meet},
};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let is_point_to_point =
        |port: &Port| matches!((port.address.ip.is_ipv4(), port.address.length), (true, 30 | 31) | (false, 126 | 127));
    let routes = |port: &Port| {
        let peers = fabric
            .sessions
            .of(port.node)
            .iter()
            .any(|session_end| session_end.peer_address().is_some_and(|peer| port.address.prefix().contains(peer)));
        peers
            || fabric
                .node(port.node)
                .frr
                .as_ref()
                .is_some_and(|frr| ospf_area(frr, port.link, port.address.ip).is_some())
    };
    let named: BTreeSet<_> = fabric.sessions.ends.iter().filter_map(|session_end| session_end.peer_address()).collect();
    // A session with a router of another AS that was not read, and nobody here calls this end.
    let leads_out = |port: &Port| {
        let is_unmatched = |session_end: &SessionEnd| {
            let peer = session_end.peer_address().filter(|peer| port.address.prefix().contains(*peer));
            peer.is_some() && session_end.is_external() && matches!(session_end.target, Target::Unknown)
        };
        !named.contains(&port.address.ip) && fabric.sessions.of(port.node).iter().any(is_unmatched)
    };
    let alone: Vec<&Port> = fabric
        .underlay
        .subnets
        .values()
        .flatten()
        .filter(|port| fabric.underlay.members.get(&port.address.prefix()).is_some_and(|nodes| nodes.len() == 1))
        .filter(|port| is_point_to_point(port) && routes(port) && !leads_out(port))
        .collect();
    let nodes: BTreeSet<NodeIndex> = alone.iter().map(|port| port.node).collect();
    // One end without another may lead to a node that is not here; ends on two nodes and more may be each other's.
    let has_partner = |node: &NodeIndex| {
        let mut members =
            fabric.underlay.subnets.values().flatten().filter(|port| port.node == *node && is_point_to_point(port));
        members.any(|port| fabric.underlay.members.get(&port.address.prefix()).is_some_and(|nodes| nodes.len() > 1))
    };
    // Where no node has any link that pairs, or all have the same end of theirs, the other ends are simply not among the files.
    if nodes.len() < 2 || !nodes.iter().any(has_partner) || !may_meet(&alone) {
        return;
    }
    out.group(
        &alone,
        |port| {
            Member::new(
                fabric.name(port.node),
                format_args!("{} {}", port.link.name, port.address.prefix()),
                port.address.span(),
            )
        },
        |alone, out| {
            let nodes: BTreeSet<NodeIndex> = alone.iter().map(|port| port.node).collect();
            let of = |node: NodeIndex| {
                join_names(
                    alone
                        .iter()
                        .filter(|port| port.node == node)
                        .map(|port| format!("{} ({})", port.link.name, port.address.value)),
                )
            };
            // The node with most lonely ends is the one to look at first.
            let mut order: Vec<NodeIndex> = nodes.into_iter().collect();
            order
                .sort_by_key(|node| (std::cmp::Reverse(alone.iter().filter(|port| port.node == *node).count()), *node));
            let listed: Vec<String> =
                order.iter().map(|node| format!("{} {}", fabric.name(*node), of(*node))).collect();
            out.report(format!(
                "no other node is on the point-to-point subnets of {}: the ends of these links are not in \
        one subnet, and no protocol runs over them",
                join_names(&listed)
            ))
            .also(order.iter().flat_map(|node| alone.iter().filter(move |port| port.node == *node)).map(|port| {
                (port.address.span(), format!("{} is alone in {}", fabric.name(port.node), port.address.prefix()))
            }))
            .help("give both ends of a link addresses of one /31 or /30")
            .done();
        },
    );
}
