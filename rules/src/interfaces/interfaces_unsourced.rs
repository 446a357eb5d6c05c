use crate::{
    finding::{Help, Out, Severity},
    view::View,
};
use evpnlint_core::{model::link::Dialect, source::Span};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    let Some(interfaces) = &node.interfaces else { return };
    let mut lines: BTreeMap<&str, Vec<Option<Span>>> = BTreeMap::new();
    for path in interfaces.unfollowed.iter().filter(|_| interfaces.dialect == Dialect::Ifupdown2) {
        lines.entry(&path.value).or_default().push(path.span());
    }
    for (path, spans) in lines {
        out.report(format!(
            "ifupdown2 3.0, which Debian 12 and 13 have, does not follow this line of {}: \
                    what it leads to is not set up",
            view.name()
        ))
        .about(format!("{} source {path}", view.name()))
        .also(spans.into_iter().map(|span| (span, "only `source` with an absolute path is followed")))
        .help(Help::lasting("write `source /etc/network/interfaces.d/*`"))
        .cap_severity(Severity::Warning)
        .done();
    }
    // Every node has a loopback: a file without one is a part of a node's, and the line may stand in the rest.
    if !node.link("lo").is_some_and(|lo| lo.is_described()) {
        return;
    }
    for file in &interfaces.unsourced {
        let sdn = interfaces.sdn.filter(|sdn| file.span().is_some_and(|start| start.file == sdn.file));
        let is_sdn = sdn.is_some();
        let what = if is_sdn { "the file that Proxmox's SDN generates" } else { "a file in interfaces.d" };
        let draft = out
            .report(format!(
                "no `source` line of {} reaches {what}: none of its interfaces exist, and Proxmox only warns",
                view.name()
            ))
            .about(format!("{} unsourced {}", view.name(), file))
            .at(Span { file: interfaces.main, start: 0, end: 0 }, "no line sources it")
            .at(sdn.or(file.span()), "never read")
            .help(Help::lasting("add `source /etc/network/interfaces.d/*` at the end of /etc/network/interfaces"));
        if is_sdn { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    }
}
