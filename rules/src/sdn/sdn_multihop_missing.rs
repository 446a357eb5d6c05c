use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{intent::ControllerKind, is_on},
    words::join_names,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for (node, controller) in plan.node_controllers(ControllerKind::Bgp) {
        let Some(device) = plan.device(node) else { continue };
        let links = || device.node.links.values().filter(|link| link.name != "lo");
        let is_known = links().any(|link| !link.addresses.is_empty()) && links().all(|link| !link.dynamic);
        let is_far = controller.ebgp_multihop.is_some() || controller.loopback.is_some();
        if !is_on(&controller.ebgp) || is_far || !is_known {
            continue;
        }
        let far: Vec<_> = controller.peers.iter().filter(|peer| device.connected(peer.value).is_none()).collect();
        let (is, sessions) = match far.len() {
            0 => continue,
            1 => ("is", "the session never comes up"),
            _ => ("are", "the sessions never come up"),
        };
        out.report(format!(
            "{} of controller {} {is} on no network of {node}, and eBGP goes one hop: {sessions}",
            join_names(&far),
            controller.id
        ))
        .about(plan.about(format_args!("controller {}", controller.id)))
        .also(far.iter().map(|peer| (peer.span(), format!("not connected to {node}"))))
        .at(controller.ebgp.as_ref().and_then(|ebgp| ebgp.span()), "a TTL of 1 without `ebgp-multihop`")
        .help(format!("add `ebgp-multihop 2`, or more, to controller {}", controller.id))
        .done();
    }
}
