use crate::{finding::Out, view::View};
use evpnlint_core::{
    model::{
        Node,
        twin::{LocalFate, LocalLine},
    },
    source::Span,
};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    let mut blocks: BTreeMap<Span, Vec<&LocalLine>> = BTreeMap::new();
    for line in node.twin.iter().flat_map(|twin| &twin.local) {
        let opener = match &line.fate {
            LocalFate::InOpenBlock(line) => line.opener,
            LocalFate::EndsBlockEarly(opener) | LocalFate::OutsideRouter(opener) => *opener,
            _ => continue,
        };
        blocks.entry(opener).or_default().push(line);
    }
    for (number, (opener, lines)) in blocks.into_iter().enumerate() {
        block(node, number, opener, &lines, out);
    }
}

/// Tells of one block, which has the lines against it.
fn block(node: &Node, number: usize, opener: Span, lines: &[&LocalLine], out: &mut Out) {
    let Some(first) = lines.first() else { return };
    let name = &node.name;
    let (message, mark, at_opener, help) = match &first.fate {
        LocalFate::EndsBlockEarly(_) => (
            format!(
                "an `exit` in frr.conf.local of {name} ends a block that Proxmox generates before its time: FRR does not \
                 take what follows there, and may stop reading frr.conf"
            ),
            "written into the generated block",
            "has no `exit`, so that the next one is written down",
            "write `exit` at the end of the first block",
        ),
        LocalFate::OutsideRouter(_) => (
            format!(
                "what follows an address family in frr.conf.local of {name} is written outside the router: FRR refuses it"
            ),
            "stands outside its router",
            "Proxmox generates no such address family, and takes this for the end of the router",
            "write it above the address family",
        ),
        LocalFate::InOpenBlock(line) if line.ends_early => (
            format!(
                "a line of frr.conf.local on {name} that is meant for the top level leads out of a block that Proxmox \
                 generates: FRR does not take what follows in the block"
            ),
            "goes into the block above it",
            "has no `exit`",
            "write `exit` at the end of the block",
        ),
        _ => (
            format!("a line of frr.conf.local on {name} that is meant for the top level goes into the VRF above it"),
            "counts in the VRF",
            "has no end that Proxmox sees",
            "write the line where it belongs, and `exit` at the end of the block",
        ),
    };
    out.report(message)
        .about(format!("{name} frr.conf.local open block {}", number + 1))
        .also(lines.iter().map(|line| (line.span, mark)))
        .at(opener, at_opener)
        .help(help)
        .done();
}
