use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for other in &fabric.beside {
        let (here, there) = (&other.here, &other.there);
        let list = join_names(other.vnis.iter().map(|(vni, _)| vni));
        out.report(format!(
            "vni {list} is on both sides of the BGP sessions between {here} and {there} in one subnet, but none of them \
             carries EVPN: hosts of one subnet do not reach those on the other side"
        ))
        .about(format!("{here} {there} evpn"))
        .also(other.sessions.iter().map(|place| (*place, "carries no EVPN")))
        .also(other.vnis.iter().take(shown::SOME).flat_map(|(vni, gateways)| {
            gateways.map(|place| (place, format!("a gateway of vni {vni}")))
        }))
        .help(format!(
            "if the two are sites of one fabric, activate the neighbours of {here} and {there} under `address-family l2vpn \
             evpn` on both ends; if they are two fabrics, give one of them other VNIs and subnets, or check them apart"
        ))
        .done();
    }
}
