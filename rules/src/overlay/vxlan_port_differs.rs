use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, overlay::majority};
use evpnlint_core::{model::Vni, words::join_names};
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
        let Some(first) = odd.first() else { continue };
        let names = join_names(odd.iter().map(|node| fabric.name(*node)));
        let place = |vni: &Vni, wanted: bool| -> Vec<_> {
            let members = fabric.overlay.vnis[vni].iter().filter(|member| odd.contains(&member.node) == wanted);
            let places = members.map(|member| {
                let port = &member.local_vni.vxlan.port;
                let span = port.as_ref().and_then(|port| port.span()).unwrap_or(member.local_vni.link.place());
                let (link, number) = (&member.local_vni.link.name, member.local_vni.vxlan.udp_port());
                (span, format!("{link} of {}: port {number}", fabric.name(member.node)))
            });
            places.take(shown::PLACES).collect()
        };
        out.report(format!(
            "UDP port {port} for vni {} on {names}, but {common} on the other nodes",
            join_names(&vnis)
        ))
        .about(format!("{} vni {}", fabric.name(*first), vnis[0]))
        .also(vnis.iter().take(shown::PLACES).flat_map(|vni| place(vni, true)))
        .also(vnis.iter().take(1).flat_map(|vni| place(vni, false)))
        .help(format!("write `vxlan-port {common}` under the VXLAN devices on {names}"))
        .done();
    }
}
