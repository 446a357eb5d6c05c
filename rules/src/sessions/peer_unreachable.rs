use crate::{
    finding::{Member, Out},
    web,
};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    sessions::{SessionEnd, Target},
};
use evpnlint_core::{model::bgp::Family, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut lost: BTreeMap<NodeIndex, Vec<&SessionEnd>> = BTreeMap::new();
    for session_end in &fabric.sessions.ends {
        let (Some(peer), Target::Port(_)) = (session_end.peer_address(), session_end.target) else { continue };
        if session_end.vrf().is_empty() && !session_end.is_shut() && !may_reach(fabric, session_end, peer) {
            lost.entry(session_end.node).or_default().push(session_end);
        }
    }
    for (node, session_ends) in lost {
        let name = fabric.name(node);
        out.group(
            &session_ends,
            |end| Member::new(name, format_args!("route to {}", end.neighbor.name), end.neighbor.place()),
            |session_ends, out| {
                // An address of ours inside the peer's subnet, but with a length that leaves the peer out.
                let narrow = session_ends.iter().find_map(|session_end| {
                    let Target::Port(port) = session_end.target else { return None };
                    let own = fabric
                        .node(node)
                        .links
                        .values()
                        .filter(|link| link.vrf.is_none() && link.name != "lo")
                        .flat_map(|link| &link.addresses);
                    own.filter(|own| port.address.prefix().contains(own.ip) && !port.address.is_host())
                        .map(|own| (own, port))
                        .next()
                });
                let peers = join_names(session_ends.iter().map(|session_end| &session_end.neighbor.name));
                let draft = out.report(match narrow {
                    Some((own, port)) => format!(
                        "{name} has {} on the subnet that is {} for its peers: it has no route to {peers}",
                        own.value,
                        port.address.prefix()
                    ),
                    None => format!(
                        "{name} has no route to {peers}: no connected subnet holds the address, and no \
                protocol or static route could bring it"
                    ),
                });
                match narrow {
                    Some((own, port)) => draft
                        .at(own.span(), "this length leaves the peers out")
                        .also(
                            session_ends
                                .iter()
                                .map(|session_end| (session_end.neighbor.place(), "a neighbour without a route")),
                        )
                        .at(port.address.span(), format!("{} has the subnet", fabric.name(port.node)))
                        .help(format!("write {}/{}", own.ip, port.address.length)),
                    None => draft
                        .also(
                            session_ends
                                .iter()
                                .map(|session_end| (session_end.neighbor.place(), "a neighbour without a route")),
                        )
                        .also(session_ends.iter().filter_map(|session_end| match session_end.target {
                            Target::Port(port) => {
                                Some((port.address.span(), format!("{} has the address", fabric.name(port.node))))
                            }
                            _ => None,
                        }))
                        .help(match web::is_generated(&fabric.devices[node]) {
                            true => web::underlay(),
                            false => "put both ends on one subnet, or add a static route or a routing protocol".into(),
                        }),
                }
                .done();
            },
        );
    }
}

/// Whether the node could have a route to an address: a connected subnet, a static route, a default gateway, an interior
/// protocol, or another BGP session that carries unicast routes.
fn may_reach(fabric: &Fabric, session_end: &SessionEnd, peer: std::net::IpAddr) -> bool {
    let device = &fabric.devices[session_end.node];
    let node = device.node;
    let Some(frr) = &node.frr else { return true };
    let sessions = || fabric.sessions.of(session_end.node).iter();
    let unnumbered = || sessions().any(|other| other.peer_address().is_none());
    let listens = || {
        let groups = frr.bgp.iter().filter(|own| own.vrf.is_none());
        let groups = groups.flat_map(|own| own.listen.iter().filter_map(|range| own.groups.get(&range.group.value)));
        groups.into_iter().any(|group| group.is_active(Family::Ipv4Unicast) || group.is_active(Family::Ipv6Unicast))
    };
    let by_bgp = || {
        sessions().any(|other| {
            !std::ptr::eq(other.neighbor, session_end.neighbor)
                && (other.is_active(Family::Ipv4Unicast) || other.is_active(Family::Ipv6Unicast))
                && other.peer_address().is_none_or(|address| device.connected(address).is_some())
        })
    };
    node.interfaces.is_none()
        || device.connected(peer).is_some()
        || !frr.ospf.is_empty()
        || !frr.isis.is_empty()
        || !frr.ospf6.is_empty()
        || listens()
        || device.may_route_by_hand()
        || frr.statics.iter().any(|route| route.prefix.contains(peer))
        || frr.daemons.is_none() && frr.bgp.is_empty()
        || unnumbered()
        || by_bgp()
}
