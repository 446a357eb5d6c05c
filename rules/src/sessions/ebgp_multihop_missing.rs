use crate::finding::{Help, Member, Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    device::Device,
    gateway::is_link_local,
    sessions::{Answer, SessionEnd, SessionEndIndex, Target},
};
use evpnlint_core::{
    model::{
        is_on,
        link::{Link, LinkKind, OtherKind},
    },
    source::Span,
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let stuck = |session_end: &SessionEnd| {
        let Some(peer) = session_end.peer_address() else { return false };
        let n = session_end.neighbor;
        let allowed = n.ebgp_multihop.as_ref().is_some_and(|hops| hops.value > 1)
            || n.ttl_security.is_some()
            || is_on(&n.disable_connected_check)
            || is_on(&session_end.instance.disable_connected_check);
        let vrf = session_end.vrf();
        let connected =
            fabric.node(session_end.node).links.values().any(|link| link.vrf_name() == vrf && link.connects(peer));
        session_end.is_external() && !allowed && !connected
    };
    let pairs: Vec<(Vec<NodeIndex>, (SessionEndIndex, SessionEndIndex))> = session_ends
        .iter_enumerated()
        .filter_map(|(at, session_end)| match session_end.answer {
            Answer::SessionEnd(other) if at < other && stuck(session_end) && stuck(&session_ends[other]) => {
                Some((at, other))
            }
            _ => None,
        })
        .map(|(a, b)| (vec![session_ends[a].node, session_ends[b].node], (a, b)))
        .collect();
    for group in connected(pairs) {
        out.group(
            &group,
            |(a, b)| {
                Member::new(
                    fabric.name(session_ends[*a].node),
                    format_args!("ebgp-multihop with {}", fabric.name(session_ends[*b].node)),
                    place(&session_ends[*a]),
                )
            },
            |group, out| {
                let ends: Vec<SessionEndIndex> = group.iter().flat_map(|(a, b)| [*a, *b]).collect();
                let (one, other) = (&session_ends[ends[0]], &session_ends[ends[1]]);
                out.report(format!(
                    "eBGP between {} and {} is more than one hop away for bgpd ({} and {} are on no \
                shared subnet), and neither end has ebgp-multihop{}",
                    fabric.name(one.node),
                    fabric.name(other.node),
                    one.neighbor.name,
                    other.neighbor.name,
                    if group.len() > 1 { format!("; {} sessions likewise", group.len()) } else { String::new() },
                ))
                .also(ends.iter().map(|end| {
                    (
                        place(&session_ends[*end]),
                        format!("no ebgp-multihop on {}", fabric.name(session_ends[*end].node)),
                    )
                }))
                .help(
                    "add `ebgp-multihop 2` (or more, for more hops) to both ends; for loopbacks of \
            directly connected nodes `disable-connected-check` does as well",
                )
                .done();
            },
        );
    }
    unread(fabric, stuck, out);
}

/// Session ends that lead to a peer which was not read, on nodes whose networks are all known.
fn unread(fabric: &Fabric, stuck: impl Fn(&SessionEnd) -> bool, out: &mut Out) {
    let mut peers: BTreeMap<IpAddr, Vec<&SessionEnd>> = BTreeMap::new();
    for end in &fabric.sessions.ends {
        let is_waiting = end.is_shut() || is_on(&end.neighbor.passive);
        let Some(peer) = end.peer_address().filter(|peer| !is_link_local(*peer)) else { continue };
        let is_unread = matches!(end.target, Target::Unknown) && !fabric.is_misread(end.node);
        if is_unread
            && end.vrf().is_empty()
            && !is_waiting
            && stuck(end)
            && knows_networks(&fabric.devices[end.node], peer)
        {
            peers.entry(peer).or_default().push(end);
        }
    }
    for (peer, ends) in peers {
        out.group(&ends, |end| Member::new(fabric.name(end.node), format_args!("neighbor {peer} ebgp-multihop"), place(end)), |ends, out| {
        let names = join_names(ends.iter().map(|end| fabric.name(end.node)));
        let (call, its) = if ends.len() == 1 { ("calls", "its") } else { ("call", "their") };
        out.report(format!(
            "{names} never {call} {peer}, which is on none of {its} networks: eBGP goes one hop without ebgp-multihop"
        ))
        .also(ends.iter().map(|end| (end.neighbor.place(), format!("not connected to {}", fabric.name(end.node)))))
        .also(ends.iter().map(|end| (place(end), format!("no ebgp-multihop on {}", fabric.name(end.node)))))
        .help(match fabric.cluster.intents.is_empty() {
            true => {
                "add `ebgp-multihop 2`, or as many hops as there are, or name the peer's address on a shared network".into()
            }
            false => Help::lasting(
                "in Datacenter → SDN → Options, Controllers, let the controller's EBGP Multihop be 2, or as many hops as \
                    there are; or name the peer's address on a shared network",
            ),
        })
        .cap_severity(Severity::Warning)
        .done();
});
    }
}

/// Whether the files of a node tell all networks that it is in: they were read whole, nothing else makes an interface or
/// gives it an address, and its tunnels start at an address of one.
fn knows_networks(device: &Device, peer: IpAddr) -> bool {
    let links = || device.node.links.values();
    let is_whole = device.node.interfaces.as_ref().is_some_and(|file| file.template.is_none())
        && device.node.link("lo").is_some_and(|lo| lo.is_described());
    let is_open = |link: &Link| {
        let is_tunnel = matches!(link.kind, LinkKind::Other(OtherKind::Tunnel)) && link.addresses.is_empty();
        link.dynamic || is_tunnel || !link.is_described() && link.frr.is_some() && link.addresses.is_empty()
    };
    let has = |ip: IpAddr| links().flat_map(|link| &link.addresses).any(|own| own.ip == ip);
    let is_near = |link: &Link| {
        link.name != "lo"
            && link.vrf.is_none()
            && link.addresses.iter().any(|own| own.ip.is_ipv4() == peer.is_ipv4() && !own.is_host())
    };
    // What Proxmox generates for a VRF gives no address.
    let hooks = links().filter(|link| !device.is_generated(link)).flat_map(|link| &link.hooks);
    let mut words = hooks.flat_map(|hook| hook.split_ascii_whitespace());
    is_whole
        && links().any(is_near)
        && !links().any(is_open)
        && device.vteps().into_keys().all(has)
        && !words.any(|word| ["ip", "ifconfig", "wg", "wg-quick"].contains(&word.rsplit('/').next().unwrap_or(word)))
}

/// Where the line is missing: at the group that the neighbour belongs to, else at the neighbour.
fn place(session_end: &SessionEnd) -> Option<Span> {
    let group = session_end.neighbor.group.as_ref().and_then(|group| session_end.instance.groups.get(&group.value));
    let settings = [
        &session_end.neighbor.update_source.as_ref().and_then(|source| source.span()),
        &group.and_then(|group| group.remote_as.as_ref()).and_then(|wanted| wanted.span()),
        &group.and_then(|group| group.place()),
        &session_end.neighbor.place(),
    ];
    settings.into_iter().find_map(|span| *span)
}
