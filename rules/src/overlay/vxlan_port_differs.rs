use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    overlay::{VniMember, majority},
};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(BTreeSet<NodeIndex>, u16, u16), Vec<Vni>> = BTreeMap::new();
    for (vni, members) in &fabric.overlay.vnis {
        let mut groups: BTreeMap<u16, BTreeSet<NodeIndex>> = BTreeMap::new();
        for member in members {
            let port = member.local_vni.vxlan.udp_port();
            groups.entry(port).or_default().insert(member.node);
        }
        let Some((common, _, others)) = majority(groups) else { continue };
        for (port, odd) in others {
            causes.entry((odd, port, common)).or_default().push(*vni);
        }
    }
    for ((odd, port, common), vnis) in causes {
        let all_odd = odd.clone();
        let things: Vec<(NodeIndex, Vni, Span)> = vnis
            .iter()
            .flat_map(|vni| {
                fabric.overlay.vnis[vni]
                    .iter()
                    .filter(|member| odd.contains(&member.node))
                    .map(move |member| (member.node, *vni, place_of(member)))
            })
            .collect();
        out.group(
            &things,
            |(node, vni, span)| Member::new(fabric.name(*node), format_args!("vni {vni}"), *span),
            |things, out| {
                let odd: BTreeSet<NodeIndex> = things.iter().map(|(node, ..)| *node).collect();
                let vnis: BTreeSet<Vni> = things.iter().map(|(_, vni, _)| *vni).collect();
                let names = join_names(odd.iter().map(|node| fabric.name(*node)));
                let place = |vni: &Vni, wanted: bool| -> Vec<_> {
                    let members = fabric.overlay.vnis[vni].iter().filter(|member| {
                        if wanted { odd.contains(&member.node) } else { !all_odd.contains(&member.node) }
                    });
                    let places = members.map(|member| {
                        let (link, number) = (&member.local_vni.link.name, member.local_vni.vxlan.udp_port());
                        (place_of(member), format!("{link} of {}: port {number}", fabric.name(member.node)))
                    });
                    places.take(shown::PLACES).collect()
                };
                out.report(format!(
                    "UDP port {port} for vni {} on {names}, but {common} on the other nodes",
                    join_names(&vnis)
                ))
                .also(vnis.iter().take(shown::PLACES).flat_map(|vni| place(vni, true)))
                .also(vnis.iter().take(1).flat_map(|vni| place(vni, false)))
                .help(format!("write `vxlan-port {common}` under the VXLAN devices on {names}"))
                .done();
            },
        );
    }
}

/// Where the port of a VXLAN device is written, or the device.
fn place_of(member: &VniMember) -> Span {
    let port = member.local_vni.vxlan.port.as_ref();
    port.and_then(|port| port.span()).unwrap_or(member.local_vni.link.place())
}
