use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::UnknownProperty { .. })) {
        let fault = group.first();
        let FaultKind::UnknownProperty { of, suggestion } = &fault.kind else { continue };
        if fault.language != LanguageId::Sdn {
            continue;
        }
        let help = match suggestion {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out".to_owned(),
        };
        let message = format!("{of} has no property \"{}\": Proxmox ignores it, on {}", fault.text, group.nodes());
        let draft = out.report(message).about(group.about()).help(help);
        group.mark(draft, "ignored", "lost with it").done();
    }
}
