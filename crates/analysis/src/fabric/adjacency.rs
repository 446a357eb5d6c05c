//! Whether the two ends of a link become neighbours in OSPF.

use super::{
    device::Device,
    origination::{is_passive, ospf_area},
    underlay::Port,
};
use crate::index::NodeIndex;
use evpnlint_core::{
    model::{igp::OspfLink, link::LinkKind},
    source::Span,
};

/// One thing that differs on one link.
pub struct Difference {
    /// What it is, by its name in the manual.
    pub what: &'static str,
    /// The nodes, what each of them has, and where.
    pub ends: [(NodeIndex, String, Option<Span>); 2],
    /// What comes of it.
    pub harm: &'static str,
}

/// What keeps two ends of a link apart, or their routes; nothing where one of them takes no part in OSPF.
pub fn differences(devices: &[Device], a: &Port, b: &Port) -> Vec<Difference> {
    let ospf = |port: &Port| {
        let frr = devices[port.node].node.frr.as_ref()?;
        let (area, span) = ospf_area(frr, port.link, port.address.ip)?;
        let (passive, _) = is_passive(frr, port.link)?;
        Some((frr.links.get(&port.link.name).map(|link| link.ospf.clone()).unwrap_or_default(), area, span, passive))
    };
    let (Some(left), Some(right)) = (ospf(a), ospf(b)) else { return vec![] };
    if left.3 || right.3 {
        return vec![];
    }
    let mut all = vec![];
    let block = |port: &Port| port.link.frr.or(Some(port.address.span()?));
    if left.1 != right.1 {
        let ends = [(a.node, format!("area {}", left.1), left.2), (b.node, format!("area {}", right.1), right.2)];
        all.push(Difference { what: "area", ends, harm: "no adjacency forms over it" });
    }
    // What a tunnel is unless written depends on the kernel's flags (`if_is_pointopoint`).
    let is_told = |own: &OspfLink, port: &Port| own.network.is_some() || !matches!(port.link.kind, LinkKind::Other(_));
    let kind = |own: &OspfLink| {
        own.network
            .as_ref()
            .map_or("broadcast".to_owned(), |kind| kind.value.split(' ').next().unwrap_or("").to_owned())
    };
    if is_told(&left.0, a) && is_told(&right.0, b) && kind(&left.0) != kind(&right.0) {
        let span = |own: &OspfLink, port: &Port, area: Option<Span>| {
            own.network.as_ref().and_then(|kind| kind.span()).or(area).or(block(port))
        };
        let ends =
            [(a.node, kind(&left.0), span(&left.0, a, left.2)), (b.node, kind(&right.0), span(&right.0, b, right.2))];
        all.push(Difference { what: "network type", ends, harm: "the adjacency forms and no route comes over it" });
    }
    let hello = |own: &OspfLink| own.hello.as_ref().map_or(10, |seconds| seconds.value);
    let dead = |own: &OspfLink| own.dead.as_ref().map_or(4 * hello(own), |seconds| seconds.value);
    for (what, one, other, spans) in [
        ("hello interval", hello(&left.0), hello(&right.0), [left.0.hello.as_ref(), right.0.hello.as_ref()]),
        ("dead interval", dead(&left.0), dead(&right.0), [left.0.dead.as_ref(), right.0.dead.as_ref()]),
    ] {
        if one != other && (what == "hello interval" || hello(&left.0) == hello(&right.0)) {
            let span = |at: usize, port: &Port| spans[at].and_then(|seconds| seconds.span()).or(block(port));
            let ends = [(a.node, format!("{one} s"), span(0, a)), (b.node, format!("{other} s"), span(1, b))];
            all.push(Difference { what, ends, harm: "no adjacency forms over it" });
        }
    }
    all
}
