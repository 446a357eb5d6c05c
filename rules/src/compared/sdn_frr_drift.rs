use super::drifted::{File, report};
use crate::{finding::Out, reported::Reported};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::model::twin::{FRR, Said};

pub(super) fn check(fabric: &Fabric, reported: &Reported, out: &mut Out) {
    let of_user = "/etc/frr/frr.conf.local, which is merged into it";
    report(fabric, reported, out, &File { path: FRR, of_user, pick: |twin| twin.frr.as_ref(), bears });
}

/// Sessions and VNIs are nothing without these.
fn bears(said: &Said) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| said.text.starts_with(word));
    begins(&["vni ", "router bgp ", "advertise-all-vni", "address-family l2vpn evpn", "neighbor VTEP activate"])
        || said.text.starts_with("neighbor ") && said.text.contains(" peer-group")
        || said.text.starts_with("neighbor ") && said.text.contains(" remote-as ")
}
