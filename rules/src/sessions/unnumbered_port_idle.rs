use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, cabling,
    sessions::{SessionEnd, SessionEndIndex},
};
use evpnlint_core::{model::link::Link, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let is_ours = |session_end: &SessionEnd| session_end.vrf().is_empty() && fabric.sessions.is_inside(session_end);
    let unnumbered: Vec<SessionEndIndex> =
        fabric.sessions.unnumbered.iter().copied().filter(|session_end| is_ours(&session_ends[*session_end])).collect();
    let is_vtep = |node: NodeIndex| !fabric.devices[node].local_vnis.is_empty();
    let (inside, outside): (Vec<SessionEndIndex>, Vec<SessionEndIndex>) =
        unnumbered.iter().partition(|session_end| is_vtep(session_ends[**session_end].node));
    // Without nodes of both kinds nobody can say which ports belong together; with as many on both sides, all pair up.
    if inside.is_empty() || outside.is_empty() || inside.len() == outside.len() {
        return;
    }
    let fewer_inside = inside.len() < outside.len();
    let (few_side, many_side) = if fewer_inside { (&inside, &outside) } else { (&outside, &inside) };
    let missing = many_side.len() - few_side.len();
    let mut named: BTreeMap<NodeIndex, BTreeSet<&str>> = BTreeMap::new();
    for session_end in few_side {
        if let evpnlint_core::model::bgp::PeerName::Interface(name) = &session_ends[*session_end].neighbor.name.value {
            named.entry(session_ends[*session_end].node).or_default().insert(name);
        }
    }
    let mut idle: Vec<(NodeIndex, &Link)> = vec![];
    for (node, ports) in &named {
        let device = &fabric.devices[*node];
        idle.extend(cabling::alike(device, ports).into_iter().map(|link| (*node, link)));
    }
    // Exactly as many idle ports as there are sessions without another end: these are they.
    if idle.is_empty() || idle.len() != missing {
        return;
    }
    out.group(
        &idle,
        |(node, link)| {
            Member::new(fabric.name(*node), format_args!("unnumbered neighbour {}", link.name), link.place())
        },
        |idle, out| {
            let listed: Vec<String> =
                idle.iter().map(|(node, link)| format!("{} on {}", link.name, fabric.name(*node))).collect();
            let nodes: BTreeSet<NodeIndex> = idle.iter().map(|(node, _)| *node).collect();
            let last = |node: NodeIndex| {
                fabric
                    .sessions
                    .of(node)
                    .iter()
                    .rfind(|session_end| session_end.peer_address().is_none())
                    .and_then(|session_end| session_end.neighbor.place())
            };
            let sessions = if missing == 1 {
                "an unnumbered session of the other side has".to_owned()
            } else {
                format!("{missing} unnumbered sessions of the other side have")
            };
            out.report(format!(
                "{} looks like the fabric ports beside it and has no BGP neighbour, while {sessions} no \
        other end",
                join_names(&listed)
            ))
            .also(
                nodes.iter().map(|node| (last(*node), format!("the last of the neighbours of {}", fabric.name(*node)))),
            )
            .also(idle.iter().map(|(node, link)| {
                (Some(link.place()), format!("{} has no neighbour on {}", fabric.name(*node), link.name))
            }))
            .help(format!("add `neighbor {} interface …` as for the ports beside it", idle[0].1.name))
            .done();
        },
    );
}
