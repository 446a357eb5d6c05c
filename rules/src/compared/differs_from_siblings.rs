use crate::{
    finding::{Member, Out},
    reported::Reported,
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric,
    outliers::{Among, Odd, Outlier, outliers},
};
use evpnlint_core::{
    model::outline::{HOLE, Phrase},
    words::join_names,
};
use std::collections::BTreeMap;

/// What is odd: the line of the siblings, and that of the node.
type Difference<'m> = (&'m str, Option<&'m str>);

pub(super) fn check(fabric: &Fabric, reported: &Reported, out: &mut Out) {
    let mut causes: BTreeMap<Vec<Difference>, Vec<&Outlier>> = BTreeMap::new();
    let found = outliers(fabric);
    for outlier in found.iter().filter(|own| !reported.holds(own.outermost(fabric)) && !fabric.is_misread(own.node)) {
        causes.entry(outlier.odd.iter().map(difference).collect()).or_default().push(outlier);
    }
    for found in causes.values() {
        let subject = |own: &&Outlier| {
            let odd = &own.odd[0];
            Member::new(fabric.name(own.node), format_args!("{} {}", own.path, odd.usual.about), own_place(own, odd).0)
        };
        out.group(found, subject, |found, out| {
            let (first, odd) = (found[0], &found[0].odd[0]);
            let names: Vec<&str> = found.iter().map(|own| fabric.name(own.node)).collect();
            let mut distinct = names.clone();
            distinct.dedup();
            let (place, usual) = (place(first.path), &odd.usual.says);
            let most = format!("{} of {} {}", odd.have, odd.of, among(odd.among));
            let what = match odd.own {
                Some(line) => format!("has `{}` {place}, where {most} have `{usual}`", line.phrase.says),
                None => format!("lacks `{usual}` {place}, which {most} have"),
            };
            let (lines, blocks) = (first.odd.len() - 1, found.len() - 1);
            let more = [(lines, "more line"), (blocks, "more block")].map(|(more, words)| match more {
                0 => String::new(),
                1 => format!(", and 1 {words}"),
                more => format!(", and {more} {words}s"),
            });
            out.report(format!("{} {what}{}", join_names(&distinct), more.concat()))
                .also(found.iter().flat_map(|own| own.odd.iter().map(|odd| own_place(own, odd))).take(shown::SOME))
                .also(odd.theirs.iter().map(|(node, line)| (line.span, format!("as on {}", fabric.name(*node)))))
                .help(format!("write {} {place} on {}", typed(odd.usual), join_names(&distinct)))
                .done();
        });
    }
}

fn among(among: Among) -> &'static str {
    match among {
        Among::Nodes => "nodes like it",
        Among::Blocks => "such blocks of nodes like it",
    }
}

fn difference<'m>(odd: &Odd<'m>) -> Difference<'m> {
    (&odd.usual.says, odd.own.map(|line| &*line.phrase.says))
}

fn own_place(own: &Outlier, odd: &Odd) -> (evpnlint_core::source::Span, String) {
    match odd.own {
        Some(line) => (line.span, format!("nodes like it have `{}`", odd.usual.says)),
        None => (own.block.places[0].opener, format!("no `{}`", odd.usual.says)),
    }
}

fn place(path: &str) -> String {
    if path.is_empty() { "at the top level".to_owned() } else { format!("in `{path}`") }
}

fn typed(phrase: &Phrase) -> String {
    let is_own = phrase.says.split(' ').any(|word| word == HOLE);
    format!("`{}`{}", phrase.says, if is_own { " with the value that is right there" } else { "" })
}
