use super::drifted::{File, report};
use crate::{finding::Out, reported::Reported};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::model::twin::{INTERFACES, Said};

pub(super) fn check(fabric: &Fabric, reported: &Reported, out: &mut Out) {
    let of_user = "/etc/network/interfaces";
    report(fabric, reported, out, &File { path: INTERFACES, of_user, pick: |twin| twin.interfaces.as_ref(), bears });
}

/// Segments are nothing without these.
fn bears(said: &Said) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| said.text.starts_with(word));
    begins(&["iface ", "vxlan-id ", "vxlan-local-tunnelip ", "vxlan-remoteip ", "bridge-ports ", "vrf "])
}
