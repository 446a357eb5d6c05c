use crate::{
    fabric::{
        Fabric, few,
        mtu::{self, Narrow},
    },
    finding::Out,
    source::Span,
};
use std::collections::BTreeMap;

/// No report names more places than this of either side.
const MANY: usize = 100;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let (narrow, total) = mtu::narrow(fabric);
    let mut causes: BTreeMap<u32, Vec<Narrow>> = BTreeMap::new();
    for found in narrow {
        causes.entry(found.mtu.bytes).or_default().push(found);
    }
    for (bytes, found) in causes {
        let Some(need) = found.iter().map(|narrow| narrow.need).max_by_key(|need| need.bytes()) else { continue };
        let inner = bytes.saturating_sub(need.overhead);
        let mut under: Vec<(Span, String)> = vec![];
        for narrow in found.iter().take(MANY) {
            let device = &fabric.devices[narrow.node];
            let ports = narrow.link.ports().iter().filter_map(|port| device.link(port));
            for link in std::iter::once(narrow.link).chain(ports) {
                let Some(mtu) = device.mtu(link).filter(|mtu| mtu.bytes <= bytes) else { continue };
                let whose = mtu.default.map(|whose| format!(", {whose} default")).unwrap_or_default();
                under.push((
                    mtu.span,
                    format!("{} of {}: mtu {}{whose}", link.name, fabric.name(narrow.node), mtu.bytes),
                ));
            }
        }
        let mut over: Vec<(Span, String)> = vec![];
        'all: for members in fabric.overlay.vnis.values() {
            for member in members {
                let device = &fabric.devices[member.node];
                for link in [Some(member.segment.link), member.segment.bridge].into_iter().flatten() {
                    let Some(mtu) = device.mtu(link).filter(|mtu| mtu.bytes > inner) else { continue };
                    over.push((mtu.span, format!("{} of {}: mtu {}", link.name, fabric.name(member.node), mtu.bytes)));
                }
                if over.len() > MANY {
                    break 'all;
                }
            }
        }
        let first = &found[0];
        let everywhere = found.len() * 2 > total;
        let (lead, rest) = if everywhere { (over, under) } else { (under, over) };
        let links = few(found.iter().map(|narrow| format!("{} {}", fabric.name(narrow.node), narrow.link.name)));
        let size = need.bytes();
        out.report(format!(
            "vni {} makes tunnel packets of up to {size} bytes, which exceed mtu {bytes} of \
            {links}",
            need.vni
        ))
        .about(if everywhere {
            format!("{} vni {}", fabric.name(first.node), need.vni)
        } else {
            format!("{} {}", fabric.name(first.node), first.link.name)
        })
        .also(lead)
        .also(rest)
        .help(format!(
            "write `mtu {size}` or more on every interface of the underlay, or `mtu {inner}` on the VXLAN devices, \
                 their bridges and the hosts ({} + {} bytes of encapsulation); until then packets above {inner} bytes \
                 with DF set are lost",
            need.inner, need.overhead
        ))
        .done();
    }
}
