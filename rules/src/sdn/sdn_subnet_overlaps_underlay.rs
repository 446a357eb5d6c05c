use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::{
        InterfaceAddress, Prefix, Sourced,
        intent::{Subnet, Zone, ZoneKind},
        is_on,
        link::Link,
    },
    words::join_names,
};
use std::collections::BTreeSet;

/// An address of a node's own whose subnet a tenant has too.
type Clash<'p> = (&'p Device<'p>, &'p Link, &'p Sourced<InterfaceAddress>);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let nodes = own(plan);
    for subnet in &plan.sdn.subnets {
        let vnet = subnet.vnet.as_ref().and_then(|id| plan.sdn.vnet(id));
        let zone = vnet.and_then(|vnet| plan.sdn.zone_of(vnet));
        let (Some(prefix), Some(zone)) = (subnet.prefix(), zone) else { continue };
        if !is_in_main_table(subnet, zone) {
            continue;
        }
        let clashes = clashes(&nodes, zone, prefix);
        let [(first, link, own), ..] = clashes.as_slice() else { continue };
        let (severity, effect) = judge(plan, zone, prefix, own.prefix());
        let names = join_names(clashes.iter().map(|(device, ..)| &device.node.name).collect::<BTreeSet<_>>());
        out.report(format!("subnet {} overlaps {} of {} on {names}: {effect}", subnet.id, own.prefix(), link.name))
            .about(plan.about(format_args!("subnet {} underlay", subnet.id)))
            .at(subnet.id.span(), format!("{prefix}, of zone {}", zone.id))
            .also(
                clashes
                    .iter()
                    .map(|(device, link, own)| (own.span(), format!("{} of {}", link.name, device.node.name))),
            )
            .help(format!("give the guests addresses that {} does not reach directly", first.node.name))
            .cap_severity(severity)
            .done();
    }
}

/// Whether a route to a subnet gets into the main table of some node: by the gateway on a bridge, which an exit node
/// imports from the VRF, or by the static route of local routing.
fn is_in_main_table(subnet: &Subnet, zone: &Zone) -> bool {
    match zone.kind {
        ZoneKind::Simple => subnet.gateway.is_some(),
        ZoneKind::Evpn => !zone.exit_nodes.is_empty() && (subnet.gateway.is_some() || is_on(&zone.exit_local_routing)),
        _ => false,
    }
}

/// The nodes' own addresses in their main tables.
fn own<'p>(plan: &Plan<'p, 'p>) -> Vec<Clash<'p>> {
    let vnets: BTreeSet<&str> = plan.sdn.vnets.iter().map(|vnet| vnet.id.as_str()).collect();
    plan.devices()
        .flat_map(|device| device.node.links.values().map(move |link| (device, link)))
        .filter(|(device, link)| {
            let is_vnet = vnets.contains(link.name.as_str());
            link.vrf.is_none() && link.name != "lo" && !is_vnet && !device.is_generated(link)
        })
        .flat_map(|(device, link)| link.addresses.iter().map(move |own| (device, link, own)))
        .collect()
}

/// Those of the nodes from which a zone leads out that a subnet overlaps.
fn clashes<'c, 'p>(own: &'c [Clash<'p>], zone: &'c Zone, prefix: Prefix) -> Vec<&'c Clash<'p>> {
    let leads_out = |name: &str| zone.kind == ZoneKind::Simple || zone.exit_nodes.iter().any(|node| node.value == name);
    let is_here = |device: &Device| zone.is_on(&device.node.name) && leads_out(&device.node.name);
    own.iter().filter(|(device, _, own)| own.prefix().overlaps(prefix) && is_here(device)).collect()
}

/// How bad it is, and what a packet experiences: of two routes the longer one wins, of equal ones the connected one.
fn judge(plan: &Plan, zone: &Zone, tenant: Prefix, own: Prefix) -> (Severity, String) {
    if zone.kind == ZoneKind::Simple {
        return (Severity::Error, "the node has both as connected routes, and uses one".to_owned());
    }
    if !own.covers(tenant) || own == tenant {
        return (
            Severity::Warning,
            "nobody reaches its guests from outside where the node's own network is".to_owned(),
        );
    }
    let peers = plan.evpn_controllers().flat_map(|controller| &controller.peers);
    let lost: Vec<_> = peers.filter(|peer| tenant.contains(peer.value)).collect();
    match lost.first() {
        Some(peer) => {
            (Severity::Error, format!("packets for the VTEP {peer} go to its guests instead, and the tunnels fail"))
        }
        None => (Severity::Warning, "packets for hosts of that part go to its guests instead".to_owned()),
    }
}
