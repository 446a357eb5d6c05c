use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) const FAULTS: Faults = Faults::of(|fault| {
    fault.language == Some(LanguageId::Sdn) && matches!(fault.kind, FaultKind::UnknownProperty { .. })
});

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::UnknownProperty { of, suggestion } = &fault.kind else { return };
    let help = match suggestion {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take it out".to_owned(),
    };
    let message = format!("{of} has no property \"{}\": Proxmox ignores it, on {}", fault.text, group.nodes());
    let draft = out.report(message).help(help);
    group.mark(draft, "ignored", "lost with it").done();
}
