//! The interior protocols of an underlay: OSPF for IPv4 and IPv6, IS-IS and OpenFabric, as far as adjacencies and
//! reachability need them.

use super::{Prefix, Sourced, Switch};
use crate::source::Span;
use std::{collections::BTreeMap, net::Ipv4Addr};

/// `router ospf`.
#[derive(Clone, Debug)]
pub struct Ospf {
    /// The first line.
    pub span: Span,
    /// The VRF; `None` for the default one.
    pub vrf: Option<Sourced<String>>,
    /// `ospf router-id`.
    pub router_id: Option<Sourced<Ipv4Addr>>,
    /// `network PREFIX area A`.
    pub networks: Vec<Sourced<(Prefix, Ipv4Addr)>>,
    /// `passive-interface default`.
    pub passive_default: Switch,
    /// `passive-interface IF` and `no passive-interface IF`.
    pub passive: BTreeMap<String, Sourced<bool>>,
    /// `redistribute`.
    pub redistribute: Vec<super::bgp::Redistribute>,
    /// `area … stub` and `nssa`: areas that are not like others, which all routers in them must say.
    pub areas: BTreeMap<Ipv4Addr, Sourced<AreaKind>>,
    /// `default-information originate`; the value is whether `always` stands there.
    pub default_originate: Option<Sourced<bool>>,
    /// `distance`, 1 to 255; 110 unless written.
    pub distance: Option<Sourced<u8>>,
    /// `shutdown` (FRR 10.7 and later): the instance has no neighbours (`ospf_instance_shutdown`, ospf_vty.c;
    /// `ospf6_instance_shutdown`, ospf6_top.c).
    pub shutdown: Switch,
}

/// An area that does not take in every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaKind {
    /// `stub`: no external routes.
    Stub {
        /// `no-summary`: nor those of other areas.
        no_summary: bool,
    },
    /// `nssa`: external routes of its own only (RFC 3101).
    Nssa {
        /// `no-summary`: nor those of other areas.
        no_summary: bool,
    },
}

/// `router ospf6`.
#[derive(Clone, Debug)]
pub struct Ospf6 {
    /// The first line.
    pub span: Span,
    /// The VRF; `None` for the default one.
    pub vrf: Option<Sourced<String>>,
    /// `ospf6 router-id`.
    pub router_id: Option<Sourced<Ipv4Addr>>,
    /// `redistribute`.
    pub redistribute: Vec<super::bgp::Redistribute>,
    /// `area … stub` and `nssa`.
    pub areas: BTreeMap<Ipv4Addr, Sourced<AreaKind>>,
    /// `default-information originate`; the value is whether `always` stands there.
    pub default_originate: Option<Sourced<bool>>,
    /// `distance`, 1 to 255; 110 unless written.
    pub distance: Option<Sourced<u8>>,
    /// `shutdown` (FRR 10.7 and later): the instance has no neighbours (`ospf_instance_shutdown`, ospf_vty.c;
    /// `ospf6_instance_shutdown`, ospf6_top.c).
    pub shutdown: Switch,
}

/// What FRR's `interface` block says of OSPF for IPv6.
#[derive(Clone, Debug, Default)]
pub struct Ospf6Link {
    /// `ipv6 ospf6 area`, and up to FRR 9.1 `interface … area` in `router ospf6`.
    pub area: Option<Sourced<Ipv4Addr>>,
    /// `ipv6 ospf6 network`, by its keyword.
    pub network: Option<Sourced<String>>,
    /// `ipv6 ospf6 hello-interval`, in seconds; 10 unless written.
    pub hello: Option<Sourced<u32>>,
    /// `ipv6 ospf6 dead-interval`, in seconds; 40 unless written.
    pub dead: Option<Sourced<u32>>,
    /// `ipv6 ospf6 mtu-ignore`.
    pub mtu_ignore: Switch,
    /// `ipv6 ospf6 passive`.
    pub passive: Switch,
}

/// What FRR's `interface` block says of OSPF.
#[derive(Clone, Debug, Default)]
pub struct OspfLink {
    /// `ip ospf area`, of whatever address.
    pub area: Option<Sourced<Ipv4Addr>>,
    /// `ip ospf area A ADDRESS`: the areas of single addresses of the interface.
    pub areas: BTreeMap<Ipv4Addr, Sourced<Ipv4Addr>>,
    /// `ip ospf network`, by its keyword.
    pub network: Option<Sourced<String>>,
    /// `ip ospf hello-interval`, in seconds; 10 unless written (30 on non-broadcast networks).
    pub hello: Option<Sourced<u32>>,
    /// `ip ospf dead-interval`, in seconds; four hellos unless written.
    pub dead: Option<Sourced<u32>>,
    /// `ip ospf cost`, 1 to 65535, of whatever address; unless written it follows from the speed of the port
    /// (`ospf_if_get_output_cost`).
    pub cost: Option<Sourced<u32>>,
    /// `ip ospf mtu-ignore`.
    pub mtu_ignore: Switch,
    /// `ip ospf passive`.
    pub passive: Switch,
    /// Whether and how packets are authenticated, by its keyword; the key itself is a secret.
    pub authentication: Option<Sourced<String>>,
}

/// `router isis` or `router openfabric`.
#[derive(Clone, Debug)]
pub struct IsIs {
    /// The first line.
    pub span: Span,
    /// The tag.
    pub tag: String,
    /// Whether it is OpenFabric.
    pub openfabric: bool,
    /// The VRF; `None` for the default one.
    pub vrf: Option<Sourced<String>>,
    /// `net`.
    pub net: Option<Sourced<String>>,
    /// `is-type`; both levels unless written, and level 2 in OpenFabric.
    pub level: Option<Sourced<Level>>,
    /// `metric-style`, by its keyword; `wide` unless written.
    pub metric_style: Option<Sourced<String>>,
    /// `area-password`, by the keyword of its kind; the key itself is a secret.
    pub area_authentication: Option<Sourced<String>>,
    /// `domain-password`, likewise.
    pub domain_authentication: Option<Sourced<String>>,
    /// `redistribute`.
    pub redistribute: Vec<IsIsRedistribute>,
}

impl IsIs {
    /// The area of the `net`: its digits in front of the system identifier of six bytes and the selector of one.
    pub fn area(&self) -> Option<String> {
        let digits: String = self.net.as_ref()?.chars().filter(|digit| *digit != '.').collect();
        let length = digits.len().checked_sub(14).filter(|length| *length > 0)?;
        digits.get(..length).map(str::to_lowercase)
    }

    /// The system identifier of the `net`, in twelve digits; it must be another on every node.
    pub fn system(&self) -> Option<String> {
        let digits: String = self.net.as_ref()?.chars().filter(|digit| *digit != '.').collect();
        let start = digits.len().checked_sub(14)?;
        digits.get(start..start + 12).map(str::to_lowercase)
    }
}

/// The levels that IS-IS runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `level-1`: within an area.
    One,
    /// `level-2`, or `level-2-only`: between areas.
    Two,
    /// `level-1-2`.
    Both,
}

/// `redistribute <ipv4|ipv6> PROTOCOL LEVEL [route-map NAME]`.
#[derive(Clone, Debug)]
pub struct IsIsRedistribute {
    /// `connected`, `static`, `bgp` …
    pub protocol: Sourced<String>,
    /// Whether it is IPv6.
    pub ipv6: bool,
    /// The level; OpenFabric has but one.
    pub level: Level,
    /// The route-map in the way.
    pub route_map: Option<Sourced<String>>,
}

/// What FRR's `interface` block says of IS-IS or OpenFabric.
#[derive(Clone, Debug, Default)]
pub struct IsIsLink {
    /// `ip router isis TAG` or `ip router openfabric TAG`.
    pub ipv4: Option<Sourced<String>>,
    /// The same for IPv6.
    pub ipv6: Option<Sourced<String>>,
    /// `isis passive` or `openfabric passive`.
    pub passive: Switch,
    /// `isis circuit-type`; as `is-type` says unless written.
    pub circuit: Option<Sourced<Level>>,
    /// `isis network point-to-point`, which both ends must say; OpenFabric has no other.
    pub point_to_point: Switch,
    /// `hello-interval` on level 1 and on level 2, in seconds, 1 to 600; 3 unless written.
    pub hello: [Option<Sourced<u16>>; 2],
    /// `hello-multiplier` on level 1 and on level 2: how many hellos may be lost, 2 to 100; 10 unless written.
    pub hello_multiplier: [Option<Sourced<u16>>; 2],
    /// `isis metric` or `openfabric metric` on level 1 and on level 2, 0 to 16777215; 10 unless written.
    pub metric: [Option<Sourced<u32>>; 2],
    /// `isis hello padding`: hellos are as long as the MTU, so that ends whose MTUs differ do not meet; on unless
    /// written.
    pub padding: Switch,
    /// `isis password` or `openfabric password`, by the keyword of its kind; the key itself is a secret.
    pub authentication: Option<Sourced<String>>,
}
