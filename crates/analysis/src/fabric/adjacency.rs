//! Whether the two ends of a link become neighbours in OSPF, IS-IS and OpenFabric.

use super::{
    device::Device,
    origination::{is_passive, ospf_area},
    underlay::Port,
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        frr::Frr,
        igp::{AreaKind, IsIs, IsIsLink, Level, OspfLink},
        is_on,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::net::Ipv4Addr;

/// One thing that differs on one link.
#[derive(Clone)]
pub struct Difference {
    /// What it is, by its name in the manual.
    pub what: &'static str,
    /// The nodes, what each of them has, and where.
    pub ends: [(NodeIndex, String, Option<Span>); 2],
    /// What comes of it.
    pub harm: &'static str,
}

/// What keeps two ends of a link apart, or their routes; nothing where one of them takes no part in OSPF.
pub fn differences(devices: &ByNode<Device>, a: &Port, b: &Port) -> Vec<Difference> {
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
    let type_of = |port: &Port, area: Ipv4Addr| {
        let frr = devices[port.node].node.frr.as_ref();
        let ospf = frr.and_then(|frr| frr.ospf.iter().find(|ospf| ospf.vrf.is_none()));
        let kind = ospf.and_then(|ospf| ospf.areas.get(&area));
        let name = match kind.map(|kind| kind.value) {
            None => "normal",
            Some(AreaKind::Stub { .. }) => "stub",
            Some(AreaKind::Nssa { .. }) => "nssa",
        };
        (name, kind.and_then(|kind| kind.span()).or(ospf.map(|ospf| ospf.span)))
    };
    let types = [type_of(a, left.1), type_of(b, right.1)];
    if left.1 == right.1 && types[0].0 != types[1].0 {
        let end = |port: &Port, (name, span): (&str, Option<Span>)| (port.node, format!("{name} area"), span);
        let ends = [end(a, types[0]), end(b, types[1])];
        all.push(Difference { what: "type of area", ends, harm: "no adjacency forms over it" });
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

/// The process and the circuit of an end that takes part in IS-IS or OpenFabric.
fn circuit<'d>(devices: &'d ByNode<Device>, port: &Port) -> Option<(&'d IsIs, &'d IsIsLink)> {
    let frr = devices[port.node].node.frr.as_ref()?;
    let own = &frr.links.get(&port.link.name)?.isis;
    let tag = own.ipv4.as_ref().or(own.ipv6.as_ref())?;
    Some((frr.isis.iter().find(|isis| isis.tag == tag.value)?, own))
}

/// The levels of a circuit, and where they are written.
fn levels(isis: &IsIs, own: &IsIsLink) -> ([bool; 2], Option<Span>) {
    let whole = isis.level.as_ref().map_or(if isis.openfabric { Level::Two } else { Level::Both }, |own| own.value);
    let circuit = own.circuit.as_ref().map_or(whole, |own| own.value);
    let has = |level: Level| [whole, circuit].iter().all(|own| *own == Level::Both || *own == level);
    let span = own.circuit.as_ref().and_then(|own| own.span()).or(isis.level.as_ref().and_then(|own| own.span()));
    ([has(Level::One), has(Level::Two)], span.or(Some(isis.span)))
}

/// The area within which an interface speaks level 1 of IS-IS; none where it does not.
pub fn level_one(frr: &Frr, link: &Link) -> Option<String> {
    let own = &frr.links.get(&link.name)?.isis;
    let tag = own.ipv4.as_ref().or(own.ipv6.as_ref())?;
    let isis = frr.isis.iter().find(|isis| isis.tag == tag.value)?;
    let ([speaks, _], _) = levels(isis, own);
    speaks.then(|| isis.area().unwrap_or_default())
}

/// What keeps two ends of a link apart in IS-IS or OpenFabric, or their routes (ISO 10589, RFC 1195; RFC 5305 for wide
/// metrics); nothing where one of them takes no part.
pub fn isis_differences(devices: &ByNode<Device>, a: &Port, b: &Port) -> Vec<Difference> {
    let (Some((one, left)), Some((other, right))) = (circuit(devices, a), circuit(devices, b)) else { return vec![] };
    if one.openfabric != other.openfabric || is_on(&left.passive) || is_on(&right.passive) {
        return vec![];
    }
    let mut all = vec![];
    let mut differ = |what, harm, [x, y]: [(String, Option<Span>); 2]| {
        if x.0 != y.0 {
            let end = |port: &Port, isis: &IsIs, (value, span): (String, Option<Span>)| {
                (port.node, value, span.or(Some(isis.span)))
            };
            all.push(Difference { what, ends: [end(a, one, x), end(b, other, y)], harm });
        }
    };
    let none = "no adjacency forms over it";
    let (x, y) = (levels(one, left), levels(other, right));
    let shares = [0, 1].map(|level| x.0[level] && y.0[level]);
    if shares == [false, false] {
        let words = |levels: [bool; 2]| if levels[0] { "level 1" } else { "level 2" }.to_owned();
        differ("level", none, [(words(x.0), x.1), (words(y.0), y.1)]);
    } else if !shares[1] {
        let area = |isis: &IsIs| {
            (format!("area {}", isis.area().unwrap_or_default()), isis.net.as_ref().and_then(|net| net.span()))
        };
        differ("area", none, [area(one), area(other)]);
    }
    let style = |isis: &IsIs| isis.metric_style.as_ref().map_or("wide".to_owned(), |own| own.value.clone());
    if [one, other].iter().all(|isis| style(isis) != "transition") {
        let end =
            |isis: &IsIs| (format!("{} metrics", style(isis)), isis.metric_style.as_ref().and_then(|own| own.span()));
        differ("style of metrics", "the adjacency forms and no route comes over it", [end(one), end(other)]);
    }
    if !one.openfabric {
        let end = |own: &IsIsLink| {
            let kind = if is_on(&own.point_to_point) { "point-to-point" } else { "broadcast" };
            (kind.to_owned(), own.point_to_point.as_ref().and_then(|own| own.span()))
        };
        differ("network type", none, [end(left), end(right)]);
    }
    let end = |own: &IsIsLink| match &own.authentication {
        Some(kind) => (format!("{kind} authentication"), kind.span()),
        None => ("no authentication".to_owned(), None),
    };
    differ("authentication", none, [end(left), end(right)]);
    all
}
