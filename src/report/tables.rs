//! What is predicted, as tables: BGP sessions, VNIs with their flood lists, type-5 routes. One row a line for the eye;
//! everything, with its place, as JSON.

use super::{
    layout::{columns, place},
    tenants,
};
use evpnlint_analysis::{
    fabric::{NodeIndex, tenants::title},
    predict::{
        Prediction,
        fate::{SessionFate, State},
        flood::FloodMember,
        tenant::Route,
    },
};
use evpnlint_core::source::{Sources, Span};
use serde::Serialize;
use std::io;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// BGP sessions, each as either end sees it.
    Sessions,
    /// VNIs with their flood lists.
    Vnis,
    /// Type-5 routes.
    Routes,
    /// Tenants, and who leaks into whom.
    Tenants,
}

#[derive(Serialize)]
struct Session<'a> {
    node: &'a str,
    vrf: &'a str,
    peer: String,
    state: &'static str,
    families: Vec<String>,
    with: Option<&'a str>,
    dynamic: bool,
    why: Option<String>,
    path: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Vni<'a> {
    node: &'a str,
    vni: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    vrf: &'a str,
    vtep: Option<String>,
    live: bool,
    /// Those that any route is kept of.
    remote_vteps: Vec<String>,
    /// Those of them that broadcast, ARP and unknown unicast go to.
    flood_vteps: Vec<String>,
    why: Option<String>,
    path: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Type5<'a> {
    node: &'a str,
    vrf: &'a str,
    prefix: String,
    rd: Option<String>,
    route_targets: Vec<String>,
    next_hop: String,
    router_mac: Option<String>,
    from: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<Session<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vnis: Option<Vec<Vni<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    routes: Option<Vec<Type5<'a>>>,
}

/// Writes a table as JSON, of one node or of all.
///
/// # Errors
/// When it cannot be written.
pub fn json(
    table: Table,
    prediction: &Prediction,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if table == Table::Tenants {
        return tenants::json(prediction.fabric, node, sources, out);
    }
    let routes = (table == Table::Routes).then(|| prediction.routes());
    let report = Report {
        version: 1,
        sessions: (table == Table::Sessions).then(|| sessions(prediction, node, sources)),
        vnis: (table == Table::Vnis).then(|| vnis(prediction, node, sources)),
        routes: routes.as_ref().map(|routes| type5(prediction, node, routes)),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Writes a table in columns, of one node or of all.
///
/// # Errors
/// When it cannot be written.
pub fn text(
    table: Table,
    prediction: &Prediction,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    match table {
        Table::Sessions => {
            let rows = sessions(prediction, node, sources).into_iter().map(|own| {
                let what = own.why.unwrap_or_else(|| own.families.join(", "));
                let with = own.with.unwrap_or("").to_owned();
                vec![own.node.to_owned(), own.vrf.to_owned(), own.peer, dash(with), own.state.to_owned(), what]
            });
            columns(["node", "vrf", "peer", "with", "state", "address families, or why not"], rows, out)
        }
        Table::Vnis => {
            let rows = vnis(prediction, node, sources).into_iter().map(|own| {
                let what = own.why.unwrap_or_else(|| dash(own.flood_vteps.join(" ")));
                let vtep = dash(own.vtep.unwrap_or_default());
                vec![own.node.to_owned(), own.vni.to_string(), own.kind.to_owned(), own.vrf.to_owned(), vtep, what]
            });
            columns(["node", "vni", "type", "vrf", "vtep", "flood list, or why not"], rows, out)
        }
        Table::Routes => {
            let routes = prediction.routes();
            let rows = type5(prediction, node, &routes).into_iter().map(|own| {
                let mac = own.router_mac.unwrap_or_default();
                let tags = format!("rd {} rt {}", dash(own.rd.unwrap_or_default()), own.route_targets.join(" "));
                vec![
                    own.node.to_owned(),
                    own.vrf.to_owned(),
                    own.prefix,
                    format!("{} {}", own.from, own.next_hop),
                    dash(mac),
                    tags,
                ]
            });
            columns(["node", "vrf", "prefix", "from", "router mac", "rd and route targets"], rows, out)
        }
        Table::Tenants => tenants::text(prediction.fabric, node, sources, out),
    }
}

fn sessions<'a>(prediction: &'a Prediction, node: Option<NodeIndex>, sources: &'a Sources) -> Vec<Session<'a>> {
    let fabric = prediction.fabric;
    let session_ends = fabric.sessions.ends.iter().zip(&prediction.sessions);
    let mut rows: Vec<Session> = session_ends
        .filter(|(session_end, _)| node.is_none_or(|node| session_end.node == node))
        .map(|(session_end, verdict)| {
            row(
                prediction,
                (session_end.node, session_end.vrf(), session_end.neighbor.name.to_string()),
                verdict,
                session_end.neighbor.place(),
                sources,
            )
        })
        .collect();
    for caller in prediction.callers().into_iter().filter(|own| node.is_none_or(|node| own.node == node)) {
        let verdict = &prediction.sessions[caller.session_end];
        let with = fabric.sessions.ends[caller.session_end].node;
        let verdict = SessionFate { with: Some(with), ..verdict.clone() };
        let mut row =
            row(prediction, (caller.node, caller.vrf, caller.address.to_string()), &verdict, caller.span, sources);
        row.dynamic = true;
        rows.push(row);
    }
    rows.sort_by(|a, b| a.node.cmp(b.node));
    rows
}

fn row<'a>(
    prediction: &'a Prediction,
    (node, vrf, peer): (NodeIndex, &'a str, String),
    verdict: &SessionFate,
    span: Option<Span>,
    sources: &'a Sources,
) -> Session<'a> {
    let fabric = prediction.fabric;
    let place = span.map(|span| place(span, sources));
    Session {
        node: fabric.name(node),
        vrf: title(vrf),
        peer,
        state: match verdict.state {
            State::Up => "up",
            State::Down => "down",
            State::Unknown => "unknown",
        },
        families: verdict.families.iter().map(ToString::to_string).collect(),
        with: verdict.with.map(|with| fabric.name(with)),
        dynamic: false,
        why: verdict.cause.as_ref().map(|cause| cause.why.clone()),
        path: place.map(|(path, _)| path),
        line: place.map(|(_, line)| line),
    }
}

fn vnis<'a>(prediction: &'a Prediction, node: Option<NodeIndex>, sources: &'a Sources) -> Vec<Vni<'a>> {
    let floods = &prediction.floods;
    let members = floods.vnis.values().flatten().map(|member| (member, "L2"));
    let members = members.chain(floods.vrfs.iter().map(|member| (member, "L3")));
    let mut rows: Vec<Vni> = members
        .filter(|(member, _)| node.is_none_or(|node| member.origin.node == node))
        .filter(|(member, _)| member.origin.lack.is_none_or(|lack| lack.is_known()))
        .map(|(member, kind)| vni(prediction, member, kind, sources))
        .collect();
    rows.sort_by(|a, b| (a.node, a.vni).cmp(&(b.node, b.vni)));
    rows
}

fn vni<'a>(prediction: &'a Prediction, member: &'a FloodMember, kind: &'static str, sources: &'a Sources) -> Vni<'a> {
    let (fabric, floods) = (prediction.fabric, &prediction.floods);
    let origin = &member.origin;
    let place = origin.span.map(|span| place(span, sources));
    Vni {
        node: fabric.name(origin.node),
        vni: origin.vni.number(),
        kind,
        vrf: title(origin.vrf),
        vtep: origin.vtep.map(|vtep| vtep.to_string()),
        live: origin.lack.is_none(),
        remote_vteps: floods.remotes(member).into_iter().map(|vtep| vtep.to_string()).collect(),
        flood_vteps: floods.floods(member).into_iter().map(|vtep| vtep.to_string()).collect(),
        why: origin.lack.map(|lack| lack.cause(fabric, origin).why),
        path: place.map(|(path, _)| path),
        line: place.map(|(_, line)| line),
    }
}

fn type5<'a>(prediction: &'a Prediction, node: Option<NodeIndex>, routes: &'a [Route<'a>]) -> Vec<Type5<'a>> {
    let fabric = prediction.fabric;
    let own = routes.iter().filter(|route| node.is_none_or(|node| route.node == node));
    own.map(|route| Type5 {
        node: fabric.name(route.node),
        vrf: title(route.vrf),
        prefix: route.prefix.to_string(),
        rd: route.rd.map(|rd| rd.to_string()),
        route_targets: route.targets.iter().map(ToString::to_string).collect(),
        next_hop: route.next_hop.to_string(),
        router_mac: route.router_mac.map(|mac| mac.to_string()),
        from: fabric.name(route.from),
    })
    .collect()
}
