use crate::{
    finding::{Member, Out},
    shared::shared,
    view::{Nodes, View, names},
};
use evpnlint_core::{model::Vni, words::join_names};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        // The kernel keeps VNIs of different UDP ports apart.
        let local_vnis = view.device().local_vnis.iter();
        let doubles = shared(local_vnis.map(|local_vni| ((local_vni.vni, local_vni.vxlan.udp_port()), local_vni)));
        doubles.filter_map(move |((vni, _), local_vnis)| {
            let mut links: Vec<&str> = local_vnis.iter().map(|local_vni| local_vni.link.name.as_str()).collect();
            links.sort_unstable();
            links.dedup();
            // The L3VNI of two VRFs is one fault with theirs, and another rule's.
            (links.len() > 1 && !is_shared(view, vni)).then_some(((vni, links), local_vnis))
        })
    });
    for ((vni, links), found) in causes {
        out.group(&found, |(view, local_vnis)| Member::new(view.name(), format_args!("vni {vni}"), local_vnis.last().and_then(|own| own.span)), |found, out| {
        out.report(format!(
            "{} on {} all have VNI {vni}: the kernel creates the first of them only, and ifup exits with 0 all the same",
            join_names(&links),
            names(found)
        ))
        .also(found.iter().flat_map(|(view, local_vnis)| {
            let last_first = local_vnis.iter().rev();
            last_first.map(|local_vni| (local_vni.span, format!("{} of {}", local_vni.link.name, view.name())))
        }))
        .help("give each device a VNI of its own, the same one on every node")
        .done();
});
    }
}

fn is_shared(view: View, vni: Vni) -> bool {
    view.frr().into_iter().flat_map(|frr| frr.l3vnis()).filter(|(.., other)| other.value == vni).count() > 1
}
