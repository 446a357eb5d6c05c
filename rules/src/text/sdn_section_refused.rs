use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) const FAULTS: Faults =
    Faults::of(|fault| fault.language == Some(LanguageId::Sdn) && matches!(fault.kind, FaultKind::Refused(_)));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Refused(why) = &fault.kind else { return };
    let what = if fault.text.is_empty() { "the file".to_owned() } else { format!("\"{}\"", fault.text) };
    let draft = out.report(format!("{what} on {} is not read: {why}", group.nodes()));
    group.mark(draft, "refused", "lost with it").done();
}
