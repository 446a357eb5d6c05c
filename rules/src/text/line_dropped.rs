use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{
    model::{
        FaultKind,
        refusal::{Disregard, EvpnLine},
    },
    source::LanguageId,
};
use std::collections::BTreeSet;

pub(super) const FAULTS: Faults = Faults::of(|fault| match fault.kind {
    FaultKind::Dropped(_) => fault.language == Some(LanguageId::Frr),
    FaultKind::LineTooLong { .. } => true,
    _ => false,
})
.by(|fault| match &fault.kind {
    // One line that is missing, or stands too low, is one cause for all that want it.
    FaultKind::Dropped(Disregard::NotEvpn(_, line)) => format!("{line:?}"),
    kind => format!("{kind:?} {}", fault.text),
})
.about(|fault| match fault.kind {
    FaultKind::LineTooLong { .. } => format!("{} long line", fault.node),
    _ => format!("{} {}", fault.node, fault.text),
});

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let nodes = group.nodes();
    let draft = match &fault.kind {
        FaultKind::Dropped(Disregard::NotEvpn(_, line)) => return not_evpn(group, *line, out),
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

/// Lines that count only below `advertise-all-vni`.
fn not_evpn(group: &Group, line: EvpnLine, out: &mut Out) {
    let nodes = group.nodes();
    let texts: BTreeSet<&str> = group.faults.iter().map(|fault| fault.text.as_str()).collect();
    let (lines, stand) = match texts.len() {
        1 => (format!("\"{}\" on {nodes} does nothing of what it says: it", group.first().text), "stands"),
        count => (format!("{count} lines on {nodes} do nothing of what they say: they"), "stand"),
    };
    let message = match line {
        EvpnLine::Below => format!("{lines} {stand} above advertise-all-vni, where bgpd forgets it"),
        EvpnLine::OtherInstance => {
            format!("{lines} {stand} in another instance than advertise-all-vni, which has the VNIs")
        }
        EvpnLine::Missing => {
            let has = if nodes.contains(' ') { "have" } else { "has" };
            let them = if texts.len() == 1 { "line that wants" } else { "lines that want" };
            format!("{nodes} {has} no advertise-all-vni: no VNI is announced, and bgpd forgets the {them} it")
        }
    };
    let help = match line {
        EvpnLine::Below => "move advertise-all-vni up, to the beginning of its address family",
        EvpnLine::OtherInstance => {
            "write `rd` and `route-target` of a VRF in the `address-family l2vpn evpn` of its instance, without a `vni` block; \
             those of a bridged VNI belong below advertise-all-vni in the other instance"
        }
        EvpnLine::Missing => "add `advertise-all-vni` at the beginning of `address-family l2vpn evpn`",
    };
    group.mark(out.report(message), "dropped", "lands elsewhere, or is lost").help(help).done();
}
