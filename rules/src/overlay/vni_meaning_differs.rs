use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, meaning};
use evpnlint_core::{model::Vni, words::join_names};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for conflict in meaning::conflicts(fabric) {
        let things: Vec<(NodeIndex, Vni)> =
            conflict.odd.iter().flat_map(|node| conflict.vnis.iter().map(|vni| (*node, *vni))).collect();
        let place = |node: NodeIndex, vni: Vni| {
            fabric.devices[node].local_vnis.iter().find(|own| own.vni == vni).and_then(|own| own.span)
        };
        out.clash(
            &things,
            |(node, vni)| Member::new(fabric.name(*node), format_args!("vni {vni}"), place(*node, *vni)),
            |_, out| {
                let more = match conflict.what.len() {
                    1 => String::new(),
                    n => format!(" (and {} more)", n - 1),
                };
                let names = join_names(conflict.odd.iter().map(|node| fabric.name(*node)));
                let carried = conflict.odd.iter().flat_map(|node| {
                    let own = fabric.devices[*node].local_vnis.iter().filter(|own| conflict.vnis.contains(&own.vni));
                    own.map(|own| (own.span, format!("VNI {} of {}", own.vni, fabric.name(*node))))
                });
                out.report(format!("{}{more}", conflict.what[0]))
                    .also(conflict.places.iter().take(shown::MANY).cloned())
                    .also(carried.take(shown::SOME))
                    .help(format!(
                        "compare {names} with the other nodes: a VNI is one broadcast domain and has one \
                subnet, one VRF and one purpose everywhere"
                    ))
                    .done();
            },
        );
    }
}
