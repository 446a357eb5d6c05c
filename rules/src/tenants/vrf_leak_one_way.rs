use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, tenants::TenantIndex};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let tenants = &fabric.tenants;
    let may_answer = defaults(fabric);
    let is_fine = |from: TenantIndex, to: TenantIndex| {
        [from, to].iter().any(|tenant| tenants.all[*tenant].is_default())
            || !tenants.originates(to)
            || may_answer.contains(tenants.all[from].name)
            || tenants.allowed(&fabric.cluster.allowed, from, to).is_some()
    };
    let mut pairs = BTreeMap::new();
    tenants.each_leak(
        |_, _| false,
        |leak| {
            if leak.sure && leak.hops.last().is_some_and(|hop| hop.is_local()) && !is_fine(leak.from, leak.to) {
                pairs.insert((leak.from, leak.to), leak);
            }
        },
    );
    if pairs.is_empty() {
        return;
    }
    tenants.each_leak(|_, _| true, |back| drop(pairs.remove(&(back.to, back.from))));
    for ((from, to), leak) in pairs {
        let (from, to) = (tenants.all[from].title(), tenants.all[to].title());
        out.report(format!("VRF {from} leaks into VRF {to}, and nothing leads back: VRF {from} cannot answer"))
            .about(format!("{from} {to} leak one way"))
            .also(leak.hops.iter().rev().map(|hop| (hop.span, hop.text(&fabric.devices))))
            .help(format!("`import vrf {to}` in VRF {from} too"))
            .done();
    }
}

/// The tenants that may have a default route, or routes from neighbours: they may answer whoever asks.
fn defaults<'m>(fabric: &Fabric<'m>) -> BTreeSet<&'m str> {
    let tenants = &fabric.tenants;
    let mut may: BTreeSet<&str> = BTreeSet::new();
    tenants.each_leak(
        |_, _| false,
        |leak| {
            if tenants.all[leak.from].is_default() {
                may.insert(tenants.all[leak.to].name);
            }
        },
    );
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for frr in fabric.devices.iter().filter_map(|device| device.node.frr.as_ref()) {
        names.extend(frr.statics.iter().filter(|own| own.prefix.length() == 0).filter_map(|own| own.vrf.as_deref()));
        let speaks = frr.bgp.iter().filter(|own| {
            let evpn = &own.evpn;
            !own.neighbors.is_empty() || evpn.default_originate_ipv4.is_some() || evpn.default_originate_ipv6.is_some()
        });
        names.extend(speaks.filter_map(|own| own.vrf.as_ref()).map(|vrf| vrf.as_str()));
    }
    may.extend(tenants.all.iter().filter(|own| !own.names.is_disjoint(&names)).map(|own| own.name));
    may
}
