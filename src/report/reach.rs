//! Who can talk to whom: every host with every other, with its gateway, and with what lies outside. Where there are neither
//! hosts nor guests, there is a place for each node and L2VNI instead.

use super::layout::columns;
use evpnlint_analysis::{
    forward::{
        Forwarding, SMALL,
        end::End,
        host::{Host, HostIndex},
        ping::{Probe, Verdict},
    },
    predict::Prediction,
};
use serde::Serialize;
use std::{io, net::IpAddr};

/// How many guests or places there are at most; the user's own hosts are there in any number.
const MOST: usize = 64;

#[derive(Serialize)]
struct Row<'a> {
    from: &'a str,
    /// A host, `gateway`, which is the sender's, or `outside`.
    to: &'a str,
    family: &'static str,
    /// A ping without options.
    small: String,
    /// As large as both hosts take, which is what TCP makes of it; fragmented where that is needed.
    full: String,
    /// The same, not to be fragmented.
    full_df: String,
    /// Why the first of them that is not `ok` is not.
    why: Option<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    reach: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
}

/// What is left out.
#[derive(Serialize)]
struct Cut {
    /// How many guests or places are shown.
    shown: usize,
    /// Of how many.
    of: usize,
}

/// The hosts that are shown, and what is left out. They are the first of all.
fn shown(forwarding: &mut Forwarding) -> (usize, Option<Cut>) {
    let of = match forwarding.hosts.is_empty() {
        true => forwarding.add_places(MOST),
        false => forwarding.hosts.iter().filter(|host| host.guest.is_some()).count(),
    };
    let is_named = |host: &&Host| host.guest.is_none() && !host.is_place();
    let named = forwarding.hosts.iter().filter(is_named).count();
    (named + of.min(MOST), (of > MOST).then_some(Cut { shown: MOST, of }))
}

/// Writes it as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn json(prediction: &Prediction, out: &mut dyn io::Write) -> io::Result<()> {
    let mut forwarding = Forwarding::new(prediction);
    let (count, cut) = shown(&mut forwarding);
    serde_json::to_writer_pretty(&mut *out, &Report { version: 1, reach: rows(&forwarding, count), cut })?;
    writeln!(out)
}

/// Writes it in columns.
///
/// # Errors
/// When it cannot be written.
pub fn text(prediction: &Prediction, out: &mut dyn io::Write) -> io::Result<()> {
    let mut forwarding = Forwarding::new(prediction);
    let (count, cut) = shown(&mut forwarding);
    let rows = rows(&forwarding, count).into_iter().map(|row| {
        let [from, to, family] = [row.from, row.to, row.family].map(str::to_owned);
        vec![from, to, family, row.small, row.full, row.full_df, row.why.unwrap_or_default()]
    });
    columns(["from", "to", "family", "small", "full", "full, DF", "why not"], rows, out)?;
    match cut {
        Some(Cut { shown, of }) => writeln!(out, "{shown} of {of} guests and places are shown"),
        None => Ok(()),
    }
}

fn rows<'a>(forwarding: &'a Forwarding, count: usize) -> Vec<Row<'a>> {
    let mut rows = vec![];
    let hosts = &forwarding.hosts[..count];
    for (from, host) in hosts.iter().enumerate() {
        for (is_v4, family) in [(true, "ipv4"), (false, "ipv6")] {
            if host.address(is_v4).is_none() {
                continue;
            }
            let gateway = host.gateways.iter().find(|ip| ip.is_ipv4() == is_v4);
            let near = |name| move |ip: IpAddr| Receiver { name, ip, mtu: u32::MAX };
            rows.extend(gateway.copied().map(near("gateway")).map(|to| row(forwarding, from, to, family)));
            for other in hosts.iter().filter(|other| other.name != host.name) {
                let receiver = |ip| Receiver { name: &other.name, ip, mtu: other.mtu };
                rows.extend(other.address(is_v4).map(receiver).map(|to| row(forwarding, from, to, family)));
            }
            let outside = forwarding.address(End::Outside, is_v4).filter(|_| forwarding.may_leave(from, is_v4));
            rows.extend(outside.map(near("outside")).map(|to| row(forwarding, from, to, family)));
        }
    }
    rows
}

/// Who is to answer.
struct Receiver<'a> {
    name: &'a str,
    ip: IpAddr,
    /// The largest packet that it sends, in bytes.
    mtu: u32,
}

fn row<'a>(forwarding: &'a Forwarding, from: HostIndex, to: Receiver<'a>, family: &'static str) -> Row<'a> {
    let full = forwarding.hosts[from].mtu.min(to.mtu);
    let echoes = [(SMALL, false), (full, false), (full, true)]
        .map(|(size, df)| forwarding.ping(Probe { from: from.into(), to: to.ip, size, df }));
    let why = echoes.iter().find_map(|echo| forwarding.why_not(echo));
    let [small, full, full_df] = echoes.map(|echo| match echo.verdict() {
        // It depends on a hash whether this one passes.
        Verdict::Partial => Verdict::Unknown.to_string(),
        verdict => verdict.to_string(),
    });
    Row { from: &forwarding.hosts[from].name, to: to.name, family, small, full, full_df, why }
}
