//! A session that stays down for a reason that no other rule tells.

use evpnlint_analysis::{
    fabric::{
        NodeIndex, connected, few,
        sessions::{HalfIndex, Target},
    },
    finding::Out,
    predict::{
        Prediction,
        verdict::{Cause, State},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes at the ends of a session, its half, and why it stays down.
type Down<'p> = (Vec<NodeIndex>, (HalfIndex, &'p Cause));

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let halves = &fabric.sessions.halves;
    let mut kinds: BTreeMap<Vec<String>, Vec<Down>> = BTreeMap::new();
    for (at, (half, verdict)) in halves.iter().zip(&prediction.sessions).enumerate() {
        let untold = verdict.cause.as_ref().filter(|cause| verdict.state == State::Down && cause.rule.is_none());
        if matches!(half.target, Target::Nowhere) {
            continue;
        }
        let ends: Vec<NodeIndex> = [half.node].into_iter().chain(verdict.with).collect();
        if let Some(cause) = untold.filter(|_| !ends.iter().any(|end| fabric.is_misread(*end))) {
            kinds.entry(cause.kind()).or_default().push((ends, (at, cause)));
        }
    }
    for group in kinds.into_values().flat_map(connected) {
        let (first, cause) = group[0];
        let sessions: BTreeSet<String> = group
            .iter()
            .map(|(at, _)| {
                let half = &halves[*at];
                match prediction.sessions[*at].with {
                    Some(with) => format!("{}–{}", fabric.name(half.node.min(with)), fabric.name(half.node.max(with))),
                    None => format!("{} on {}", half.neighbor.name, fabric.name(half.node)),
                }
            })
            .collect();
        let half = &halves[first];
        let vrf = if half.vrf().is_empty() { String::new() } else { format!(" vrf {}", half.vrf()) };
        let mut sessions = sessions.into_iter();
        let session = sessions.next().unwrap_or_default();
        let rest: Vec<String> = sessions.collect();
        let likewise = if rest.is_empty() { String::new() } else { format!("; likewise {}", few(rest)) };
        out.report(format!("{}: the session {session} never comes up{likewise}", cause.why))
            .about(format!("{}{vrf} neighbor {}", fabric.name(half.node), half.neighbor.name))
            .also(group.iter().flat_map(|(_, cause)| cause.places.clone()))
            .help(cause.remedy.clone())
            .done();
    }
}
