use crate::{finding::Out, view::View};

pub(super) fn check(view: View, out: &mut Out) {
    if view.is_misread() {
        return;
    }
    let device = view.device();
    for (name, config) in view.frr().iter().flat_map(|frr| &frr.links) {
        let (has, lacks, help) = match (&config.segment.id, &config.segment.system_mac) {
            (Some(_), None) => ("es-id", "es-sys-mac", "evpn mh es-sys-mac MAC"),
            (None, Some(_)) => ("es-sys-mac", "es-id", "evpn mh es-id NUMBER"),
            _ => continue,
        };
        if config.segment.esi().is_some() {
            continue;
        }
        let link = device.link(name);
        let lacp = link.and_then(|link| link.lacp_system.as_ref()).filter(|_| lacks == "es-sys-mac");
        out.report(format!("{name} of {} has {has} and no {lacks}: it belongs to no Ethernet segment", view.name()))
            .about(format!("{} {name}", view.name()))
            .at(config.segment.span(), format!("{lacks} is missing beside it"))
            .at(lacp.and_then(|mac| mac.span()), "this is for LACP alone; FRR does not read it")
            .help(format!("write `{help}` under interface {name}, the same on every node of the segment"))
            .done();
    }
}
