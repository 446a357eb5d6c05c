//! Lines that only a later FRR knows.

use crate::{
    fabric::{Fabric, faults},
    finding::Out,
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::NotYet { .. })) {
        let fault = group.first();
        let FaultKind::NotYet { since: (major, minor) } = fault.kind else { continue };
        let node = fabric.cluster.nodes.iter().find(|node| node.name == fault.node);
        let Some(frr) = node.and_then(|node| node.frr.as_ref()) else { continue };
        let Some(version) = frr.release() else { continue };
        let count = group.lost().count();
        let takes = match count {
            0 => String::new(),
            1 => ", and misreads the line behind it".to_owned(),
            _ => format!(", and misreads the {count} lines behind it"),
        };
        let draft = out
            .report(format!(
                "FRR {} does not know \"{}\" yet, on {}: it skips the line{takes}",
                version,
                fault.text,
                group.nodes()
            ))
            .about(group.about());
        let written = frr.version.as_ref().filter(|_| frr.runs.is_none());
        let draft = group.mark(draft, &format!("since FRR {major}.{minor}"), "lost with it");
        draft
            .at(written.and_then(|version| version.span()), "the version that the file is for")
            .help(format!(
                "upgrade to FRR {major}.{minor}, or remove the line; if a later FRR runs here already, correct `frr version`"
            ))
            .done();
    }
}
