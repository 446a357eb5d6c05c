use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::predict::{Prediction, resilience::Task};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let soles = &prediction.resilience().soles;
    let gateways = || {
        soles.iter().filter(|sole| sole.of > 2).filter_map(|sole| match sole.task {
            Task::Gateway(vni, svi) => Some((sole.node, vni, svi)),
            Task::Exit(_) => None,
        })
    };
    if gateways().next().is_none() {
        return;
    }
    let gateways: Vec<_> = gateways().collect();
    out.group(
        &gateways,
        |(node, vni, svi)| Member::new(fabric.name(*node), format_args!("gateway of vni {vni}"), svi.place()),
        |gateways, out| {
            let gateways = || gateways.iter().copied();
            let nodes: BTreeSet<_> = gateways().map(|(node, ..)| node).collect();
            let count = gateways().count();
            let which = join_names(gateways().map(|(_, vni, _)| vni));
            out.report(format!(
                "VNI{} {which} {} routed on one node alone, {}: hosts behind the others lose their gateway with it",
                if count == 1 { "" } else { "s" },
                if count == 1 { "is" } else { "are" },
                join_names(nodes.iter().map(|node| fabric.name(*node)))
            ))
            .also(
                gateways()
                    .take(shown::PLACES)
                    .map(|(_, vni, svi)| (svi.place(), format!("the only gateway of VNI {vni}"))),
            )
            .help("give the interface of the VNI the same address and MAC on the other nodes (an anycast gateway)")
            .done();
        },
    );
}
