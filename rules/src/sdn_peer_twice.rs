use super::applied;
use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::{Sourced, intent::ControllerKind};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let speakers = plan.sdn.controllers.iter().filter(|controller| controller.kind != ControllerKind::Faucet);
        let controllers = speakers.map(|controller| ("controller", &controller.id, &controller.peers));
        let zones = plan.sdn.zones.iter().map(|zone| ("zone", &zone.id, &zone.peers));
        for (what, id, peers) in controllers.chain(zones) {
            let mut places: BTreeMap<IpAddr, Vec<&Sourced<IpAddr>>> = BTreeMap::new();
            peers.iter().for_each(|peer| places.entry(peer.value).or_default().push(peer));
            for (peer, places) in places.into_iter().filter(|(_, places)| places.len() > 1) {
                out.report(format!("{peer} is {} times among the peers of {what} {id}", places.len()))
                    .about(plan.about(format_args!("{what} {id} peer {peer}")))
                    .also(places.iter().skip(1).map(|peer| (peer.span(), "once more")))
                    .at(places[0].span(), "first here")
                    .help("take it out, or write the address of another node that was meant")
                    .done();
            }
        }
    });
}
