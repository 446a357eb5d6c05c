use evpnlint_analysis::{
    fabric::{
        Fabric,
        device::{Device, Segment},
        join_names,
    },
    finding::Out,
};
use evpnlint_core::{
    model::{is_on, link::Link},
    source::Span,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    type Found<'m> = Vec<(usize, &'m str, Span, Span)>;
    let mut causes: BTreeMap<(u32, u32), Found> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for segment in &device.segments {
            let (Some(svi), Some(bridge)) = (segment.svi, segment.bridge) else { continue };
            if svi.name == bridge.name || svi.mtu.is_none() {
                continue;
            }
            let (Some(own), Some(below), Some(tunnel)) =
                (device.mtu(svi), device.mtu(bridge), device.mtu(segment.link))
            else {
                continue;
            };
            let hosts = below.bytes.min(tunnel.bytes);
            if host_ports(device, segment).is_some_and(|largest| largest <= own.bytes) {
                continue;
            }
            let routes = segment.layer3.is_some() || svi.addresses.iter().any(|own| !own.is_host());
            if own.bytes < hosts && routes && svi.ip_forward.as_ref().is_none_or(|_| is_on(&svi.ip_forward)) {
                causes.entry((own.bytes, hosts)).or_default().push((node, &svi.name, own.span, below.span));
            }
        }
    }
    for ((own, hosts), found) in causes {
        let links = join_names(found.iter().map(|(node, name, ..)| format!("{} {name}", fabric.name(*node))));
        out.report(format!("mtu {own} of {links} is below {hosts} of the bridge and the tunnels of the same VLAN"))
            .about(format!("{} {}", fabric.name(found[0].0), found[0].1))
            .also(
                found
                    .iter()
                    .take(100)
                    .map(|(node, name, span, _)| (*span, format!("{name} of {}: mtu {own}", fabric.name(*node)))),
            )
            .also(
                found.iter().take(10).map(|(node, .., span)| (*span, format!("the bridge of {}", fabric.name(*node)))),
            )
            .help(format!(
                "write `mtu {hosts}` under the VLAN, or lower the hosts, the bridge and the VXLAN \
                devices to {own}"
            ))
            .done();
    }
}

/// The MTU of the largest port that hosts of the VLAN are behind, in bytes, where the node has one.
fn host_ports(device: &Device, segment: &Segment) -> Option<u32> {
    let vlan = segment.vlan.as_ref()?.value;
    let carries = |port: &&Link| {
        let own = &port.port;
        let vids = own.access.iter().chain(&own.pvid).map(|vid| (vid.value, vid.value));
        let mut vids = vids.chain(own.vids.iter().map(|vids| vids.value)).peekable();
        vids.peek().is_none() || vids.any(|(first, last)| (first..=last).contains(&vlan))
    };
    let ports = segment.bridge?.ports().iter().filter_map(|port| device.link(port));
    let ports = ports.filter(|port| port.vxlan().is_none() && port.is_described()).filter(carries);
    ports.filter_map(|port| device.mtu(port)).map(|mtu| mtu.bytes).max()
}
