//! `evpnlint show`.

use super::{Input, Loaded, not_shown, output};
use crate::report::{self, tables::Table};
use clap::{Args, ValueEnum};
use evpnlint_analysis::{
    change::{Change, Move},
    fabric::NodeIndex,
    predict::Prediction,
};
use evpnlint_core::source::Sources;
use std::{io, process::ExitCode};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// In which form.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Form,
    /// This node alone; `effective` needs one.
    #[arg(long, value_name = "NODE", required_if_eq("form", "effective"))]
    node: Option<String>,
    /// `reach`: as if that node, the link of that port (`leaf1:swp1`), or the BGP sessions between two nodes
    /// (`leaf1~spine1`) were down. May be repeated.
    #[arg(long, value_name = "WHAT")]
    without: Vec<String>,
    /// `reach`: as if that host had been moved, as in `web1=leaf2:swp7`. May be repeated.
    #[arg(long = "move", value_name = "HOST=NODE:PORT")]
    moved: Vec<Move>,
    #[command(flatten)]
    input: Input,
    /// How.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
}

/// What `show` can print.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// The configuration as FRR would keep it: blocks merged, and nothing that is refused, overwritten or taken back.
    Effective,
    /// Every BGP session: whether it comes up, with which address families, or why not.
    Sessions,
    /// Every VNI of every node, with the VTEPs that it will flood to.
    Vnis,
    /// The type-5 routes of every VRF.
    Routes,
    /// For each VNI and each node that sends into it, the tightest way to another VTEP, and how much room it leaves.
    Mtu,
    /// Who leaks into whom, and by which lines: the tenants against each other.
    Tenants,
    /// What one failed node, link or BGP session takes away of every VNI and VRF.
    Resilience,
    /// Which hosts can talk to which: those of evpnlint.toml and guests, else a place for each node and VNI.
    Reach,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// As configuration, or as a table.
    #[default]
    Text,
    /// Everything, with its place.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { form, node, input, format, without, moved } = arguments;
    let Loaded { mut sources, options } = match input.load() {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    type Write<'w> = &'w dyn Fn(&Prediction, Option<NodeIndex>, &Sources, &mut dyn io::Write) -> io::Result<()>;
    let predicted = |sources: &mut Sources, text: Write, json: Write| {
        let written = crate::run::predict(sources, &options, |prediction: &mut Prediction, sources: &Sources| {
            let node = node.as_deref().map(|node| crate::run::find_node(prediction, node)).transpose()?;
            Ok(output(|out| match format {
                Format::Text => text(prediction, node, sources, out),
                Format::Json => json(prediction, node, sources, out),
            }))
        });
        written.unwrap_or_else(|error| Err(not_shown(&error)))
    };
    let table = |sources: &mut Sources, table| {
        let text: Write = &|prediction, node, sources, out| report::tables::text(table, prediction, node, sources, out);
        let json: Write = &|prediction, node, sources, out| report::tables::json(table, prediction, node, sources, out);
        predicted(sources, text, json)
    };
    let change = Change { without: without.clone(), moved: moved.clone() };
    let written = match form {
        Form::Effective => {
            let node = node.as_deref().unwrap_or_default();
            match crate::run::effective(&mut sources, &options, node) {
                Err(error) => Err(not_shown(&error)),
                Ok(effective) => output(|out| match format {
                    Format::Text => report::effective::text(&effective, &sources, out),
                    Format::Json => report::effective::json(node, &effective, &sources, out),
                }),
            }
        }
        Form::Sessions => table(&mut sources, Table::Sessions),
        Form::Vnis => table(&mut sources, Table::Vnis),
        Form::Routes => table(&mut sources, Table::Routes),
        Form::Mtu => predicted(&mut sources, &report::budgets::text, &report::budgets::json),
        Form::Reach => {
            let written = crate::run::predict_changed(&mut sources, &options, &change, |prediction, _| {
                output(|out| match format {
                    Format::Text => report::reach::text(prediction, out),
                    Format::Json => report::reach::json(prediction, out),
                })
            });
            written.unwrap_or_else(|error| Err(not_shown(&error)))
        }
        Form::Tenants => table(&mut sources, Table::Tenants),
        Form::Resilience => predicted(&mut sources, &report::resilience::text, &report::resilience::json),
    };
    written.err().unwrap_or(ExitCode::SUCCESS)
}
