use crate::{finding::Out, plan::Plan};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for controller in &plan.sdn.controllers {
        let Some(asn) = controller.asn.as_ref().filter(|asn| asn.value == 0) else { continue };
        out.report(format!("controller {} has AS number 0: Proxmox generates no BGP for it", controller.id))
            .about(plan.about(format_args!("controller {}", controller.id)))
            .at(asn.span(), "not an AS number")
            .help("write a private one, 64512 to 65534 or 4200000000 to 4294967294")
            .done();
    }
}
