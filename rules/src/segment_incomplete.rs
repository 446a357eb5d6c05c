use evpnlint_analysis::{fabric::Fabric, finding::Out};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate().filter(|(node, _)| !fabric.is_misread(*node)) {
        for (name, own) in device.node.frr.iter().flat_map(|frr| &frr.links) {
            let (has, lacks, help) = match (&own.segment.id, &own.segment.system_mac) {
                (Some(_), None) => ("es-id", "es-sys-mac", "evpn mh es-sys-mac MAC"),
                (None, Some(_)) => ("es-sys-mac", "es-id", "evpn mh es-id NUMBER"),
                _ => continue,
            };
            if own.segment.esi().is_some() {
                continue;
            }
            let link = device.link(name);
            let lacp = link.and_then(|link| link.lacp_system.as_ref()).filter(|_| lacks == "es-sys-mac");
            out.report(format!(
                "{name} of {} has {has} and no {lacks}: it belongs to no Ethernet segment",
                fabric.name(node)
            ))
            .about(format!("{} {name}", fabric.name(node)))
            .at(own.segment.span(), format!("{lacks} is missing beside it"))
            .at(lacp.and_then(|mac| mac.span()), "this is for LACP alone; FRR does not read it")
            .help(format!("write `{help}` under interface {name}, the same on every node of the segment"))
            .done();
        }
    }
}
