use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::model::allow::AllowLeak;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let tenants = &fabric.tenants;
    let mut unused: Vec<&AllowLeak> = fabric.cluster.allowed.to_vec();
    if unused.is_empty() {
        return;
    }
    tenants.each_leak(
        |_, _| true,
        |leak| {
            if !unused.is_empty() {
                unused.retain(|own| tenants.allowed(&[*own], leak.from, leak.to).is_none());
            }
        },
    );
    let names: BTreeSet<&str> = tenants.vrfs().map(|(_, vrf)| vrf).collect();
    for own in unused {
        let stranger = [&own.from, &own.to].into_iter().find(|pattern| !pattern.matches_any(names.iter().copied()));
        let (from, to) = (&own.from.0, &own.to.0);
        out.report(match stranger {
            Some(stranger) => format!("no VRF is called {}: the entry allows nothing", stranger.0),
            None => format!("no route of {from} gets into VRF {to}: the entry allows what does not happen"),
        })
        .about(format!("{from} {to} allow-leak"))
        .at(own.span, own.reason.clone())
        .help("mend the names, or take the entry out")
        .done();
    }
}
