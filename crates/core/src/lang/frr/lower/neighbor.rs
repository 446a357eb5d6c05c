//! `neighbor …`, in `router bgp` and in its address families.

use super::{
    super::{names, statement::Statement},
    Replay, bgp, membership, neighbor_family,
    peer::PeerLine,
    session::Sort,
    switch,
    system::ASN,
};
use crate::model::{
    Asn, Secret, Sourced,
    bgp::{Family, LocalAs, Neighbor, RemoteAs, Role, UpdateSource},
    frr::ObjectKind,
    refusal::{Excluded, LocalAsRefusal, Needless, Refusal},
};
use evpnlint_grammar::frr::Rule;

/// Obeys a line about a neighbour; `family` is the one whose block it stands in, IPv4 unicast in `router bgp` itself.
pub(super) fn obey(replay: &mut Replay, line: &Statement, family: Family) -> bool {
    PeerLine::new(replay, line, family).is_none_or(|mut line| apply(&mut line))
}

fn apply(line: &mut PeerLine) -> bool {
    let statement = line.line;
    if is_bare(statement) {
        return unset(line);
    }
    match statement.pair.clone().into_inner().nth(1).map(|pair| names::bare(pair).as_rule()) {
        Some(Rule::peer_group | Rule::peer_group_of_family) => membership::peer_group(line),
        Some(Rule::neighbor_interface) => membership::interface(line),
        Some(Rule::remote_as) => set_remote_as(line),
        _ if !line.exists() => line.unknown(),
        Some(attribute) => set(line, attribute),
        None => true,
    }
}

/// `neighbor X remote-as …`, which makes a neighbour.
fn set_remote_as(line: &mut PeerLine) -> bool {
    let Some(wanted) = remote_as(line) else { return true };
    if line.line.negated {
        return unset(line);
    }
    if !line.is_address() && !line.exists() {
        return line.unknown();
    }
    if line.is_address() && line.is_group() {
        line.make_neighbor();
    }
    if line.replay.groups_decide() && line.is_group() {
        // The members' AS numbers go (`peer_group_remote_as`).
        let name = line.name;
        let is_member = |peer: &&mut Neighbor| peer.group.as_ref().is_some_and(|group| group.value == name);
        line.instance_mut().neighbors.values_mut().filter(is_member).for_each(|peer| peer.remote_as = None);
    } else if let Some(denied) = membership::remote_as_of_member(line, &wanted.value) {
        return denied;
    }
    line.peer_mut().remote_as = Some(wanted);
    true
}

/// Sets one attribute of a neighbour or group that exists.
fn set(line: &mut PeerLine, attribute: Rule) -> bool {
    let statement = line.line;
    match attribute {
        Rule::password => {
            let Some((text, place)) = statement.word(Rule::secret) else { return true };
            line.peer_mut().password = (!statement.negated).then(|| Sourced::written(Secret::new(text), place));
        }
        Rule::local_as => {
            let Some(asn) = line.replay.value::<Asn>(statement, Rule::asn, ASN) else { return true };
            if asn.value == line.instance().asn.value && !statement.negated {
                return line.refuse(Refusal::LocalAs(LocalAsRefusal::OfInstance));
            }
            // 8.4.4 refuses what follows; 10.3 does not (measured).
            let is_strict = !statement.negated && !line.replay.frr.at_least(8, 5);
            let is_external = matches!(line.sort(), Sort::External | Sort::Undecided);
            if is_strict && !is_external {
                return line.refuse(Refusal::LocalAs(LocalAsRefusal::NotExternal));
            }
            if is_strict && line.remote_number() == Some(asn.value) {
                return line.refuse(Refusal::LocalAs(LocalAsRefusal::OfNeighbor));
            }
            let local = asn.map(|asn| LocalAs {
                asn,
                no_prepend: statement.keyword(4) == "no-prepend",
                dual: statement.last_keyword() == "dual-as",
                replace: statement.keyword(5) == "replace-as",
            });
            line.peer_mut().local_as = Some(local).filter(|_| !statement.negated);
        }
        Rule::ebgp_multihop => {
            let hops = match statement.number() {
                Some((text, place)) => line.replay.parse(text, place, "a number of hops, from 1 to 255"),
                None => Some(Sourced::written(255, statement.span)),
            };
            if !statement.negated && (line.sort() == Sort::Internal || line.is_unnumbered()) {
                return line.replay.ignore(Needless::NoHops);
            }
            let is_limited = hops.as_ref().is_some_and(|hops| hops.value != u8::MAX);
            if is_limited && line.any(|peer| peer.ttl_security.is_some()) && !statement.negated {
                return line.refuse(Refusal::Excluded(Excluded::MultihopByTtlSecurity));
            }
            line.peer_mut().ebgp_multihop = hops.filter(|_| !statement.negated);
        }
        Rule::ttl_security => {
            let hops = line.replay.number(statement);
            let is_far = |peer: &Neighbor| peer.ebgp_multihop.as_ref().is_some_and(|hops| hops.value != 1);
            let is_internal = line.sort() == Sort::Internal;
            if !statement.negated && !is_internal && line.any(is_far) {
                return line.refuse(Refusal::Excluded(Excluded::TtlSecurityByMultihop));
            }
            line.peer_mut().ttl_security = hops.filter(|_| !statement.negated);
        }
        Rule::neighbor_port => {
            let port = line.replay.number(statement);
            line.peer_mut().port = port.filter(|_| !statement.negated);
        }
        Rule::update_source => {
            let source = statement.word(Rule::word).map(|(text, place)| {
                let source =
                    text.parse().map_or_else(|_| UpdateSource::Interface(text.to_owned()), UpdateSource::Address);
                Sourced::written(source, place)
            });
            line.peer_mut().update_source = source.filter(|_| !statement.negated);
        }
        Rule::peer_switch => {
            line.replay.refer(
                ObjectKind::BfdProfile,
                statement,
                Rule::bfd_profile_name,
                format!("sets the BFD timers towards {}", line.name),
            );
            let peer = line.peer_mut();
            let words: Vec<&str> = statement.keywords().skip(2).collect();
            match words.as_slice() {
                ["passive"] => peer.passive = switch(statement),
                // By itself, this asks for no BFD.
                ["bfd", "strict", rest @ ..] => {
                    peer.bfd_strict = switch(statement);
                    if !rest.is_empty() {
                        peer.bfd = switch(statement);
                    }
                }
                ["bfd", ..] => peer.bfd = switch(statement),
                _ => peer.disable_connected_check = switch(statement),
            }
        }
        Rule::session_switch => {
            let peer = line.peer_mut();
            let target = match statement.keyword(2) {
                "enforce-first-as" => &mut peer.enforce_first_as,
                "dont-capability-negotiate" => &mut peer.dont_capability_negotiate,
                "override-capability" => &mut peer.override_capability,
                "strict-capability-match" => &mut peer.strict_capability,
                "sender-as-path-loop-detection" => &mut peer.sender_loop_detection,
                _ => &mut peer.oad,
            };
            *target = switch(statement);
        }
        Rule::local_role => {
            let role = statement.word(Rule::role).map(|(word, place)| Sourced::written(role(word), place));
            let strict = Sourced::written(statement.part(Rule::strict_mode).is_some(), statement.span);
            let peer = line.peer_mut();
            (peer.local_role, peer.strict_role) = if statement.negated { (None, None) } else { (role, Some(strict)) };
        }
        Rule::shutdown => line.peer_mut().shutdown = switch(statement),
        Rule::extended_nexthop => line.peer_mut().extended_nexthop = switch(statement),
        Rule::session_timers if statement.negated => line.peer_mut().timers = None,
        Rule::session_timers => match bgp::timers(statement) {
            Some(timers) => line.peer_mut().timers = Some(timers),
            None => return line.replay.refuse_harmlessly(Needless::ShortHold),
        },
        _ => return neighbor_family::obey(line, attribute),
    }
    true
}

fn role(word: &str) -> Role {
    match word {
        "provider" => Role::Provider,
        "customer" => Role::Customer,
        "rs-server" => Role::RsServer,
        "rs-client" => Role::RsClient,
        _ => Role::Peer,
    }
}

/// The AS that a line wants the neighbour to have.
pub(super) fn remote_as(line: &mut PeerLine) -> Option<Sourced<RemoteAs>> {
    let pair = line.line.part(Rule::as_wanted)?;
    let span = line.line.place(&pair);
    Some(match pair.as_str() {
        "internal" => Sourced::written(RemoteAs::Internal, span),
        "external" => Sourced::written(RemoteAs::External, span),
        "auto" => Sourced::written(RemoteAs::Auto, span),
        number => line.replay.parse::<Asn>(number, span, ASN)?.map(RemoteAs::Number),
    })
}

/// `no neighbor …` with arguments left out.
fn unset(line: &mut PeerLine) -> bool {
    let (statement, name, family) = (line.line, line.name, line.family);
    let first = if is_bare(statement) { statement.line.splitn(3, ' ').nth(2).unwrap_or("") } else { "" };
    if first.is_empty() || first.starts_with("interface") || first.starts_with("remote-as") {
        let instance = line.instance_mut();
        if first.is_empty() && is_bare(statement) && instance.groups.contains_key(name) {
            return line.remove_group();
        }
        if let Some(group) = instance.groups.get_mut(name) {
            // Without its AS, a group loses its members (`peer_group_remote_as_delete`).
            if group.remote_as.take().is_some() {
                line.remove_members();
            }
            return true;
        }
        return line.remove_neighbor();
    }
    if first == "peer-group" && statement.part(Rule::group_name).is_none() {
        return line.remove_group();
    }
    if !line.exists() {
        return true;
    }
    let span = statement.span;
    let peer = line.peer_mut();
    match first {
        "local-as" => peer.local_as = None,
        "update-source" => peer.update_source = None,
        "password" => peer.password = None,
        "ttl-security" => peer.ttl_security = None,
        "port" => peer.port = None,
        "peer-group" => peer.group = None,
        "shutdown" => peer.shutdown = Some(Sourced::written(false, span)),
        "timers" => peer.timers = None,
        "soo" => peer.families.entry(family).or_default().soo = None,
        _ if first.starts_with("allowas-in") => {
            let config = peer.families.entry(family).or_default();
            (config.allowas_in, config.allowas_in_origin) = (None, None);
        }
        _ if first.starts_with("maximum-prefix ") || first == "maximum-prefix" => {
            peer.families.entry(family).or_default().maximum_prefix = None
        }
        _ if first.starts_with("bfd") => peer.bfd = Some(Sourced::written(false, span)),
        _ => return line.replay.unmodelled(),
    }
    true
}

/// Whether the line is one that FRR has behind `no` alone.
fn is_bare(line: &Statement) -> bool {
    use Rule::{evpn_neighbor_no, neighbor_no, unicast_neighbor_no, vpn_neighbor_no};
    matches!(line.rule(), neighbor_no | unicast_neighbor_no | vpn_neighbor_no | evpn_neighbor_no)
}
