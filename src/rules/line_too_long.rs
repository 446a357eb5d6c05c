//! Lines longer than the daemon reads.

use crate::{
    fabric::{Fabric, faults},
    finding::Out,
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let key = |fault: &crate::model::Fault| fault.node.clone();
    for group in faults::group_by(fabric, |kind| matches!(kind, FaultKind::LineTooLong { .. }), key) {
        let fault = group.first();
        let FaultKind::LineTooLong { limit } = &fault.kind else { continue };
        out.report(format!("{} has a line longer than {limit} bytes: what is behind them counts as another line", fault.node))
            .about(format!("{} long line", fault.node))
            .also(group.faults.iter().map(|fault| (fault.span, "too long")))
            .help("split it into several lines")
            .done();
    }
}
