//! `neighbor …`, in `router bgp` and in its address families.

use super::{
    super::{names, statement::Statement},
    Replay, bgp, name_of, neighbor_family,
    session::{self, Sort, members, sort},
    switch,
    system::ASN,
};
use crate::{
    model::{
        Asn, Refusal, Secret, Sourced,
        bgp::{Family, LocalAs, Neighbor, PeerName, RemoteAs, Role, UpdateSource},
        frr::ObjectKind,
    },
    source::Span,
};
use evpnlint_grammar::frr::Rule;
use std::net::IpAddr;

/// Obeys a line about a neighbour; `family` is the one whose block it stands in, IPv4 unicast in `router bgp` itself.
pub(super) fn obey(replay: &mut Replay, line: &Statement, family: Family) -> bool {
    let Some(at) = replay.context.bgp else { return true };
    let Some((name, span)) = line.word(Rule::peer) else { return true };
    if is_bare(line) {
        return unset(replay, line, at, name, family);
    }
    let attribute = line.pair.clone().into_inner().nth(1).map(|pair| names::bare(pair).as_rule());
    match attribute {
        Some(Rule::peer_group | Rule::peer_group_of_family) => return peer_group(replay, line, at, name, span),
        Some(Rule::neighbor_interface) => return interface(replay, line, at, name, span),
        Some(Rule::remote_as) => {
            let Some(wanted) = remote_as(replay, line) else { return true };
            if line.negated {
                return unset(replay, line, at, name, family);
            }
            let address = name.parse::<IpAddr>().ok();
            if address.is_none() && !exists(replay, at, name) {
                return unknown(replay, line, name);
            }
            if replay.groups_decide() && replay.frr.bgp[at].groups.contains_key(name) {
                // Their own go (`peer_group_remote_as`).
                let is_member = |peer: &&mut Neighbor| peer.group.as_ref().is_some_and(|group| group.value == name);
                replay.frr.bgp[at].neighbors.values_mut().filter(is_member).for_each(|peer| peer.remote_as = None);
            } else if let Some(denied) = remote_as_of_member(replay, line, at, name, &wanted.value) {
                return denied;
            }
            let peer = peer_mut(replay, at, name, span);
            peer.remote_as = Some(wanted);
            return true;
        }
        _ => {}
    }
    if !exists(replay, at, name) {
        return unknown(replay, line, name);
    }
    match attribute {
        Some(Rule::password) => {
            let Some((text, place)) = line.word(Rule::secret) else { return true };
            peer_mut(replay, at, name, span).password =
                (!line.negated).then(|| Sourced::written(Secret::new(text), place));
        }
        Some(Rule::local_as) => {
            let Some(asn) = replay.value::<Asn>(line, Rule::asn, ASN) else { return true };
            if asn.value == replay.frr.bgp[at].asn.value && !line.negated {
                let why = "local-as is the AS of the instance itself, which FRR does not take".to_owned();
                return replay.refuse(line.span, why);
            }
            // 8.4.4 refuses what follows; 10.3 does not (measured).
            let is_strict = !line.negated && !replay.frr.at_least(8, 5);
            let is_external = matches!(sort(replay, at, name), Sort::External | Sort::Undecided);
            if is_strict && !is_external {
                return replay
                    .refuse(line.span, "FRR takes local-as for an external session only, which this is not yet");
            }
            if is_strict && remote_number(replay, at, name) == Some(asn.value) {
                return replay.refuse(line.span, "local-as is the AS of the neighbour itself, which FRR does not take");
            }
            let local = asn.map(|asn| LocalAs {
                asn,
                no_prepend: line.line.split(' ').nth(4) == Some("no-prepend"),
                dual: line.line.ends_with(" dual-as"),
                replace: line.line.split(' ').nth(5) == Some("replace-as"),
            });
            peer_mut(replay, at, name, span).local_as = Some(local).filter(|_| !line.negated);
        }
        Some(Rule::ebgp_multihop) => {
            let hops = match line.number() {
                Some((text, place)) => replay.parse(text, place, "a number of hops, from 1 to 255"),
                None => Some(Sourced::written(255, line.span)),
            };
            if !line.negated && (sort(replay, at, name) == Sort::Internal || is_unnumbered(replay, at, name)) {
                return replay.ignore("only an external session has hops to count, and this is none, or unnumbered");
            }
            let is_limited = hops.as_ref().is_some_and(|hops| hops.value != u8::MAX);
            if is_limited && any(replay, at, name, |peer| peer.ttl_security.is_some()) && !line.negated {
                return replay.refuse(line.span, "ttl-security is set above, and excludes ebgp-multihop");
            }
            peer_mut(replay, at, name, span).ebgp_multihop = hops.filter(|_| !line.negated);
        }
        Some(Rule::ttl_security) => {
            let hops = replay.number(line);
            let is_far = |peer: &Neighbor| peer.ebgp_multihop.as_ref().is_some_and(|hops| hops.value != 1);
            let is_internal = sort(replay, at, name) == Sort::Internal;
            if !line.negated && !is_internal && any(replay, at, name, is_far) {
                return replay.refuse(line.span, "ebgp-multihop is set above, and excludes ttl-security");
            }
            peer_mut(replay, at, name, span).ttl_security = hops.filter(|_| !line.negated);
        }
        Some(Rule::neighbor_port) => {
            let port = replay.number(line);
            peer_mut(replay, at, name, span).port = port.filter(|_| !line.negated);
        }
        Some(Rule::update_source) => {
            let source = line.word(Rule::word).map(|(text, place)| {
                let source =
                    text.parse().map_or_else(|_| UpdateSource::Interface(text.to_owned()), UpdateSource::Address);
                Sourced::written(source, place)
            });
            peer_mut(replay, at, name, span).update_source = source.filter(|_| !line.negated);
        }
        Some(Rule::peer_switch) => {
            replay.refer(
                ObjectKind::BfdProfile,
                line,
                Rule::bfd_profile_name,
                format!("sets the BFD timers towards {name}"),
            );
            let peer = peer_mut(replay, at, name, span);
            let words: Vec<&str> = line.line.split(' ').skip(2).collect();
            match words.as_slice() {
                ["passive"] => peer.passive = switch(line),
                // By itself, this asks for no BFD.
                ["bfd", "strict", rest @ ..] => {
                    peer.bfd_strict = switch(line);
                    if !rest.is_empty() {
                        peer.bfd = switch(line);
                    }
                }
                ["bfd", ..] => peer.bfd = switch(line),
                _ => peer.disable_connected_check = switch(line),
            }
        }
        Some(Rule::session_switch) => {
            let peer = peer_mut(replay, at, name, span);
            let target = match line.line.split(' ').nth(2) {
                Some("enforce-first-as") => &mut peer.enforce_first_as,
                Some("dont-capability-negotiate") => &mut peer.dont_capability_negotiate,
                Some("override-capability") => &mut peer.override_capability,
                Some("strict-capability-match") => &mut peer.strict_capability,
                Some("sender-as-path-loop-detection") => &mut peer.sender_loop_detection,
                _ => &mut peer.oad,
            };
            *target = switch(line);
        }
        Some(Rule::local_role) => {
            let role = line.word(Rule::role).map(|(word, place)| Sourced::written(role(word), place));
            let strict = Sourced::written(line.part(Rule::strict_mode).is_some(), line.span);
            let peer = peer_mut(replay, at, name, span);
            (peer.local_role, peer.strict_role) = if line.negated { (None, None) } else { (role, Some(strict)) };
        }
        Some(Rule::shutdown) => peer_mut(replay, at, name, span).shutdown = switch(line),
        Some(Rule::extended_nexthop) => peer_mut(replay, at, name, span).extended_nexthop = switch(line),
        Some(Rule::session_timers) if line.negated => peer_mut(replay, at, name, span).timers = None,
        Some(Rule::session_timers) => match bgp::timers(line) {
            Some(timers) => peer_mut(replay, at, name, span).timers = Some(timers),
            None => return replay.refuse_harmlessly(bgp::SHORT_HOLD),
        },
        Some(attribute) => return neighbor_family::obey(replay, line, at, name, span, family, attribute),
        None => {}
    }
    true
}

/// `neighbor NAME peer-group`, which makes a group, and `neighbor X peer-group NAME`, which joins one.
fn peer_group(replay: &mut Replay, line: &Statement, at: usize, name: &str, span: Span) -> bool {
    let Some(group) = name_of(line, Rule::group_name) else {
        if line.negated {
            return remove_group(replay, at, name);
        }
        if !replay.frr.bgp[at].groups.contains_key(name) {
            let group = PeerName::Group(name.to_owned());
            give_defaults(replay, at, group.clone());
            replay.frr.bgp[at].groups.insert(name.to_owned(), Neighbor::new(Sourced::written(group, span)));
        }
        return true;
    };
    let has_group = replay.frr.bgp[at].groups.contains_key(&group.value);
    if line.negated {
        // It goes altogether, whatever group it is in (`no_neighbor_set_peer_group`).
        if !has_group || !exists(replay, at, name) {
            return replay.refuse_harmlessly("there is no such neighbour, or no such peer-group");
        }
        replay.frr.bgp[at].neighbors.shift_remove(&peer_name(name));
        return true;
    }
    if !has_group {
        return no_group(replay, line, &group.value, Some(name));
    }
    if name.parse::<IpAddr>().is_err() && !exists(replay, at, name) {
        return unknown(replay, line, name);
    }
    if let Some(denied) = binding(replay, line, at, name, &group.value) {
        return denied;
    }
    let known = replay.frr.bgp[at].groups.get(&group.value);
    let inherits = replay.groups_decide() && known.is_some_and(|group| group.remote_as.is_some());
    let peer = peer_mut(replay, at, name, span);
    peer.group = Some(group);
    if inherits {
        peer.remote_as = None;
    }
    true
}

/// Where groups decide, a member's own AS is refused, which harms nobody where the two agree, and a group without one has
/// members of one kind (`peer_remote_as`). `None` where the line is taken.
fn remote_as_of_member(
    replay: &mut Replay,
    line: &Statement,
    at: usize,
    name: &str,
    wanted: &RemoteAs,
) -> Option<bool> {
    if !replay.groups_decide() {
        return None;
    }
    let own = &replay.frr.bgp[at];
    let group = own.neighbors.get(&peer_name(name))?.group.as_ref()?.value.clone();
    let sort = session::of_as(own, wanted);
    match own.groups.get(&group)?.remote_as.as_ref().map(|known| known.value) {
        Some(known) if known == *wanted || known == RemoteAs::External && sort == Sort::External => {
            Some(replay.refuse_harmlessly("the peer-group says the AS already, and FRR takes it from there"))
        }
        Some(known) => Some(replay.refuse(
            line.span,
            format!("{name} is in peer-group {group}, whose remote-as {known} counts for all its members"),
        )),
        None => {
            let known = session::sort(replay, at, &group);
            let differs = matches!((known, sort), (Sort::Internal, Sort::External) | (Sort::External, Sort::Internal));
            differs.then(|| replay.refuse(line.span, mixed(&group)))
        }
    }
}

/// What keeps a neighbour from joining a group: another group, or sessions of the other kind in one without an AS
/// (`peer_group_bind`). `None` where nothing does.
fn binding(replay: &mut Replay, line: &Statement, at: usize, name: &str, group: &str) -> Option<bool> {
    let own = &replay.frr.bgp[at];
    let peer = own.neighbors.get(&peer_name(name))?;
    if let Some(other) = peer.group.as_ref().filter(|other| other.value != group) {
        let why = format!("{name} is in peer-group {other} already, and must leave it first");
        return Some(replay.refuse(line.span, why));
    }
    let is_named = matches!(
        own.groups.get(group)?.remote_as.as_ref().map(|known| &known.value),
        Some(RemoteAs::Number(_) | RemoteAs::Internal)
    );
    let (known, sort) = (sort(replay, at, group), sort(replay, at, name));
    let differs = replay.groups_decide()
        && !is_named
        && !matches!(known, Sort::Undecided)
        && sort != Sort::Unknown
        && known != sort;
    differs.then(|| replay.refuse(line.span, mixed(group)))
}

fn mixed(group: &str) -> String {
    format!("peer-group {group} has sessions of the other kind: they are all internal, or all external")
}

/// Whether it is so for a neighbour, or for a group or any of its members.
fn any(replay: &Replay, at: usize, name: &str, is_so: impl Fn(&Neighbor) -> bool) -> bool {
    let own = &replay.frr.bgp[at];
    let itself = own.groups.get(name).or_else(|| own.neighbors.get(&peer_name(name)));
    itself.is_some_and(&is_so) || members(own, name).any(is_so)
}

/// The number of the AS that a neighbour or group is wanted to have.
fn remote_number(replay: &Replay, at: usize, name: &str) -> Option<Asn> {
    let own = &replay.frr.bgp[at];
    let itself = own.groups.get(name).or_else(|| own.neighbors.get(&peer_name(name)))?;
    let group = || own.groups.get(&itself.group.as_ref()?.value)?.remote_as.as_ref();
    match &itself.remote_as.as_ref().or_else(group)?.value {
        RemoteAs::Number(number) => Some(*number),
        _ => None,
    }
}

fn is_unnumbered(replay: &Replay, at: usize, name: &str) -> bool {
    let own = &replay.frr.bgp[at];
    !own.groups.contains_key(name) && matches!(peer_name(name), PeerName::Interface(_))
}

/// `neighbor IF interface …`: an unnumbered session.
fn interface(replay: &mut Replay, line: &Statement, at: usize, name: &str, span: Span) -> bool {
    if line.negated {
        replay.frr.bgp[at].neighbors.shift_remove(&peer_name(name));
        return true;
    }
    if name.parse::<IpAddr>().is_ok() {
        return true;
    }
    let wanted = remote_as(replay, line);
    let group = name_of(line, Rule::group_name);
    let missing = group.as_ref().filter(|group| !replay.frr.bgp[at].groups.contains_key(&group.value)).cloned();
    let v6only = line.line.contains(" v6only").then(|| Sourced::written(true, line.span));
    let peer = peer_mut(replay, at, name, span);
    peer.v6only = v6only.or(peer.v6only.take());
    peer.remote_as = wanted.or(peer.remote_as.take());
    match missing {
        None => {
            peer.group = group.or(peer.group.take());
            true
        }
        Some(group) => no_group(replay, line, &group.value, None),
    }
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

fn remote_as(replay: &mut Replay, line: &Statement) -> Option<Sourced<RemoteAs>> {
    let pair = line.part(Rule::as_wanted)?;
    let span = line.place(&pair);
    Some(match pair.as_str() {
        "internal" => Sourced::written(RemoteAs::Internal, span),
        "external" => Sourced::written(RemoteAs::External, span),
        "auto" => Sourced::written(RemoteAs::Auto, span),
        number => replay.parse::<Asn>(number, span, ASN)?.map(RemoteAs::Number),
    })
}

/// `no neighbor …` with arguments left out.
fn unset(replay: &mut Replay, line: &Statement, at: usize, name: &str, family: Family) -> bool {
    let first = if is_bare(line) { line.line.splitn(3, ' ').nth(2).unwrap_or("") } else { "" };
    if first.is_empty() || first.starts_with("interface") || first.starts_with("remote-as") {
        let own = &mut replay.frr.bgp[at];
        if first.is_empty() && is_bare(line) && own.groups.contains_key(name) {
            return remove_group(replay, at, name);
        }
        if let Some(group) = own.groups.get_mut(name) {
            // Without its AS, a group loses its members (`peer_group_remote_as_delete`).
            if group.remote_as.take().is_some() {
                remove_members(replay, at, name);
            }
            return true;
        }
        replay.frr.bgp[at].neighbors.shift_remove(&peer_name(name));
        return true;
    }
    if first == "peer-group" && line.part(Rule::group_name).is_none() {
        return remove_group(replay, at, name);
    }
    if !exists(replay, at, name) {
        return true;
    }
    let span = line.span;
    let peer = peer_mut(replay, at, name, span);
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
            let own = peer.families.entry(family).or_default();
            (own.allowas_in, own.allowas_in_origin) = (None, None);
        }
        _ if first.starts_with("maximum-prefix ") || first == "maximum-prefix" => {
            peer.families.entry(family).or_default().maximum_prefix = None
        }
        _ if first.starts_with("bfd") => peer.bfd = Some(Sourced::written(false, span)),
        _ => return replay.unmodelled(),
    }
    true
}

/// Whether the line is one that FRR has behind `no` alone.
fn is_bare(line: &Statement) -> bool {
    use Rule::{evpn_neighbor_no, neighbor_no, unicast_neighbor_no, vpn_neighbor_no};
    matches!(line.rule(), neighbor_no | unicast_neighbor_no | vpn_neighbor_no | evpn_neighbor_no)
}

/// A group goes with its members and what it listens to.
fn remove_group(replay: &mut Replay, at: usize, name: &str) -> bool {
    remove_members(replay, at, name);
    let own = &mut replay.frr.bgp[at];
    own.groups.remove(name);
    own.listen.retain(|listen| listen.group.value != name);
    true
}

fn remove_members(replay: &mut Replay, at: usize, name: &str) {
    let is_other = |peer: &Neighbor| peer.group.as_ref().is_none_or(|group| group.value != name);
    replay.frr.bgp[at].neighbors.retain(|_, peer| is_other(peer));
}

fn exists(replay: &Replay, at: usize, name: &str) -> bool {
    let own = &replay.frr.bgp[at];
    own.groups.contains_key(name) || own.neighbors.contains_key(&peer_name(name))
}

/// Who a name that is no group's stands for.
pub(super) fn peer_name(name: &str) -> PeerName {
    match name.parse() {
        Ok(address) => PeerName::Address(address),
        Err(_) => PeerName::Interface(name.to_owned()),
    }
}

fn no_group(replay: &mut Replay, line: &Statement, group: &str, member: Option<&str>) -> bool {
    let groups = replay.context.bgp.map(|at| replay.frr.bgp[at].groups.keys()).into_iter().flatten();
    let near = groups.map(String::as_str).find(|known| strsim::osa_distance(known, group) <= known.len() / 3);
    let why = Refusal::GroupMissing { group: group.to_owned(), near: near.map(str::to_owned) };
    replay.refuse_for(line.span, group, member, why)
}

/// FRR takes anything that is no address for the name of a group or an interface (`peer_and_group_lookup_vty`).
fn unknown(replay: &mut Replay, line: &Statement, name: &str) -> bool {
    let looks = name.contains(['.', ':']) && name.chars().all(|c| c.is_ascii_hexdigit() || ".:/".contains(c));
    let why = if name.parse::<IpAddr>().is_ok() {
        Refusal::NeighborMissing(name.to_owned())
    } else if looks {
        Refusal::NotAnAddress(name.to_owned())
    } else {
        Refusal::PeerMissing(name.to_owned())
    };
    replay.refuse_for(line.span, name, None, why)
}

pub(super) fn peer_mut<'r>(replay: &'r mut Replay, at: usize, name: &str, span: Span) -> &'r mut Neighbor {
    if replay.frr.bgp[at].groups.contains_key(name) {
        return replay.frr.bgp[at].groups.entry(name.to_owned()).or_insert_with(|| unreachable!("it is there"));
    }
    let peer = peer_name(name);
    if !replay.frr.bgp[at].neighbors.contains_key(&peer) {
        give_defaults(replay, at, peer.clone());
    }
    replay.frr.bgp[at]
        .neighbors
        .entry(peer)
        .or_insert_with_key(|peer| Neighbor::new(Sourced::written(peer.clone(), span)))
}

/// A neighbour is active in the address families that `bgp default` names at the moment it is made.
fn give_defaults(replay: &mut Replay, at: usize, name: PeerName) {
    let defaults = &mut replay.instance(at).defaults;
    defaults.given.insert(name, defaults.on.clone());
}
