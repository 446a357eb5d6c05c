use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::SectionOpen { .. })).singly();

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::SectionOpen { open, within, adopted, also, crlf } = &fault.kind else { return };
    let header = &fault.text;
    let message = match (crlf, also.len()) {
        (true, more) => format!(
            "lines end in CR LF, and Proxmox reads no section of this file but the first, \
                    `{within}`: `{header}`{} lost",
            if more == 0 { " is".to_owned() } else { format!(" and {more} more are") }
        ),
        (false, _) => format!(
            "Proxmox does not see `{header}`: `{within}` before it has no empty line behind \
                it"
        ),
    };
    let help = if *crlf {
        "write the file with line feeds alone: dos2unix"
    } else {
        "leave a line between them in which there is nothing, not even a blank"
    };
    out.report(message)
        .at(fault.span, "skipped")
        .also(also.iter().map(|span| (*span, "skipped too")))
        .at(*open, "this section is still open")
        .also(adopted.iter().map(|span| (*span, format!("becomes a property of `{within}`"))))
        .help(help)
        .done();
}
