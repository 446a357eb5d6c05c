use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, gateway, meaning};
use evpnlint_core::{model::link::LinkKind, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let index = meaning::by_address(fabric);
    for (node, device) in fabric.devices.iter_enumerated().filter(|(_, device)| !device.local_vnis.is_empty()) {
        let carried: BTreeSet<_> = device.local_vnis.iter().map(|local_vni| local_vni.vni).collect();
        let routed: BTreeSet<&str> =
            device.local_vnis.iter().filter_map(|local_vni| local_vni.svi).map(|svi| svi.name.as_str()).collect();
        for link in device.node.links.values() {
            let is_domain = matches!(link.kind, LinkKind::Bridge { .. } | LinkKind::Vlan { .. });
            // A device without a VNI is a fault of its own.
            let is_told = device.without_vni().any(|own| device.bridge_of(&own.name).is_some());
            if !is_domain || is_told || routed.contains(link.name.as_str()) {
                continue;
            }
            let vrf = link.vrf_name();
            for address in gateway::addresses(link, None) {
                let Some((vni, others)) = index.get(&(vrf, address.ip)).and_then(|vnis| vnis.first_key_value()) else {
                    continue;
                };
                // Where the node has the VNI, but not in this bridge, that is another fault.
                if carried.contains(vni) || others.iter().any(|other| other.node == node) {
                    continue;
                }
                let name = fabric.name(node);
                let names = join_names(others.iter().map(|other| fabric.name(other.node)));
                out.report(format!(
                    "{} of {name} has {} without a VNI, which is the gateway of vni {vni} on \
                    {names}",
                    link.name, address.ip
                ))
                .about(format!("{name} vni {vni}"))
                .at(address.span, format!("{} of {name}", link.name))
                .also(
                    device
                        .local_vnis
                        .iter()
                        .take(shown::PLACES)
                        .map(|local_vni| (local_vni.span, format!("{name} carries vni {}", local_vni.vni))),
                )
                .also(
                    others
                        .iter()
                        .take(shown::EXAMPLES)
                        .map(|other| (other.place(), format!("on vni {vni} of {}", fabric.name(other.node)))),
                )
                .help(format!(
                    "give {} of {name} the VXLAN device or the `bridge-vlan-vni-map` pair of \
                        vni {vni}",
                    link.name
                ))
                .done();
            }
        }
    }
}
