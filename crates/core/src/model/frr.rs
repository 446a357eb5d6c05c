//! What FRR is told, all daemons together, after replaying every file in order.

use super::{
    Prefix, Sourced, Switch, Vni,
    bgp::BgpInstance,
    igp::{IsIs, IsIsLink, Ospf, Ospf6, Ospf6Link, OspfLink},
    lists::{AccessList, AsPathList, CommunityList},
    multihoming::EthernetSegment,
    policy::{PrefixList, RouteMap},
};
use crate::source::Span;
use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
};

/// FRR's configuration of one node.
#[derive(Clone, Debug, Default)]
pub struct Frr {
    /// `frr version`: whose defaults apply.
    pub version: Option<Sourced<Version>>,
    /// The version that runs, where the user says so.
    pub runs: Option<Version>,
    /// An `exit` outside every block: vtysh obeys no line behind it, and never tells the daemons that the configuration is
    /// at its end.
    pub stops: Option<Span>,
    /// `frr defaults`; where that is not written, the profile with which `/etc/frr/daemons` starts bgpd.
    pub profile: Option<Sourced<Profile>>,
    /// `hostname`.
    pub hostname: Option<Sourced<String>>,
    /// `/etc/frr/daemons`: what is started, when the file was read.
    pub daemons: Option<BTreeMap<String, Sourced<bool>>>,
    /// `ip forwarding`.
    pub ip_forwarding: Switch,
    /// `ipv6 forwarding`.
    pub ipv6_forwarding: Switch,
    /// Whether `ip protocol … route-map` may give routes of the kernel a source address.
    pub sets_source: bool,
    /// `ip nht resolve-via-default`.
    pub resolve_via_default: Switch,
    /// `ipv6 nht resolve-via-default`.
    pub resolve_via_default6: Switch,
    /// `router-id`, and `ip router-id`.
    pub router_id: Option<Sourced<Ipv4Addr>>,
    /// `vrf` blocks, by name; the default VRF under the empty name.
    pub vrfs: BTreeMap<String, Vrf>,
    /// `router bgp`, in order.
    pub bgp: Vec<BgpInstance>,
    /// `router ospf`, in order.
    pub ospf: Vec<Ospf>,
    /// `router ospf6`, in order.
    pub ospf6: Vec<Ospf6>,
    /// `router isis` and `router openfabric`, in order.
    pub isis: Vec<IsIs>,
    /// What `interface` blocks say of routing protocols, by interface.
    pub links: BTreeMap<String, FrrLink>,
    /// Static routes, in order.
    pub statics: Vec<StaticRoute>,
    /// Route-maps by name.
    pub route_maps: BTreeMap<String, RouteMap>,
    /// Prefix lists by name, IPv4.
    pub prefix_lists: BTreeMap<String, PrefixList>,
    /// Prefix lists by name, IPv6.
    pub prefix_lists6: BTreeMap<String, PrefixList>,
    /// Access-lists by name, IPv4.
    pub access_lists: BTreeMap<String, AccessList>,
    /// Access-lists by name, IPv6.
    pub access_lists6: BTreeMap<String, AccessList>,
    /// AS-path lists by name.
    pub as_path_lists: BTreeMap<String, AsPathList>,
    /// Community lists by name, or number.
    pub community_lists: BTreeMap<String, CommunityList>,
    /// Lists of extended communities by name, or number.
    pub ext_community_lists: BTreeMap<String, CommunityList>,
    /// Lists of large communities by name, or number.
    pub large_community_lists: BTreeMap<String, CommunityList>,
    /// What the configuration defines by name.
    pub definitions: BTreeMap<(ObjectKind, String), Span>,
    /// What it refers to by name, in order.
    pub references: Vec<Reference>,
}

/// A `vrf` block.
#[derive(Clone, Debug, Default)]
pub struct Vrf {
    /// Its first line; absent for the default VRF.
    pub span: Option<Span>,
    /// The L3VNI.
    pub vni: Option<Sourced<Vni>>,
    /// `prefix-routes-only`.
    pub prefix_routes_only: Option<Span>,
}

/// What an `interface` block says.
#[derive(Clone, Debug, Default)]
pub struct FrrLink {
    /// OSPF.
    pub ospf: OspfLink,
    /// OSPF for IPv6.
    pub ospf6: Ospf6Link,
    /// IS-IS and OpenFabric.
    pub isis: IsIsLink,
    /// `shutdown`.
    pub shutdown: Switch,
    /// The Ethernet segment that it belongs to.
    pub segment: EthernetSegment,
    /// `evpn mh uplink`: bonds of Ethernet segments go down when all such interfaces are.
    pub uplink: Switch,
    /// `ipv6 nd suppress-ra`: on is `true`.
    pub suppress_ra: Switch,
}

/// A static route.
#[derive(Clone, Debug)]
pub struct StaticRoute {
    /// Where to.
    pub prefix: Sourced<Prefix>,
    /// The gateway, if there is one.
    pub via: Option<Sourced<IpAddr>>,
    /// The interface, if there is one.
    pub interface: Option<Sourced<String>>,
    /// Whether packets are dropped.
    pub blackhole: bool,
    /// The administrative distance, 1 to 255; 1 unless written.
    pub distance: Option<Sourced<u8>>,
    /// `nexthop-vrf`: where the gateway or interface is; the route's own VRF unless written.
    pub nexthop_vrf: Option<Sourced<String>>,
    /// `table`: the kernel's table; the VRF's unless written.
    pub table: Option<Sourced<u32>>,
    /// The VRF; `None` for the default one.
    pub vrf: Option<String>,
}

/// Things that are defined once and referred to by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// `route-map`.
    RouteMap,
    /// `ip prefix-list`.
    PrefixList,
    /// `ipv6 prefix-list`.
    PrefixList6,
    /// `access-list`.
    AccessList,
    /// `bgp as-path access-list`.
    AsPathList,
    /// `bgp community-list`, `extcommunity-list` and `large-community-list`.
    CommunityList,
    /// `neighbor NAME peer-group`, within its instance.
    PeerGroup,
    /// `bfd` … `profile`.
    BfdProfile,
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::RouteMap => "route-map",
            Self::PrefixList => "ip prefix-list",
            Self::PrefixList6 => "ipv6 prefix-list",
            Self::AccessList => "access-list",
            Self::AsPathList => "as-path access-list",
            Self::CommunityList => "community-list",
            Self::PeerGroup => "peer-group",
            Self::BfdProfile => "bfd profile",
        })
    }
}

/// A use of a name.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What kind of thing is meant.
    pub kind: ObjectKind,
    /// Its name, and where it is used.
    pub name: Sourced<String>,
    /// What happens there, in words: `filters what 10.0.0.2 sends in l2vpn evpn`.
    pub role: String,
}

/// FRR's compiled-in default profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// `traditional`, Debian's build default.
    Traditional,
    /// `datacenter`.
    Datacenter,
}

/// A version of FRR, number by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub Vec<u32>);

impl Version {
    /// `8.5.2`; what follows the last number is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<u32> = text
            .split(['.', '-', '~', '_'])
            .map_while(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok())
            .collect();
        (!numbers.is_empty()).then_some(Self(numbers))
    }

    /// Whether it is this or a later one.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        self.0.as_slice() >= [major, minor].as_slice()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&parts.join("."))
    }
}

impl Frr {
    /// Whether the profile that is written is `datacenter`; Debian builds FRR with `traditional`.
    pub fn is_datacenter(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.value == Profile::Datacenter)
    }

    /// Whether the defaults are those of this version or later. Without `frr version` the running version's defaults
    /// apply, and the newest is assumed.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        self.version.as_ref().is_none_or(|version| version.at_least(major, minor))
    }

    /// The version whose lines are read: the one that runs, else the one of `frr version`.
    pub fn release(&self) -> Option<&Version> {
        self.runs.as_ref().or(self.version.as_ref().map(|version| &version.value))
    }

    /// Whether the lines of this version or a later one are read. Where nothing tells, the newest are.
    pub fn reads(&self, major: u32, minor: u32) -> bool {
        self.release().is_none_or(|version| version.at_least(major, minor))
    }

    /// The default of `bgp ebgp-requires-policy` (RFC 8212): on in the traditional profile since 7.4.
    pub fn ebgp_requires_policy(&self) -> bool {
        !self.is_datacenter() && self.at_least(7, 4)
    }

    /// Whether a default route resolves next hops: as written, else since 9.1 in the traditional profile. zebra makes the
    /// default VRF before it reads `frr defaults` (`zebra_vrf_alloc`), so that the profile it is started with counts,
    /// which is the traditional one but for `-F` in /etc/frr/daemons.
    pub fn resolves_via_default(&self) -> bool {
        match &self.resolve_via_default {
            Some(switch) => switch.value,
            None => self.at_least(9, 1),
        }
    }

    /// Whether a daemon is started; without `/etc/frr/daemons` nobody can say, and it is taken to be.
    pub fn runs(&self, daemon: &str) -> bool {
        self.daemons.as_ref().and_then(|daemons| daemons.get(daemon)).is_none_or(|on| on.value)
    }

    /// Whether a line stands behind the `exit` at which reading ends.
    pub fn is_unread(&self, span: Span) -> bool {
        self.stops.is_some_and(|stop| stop.file == span.file && stop.start < span.start)
    }

    /// The instance that runs EVPN: the one that says `advertise-all-vni`.
    pub fn evpn(&self) -> Option<&BgpInstance> {
        self.bgp.iter().find(|instance| super::is_on(&instance.evpn.advertise_all_vni))
    }

    /// The instance of a VRF; of the default one, for `None`.
    pub fn instance(&self, vrf: Option<&str>) -> Option<&BgpInstance> {
        self.bgp.iter().find(|instance| instance.vrf.as_ref().map(|name| name.as_str()) == vrf)
    }

    /// The VRFs that have an L3VNI.
    pub fn l3vnis(&self) -> impl Iterator<Item = (&str, &Vrf, &Sourced<Vni>)> {
        self.vrfs.iter().filter_map(|(name, vrf)| Some((name.as_str(), vrf, vrf.vni.as_ref()?)))
    }
}
