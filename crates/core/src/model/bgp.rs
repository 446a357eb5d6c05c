//! BGP as a node is told to run it: instances, neighbours, address families, EVPN.

pub use super::ids::RemoteAs;
use super::{Asn, MacAddress, Prefix, RouteDistinguisher, RouteTarget, Secret, Sourced, Switch, Vni, is_on};
use crate::source::Span;
use indexmap::IndexMap;
use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
};

/// One `router bgp`, in the default VRF or another.
#[derive(Clone, Debug)]
pub struct BgpInstance {
    /// The AS number.
    pub asn: Sourced<Asn>,
    /// The VRF; `None` for the default one.
    pub vrf: Option<Sourced<String>>,
    /// The first line of the block.
    pub span: Span,
    /// `bgp router-id`.
    pub router_id: Option<Sourced<Ipv4Addr>>,
    /// `bgp cluster-id`, as an address.
    pub cluster_id: Option<Sourced<Ipv4Addr>>,
    /// `bgp confederation identifier`.
    pub confederation: Option<Sourced<Asn>>,
    /// `bgp confederation peers`.
    pub confederation_peers: Vec<Sourced<Asn>>,
    /// `bgp ebgp-requires-policy`, as written; the default is [`super::frr::Frr::ebgp_requires_policy`].
    pub ebgp_requires_policy: Switch,
    /// `bgp client-to-client reflection`; on unless written.
    pub client_to_client: Switch,
    /// `bgp disable-ebgp-connected-route-check`.
    pub disable_connected_check: Switch,
    /// `bgp shutdown`.
    pub shutdown: Switch,
    /// `bgp network import-check`; on unless written.
    pub network_import_check: Switch,
    /// `bgp default shutdown`: neighbours made after it are shut down from the start (`peer_create`); off unless written.
    pub default_shutdown: Switch,
    /// `bgp route-reflector allow-outbound-policy`: what a route-map sets on the way out counts for reflected routes too
    /// (`subgroup_announce_check`); off unless written.
    pub allow_outbound_policy: Switch,
    /// `bgp enforce-first-as` (FRR 10.0 and later): neighbours are made with [`Neighbor::enforce_first_as`]
    /// (`peer_new`); on unless written where `frr version` is 9.1 or later.
    pub enforce_first_as: Switch,
    /// `bgp minimum-holdtime`, in seconds, 1 to 65535: a peer that offers less, but not 0, is turned away
    /// (`bgp_open_receive`); none unless written.
    pub minimum_holdtime: Option<Sourced<u16>>,
    /// `timers bgp`: keepalive and hold time, in seconds; 60 and 180 unless written, 3 and 9 in the datacenter profile.
    /// The hold time is 0 or at least 3, and the keepalive in use at most a third of it (`bgp_timers_set`).
    pub timers: Option<Sourced<(u16, u16)>>,
    /// `bgp listen limit`: how many callers [`Self::listen`] takes in, 1 to 65535; 100 unless written.
    pub listen_limit: Option<Sourced<u32>>,
    /// `bgp default ipv4-unicast`, as last written; it counts for neighbours made after it.
    pub default_ipv4_unicast: Switch,
    /// Peer groups by name.
    pub groups: BTreeMap<String, Neighbor>,
    /// Neighbours, in order of their first line; each with what its group gives it.
    pub neighbors: IndexMap<PeerName, Neighbor>,
    /// `bgp listen range`.
    pub listen: Vec<ListenRange>,
    /// What each address family originates and how it is filtered.
    pub families: BTreeMap<Family, FamilyConfig>,
    /// The EVPN address family.
    pub evpn: Evpn,
}

/// An address family of BGP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4 unicast.
    Ipv4Unicast,
    /// IPv6 unicast.
    Ipv6Unicast,
    /// L2VPN EVPN (RFC 7432).
    Evpn,
    /// IPv4 labeled unicast (RFC 8277).
    Ipv4Labeled,
    /// IPv6 labeled unicast.
    Ipv6Labeled,
    /// Any other.
    Other,
}

impl Family {
    /// The unicast family of an address.
    pub fn of(ip: std::net::IpAddr) -> Self {
        if ip.is_ipv4() { Self::Ipv4Unicast } else { Self::Ipv6Unicast }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4Unicast => "ipv4 unicast",
            Self::Ipv6Unicast => "ipv6 unicast",
            Self::Evpn => "l2vpn evpn",
            Self::Ipv4Labeled => "ipv4 labeled-unicast",
            Self::Ipv6Labeled => "ipv6 labeled-unicast",
            Self::Other => "another address family",
        })
    }
}

/// What an instance originates in one address family.
#[derive(Clone, Debug, Default)]
pub struct FamilyConfig {
    /// The line that opens the address family, if it has a block of its own.
    pub span: Option<Span>,
    /// `network`.
    pub networks: Vec<Sourced<Prefix>>,
    /// `redistribute`.
    pub redistribute: Vec<Redistribute>,
    /// `aggregate-address`.
    pub aggregates: Vec<Sourced<Prefix>>,
    /// `import vrf`.
    pub import_vrf: Vec<Sourced<String>>,
    /// What goes to the node's VPN table, and comes from it.
    pub vpn: VpnLeak,
}

/// What an instance gives to the VPN table of its node, by which VRFs leak into each other, and takes from it.
#[derive(Clone, Debug, Default)]
pub struct VpnLeak {
    /// `import vpn`.
    pub import: Switch,
    /// `export vpn`.
    pub export: Switch,
    /// `rt vpn`; the later line of a direction replaces the earlier. None are automatic.
    pub targets: RouteTargets,
    /// `route-map vpn import`, or `import vrf route-map`: bgpd keeps them in one place (`vpn_policy.rmap_name`).
    pub import_map: Option<Sourced<String>>,
    /// `route-map vpn export`.
    pub export_map: Option<Sourced<String>>,
}

/// `redistribute PROTOCOL [route-map NAME]`.
#[derive(Clone, Debug)]
pub struct Redistribute {
    /// `connected`, `static`, `ospf` …
    pub protocol: Sourced<String>,
    /// The route-map in the way.
    pub route_map: Option<Sourced<String>>,
}

/// `bgp listen range PREFIX peer-group NAME`.
#[derive(Clone, Debug)]
pub struct ListenRange {
    /// Who may call.
    pub range: Sourced<Prefix>,
    /// The group that a caller joins.
    pub group: Sourced<String>,
}

/// Who a neighbour is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PeerName {
    /// An address.
    Address(IpAddr),
    /// An interface, for an unnumbered session.
    Interface(String),
    /// A peer group.
    Group(String),
}

impl PeerName {
    /// Who a name that no peer-group bears stands for: an address where it is one, else an interface.
    pub fn of(name: &str) -> Self {
        match name.parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::Interface(name.to_owned()),
        }
    }
}

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Interface(name) | Self::Group(name) => f.write_str(name),
        }
    }
}

/// What we are to a neighbour (RFC 9234). Provider goes with customer, route server with its client, and peer with peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// We give it transit.
    Provider,
    /// It gives us transit.
    Customer,
    /// Each gives the other its own routes and its customers'.
    Peer,
    /// We are the route server.
    RsServer,
    /// It is the route server.
    RsClient,
}

impl Role {
    /// The only role that the other end may have (`bgp_role_violation`).
    pub fn counterpart(self) -> Self {
        match self {
            Self::Provider => Self::Customer,
            Self::Customer => Self::Provider,
            Self::Peer => Self::Peer,
            Self::RsServer => Self::RsClient,
            Self::RsClient => Self::RsServer,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Peer => "peer",
            Self::RsServer => "rs-server",
            Self::RsClient => "rs-client",
        })
    }
}

/// `update-source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateSource {
    /// An address.
    Address(IpAddr),
    /// An interface; its first address counts.
    Interface(String),
}

impl fmt::Display for UpdateSource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Interface(name) => f.write_str(name),
        }
    }
}

/// A neighbour, or a peer group: the same attributes belong to both.
#[derive(Clone, Debug)]
pub struct Neighbor {
    /// Who it is, and where it is first named.
    pub name: Sourced<PeerName>,
    /// The group it is a member of.
    pub group: Option<Sourced<String>>,
    /// `remote-as`.
    pub remote_as: Option<Sourced<RemoteAs>>,
    /// `local-as`.
    pub local_as: Option<Sourced<LocalAs>>,
    /// `update-source`.
    pub update_source: Option<Sourced<UpdateSource>>,
    /// `ebgp-multihop`, in hops; 255 where no number is written.
    pub ebgp_multihop: Option<Sourced<u8>>,
    /// `ttl-security hops`.
    pub ttl_security: Option<Sourced<u8>>,
    /// `disable-connected-check`.
    pub disable_connected_check: Switch,
    /// `password`.
    pub password: Option<Sourced<Secret>>,
    /// `passive`.
    pub passive: Switch,
    /// `shutdown`.
    pub shutdown: Switch,
    /// `bfd`.
    pub bfd: Switch,
    /// `bfd strict` (FRR 10.4 and later): the session waits for BFD to be up. It does not ask for BFD by itself.
    pub bfd_strict: Switch,
    /// `port`.
    pub port: Option<Sourced<u16>>,
    /// `timers`: keepalive and hold time, in seconds, bounds as in [`BgpInstance::timers`], which counts unless written.
    pub timers: Option<Sourced<(u16, u16)>>,
    /// `local-role`; none unless written.
    pub local_role: Option<Sourced<Role>>,
    /// `local-role … strict-mode`: a peer that tells no role is turned away (`bgp_open_receive`).
    pub strict_role: Switch,
    /// `strict-capability-match`: a peer that does not have all our capabilities is turned away.
    pub strict_capability: Switch,
    /// `override-capability`: the peer is taken to have whatever capability we have.
    pub override_capability: Switch,
    /// `dont-capability-negotiate`: the OPEN bears no capabilities, so IPv4 unicast is all there is.
    pub dont_capability_negotiate: Switch,
    /// `enforce-first-as`: a route whose path does not begin with the peer's AS is dropped (`bgp_attr_aspath_check`).
    /// Where it is not written, [`BgpInstance::enforce_first_as`] counts.
    pub enforce_first_as: Switch,
    /// `sender-as-path-loop-detection`: what has the peer's AS in its path is not sent (`subgroup_announce_check`); off
    /// unless written.
    pub sender_loop_detection: Switch,
    /// `oad` (FRR 10.0 and later): an external session within one administrative domain, on which the local preference
    /// is kept.
    pub oad: Switch,
    /// `interface v6only`.
    pub v6only: Switch,
    /// `capability extended-nexthop`.
    pub extended_nexthop: Switch,
    /// Each address family by itself.
    pub families: BTreeMap<Family, Box<NeighborFamily>>,
}

/// `local-as N [no-prepend [replace-as [dual-as]]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalAs {
    /// The AS we pretend to be.
    pub asn: Asn,
    /// Whether it is left out of the path of what we take from the peer.
    pub no_prepend: bool,
    /// Whether the peer may also use our real one.
    pub dual: bool,
    /// Whether our real one is hidden.
    pub replace: bool,
}

/// One address family of a neighbour.
#[derive(Clone, Debug, Default)]
pub struct NeighborFamily {
    /// Whether it is activated, by whatever made it so.
    pub active: Switch,
    /// `route-reflector-client`.
    pub reflector_client: Switch,
    /// `route-server-client`: our AS is not put in front of what an external peer is sent (`bgp_packet_attribute`).
    pub route_server_client: Switch,
    /// `next-hop-self`, in any of its forms.
    pub next_hop_self: Switch,
    /// `next-hop-self force`, or `all`: reflected routes are changed too. A flag of its own, which outlives
    /// `no … next-hop-self` (`bgp_vty.c`).
    pub next_hop_self_force: Switch,
    /// `attribute-unchanged next-hop`, or without a word. In L2VPN EVPN it is so from the start (`peer_new`).
    pub next_hop_unchanged: Switch,
    /// `attribute-unchanged as-path`, or without a word.
    pub as_path_unchanged: Switch,
    /// `attribute-unchanged med`, or without a word.
    pub med_unchanged: Switch,
    /// `allowas-in`, in occurrences; 3 where no number is written; `origin` is 1.
    pub allowas_in: Option<Sourced<u8>>,
    /// `allowas-in origin`: our AS may stand in the path if it is the one the route began in
    /// (`bgp_update`); written, and off, with any other `allowas-in`.
    pub allowas_in_origin: Switch,
    /// `soo`: the site of origin, as written. What bears it is not sent there.
    pub soo: Option<Sourced<String>>,
    /// `remove-private-AS`, in any of its forms.
    pub remove_private_as: Switch,
    /// `as-override`.
    pub as_override: Switch,
    /// `route-map … in`.
    pub route_map_in: Option<Sourced<String>>,
    /// `route-map … out`.
    pub route_map_out: Option<Sourced<String>>,
    /// `prefix-list … in`.
    pub prefix_list_in: Option<Sourced<String>>,
    /// `prefix-list … out`.
    pub prefix_list_out: Option<Sourced<String>>,
    /// `filter-list … in`: a list of AS paths.
    pub filter_list_in: Option<Sourced<String>>,
    /// `filter-list … out`.
    pub filter_list_out: Option<Sourced<String>>,
    /// `distribute-list … in`: an access-list.
    pub distribute_list_in: Option<Sourced<String>>,
    /// `distribute-list … out`.
    pub distribute_list_out: Option<Sourced<String>>,
    /// `maximum-prefix`, in routes.
    pub maximum_prefix: Option<Sourced<u32>>,
    /// `maximum-prefix … warning-only`: the session stays.
    pub maximum_prefix_warning_only: bool,
    /// `send-community`, extended communities among what is sent; on unless written.
    pub send_extended: Switch,
    /// `default-originate`.
    pub default_originate: Switch,
}

impl NeighborFamily {
    /// Whether anything filters what comes in, as RFC 8212 asks.
    pub fn has_policy_in(&self) -> bool {
        let lists = [&self.prefix_list_in, &self.filter_list_in, &self.distribute_list_in];
        self.route_map_in.is_some() || lists.into_iter().any(Option::is_some)
    }

    /// Whether anything filters what goes out.
    pub fn has_policy_out(&self) -> bool {
        let lists = [&self.prefix_list_out, &self.filter_list_out, &self.distribute_list_out];
        self.route_map_out.is_some() || lists.into_iter().any(Option::is_some)
    }
}

impl Neighbor {
    /// A neighbour of which nothing is known but who it is.
    pub fn new(name: Sourced<PeerName>) -> Self {
        Self {
            name,
            group: None,
            remote_as: None,
            local_as: None,
            update_source: None,
            ebgp_multihop: None,
            ttl_security: None,
            disable_connected_check: None,
            password: None,
            passive: None,
            shutdown: None,
            bfd: None,
            bfd_strict: None,
            port: None,
            timers: None,
            local_role: None,
            strict_role: None,
            strict_capability: None,
            override_capability: None,
            dont_capability_negotiate: None,
            enforce_first_as: None,
            sender_loop_detection: None,
            oad: None,
            v6only: None,
            extended_nexthop: None,
            families: BTreeMap::new(),
        }
    }

    /// Where it is named.
    pub fn place(&self) -> Option<Span> {
        self.name.span()
    }

    /// Its configuration in one address family, if it has any.
    pub fn family(&self, family: Family) -> Option<&NeighborFamily> {
        self.families.get(&family).map(Box::as_ref)
    }

    /// Whether it is a client of this route reflector in an address family.
    pub fn is_reflector_client(&self, family: Family) -> bool {
        self.family(family).is_some_and(|family| is_on(&family.reflector_client))
    }

    /// Whether it is active in an address family.
    pub fn is_active(&self, family: Family) -> bool {
        self.family(family).is_some_and(|family| is_on(&family.active))
    }

    /// Fills what the neighbour does not set itself from its group (`peergroup.rst`: a member's own setting wins).
    pub fn inherit(&mut self, group: &Neighbor) {
        fn fill<T: Clone>(value: &mut Option<T>, group: &Option<T>) {
            if value.is_none() {
                value.clone_from(group);
            }
        }
        fill(&mut self.remote_as, &group.remote_as);
        fill(&mut self.local_as, &group.local_as);
        fill(&mut self.update_source, &group.update_source);
        fill(&mut self.ebgp_multihop, &group.ebgp_multihop);
        fill(&mut self.ttl_security, &group.ttl_security);
        fill(&mut self.disable_connected_check, &group.disable_connected_check);
        fill(&mut self.password, &group.password);
        fill(&mut self.passive, &group.passive);
        fill(&mut self.shutdown, &group.shutdown);
        fill(&mut self.bfd, &group.bfd);
        fill(&mut self.bfd_strict, &group.bfd_strict);
        fill(&mut self.port, &group.port);
        fill(&mut self.timers, &group.timers);
        fill(&mut self.local_role, &group.local_role);
        fill(&mut self.strict_role, &group.strict_role);
        fill(&mut self.strict_capability, &group.strict_capability);
        fill(&mut self.override_capability, &group.override_capability);
        fill(&mut self.dont_capability_negotiate, &group.dont_capability_negotiate);
        fill(&mut self.enforce_first_as, &group.enforce_first_as);
        fill(&mut self.sender_loop_detection, &group.sender_loop_detection);
        fill(&mut self.oad, &group.oad);
        fill(&mut self.extended_nexthop, &group.extended_nexthop);
        for (family, theirs) in &group.families {
            let config = self.families.entry(*family).or_default();
            fill(&mut config.active, &theirs.active);
            fill(&mut config.reflector_client, &theirs.reflector_client);
            fill(&mut config.route_server_client, &theirs.route_server_client);
            fill(&mut config.next_hop_self, &theirs.next_hop_self);
            fill(&mut config.next_hop_self_force, &theirs.next_hop_self_force);
            fill(&mut config.next_hop_unchanged, &theirs.next_hop_unchanged);
            fill(&mut config.as_path_unchanged, &theirs.as_path_unchanged);
            fill(&mut config.med_unchanged, &theirs.med_unchanged);
            fill(&mut config.allowas_in, &theirs.allowas_in);
            fill(&mut config.allowas_in_origin, &theirs.allowas_in_origin);
            fill(&mut config.soo, &theirs.soo);
            fill(&mut config.remove_private_as, &theirs.remove_private_as);
            fill(&mut config.as_override, &theirs.as_override);
            fill(&mut config.route_map_in, &theirs.route_map_in);
            fill(&mut config.route_map_out, &theirs.route_map_out);
            fill(&mut config.prefix_list_in, &theirs.prefix_list_in);
            fill(&mut config.prefix_list_out, &theirs.prefix_list_out);
            fill(&mut config.filter_list_in, &theirs.filter_list_in);
            fill(&mut config.filter_list_out, &theirs.filter_list_out);
            fill(&mut config.distribute_list_in, &theirs.distribute_list_in);
            fill(&mut config.distribute_list_out, &theirs.distribute_list_out);
            if config.maximum_prefix.is_none() {
                config.maximum_prefix.clone_from(&theirs.maximum_prefix);
                config.maximum_prefix_warning_only = theirs.maximum_prefix_warning_only;
            }
            fill(&mut config.send_extended, &theirs.send_extended);
            fill(&mut config.default_originate, &theirs.default_originate);
        }
    }
}

/// `address-family l2vpn evpn` of one instance.
#[derive(Clone, Debug, Default)]
pub struct Evpn {
    /// The first line of the block.
    pub span: Option<Span>,
    /// `advertise-all-vni`: this is the instance that runs EVPN.
    pub advertise_all_vni: Switch,
    /// `advertise-default-gw`.
    pub advertise_default_gw: Switch,
    /// `advertise-svi-ip`.
    pub advertise_svi_ip: Switch,
    /// `advertise ipv4 unicast`: type-5 routes out of this VRF's table.
    pub advertise_ipv4: Option<Advertise>,
    /// `advertise ipv6 unicast`.
    pub advertise_ipv6: Option<Advertise>,
    /// `default-originate ipv4`.
    pub default_originate_ipv4: Switch,
    /// `default-originate ipv6`.
    pub default_originate_ipv6: Switch,
    /// `autort rfc8365-compatible`, or for one direction (FRR 10.8 and later) `auto-route-target import rfc8365-compatible`:
    /// what automatic import asks for bears the VXLAN type.
    pub rfc8365_import: Switch,
    /// The same of what is exported.
    pub rfc8365_export: Switch,
    /// `autort as N`, Proxmox's patch: automatic route targets bear this AS instead of the instance's.
    pub autort_as: Option<Sourced<Asn>>,
    /// `flooding disable` is `false`.
    pub flooding: Switch,
    /// `enable-resolve-overlay-index`: type-5 routes with a gateway address are taken; off unless written.
    pub enable_resolve_overlay_index: Switch,
    /// `mac-vrf soo` (FRR 9.1 and later): the site of origin, as written; routes of L2VNIs bear it, and those that bear
    /// it are not taken.
    pub soo: Option<Sourced<String>>,
    /// `advertise-pip`: type-5 routes name the node's own address and MAC address, not those that it shares; on unless
    /// written.
    pub advertise_pip: Switch,
    /// `advertise-pip ip`: that address; the router-id unless written.
    pub advertise_pip_ip: Option<Sourced<Ipv4Addr>>,
    /// `advertise-pip … mac`: that MAC address; the SVI's unless written.
    pub advertise_pip_mac: Option<Sourced<MacAddress>>,
    /// `dup-addr-detection`.
    pub duplicates: DuplicateDetection,
    /// `rd` of the VRF.
    pub rd: Option<Sourced<RouteDistinguisher>>,
    /// `route-target` of the VRF.
    pub targets: RouteTargets,
    /// `vni` blocks, in order.
    pub vnis: Vec<EvpnVni>,
}

/// `dup-addr-detection`: when an address is told to be in two places.
#[derive(Clone, Debug, Default)]
pub struct DuplicateDetection {
    /// Whether it is looked for; on unless written.
    pub on: Switch,
    /// How many moves, 2 to 1000, in how many seconds, 2 to 1800; 5 in 180 unless written.
    pub limit: Option<Sourced<(u16, u16)>>,
    /// `freeze`: for how many seconds, 30 to 3600, such an address stays where it is; 0 for ever. Unless written, it is
    /// only told.
    pub freeze: Option<Sourced<u16>>,
}

/// `advertise <ipv4|ipv6> unicast`.
#[derive(Clone, Debug)]
pub struct Advertise {
    /// Where.
    pub span: Span,
    /// `gateway-ip`: routes name their next hop as the gateway, which the taker must resolve
    /// ([`Evpn::enable_resolve_overlay_index`]).
    pub gateway_ip: bool,
    /// `skip-evpn-imported` (FRR 10.8 and later): what was leaked into the VRF and began in EVPN is not told.
    pub skip_imported: bool,
    /// The route-map in the way.
    pub route_map: Option<Sourced<String>>,
}

/// Written route targets. Writing one takes the automatic one of that direction away (`bgp_evpn_vty.c`), unless the
/// automatic one is asked for beside it.
#[derive(Clone, Debug, Default)]
pub struct RouteTargets {
    /// What is imported.
    pub import: Vec<Sourced<RouteTarget>>,
    /// What is exported.
    pub export: Vec<Sourced<RouteTarget>>,
    /// `auto-route-target import` (FRR 10.8 and later), or `route-target import auto` (FRR 8.5 and later): whether the
    /// automatic one is imported; unless written, where `import` is empty.
    pub import_auto: Option<Sourced<AutoTarget>>,
    /// The same of what is exported.
    pub export_auto: Option<Sourced<AutoTarget>>,
}

impl RouteTargets {
    /// Whether the automatic route target is imported.
    pub fn imports_auto(&self) -> bool {
        is_auto(&self.import_auto, &self.import)
    }

    /// Whether the automatic route target is exported.
    pub fn exports_auto(&self) -> bool {
        is_auto(&self.export_auto, &self.export)
    }
}

fn is_auto(asked: &Option<Sourced<AutoTarget>>, written: &[Sourced<RouteTarget>]) -> bool {
    asked.as_ref().map_or(written.is_empty(), |asked| asked.value == AutoTarget::Always)
}

/// What is asked of the automatic route target of one direction (`enum bgp_evpn_autort_cfgd`). `add-if-no-manual` asks for
/// what holds anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoTarget {
    /// `add-always`: beside the written ones.
    Always,
    /// `add-never`: not even where none is written.
    Never,
}

/// `vni N` inside the EVPN address family.
#[derive(Clone, Debug)]
pub struct EvpnVni {
    /// The VNI.
    pub vni: Sourced<Vni>,
    /// `rd`.
    pub rd: Option<Sourced<RouteDistinguisher>>,
    /// `route-target`.
    pub targets: RouteTargets,
    /// `advertise-default-gw`.
    pub advertise_default_gw: Switch,
    /// `advertise-svi-ip`.
    pub advertise_svi_ip: Switch,
    /// `flooding disable` is `false` (FRR 10.5 and later); as in [`Evpn::flooding`] unless written.
    pub flooding: Switch,
}
