use crate::{
    finding::{Member, Out},
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
    if found.is_empty() {
        return;
    }
    let subject = |view: &View, gateway: &Gateway| format!("{} of {}", gateway.svi.name, view.name());
    out.group(
        &found,
        |(view, (gateway, span))| Member::new(view.name(), &gateway.svi.name, *span),
        |found, out| {
            let names = join_names(found.iter().map(|(view, (gateway, _))| subject(view, gateway)));
            out.report(format!("no forwarding on {names}, which hosts have as their gateway"))
                .also(found.iter().take(shown::MANY).map(|(view, (gateway, span))| (*span, subject(view, gateway))))
                .help("write `ip-forward on`, or take the line away")
                .done();
        },
    );
}
