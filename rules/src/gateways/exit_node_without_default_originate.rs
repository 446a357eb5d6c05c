use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let exits = &fabric.exits;
    let served: BTreeSet<&str> = exits.iter().filter(|exit| exit.originates()).map(|exit| exit.vrf).collect();
    for exit in exits {
        // Elsewhere than on Proxmox, where it is what an exit node is, a leak may have many purposes.
        let is_generated = fabric.node(exit.node).interfaces.as_ref().is_some_and(|own| own.sdn.is_some());
        if !is_generated || exit.originates() || served.contains(exit.vrf) || exit.has_other_default() {
            continue;
        }
        let (name, vrf) = (fabric.name(exit.node), exit.vrf);
        out.report(format!("{name} leaks VRF {vrf} to the outside, but no node gives {vrf} a default route"))
            .about(format!("{name} vrf {vrf}"))
            .at(exit.instance.evpn.span.or(Some(exit.instance.span)), "no `default-originate` here")
            .also(
                exit.instance
                    .families
                    .values()
                    .flat_map(|family| &family.redistribute)
                    .map(|what| (what.protocol.span(), "what leaves it")),
            )
            .at(exit.import.span(), format!("{vrf} is leaked here"))
            .help(format!(
                "write `default-originate ipv4` in `address-family l2vpn evpn` of `router bgp … \
                vrf {vrf}`"
            ))
            .done();
    }
}
