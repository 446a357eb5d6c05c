use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for fault in &fabric.cluster.faults {
        let FaultKind::SectionOpen { open, within, adopted, also, crlf } = &fault.kind else { continue };
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
            .about(format!("{} {header}", fault.node))
            .at(fault.span, "skipped")
            .also(also.iter().map(|span| (*span, "skipped too")))
            .at(*open, "this section is still open")
            .also(adopted.iter().map(|span| (*span, format!("becomes a property of `{within}`"))))
            .help(help)
            .done();
    }
}
