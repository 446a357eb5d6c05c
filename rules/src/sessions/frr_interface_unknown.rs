use crate::finding::Out;
use crate::view::View;
use evpnlint_core::{
    model::{
        frr::FrrLink,
        link::{Link, LinkKind},
    },
    near::slip,
};

pub(super) fn check(view: View, out: &mut Out) {
    let (Some(frr), Some(file)) = (view.frr(), &view.node().interfaces) else { return };
    if file.template.is_some() || !file.unread.is_empty() || view.is_misread() {
        return;
    }
    let runs = |own: &FrrLink| {
        own.ospf.area.is_some() || own.ospf6.area.is_some() || own.isis.ipv4.is_some() || own.isis.ipv6.is_some()
    };
    // What it was meant for is described, has an address, and takes no part in any protocol.
    let idle = |link: &&Link| {
        let is_port = !matches!(link.kind, LinkKind::Vxlan(_) | LinkKind::Vrf { .. });
        let has_block = frr.links.get(&link.name).is_some_and(runs);
        link.is_described() && is_port && !link.addresses.is_empty() && link.vrf.is_none() && !has_block
    };
    let links = view.node().links.values();
    for link in links.filter(|link| !link.is_made() && link.frr.is_some()) {
        if !frr.links.get(&link.name).is_some_and(runs) || view.device().hooks_mention(&link.name) {
            continue;
        }
        let meant = view.node().links.values().filter(idle).map(|link| link.name.as_str());
        let Some(meant) = slip(&link.name, meant) else { continue };
        let name = view.name();
        out.report(format!(
            "frr.conf of {name} configures interface {}, which nothing describes, and {meant} is in no routing protocol: \
             no adjacency forms over it",
            link.name
        ))
        .about(format!("{name} interface {}", link.name))
        .at(link.frr, "no such interface")
        .also(view.node().link(&meant).map(|link| (Some(link.place()), "left out".to_owned())))
        .help(format!("write `interface {meant}`"))
        .done();
    }
}
