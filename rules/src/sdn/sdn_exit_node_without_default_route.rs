use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::intent::{ControllerKind, ZoneKind},
    words::join_names,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn) {
        let exits = zone.exit_nodes.iter().filter_map(|name| Some((name, plan.device(name)?)));
        let lost: Vec<_> = exits.filter(|(_, device)| has_no_way_out(plan, device)).collect();
        if lost.is_empty() {
            continue;
        }
        // Where no node has a default route, the network may well have no outside.
        let is_odd = plan.devices().any(|device| device.may_route_by_hand());
        let names = join_names(lost.iter().map(|(name, _)| name));
        let (offer, have) = if lost.len() == 1 { ("offers", "has") } else { ("offer", "have") };
        out.report(format!(
            "{names} {offer} zone {} a default route and {have} none: what leaves the zone is dropped there",
            zone.id
        ))
        .about(plan.about(format_args!("zone {} default route", zone.id)))
        .also(lost.iter().map(|(name, _)| (name.span(), "an exit node")))
        .also(lost.iter().flat_map(|(_, device)| {
            let main = device.node.links.values().filter(|link| link.vrf.is_none() && link.name != "lo");
            main.filter(|link| !link.addresses.is_empty() && !device.is_generated(link))
                .map(|link| (link.place(), "no `gateway`"))
        }))
        .help("add `gateway` to the interface that leads out, or make another node the exit node")
        .cap_severity(if is_odd { Severity::Warning } else { Severity::Info })
        .done();
    }
}

/// Whether no file of a node gives it a default route, and no routing protocol with routers outside could.
fn has_no_way_out(plan: &Plan, device: &Device) -> bool {
    let node = device.node;
    let name = &node.name;
    let is_whole = node.interfaces.as_ref().is_some_and(|file| file.template.is_none())
        && node.link("lo").is_some_and(|lo| lo.is_described());
    let asked = [ControllerKind::Bgp, ControllerKind::Isis].into_iter().flat_map(|kind| plan.node_controllers(kind));
    let in_fabric = plan.sdn.fabric_nodes.iter().any(|own| own.node == *name);
    let by_frr = node.frr.as_ref().is_some_and(|frr| {
        !frr.ospf.is_empty()
            || !frr.ospf6.is_empty()
            || !frr.isis.is_empty()
            || frr.statics.iter().any(|route| route.prefix.length() == 0)
            || !plan.fabric.sessions.unmatched_peers.is_empty()
    });
    is_whole && !device.may_route_by_hand() && !in_fabric && !by_frr && asked.into_iter().all(|(own, _)| own != name)
}
