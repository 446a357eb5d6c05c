//! Stanzas to interfaces, replayed in order.
//!
//! Inside a stanza the first line of a scalar wins; two stanzas of one interface are both applied, one after the
//! other. Lists (`address`, `bridge-ports` …) take all lines.

use super::{
    hooks,
    kind::{Parts, Port},
    outline,
    parse::{Statement, Word, wanted},
    ranges::{self, Budget},
    source::{Stanza, Text},
};
use crate::{
    model::{
        Fault, FaultKind, InterfaceAddress, MacAddress, Node, Reading, Sourced, Vni,
        address::netmask_length,
        link::{Link, LinkKind, OtherKind, Repeat, Virtual},
        multihoming::{Clag, ClagPeer},
        refusal::Disregard,
    },
    source::{LanguageId, Span},
};
use evpnlint_grammar::interfaces::Rule;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    rc::Rc,
    str::FromStr,
};

/// Lowers all that the files of a node say.
pub(super) fn lower(mut text: Text, into: &mut Reading) {
    // What names have used up is not to be missing for lines.
    let budget = Budget::after(&text.budget);
    let mut lowering =
        Lowering { into, parts: BTreeMap::new(), faults: BTreeMap::new(), unmodelled: BTreeSet::new(), budget };
    for stanza in text.stanzas.iter_mut() {
        // Each line of a stanza counts for each of its names.
        let lines = stanza.attributes.len().max(1);
        if stanza.names.len() > 1 {
            let granted = lowering.budget.take(stanza.span, (stanza.names.len() * lines) as u64);
            stanza.names.truncate(granted as usize / lines);
        }
    }
    let stanzas: Vec<&Stanza> = text.stanzas.iter().filter(|stanza| stanza.is_interface).collect();
    let mut bodies = BTreeMap::new();
    let mut earlier: BTreeMap<&str, Earlier> = BTreeMap::new();
    for stanza in &stanzas {
        let next = bodies.len();
        let body = *bodies.entry(body(stanza)).or_insert(next);
        let heads = heads(stanza);
        let phrases = outline::phrases(stanza);
        for name in &stanza.names {
            let earlier = earlier.entry(name).or_default();
            lowering.stanza(name, stanza, earlier.first(stanza));
            if earlier.bodies.insert(body) {
                lowering.replay(name, stanza);
                outline::note(name, stanza, &phrases, &mut lowering.into.node.outline);
            }
            earlier.add(stanza, &heads);
        }
    }
    for stanza in &stanzas {
        for name in &stanza.names {
            lowering.hooks(name, stanza);
        }
    }
    let Lowering { into, mut parts, faults, unmodelled, mut budget } = lowering;
    into.coverage.unmodelled += unmodelled.len() as u32;
    let faults = faults.into_values().flatten();
    into.faults.extend(faults.filter(|fault| !text.templates.contains(&fault.span.file)));
    let known: Vec<String> = parts.keys().cloned().collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for link in into.node.links.values_mut() {
        if let Some(parts) = parts.get_mut(&link.name) {
            link.kind = parts.kind(&link.name, link.place(), &known, &mut budget);
            if matches!(link.kind, LinkKind::Physical) {
                link.stray_vlan_id = parts.vlan_id.take();
            }
        }
        if link.auto.is_none() && link.is_described() {
            link.late_auto = text.auto(&link.name);
        }
    }
    share_vtep(&mut into.node);
    for span in budget.beyond.into_values() {
        into.faults.push(Fault::new(LanguageId::Interfaces, span, FaultKind::Malformed { wanted: ranges::WITHIN }));
        text.file.template.get_or_insert(span);
    }
    into.node.interfaces = Some(text.file);
}

/// Gives `lo` the VTEP address that an MLAG pair shares: `clagd` adds it there once both of the pair agree (Cumulus Linux,
/// "VXLAN Active-active Mode").
fn share_vtep(node: &mut Node) {
    let Some(shared) = node.shared_vtep().cloned() else { return };
    let Some(lo) = node.links.get_mut("lo") else { return };
    if lo.addresses.iter().all(|own| own.ip != shared.value) {
        lo.addresses.push(shared.map(|ip| InterfaceAddress::new(ip, u8::MAX)));
    }
}

/// What a stanza says, as far as another compares with it.
fn body(stanza: &Stanza) -> (Option<&str>, Option<&str>, Vec<(Rule, &str)>) {
    let lines = stanza.attributes.iter().map(|line| (line.rule, line.rest.as_str())).collect();
    (stanza.family.as_deref(), stanza.method.as_deref(), lines)
}

/// The first line of each attribute.
type Heads<'t> = Rc<BTreeMap<Rule, &'t Statement>>;

fn heads(stanza: &Stanza) -> Heads<'_> {
    let mut heads = BTreeMap::new();
    for statement in &stanza.attributes {
        heads.entry(statement.rule).or_insert(statement);
    }
    Rc::new(heads)
}

/// The stanzas of one interface that were read.
#[derive(Default)]
struct Earlier<'t> {
    /// The first one of each family.
    firsts: Vec<(&'t Stanza, Heads<'t>)>,
    /// Bodies, by number.
    bodies: BTreeSet<usize>,
}

impl<'t> Earlier<'t> {
    fn add(&mut self, stanza: &'t Stanza, heads: &Heads<'t>) {
        // An alias describes a further address of its interface.
        let is_new = |(known, _): &(&Stanza, _)| known.family != stanza.family;
        if !stanza.written.contains(':') && self.firsts.iter().all(is_new) {
            self.firsts.push((stanza, heads.clone()));
        }
    }

    /// The first one that a stanza repeats. `inet` and `inet6` are two halves of one description.
    fn first(&self, stanza: &Stanza) -> Option<&(&'t Stanza, Heads<'t>)> {
        let is_half =
            |other: &Stanza| other.family.is_some() && stanza.family.is_some() && other.family != stanza.family;
        self.firsts.iter().find(|(other, _)| !is_half(other) && !stanza.written.contains(':'))
    }
}

struct Lowering<'i> {
    into: &'i mut Reading,
    parts: BTreeMap<String, Parts>,
    /// By place, for the lines of a range of interfaces are replayed for each.
    faults: BTreeMap<Span, Vec<Fault>>,
    /// Lines of which the model takes nothing, each once.
    unmodelled: BTreeSet<Span>,
    budget: Budget,
}

impl Lowering<'_> {
    fn fault(&mut self, span: Span, kind: FaultKind) {
        let fault = Fault::new(LanguageId::Interfaces, span, kind);
        let known = self.faults.entry(span).or_default();
        if !known.contains(&fault) {
            known.push(fault);
        }
    }

    fn dropped(&mut self, span: Span, why: Disregard) {
        self.fault(span, FaultKind::Dropped(why));
    }

    /// Notes that a stanza describes an interface, and how that differs from the first one that does.
    fn stanza(&mut self, name: &str, stanza: &Stanza, first: Option<&(&Stanza, Heads)>) {
        let link = self.into.node.link_mut(name, stanza.span);
        link.stanzas.push(stanza.span);
        link.auto = link.auto.or(stanza.auto);
        link.hotplug = link.hotplug.or(stanza.hotplug);
        if let Some((first, heads)) = first {
            let pair = |line: &Statement| Some((*heads.get(&line.rule)?, line.span));
            let conflicts = stanza.attributes.iter().filter(|line| is_scalar(line.rule) && !is_vlans(line.rule));
            let conflicts = conflicts.filter_map(|line| pair(line).filter(|(other, _)| other.rest != line.rest));
            let conflicts = conflicts.map(|(other, span)| (other.span, span)).collect();
            let addresses = stanza.attributes.iter().find(|line| line.rule == Rule::address).and_then(pair);
            let addresses = addresses.map(|(other, span)| (other.span, span));
            link.repeats.push(Repeat { first: first.span, second: stanza.span, conflicts, addresses });
        }
    }

    /// Obeys the lines of a stanza for one of its interfaces.
    fn replay(&mut self, name: &str, stanza: &Stanza) {
        // Taken out while its lines are replayed, and put back behind them.
        let mut link = std::mem::replace(self.into.node.link_mut(name, stanza.span), Link::new(name, stanza.span));
        let mut parts = self.parts.remove(name).unwrap_or_default();
        match stanza.method.as_deref() {
            Some("loopback") => parts.is_loopback = true,
            Some("dhcp" | "dhcp6" | "ppp" | "auto" | "bootp" | "ipv4ll" | "wvdial") => link.dynamic = true,
            _ => {}
        }
        let inherited = link.addresses.len();
        let mut done: BTreeMap<Rule, &Statement> = BTreeMap::new();
        for statement in &stanza.attributes {
            match done.get(&statement.rule) {
                None => self.attribute(statement, inherited, &mut link, &mut parts),
                Some(earlier) if earlier.rest != statement.rest => {
                    let (name, first) = (earlier.name.to_string(), earlier.rest.to_string());
                    self.dropped(statement.span, Disregard::BehindFirst { name, first });
                }
                Some(_) => {}
            }
            if is_scalar(statement.rule) {
                done.entry(statement.rule).or_insert(statement);
            }
        }
        self.parts.insert(name.to_owned(), parts);
        *self.into.node.link_mut(name, stanza.span) = link;
    }

    fn attribute(&mut self, statement: &Statement, inherited: usize, link: &mut Link, parts: &mut Parts) {
        use Rule as R;
        let span = statement.span;
        let word = |rule| statement.word(rule);
        let switch = || {
            let word = word(R::SWITCH)?;
            Some(Sourced::written(matches!(word.text.as_str(), "on" | "yes" | "1"), word.span))
        };
        let name = || word(R::NAME).map(|word| Sourced::written(word.text.clone(), word.span));
        match statement.rule {
            R::address => {
                if let Some(address) = value(word(R::IP_LEN))
                    && link.addresses.iter().all(|known| known.value != address.value)
                {
                    link.addresses.push(address);
                }
            }
            R::netmask => self.netmask(statement, inherited, link),
            R::mtu => link.mtu = value(word(R::MTU)).or(link.mtu.take()),
            R::hwaddress => {
                link.hwaddress = value::<MacAddress>(word(R::MAC)).or(link.hwaddress.take());
            }
            R::gateway => link.gateways.extend(value::<IpAddr>(word(R::IP))),
            R::vrf | R::vrf_member => link.vrf = name(),
            R::ip_forward => link.ip_forward = switch(),
            R::arp_accept => link.arp_accept = switch(),
            R::ip6_forward => link.ip6_forward = switch(),
            R::disable_ipv6 | R::disable_ip6 => link.ipv6_disabled = switch(),
            R::address_virtual => self.address_virtual(statement, link),
            R::es_sys_mac | R::bond_ad_actor_system | R::bond_ad_sys_mac_addr => {
                link.lacp_system = value(word(R::MAC)).or(link.lacp_system.take());
            }
            R::clag_id if statement.rest == "0" => {}
            R::clag_id
            | R::clag_
            | R::clagd_
            | R::clagd_enable
            | R::clagd_peer_ip
            | R::clagd_sys_mac
            | R::clagd_priority
            | R::clagd_backup_ip
            | R::clagd_vxlan_anycast_ip => {
                let clag = link.clag.get_or_insert_with(|| Box::new(Clag::new(span)));
                match statement.rule {
                    R::clag_id => clag.id = value(word(R::SHORT)),
                    R::clagd_enable => clag.enabled = switch(),
                    R::clagd_sys_mac => clag.system_mac = value(word(R::MAC)),
                    R::clagd_backup_ip => {
                        clag.backup = value(word(R::IP));
                        clag.backup_vrf = name();
                    }
                    R::clagd_vxlan_anycast_ip => clag.anycast = value(word(R::IP)),
                    R::clagd_peer_ip => {
                        let linklocal = word(R::LINKLOCAL).map(|word| Sourced::written(ClagPeer::LinkLocal, word.span));
                        clag.peer = value::<IpAddr>(word(R::IP)).map(|ip| ip.map(ClagPeer::Address)).or(linklocal);
                    }
                    _ => {}
                }
            }
            R::bridge_access => link.port.access = value(word(R::VID)),
            R::bridge_pvid => link.port.pvid = value(word(R::VID)),
            R::bridge_vids | R::bridge_trunk => {
                for word in statement.all(R::VID_RANGE) {
                    let range = ranges::span(&word.text, 1, 4094);
                    let range = range.map(|(low, high)| Sourced::written((low as u16, high as u16), word.span));
                    link.port.vids.extend(range);
                }
            }
            R::bridge_learning => link.port.learning = switch().or(link.port.learning.take()),
            R::bridge_arp_nd_suppress => link.port.suppress = switch().or(link.port.suppress.take()),
            R::bridge_ports => parts.ports.get_or_insert_default().extend(ports(statement)),
            R::bridge_vlan_aware => parts.vlan_aware = switch(),
            R::bond_slaves | R::bond_ports | R::bond_members => {
                parts.slaves.get_or_insert_default().extend(ports(statement));
            }
            R::bond_master => link.bond_master = name(),
            R::pointopoint => link.pointopoint = value(word(R::IP_LEN)),
            R::vlan_raw_device => parts.raw = name(),
            R::vlan_id => parts.vlan_id = value(word(R::VID)),
            R::vrf_table => {
                let table = word(R::TABLE).filter(|table| table.text != "auto");
                parts.table = Some(value(table));
            }
            R::link_type => parts.link_type = word(R::LINK_TYPE).map(|word| word.text.clone()),
            R::veth_peer_name => parts.veth_peer = name(),
            R::tunnel_mode | R::mode | R::gre_ | R::wireguard_ => parts.other = Some(OtherKind::Tunnel),
            R::xfrm_id => parts.other = Some(OtherKind::Xfrm),
            R::ovs_mtu => {
                link.mtu = value(word(R::MTU)).or(link.mtu.take());
                parts.other = Some(OtherKind::OpenVswitch);
            }
            R::ovs_type | R::ovs_ports | R::ovs_ => parts.other = Some(OtherKind::OpenVswitch),
            R::batman_ => parts.other = Some(OtherKind::Batman),
            R::vxlan_local_tunnelip | R::vxlan_local_ip => {
                let local = value::<IpAddr>(word(R::IP));
                if link.name == "lo" {
                    link.default_tunnel_ip.clone_from(&local);
                }
                parts.vxlan.local = local;
            }
            _ => self.vxlan(statement, parts),
        }
    }

    fn vxlan(&mut self, statement: &Statement, parts: &mut Parts) {
        use Rule as R;
        let word = |rule| statement.word(rule);
        let vxlan = &mut parts.vxlan;
        match statement.rule {
            R::vxlan_id => {
                parts.is_vxlan = true;
                vxlan.vni = value::<Vni>(word(R::VNI));
            }
            R::bridge_vlan_vni_map => {
                parts.is_vxlan = true;
                vxlan.single.get_or_insert(statement.span);
                if let Some(why) = newer(statement) {
                    self.fault(statement.span, FaultKind::Newer { why });
                }
                for word in statement.all(R::VLAN_VNI) {
                    match ranges::vlan_vni(&word.text, word.span, &mut self.budget) {
                        Some(pairs) => {
                            vxlan.map.extend(pairs.into_iter().map(|pair| Sourced::written(pair, word.span)));
                        }
                        None => self.fault(word.span, FaultKind::Malformed { wanted: wanted(R::VLAN_VNI) }),
                    }
                }
            }
            R::vxlan_vni => {
                parts.is_vxlan = true;
                vxlan.single.get_or_insert(statement.span);
            }
            R::vxlan_remoteip | R::vxlan_remote_ip | R::vxlan_peer_ips | R::vxlan_svcnodeip | R::vxlan_svcnodeip6 => {
                vxlan.remotes.extend(values(statement, R::IP));
            }
            R::vxlan_mcastgrp | R::vxlan_mcastgrp6 | R::vxlan_peer_group | R::vxlan_remote_group => {
                vxlan.group = value(word(R::IP));
            }
            R::vxlan_port | R::vxlan_dstport => vxlan.port = value(word(R::UDP_PORT)),
            R::vxlan_ttl => vxlan.ttl = value::<u8>(word(R::TTL)).filter(|ttl| ttl.value > 0),
            R::vxlan_learning => {
                let on = |word: &Word| Sourced::written(matches!(word.text.as_str(), "on" | "yes" | "1"), word.span);
                vxlan.learning = word(R::SWITCH).map(on);
            }
            R::vxlan_physdev => {
                vxlan.physdev = word(R::NAME).map(|word| Sourced::written(word.text.clone(), word.span));
            }
            // Their commands are read when every stanza has been.
            R::pre_up | R::up | R::post_up => {}
            _ => drop(self.unmodelled.insert(statement.span)),
        }
    }

    /// A mask belongs to the address before it, and counts only where that has no length of its own.
    fn netmask(&mut self, statement: &Statement, inherited: usize, link: &mut Link) {
        let Some(word) = statement.word(Rule::MASK) else { return };
        let Some(length) = netmask_length(&word.text) else { return };
        match link.addresses[inherited..].last_mut() {
            Some(address) if address.is_host() => address.value = InterfaceAddress::new(address.ip, length),
            Some(_) => {}
            None => self.dropped(statement.span, Disregard::MaskWithoutAddress),
        }
    }

    fn address_virtual(&mut self, statement: &Statement, link: &mut Link) {
        let Some(mac) = value::<MacAddress>(statement.word(Rule::MAC)) else { return };
        let addresses: Vec<Sourced<InterfaceAddress>> = values(statement, Rule::IP_LEN);
        let addresses = addresses.into_iter().map(|address| address.value).collect();
        link.virtuals.push(Sourced::written(Virtual { mac: mac.value, addresses }, statement.span));
    }

    /// The commands that run when an interface comes up.
    fn hooks(&mut self, name: &str, stanza: &Stanza) {
        for statement in &stanza.attributes {
            if !matches!(statement.rule, Rule::pre_up | Rule::up | Rule::post_up) {
                continue;
            }
            let command = statement.rest.replace("$IFACE", &stanza.written).replace("${IFACE}", &stanza.written);
            for made in hooks::read(&command, statement.span, &mut self.parts) {
                self.into.node.link_mut(&made, statement.span);
            }
            self.into.node.link_mut(name, stanza.span).hooks.push(Sourced::written(command, statement.span));
        }
    }
}

/// A word as what it is; a line in which one is none was refused when it was parsed.
fn value<T: FromStr>(word: Option<&Word>) -> Option<Sourced<T>> {
    let word = word?;
    Some(Sourced::written(word.text.parse().ok()?, word.span))
}

fn values<T: FromStr>(statement: &Statement, rule: Rule) -> Vec<Sourced<T>> {
    statement.all(rule).filter_map(|word| value(Some(word))).collect()
}

/// Whether ifupdown2 reads only the first line of an attribute; only such as have a part in the model count.
fn is_scalar(rule: Rule) -> bool {
    use Rule as R;
    matches!(
        rule,
        R::mtu
            | R::hwaddress
            | R::vrf
            | R::ip_forward
            | R::ip6_forward
            | R::bridge_access
            | R::bridge_pvid
            | R::bridge_vids
            | R::bridge_trunk
            | R::bridge_learning
            | R::bridge_arp_nd_suppress
            | R::bridge_vlan_aware
            | R::bond_slaves
            | R::bond_ports
            | R::vlan_raw_device
            | R::vlan_id
            | R::vrf_table
            | R::vxlan_id
            | R::vxlan_local_tunnelip
            | R::vxlan_port
            | R::vxlan_learning
            | R::vxlan_physdev
            | R::link_type
            | R::clag_id
            | R::es_sys_mac
    )
}

/// The VLANs of two stanzas add up on the port.
fn is_vlans(rule: Rule) -> bool {
    matches!(rule, Rule::bridge_vids | Rule::bridge_trunk)
}

/// Why ifupdown2 3.0.0 applies none of a device's map for the sake of a line of it: it takes `RANGE=RANGE`, of two equal
/// ranges, and gives up before it has committed a single pair (`apply_bridge_port_vlan_vni_map`, run).
fn newer(map: &Statement) -> Option<&'static str> {
    let length = |range: &str| ranges::span(range, 0, u64::MAX).map(|(low, high)| high - low);
    let is_even = |word: &Word| word.text.split_once('=').is_some_and(|(vlan, vni)| length(vlan) == length(vni));
    if map.all(Rule::VLAN_VNI).nth(1).is_some() {
        Some("it wants one pair a line")
    } else if map.all(Rule::VLAN_VNI).any(|word| word.text.contains("auto")) {
        Some("it does not know `auto`")
    } else if !map.all(Rule::VLAN_VNI).all(is_even) {
        Some("it wants two ranges of the same length")
    } else {
        None
    }
}

fn ports(statement: &Statement) -> impl Iterator<Item = Port> + '_ {
    let port = |word: &Word| (word.rule, Sourced::written(word.text.clone(), word.span));
    statement.words.iter().filter(|word| matches!(word.rule, Rule::NAME | Rule::GLOB | Rule::REGEX)).map(port)
}
