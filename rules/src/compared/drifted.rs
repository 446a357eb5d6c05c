//! What a node's generated files say, against what the cluster's applied configuration makes of it.

use crate::{
    finding::{Help, Member, Out, Severity},
    reported::Reported,
    shown,
};
use evpnlint_analysis::{
    fabric::Fabric,
    twin::{Drift, drift},
};
use evpnlint_core::{
    model::{
        Node,
        twin::{Pair, Said, Script, Twin},
    },
    source::Span,
    words::join_names,
};
use std::collections::BTreeMap;

/// One of the files.
pub(crate) struct File {
    /// Its path.
    pub path: &'static str,
    /// Where the user's own lines belong.
    pub of_user: &'static str,
    /// The file, in a twin.
    pub pick: fn(&Twin) -> Option<&Pair>,
    /// Whether traffic depends on a statement.
    pub bears: fn(&Said) -> bool,
}

/// What a difference is, in words that two nodes can have in common.
type Difference<'p> = (Option<Words<'p>>, Option<Words<'p>>);
type Words<'p> = (&'p [String], &'p str);

/// A node, its file, and how that differs.
type Drifted<'p> = (&'p Node, &'p Pair, Vec<Drift<'p>>);

/// Reports how the file differs on each node that has generated its files from the version that is applied; nodes that
/// differ in the same way are reported together.
pub(crate) fn report(fabric: &Fabric, reported: &Reported, out: &mut Out, file: &File) {
    let mut alike: BTreeMap<(Option<u64>, Vec<Difference>), Vec<Drifted>> = BTreeMap::new();
    for node in &fabric.cluster.nodes {
        let Some((pair, drifts)) = of(node, file) else { continue };
        let script = pair.actual.as_ref();
        if drifts.is_empty() || drifts.iter().all(|drift| is_reported(drift, script, reported)) {
            continue;
        }
        let differences =
            drifts.iter().map(|drift| (drift.expected.map(self::words), drift.actual.map(self::words))).collect();
        let version = node.twin.as_ref().and_then(|twin| twin.version);
        alike.entry((version, differences)).or_default().push((node, pair, drifts));
    }
    for nodes in alike.values() {
        let subject = |(node, pair, drifts): &Drifted| {
            let span = drifts.first().and_then(|drift| place(pair.actual.as_ref(), drift).0);
            Member::new(&node.name, file.path, span)
        };
        out.group(nodes, subject, |nodes, out| {
            let (first, _, drifts) = &nodes[0];
            let names = join_names(nodes.iter().map(|(node, ..)| &node.name));
            let bears = drifts.iter().filter_map(|drift| drift.expected).any(file.bears);
            let Some(Twin { version: Some(version), best_effort, .. }) = first.twin else { return };
            let most = match () {
                () if best_effort => Severity::Info,
                () if bears => Severity::Error,
                () => Severity::Warning,
            };
            let places =
                nodes.iter().flat_map(|(_, pair, drifts)| drifts.iter().map(|drift| (pair.actual.as_ref(), drift)));
            let shown: Vec<_> = places.take(shown::SOME).collect();
            out.report(format!(
                "{} of {names} is not what Proxmox generates from version {version}: {}",
                file.path,
                summary(drifts)
            ))
            .also(shown.iter().map(|(script, drift)| place(*script, drift)))
            .also(shown.iter().filter_map(|(_, drift)| drift.expected).map(|said| (said.span, "generated from this")))
            .help(help(drifts, file, best_effort))
            .cap_severity(most)
            .done();
        });
    }
}

/// How the file of a node differs; nothing where the node has not yet taken over what is applied.
fn of<'m>(node: &'m Node, file: &File) -> Option<(&'m Pair, Vec<Drift<'m>>)> {
    let twin = node.twin.as_ref()?;
    let pair = (file.pick)(twin)?;
    let generated = node.interfaces.as_ref()?.sdn_version.as_ref()?.value;
    if twin.version != Some(generated) {
        return None;
    }
    let mut found = drift(pair);
    // What could not be derived may be what is too much.
    let is_whole = twin.gaps.iter().all(|gap| gap.file != file.path);
    found.retain(|drift| drift.expected.is_some() || is_whole);
    Some((pair, found))
}

/// What a node that is behind has not yet, in words that follow its version: the interfaces that are missing, or how many
/// lines are otherwise.
pub(crate) fn lacks(node: &Node) -> String {
    let Some(pair) = node.twin.as_ref().and_then(|twin| twin.interfaces.as_ref()) else { return String::new() };
    let found = drift(pair);
    let opener = |drift: &Drift| {
        drift.expected.filter(|_| drift.actual.is_none())?.text.strip_prefix("iface ").map(str::to_owned)
    };
    let missing: Vec<String> = found.iter().filter_map(opener).collect();
    match (missing.is_empty(), found.is_empty()) {
        (false, _) => format!(", without {}", join_names(&missing)),
        (true, false) => format!(": {}", summary(&found)),
        (true, true) => String::new(),
    }
}

fn words(said: &Said) -> Words<'_> {
    (&said.block, &said.text)
}

/// Whether another rule has spoken of a difference: at the line, or for want of one in its block.
fn is_reported(drift: &Drift, script: Option<&Script>, reported: &Reported) -> bool {
    match (drift.actual.and_then(|said| said.span), drift.expected, script) {
        (Some(span), ..) => reported.is_in(span),
        (None, Some(said), Some(script)) => extent(&said.block, script).is_some_and(|block| reported.is_in(block)),
        _ => false,
    }
}

/// A block of a file, from its opener to its last statement.
fn extent(block: &[String], script: &Script) -> Option<Span> {
    let (opener, around) = block.split_last()?;
    let first = script.said.iter().find(|said| said.block == around && said.text == *opener)?.span?;
    let inside = script.said.iter().filter(|said| said.block.starts_with(block)).filter_map(|said| said.span);
    let end = inside.filter(|span| span.file == first.file).map(|span| span.end).max();
    Some(Span { end: end.unwrap_or(first.end), ..first })
}

/// Where a difference is to be seen on the node, and what is wrong there.
fn place(script: Option<&Script>, drift: &Drift) -> (Option<Span>, String) {
    let in_it = match drift.inside {
        0 => String::new(),
        1 => ", with the line in it".to_owned(),
        more => format!(", with the {more} lines in it"),
    };
    match (drift.expected, drift.actual) {
        (Some(expected), Some(actual)) => (actual.span, format!("it should be `{}`", expected.text)),
        (None, Some(actual)) => (actual.span, format!("Proxmox does not generate this{in_it}")),
        (Some(expected), None) => {
            let block = script.and_then(|script| {
                let (opener, around) = expected.block.split_last()?;
                script.said.iter().find(|said| said.block == around && said.text == *opener)?.span
            });
            let start = script.and_then(|script| script.said.first()?.span);
            (block.or(start), format!("`{}` is missing{in_it}", expected.text))
        }
        (None, None) => (None, String::new()),
    }
}

/// The differences in few words.
fn summary(drifts: &[Drift]) -> String {
    if let [only] = drifts {
        let place = |said: &Said| said.block.last().map_or_else(String::new, |block| format!(" in `{block}`"));
        return match (only.expected, only.actual) {
            (Some(expected), Some(actual)) => {
                format!("`{}`{} should be `{}`", actual.text, place(actual), expected.text)
            }
            (Some(expected), None) => format!("`{}` is missing{}", expected.text, place(expected)),
            (None, Some(actual)) => format!("`{}`{} is too much", actual.text, place(actual)),
            (None, None) => String::new(),
        };
    }
    let count =
        |is: &dyn Fn(&Drift) -> bool| drifts.iter().filter(|drift| is(drift)).map(|drift| drift.inside + 1).sum();
    let counts: [(usize, &str); 3] = [
        (count(&|drift| drift.actual.is_none()), "missing"),
        (count(&|drift| drift.actual.is_some() && drift.expected.is_some()), "changed"),
        (count(&|drift| drift.expected.is_none()), "too many"),
    ];
    let reported = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| match number {
        1 => format!("1 line {}", if *what == "too many" { "too much" } else { what }),
        more => format!("{more} lines {what}"),
    });
    reported.collect::<Vec<_>>().join(", ")
}

fn help(drifts: &[Drift], file: &File, is_newest: bool) -> Help {
    let is_added = drifts.iter().any(|drift| drift.expected.is_none());
    let keep = if is_added {
        format!("the next apply drops what is too much: if it is wanted, move it to {}; then ", file.of_user)
    } else {
        String::new()
    };
    let unsure = if is_newest { "; of this generator evpnlint does not know everything" } else { "" };
    Help::lasting(format!("{keep}apply again with `pvesh set /cluster/sdn`{unsure}"))
}
