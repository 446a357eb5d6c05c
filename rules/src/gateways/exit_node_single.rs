use super::default_originate_without_way_out::may_lead_out;
use crate::{
    finding::{Help, Member, Out},
    web,
};
use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex},
    predict::{Prediction, resilience::Task},
};
use evpnlint_core::words::join_names;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let mut exits: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for sole in &prediction.resilience().soles {
        if let Task::Exit(vrf) = sole.task
            && sole.of > 2
            && may_lead_out(fabric, sole.node, vrf)
        {
            exits.entry(sole.node).or_default().push(vrf);
        }
    }
    if exits.is_empty() {
        return;
    }
    let things: Vec<(NodeIndex, &str)> =
        exits.into_iter().flat_map(|(node, vrfs)| vrfs.into_iter().map(move |vrf| (node, vrf))).collect();
    let place = |node: NodeIndex, vrf: &str| Some(fabric.node(node).frr.as_ref()?.instance(Some(vrf))?.span);
    out.group(
        &things,
        |(node, vrf)| Member::new(fabric.name(*node), format_args!("exit of {vrf}"), place(*node, vrf)),
        |things, out| {
            let mut exits: BTreeMap<NodeIndex, Vec<&str>> = BTreeMap::new();
            for (node, vrf) in things {
                exits.entry(*node).or_default().push(*vrf);
            }
            let reported = exits.iter().map(|(node, vrfs)| format!("{} of {}", fabric.name(*node), join_names(vrfs)));
            let instances = things.iter().map(|(node, vrf)| (place(*node, vrf), format!("the only way out of {vrf}")));
            out.report(format!(
                "one node is the only way out: {}; when it fails, the others have none",
                join_names(reported)
            ))
            .also(instances)
            .help(match zones(fabric, things) {
                Some(zones) => Help::lasting(format!(
                    "add a node to Exit Nodes of zone {zones}, and choose one of them as Primary Exit Node, in {}, and apply",
                    web::ZONES
                )),
                None => "let a second node of the VRF lead out, and prefer one of them".into(),
            })
            .done();
        },
    );
}

/// The Proxmox zones whose exits these are, where all are.
fn zones(fabric: &Fabric, exits: &[(NodeIndex, &str)]) -> Option<String> {
    let zone = |(node, vrf): &(NodeIndex, &str)| {
        let device = &fabric.devices[*node];
        vrf.strip_prefix("vrf_").filter(|_| web::is_generated(device)).map(str::to_owned)
    };
    let zones: Option<BTreeSet<String>> = exits.iter().map(zone).collect();
    zones.map(join_names)
}
