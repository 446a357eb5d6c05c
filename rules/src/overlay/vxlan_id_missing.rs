use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{model::link::Link, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found: BTreeMap<&str, Vec<(&str, &Link)>> = BTreeMap::new();
    for device in &fabric.devices {
        // What a template or a hook adds is in no file.
        let is_open = device.node.interfaces.as_ref().is_none_or(|file| file.template.is_some());
        for link in device.without_vni().filter(|link| !is_open && !device.hooks_mention(&link.name)) {
            found.entry(&link.name).or_default().push((&device.node.name, link));
        }
    }
    for (device, nodes) in found {
        let names = join_names(nodes.iter().map(|(node, _)| *node));
        let sibling = fabric.devices.iter().find_map(|own| {
            let vni = own.link(device)?.vxlan()?.vni.as_ref()?;
            Some((own.node.name.as_str(), vni))
        });
        let id = |(_, link): &(&str, &Link)| link.vxlan().and_then(|vxlan| vxlan.local.as_ref()?.span());
        out.report(format!(
            "{device} on {names} has the settings of a VXLAN device and no `vxlan-id`: ifupdown2 does not make it, and its \
             VNI bridges nothing there"
        ))
        .about(format!("{} vxlan {device}", nodes[0].0))
        .also(nodes.iter().take(shown::MANY).map(|(node, link)| (link.place(), format!("no VNI on {node}"))))
        .also(nodes.iter().take(shown::SOME).filter_map(|own| Some((id(own)?, "the source of its tunnels".to_owned()))))
        .also(sibling.and_then(|(node, vni)| Some((vni.span()?, format!("that of {node}")))))
        .help(match sibling {
            Some((node, vni)) => format!("write `vxlan-id {vni}` under it, as {node} has it"),
            None => "write `vxlan-id` and its VNI under it".to_owned(),
        })
        .done();
    }
}
