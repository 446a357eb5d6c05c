use crate::{
    finding::{Member, Out},
    view::{Nodes, View, names},
};
use evpnlint_analysis::fabric::device::LocalVni;
use evpnlint_core::model::{Sourced, Vni, link::Link};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes =
        nodes.by_cause(|view| view.device().local_vnis.iter().filter_map(move |local_vni| misplaced(view, local_vni)));
    for ((vni, vrf, svi, actual), found) in causes {
        out.group(
            &found,
            |(view, (svi, _))| {
                Member::new(
                    view.name(),
                    format_args!("vni {vni}"),
                    svi.vrf.as_ref().and_then(|vrf| vrf.span()).unwrap_or(svi.place()),
                )
            },
            |found, out| {
                let wanted = if vrf.is_empty() { "the default VRF".to_owned() } else { format!("VRF {vrf}") };
                let place = if actual.is_empty() { "is in no VRF".to_owned() } else { format!("is in VRF {actual}") };
                out.report(format!(
                    "{svi} on {}, the interface of L3VNI {vni}, {place} instead of {wanted}",
                    names(found)
                ))
                .also(found.iter().map(|(view, (svi, _))| {
                    let span = svi.vrf.as_ref().and_then(|vrf| vrf.span()).unwrap_or(svi.place());
                    (span, format!("{} of {} {place}", svi.name, view.name()))
                }))
                .also(
                    found.iter().flat_map(|(_, (svi, _))| &svi.mtu).map(|mtu| (mtu.span(), "its stanza goes on here")),
                )
                .also(found.iter().map(|(view, (_, l3vni))| {
                    (l3vni.and_then(|vni| vni.span()), format!("the L3VNI of {wanted} on {}", view.name()))
                }))
                .help(format!("write `vrf {vrf}` under {svi}"))
                .done();
            },
        );
    }
}

/// An L3VNI, the VRF that it is for, the name of its interface, and the VRF that the interface is in.
type Cause<'m> = (Vni, &'m str, &'m str, &'m str);

/// The interface, and what FRR has for the L3VNI of the VRF.
type Misplaced<'m> = (&'m Link, Option<&'m Sourced<Vni>>);

/// The interface of an L3VNI that is in another VRF.
fn misplaced<'m>(view: View<'_, 'm>, local_vni: &LocalVni<'m>) -> Option<(Cause<'m>, Misplaced<'m>)> {
    let (vrf, svi, frr) = (local_vni.layer3?, local_vni.svi?, view.frr()?);
    let actual = svi.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
    let is_known = vrf.is_empty() || view.device().may_have_vrf(vrf);
    // Two VRFs with one L3VNI are another fault.
    let is_only = frr.l3vnis().filter(|(_, _, vni)| vni.value == local_vni.vni).count() == 1;
    let is_misplaced = actual != vrf && is_known && is_only && !view.device().hooks_mention(&svi.name);
    let l3vni = frr.vrfs.get(vrf).and_then(|vrf| vrf.vni.as_ref());
    is_misplaced.then_some(((local_vni.vni, vrf, svi.name.as_str(), actual), (svi, l3vni)))
}
