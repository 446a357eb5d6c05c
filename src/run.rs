//! The line as functions: everything between reading files and writing reports.

use crate::settle::{NotRead, Outcome, Selection};
use evpnlint_analysis::{
    change::{Change, Missing},
    fabric::{self, Fabric},
    predict::Prediction,
    twin,
};
use evpnlint_core::{
    lang,
    model::{self, Fault, FaultKind, effective::Effective, twin::Twin},
    near,
    options::Options,
    source::{Printable, Sources, Unread},
    words::join_names,
};
use evpnlint_rules::{self as rules, hides::Hides};

/// Everything between reading files and writing reports; the command line, the tests and an editor all call it.
///
/// What it says depends on its arguments alone, and all that it changes is `sources`: they come back fit for a report,
/// with every secret overwritten. Who wants to check the same texts again keeps a copy, for rules compare passwords.
pub fn check(sources: &mut Sources, selection: &Selection, options: &Options) -> Outcome {
    judge(&read(sources, options), sources, selection, options)
}

/// The same, and what is predicted, of texts that are read once.
pub(crate) fn check_and_predict<R>(
    sources: &mut Sources,
    selection: &Selection,
    options: &Options,
    then: impl FnOnce(&Outcome, &Prediction, &Sources) -> R,
) -> R {
    let cluster = read(sources, options);
    let outcome = judge(&cluster, sources, selection, options);
    let fabric = Fabric::new(&cluster, options.completeness.of(&cluster));
    then(&outcome, &Prediction::new(&fabric), sources)
}

/// Reads all texts, and masks the secrets in them.
fn read(sources: &mut Sources, options: &Options) -> model::Cluster {
    let mut cluster = lang::read(sources, options);
    twin::attach(&mut cluster, sources);
    sources.mask(&cluster.secrets);
    for fault in &mut cluster.faults {
        fault.quote(sources);
    }
    cluster
}

/// What the rules find.
fn judge(cluster: &model::Cluster, sources: &Sources, selection: &Selection, options: &Options) -> Outcome {
    let completeness = options.completeness.of(cluster);
    let fabrics = fabric::islands::split(Fabric::new(cluster, completeness), completeness);
    let hides = if options.ignores.is_off {
        Hides::default()
    } else {
        Hides::new(&options.ignores, lang::ignores(sources, cluster), selection.baseline.as_ref(), sources)
    };
    let result = rules::run(&fabrics, &hides, &selection.levels, |rule| selection.fate(rule));
    Outcome {
        findings: result.findings,
        ignored: result.hidden,
        hidden: result.ignored,
        old: result.met.len(),
        stale: hides.stale(&result.met, &result.whole),
        mended: None,
        known: result.known,
        unlisted: result.unlisted,
        not_run: result.not_run.into_iter().map(|rule| (rule, "needs every node")).collect(),
        closed: fabrics.iter().all(|fabric| fabric.closed),
        nodes: nodes(cluster),
        guests: cluster.guests.len(),
        not_read: not_read(cluster, sources),
        absent_members: cluster.intents.iter().map(|intent| cluster.absent(intent).len()).sum(),
        unmatched_peers: fabrics.iter().map(|fabric| fabric.sessions.unmatched_peers.len()).sum(),
        coverage: cluster.coverage.clone(),
    }
}

/// What was not read, whole or in part.
fn not_read(cluster: &model::Cluster, sources: &Sources) -> Vec<NotRead> {
    let why = |fault: &Fault| match &fault.kind {
        FaultKind::NotRead { path, why, .. } => Some((path.clone(), why.to_string())),
        FaultKind::Foreign { lines, unknown, .. } => {
            let why = Unread::Partly { unknown: *unknown, lines: *lines };
            Some((sources[fault.span.file].path.clone(), why.to_string()))
        }
        FaultKind::CutShort { .. } => {
            Some((sources[fault.span.file].path.clone(), "it is not read to its end".to_owned()))
        }
        _ => None,
    };
    let all = cluster.faults.iter().filter_map(|fault| {
        let (path, why) = why(fault)?;
        Some(NotRead { path, node: fault.node.clone(), why })
    });
    all.collect()
}

/// How many nodes anything was read of: their own files, or their copies of a cluster's store.
fn nodes(cluster: &model::Cluster) -> usize {
    let own = cluster.nodes.iter().map(|node| &node.name);
    let stores = cluster.intents.iter().flat_map(|intent| &intent.nodes);
    let holders = cluster.guests.iter().flat_map(|guest| &guest.holders);
    // The only node without a folder may have a name in its own files.
    let named = |name: &&String| !name.is_empty() || cluster.nodes.is_empty();
    own.chain(stores.chain(holders).filter(named)).collect::<std::collections::BTreeSet<_>>().len()
}

/// Predicts what will come of the configuration, and hands it on. Secrets in the sources are masked on the way.
pub fn predict<R>(sources: &mut Sources, options: &Options, then: impl FnOnce(&mut Prediction, &Sources) -> R) -> R {
    let cluster = lang::read(sources, options);
    sources.mask(&cluster.secrets);
    let fabric = Fabric::new(&cluster, options.completeness.of(&cluster));
    then(&mut Prediction::new(&fabric), sources)
}

/// The same, of what a change makes of it.
///
/// # Errors
/// When the change names what is not there.
pub(crate) fn predict_changed<R>(
    sources: &mut Sources,
    options: &Options,
    change: &Change,
    then: impl FnOnce(&Prediction, &Sources) -> R,
) -> Result<R, NotShown> {
    let cluster = lang::read(sources, options);
    sources.mask(&cluster.secrets);
    let fabric = Fabric::new(&cluster, options.completeness.of(&cluster));
    if change.is_none() {
        return Ok(then(&Prediction::new(&fabric), sources));
    }
    let changed = change.of(&fabric).map_err(|missing| match missing {
        Missing::Node(node) => unknown(&node, cluster.nodes.iter().map(|node| node.name.as_str())),
        Missing::Host(host) => NotShown::Host { host: host.as_str().into() },
        Missing::Port { node, port, near } => NotShown::Port { node, port: port.as_str().into(), near },
        Missing::Session { node, far, peers } => NotShown::Session { node, far, peers },
    })?;
    Ok(then(&Prediction::new(&changed.fabric()), sources))
}

/// The node of that name.
///
/// # Errors
/// When there is none.
pub fn find_node(prediction: &Prediction, node: &str) -> Result<fabric::NodeIndex, NotShown> {
    let fabric = prediction.fabric;
    fabric.index(node).ok_or_else(|| unknown(node, fabric.cluster.nodes.iter().map(|node| node.name.as_str())))
}

/// What FRR keeps of the configuration of a node, line by line. Secrets in the sources are masked on the way.
///
/// # Errors
/// When there is no such node, or it has no FRR.
pub fn effective(sources: &mut Sources, options: &Options, node: &str) -> Result<Effective, NotShown> {
    let cluster = lang::read(sources, options);
    let names = || cluster.nodes.iter().map(|node| node.name.as_str());
    if !names().any(|name| name == node) {
        return Err(unknown(node, names()));
    }
    let effective = lang::effective(sources, options, node);
    sources.mask(&cluster.secrets);
    effective.ok_or_else(|| NotShown::Empty { node: node.into() })
}

/// What Proxmox would generate for a node, beside what it has. Secrets in the sources are masked on the way.
///
/// # Errors
/// When there is no such node, or it belongs to no cluster of which the applied configuration was read.
pub fn twin(sources: &mut Sources, options: &Options, node: &str) -> Result<Twin, NotShown> {
    let mut cluster = lang::read(sources, options);
    twin::attach(&mut cluster, sources);
    sources.mask(&cluster.secrets);
    let Some(at) = cluster.nodes.iter().position(|own| own.name == node) else {
        return Err(unknown(node, cluster.nodes.iter().map(|node| node.name.as_str())));
    };
    cluster.nodes[at].twin.take().ok_or_else(|| NotShown::Twinless { node: node.into() })
}

fn unknown<'a>(node: &str, names: impl Iterator<Item = &'a str> + Clone) -> NotShown {
    match near::near(node, names.clone()) {
        Some(near) => NotShown::Near { node: node.into(), near },
        None => NotShown::Unknown { node: node.into(), known: names.collect::<Vec<_>>().join(", ") },
    }
}

/// Why there is nothing to show of a node.
#[derive(Debug, thiserror::Error)]
pub enum NotShown {
    /// Another node is called nearly so.
    #[error("there is no node {node}; did you mean {near}?")]
    Near {
        /// What was asked for.
        node: Printable,
        /// Who was probably meant.
        near: String,
    },
    /// No node is called anything like it.
    #[error("there is no node {node}; there is: {known}")]
    Unknown {
        /// What was asked for.
        node: Printable,
        /// Who is there.
        known: String,
    },
    /// No host is called so.
    #[error("there is no host {host} in evpnlint.toml, and no such guest")]
    Host {
        /// What was asked for.
        host: Printable,
    },
    /// A node has no port of that name.
    #[error("{node} has no port {port}{}", near.as_ref().map_or(String::new(), |near| format!("; did you mean {node}:{near}?")))]
    Port {
        /// The node.
        node: String,
        /// What was asked for.
        port: Printable,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Two nodes have no BGP session with each other.
    #[error("no file tells of a BGP session between {node} and {far}; {node} has {}", if peers.is_empty() { "none with a known node".to_owned() } else { format!("some with {}", join_names(peers)) })]
    Session {
        /// One node.
        node: String,
        /// The other.
        far: String,
        /// Those with whom the one has sessions.
        peers: Vec<String>,
    },
    /// Nobody is called so.
    #[error("there is no host, guest, node or place {end}{}", near.as_ref().map_or(String::new(), |near| format!("; did you mean {near}?")))]
    End {
        /// Who was asked for.
        end: Printable,
        /// Who was probably meant.
        near: Option<String>,
    },
    /// It has no address of a family.
    #[error("{end} has no {family} address")]
    Family {
        /// Who was asked for.
        end: Printable,
        /// `IPv4` or `IPv6`.
        family: &'static str,
    },
    /// Nobody can send from there.
    #[error("no file says how {end} sends to {to}")]
    Sender {
        /// Who was asked for.
        end: Printable,
        /// Whom it was to reach.
        to: Printable,
    },
    /// It is of no cluster of Proxmox's, or nothing was applied there.
    #[error("nothing says what Proxmox makes of {node}: no /etc/pve/sdn/.running-config of its cluster was read")]
    Twinless {
        /// What was asked for.
        node: Printable,
    },
    /// It has no configuration of FRR.
    #[error("no line of FRR was read of {node}")]
    Empty {
        /// What was asked for.
        node: Printable,
    },
}
