use crate::{finding::Out, view::View};
use evpnlint_core::model::link::Link;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let Some(file) = &view.node().interfaces else { return };
    if file.template.is_some() || !file.unread.is_empty() {
        return;
    }
    let links = || view.node().links.values().filter(|link| link.is_described());
    let free: Vec<&Link> = device.unused_ports().collect();
    let [meant] = free.as_slice() else { return };
    for bridge in links().filter(|link| !link.addresses.is_empty()) {
        let [port] = bridge.ports() else { continue };
        let is_card = port.starts_with('e') && !port.contains('.') && !device.hooks_mention(port);
        if !is_card || device.link(port).is_some_and(|link| link.is_described()) {
            continue;
        }
        let name = view.name();
        out.report(format!(
            "the only port of {} on {name} is {port}, which nothing describes, and {} is described and in no bridge: \
             without that port the node is cut off",
            bridge.name, meant.name
        ))
        .about(format!("{name} bridge {} port {port}", bridge.name))
        .at(port.span(), "nothing describes it")
        .at(Some(meant.place()), "in no bridge")
        .help("if the network card has a new name, write it in both places; `ip link` shows which of them is there")
        .done();
    }
}
