use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{Prefix, Vni},
    source::Span,
    words::join_names,
};
use std::collections::BTreeMap;

/// Who has a subnet in a VNI, and where it is written.
type Owners = Vec<(NodeIndex, Option<Span>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut subnets: BTreeMap<&str, BTreeMap<(Prefix, Vni), Owners>> = BTreeMap::new();
    for gateway in fabric.overlay.gateways.values().flatten() {
        let vrf = subnets.entry(gateway.vrf().unwrap_or_default()).or_default();
        for own in &gateway.addresses {
            vrf.entry((own.prefix(), gateway.vni)).or_default().push((gateway.node, own.span));
        }
    }
    for (vrf, subnets) in subnets {
        // In order of their first addresses, whatever holds a subnet comes before it; those that are still open form a
        // chain, each within the one before.
        let mut open: Vec<(Prefix, Vni, &Owners)> = vec![];
        let mut sorted: Vec<_> = subnets.iter().map(|((prefix, vni), owners)| (*prefix, *vni, owners)).collect();
        sorted.sort_by_key(|(prefix, vni, _)| (prefix.network(), prefix.length(), *vni));
        for (prefix, vni, owners) in sorted {
            open.retain(|(outer, ..)| outer.covers(prefix));
            let wider = open.iter().rev().find(|(outer, other, _)| *outer != prefix && *other != vni);
            if let Some((outer, other, wide)) = wider {
                out.group(
                    owners,
                    |(node, span)| {
                        Member::new(fabric.name(*node), format_args!("vni {vni} subnet in vni {other}"), *span)
                    },
                    |owners, out| {
                        let whose = if vrf.is_empty() { String::new() } else { format!(" of VRF {vrf}") };
                        let all = |owners: &[(NodeIndex, Option<Span>)]| {
                            join_names(owners.iter().map(|(node, _)| fabric.name(*node)))
                        };
                        out.report(format!(
                    "{prefix} of vni {vni} lies within {outer} of vni {other}{whose}: hosts of vni {other} ask for its \
                     addresses by ARP in their own subnet, where nobody answers"
                ))
                .also(
                    owners
                        .iter()
                        .take(shown::SOME)
                        .map(|(node, span)| (*span, format!("{prefix} on {}", fabric.name(*node)))),
                )
                .also(
                    wide.iter()
                        .take(shown::SOME)
                        .map(|(node, span)| (*span, format!("{outer} on {}", fabric.name(*node)))),
                )
                .help(format!(
                    "give vni {vni} (on {}) a subnet outside {outer}, or vni {other} (on {}) a longer prefix",
                    all(owners),
                    all(wide)
                ))
                .done();
                    },
                );
            }
            open.push((prefix, vni, owners));
        }
    }
}
