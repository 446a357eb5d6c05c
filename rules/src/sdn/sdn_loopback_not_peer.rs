use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::{Controller, ControllerKind};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for evpn in plan.evpn_controllers().filter(|controller| !controller.peers.is_empty()) {
        let kinds = [ControllerKind::Bgp, ControllerKind::Isis];
        for (name, own) in kinds.into_iter().flat_map(|kind| plan.node_controllers(kind)) {
            judge(plan, evpn, name, own, out);
        }
    }
}

/// Whether the others know a node by the address on its loopback.
fn judge(plan: &Plan, evpn: &Controller, name: &str, own: &Controller, out: &mut Out) {
    let (Some(loopback), Some(device)) = (&own.loopback, plan.device(name)) else { return };
    let Some(link) = device.link(loopback) else { return };
    let is_peer = |peer: &&evpnlint_core::model::Sourced<_>| link.addresses.iter().any(|own| own.ip == peer.value);
    let serves = plan.zones_of(&evpn.id).any(|zone| zone.is_on(name));
    let [address, ..] = link.addresses.as_slice() else { return };
    if !serves || link.dynamic || evpn.peers.iter().any(|peer| is_peer(&peer)) {
        return;
    }
    let known = evpn.peers.iter().find(|peer| device.owner(peer.value).is_some());
    let instead = match known {
        Some(peer) => format!("they know it as {peer}"),
        None => "they do not know it at all".to_owned(),
    };
    out.report(format!(
        "{name} tunnels and peers from {} on {loopback}, which is no peer of controller {}: the others refuse its \
        sessions, for {instead}",
        address.ip, evpn.id
    ))
    .about(plan.about(format_args!("controller {} {name} {loopback}", evpn.id)))
    .at(loopback.span(), "the VTEP's interface")
    .at(address.span(), "its address")
    .also(known.map(|peer| (peer.span(), "the address that the others call")))
    .at(evpn.peers[0].span(), "the VTEPs of all nodes belong here")
    .help(format!("write {} as peer of {name}", address.ip))
    .done();
}
