use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::{
    fabric::{NodeIndex, device::Mtu},
    predict::{Prediction, ports::Port},
};
use evpnlint_core::words::join_names;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let ports = &prediction.demand().ports;
    // What tunnels or OSPF suffer of it, others tell.
    let conflicts = &fabric.ospf_conflicts;
    let reported: BTreeSet<(NodeIndex, &str)> = conflicts
        .iter()
        .map(|own| (own.small.node, own.small.link.name.as_str()))
        .chain(prediction.narrows().all.iter().map(|own| (own.node, own.link.name.as_str())))
        .chain(fabric.renamed.iter().flat_map(|(node, own)| own.gone.iter().map(|name| (*node, *name))))
        .collect();
    let mut causes: BTreeMap<(u32, u32), Vec<_>> = BTreeMap::new();
    for (one, other) in ports.links() {
        let ends = [one, other].map(|port| &ports.all[port as usize]);
        let sizes = ends.map(|end| end.mtu.as_ref());
        let ([a, b], [Some(x), Some(y)]) = (ends, sizes) else { continue };
        let is_told = ends.iter().any(|end| reported.contains(&(end.node, end.link.name.as_str())));
        if x.bytes != y.bytes && !is_told {
            let (small, large) = if x.bytes < y.bytes { ((a, x), (b, y)) } else { ((b, y), (a, x)) };
            causes.entry((small.1.bytes, large.1.bytes)).or_default().push((small, large));
        }
    }
    for ((small, large), links) in causes {
        out.group(
            &links,
            |((small, mtu), _)| {
                Member::new(fabric.name(small.node), format_args!("{} other end", small.link.name), mtu.span)
            },
            |links, out| {
                let label = |(port, mtu): &(&Port, &Mtu)| {
                    (mtu.span, format!("{} of {}: mtu {}", port.link.name, fabric.name(port.node), mtu.bytes))
                };
                let names = join_names(links.iter().map(|(small, large)| {
                    let name = |port: &Port| format!("{} {}", fabric.name(port.node), port.link.name);
                    format!("{} ({})", name(small.0), name(large.0))
                }));
                out.report(format!(
            "mtu {small} of {names} is smaller than {large} at the other end: what is sent from there and is larger \
             vanishes, and nobody is told"
        ))
        .also(links.iter().take(shown::MANY).map(|(small, _)| label(small)))
        .also(links.iter().take(shown::MANY).map(|(_, large)| label(large)))
        .help(format!("write `mtu {large}` at both ends, or `mtu {small}`; today's tunnels fit either"))
        .done();
            },
        );
    }
}
