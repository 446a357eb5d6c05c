use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::model::bgp::Family;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for exit in fabric.exits.iter().filter(|exit| exit.originates()) {
        let leaks = |family: &Family| {
            exit.instance.families.get(family).is_some_and(|own| {
                !own.redistribute.is_empty()
                    || !own.networks.is_empty()
                    || !own.aggregates.is_empty()
                    || !own.import_vrf.is_empty()
            })
        };
        let Some((family, switch)) = exit.originated().find(|(family, _)| !leaks(family)) else { continue };
        if !exit.instance.neighbors.is_empty() {
            continue;
        }
        let (name, vrf) = (fabric.name(exit.node), exit.vrf);
        out.report(format!(
            "{name} gives VRF {vrf} a default route, but its subnets never reach the outside: \
            nothing is redistributed there"
        ))
        .about(format!("{name} vrf {vrf}"))
        .at(exit.instance.span, format!("nothing in {family} of this VRF"))
        .at(exit.instance.evpn.span, "EVPN alone")
        .at(switch.span(), "packets are drawn here")
        .at(exit.import.span(), "imports nothing but host routes")
        .help(format!(
            "write `redistribute connected` in `address-family {family}` of `router bgp … \
                vrf {vrf}`"
        ))
        .done();
    }
}
