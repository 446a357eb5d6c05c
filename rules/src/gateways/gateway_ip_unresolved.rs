use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{model::is_on, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut originators: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut deaf: BTreeMap<&str, Vec<NodeIndex>> = BTreeMap::new();
    for (vrf, nodes) in &fabric.overlay.l3vnis {
        for (node, _) in nodes {
            let Some(frr) = &fabric.node(*node).frr else { continue };
            let tenant = frr.instance(Some(*vrf).filter(|vrf| !vrf.is_empty()));
            let own = tenant.iter().flat_map(|own| [&own.evpn.advertise_ipv4, &own.evpn.advertise_ipv6]).flatten();
            originators.entry(vrf).or_default().extend(own.filter(|own| own.gateway_ip).map(|own| (*node, own.span)));
            // It is asked of the EVPN instance (`bgp_evpn_path_info_cmp`, bgp_evpn.c).
            if frr.evpn().is_some_and(|evpn| !is_on(&evpn.evpn.enable_resolve_overlay_index)) {
                deaf.entry(vrf).or_default().push(*node);
            }
        }
    }
    for (vrf, originators) in originators.into_iter().filter(|(_, originators)| !originators.is_empty()) {
        let hears = |node: &&NodeIndex| originators.iter().any(|(originator, _)| originator != *node);
        let deaf: Vec<NodeIndex> = deaf.get(vrf).into_iter().flatten().filter(hears).copied().collect();
        if deaf.is_empty() {
            continue;
        }
        let place = |node: &NodeIndex| {
            let evpn = fabric.node(*node).frr.as_ref()?.evpn()?;
            evpn.evpn.span.or(Some(evpn.span))
        };
        out.group(&deaf, |node| Member::new(fabric.name(*node), format_args!("vrf {vrf} gateway-ip"), place(node)), |deaf, out| {
        let names = join_names(deaf.iter().map(|node| fabric.name(*node)));
        let from = join_names(originators.iter().map(|(node, _)| fabric.name(*node)));
        out.report(format!(
            "{from} tells type-5 routes of VRF {vrf} with a gateway address, which {names} does not resolve: the routes are \
             not installed there"
        ))
        .also(deaf.iter().take(shown::PLACES).map(|node| (place(node), "resolves no gateway addresses")))
        .also(originators.iter().take(shown::PLACES).map(|(_, span)| (*span, "names a gateway address")))
        .help(format!("write `enable-resolve-overlay-index` under `address-family l2vpn evpn` on {names}"))
        .done();
});
    }
}
