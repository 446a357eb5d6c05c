//! An interface that two bridges, or a bridge and a bond, claim as theirs.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes = BTreeMap::<_, Vec<(usize, Vec<Span>)>>::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let mut claims: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
        let hooks: BTreeSet<Span> =
            device.node.links.values().flat_map(|link| &link.hooks).filter_map(|hook| hook.span()).collect();
        for master in device.node.links.values() {
            for (port, span) in claimed(&hooks, master) {
                claims.entry(port).or_default().push((&master.name, span));
            }
        }
        for (port, masters) in claims.into_iter().filter(|(_, masters)| masters.len() > 1) {
            let (names, spans): (Vec<&str>, Vec<Span>) = masters.iter().copied().unzip();
            causes.entry((port, names)).or_default().push((node, spans));
        }
    }
    for ((port, masters), found) in causes {
        let nodes = join_names(found.iter().map(|(node, _)| fabric.name(*node)));
        let last = masters[masters.len() - 1];
        let places = found.iter().flat_map(|(node, spans)| {
            spans
                .iter()
                .rev()
                .zip(masters.iter().rev())
                .map(|(span, master)| (*span, format!("{master} of {} takes it", fabric.name(*node))))
        });
        out.report(format!(
            "{port} on {nodes} is in {}: an interface has one master, and {last}, the last, gets \
            it",
            join_names(&masters)
        ))
        .about(format!("{} port {port}", fabric.name(found[0].0)))
        .also(places)
        .help(format!("remove {port} from all but one of {}", join_names(&masters)))
        .done();
    }
}

/// The ports that a bridge or bond names itself. What a regular expression covers, or a hook may do, is no claim.
fn claimed<'m>(hooks: &BTreeSet<Span>, master: &'m Link) -> Vec<(&'m str, Span)> {
    let ports = match &master.kind {
        LinkKind::Bridge { ports, open: false, .. } => ports,
        LinkKind::Bond { slaves } => slaves,
        _ => return vec![],
    };
    ports
        .iter()
        .filter_map(|port| Some((port.value.as_str(), port.span()?)))
        .filter(|(_, span)| !hooks.contains(span))
        .collect()
}
