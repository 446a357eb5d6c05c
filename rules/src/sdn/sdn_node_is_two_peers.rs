use crate::{finding::Out, plan::Plan};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for controller in plan.evpn_controllers() {
        for device in plan.devices() {
            let name = &device.node.name;
            let mut own: Vec<_> = (controller.peers.iter())
                .filter_map(|peer| Some((peer, device.owner(peer.value).filter(|link| !device.is_generated(link))?)))
                .collect();
            own.dedup_by_key(|(peer, _)| peer.value);
            if own.len() < 2 || plan.zones_of(&controller.id).all(|zone| !zone.is_on(name)) {
                continue;
            }
            out.report(format!(
                "{} of controller {} are all addresses of {name}: it tunnels from one, and FRR refuses the others \
                    as its own",
                join_names(own.iter().map(|(peer, _)| *peer)),
                controller.id
            ))
            .about(plan.about(format_args!("controller {} {name}", controller.id)))
            .also(own.iter().map(|(peer, link)| (peer.span(), format!("on {} of {name}", link.name))))
            .also(own.iter().flat_map(|(peer, link)| {
                let addresses = link.addresses.iter().filter(|own| own.ip == peer.value);
                addresses.map(|own| (own.span(), format!("an address of {name}")))
            }))
            .help("name one address of each node")
            .done();
        }
    }
}
