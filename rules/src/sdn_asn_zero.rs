use super::applied;
use evpnlint_analysis::{fabric::Fabric, finding::Out};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        for controller in &plan.sdn.controllers {
            let Some(asn) = controller.asn.as_ref().filter(|asn| asn.value == 0) else { continue };
            out.report(format!("controller {} has AS number 0: Proxmox generates no BGP for it", controller.id))
                .about(plan.about(format_args!("controller {}", controller.id)))
                .at(asn.span(), "not an AS number")
                .help("write a private one, 64512 to 65534 or 4200000000 to 4294967294")
                .done();
        }
    });
}
