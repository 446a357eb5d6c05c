use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::{model::intent::ControllerKind, words::join_names};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for bgp in plan.sdn.controllers.iter().filter(|controller| controller.kind == ControllerKind::Bgp) {
        let Some(node) = &bgp.node else { continue };
        for evpn in plan.evpn_controllers() {
            let both: Vec<_> = bgp
                .peers
                .iter()
                .filter(|peer| plan.device(node).is_none_or(|device| device.owner(peer.value).is_none()))
                .filter_map(|peer| Some((peer, evpn.peers.iter().find(|other| other.value == peer.value)?)))
                .collect();
            if both.is_empty() {
                continue;
            }
            // Proxmox writes controllers in order of their ids, and FRR refuses to move a neighbour.
            let (first, effect, severity) = if bgp.id.value < evpn.id.value {
                ("BGP", "without l2vpn evpn, and learns no EVPN route there", Severity::Error)
            } else {
                ("VTEP", "without the routes of the uplink", Severity::Info)
            };
            out.report(format!(
                "{} of controller {} on {node} {} of controller {} too: FRR keeps {} in \
                        the group {first}, {effect}",
                join_names(both.iter().map(|(peer, _)| *peer)),
                bgp.id,
                if both.len() == 1 { "is a peer" } else { "are peers" },
                evpn.id,
                if both.len() == 1 { "it" } else { "them" },
            ))
            .about(plan.about(format_args!("controller {} controller {}", bgp.id, evpn.id)))
            .also(both.iter().map(|(peer, _)| (peer.span(), "a peer of the uplink")))
            .also(both.iter().map(|(_, peer)| (peer.span(), "a VTEP")))
            .help("let the bgp controller name routers outside the cluster alone")
            .cap_severity(severity)
            .done();
        }
    }
}
