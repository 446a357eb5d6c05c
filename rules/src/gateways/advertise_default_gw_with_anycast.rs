use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    super::advertise_svi_ip_with_anycast::report(
        fabric,
        out,
        "advertise-default-gw",
        |evpn| &evpn.advertise_default_gw,
        |vni| &vni.advertise_default_gw,
    );
}
