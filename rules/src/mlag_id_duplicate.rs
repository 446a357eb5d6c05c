use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, mlag) in &fabric.multihoming.mlags {
        let name = fabric.name(*node);
        for (id, ports) in mlag.bonds.iter().filter(|(_, ports)| ports.len() > 1) {
            out.report(format!(
                "{} of {name} have one clag-id, {id}",
                join_names(ports.iter().map(|port| &port.link.name))
            ))
            .about(format!("{name} clag-id {id}"))
            .also(ports.iter().map(|port| (port.span, port.link.name.clone())))
            .help("give each bond an id of its own, the same on both nodes of the pair")
            .done();
        }
    }
}
