use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::BTreeMap;

/// The VNIs, who does not flood by which line, and one who does.
type Cause = (Vec<Vni>, BTreeMap<NodeIndex, Option<Span>>, NodeIndex);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Vec<NodeIndex>, Cause> = BTreeMap::new();
    for (vni, members) in &fabric.overlay.vnis {
        let members = || members.iter().filter(|member| member.local_vni.layer3.is_none());
        let (mut off, mut on) = (BTreeMap::new(), None);
        for member in members() {
            let Some(evpn) = fabric.node(member.node).frr.as_ref().and_then(|frr| frr.evpn()).map(|own| &own.evpn)
            else {
                continue;
            };
            let own = evpn.vnis.iter().find(|own| own.vni.value == *vni).map(|own| &own.flooding);
            let flooding = own.filter(|own| own.is_some()).unwrap_or(&evpn.flooding);
            if flooding.as_ref().is_some_and(|own| !own.value) {
                off.insert(member.node, flooding.as_ref().and_then(|own| own.span()));
            } else {
                on = on.or(Some(member.node));
            }
        }
        if let Some(on) = on.filter(|_| !off.is_empty()) {
            let cause = causes.entry(off.keys().copied().collect()).or_insert((vec![], off, on));
            cause.0.push(*vni);
        }
    }
    for (nodes, (vnis, off, on)) in causes {
        let things: Vec<(NodeIndex, Option<Span>)> = nodes.iter().map(|node| (*node, off[node])).collect();
        out.group(&things, |(node, span)| Member::new(fabric.name(*node), format_args!("vni {} flooding", vnis[0]), *span), |off, out| {
        let (names, list) = (join_names(off.iter().map(|(node, _)| fabric.name(*node))), join_names(&vnis));
        out.report(format!(
            "vni {list} does not flood on {names}, but does on {} and others: broadcasts, ARP that is not suppressed among \
             them, do not get from or to hosts of {names}",
            fabric.name(on)
        ))
        .also(off.iter().map(|(node, span)| (*span, format!("{} neither sends nor asks for broadcasts", fabric.name(*node)))))
        .help(format!("take `flooding disable` from {names}, or write it on every node of the VNI"))
        .done();
});
    }
}
