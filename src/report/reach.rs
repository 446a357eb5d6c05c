//! Who can talk to whom: every host with every other, and with its gateway.

use super::layout::columns;
use evpnlint_analysis::{
    forward::{
        Forwarding, SMALL,
        host::HostIndex,
        ping::{Probe, Verdict},
    },
    predict::Prediction,
};
use serde::Serialize;
use std::{io, net::IpAddr};

#[derive(Serialize)]
struct Row<'a> {
    from: &'a str,
    /// A host, or `gateway`, which is the sender's.
    to: &'a str,
    family: &'static str,
    /// A ping without options.
    small: &'static str,
    /// As large as both hosts take, which is what TCP makes of it; fragmented where that is needed.
    full: &'static str,
    /// The same, not to be fragmented.
    full_df: &'static str,
    /// Why the first of them that is not `ok` is not.
    why: Option<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    reach: Vec<Row<'a>>,
}

/// Writes it as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn json(prediction: &Prediction, out: &mut dyn io::Write) -> io::Result<()> {
    let forwarding = Forwarding::new(prediction);
    serde_json::to_writer_pretty(&mut *out, &Report { version: 1, reach: rows(&forwarding) })?;
    writeln!(out)
}

/// Writes it in columns.
///
/// # Errors
/// When it cannot be written.
pub fn text(prediction: &Prediction, out: &mut dyn io::Write) -> io::Result<()> {
    let forwarding = Forwarding::new(prediction);
    let rows = rows(&forwarding).into_iter().map(|row| {
        let why = row.why.unwrap_or_default();
        let cells = [row.from, row.to, row.family, row.small, row.full, row.full_df];
        cells.map(str::to_owned).into_iter().chain([why]).collect::<Vec<_>>()
    });
    columns(["from", "to", "family", "small", "full", "full, DF", "why not"], rows, out)
}

fn rows<'a>(forwarding: &'a Forwarding) -> Vec<Row<'a>> {
    let mut rows = vec![];
    for (from, host) in forwarding.hosts.iter().enumerate() {
        for (is_v4, family) in [(true, "ipv4"), (false, "ipv6")] {
            if host.address(is_v4).is_none() {
                continue;
            }
            let gateway = host.gateways.iter().find(|ip| ip.is_ipv4() == is_v4);
            rows.extend(gateway.map(|ip| row(forwarding, from, "gateway", *ip, family)));
            for other in forwarding.hosts.iter().filter(|other| other.name != host.name) {
                rows.extend(other.address(is_v4).map(|ip| row(forwarding, from, other.name, ip, family)));
            }
        }
    }
    rows
}

fn row<'a>(forwarding: &'a Forwarding, from: HostIndex, to: &'a str, ip: IpAddr, family: &'static str) -> Row<'a> {
    let theirs = forwarding.hosts.iter().find(|host| host.name == to).map_or(u32::MAX, |host| host.mtu);
    let full = forwarding.hosts[from].mtu.min(theirs);
    let echoes = [(SMALL, false), (full, false), (full, true)]
        .map(|(size, df)| forwarding.ping(Probe { from, to: ip, size, df }));
    let word = |verdict| match verdict {
        Verdict::Ok => "ok",
        Verdict::OneWay => "one-way",
        Verdict::Lost => "lost",
        Verdict::Unknown => "unknown",
    };
    let [small, full, full_df] = [0, 1, 2].map(|at| word(echoes[at].verdict()));
    let failed = echoes.iter().find(|echo| echo.verdict() != Verdict::Ok);
    let why = failed.map(|echo| match &echo.back {
        Some(back) => format!("on the way back: {}", forwarding.explain(back)),
        None => forwarding.explain(&echo.there),
    });
    Row { from: forwarding.hosts[from].name, to, family, small, full, full_df, why }
}
