//! Whether a BGP session comes up. Fourteen conditions, each with its place; the first that fails is the cause.

use super::{ribs::Ribs, speaker::Speakers, wire};
use crate::fabric::{
    Fabric, NodeIndex,
    sessions::{self, Answer, SessionEnd, SessionEndIndex, Target},
};
use evpnlint_core::{
    model::{
        Asn,
        bgp::{BgpInstance, Family, Neighbor, PeerName, UpdateSource},
        is_on,
    },
    source::Span,
};
use std::collections::BTreeSet;

/// What becomes of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It comes up.
    Up,
    /// It never does, or not for long.
    Down,
    /// It depends on what no file says.
    Unknown,
}

/// The fate of one half of a session.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What becomes of it.
    pub state: State,
    /// The address families that both ends offer, when it is up.
    pub families: Vec<Family>,
    /// The node at the other end, if that is known.
    pub with: Option<NodeIndex>,
    /// Why it does not come up.
    pub cause: Option<Cause>,
}

impl Verdict {
    /// Takes a fate that changed from round to round for one that nobody knows.
    pub(super) fn flap(&mut self, other: Self) {
        if self.state != other.state {
            self.families.extend(other.families);
            self.cause = self.cause.take().or(other.cause);
            self.state = State::Unknown;
        }
    }
}

/// Why something does not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub why: String,
    /// What decides it, the line to change first.
    pub places: Vec<(Option<Span>, String)>,
    /// What to type.
    pub remedy: String,
    /// The rule that judges the condition, if one does; where it keeps silent, it has its reasons.
    pub rule: Option<&'static str>,
}

impl Cause {
    /// A cause that nothing stands for yet.
    pub fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), places: vec![], remedy: remedy.into(), rule: None }
    }

    /// Names the rule that judges it.
    #[must_use]
    pub fn told_by(self, rule: impl Into<Option<&'static str>>) -> Self {
        Self { rule: rule.into(), ..self }
    }

    /// What stands at its places: causes are of one kind where that is called the same.
    pub fn kind(&self) -> Vec<String> {
        self.places.iter().map(|(_, label)| label.clone()).collect()
    }

    /// Adds a place, where there is one.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, label: impl Into<String>) -> Self {
        if span.is_some() {
            self.places.push((span, label.into()));
        }
        self
    }
}

/// One end of a session: a half, or the group that a caller joins.
#[derive(Clone, Copy)]
pub struct End<'f, 'm> {
    /// The node.
    pub node: NodeIndex,
    /// The instance.
    pub instance: &'m BgpInstance,
    /// The neighbour, or the group.
    pub neighbor: &'m Neighbor,
    /// The AS that it shows to the other end.
    pub shows: Asn,
    /// Whether it waits for the other end to call: it is a listen range.
    pub listens: bool,
    /// The half, if it is one.
    pub session_end: Option<&'f SessionEnd<'m>>,
}

impl<'f, 'm> End<'f, 'm> {
    /// The end that a half is.
    pub fn of(session_end: &'f SessionEnd<'m>) -> Self {
        Self {
            node: session_end.node,
            instance: session_end.instance,
            neighbor: session_end.neighbor,
            shows: session_end.local_as(),
            listens: false,
            session_end: Some(session_end),
        }
    }

    /// The end that a listen range makes of a caller; `None` where its group does not exist.
    pub fn listening(node: NodeIndex, instance: &'m BgpInstance, group: &str) -> Option<Self> {
        let neighbor = instance.groups.get(group)?;
        let shows = sessions::shown_by(instance, neighbor);
        Some(Self { node, instance, neighbor, shows, listens: true, session_end: None })
    }

    /// Whether the peer is in another AS, as this end sees it.
    pub fn is_external(&self, other: &End) -> bool {
        self.shows != other.shows
    }

    /// Whether it takes the AS that the other shows, or with `dual-as` may fall back to.
    fn takes(&self, other: &End) -> bool {
        let dual = other.neighbor.local_as.as_ref().is_some_and(|local| local.dual);
        sessions::accepts(self.instance, self.neighbor, other.shows)
            || dual && sessions::accepts(self.instance, self.neighbor, other.instance.asn.value)
    }

    /// The TTL of its packets: 255 within the AS and with `ttl-security`, else 1 unless `ebgp-multihop` says more
    /// (`bgp_set_socket_ttl`, bgp_network.c).
    pub(super) fn ttl(&self, other: &End) -> u8 {
        // A listener's socket has 255, and so have those that it accepts from callers (measured on FRR 8.4.4).
        if !self.is_external(other) || self.neighbor.ttl_security.is_some() || self.listens {
            return 255;
        }
        self.neighbor.ebgp_multihop.as_ref().map_or(1, |hops| hops.value)
    }

    /// Whether bgpd calls a peer that is on no connected subnet (`bgp_nht.c`, `bgp_zebra_connected_route`).
    pub(super) fn calls_far(&self, other: &End) -> bool {
        !self.is_external(other)
            || self.ttl(other) > 1
            || is_on(&self.neighbor.disable_connected_check)
            || is_on(&self.instance.disable_connected_check)
    }

    /// The families that it offers. A caller gets ipv4 unicast by default, even where its group switches it off
    /// (measured on FRR 8.4.4).
    pub(super) fn families(&self) -> BTreeSet<Family> {
        let all = self.neighbor.families.iter();
        let by_default = self.listens && self.instance.default_ipv4_unicast.as_ref().is_none_or(|on| on.value);
        let own = all.filter(|(_, own)| is_on(&own.active)).map(|(family, _)| *family);
        own.chain(by_default.then_some(Family::Ipv4Unicast)).collect()
    }

    /// Whether it is a neighbour that somebody activated in EVPN: that the other end is not is a finding of its own.
    fn asks_for_evpn(&self) -> bool {
        let family = self.neighbor.family(Family::Evpn).filter(|_| self.session_end.is_some());
        family.and_then(|own| own.active.as_ref()).is_some_and(|active| active.value && active.is_written())
    }

    pub(super) fn place(&self) -> Option<Span> {
        self.neighbor.place()
    }
}

/// The fate of every half, with the routes that are known so far.
pub fn judge<'m>(fabric: &Fabric<'m>, speakers: &Speakers, ribs: &mut Ribs<'m>) -> Vec<Verdict> {
    let session_ends = &fabric.sessions.ends;
    let mut verdicts: Vec<Option<Verdict>> = vec![None; session_ends.len()];
    for at in 0..session_ends.len() {
        if verdicts[at].is_none() {
            let verdict = verdict(fabric, speakers, ribs, at);
            // Both halves of a pair share its fate, if each is the other's.
            if let Answer::SessionEnd(other) = session_ends[at].answer
                && matches!(session_ends[other].answer, Answer::SessionEnd(back) if back == at)
            {
                verdicts[other] = Some(Verdict { with: Some(session_ends[at].node), ..verdict.clone() });
            }
            verdicts[at] = Some(verdict);
        }
    }
    verdicts.into_iter().flatten().collect()
}

fn verdict<'m>(fabric: &Fabric<'m>, speakers: &Speakers, ribs: &mut Ribs<'m>, at: SessionEndIndex) -> Verdict {
    let session_end = &fabric.sessions.ends[at];
    let own = End::of(session_end);
    let with = session_end.peer();
    let down = |cause| Verdict { state: State::Down, families: vec![], with, cause: Some(cause) };
    let far = match (session_end.target, session_end.answer) {
        (Target::Port(_), Answer::SessionEnd(other)) => Some(End::of(&fabric.sessions.ends[other])),
        (Target::Port(port), Answer::Range(instance, range)) => End::listening(port.node, instance, &range.group.value),
        _ => None,
    };
    let across = || fabric.sessions.possible_ends(at).next().map(|end| End::of(&fabric.sessions.ends[end]));
    if let Some(cause) = alone(fabric, &own, far.or_else(across).as_ref()) {
        return down(cause);
    }
    let Some(other) = far else { return nobody(fabric, speakers, at) };
    match between(fabric, speakers, ribs, &own, &other) {
        Ok(families) => Verdict { state: State::Up, families, with, cause: None },
        Err(cause) => down(cause),
    }
}

/// The fate of a half that no half and no group answers.
fn nobody(fabric: &Fabric, speakers: &Speakers, at: SessionEndIndex) -> Verdict {
    let session_end = &fabric.sessions.ends[at];
    let with = session_end.peer();
    let down = |cause| Verdict { state: State::Down, families: vec![], with, cause: Some(cause) };
    let unknown = |cause| Verdict { state: State::Unknown, families: vec![], with, cause: Some(cause) };
    let name = |node: NodeIndex| fabric.name(node);
    let peer = &session_end.neighbor.name;
    match (session_end.target, session_end.answer) {
        (Target::Interface | Target::OnLink, _) => wire::judge(fabric, speakers, at),
        (Target::Nowhere, _) => {
            let cause = Cause::new(
                format!("no node that was read has the address {peer}"),
                "correct the address, or read the node that has it",
            );
            let cause = cause.at(session_end.neighbor.place(), "leads to no node").told_by("peer-unknown");
            if fabric.closed { down(cause) } else { unknown(cause) }
        }
        (Target::Myself, _) => {
            let cause =
                Cause::new(format!("{peer} is an address of {} itself", name(session_end.node)), "name the peer's");
            down(cause.at(session_end.neighbor.place(), "its own address"))
        }
        (Target::Port(port), Answer::Nobody) => {
            let cause = Cause::new(
                format!("{} does not know {}: it has no neighbour for it", name(port.node), name(session_end.node)),
                format!("add the neighbour on {}", name(port.node)),
            );
            down(cause.at(session_end.neighbor.place(), "only this end is configured").told_by("peer-one-sided"))
        }
        (Target::Port(port), Answer::Elsewhere(other)) => {
            let theirs = &fabric.sessions.ends[other];
            let cause = Cause::new(
                format!(
                    "neither {} nor {} calls from the address that the other has as its neighbour",
                    name(session_end.node),
                    name(port.node)
                ),
                "give both ends `update-source` with the address that the other names",
            );
            let cause = cause.at(session_end.neighbor.place(), "one end").at(theirs.neighbor.place(), "the other");
            down(cause.told_by("update-source-mismatch"))
        }
        (Target::Port(port), Answer::Range(_, range)) => {
            let cause = Cause::new(
                format!("the listen range of {} has no group {}", name(port.node), range.group),
                "define the peer-group before the listen range",
            );
            down(cause.at(range.range.span(), "takes the call for a group that does not exist"))
        }
        (Target::Port(_), _) => {
            let cause = Cause::new("several nodes have the peer's address", "give each node an address of its own");
            unknown(cause.at(session_end.neighbor.place(), "who is meant?"))
        }
    }
}

/// What keeps a session down whatever the other end says, which is there only to tell whose finding that is.
pub(super) fn alone(fabric: &Fabric, end: &End, far: Option<&End>) -> Option<Cause> {
    let name = fabric.name(end.node);
    let n = end.neighbor;
    // Other rules look at neighbours, and not at the groups that callers join.
    let of_half = |rule| end.session_end.map(|_| rule);
    for switch in [&n.shutdown, &end.instance.shutdown] {
        if let Some(on) = switch.as_ref().filter(|on| on.value) {
            let cause = Cause::new(format!("{name} keeps it shut"), "remove the line when the maintenance is over");
            return Some(cause.at(on.span(), "shut here").told_by(of_half("session-shut")));
        }
    }
    if n.remote_as.is_none() {
        let cause = Cause::new(format!("{name} is not told the peer's AS"), "add `remote-as`");
        return Some(cause.at(end.place(), "no remote-as").told_by(of_half("remote-as-missing")));
    }
    if end.families().is_empty() {
        let cause = Cause::new(
            format!("{name} has {} active in no address family, and does not connect", n.name),
            "activate the peer in the address families that it is for",
        );
        let rule = far.filter(|far| far.asks_for_evpn()).map(|_| "evpn-one-sided");
        return Some(cause.at(end.place(), "active in no address family").told_by(rule));
    }
    if fabric.node(end.node).frr.as_ref().is_some_and(|frr| !frr.runs("bgpd")) {
        let switch = fabric.node(end.node).frr.as_ref().and_then(|frr| frr.daemons.as_ref()?.get("bgpd")?.span());
        let cause = Cause::new(format!("bgpd is not started on {name}"), "write `bgpd=yes` in /etc/frr/daemons");
        return Some(cause.at(switch, "not started").told_by("daemon-not-started"));
    }
    // Callers of a listen range are answered all the same.
    let stops = fabric.node(end.node).frr.as_ref().and_then(|frr| frr.stops);
    if let Some(stop) = stops.filter(|_| !end.listens) {
        let why = format!(
            "{name} leaves its configuration at an \"exit\" outside every block, and bgpd waits in vain for the end of it"
        );
        return Some(
            Cause::new(why, "remove the line").at(Some(stop), "there is no block to leave here").told_by("exit-at-top"),
        );
    }
    // From an interface without an address it takes no call either (measured on FRR 8.4.4).
    let is_interface = n.update_source.as_ref().is_some_and(|own| matches!(own.value, UpdateSource::Interface(_)));
    if let Some(cause) = no_source(fabric, end).filter(|_| is_interface) {
        return Some(cause);
    }
    let vrf = end.instance.vrf.as_ref();
    if let Some(vrf) = vrf.filter(|vrf| !fabric.devices[end.node].may_have_vrf(&vrf.value)) {
        let cause = Cause::new(format!("{name} has no VRF {vrf}"), "describe the VRF in /etc/network/interfaces");
        return Some(cause.at(vrf.span(), "the instance of a VRF that is not there").told_by("vrf-undefined"));
    }
    None
}

/// Whether `update-source` names what the node has not got, so that bgpd cannot bind to it and calls nobody.
pub(super) fn no_source(fabric: &Fabric, end: &End) -> Option<Cause> {
    let source = end.neighbor.update_source.as_ref()?;
    let device = &fabric.devices[end.node];
    let vrf = end.instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
    let links = || device.node.links.values().filter(|link| link.vrf_name() == vrf || link.name == vrf);
    let is_known = device.node.interfaces.is_some() && !links().any(|link| link.dynamic) && !device.hooks_mention("ip");
    let has = match &source.value {
        UpdateSource::Address(address) => links().flat_map(|link| &link.addresses).any(|own| own.ip == *address),
        UpdateSource::Interface(name) => {
            let is_v4 = end.session_end.and_then(|session_end| session_end.peer_address())?.is_ipv4();
            let own = device.link(name).filter(|link| link.is_described() || link.frr.is_some());
            own.is_some_and(|link| link.addresses.iter().any(|own| own.ip.is_ipv4() == is_v4))
        }
    };
    if has || !is_known {
        return None;
    }
    let cause = Cause::new(
        format!("{} has no address {source} to send from", fabric.name(end.node)),
        "name an address of the node in `update-source`, or an interface that has one",
    );
    Some(cause.at(source.span(), "not its own"))
}

/// What two ends make of each other: the families in common, or the first thing that keeps them apart.
fn between<'m>(
    fabric: &Fabric<'m>,
    speakers: &Speakers,
    ribs: &mut Ribs<'m>,
    one: &End<'_, 'm>,
    other: &End<'_, 'm>,
) -> Result<Vec<Family>, Cause> {
    if let Some(cause) = alone(fabric, other, Some(one)) {
        return Err(cause);
    }
    let families = agree(fabric, speakers, one, other)?;
    super::call::calls(fabric, ribs, one, other)?;
    Ok(families)
}

/// What does not depend on routes: AS numbers, router-ids, families, passwords, TTLs.
pub(super) fn agree(fabric: &Fabric, speakers: &Speakers, one: &End, other: &End) -> Result<Vec<Family>, Cause> {
    let name = |end: &End| fabric.name(end.node);
    for (end, far) in [(one, other), (other, one)] {
        if !end.takes(far) {
            let wanted = end.neighbor.remote_as.as_ref();
            let cause = Cause::new(
                format!(
                    "{} expects AS {} and {} shows AS {}",
                    name(end),
                    wanted.map_or_else(String::new, |wanted| wanted.to_string()),
                    name(far),
                    far.shows
                ),
                format!("write `remote-as {}` on {}, or correct the AS of {}", far.shows, name(end), name(far)),
            );
            let shown = far.neighbor.local_as.as_ref().map_or(far.instance.asn.span(), |local| local.span());
            let cause = cause.at(wanted.and_then(|wanted| wanted.span()), "expected").at(shown, "shown");
            return Err(cause.told_by("asn-mismatch"));
        }
    }
    router_ids(fabric, speakers, one, other)?;
    let families: Vec<Family> = one.families().intersection(&other.families()).copied().collect();
    if families.is_empty() && !is_on(&one.neighbor.override_capability) && !is_on(&other.neighbor.override_capability) {
        let cause = Cause::new(
            format!("{} and {} have no address family in common", name(one), name(other)),
            "activate the same address family on both ends",
        );
        let rule = (one.asks_for_evpn() || other.asks_for_evpn()).then_some("evpn-one-sided");
        return Err(cause.at(one.place(), "one end").at(other.place(), "the other").told_by(rule));
    }
    for end in [one, other] {
        if let Some(strict) = end.neighbor.strict_capability.as_ref().filter(|strict| strict.value)
            && one.families() != other.families()
        {
            let cause = Cause::new(
                format!("{} takes no peer that offers other address families than its own", name(end)),
                "activate the same address families on both ends, or remove `strict-capability-match`",
            );
            return Err(cause.at(strict.span(), "asked for").at(one.place(), "one end").at(other.place(), "the other"));
        }
    }
    let secret = |end: &End<'_, '_>| end.neighbor.password.as_ref().map(|word| word.value.clone());
    if secret(one) != secret(other) {
        let span = |end: &End| end.neighbor.password.as_ref().map_or(end.place(), |word| word.span());
        let cause = Cause::new(
            format!("the passwords of {} and {} differ", name(one), name(other)),
            "write the same password on both ends",
        );
        let rule = matches!(one.neighbor.name.value, PeerName::Address(_)).then_some("password-mismatch");
        return Err(cause.at(span(one), "one end").at(span(other), "the other").told_by(rule));
    }
    super::terms::agree(fabric, one, other)?;
    Ok(families)
}

fn router_ids(fabric: &Fabric, speakers: &Speakers, one: &End, other: &End) -> Result<(), Cause> {
    let ids = [one, other].map(|end| speakers.router_id(end.node, end.instance));
    for (end, id) in [one, other].into_iter().zip(ids) {
        let node = fabric.node(end.node);
        let by_hand = node.links.values().any(|link| link.dynamic) || fabric.devices[end.node].hooks_mention("ip");
        let is_known = node.interfaces.is_some() && !by_hand;
        if id.is_none() && is_known {
            let cause = Cause::new(
                format!("{} has no IPv4 address to take a router-id from, and sends 0.0.0.0", node.name),
                "add `bgp router-id`",
            );
            return Err(cause.at(Some(end.instance.span), "no router-id"));
        }
    }
    if let [Some(a), Some(b)] = ids
        && a == b
        && !one.is_external(other)
    {
        let cause = Cause::new(
            format!(
                "{} and {} both have the router-id {a}, and refuse each other (RFC 4271 section 6.2)",
                fabric.name(one.node),
                fabric.name(other.node)
            ),
            "give each node its own `bgp router-id`",
        );
        let span = |end: &End| end.instance.router_id.as_ref().map_or(Some(end.instance.span), |id| id.span());
        let is_written = |end: &End| {
            let frr = fabric.node(end.node).frr.as_ref();
            end.instance.vrf.is_none()
                && (end.instance.router_id.is_some() || frr.is_some_and(|frr| frr.router_id.is_some()))
        };
        let rule = (is_written(one) && is_written(other)).then_some("router-id-duplicate");
        return Err(cause.at(span(one), "one end").at(span(other), "the other").told_by(rule));
    }
    Ok(())
}
