//! Whether tunnels fit, as a table: for each VNI and each node that sends into it, the tightest way to another VTEP.

use super::layout::columns;
use evpnlint_analysis::{
    fabric::NodeIndex,
    predict::{
        Prediction,
        budget::{Budget, Budgets, Fit},
    },
};
use evpnlint_core::{model::Vni, source::Sources};
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Row<'a> {
    vni: u32,
    node: &'a str,
    /// The VTEP at the end of the tightest way.
    to: &'a str,
    /// What hosts send, in bytes.
    inner_mtu: u32,
    /// What the tunnel adds.
    overhead: u32,
    /// The smallest MTU on all equal-cost ways, where it is known.
    underlay_mtu: Option<u32>,
    /// How much is left, or too little.
    headroom: Option<i64>,
    /// Whether the largest packets arrive; none where that is not known.
    fits: Option<bool>,
    bottleneck: Option<Bottleneck<'a>>,
}

#[derive(Serialize)]
struct Bottleneck<'a> {
    node: &'a str,
    interface: &'a str,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    budgets: Vec<Row<'a>>,
}

/// Writes it as JSON, of one node or of all.
///
/// # Errors
/// When it cannot be written.
pub fn json(
    prediction: &Prediction,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let budgets = prediction.budgets();
    let report = Report { version: 1, budgets: rows(prediction, &budgets, node, sources) };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Writes it in columns, of one node or of all.
///
/// # Errors
/// When it cannot be written.
pub fn text(
    prediction: &Prediction,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let budgets = prediction.budgets();
    let rows = rows(prediction, &budgets, node, sources).into_iter().map(|row| {
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let where_ = row.bottleneck.map_or("-".to_owned(), |own| format!("{} {}", own.node, own.interface));
        [
            row.vni.to_string(),
            row.node.to_owned(),
            row.to.to_owned(),
            format!("{} + {}", row.inner_mtu, row.overhead),
            number(row.underlay_mtu.map(i64::from)),
            number(row.headroom),
            where_,
        ]
    });
    columns(["vni", "from", "to", "packet", "underlay", "headroom", "tightest interface"], rows, out)
}

/// The tightest way of each sender, what is not known behind what is.
fn rows<'a>(
    prediction: &'a Prediction,
    budgets: &'a Budgets,
    node: Option<NodeIndex>,
    sources: &'a Sources,
) -> Vec<Row<'a>> {
    let row = |((vni, from), budget): ((Vni, NodeIndex), Budget)| {
        let least = budgets.least(budget.limit);
        let port = budget.limit.and_then(|limit| limit.port).map(|port| &prediction.demand().ports.all[port as usize]);
        let bottleneck = port.and_then(|port| {
            let span = port.mtu.as_ref()?.span;
            let file = &sources[span.file];
            let (line, _) = file.line_column(span.start);
            Some(Bottleneck {
                node: prediction.fabric.name(port.node),
                interface: &port.link.name,
                path: &file.path,
                line,
            })
        });
        Row {
            vni: vni.number(),
            node: prediction.fabric.name(from),
            to: prediction.fabric.name(budget.to),
            inner_mtu: budget.need.inner,
            overhead: budget.need.overhead,
            underlay_mtu: least,
            headroom: least.map(|least| i64::from(least) - i64::from(budget.need.bytes())),
            fits: match budgets.fit(&budget) {
                Fit::Fits => Some(true),
                Fit::TooSmall => Some(false),
                Fit::Unknown => None,
            },
            bottleneck,
        }
    };
    budgets.tightest(node).into_iter().map(row).collect()
}
