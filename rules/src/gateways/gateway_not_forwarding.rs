use crate::{
    finding::Out,
    shown,
    view::{Nodes, View},
};
use evpnlint_analysis::fabric::gateway::Gateway;
use evpnlint_core::words::join_names;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let found = nodes.find(|view| {
        view.gateways().filter_map(|gateway| {
            let switch = gateway.svi.ip_forward.as_ref().filter(|switch| !switch.value)?;
            let is_ipv4 = gateway.addresses.iter().any(|address| address.ip.is_ipv4());
            is_ipv4.then(|| (gateway, switch.span()))
        })
    });
    let Some((first, (gateway, _))) = found.first() else { return };
    let subject = |view: &View, gateway: &Gateway| format!("{} of {}", gateway.svi.name, view.name());
    let names = join_names(found.iter().map(|(view, (gateway, _))| subject(view, gateway)));
    out.report(format!("no forwarding on {names}, which hosts have as their gateway"))
        .about(format!("{} {}", first.name(), gateway.svi.name))
        .also(found.iter().take(shown::MANY).map(|(view, (gateway, span))| (*span, subject(view, gateway))))
        .help("write `ip-forward on`, or take the line away")
        .done();
}
