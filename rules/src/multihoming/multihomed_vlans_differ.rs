use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, multihoming::Port, vlans::Vlans};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// What a node's bond carries that not all do, and its VLAN without a tag where those differ.
type Surplus = (NodeIndex, Vec<u16>, Option<u16>);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Vec<Surplus>, Vec<(Port, Span)>> = BTreeMap::new();
    for bundle in fabric.multihoming.bundles() {
        let vlans = bundle.iter().map(|port| Vlans::of(&fabric.devices[port.node], port.link));
        let ports: Vec<(Port, (Vlans, Span))> =
            bundle.iter().zip(vlans).filter_map(|(port, vlans)| Some((*port, vlans?))).collect();
        if ports.windows(2).all(|two| two[0].1.0 == two[1].1.0) {
            continue;
        }
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for vlan in ports.iter().flat_map(|(_, (vlans, _))| vlans.iter()) {
            *counts.entry(vlan).or_default() += 1;
        }
        let untagged: BTreeSet<u16> = ports.iter().map(|(_, (vlans, _))| vlans.untagged).collect();
        let surplus = |(port, (vlans, _)): &(Port, (Vlans, Span))| {
            let odd: Vec<u16> = vlans.iter().filter(|vlan| counts[vlan] < ports.len()).collect();
            let bare = Some(vlans.untagged).filter(|vlan| untagged.len() > 1 && !odd.contains(vlan));
            (port.node, odd, bare)
        };
        let cause = ports.iter().map(surplus).collect();
        causes.entry(cause).or_default().extend(ports.iter().map(|(port, (_, span))| (*port, *span)));
    }
    for (cause, ports) in causes {
        out.clash(
            &ports,
            |(port, span)| Member::new(fabric.name(port.node), &port.link.name, *span),
            |ports, out| {
                let names = join_names(cause.iter().map(|(node, ..)| fabric.name(*node)));
                let bonds: BTreeSet<&str> = ports.iter().map(|(port, _)| port.link.name.as_str()).collect();
                let says: Vec<String> = cause
                    .iter()
                    .flat_map(|(node, vlans, untagged)| {
                        let more = (!vlans.is_empty())
                            .then(|| format!("vlan {} on {}", join_names(vlans), fabric.name(*node)));
                        more.into_iter()
                            .chain(untagged.map(|vlan| format!("untagged {vlan} on {}", fabric.name(*node))))
                    })
                    .collect();
                out.report(format!(
                    "{} of {names} lead to one host with different VLANs: {}",
                    join_names(&bonds),
                    join_names(&says)
                ))
                .also(ports.iter().take(shown::PLACES).map(|(port, span)| {
                    (*span, format!("the VLANs of {} on {}", port.link.name, fabric.name(port.node)))
                }))
                .help("give all bonds to one host the same `bridge-vids`, `bridge-pvid` or `bridge-access`")
                .done();
            },
        );
    }
}
