//! Files beside `/etc/network/interfaces` that it does not source.

use crate::{
    fabric::Fabric,
    finding::{Out, Severity},
    model::link::Dialect,
    source::Span,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for node in &fabric.cluster.nodes {
        let Some(interfaces) = &node.interfaces else { continue };
        for span in interfaces.unfollowed.iter().filter(|_| interfaces.dialect == Dialect::Ifupdown2) {
            out.report(format!(
                "ifupdown2 3.0, which Debian 12 and 13 have, does not follow this line of {}: \
                    what it leads to is not set up",
                node.name
            ))
            .about(format!("{} source {}", node.name, span.start))
            .at(*span, "only `source` with an absolute path is followed")
            .help("write `source /etc/network/interfaces.d/*`")
            .at_most(Severity::Warning)
            .done();
        }
        // Every node has a loopback: a file without one is a part of a node's, and the line may stand in the rest.
        if !node.link("lo").is_some_and(|lo| lo.is_described()) {
            continue;
        }
        for file in &interfaces.unsourced {
            let is_sdn = interfaces.sdn.is_some_and(|sdn| sdn.file == *file);
            let start = |file| Span { file, start: 0, end: 0 };
            let what = if is_sdn { "the file that Proxmox's SDN generates" } else { "a file in interfaces.d" };
            let draft = out
                .report(format!(
                    "no `source` line of {} reaches {what}: none of its interfaces exist, and Proxmox only warns",
                    node.name
                ))
                .about(format!("{} unsourced {}", node.name, file.0))
                .at(start(interfaces.main), "no line sources it")
                .at(interfaces.sdn.filter(|_| is_sdn).unwrap_or(start(*file)), "never read")
                .help("add `source /etc/network/interfaces.d/*` at the end of /etc/network/interfaces");
            if is_sdn { draft.done() } else { draft.at_most(Severity::Info).done() }
        }
    }
}
