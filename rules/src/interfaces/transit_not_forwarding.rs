use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let vteps = fabric.devices.iter().filter(|device| !device.local_vnis.is_empty()).count();
    let off: Vec<_> = fabric
        .nodes()
        .filter_map(|node| {
            let switch = fabric.node(node).frr.as_ref()?.ip_forwarding.as_ref()?;
            (!switch.value && is_transit(fabric, node, vteps)).then_some((node, switch))
        })
        .collect();
    if off.is_empty() || vteps == 0 {
        return;
    }
    out.group(
        &off,
        |(node, switch)| Member::new(fabric.name(*node), "ip forwarding", switch.span()),
        |off, out| {
            let names = join_names(off.iter().map(|(node, _)| fabric.name(*node)));
            let (connect, does) = if off.len() == 1 { ("connects", "does") } else { ("connect", "do") };
            out.report(format!(
                "{names} {connect} other nodes and {does} not forward IPv4: packets between VTEPs end there"
            ))
            .also(
                off.iter()
                    .map(|(node, switch)| (switch.span(), format!("forwarding is off on {}", fabric.name(*node)))),
            )
            .help("write `ip forwarding`, or remove the line and set the sysctl net.ipv4.ip_forward")
            .done();
        },
    );
}

/// Whether traffic between VTEPs crosses a node: it has links of its own to half of them and more, as a spine has, and
/// neither one at the edge nor one on a subnet that they all share.
fn is_transit(fabric: &Fabric, node: NodeIndex, vteps: usize) -> bool {
    let (mut links, mut next) = (0, BTreeSet::new());
    for ports in fabric.underlay.subnets.values().filter(|ports| ports.iter().any(|port| port.node == node)) {
        let others = ports.iter().map(|port| port.node).filter(|other| *other != node);
        let before = next.len();
        next.extend(others);
        links += usize::from(next.len() > before);
    }
    // Several VLANs of one port lead to one neighbour.
    let ports: BTreeSet<String> = fabric
        .sessions
        .unnumbered
        .iter()
        .map(|session_end| &fabric.sessions.ends[*session_end])
        .filter(|session_end| session_end.node == node)
        .map(|session_end| session_end.neighbor.name.to_string().split('.').next().unwrap_or("").to_owned())
        .collect();
    fabric.devices[node].local_vnis.is_empty() && links + ports.len() > 1 && 2 * (next.len() + ports.len()) >= vteps
}
