use crate::{
    finding::{Member, Out},
    shown,
    view::Nodes,
};
use evpnlint_analysis::fabric::device::{Device, LocalVni};
use evpnlint_core::{
    model::{is_on, link::Link},
    source::Span,
    words::join_names,
};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let device = view.device();
        device.local_vnis.iter().filter_map(move |local_vni| small(device, local_vni))
    });
    for ((bytes, hosts), found) in causes {
        out.group(&found, |(view, (svi, span, _))| Member::new(view.name(), svi, *span), |found, out| {
        let links = join_names(found.iter().map(|(view, (svi, ..))| format!("{} {svi}", view.name())));
        out.report(format!("mtu {bytes} of {links} is below {hosts} of the bridge and the tunnels of the same VLAN"))
            .also(
                found
                    .iter()
                    .take(shown::MANY)
                    .map(|(view, (svi, span, _))| (*span, format!("{svi} of {}: mtu {bytes}", view.name()))),
            )
            .also(
                found
                    .iter()
                    .take(shown::SOME)
                    .map(|(view, (.., span))| (*span, format!("the bridge of {}", view.name()))),
            )
            .help(format!(
                "write `mtu {hosts}` under the VLAN, or lower the hosts, the bridge and the VXLAN devices to {bytes}"
            ))
            .done();
});
    }
}

/// The MTU of a VLAN's interface and of what is around it, in bytes; the name of the interface; where the MTUs are written.
type Small<'m> = ((u32, u32), (&'m str, Span, Span));

/// The interface of a VNI's VLAN that routes and is smaller than the bridge and the tunnels.
fn small<'m>(device: &Device<'m>, local_vni: &LocalVni<'m>) -> Option<Small<'m>> {
    let (svi, bridge) = (local_vni.svi?, local_vni.bridge?);
    if svi.name == bridge.name || svi.mtu.is_none() {
        return None;
    }
    let (mtu, below, tunnel) = (device.mtu(svi)?, device.mtu(bridge)?, device.mtu(local_vni.link)?);
    let hosts = below.bytes.min(tunnel.bytes);
    if host_ports(device, local_vni).is_some_and(|largest| largest <= mtu.bytes) {
        return None;
    }
    let routes = local_vni.layer3.is_some() || svi.addresses.iter().any(|address| !address.is_host());
    let forwards = svi.ip_forward.as_ref().is_none_or(|_| is_on(&svi.ip_forward));
    (mtu.bytes < hosts && routes && forwards).then_some(((mtu.bytes, hosts), (svi.name.as_str(), mtu.span, below.span)))
}

/// The MTU of the largest port that hosts of the VLAN are behind, in bytes, where the node has one.
fn host_ports(device: &Device, local_vni: &LocalVni) -> Option<u32> {
    let vlan = local_vni.vlan.as_ref()?.value;
    let carries = |port: &&Link| {
        let vlans = &port.port;
        let vids = vlans.access.iter().chain(&vlans.pvid).map(|vid| (vid.value, vid.value));
        let mut vids = vids.chain(vlans.vids.iter().map(|vids| vids.value)).peekable();
        vids.peek().is_none() || vids.any(|(first, last)| (first..=last).contains(&vlan))
    };
    let ports = local_vni.bridge?.ports().iter().filter_map(|port| device.link(port));
    let ports = ports.filter(|port| port.vxlan().is_none() && port.is_described()).filter(carries);
    ports.filter_map(|port| device.mtu(port)).map(|mtu| mtu.bytes).max()
}
