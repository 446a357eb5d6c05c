use crate::{
    finding::{Member, Out},
    shared::in_order,
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{MacAddress, Vni},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    type Users<'m> = BTreeMap<(NodeIndex, Vni), (&'m str, Option<evpnlint_core::source::Span>)>;
    let mut owners: BTreeMap<MacAddress, Users> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated().filter(|(node, _)| !fabric.multihoming.is_mlag(*node)) {
        for local_vni in device.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_some()) {
            if let Some((svi, mac)) = local_vni.svi.and_then(|svi| Some((svi, svi.hwaddress.as_ref()?))) {
                owners.entry(mac.value).or_default().insert((node, local_vni.vni), (&svi.name, mac.span()));
            }
        }
    }
    for (mac, users) in owners {
        let nodes: BTreeSet<NodeIndex> = users.keys().map(|(node, _)| *node).collect();
        if nodes.len() < 2 {
            continue;
        }
        let things: Vec<(NodeIndex, Vni)> = users.keys().copied().collect();
        out.clash(
            &things,
            |thing| Member::new(fabric.name(thing.0), mac, users[thing].1),
            |things, out| {
                let nodes = in_order(things.iter().map(|(node, _)| *node));
                let (names, vnis) =
                    (join_names(nodes.iter().map(|node| fabric.name(*node))), users.keys().map(|(_, vni)| vni));
                out.report(format!("{names} have one router MAC address, {mac}, and drop each other's routes"))
                    .also(things.iter().take(shown::MANY).map(|thing| (thing, users[thing])).map(
                        |((node, vni), (svi, span))| (span, format!("{svi} of {}, L3VNI {vni}", fabric.name(*node))),
                    ))
                    .help(format!(
                        "give the interface of L3VNI {} its own `hwaddress` on each node",
                        join_names(vnis.collect::<BTreeSet<_>>())
                    ))
                    .done();
            },
        );
    }
}
