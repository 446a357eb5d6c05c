use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, device::Device};
use evpnlint_core::{
    model::{
        is_on,
        link::{Link, LinkKind},
    },
    words::join_names,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let vxlans: BTreeMap<&str, &str> = fabric.devices.iter().rev().flat_map(devices).collect();
    let mut found: BTreeMap<&str, Vec<(&str, &Link)>> = BTreeMap::new();
    for device in &fabric.devices {
        // What a template or a hook adds is in no file.
        let is_open = device.node.interfaces.as_ref().is_none_or(|file| file.template.is_some());
        // A port that learns nothing, or for which the bridge answers ARP, under a name that is a VXLAN device's elsewhere.
        let is_like = |link: &&Link| {
            matches!(link.kind, LinkKind::Physical)
                && link.is_described()
                && (is_on(&link.port.suppress) || link.port.learning.as_ref().is_some_and(|on| !on.value))
                && device.bridge_of(&link.name).is_some()
                && vxlans.contains_key(link.name.as_str())
        };
        let mut links: Vec<&Link> = device.without_vni().collect();
        links.extend(device.node.links.values().filter(is_like));
        links.sort_by_key(|link| link.place());
        links.dedup_by_key(|link| link.place());
        for link in links.into_iter().filter(|link| !is_open && !device.hooks_mention(&link.name)) {
            found.entry(&link.name).or_default().push((&device.node.name, link));
        }
    }
    for (device, nodes) in found {
        out.group(&nodes, |(node, link)| Member::new(node, format_args!("vxlan {device}"), link.place()), |nodes, out| {
        let names = join_names(nodes.iter().map(|(node, _)| *node));
        let sibling = vxlans.get(device).and_then(|node| {
            let own = fabric.devices.iter().find(|own| own.node.name == *node)?;
            Some((*node, own.link(device)?.vxlan()?.vni.as_ref()?))
        });
        let id = |(_, link): &(&str, &Link)| link.vxlan().and_then(|vxlan| vxlan.local.as_ref()?.span());
        out.report(format!(
            "{device} on {names} has the settings of a VXLAN device and no `vxlan-id`: ifupdown2 does not make it, and its \
             VNI bridges nothing there"
        ))
        .also(nodes.iter().take(shown::MANY).map(|(node, link)| (link.place(), format!("no VNI on {node}"))))
        .also(nodes.iter().take(shown::SOME).filter_map(|own| Some((id(own)?, "the source of its tunnels".to_owned()))))
        .also(sibling.and_then(|(node, vni)| Some((vni.span()?, format!("that of {node}")))))
        .help(match sibling {
            Some((node, vni)) => format!("write `vxlan-id {vni}` under it, as {node} has it"),
            None => "write `vxlan-id` and its VNI under it".to_owned(),
        })
        .done();
});
    }
}

/// The devices of a node that carry one VNI, each with the node.
fn devices<'m>(device: &Device<'m>) -> Vec<(&'m str, &'m str)> {
    let links = device.node.links.values().filter(|link| link.vxlan().is_some_and(|vxlan| vxlan.vni.is_some()));
    links.map(|link| (link.name.as_str(), device.node.name.as_str())).collect()
}
