//! Sections to the model. The same for the `.cfg` files and for `.running-config`.

use super::{
    mode::Store,
    parse::{Property, Section, Word},
};
use crate::{
    model::{
        Fault, FaultKind, InterfaceAddress, MacAddress, Reading, Sourced, Switch, Vni,
        ids::Malformed,
        intent::{
            Controller, ControllerKind, FabricNode, FabricPort, Object, Redistribution, Sdn, SdnFabric, Subnet, Vnet,
            Zone, ZoneKind,
        },
        refusal::{Refusal, StoreRefusal},
    },
    source::LanguageId,
};
use evpnlint_grammar::sdn::Rule;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    ops::RangeInclusive,
    str::FromStr,
};

/// Adds a section to the model, and returns how many of its properties have no part in it.
pub(super) fn section(section: &Section, sdn: &mut Sdn, into: &mut Reading) -> u32 {
    let id = sourced(&section.id);
    sdn.objects.push(object(section));
    let before = into.faults.len();
    let asked = lower(section, id.clone(), sdn, into);
    if into.faults.len() > before {
        sdn.lost.push(id);
    }
    section.properties.iter().filter(|property| !asked.contains(&property.name)).count() as u32
}

fn object(section: &Section) -> Object {
    let mut properties: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for property in section.properties.iter().filter(|property| property.key.text != "type") {
        let words = property.parts.iter().map(|word| word.text.to_lowercase());
        let fields = property.fields.iter().map(|(name, word)| format!("{name}={}", word.text));
        let fields: Vec<String> = fields.collect();
        let on = property.on.then(|| "1".to_owned());
        let all = properties.entry(property.key.text.clone()).or_default();
        all.extend(words.chain((!fields.is_empty()).then(|| fields.join(","))).chain(on));
    }
    properties.retain(|_, words| !words.is_empty() && words.iter().any(|word| word != "0"));
    Object { store: section.mode.store.name(), id: sourced(&section.id), properties }
}

/// The names of the properties that were asked for.
fn lower(section: &Section, id: Sourced<String>, sdn: &mut Sdn, into: &mut Reading) -> BTreeSet<Rule> {
    let mut values = Values { section, into, asked: BTreeSet::new() };
    match (section.mode.store, section.mode.kind) {
        (Store::Zones, kind) => sdn.zones.push(zone(id, kind, &mut values)),
        (Store::Vnets, _) => sdn.vnets.push(Vnet {
            id,
            zone: values.text(Rule::zone),
            tag: values.tag(),
            vlan_aware: values.switch(Rule::vlanaware),
            alias: values.text(Rule::alias),
        }),
        (Store::Subnets, _) => sdn.subnets.push(subnet(id, &mut values)),
        (Store::Controllers, kind) => sdn.controllers.push(controller(id, kind, &mut values)),
        (Store::Fabrics, kind) => fabric(id, kind, sdn, &mut values),
        (Store::RouteMaps, _) => sdn.route_maps.push(id.map(|id| match id.rsplit_once('_') {
            Some((name, _)) => name.to_owned(),
            None => id,
        })),
        (Store::PrefixLists, _) => sdn.prefix_lists.push(id),
        (Store::Ipams | Store::Dns, _) => {}
    }
    values.asked
}

fn zone(id: Sourced<String>, kind: &str, values: &mut Values) -> Zone {
    Zone {
        id,
        kind: match kind {
            "simple" => ZoneKind::Simple,
            "vlan" => ZoneKind::Vlan,
            "qinq" => ZoneKind::Qinq,
            "vxlan" => ZoneKind::Vxlan,
            "evpn" => ZoneKind::Evpn,
            _ => ZoneKind::Faucet,
        },
        nodes: values.texts(Rule::nodes),
        mtu: values.number(Rule::mtu, "an MTU in bytes"),
        controller: values.text(Rule::controller),
        vrf_vxlan: values.one(Rule::vrf_vxlan, "a VNI, a number from 1 to 16777215", str::parse::<Vni>),
        mac: values.one(Rule::mac, "a MAC address; all zeros is none", |text| {
            text.parse().ok().filter(|mac: &MacAddress| !mac.is_zero()).ok_or(Malformed)
        }),
        exit_nodes: values.texts(Rule::exitnodes),
        exit_primary: values.text(Rule::exitnodes_primary),
        exit_local_routing: values.switch(Rule::exitnodes_local_routing),
        advertise_subnets: values.switch(Rule::advertise_subnets),
        suppression_disabled: values.switch(Rule::disable_arp_nd_suppression),
        rt_import: values.many(
            Rule::rt_import,
            "a route target: an AS number up to 65535 with a number up to 4294967295, or the other way round",
            str::parse,
        ),
        peers: values.addresses(Rule::peers),
        fabric: values.text(Rule::fabric),
        secondary_controllers: values.texts(Rule::secondary_controllers),
        vxlan_port: values.one(Rule::vxlan_port, "a UDP port, a number from 1 to 65535", |text| {
            text.parse().ok().filter(|port| (1..=65535).contains(port)).ok_or(Malformed)
        }),
        bridge: values.text(Rule::bridge),
        tag: values.number(Rule::tag, "a VLAN"),
        vlan_protocol: values.text(Rule::vlan_protocol),
        dhcp: values.text(Rule::dhcp),
    }
}

fn subnet(id: Sourced<String>, values: &mut Values) -> Subnet {
    let parts: Vec<&str> = id.value.split('-').collect();
    let (zone, network) = match parts.as_slice() {
        [zone, network, length] => {
            (Some((*zone).to_owned()), format!("{network}/{length}").parse::<InterfaceAddress>().ok())
        }
        _ => (None, None),
    };
    Subnet {
        zone,
        network: network.map(|network| id.clone().map(|_| network)),
        id,
        vnet: values.text(Rule::vnet_id),
        gateway: values.one(Rule::gateway, "an address, without a prefix length", str::parse::<IpAddr>),
        snat: values.switch(Rule::snat),
        dhcp_ranges: values.all(Rule::dhcp_range).map(|property| property.key.span).collect(),
    }
}

fn controller(id: Sourced<String>, kind: &str, values: &mut Values) -> Controller {
    let relax = values.switch(Rule::bgp_multipath_as_path_relax);
    Controller {
        id,
        kind: match kind {
            "evpn" => ControllerKind::Evpn,
            "bgp" => ControllerKind::Bgp,
            "isis" => ControllerKind::Isis,
            _ => ControllerKind::Faucet,
        },
        asn: values.number(Rule::asn, "an AS number, up to 4294967295"),
        peers: values.addresses(Rule::peers),
        fabric: values.text(Rule::fabric),
        node: values.text(Rule::node_of),
        nodes: values.texts(Rule::nodes),
        ebgp: values.switch(Rule::ebgp),
        ebgp_multihop: values.number(Rule::ebgp_multihop, "a number of hops"),
        loopback: values.text(Rule::loopback),
        multipath_relax: relax,
        peer_group: values.text(Rule::peer_group_name),
        bgp_mode: values.text(Rule::bgp_mode),
        route_map_in: values.text(Rule::route_map_in),
        route_map_out: values.text(Rule::route_map_out),
        isis_domain: values.text(Rule::isis_domain),
        isis_net: values.text(Rule::isis_net),
        isis_ifaces: values.texts(Rule::isis_ifaces),
    }
}

fn fabric(id: Sourced<String>, kind: &str, sdn: &mut Sdn, values: &mut Values) {
    let wanted = "an address, without a prefix length";
    let Some(protocol) = kind.strip_suffix("_fabric") else {
        let Some((fabric, node)) = id.value.split_once('_') else {
            let why = Refusal::Proxmox(StoreRefusal::FabricNodeId);
            return values.fault(&values.section.id, FaultKind::Refused(why));
        };
        let (fabric, node) = (fabric.to_owned(), node.to_owned());
        let ip = values.one(Rule::ip, wanted, str::parse::<IpAddr>);
        let ip6 = values.one(Rule::ip6, wanted, str::parse::<IpAddr>);
        values.one(Rule::peer_ip, wanted, str::parse::<IpAddr>);
        let external = values.text(Rule::role).is_some_and(|role| role.value == "external");
        let asn = values.number(Rule::asn, "an AS number, up to 4294967295");
        let interfaces = values.interfaces();
        return sdn.fabric_nodes.push(FabricNode { id, fabric, node, ip, ip6, external, asn, interfaces });
    };
    if !is_fabric_id(&id) {
        let why = Refusal::Proxmox(StoreRefusal::FabricId);
        values.fault(&values.section.id, FaultKind::Refused(why));
    }
    let seconds = "a number of seconds, from 1 to 600";
    let hello_interval = values.within(Rule::hello_interval, 1..=600, seconds);
    let csnp_interval = values.within(Rule::csnp_interval, 1..=600, seconds);
    values.within(Rule::persistent_keepalive, 0..=65535, "a number of seconds, up to 65535");
    let wanted = "an address with a prefix length";
    sdn.fabrics.push(SdnFabric {
        id,
        protocol: protocol.to_owned(),
        ip_prefix: values.one(Rule::ip_prefix, wanted, str::parse::<InterfaceAddress>),
        ip6_prefix: values.one(Rule::ip6_prefix, wanted, str::parse::<InterfaceAddress>),
        area: values.one(Rule::area, "an OSPF area, a number up to 4294967295 or four with dots", area),
        hello_interval,
        csnp_interval,
        bfd: values.switch(Rule::bfd),
        redistribute: values.redistributions(),
        route_filter: values.text(Rule::route_filter),
        route_map_in: values.text(Rule::fabric_route_map_in),
        route_map_out: values.text(Rule::fabric_route_map_out),
    });
}

fn is_fabric_id(id: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=8).contains(&id.len()) && id.chars().all(is_inner) && !id.starts_with('-') && !id.ends_with('-')
}

/// An area, as it is written.
fn area(text: &str) -> Result<String, Malformed> {
    let is_one = text.parse::<u32>().is_ok() || text.parse::<std::net::Ipv4Addr>().is_ok();
    if is_one { Ok(text.to_owned()) } else { Err(Malformed) }
}

fn sourced(word: &Word) -> Sourced<String> {
    Sourced::written(word.text.clone(), word.span)
}

/// The properties of a section, taken by name.
struct Values<'a> {
    section: &'a Section,
    into: &'a mut Reading,
    asked: BTreeSet<Rule>,
}

impl<'a> Values<'a> {
    fn fault(&mut self, word: &Word, kind: FaultKind) {
        self.into.faults.push(Fault::new(LanguageId::Sdn, word.span, kind));
    }

    fn all(&mut self, name: Rule) -> impl Iterator<Item = &'a Property> + use<'a> {
        self.asked.insert(name);
        self.section.properties.iter().filter(move |property| property.name == name)
    }

    fn words(&mut self, name: Rule) -> impl Iterator<Item = &'a Word> + use<'a> {
        self.all(name).flat_map(|property| &property.parts)
    }

    fn texts(&mut self, name: Rule) -> Vec<Sourced<String>> {
        self.words(name).map(sourced).collect()
    }

    fn text(&mut self, name: Rule) -> Option<Sourced<String>> {
        self.words(name).next().map(sourced)
    }

    fn switch(&mut self, name: Rule) -> Switch {
        self.all(name).next().map(|property| Sourced::written(property.on, property.key.span))
    }

    fn number(&mut self, name: Rule, wanted: &'static str) -> Option<Sourced<u32>> {
        self.one(name, wanted, |text| text.parse().map_err(|_| Malformed))
    }

    /// A number within bounds; one that is out of them is noted.
    fn within(&mut self, name: Rule, bounds: RangeInclusive<u32>, wanted: &'static str) -> Option<Sourced<u32>> {
        self.one(name, wanted, |text| text.parse().ok().filter(|number| bounds.contains(number)).ok_or(Malformed))
    }

    fn one<T, E>(
        &mut self,
        name: Rule,
        wanted: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Sourced<T>> {
        self.many(name, wanted, parse).into_iter().next()
    }

    /// All elements of a value; one that is none makes Proxmox drop the property.
    fn many<T, E>(
        &mut self,
        name: Rule,
        wanted: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<Sourced<T>> {
        let mut values = vec![];
        for word in self.words(name) {
            match parse(&word.text) {
                Ok(value) => values.push(Sourced::written(value, word.span)),
                Err(_) => {
                    self.fault(word, FaultKind::Malformed { wanted });
                    return vec![];
                }
            }
        }
        values
    }

    fn addresses(&mut self, name: Rule) -> Vec<Sourced<IpAddr>> {
        self.many(name, "an address, without a prefix length; Proxmox drops the whole list", IpAddr::from_str)
    }

    /// The VNI or VLAN of a vnet.
    fn tag(&mut self) -> Option<Sourced<u32>> {
        self.one(Rule::tag, "a tag, a number from 1 to 16777215", |text| {
            text.parse().ok().and_then(Vni::new).map(Vni::number).ok_or(Malformed)
        })
    }

    fn redistributions(&mut self) -> Vec<Sourced<Redistribution>> {
        let properties = self.all(Rule::redistribute);
        let all = properties.map(|property| {
            let field = |wanted: &str| property.fields.iter().find(|(name, _)| name == wanted).map(|(_, word)| word);
            let text = |wanted: &str| field(wanted).map(|word| word.text.clone());
            let source = field("source").or(field(""));
            Sourced::written(
                Redistribution {
                    source: source.map_or_else(String::new, |word| word.text.clone()),
                    metric: text("metric"),
                    route_map: text("route-map"),
                },
                source.unwrap_or(&property.key).span,
            )
        });
        all.collect()
    }

    fn interfaces(&mut self) -> BTreeMap<String, Sourced<FabricPort>> {
        let mut interfaces = BTreeMap::new();
        for property in self.all(Rule::interfaces) {
            let field = |wanted: &str| property.fields.iter().find(|(name, _)| name == wanted).map(|(_, word)| word);
            let Some(name) = field("name").or(field("")) else {
                let key = property.key.clone();
                self.fault(&key, FaultKind::Malformed { wanted: "an interface, `name=…`" });
                continue;
            };
            if name.text.len() > 15 {
                self.fault(name, FaultKind::Malformed { wanted: "the name of an interface, of 15 characters at most" });
            }
            if let Some(word) = field("hello_multiplier")
                && !word.text.parse().is_ok_and(|number: u32| (2..=100).contains(&number))
            {
                self.fault(word, FaultKind::Malformed { wanted: "a multiplier, a number from 2 to 100" });
            }
            let types = ["broadcast", "non-broadcast", "point-to-point", "point-to-multipoint"];
            if let Some(word) = field("network_type").filter(|word| !types.contains(&word.text.as_str())) {
                let wanted = "broadcast, non-broadcast, point-to-point or point-to-multipoint";
                self.fault(word, FaultKind::Malformed { wanted });
            }
            let mut address = |wanted| {
                let word = field(wanted)?;
                let address = word.text.parse::<InterfaceAddress>().ok();
                if address.is_none() {
                    self.fault(word, FaultKind::Malformed { wanted: "an address with a prefix length" });
                }
                address
            };
            let port = FabricPort {
                ip: address("ip"),
                ip6: address("ip6"),
                hello_multiplier: field("hello_multiplier").and_then(|word| word.text.parse().ok()),
                network_type: field("network_type").map(|word| word.text.clone()),
            };
            interfaces.insert(name.text.clone(), Sourced::written(port, name.span));
        }
        interfaces
    }
}
