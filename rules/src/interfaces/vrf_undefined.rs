use crate::{
    finding::{Member, Out, Severity},
    view::{Nodes, View, names},
};
use evpnlint_core::{model::link::LinkKind, near::near, source::Span};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    for ((vrf, meant), found) in nodes.by_cause(misspelt) {
        out.group(
            &found,
            |(view, (places, _))| {
                Member::new(view.name(), format_args!("vrf {vrf}"), places.first().map(|(span, _)| *span))
            },
            |found, out| {
                out.report(format!(
                    "frr.conf of {} speaks of VRF {vrf}, which no interface file makes; the kernel's is {meant}",
                    names(found)
                ))
                .cap_severity(severity(found.iter().flat_map(|(_, (places, _))| places)))
                .also(
                    found.iter().flat_map(|(_, (places, _))| places.iter().map(|(span, named)| (*span, named.label()))),
                )
                .also(found.iter().filter_map(|(_, (_, link))| *link))
                .help(format!("write `{meant}` in frr.conf"))
                .done();
            },
        );
    }
}

/// What names a VRF in frr.conf.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Block,
    Instance,
}

impl Named {
    fn label(self) -> &'static str {
        match self {
            Self::Block => "a vrf block",
            Self::Instance => "a BGP instance",
        }
    }
}

/// Without its block a VRF has no L3VNI. Without an instance bgpd makes one for the L3VNI, which takes routes and announces
/// none of its own (`bgp_evpn_local_l3vni_add`).
fn severity<'n>(mut places: impl Iterator<Item = &'n (Span, Named)>) -> Severity {
    if places.any(|(_, named)| *named == Named::Block) { Severity::Error } else { Severity::Warning }
}

/// A VRF that FRR names and the one that was meant; where the one is named, and where the other is.
type Misspelt<'m> = ((&'m str, String), (Vec<(Span, Named)>, Option<(Span, &'static str)>));

/// The VRFs of a node that FRR alone names.
fn misspelt<'m>(view: View<'_, 'm>) -> Vec<Misspelt<'m>> {
    let (device, Some(frr)) = (view.device(), view.frr()) else { return vec![] };
    let mut named: BTreeMap<&str, Vec<(Span, Named)>> = BTreeMap::new();
    for (name, vrf) in frr.vrfs.iter().filter(|(_, vrf)| vrf.vni.is_some()) {
        named.entry(name).or_default().extend(vrf.span.map(|span| (span, Named::Block)));
    }
    for instance in &frr.bgp {
        if let Some(vrf) = &instance.vrf {
            named.entry(&vrf.value).or_default().push((vrf.span().unwrap_or(instance.span), Named::Instance));
        }
    }
    // What was meant: a VRF of the kernel with nearly that name, of which frr.conf says nothing of the kind, or the VRF that
    // the VXLAN device of its L3VNI is in.
    let made = view.links().filter(|link| link.is_described() && matches!(link.kind, LinkKind::Vrf { .. }));
    let made: Vec<&str> = made.map(|link| link.name.as_str()).collect();
    // Of a VRF of the kernel, frr.conf may have the block under one name and the instance under another.
    let says = |name: &str| named.get(name).into_iter().flatten().map(|(_, what)| *what).collect::<BTreeSet<_>>();
    let free = |vrf: &str| {
        let own = says(vrf);
        made.iter().copied().filter(move |name| says(name).is_disjoint(&own))
    };
    // The VRF that routes for the L3VNI of one.
    let home = |vrf: &str| {
        let vni = frr.vrfs.get(vrf)?.vni.as_ref()?.value;
        let svi = device.local_vnis.iter().find(|own| own.vni == vni)?.svi?;
        made.iter().copied().find(|name| *name == svi.vrf_name())
    };
    let mut found = vec![];
    for (&vrf, places) in &named {
        if vrf.is_empty() || vrf == "default" || device.may_have_vrf(vrf) {
            continue;
        }
        // Names that differ in their numbers alone are two names.
        let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
        let others = free(vrf).filter(|name| letters(name) != letters(vrf));
        if let Some(meant) = near(vrf, others).or_else(|| home(vrf).map(str::to_owned)) {
            let link = device.link(&meant).map(|link| (link.place(), "the VRF of the kernel"));
            found.push(((vrf, meant), (places.clone(), link)));
        }
    }
    found
}
