//! The interior protocols of an underlay: OSPF, IS-IS and OpenFabric, as far as reachability needs them.

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
}

/// What FRR's `interface` block says of OSPF.
#[derive(Clone, Debug, Default)]
pub struct OspfLink {
    /// `ip ospf area`.
    pub area: Option<Sourced<Ipv4Addr>>,
    /// `ip ospf network`, by its keyword.
    pub network: Option<Sourced<String>>,
    /// `ip ospf hello-interval`, in seconds; 10 unless written (30 on non-broadcast networks).
    pub hello: Option<Sourced<u32>>,
    /// `ip ospf dead-interval`, in seconds; four hellos unless written.
    pub dead: Option<Sourced<u32>>,
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
    /// `net`.
    pub net: Option<Sourced<String>>,
    /// `redistribute`, by protocol.
    pub redistribute: Vec<Sourced<String>>,
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
}
