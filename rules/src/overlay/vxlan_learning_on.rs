use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, View},
};
use evpnlint_core::{model::link::Link, source::Span, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let found = nodes.find(learning);
    if found.is_empty() {
        return;
    }
    out.group(
        &found,
        |(view, (link, span))| Member::new(view.name(), &link.name, *span),
        |found, out| {
            let names = join_names(found.iter().map(|(view, (link, _))| format!("{} {}", view.name(), link.name)));
            out.report(format!("MAC addresses are learnt from the data plane, beside EVPN, by {names}"))
                .also(
                    found
                        .iter()
                        .take(shown::MANY)
                        .map(|(view, (link, span))| (*span, format!("{} of {}", link.name, view.name()))),
                )
                .help("write `bridge-learning off` under the VXLAN devices")
                .done();
        },
    );
}

/// The VXLAN devices of a node that learn beside EVPN, and where that is written.
fn learning<'m>(view: View<'_, 'm>) -> Vec<(&'m Link, Span)> {
    if !view.device().runs_evpn() {
        return vec![];
    }
    let (mut found, mut seen) = (vec![], BTreeSet::new());
    let policy = view.node().interfaces.as_ref().and_then(|file| file.policy.learning.as_ref());
    let local_vnis = &view.device().local_vnis;
    for local_vni in local_vnis.iter().filter(|local_vni| !local_vni.is_static() && local_vni.bridge.is_some()) {
        let (port, device) = (&local_vni.link.port.learning, &local_vni.vxlan.learning);
        let learning = port.as_ref().or(device.as_ref()).or(policy);
        if learning.is_none_or(|learning| learning.value) && seen.insert(local_vni.link.name.as_str()) {
            let span = learning.and_then(|learning| learning.span());
            found.push((local_vni.link, span.unwrap_or(local_vni.link.place())));
        }
    }
    found
}
