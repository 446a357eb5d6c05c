//! `evpnlint why`.

use super::{Input, Loaded, fail, not_shown, output};
use crate::{
    report::{self, Style},
    run::NotShown,
};
use clap::{Args, ValueEnum};
use evpnlint_analysis::predict::{Prediction, why::Question};
use evpnlint_core::{
    model::Vni,
    source::{Printable, Sources},
};
use std::{io, process::ExitCode};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The node that is to learn.
    receiver: String,
    /// The node that it is to learn of.
    originator: String,
    /// In this L2VNI: the MAC addresses behind the other, and where to flood.
    #[arg(long, value_name = "VNI", required_unless_present = "vrf", conflicts_with = "vrf")]
    vni: Option<String>,
    /// In this VRF: the other's subnets and hosts.
    #[arg(long, value_name = "VRF")]
    vrf: Option<String>,
    #[command(flatten)]
    input: Input,
    /// How.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: super::Colour,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// One line a step.
    #[default]
    Text,
    /// Every step, with its place.
    Json,
}

/// Exits with 1 where the walk does not arrive.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { receiver, originator, vni, vrf, input, format, color } = arguments;
    let question = match (vni, vrf) {
        (_, Some(vrf)) => Question::Vrf(Printable::from(vrf.as_str()).into()),
        (Some(vni), None) => match vni.parse::<Vni>() {
            Ok(vni) => Question::Vni(vni),
            Err(_) => {
                let error = io::Error::other(format!("{} is no VNI", Printable::from(vni.as_str())));
                return fail(&error, "a VNI is a number from 1 to 16777215");
            }
        },
        (None, None) => return fail(&io::Error::other("neither --vni nor --vrf"), ""),
    };
    let Loaded { mut sources, options } = match input.load() {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let style: Style = super::style(*color);
    let walked = |prediction: &mut Prediction, sources: &Sources| -> Result<_, NotShown> {
        let nodes = [crate::run::find_node(prediction, receiver)?, crate::run::find_node(prediction, originator)?];
        let walk = prediction.why(nodes[0], nodes[1], &question);
        let written = output(|out| match format {
            Format::Text => report::why::text(&walk, style, sources, out),
            Format::Json => report::why::json(&walk, sources, out),
        });
        Ok(written.map(|()| walk.arrives()))
    };
    let walked = crate::run::predict(&mut sources, &options, walked);
    match walked {
        Err(error) => not_shown(&error),
        Ok(Err(code)) => code,
        Ok(Ok(arrives)) => ExitCode::from(u8::from(!arrives)),
    }
}
