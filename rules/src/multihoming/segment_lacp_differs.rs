use crate::{
    finding::{Help, Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, multihoming::Port};
use evpnlint_core::{
    model::{MacAddress, link::LinkKind},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the bonds of each node show.
type Shown = Vec<(NodeIndex, Option<MacAddress>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Shown, Vec<&Port>> = BTreeMap::new();
    for ports in fabric.multihoming.segments.values() {
        let ports: Vec<&Port> = ports.iter().filter(|port| matches!(port.link.kind, LinkKind::Bond { .. })).collect();
        let shown = |port: &&Port| (port.node, port.link.lacp_system.as_ref().map(|mac| mac.value));
        let macs: Shown = ports.iter().map(shown).collect();
        if macs.windows(2).any(|two| two[0].1 != two[1].1) {
            causes.entry(macs).or_default().extend(ports);
        }
    }
    for (macs, ports) in causes {
        out.clash(
            &ports,
            |port| Member::new(fabric.name(port.node), &port.link.name, port.span),
            |ports, out| {
                let bonds: BTreeSet<&str> = ports.iter().map(|port| port.link.name.as_str()).collect();
                let says = macs.iter().map(|(node, mac)| match mac {
                    Some(mac) => format!("{mac} on {}", fabric.name(*node)),
                    None => format!("its own on {}", fabric.name(*node)),
                });
                out.report(format!(
            "{} of one Ethernet segment show different LACP systems: {}",
            join_names(&bonds),
            join_names(says)
        ))
        .also(ports.iter().take(shown::PLACES).map(|port| match &port.link.lacp_system {
            Some(mac) => (mac.span(), format!("{} of {}", port.link.name, fabric.name(port.node))),
            None => (
                Some(port.link.place()),
                format!("{} of {} shows the MAC of its first member", port.link.name, fabric.name(port.node)),
            ),
        }))
        .also(ports.iter().take(shown::PLACES).map(|port| (port.span, "the segment")))
        .help(Help::lasting("write the same `es-sys-mac` under the bond in /etc/network/interfaces of each node, best that of FRR"))
        .done();
            },
        );
    }
}
