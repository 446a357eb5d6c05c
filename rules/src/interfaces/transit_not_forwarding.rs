use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    forwarding::{self, Off, Switched},
};
use evpnlint_core::words::join_names;
use std::{collections::BTreeSet, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let vteps = fabric.devices.iter().filter(|device| !device.local_vnis.is_empty()).count();
    if vteps == 0 {
        return;
    }
    // A tunnel without a source address of its own is one over IPv4.
    let is_over_v6 = fabric.overlay.vteps.keys().any(IpAddr::is_ipv6);
    let is_over_v4 = fabric.overlay.vteps.keys().any(IpAddr::is_ipv4) || !is_over_v6;
    let is_switched = |off: &Off| matches!(off.by, Switched::Frr | Switched::Parameter);
    for (is_v4, _) in [(true, is_over_v4), (false, is_over_v6)].into_iter().filter(|(_, is_over)| *is_over) {
        let off = |node: NodeIndex| forwarding::off_between(&fabric.devices[node], is_v4).filter(is_switched);
        let off = fabric.nodes().filter_map(|node| Some((node, off(node)?)));
        let off: Vec<(NodeIndex, Off)> = off.filter(|(node, _)| is_transit(fabric, *node, vteps)).collect();
        say(fabric, out, &off, is_v4);
    }
}

fn say(fabric: &Fabric, out: &mut Out, off: &[(NodeIndex, Off)], is_v4: bool) {
    let (ip, family, parameter) = match is_v4 {
        true => ("ip", "IPv4", "net.ipv4.ip_forward"),
        false => ("ipv6", "IPv6", "net.ipv6.conf.all.forwarding"),
    };
    out.group(
        off,
        |(node, off)| Member::new(fabric.name(*node), format!("{ip} forwarding"), off.span),
        |off, out| {
            let names = join_names(off.iter().map(|(node, _)| fabric.name(*node)));
            let (connect, does) = if off.len() == 1 { ("connects", "does") } else { ("connect", "do") };
            let help = match off[0].1.by {
                Switched::Parameter => {
                    format!(
                        "write `{parameter} = 1` into the last file that sets it, or `{ip} forwarding` into frr.conf"
                    )
                }
                _ => format!("write `{ip} forwarding`, or remove the line and set the sysctl {parameter}"),
            };
            out.report(format!(
                "{names} {connect} other nodes and {does} not forward {family}: packets between VTEPs end there"
            ))
            .also(off.iter().map(|(node, off)| (off.span, format!("forwarding is off on {}", fabric.name(*node)))))
            .help(help)
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
