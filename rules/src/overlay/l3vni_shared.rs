use crate::{
    finding::{Member, Out},
    shared::shared,
    shown,
    view::{Nodes, names},
};
use evpnlint_core::words::join_names;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let l3vnis = view.frr().into_iter().flat_map(|frr| frr.l3vnis());
        shared(l3vnis.map(|(vrf, _, vni)| (vni.value, (if vrf.is_empty() { "default" } else { vrf }, vni))))
            .map(|(vni, users)| ((vni, users.iter().map(|(vrf, _)| *vrf).collect::<Vec<_>>()), users))
    });
    for ((vni, vrfs), found) in causes {
        out.group(
            &found,
            |(view, users)| {
                Member::new(view.name(), format_args!("vni {vni}"), users.first().and_then(|(_, vni)| vni.span()))
            },
            |found, out| {
                let carried = found.iter().flat_map(|(view, _)| {
                    let local_vnis = view.device().local_vnis.iter().filter(move |local_vni| local_vni.vni == vni);
                    local_vnis.map(|local_vni| {
                        (local_vni.span, format!("{} of {} carries it", local_vni.link.name, view.name()))
                    })
                });
                out.report(format!(
                    "VRFs {} of {} have one L3VNI, {vni}: only one of them gets it",
                    join_names(&vrfs),
                    names(found)
                ))
                .also(found.iter().flat_map(|(view, users)| {
                    users.iter().map(|(vrf, vni)| (vni.span(), format!("VRF {vrf} of {}", view.name())))
                }))
                .also(carried.take(shown::MANY))
                .help("give each VRF its own L3VNI, the same one on every node")
                .done();
            },
        );
    }
}
