//! Lines that FRR drops, or takes for something else, without an error.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let is_ours = |kind: &FaultKind| matches!(kind, FaultKind::Dropped { .. } | FaultKind::LineTooLong { .. });
    for group in faults::groups(fabric, is_ours) {
        let fault = group.first();
        let nodes = group.nodes();
        let draft = match &fault.kind {
            FaultKind::Dropped { why } if fault.language == LanguageId::Frr => out
                .report(format!("\"{}\" on {nodes} does nothing of what it says: {why}", fault.text))
                .about(group.about()),
            FaultKind::LineTooLong { limit } => out
                .report(format!(
                    "a line on {nodes} is longer than {limit} bytes: what is behind them counts \
                    as another line"
                ))
                .about(format!("{} long line", fault.node))
                .help("split it into several lines"),
            _ => continue,
        };
        group.mark(draft, "dropped", "lands elsewhere, or is lost").done();
    }
}
