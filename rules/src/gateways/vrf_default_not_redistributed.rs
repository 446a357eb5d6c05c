use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{bgp::Family, frr::StaticRoute, hook_route::HookRoute},
    words::join_names,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vrf, members) in &fabric.overlay.l3vnis {
        let default = |node: NodeIndex| -> Option<&StaticRoute> {
            let frr = fabric.node(node).frr.as_ref()?;
            let mut own = frr.statics.iter().filter(|route| route.vrf.as_deref() == Some(vrf) && !route.blackhole);
            own.find(|route| route.prefix.length() == 0 && route.prefix.network().is_ipv4())
        };
        let nodes = || members.iter().map(|(node, _)| *node);
        let instance = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(Some(vrf)));
        let tells = |node: NodeIndex| {
            instance(node).is_some_and(|own| {
                let family = own.families.get(&Family::Ipv4Unicast);
                let brings = family.is_some_and(|family| {
                    family.redistribute.iter().any(|own| own.protocol.value == "static")
                        || family.networks.iter().any(|own| own.length() == 0)
                });
                own.evpn.default_originate_ipv4.as_ref().is_some_and(|on| on.value)
                    || brings && own.evpn.advertise_ipv4.is_some()
                    || !own.neighbors.is_empty()
            })
        };
        let holders: Vec<NodeIndex> = nodes().filter(|node| default(*node).is_some()).collect();
        let others: Vec<NodeIndex> = nodes().filter(|node| default(*node).is_none()).collect();
        // A hook may make the default route of the others, and `import vrf` bring one of another VRF.
        let may_have_one = |node: NodeIndex| {
            let device = &fabric.devices[node];
            let is_default = |route: &HookRoute| route.is_added && route.vrf == *vrf && route.prefix.length() == 0;
            let unicast = instance(node).and_then(|own| own.families.get(&Family::Ipv4Unicast));
            device.has_unclear_routes
                || device.hook_routes.iter().any(|route| is_default(route))
                || unicast.is_some_and(|family| !family.import_vrf.is_empty())
        };
        // Where any node tells of a default route, by whatever means, the others have one.
        if holders.is_empty()
            || others.is_empty()
            || nodes().any(tells)
            || nodes().any(|node| fabric.is_misread(node) || may_have_one(node))
        {
            continue;
        }
        for node in holders {
            // A VRF that tells nobody of its subnets keeps to itself.
            let Some(own) = instance(node).filter(|own| own.evpn.advertise_ipv4.is_some()) else { continue };
            let name = fabric.name(node);
            let brought = own.families.get(&Family::Ipv4Unicast).and_then(|family| family.redistribute.first());
            out.report(format!(
                "{name} has the only default route of VRF {vrf} and tells nobody: it does not redistribute static routes \
                 there; what {} sends out of the VRF is dropped",
                join_names(others.iter().map(|other| fabric.name(*other)))
            ))
            .about(format!("{name} vrf {vrf} default"))
            .at(default(node).and_then(|route| route.prefix.span()), "the default route")
            .at(brought.and_then(|own| own.protocol.span()), "static routes are not among what is redistributed")
            .at(own.evpn.advertise_ipv4.as_ref().map(|own| own.span), "told to the others of the VRF")
            .help(
                "write `redistribute static` under `address-family ipv4 unicast` of the VRF's instance, or \
                 `default-originate ipv4` under `address-family l2vpn evpn`",
            )
            .done();
        }
    }
}
