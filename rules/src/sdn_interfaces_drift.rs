use super::{
    Told,
    drifted::{File, tell},
};
use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::twin::{INTERFACES, Said};

pub(super) fn check(fabric: &Fabric, told: &Told, out: &mut Out) {
    let own = "/etc/network/interfaces";
    tell(fabric, told, out, &File { path: INTERFACES, own, pick: |twin| twin.interfaces.as_ref(), bears });
}

/// Segments are nothing without these.
fn bears(said: &Said) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| said.text.starts_with(word));
    begins(&["iface ", "vxlan-id ", "vxlan-local-tunnelip ", "vxlan-remoteip ", "bridge-ports ", "vrf "])
}
