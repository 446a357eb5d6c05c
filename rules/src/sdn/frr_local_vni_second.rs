use crate::{finding::Out, view::View};
use evpnlint_core::model::twin::LocalFate;

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    for line in node.twin.iter().flat_map(|twin| &twin.local) {
        let LocalFate::SecondVni(other) = &line.fate else { continue };
        let (name, vrf, vni, generated) = (view.name(), &other.vrf, &other.vni, &other.generated);
        out.report(format!(
                "frr.conf.local of {name} gives VRF {vrf} the L3VNI {vni}, and Proxmox {generated}: a VRF has one, and zebra \
                 refuses the second"
            ))
            .about(format!("{name} frr.conf.local vrf {vrf} vni"))
            .at(line.span, format!("L3VNI {vni}"))
            .at(other.because, format!("L3VNI {generated} comes of this"))
            .help(format!("take `vni {vni}` out, or make it the `vrf-vxlan` of the zone, for all nodes"))
            .done();
    }
}
