use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::LocalVni, gateway};
use evpnlint_core::{model::Vni, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [(a, one), (b, two)] in fabric.multihoming.sides() {
        let (of_a, of_b) = (missing(fabric, a, b), missing(fabric, b, a));
        let (a, b) = (fabric.name(a), fabric.name(b));
        // The side that has it, and what that carries.
        let things: Vec<(bool, &LocalVni)> =
            of_a.into_iter().map(|own| (true, own)).chain(of_b.into_iter().map(|own| (false, own))).collect();
        let subject = |(is_a, own): &(bool, &LocalVni)| {
            let (has, lacks) = if *is_a { (a, b) } else { (b, a) };
            Member::new(lacks, format_args!("{has} vni {}", own.vni), own.span)
        };
        out.group(&things, subject, |things, out| {
            let of = |side: bool| -> Vec<&LocalVni> {
                things.iter().filter(|(is_a, _)| *is_a == side).map(|(_, own)| *own).collect()
            };
            let (of_a, of_b) = (of(true), of(false));
            let list = |local_vnis: &[&LocalVni]| join_names(local_vnis.iter().map(|local_vni| local_vni.vni));
            let message = match (of_a.first(), of_b.first()) {
                (None, None) => return,
                (Some(_), None) => format!("{b} lacks vni {} of its MLAG peer {a}", list(&of_a)),
                (None, Some(_)) => format!("{a} lacks vni {} of its MLAG peer {b}", list(&of_b)),
                (Some(_), Some(_)) => {
                    format!("{a} carries vni {}, and its MLAG peer {b} vni {} instead", list(&of_a), list(&of_b))
                }
            };
            let places = |local_vnis: Vec<&LocalVni>, name: &str| -> Vec<_> {
                local_vnis
                    .iter()
                    .take(shown::PLACES)
                    .map(|own| (own.span, format!("vni {} on {name}", own.vni)))
                    .collect()
            };
            let lacking = if of_a.is_empty() { (one, a) } else { (two, b) };
            out.report(format!("{message}: the two are no longer one VTEP"))
                .also(places(of_a, a))
                .also(places(of_b, b))
                .at(lacking.0.clag.span, format!("the MLAG of {}", lacking.1))
                .help("make VXLAN devices of the same VNIs on both")
                .done();
        });
    }
}

/// What one node of a pair carries and the other does not. Where that one has no VNI at all, it is no VTEP; and where it
/// has the gateway of a VNI, that is told as a gateway without its VNI.
fn missing<'f>(fabric: &'f Fabric, has: NodeIndex, lacks: NodeIndex) -> Vec<&'f LocalVni<'f>> {
    let carried: BTreeSet<Vni> = fabric.devices[lacks].local_vnis.iter().map(|local_vni| local_vni.vni).collect();
    let is_missing = |local_vni: &&LocalVni| !carried.contains(&local_vni.vni) && !is_routed(fabric, lacks, local_vni);
    fabric.devices[has].local_vnis.iter().filter(|_| !carried.is_empty()).filter(is_missing).collect()
}

/// Whether a node has the gateway of a VNI.
fn is_routed(fabric: &Fabric, node: NodeIndex, local_vni: &LocalVni) -> bool {
    let of_vlan = || fabric.devices[node].svi(&local_vni.bridge?.name, local_vni.vlan.as_ref()?.value);
    let own = of_vlan().map_or(vec![], |svi| gateway::addresses(svi, None));
    let theirs =
        || fabric.overlay.gateways.get(&local_vni.vni).into_iter().flatten().flat_map(|other| &other.addresses);
    own.iter().any(|own| theirs().any(|other| other.ip == own.ip))
}
