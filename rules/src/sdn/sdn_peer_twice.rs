use crate::{finding::Out, plan::Plan, shared::shared};
use evpnlint_core::model::intent::ControllerKind;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let speakers = plan.sdn.controllers.iter().filter(|controller| controller.kind != ControllerKind::Faucet);
    let controllers = speakers.map(|controller| ("controller", &controller.id, &controller.peers));
    let zones = plan.sdn.zones.iter().map(|zone| ("zone", &zone.id, &zone.peers));
    for (what, id, peers) in controllers.chain(zones) {
        for (peer, places) in shared(peers.iter().map(|peer| (peer.value, peer))) {
            out.report(format!("{peer} is {} times among the peers of {what} {id}", places.len()))
                .about(plan.about(format_args!("{what} {id} peer {peer}")))
                .also(places.iter().skip(1).map(|peer| (peer.span(), "once more")))
                .at(places[0].span(), "first here")
                .help("take it out, or write the address of another node that was meant")
                .done();
        }
    }
}
