use crate::{
    finding::{Member, Out},
    shown,
    view::Nodes,
};
use evpnlint_core::words::join_names;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let device = view.device();
        // Proxmox's own ifupdown2 takes IPv6 tunnel addresses since the end of 2024.
        let links = view.links().filter(|link| link.is_described() && !device.is_generated(link));
        links.filter_map(move |link| {
            let vxlan = link.vxlan();
            if vxlan.is_some_and(|vxlan| device.takes_ipv6_tunnel(vxlan)) {
                return None;
            }
            let is_hook = vxlan.is_some_and(|vxlan| vxlan.hook.is_some());
            let local = vxlan.and_then(|vxlan| vxlan.local.as_ref()).or(link.default_tunnel_ip.as_ref());
            Some((is_hook, (link.name.as_str(), local.filter(|local| local.value.is_ipv6())?)))
        })
    });
    for (is_hook, found) in causes {
        out.group(
            &found,
            |(view, (link, local))| Member::new(view.name(), link, local.span()),
            |found, out| {
                let names = join_names(found.iter().map(|(view, (link, _))| format!("{} {link}", view.name())));
                let harm = if is_hook {
                    "FRR does not know before 10.6: no VNI comes up"
                } else {
                    "ifupdown2 refuses: the device is not made"
                };
                out.report(format!("the tunnel address of {names} is IPv6, which {harm}"))
                    .also(found.iter().take(shown::MANY).map(|(view, (link, local))| {
                        (local.span(), format!("{} on {link} of {}", local.value, view.name()))
                    }))
                    .help("write an IPv4 address of a loopback or of the underlay; BGP may still run over IPv6")
                    .done();
            },
        );
    }
}
