use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::OddityKind};

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::Bytes(_)))
    .by(|fault| format!("{} {:?} {:?}", fault.node, fault.span.file, fault.kind))
    .about(|fault| match &fault.kind {
        FaultKind::Bytes(kind) => format!("{} {kind}", fault.node),
        _ => fault.node.clone(),
    });

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Bytes(kind) = &fault.kind else { return };
    let times = match group.faults.len() {
        1 => String::new(),
        count => format!(", {count} times"),
    };
    let help = match kind {
        OddityKind::Utf16 => "nothing of it was read: write the file as plain UTF-8, without a byte order mark",
        OddityKind::Nul => "what stands behind it on its line was not read: write the file as plain UTF-8",
        _ => "write the file as plain UTF-8, without a byte order mark",
    };
    out.report(format!("a file of {} holds {kind}{times}", fault.node))
        .at(fault.span, kind.to_string())
        .help(help)
        .done();
}
