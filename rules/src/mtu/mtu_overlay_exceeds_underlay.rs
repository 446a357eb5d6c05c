use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::{
    fabric::Fabric,
    predict::{Prediction, narrow::NarrowPort},
};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::BTreeMap;

type Places = Vec<(Span, String)>;

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let narrows = prediction.narrows();
    let mut causes: BTreeMap<u32, Vec<&NarrowPort>> = BTreeMap::new();
    for found in &narrows.all {
        causes.entry(found.mtu.bytes).or_default().push(found);
    }
    // What fits everywhere, whichever cause it is that narrows.
    let least = causes.keys().next().copied().unwrap_or_default();
    for (bytes, found) in causes {
        let whole = found.len();
        out.group(&found, |narrow| Member::new(fabric.name(narrow.node), &narrow.link.name, narrow.mtu.span), |found, out| {
        let Some(load) = found.iter().map(|narrow| narrow.load).min_by_key(|load| load.need.rank()) else { return };
        let need = load.need;
        let fits = |bytes: u32| bytes.saturating_sub(need.overhead);
        let under = below(fabric, found, bytes);
        let over = above(fabric, fits(bytes));
        let everywhere = whole * 2 > narrows.of;
        let (lead, rest) = if everywhere { (over, under) } else { (under, over) };
        let links = join_names(found.iter().map(|narrow| format!("{} {}", fabric.name(narrow.node), narrow.link.name)));
        let size = need.bytes();
        let tag = if need.tagged { ", 4 of them for a VLAN tag" } else { "" };
        let whom = load.to.map(|to| format!(" on {} from one on {}", fabric.name(to), fabric.name(load.from)));
        let draft = out
            .report(format!(
                "vni {} makes tunnel packets of up to {size} bytes, which exceed mtu {bytes} of {links}",
                need.vni
            ))
            .also(lead)
            .also(rest)
            .help(format!(
                "write `mtu {size}` or more on every interface of the underlay, or `mtu {}` on the VXLAN devices, their \
                 bridges and the hosts ({} + {} bytes of encapsulation{tag}); until then packets above {} bytes with DF \
                 set are lost: `ping -M do -s {}` to a host of the VNI{} gets no answer, `-s {}` does",
                fits(least),
                need.inner,
                need.overhead,
                fits(bytes),
                payload(need.inner),
                whom.unwrap_or_default(),
                payload(fits(least)),
            ));
        // Whether hosts tag their frames is theirs to choose.
        if need.untagged() <= bytes { draft.cap_severity(Severity::Info).done() } else { draft.done() }
});
    }
}

/// What `ping -s` makes packets of that size with: without the IPv4 and ICMP headers.
fn payload(mtu: u32) -> u32 {
    mtu.saturating_sub(28)
}

/// The interfaces of the underlay that are too small, each with what it sends through.
fn below(fabric: &Fabric, found: &[&NarrowPort], bytes: u32) -> Places {
    let mut places = vec![];
    for narrow in found.iter().take(shown::MANY) {
        let device = &fabric.devices[narrow.node];
        let ports = narrow.link.ports().iter().filter_map(|port| device.link(port));
        for link in std::iter::once(narrow.link).chain(ports) {
            let Some(mtu) = device.mtu(link).filter(|mtu| mtu.bytes <= bytes) else { continue };
            let whose = mtu.default.map(|whose| format!(", {whose} default")).unwrap_or_default();
            places.push((mtu.span, format!("{} of {}: mtu {}{whose}", link.name, fabric.name(narrow.node), mtu.bytes)));
        }
    }
    places
}

/// The VXLAN devices and bridges that take more than the underlay.
fn above(fabric: &Fabric, inner: u32) -> Places {
    let mut places: Places = vec![];
    for member in fabric.overlay.vnis.values().flatten() {
        let device = &fabric.devices[member.node];
        for link in [Some(member.local_vni.link), member.local_vni.bridge].into_iter().flatten() {
            let Some(mtu) = device.mtu(link).filter(|mtu| mtu.bytes > inner) else { continue };
            places.push((mtu.span, format!("{} of {}: mtu {}", link.name, fabric.name(member.node), mtu.bytes)));
        }
        if places.len() > shown::MANY {
            break;
        }
    }
    places
}
