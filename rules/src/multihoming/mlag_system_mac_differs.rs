use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [(a, one), (b, two)] in fabric.multihoming.sides() {
        let (Some(mac), Some(other)) = (&one.clag.system_mac, &two.clag.system_mac) else { continue };
        if mac.value == other.value {
            continue;
        }
        let (a, b) = (fabric.name(a), fabric.name(b));
        out.report(format!("{a} and {b} are one MLAG pair with two system MACs, {mac} and {other}"))
            .about(format!("{a} {b} clagd-sys-mac"))
            .at(mac.span(), a)
            .at(other.span(), b)
            .help("write the same `clagd-sys-mac` on both")
            .done();
    }
}
