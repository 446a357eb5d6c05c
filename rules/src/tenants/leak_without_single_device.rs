use super::route_target_foreign::{Import, imports};
use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, targets};
use evpnlint_core::{model::link::Vxlan, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // What Proxmox generates is judged by what it is generated from.
    if !fabric.cluster.intents.is_empty() {
        return;
    }
    let all = targets::layer3(&fabric.devices);
    let is_remote = |import: &Import| {
        import.others.iter().filter_map(|vni| all.get(vni)).flatten().any(|party| party.node != import.node)
    };
    // A slip is another rule's finding.
    let is_meant = |import: &Import| import.is_meant || !fabric.cluster.allowed.is_empty();
    let found: Vec<Import> = imports(fabric)
        .into_iter()
        .filter(|import| is_meant(import) && import.vrf != import.other && is_remote(import))
        .filter(|import| refuses(fabric, import.node))
        .collect();
    if found.is_empty() {
        return;
    }
    let subject = |own: &Import| {
        Member::new(fabric.name(own.node), format_args!("vrf {} import of {}", own.vrf, own.other), own.span)
    };
    out.group(&found, subject, |found, out| {
    let Import { vrf, other, .. } = &found[0];
    let nodes: BTreeSet<&str> = found.iter().map(|import| fabric.name(import.node)).collect();
    let names = join_names(&nodes);
    out.report(format!(
        "VRF {vrf} imports the routes of {other} on {names}, under whose L3VNI FRR 10 sends only through a single VXLAN \
         device: they stay inactive"
    ))
    .also(found.iter().take(shown::MANY).map(|import| (Some(import.span), import.words(fabric))))
    .help(
        "make one VXLAN device for all VNIs, with `bridge-vlan-vni-map`; or leak on one node, with `import vrf` between its \
         VRFs",
    )
    .done();
});
}

/// Whether zebra takes no route with another VNI than that of the VRF: since FRR 10, where each VNI has a device of its own.
fn refuses(fabric: &Fabric, node: NodeIndex) -> bool {
    let is_single = |vxlan: &Vxlan| vxlan.single.is_some() || !vxlan.map.is_empty();
    let own = fabric.node(node);
    let mut vxlans = own.links.values().filter(|link| link.is_described()).filter_map(|link| link.vxlan()).peekable();
    own.frr.as_ref().and_then(|frr| frr.release()).is_some_and(|version| version.at_least(10, 0))
        && vxlans.peek().is_some()
        && !vxlans.any(is_single)
}
