use crate::{finding::Out, view::View};
use evpnlint_core::model::twin::LocalFate;

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    for line in node.twin.iter().flat_map(|twin| &twin.local) {
        let LocalFate::SecondRouter(second) = &line.fate else { continue };
        let (name, asn, generated) = (view.name(), &second.asn, &second.generated);
        let vrf = if second.vrf.is_empty() { "the default VRF" } else { &format!("VRF {}", second.vrf) };
        out.report(format!(
            "frr.conf.local of {name} opens `router bgp {asn}` for {vrf}, where Proxmox generates `router bgp \
                 {generated}`: FRR refuses the second, and nothing in its block counts"
        ))
        .about(format!("{name} frr.conf.local router bgp {asn} {}", second.vrf))
        .at(line.span, format!("AS {asn}"))
        .at(second.because, format!("AS {generated} comes of this"))
        .help(format!("write `router bgp {generated}`: then Proxmox merges the block into its own"))
        .done();
    }
}
