use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{Prefix, is_on},
    source::Span,
};
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let range = Prefix::new(IpAddr::V4(Ipv4Addr::new(10, 255, 255, 0)), 30);
    for zone in plan.sdn.zones.iter().filter(|zone| is_on(&zone.exit_local_routing)) {
        let subnets = plan.sdn.subnets.iter().filter(|subnet| subnet.prefix().is_some_and(|own| own.overlaps(range)));
        let mut users: Vec<(String, Option<Span>)> =
            subnets.map(|subnet| (format!("subnet {}", subnet.id), subnet.id.span())).collect();
        for device in zone.exit_nodes.iter().filter_map(|name| plan.device(name)) {
            let links = device
                .node
                .links
                .values()
                .filter(|link| link.vrf.is_none() && !link.name.starts_with("xvrf") && !device.is_generated(link));
            // A default gateway's subnet of /8 is overlapped by much; what counts is an address in the range, or a
            // subnet within it.
            let addresses = links.flat_map(|link| link.addresses.iter().map(move |address| (link, address)));
            let taken = addresses.filter(|(_, address)| range.contains(address.ip));
            users.extend(
                taken.map(|(link, address)| (format!("{} of {}", link.name, device.node.name), address.span())),
            );
        }
        let [(first, _), ..] = users.as_slice() else { continue };
        out.report(format!(
            "zone {} has local routing over {range}, and {first} has addresses of it: routes to the guests lead astray",
            zone.id
        ))
        .about(plan.about(format_args!("zone {} range", zone.id)))
        .also(users.iter().map(|(user, place)| (*place, user.clone())))
        .at(zone.exit_local_routing.as_ref().and_then(|switch| switch.span()), "makes 10.255.255.1 and .2")
        .help("use other addresses there: those of Proxmox cannot be changed")
        .done();
    }
}
