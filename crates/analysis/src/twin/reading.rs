//! A node's twin: what Proxmox would generate for it, read as its own files are, beside those.

use super::{
    draft::Draft,
    generate::{Texts, cluster_of, drafts},
    local,
};
use evpnlint_core::{
    lang::{frr_alone, interfaces_alone},
    model::{
        Cluster, Node,
        effective::{Effective, Fate, Line},
        twin::{Pair, Said, Script, Twin},
    },
    source::{File, FileId, Sources, Span, masked},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

const FRR: &str = "etc/frr/frr.conf";
const FRR_LOCAL: &str = "etc/frr/frr.conf.local";
const INTERFACES: &str = "etc/network/interfaces.d/sdn";

/// The texts of a run, by node and by their place on it.
type Files<'s> = BTreeMap<(&'s str, &'s str), (FileId, &'s File)>;

/// Derives the twin of each node that belongs to a cluster of Proxmox's whose applied configuration was read.
pub fn attach(cluster: &mut Cluster, sources: &Sources) {
    let files: Files = sources.iter().map(|text| ((text.1.node.as_str(), text.1.inner.as_str()), text)).collect();
    let twins: Vec<Option<Twin>> = cluster.nodes.par_iter().map(|node| twin(&files, cluster, node)).collect();
    for (node, twin) in cluster.nodes.iter_mut().zip(twins) {
        node.twin = twin;
    }
}

/// What Proxmox would generate for a node, read as its files are, beside those. Each file is read alone, like its twin: what
/// others add to it is no matter of the generator's.
fn twin(files: &Files, cluster: &Cluster, node: &Node) -> Option<Twin> {
    let intent = cluster_of(node, &cluster.intents)?;
    // A node that no folder names is the only one without a name.
    let file = |inner: &str| files.get(&(node.name.as_str(), inner)).or_else(|| files.get(&("", inner))).copied();
    let local = file(FRR_LOCAL);
    let text = local.map(|(id, file)| (Span::of(id, &file.text, file.text.as_str()), file.text.as_str()));
    let texts = Texts { local: text, frr: file(FRR).map(|(_, file)| file.text.as_str()) };
    let mut drafts = drafts(intent, node, texts)?;
    let virtual_file = |inner: &str, draft: &Draft| File::new(inner, &node.name, inner, &draft.text);
    let derived = |mut script: Script, draft: &Draft| {
        for said in &mut script.said {
            said.span = said.span.and_then(|span| draft.because(span.start));
        }
        script
    };
    let frr = drafts.frr.map(|draft| {
        let text = virtual_file(FRR, &draft);
        let read = frr_alone(FileId(0), &text);
        if let Some((id, file)) = local {
            let alone = frr_alone(id, &File::new(FRR, &node.name, FRR, &file.text));
            let kept = frr_said(&text, &read, |line| line.fate == Fate::Kept);
            local::settle(&mut drafts.local, &derived(kept, &draft), &alone);
        }
        Pair {
            expected: derived(frr_said(&text, &read, is_said), &draft),
            actual: file(FRR).map(|(id, file)| frr_said(file, &frr_alone(id, file), is_said)),
        }
    });
    let draft = &drafts.interfaces;
    let interfaces = Pair {
        expected: derived(interfaces_alone(FileId(0), &virtual_file(INTERFACES, draft)), draft),
        actual: file(INTERFACES).map(|(id, file)| interfaces_alone(id, file)),
    };
    Some(Twin {
        version: intent.version.as_ref().map(|version| version.value),
        frr,
        interfaces: Some(interfaces),
        local: drafts.local,
        best_effort: drafts.best_effort,
        gaps: drafts.gaps,
    })
}

/// Whether a line of FRR's says something, kept or not. To open a block again says nothing, but of an entry of a route-map
/// there is one.
fn is_said(line: &Line) -> bool {
    let is_entry = || line.text.as_deref().is_some_and(|text| text.starts_with("route-map "));
    match line.fate {
        Fate::Unread(_) => false,
        Fate::Overwritten(_) => line.opens.is_none() || is_entry(),
        _ => true,
    }
}

/// Those lines of one file of FRR's as statements; what FRR does not know, as it stands.
fn frr_said(file: &File, read: &Effective, counts: impl Fn(&Line) -> bool) -> Script {
    let as_it_stands = |line: &Line| {
        let words = file.text[line.span.start as usize..line.span.end as usize].split_ascii_whitespace();
        masked(&words.collect::<Vec<_>>().join(" "))
    };
    let said = read.lines.iter().filter(|line| counts(line)).map(|line| Said {
        block: read.path(line.block).into_iter().map(str::to_owned).collect(),
        text: line.text.as_ref().map_or_else(|| as_it_stands(line), ToString::to_string),
        span: Some(line.span),
    });
    Script { said: said.collect() }
}
