use super::{
    Reported,
    drifted::{File, tell},
};
use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::twin::{INTERFACES, Said};

pub(super) fn check(fabric: &Fabric, reported: &Reported, out: &mut Out) {
    let own = "/etc/network/interfaces";
    tell(fabric, reported, out, &File { path: INTERFACES, own, pick: |twin| twin.interfaces.as_ref(), bears });
}

/// Segments are nothing without these.
fn bears(said: &Said) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| said.text.starts_with(word));
    begins(&["iface ", "vxlan-id ", "vxlan-local-tunnelip ", "vxlan-remoteip ", "bridge-ports ", "vrf "])
}
