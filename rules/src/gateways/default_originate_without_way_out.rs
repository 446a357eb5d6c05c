use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{bgp::BgpInstance, is_on},
    source::Span,
    words::join_names,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vrf, nodes) in &fabric.overlay.l3vnis {
        let instance = |node: NodeIndex| fabric.node(node).frr.as_ref()?.instance(Some(vrf));
        let originators: Vec<(NodeIndex, &BgpInstance)> = nodes
            .iter()
            .filter_map(|(node, _)| Some((*node, instance(*node)?)))
            .filter(|(_, own)| {
                [&own.evpn.default_originate_ipv4, &own.evpn.default_originate_ipv6].into_iter().any(is_on)
            })
            .collect();
        // What one of several does not know, another may.
        let may_lead_out = nodes.iter().any(|(node, _)| may_lead_out(fabric, *node, vrf));
        if originators.is_empty() || nodes.len() < 2 || may_lead_out {
            continue;
        }
        let place = |own: &BgpInstance| -> Option<Span> {
            let ipv4 = own.evpn.default_originate_ipv4.as_ref().and_then(|on| on.span());
            ipv4.or(own.evpn.default_originate_ipv6.as_ref().and_then(|on| on.span()))
        };
        let member = |(node, own): &(NodeIndex, &BgpInstance)| {
            Member::new(fabric.name(*node), format_args!("default of {vrf}"), place(own))
        };
        out.group(&originators, member, |originators, out| {
            let names = join_names(originators.iter().map(|(node, _)| fabric.name(*node)));
            let (announce, have) = if originators.len() == 1 { ("announces", "has") } else { ("announce", "have") };
            out.report(format!(
                "{names} {announce} a default route in VRF {vrf}, and {have} none there: what leaves the VRF is dropped there"
            ))
            .also(originators.iter().map(|(_, own)| (place(own), "announced here")))
            .help(format!(
                "bring a default route into VRF {vrf} of {names}, by `ip route 0.0.0.0/0` in `vrf {vrf}` or from a neighbour, or \
                 take the line out"
            ))
            .done();
        });
    }
}

/// Whether anything may lead out of a VRF on a node: a neighbour, a protocol, a static route or one by hand, a leak, targets of
/// other VRFs, or something that was not understood.
pub(super) fn may_lead_out(fabric: &Fabric, node: NodeIndex, vrf: &str) -> bool {
    let device = &fabric.devices[node];
    let Some(frr) = &device.node.frr else { return true };
    let mut links = device.node.links.values().filter(|link| link.vrf_name() == vrf);
    let leaks =
        |own: &BgpInstance| own.families.values().any(|family| family.import_vrf.iter().any(|from| **from == *vrf));
    let is_fed = |own: &BgpInstance| {
        !own.neighbors.is_empty()
            || !own.listen.is_empty()
            || !own.evpn.targets.import.is_empty()
            || own.families.values().any(|family| !family.import_vrf.is_empty() || family.vpn.import.is_some())
    };
    fabric.is_misread(node)
        || frr.statics.iter().any(|route| route.vrf.as_deref() == Some(vrf))
        || frr.bgp.iter().any(leaks)
        || frr.instance(Some(vrf)).is_some_and(is_fed)
        || !frr.ospf.iter().all(|own| own.vrf.is_none())
        || !frr.ospf6.iter().all(|own| own.vrf.is_none())
        || !frr.isis.iter().all(|own| own.vrf.is_none())
        || device.has_unclear_routes
        || device.hook_routes.iter().any(|route| route.vrf == vrf)
        || device.node.interfaces.is_none()
        || links.any(|link| link.dynamic || !link.gateways.is_empty())
}
