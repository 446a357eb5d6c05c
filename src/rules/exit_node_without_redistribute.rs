use crate::{
    fabric::{Fabric, exit},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for exit in exit::exits(fabric).iter().filter(|exit| exit.originates()) {
        let own = exit
            .instance
            .families
            .iter()
            .filter(|(family, _)| matches!(family, crate::model::bgp::Family::Ipv4Unicast));
        let leaks = own.map(|(_, own)| own).any(|own| {
            !own.redistribute.is_empty()
                || !own.networks.is_empty()
                || !own.aggregates.is_empty()
                || !own.import_vrf.is_empty()
        });
        if leaks || !exit.instance.neighbors.is_empty() {
            continue;
        }
        let (name, vrf) = (fabric.name(exit.node), exit.vrf);
        let switch = exit.instance.evpn.default_originate_ipv4.as_ref();
        out.report(format!(
            "{name} gives VRF {vrf} a default route, but its subnets never reach the outside: \
            nothing is redistributed there"
        ))
        .about(format!("{name} vrf {vrf}"))
        .at(exit.instance.span, "nothing in ipv4 unicast of this VRF")
        .at(exit.instance.evpn.span, "EVPN alone")
        .at(switch.and_then(|switch| switch.span()), "packets are drawn here")
        .at(exit.import.span(), "imports nothing but host routes")
        .help(format!(
            "write `redistribute connected` in `address-family ipv4 unicast` of `router bgp … \
                vrf {vrf}`"
        ))
        .done();
    }
}
