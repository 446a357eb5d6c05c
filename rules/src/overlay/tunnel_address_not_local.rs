use crate::{
    finding::{Help, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{model::Vni, words::join_names};
use std::{collections::BTreeSet, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let shared = fabric.multihoming.shared_vteps(&fabric.overlay);
    for (node, device) in fabric.devices.iter_enumerated() {
        // A file with nothing but tunnels is a fragment.
        let is_shared = |vni: &Vni| fabric.overlay.vnis.get(vni).is_some_and(|all| all.iter().any(|m| m.node != node));
        let counts = device.runs_evpn() || device.local_vnis.iter().any(|own| is_shared(&own.vni));
        if device.node.interfaces.is_none() || !counts {
            continue;
        }
        let mut own: BTreeSet<IpAddr> =
            device.node.links.values().flat_map(|link| &link.addresses).map(|own| own.ip).collect();
        own.extend(
            device.node.links.values().filter_map(|link| link.clag.as_ref()?.anycast.as_ref()).map(|own| own.value),
        );
        for (address, source) in device.vteps() {
            // Where another node has it, that is the fault.
            let is_elsewhere = fabric.overlay.owners(address).any(|owner| owner.0 != node);
            if own.contains(&address)
                || is_elsewhere
                || shared.contains(&address)
                || device.hooks_mention(&address.to_string())
                || device.node.links.values().any(|link| link.dynamic && link.name != "lo" && link.addresses.is_empty())
                // Where this node took another VTEP's address instead, that is the fault.
                || device.node.links.values().flat_map(|link| &link.addresses).any(|own| fabric.overlay.is_taken(own.ip, node))
                || address.is_ipv6()
            {
                continue;
            }
            let name = fabric.name(node);
            let users: Vec<_> =
                device.local_vnis.iter().filter(|own| own.source.is_some_and(|own| own.value == address)).collect();
            let lo = device.link("lo");
            let near = device
                .node
                .links
                .values()
                .filter(|link| link.vrf.is_none() && !link.addresses.is_empty())
                .find(|link| link.name == "lo" || link.addresses.iter().any(|own| own.prefix().contains(address)));
            // Proxmox takes an address that the node has. Where none of its subnets was that one's, something else made
            // the interface: wg-quick, or another daemon.
            let is_taken_from_node = users.iter().all(|own| device.is_generated(own.link))
                && device.node.links.values().all(|link| !link.connects(address));
            let which = if is_taken_from_node {
                format!("which the node had when Proxmox generated, and which no file that was read gives {name}")
            } else {
                format!("which no interface of {name} has")
            };
            let draft = out
                .report(format!(
                    "tunnels of {name} start at {address}, {which} ({})",
                    join_names(users.iter().map(|own| &own.link.name)),
                ))
                .cap_severity(if is_taken_from_node { Severity::Info } else { Severity::Error })
                .about(format!("{name} vtep {address}"))
                .at(source.span(), "the tunnels' source")
                .also(users.iter().take(shown::MANY).map(|own| {
                    (own.vxlan.local.as_ref().and_then(|local| local.span()), format!("{} of {name}", own.link.name))
                }));
            let write = match near.and_then(|link| link.addresses.first()) {
                Some(own) => format!("write `vxlan-local-tunnelip {}`, or `address {address}/32` under lo", own.ip),
                None => format!("write `address {address}/32` under lo"),
            };
            let help = match (is_taken_from_node, users.iter().any(|own| device.is_generated(own.link))) {
                (true, _) => Help::lasting(format!(
                    "nothing to do where wg-quick, Tailscale or another program gives {name} the address; if it is gone, apply \
                     again in Datacenter → SDN, with the new one in the peers of the controller"
                )),
                (false, true) => Help::lasting(format!(
                    "apply again in Datacenter → SDN, which takes the address that {name} has now, or give it {address} back \
                     in /etc/network/interfaces"
                )),
                (false, false) => write.into(),
            };
            match near.or(lo) {
                Some(link) => draft
                    .also(link.addresses.iter().map(|own| (own.span(), format!("{} has {own}", link.name))))
                    .at(link.place(), format!("{} of {name}", link.name))
                    .help(help)
                    .done(),
                None => draft.help(help).done(),
            }
        }
    }
}
