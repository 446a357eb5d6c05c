//! `evpnlint ping`.

use super::{Input, Loaded, not_shown, output};
use crate::{
    report::{self, Style, ping::Asked},
    run::NotShown,
};
use clap::{Args, ValueEnum};
use evpnlint_analysis::{
    change::{Change, Move},
    forward::{
        Forwarding,
        end::End,
        ping::{Probe, Verdict},
        ways::EveryWay,
    },
    predict::Prediction,
};
use evpnlint_core::near;
use std::process::ExitCode;

/// Bytes of an IPv4 header and of ICMP's.
const HEADERS_V4: u32 = 28;

/// Bytes of an IPv6 header and of ICMPv6's.
const HEADERS_V6: u32 = 48;

/// The most bytes that a packet has.
const LARGEST: u32 = 65535;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who sends.
    from: String,
    /// Who answers.
    to: String,
    /// Bytes behind the headers: the packet has 28 more over IPv4, 48 over IPv6.
    #[arg(short, value_name = "SIZE", default_value_t = 56, value_parser = clap::value_parser!(u32).range(..=65507))]
    size: u32,
    /// Whether the packet must not be fragmented. Over IPv6 no router fragments, and the sender does once it is told.
    #[arg(short = 'M', value_enum, default_value_t, value_name = "HINT")]
    hint: Hint,
    /// Over IPv4, which is taken where both ends have an address of it.
    #[arg(short = '4', conflicts_with = "is_v6")]
    is_v4: bool,
    /// Over IPv6.
    #[arg(short = '6')]
    is_v6: bool,
    /// Every one of the equal ways there and back, with its hops through the underlay.
    #[arg(long)]
    all_ways: bool,
    /// As if that node, the link of that port (`leaf1:swp1`), or the BGP sessions between two nodes (`leaf1~spine1`) were
    /// down. May be repeated.
    #[arg(long, value_name = "WHAT")]
    without: Vec<String>,
    /// As if that host or guest had been moved, as in `web1=leaf2:swp7`. May be repeated.
    #[arg(long = "move", value_name = "HOST=NODE[:PORT]")]
    moved: Vec<Move>,
    #[command(flatten)]
    input: Input,
    /// How.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: super::Colour,
}

/// What ping(8) takes for `-M`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Hint {
    /// It must not be fragmented.
    Do,
    /// The sender may fragment it.
    #[default]
    Want,
    /// Everybody may fragment it.
    Dont,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// One line a step.
    #[default]
    Text,
    /// Every step, with its place.
    Json,
}

/// Exits with 1 where the reply does not come back over every one of the equal ways, and with 2 where nobody can say.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { input, format, without, moved, color, .. } = arguments;
    let Loaded { mut sources, options } = match input.load() {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let style: Style = super::style(*color);
    let change = Change { without: without.clone(), moved: moved.clone() };
    let pinged = crate::run::predict_changed(&mut sources, &options, &change, |prediction, sources| {
        ping(arguments, prediction, |forwarding, asked| {
            let written = output(|out| match format {
                Format::Text => report::ping::text(forwarding, asked, style, sources, out),
                Format::Json => report::ping::json(forwarding, asked, sources, out),
            });
            written.map(|()| asked.verdict())
        })
    });
    match pinged.and_then(|pinged| pinged) {
        Err(error) => not_shown(&error),
        Ok(Err(code)) => code,
        Ok(Ok(verdict)) => ExitCode::from(match verdict {
            Verdict::Ok => 0,
            Verdict::OneWay | Verdict::Lost | Verdict::Partial => 1,
            Verdict::Unknown => 2,
        }),
    }
}

fn ping<R>(
    arguments: &Arguments,
    prediction: &Prediction,
    then: impl FnOnce(&Forwarding, &Asked) -> R,
) -> Result<R, NotShown> {
    let Arguments { from, to, size, hint, is_v4, is_v6, .. } = arguments;
    let mut forwarding = Forwarding::new(prediction);
    let ends = [find(&mut forwarding, from)?, find(&mut forwarding, to)?];
    let has = |is_v4: bool| ends.iter().all(|end| forwarding.address(*end, is_v4).is_some());
    let is_v4 = *is_v4 || !*is_v6 && (has(true) || !has(false));
    let address = |end: End, name: &str| {
        forwarding.address(end, is_v4).ok_or_else(|| NotShown::Family { end: name.into(), family: family(is_v4) })
    };
    let [source, target] = [address(ends[0], from)?, address(ends[1], to)?];
    let sender = forwarding.sender(ends[0], ends[1], target);
    let sender = sender.ok_or_else(|| NotShown::Sender { end: from.as_str().into(), to: to.as_str().into() })?;
    let size = (size + if is_v4 { HEADERS_V4 } else { HEADERS_V6 }).min(LARGEST);
    let probe = Probe { from: sender, to: target, size, df: *hint == Hint::Do };
    let every_way = arguments.all_ways.then(|| forwarding.every_way(probe));
    let echo = every_way.as_ref().and_then(EveryWay::deciding).unwrap_or_else(|| forwarding.ping(probe));
    let asked = Asked { ends, addresses: [source, target], probe, echo, every_way };
    Ok(then(&forwarding, &asked))
}

fn family(is_v4: bool) -> &'static str {
    if is_v4 { "IPv4" } else { "IPv6" }
}

fn find(forwarding: &mut Forwarding, name: &str) -> Result<End, NotShown> {
    let found = forwarding.end(name);
    found.ok_or_else(|| {
        let names: Vec<String> = forwarding.names().collect();
        NotShown::End { end: name.into(), near: near::near(name, names.iter().map(String::as_str)) }
    })
}
