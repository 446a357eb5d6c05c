use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found = vec![];
    for (node, device) in fabric.devices.iter().enumerate().filter(|(_, device)| device.runs_evpn()) {
        let mut seen = BTreeSet::new();
        for segment in device.segments.iter().filter(|segment| !segment.is_static() && segment.bridge.is_some()) {
            let policy = fabric.node(node).interfaces.as_ref().and_then(|file| file.policy.learning.as_ref());
            let (port, device) = (&segment.link.port.learning, &segment.vxlan.learning);
            let learning = port.as_ref().or(device.as_ref()).or(policy);
            if learning.is_none_or(|learning| learning.value) && seen.insert(segment.link.name.as_str()) {
                let span = learning.and_then(|learning| learning.span());
                found.push((node, segment.link, span.unwrap_or(segment.link.place())));
            }
        }
    }
    let Some((node, link, _)) = found.first() else { return };
    let names = join_names(found.iter().map(|(node, link, _)| format!("{} {}", fabric.name(*node), link.name)));
    out.report(format!("MAC addresses are learnt from the data plane, beside EVPN, by {names}"))
        .about(format!("{} {}", fabric.name(*node), link.name))
        .also(
            found
                .iter()
                .take(100)
                .map(|(node, link, span)| (*span, format!("{} of {}", link.name, fabric.name(*node)))),
        )
        .help("write `bridge-learning off` under the VXLAN devices")
        .done();
}
