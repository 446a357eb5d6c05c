use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found = vec![];
    for (node, device) in fabric.devices.iter().enumerate() {
        // Proxmox's own ifupdown2 takes IPv6 tunnel addresses since the end of 2024.
        for link in device.node.links.values().filter(|link| link.is_described() && !device.is_generated(link)) {
            let local = link.vxlan().and_then(|vxlan| vxlan.local.as_ref()).or(link.default_tunnel_ip.as_ref());
            if let Some(local) = local.filter(|local| local.value.is_ipv6()) {
                found.push((node, link.name.as_str(), local));
            }
        }
    }
    let Some((node, name, _)) = found.first() else { return };
    let names = join_names(found.iter().map(|(node, name, _)| format!("{} {name}", fabric.name(*node))));
    out.report(format!("the tunnel address of {names} is IPv6, which ifupdown2 refuses: the device is not made"))
        .about(format!("{} {name}", fabric.name(*node)))
        .also(
            found.iter().take(100).map(|(node, name, local)| {
                (local.span(), format!("{} on {name} of {}", local.value, fabric.name(*node)))
            }),
        )
        .help("write an IPv4 address of a loopback or of the underlay; BGP may still run over IPv6")
        .done();
}
