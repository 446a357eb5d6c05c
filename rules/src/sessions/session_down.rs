use crate::{finding::Out, reported::Reported};
use evpnlint_analysis::{
    fabric::{
        NodeIndex, connected,
        sessions::{SessionEnd, SessionEndIndex, Target},
    },
    predict::{
        Prediction,
        fate::{Cause, State},
    },
};
use evpnlint_core::{model::bgp::Family, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes at the ends of a session, its session end, and why it stays down.
type Down<'p> = (Vec<NodeIndex>, (SessionEndIndex, &'p Cause));

pub(super) fn check(prediction: &mut Prediction, reported: &Reported, out: &mut Out) {
    let fabric = prediction.fabric;
    let session_ends = &fabric.sessions.ends;
    let mut kinds: BTreeMap<Vec<String>, Vec<Down>> = BTreeMap::new();
    for ((at, session_end), fate) in session_ends.iter_enumerated().zip(&prediction.sessions) {
        let Some(cause) = fate.cause.as_ref().filter(|_| fate.state == State::Down) else { continue };
        // A port that no cabling leads from may lead out of the fabric; the rule that knows the cause has thought of that.
        let may_lead_out = match session_end.target {
            Target::Unknown => true,
            Target::Interface | Target::OnLink => cause.rule.is_some(),
            _ => false,
        };
        // What a rule has thought of and passed over matters where VNIs are at stake: not to a router beside the fabric.
        let is_beside = |node: NodeIndex| {
            let speaks = |end: &SessionEnd| end.is_active(Family::Evpn);
            fabric.devices[node].local_vnis.is_empty() && !fabric.sessions.of(node).iter().any(speaks)
        };
        let is_plain = cause.rule.is_some() && (fabric.overlay.vnis.is_empty() || is_beside(session_end.node));
        if may_lead_out || is_plain || cause.is_meant {
            continue;
        }
        let ends: Vec<NodeIndex> = [session_end.node].into_iter().chain(fate.with.or(session_end.peer())).collect();
        if !reported.claims(fabric, cause, [&ends[..1], &ends[1..]]) {
            kinds.entry(cause.kind()).or_default().push((ends, (at, cause)));
        }
    }
    // What nobody can name a line for follows from what has one on the same node.
    let named = kinds.values().flatten().filter(|(_, (_, cause))| !cause.is_vague);
    let explained: BTreeSet<NodeIndex> = named.flat_map(|(ends, _)| ends).copied().collect();
    let follows = |(ends, (_, cause)): &Down| cause.is_vague && ends.iter().any(|node| explained.contains(node));
    kinds.values_mut().for_each(|downs| downs.retain(|down| !follows(down)));
    for group in kinds.into_values().flat_map(connected) {
        let (first, cause) = group[0];
        let sessions: BTreeSet<String> = group
            .iter()
            .map(|(at, _)| {
                let session_end = &session_ends[*at];
                match prediction.sessions[*at].with {
                    Some(with) => format!(
                        "{}–{}",
                        fabric.name(session_end.node.min(with)),
                        fabric.name(session_end.node.max(with))
                    ),
                    None => format!("{} on {}", session_end.neighbor.name, fabric.name(session_end.node)),
                }
            })
            .collect();
        let session_end = &session_ends[first];
        let vrf = if session_end.vrf().is_empty() { String::new() } else { format!(" vrf {}", session_end.vrf()) };
        let mut sessions = sessions.into_iter();
        let session = sessions.next().unwrap_or_default();
        let rest: Vec<String> = sessions.collect();
        let likewise = if rest.is_empty() { String::new() } else { format!("; likewise {}", join_names(rest)) };
        out.report(format!("{}: the session {session} never comes up{likewise}", cause.why))
            .about(format!("{}{vrf} neighbor {}", fabric.name(session_end.node), session_end.neighbor.name))
            .also(group.iter().flat_map(|(_, cause)| cause.places.clone()))
            .help(cause.remedy.clone())
            .done();
    }
}
