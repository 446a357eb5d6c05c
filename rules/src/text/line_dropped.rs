use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) const FAULTS: Faults = Faults::of(|fault| match fault.kind {
    FaultKind::Dropped(_) => fault.language == Some(LanguageId::Frr),
    FaultKind::LineTooLong { .. } => true,
    _ => false,
})
.about(|fault| match fault.kind {
    FaultKind::LineTooLong { .. } => format!("{} long line", fault.node),
    _ => format!("{} {}", fault.node, fault.text),
});

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let nodes = group.nodes();
    let draft = match &fault.kind {
        FaultKind::Dropped(why) if fault.language == Some(LanguageId::Frr) => {
            out.report(format!("\"{}\" on {nodes} does nothing of what it says: {why}", fault.text))
        }
        FaultKind::LineTooLong { limit } => out
            .report(format!(
                "a line on {nodes} is longer than {limit} bytes: what is behind them counts \
                    as another line"
            ))
            .help("split it into several lines"),
        _ => return,
    };
    group.mark(draft, "dropped", "lands elsewhere, or is lost").done();
}
