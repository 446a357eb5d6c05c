use crate::{
    finding::{Out, Severity},
    plan::Plan,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for controller in &plan.sdn.controllers {
        let Some(asn) = &controller.asn else { continue };
        let (severity, why) = match asn.value {
            23456 => (Severity::Error, "stands for all that do not fit into 16 bits (RFC 6793): no FRR accepts it"),
            65535 | u32::MAX => (Severity::Warning, "is not to be used (RFC 7300)"),
            _ => continue,
        };
        out.report(format!("controller {} has AS number {asn}, which {why}", controller.id))
            .about(plan.about(format_args!("controller {}", controller.id)))
            .at(asn.span(), "reserved")
            .help("write a private one, 64512 to 65534 or 4200000000 to 4294967294")
            .cap_severity(severity)
            .done();
    }
}
