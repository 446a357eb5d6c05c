use crate::{
    finding::{Member, Out, Severity},
    shown,
    view::Nodes,
};
use evpnlint_analysis::fabric::forwarding::{self, Switched};
use evpnlint_core::words::join_names;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    // By whether the line has an effect.
    let found = nodes.by_cause(|view| {
        view.gateways().filter_map(move |gateway| {
            let switch = gateway.svi.ip_forward.as_ref().filter(|switch| !switch.value)?;
            let is_ipv4 = gateway.addresses.iter().any(|address| address.ip.is_ipv4());
            let off = forwarding::off(view.device(), gateway.svi, true);
            let is_off = off.is_some_and(|off| off.by == Switched::Attribute);
            is_ipv4.then(|| (is_off, (gateway.svi, switch.span())))
        })
    });
    for (is_off, gateways) in found {
        out.group(
            &gateways,
            |(view, (svi, span))| Member::new(view.name(), &svi.name, *span),
            |gateways, out| {
                let gateway = if gateways.len() == 1 { "this gateway" } else { "these gateways" };
                let subject = |svi: &str, node: &str| format!("{svi} of {node}");
                let names = join_names(gateways.iter().map(|(view, (svi, _))| subject(&svi.name, view.name())));
                let places = gateways.iter().map(|(view, (svi, span))| (*span, subject(&svi.name, view.name())));
                let draft = out
                    .report(if is_off {
                        format!(
                            "no forwarding on {names}: what hosts send through {gateway} into other subnets is dropped"
                        )
                    } else {
                        format!("`ip-forward off` on {names} has no effect: forwarding is switched on again")
                    })
                    .also(places.take(shown::MANY));
                if is_off {
                    draft.help("write `ip-forward on`, or take the line away, and run `ifreload -a`").done();
                } else {
                    draft.help("take the line away").cap_severity(Severity::Info).done();
                }
            },
        );
    }
}
