//! Who leaks into whom: the tenants against each other, and each leak with the lines that make it.

use super::layout::{columns, place};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    tenants::{Leak, TenantIndex},
};
use evpnlint_core::source::Sources;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

/// The most tenants that a matrix is drawn of; more are told one by one only.
const MOST_COLUMNS: usize = 24;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tenants: Vec<Tenant<'a>>,
    leaks: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Tenant<'a> {
    name: &'a str,
    /// What its VRFs are called.
    vrfs: Vec<&'a str>,
    l3vnis: Vec<u32>,
}

#[derive(Serialize)]
struct Row<'a> {
    from: &'a str,
    to: &'a str,
    /// Tenants on the way.
    through: Vec<&'a str>,
    /// Whether it happens for all that configuration says; else a route-map asks what no file tells.
    sure: bool,
    /// Why it is allowed, where it is.
    allowed: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    node: &'a str,
    text: String,
    path: Option<&'a str>,
    line: Option<u32>,
}

/// The leaks, of all nodes or those with a step on one.
fn rows<'a>(fabric: &'a Fabric, node: Option<NodeIndex>, sources: &'a Sources) -> Vec<Row<'a>> {
    let tenants = &fabric.tenants;
    let title = |tenant: TenantIndex| tenants.all[tenant].title();
    let row = |leak: Leak| Row {
        from: title(leak.from),
        to: title(leak.to),
        through: leak.legs[1..leak.legs.len() - 1].iter().map(|tenant| title(*tenant)).collect(),
        sure: leak.sure,
        allowed: tenants.allowed(&fabric.cluster.allowed, leak.from, leak.to).map(|own| own.reason.as_str()),
        steps: leak
            .hops
            .iter()
            .map(|hop| {
                let place = hop.span.map(|span| place(span, sources));
                Step {
                    node: fabric.name(hop.node),
                    text: hop.text(&fabric.devices),
                    path: place.map(|(path, _)| path),
                    line: place.map(|(_, line)| line),
                }
            })
            .collect(),
    };
    let mut rows = vec![];
    tenants.each_leak(
        |_, _| true,
        |leak| {
            if node.is_none_or(|node| leak.hops.iter().any(|hop| hop.node == node)) {
                rows.push(row(leak));
            }
        },
    );
    rows
}

/// Writes all tenants and leaks as JSON.
///
/// # Errors
/// When it cannot be written.
pub(super) fn json(
    fabric: &Fabric,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let own = fabric.tenants.all.iter().filter(|tenant| !tenant.is_default());
    let tenants = own.map(|tenant| Tenant {
        name: tenant.title(),
        vrfs: tenant.names.iter().copied().collect(),
        l3vnis: tenant.l3vnis.iter().map(|vni| vni.number()).collect(),
    });
    let report = Report { version: 1, tenants: tenants.collect(), leaks: rows(fabric, node, sources) };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Writes the matrix of those that leak, and each leak with its lines.
///
/// # Errors
/// When it cannot be written.
pub(super) fn text(
    fabric: &Fabric,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let rows = rows(fabric, node, sources);
    let count = fabric.tenants.all.iter().filter(|tenant| !tenant.is_default()).count();
    if rows.is_empty() {
        return writeln!(out, "{count} tenants, none of which leaks into another");
    }
    let names: BTreeSet<&str> = rows.iter().flat_map(|row| [row.from, row.to]).collect();
    if names.len() <= MOST_COLUMNS {
        matrix(&names, &rows, out)?;
    } else {
        writeln!(out, "{} of {count} tenants leak or are leaked into: too many for a matrix", names.len())?;
    }
    for row in rows {
        let through: String = row.through.iter().map(|name| format!(" through {name}")).collect();
        let sure = if row.sure { "" } else { ", perhaps" };
        let allowed = row.allowed.map_or(String::new(), |reason| format!(", allowed: {reason}"));
        writeln!(out, "\n{} leaks into {}{through}{sure}{allowed}", row.from, row.to)?;
        for step in row.steps {
            match step.path.zip(step.line) {
                Some((path, line)) => writeln!(out, "  {}  [{path}:{line}]", step.text)?,
                None => writeln!(out, "  {}", step.text)?,
            }
        }
    }
    Ok(())
}

/// Whose routes, down; into whose VRFs, across.
fn matrix(names: &BTreeSet<&str>, rows: &[Row], out: &mut dyn io::Write) -> io::Result<()> {
    let cells: BTreeMap<(&str, &str), &str> = rows
        .iter()
        .map(|row| {
            let word = match (row.allowed, row.sure) {
                (Some(_), _) => "allowed",
                (None, true) => "leaks",
                (None, false) => "perhaps",
            };
            ((row.from, row.to), word)
        })
        .collect();
    let cell = |from, to| cells.get(&(from, to)).copied().unwrap_or(if from == to { "" } else { "-" }).to_owned();
    let head: Vec<String> = ["from \\ to"].iter().chain(names).map(|name| (*name).to_owned()).collect();
    let lines = names.iter().map(|from| {
        let own = std::iter::once((*from).to_owned());
        own.chain(names.iter().map(|to| cell(from, to))).collect::<Vec<String>>()
    });
    columns(head, lines, out)
}
