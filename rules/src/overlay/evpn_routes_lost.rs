use crate::{
    finding::{Member, Out},
    reported::Reported,
};
use evpnlint_analysis::{
    fabric::{NodeIndex, connected},
    predict::{
        Prediction,
        fate::Cause,
        flood::{FloodMember, Routes},
        why::Question,
    },
};
use evpnlint_core::{
    model::{Vni, bgp::Family},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many groups of lost routes are looked into: where there are more, one fault lost them all.
const MOST_WALKS: usize = 32;

/// What a node is to a loss.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Receiver,
    Originator,
}

/// Routes that receivers do not get of originators.
#[derive(Clone)]
struct Loss {
    receivers: Vec<NodeIndex>,
    originators: Vec<NodeIndex>,
    of: BTreeSet<Question>,
    cause: Cause,
}

impl Loss {
    /// What of it is about some of its receivers or originators; nothing where none of them is.
    fn only(&self, named: &BTreeSet<(NodeIndex, Side)>) -> Option<Self> {
        let of = |nodes: &[NodeIndex], side: Side| -> Vec<NodeIndex> {
            nodes.iter().copied().filter(|node| named.contains(&(*node, side))).collect()
        };
        let (receivers, originators) = (of(&self.receivers, Side::Receiver), of(&self.originators, Side::Originator));
        if receivers.is_empty() && originators.is_empty() {
            return None;
        }
        let or = |some: Vec<NodeIndex>, all: &Vec<NodeIndex>| if some.is_empty() { all.clone() } else { some };
        Some(Self {
            receivers: or(receivers, &self.receivers),
            originators: or(originators, &self.originators),
            ..self.clone()
        })
    }
}

/// What is asked for, in words.
fn title(question: &Question) -> String {
    match question {
        Question::Vni(vni) | Question::Hosts(vni) => format!("VNI {vni}"),
        Question::Vrf(vrf) => format!("VRF {vrf}"),
    }
}

pub(super) fn check(prediction: &mut Prediction, reported: &Reported, out: &mut Out) {
    let fabric = prediction.fabric;
    let is_unsure = reported.is_transit_misread(fabric);
    let mut groups: BTreeMap<(Vec<NodeIndex>, Vec<NodeIndex>), BTreeSet<Question>> = BTreeMap::new();
    for (question, members) in together(prediction) {
        let lost = |of| prediction.floods.lost(&members, of, |member| tells(prediction, member));
        for group in lost(Routes::Any) {
            groups.entry(group).or_default().insert(question.clone());
        }
        // A policy may drop one type of routes and let another pass.
        if let Question::Vni(vni) = question {
            for group in lost(Routes::Floods) {
                groups.entry(group).or_default().insert(Question::Vni(vni));
            }
            for group in lost(Routes::Hosts) {
                groups.entry(group).or_default().insert(Question::Hosts(vni));
            }
        }
        if groups.len() > MOST_WALKS {
            break;
        }
    }
    let is_known = |prediction: &Prediction, node: NodeIndex| {
        let session_ends = fabric.sessions.ends.iter().zip(&prediction.sessions);
        let mut own =
            session_ends.filter(|(session_end, _)| session_end.node == node && session_end.is_active(Family::Evpn));
        fabric.closed || own.all(|(_, fate)| fate.with.is_some())
    };
    let beside_unread = if fabric.closed { BTreeSet::new() } else { beside_unread(prediction) };
    let mut kinds: BTreeMap<Vec<String>, Vec<(Vec<NodeIndex>, Loss)>> = BTreeMap::new();
    for ((receivers, originators), of) in groups.into_iter().take(MOST_WALKS) {
        let (receiver, originator) = (receivers[0], originators[0]);
        // The two of an MLAG pair are one VTEP, and each has the hosts of the other.
        let all: BTreeSet<NodeIndex> = receivers.iter().chain(&originators).copied().collect();
        if fabric.multihoming.pairs.iter().any(|pair| all.iter().eq(pair)) {
            continue;
        }
        let Some(question) = of.first().filter(|_| is_known(prediction, receiver) && is_known(prediction, originator))
        else {
            continue;
        };
        let last = prediction.why(receiver, originator, question).steps.pop();
        if let Some(cause) = last.and_then(|last| last.cause).filter(|cause| !cause.is_meant) {
            let ends: Vec<NodeIndex> = receivers.iter().chain(&originators).copied().collect();
            // A router that was not read may be the rest of the chain.
            let is_chain = cause.rule == Some("mesh-incomplete");
            if is_chain && [receiver, originator].iter().any(|node| beside_unread.contains(node)) {
                continue;
            }
            let is_guess = is_unsure && !reported.is_sure(&cause);
            if is_guess || reported.claims(fabric, &cause, [&receivers, &originators]) {
                continue;
            }
            kinds.entry(cause.kind()).or_default().push((ends, Loss { receivers, originators, of, cause }));
        }
    }
    for group in kinds.into_values().flat_map(connected) {
        // Each receiver and each originator is one member.
        let sides = |loss: &Loss| -> Vec<(NodeIndex, Side)> {
            let receivers = loss.receivers.iter().map(|node| (*node, Side::Receiver));
            receivers.chain(loss.originators.iter().map(|node| (*node, Side::Originator))).collect()
        };
        let things: BTreeSet<(NodeIndex, Side)> = group.iter().flat_map(sides).collect();
        let things: Vec<(NodeIndex, Side)> = things.into_iter().collect();
        let title = group[0].of.first().map(title).unwrap_or_default();
        let subject = |(node, side): &(NodeIndex, Side)| {
            let does = if *side == Side::Receiver { "learns" } else { "tells" };
            let place = fabric.node(*node).frr.as_ref().and_then(|frr| frr.evpn()).map(|bgp| bgp.span);
            Member::new(fabric.name(*node), format_args!("{does} {title}"), place)
        };
        out.group(&things, subject, |things, out| {
            let named: BTreeSet<(NodeIndex, Side)> = things.iter().copied().collect();
            let group: Vec<Loss> = group.iter().filter_map(|loss| loss.only(&named)).collect();
            let Loss { cause, of, .. } = &group[0];
            let names = |nodes: fn(&Loss) -> &[NodeIndex]| {
                let all: BTreeSet<NodeIndex> = group.iter().flat_map(nodes).copied().collect();
                (join_names(all.iter().map(|node| fabric.name(*node))), if all.len() == 1 { "s" } else { "" })
            };
            let ((receivers, s), (originators, tell)) =
                (names(|loss| &loss.receivers), names(|loss| &loss.originators));
            let what: BTreeSet<(bool, u32, String)> = of
                .iter()
                .map(|question| match question {
                    Question::Vni(vni) | Question::Hosts(vni) => (false, vni.number(), self::title(question)),
                    Question::Vrf(_) => (true, 0, self::title(question)),
                })
                .collect();
            let what = join_names(what.into_iter().map(|(_, _, words)| words));
            let span = |node: NodeIndex| {
                let own = |member: &FloodMember| (member.origin.node == node).then_some(member.origin.span).flatten();
                of.iter().find_map(|question| match question {
                    Question::Vni(vni) | Question::Hosts(vni) => prediction.floods.vnis.get(vni)?.iter().find_map(own),
                    Question::Vrf(vrf) => {
                        let members = prediction.floods.vrfs.iter().filter(|member| member.origin.vrf == vrf.as_str());
                        members.into_iter().find_map(own)
                    }
                })
            };
            let of_whom = if receivers == originators { "they".to_owned() } else { originators.clone() };
            let tell = if receivers == originators { " each other" } else { tell };
            out.report(format!("{receivers} learn{s} nothing of what {of_whom} tell{tell} of {what}: {}", cause.why))
                .also(group.iter().flat_map(|loss| loss.cause.places.clone()))
                .also(
                    group
                        .iter()
                        .flat_map(|loss| &loss.originators)
                        .map(|node| (span(*node), format!("told by {}", fabric.name(*node)))),
                )
                .also(
                    group
                        .iter()
                        .flat_map(|loss| &loss.receivers)
                        .map(|node| (span(*node), format!("not heard by {}", fabric.name(*node)))),
                )
                .help(cause.remedy.clone())
                .done();
        });
    }
}

/// The members of each VNI and each VRF that are there to know each other's routes.
fn together<'m>(prediction: &Prediction<'_, 'm>) -> Vec<(Question, Vec<FloodMember<'m>>)> {
    let live = |member: &&FloodMember| member.origin.lack.is_none();
    let bridged = prediction.floods.vnis.iter();
    let bridged = bridged.map(|(vni, all)| (Question::Vni(*vni), all.iter().filter(live).copied().collect()));
    let mut routed: BTreeMap<(Vni, &str), Vec<FloodMember>> = BTreeMap::new();
    for member in prediction.floods.vrfs.iter().filter(live) {
        routed.entry((member.origin.vni, member.origin.vrf)).or_default().push(*member);
    }
    let routed = routed.into_iter().map(|((_, vrf), members)| (Question::Vrf(vrf.to_owned()), members));
    bridged.chain(routed).collect()
}

/// Whether a member tells others anything: with `flooding disable`, or nothing in its VRF, it does not, and may mean it.
fn tells(prediction: &Prediction, member: &FloodMember) -> bool {
    let (fabric, origin) = (prediction.fabric, &member.origin);
    match origin.layer3 {
        None => origin.floods(fabric),
        Some(_) => {
            origin.tells_prefixes(fabric) || origin.vtep.is_some_and(|vtep| origin.host_vteps(fabric).contains(&vtep))
        }
    }
}

/// The nodes from which a chain of EVPN sessions leads to a router that was not read.
fn beside_unread(prediction: &Prediction) -> BTreeSet<NodeIndex> {
    let fabric = prediction.fabric;
    let mut with: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (end, fate) in fabric.sessions.ends.iter().zip(&prediction.sessions) {
        if end.is_active(Family::Evpn) && !end.is_shut() {
            match fate.with.or(end.peer()) {
                Some(peer) => with.entry(peer).or_default().push(end.node),
                None => _ = seen.insert(end.node),
            }
        }
    }
    let mut next: Vec<NodeIndex> = seen.iter().copied().collect();
    while let Some(node) = next.pop() {
        next.extend(with.get(&node).into_iter().flatten().copied().filter(|before| seen.insert(*before)));
    }
    seen
}
