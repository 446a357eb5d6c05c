use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::ControllerKind;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for (name, controller) in plan.node_controllers(ControllerKind::Bgp) {
        let Some(device) = plan.device(name) else { continue };
        let own = controller.peers.iter().find_map(|peer| Some((peer, device.owner(peer.value)?)));
        let Some((peer, link)) = own else { continue };
        let address = link.addresses.iter().find(|own| own.ip == peer.value);
        out.report(format!("{name} is its own peer {peer} by controller {}: FRR refuses the line", controller.id))
            .about(plan.about(format_args!("controller {} peer {peer}", controller.id)))
            .at(peer.span(), format!("on {} of {name}", link.name))
            .also(address.map(|own| (own.span(), "its own address")))
            .help("take it out: a bgp controller's peers are the routers that its node calls")
            .done();
    }
}
