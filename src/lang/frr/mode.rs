//! The modes of FRR's configuration (it calls them nodes) and the way between them: the table in `vtysh/vtysh.c`.

use super::parse::Rule;

/// A mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Config,
    Interface,
    LinkParams,
    Vrf,
    Bgp,
    BgpIpv4Unicast,
    BgpIpv6Unicast,
    BgpOtherFamily,
    BgpEvpn,
    BgpVni,
    BgpOpaque,
    RouteMap,
    Ospf,
    Ospf6,
    Isis,
    IsisOpaque,
    Bfd,
    BfdPeer,
    LineVty,
    /// A block that is known and not modelled, and how many such blocks are around it.
    Opaque(u8),
}

impl Mode {
    /// The grammar's rule for the lines of the mode.
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Config => Rule::config,
            Self::Interface => Rule::interface_mode,
            Self::Vrf => Rule::vrf_mode,
            Self::Bgp => Rule::bgp,
            Self::BgpIpv4Unicast => Rule::bgp_ipv4_unicast,
            Self::BgpIpv6Unicast => Rule::bgp_ipv6_unicast,
            Self::BgpOtherFamily => Rule::bgp_other_family,
            Self::BgpEvpn => Rule::bgp_evpn,
            Self::BgpVni => Rule::bgp_vni,
            Self::RouteMap => Rule::route_map_mode,
            Self::Ospf => Rule::ospf_mode,
            Self::Ospf6 => Rule::ospf6_mode,
            Self::Isis => Rule::isis_mode,
            Self::Bfd => Rule::bfd_mode,
            Self::BfdPeer => Rule::bfd_peer_mode,
            Self::LineVty => Rule::line_vty_mode,
            Self::LinkParams | Self::BgpOpaque | Self::IsisOpaque | Self::Opaque(_) => Rule::opaque,
        }
    }

    /// The grammar's rule for what may stand behind `no` beside the lines of the mode.
    pub(super) fn negative(self) -> Rule {
        match self {
            Self::Config => Rule::config_no,
            Self::Interface => Rule::interface_no,
            Self::Vrf => Rule::vrf_no,
            Self::Bgp => Rule::bgp_no,
            Self::BgpIpv4Unicast | Self::BgpIpv6Unicast | Self::BgpOtherFamily => Rule::bgp_family_no,
            Self::BgpEvpn => Rule::bgp_evpn_no,
            Self::BgpVni => Rule::bgp_vni_no,
            Self::RouteMap => Rule::route_map_no,
            Self::Ospf => Rule::ospf_no,
            Self::Isis => Rule::isis_no,
            Self::BfdPeer => Rule::bfd_option_no,
            _ => Rule::nothing,
        }
    }

    /// Whether the mode takes every line that its parents do not know.
    pub(super) fn is_opaque(self) -> bool {
        self.rule() == Rule::opaque
    }

    /// The mode around it.
    pub(super) fn parent(self) -> Option<Self> {
        match self {
            Self::Config => None,
            Self::LinkParams => Some(Self::Interface),
            Self::BgpIpv4Unicast | Self::BgpIpv6Unicast | Self::BgpOtherFamily | Self::BgpEvpn | Self::BgpOpaque => {
                Some(Self::Bgp)
            }
            Self::BgpVni => Some(Self::BgpEvpn),
            Self::IsisOpaque => Some(Self::Isis),
            Self::BfdPeer => Some(Self::Bfd),
            Self::Opaque(depth @ 1..) => Some(Self::Opaque(depth - 1)),
            _ => Some(Self::Config),
        }
    }

    /// The mode that a command of this mode opens.
    pub(super) fn opened_by(self, command: Rule, line: &str) -> Option<Self> {
        Some(match command {
            Rule::router_bgp => Self::Bgp,
            Rule::address_family => match line {
                "address-family l2vpn evpn" => Self::BgpEvpn,
                "address-family ipv4" | "address-family ipv4 unicast" => Self::BgpIpv4Unicast,
                "address-family ipv6" | "address-family ipv6 unicast" => Self::BgpIpv6Unicast,
                _ => Self::BgpOtherFamily,
            },
            Rule::vni => Self::BgpVni,
            Rule::bgp_segment_routing | Rule::bmp | Rule::vnc | Rule::vrf_policy => Self::BgpOpaque,
            Rule::interface => Self::Interface,
            Rule::link_params => Self::LinkParams,
            Rule::vrf => Self::Vrf,
            Rule::route_map => Self::RouteMap,
            Rule::router_ospf => Self::Ospf,
            Rule::router_ospf6 => Self::Ospf6,
            Rule::router_isis | Rule::router_openfabric => Self::Isis,
            Rule::isis_opener => Self::IsisOpaque,
            Rule::bfd => Self::Bfd,
            Rule::bfd_peer | Rule::bfd_profile => Self::BfdPeer,
            Rule::line_vty => Self::LineVty,
            Rule::router_opaque | Rule::opaque_block => Self::Opaque(0),
            Rule::opaque => match self {
                Self::Opaque(depth) if opens_nested(line) => Self::Opaque(depth.saturating_add(1)),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether a command leaves its mode for the one around it.
    pub(super) fn closed_by(command: Rule) -> bool {
        matches!(command, Rule::exit | Rule::exit_address_family | Rule::exit_vni | Rule::exit_vrf)
    }

    /// How FRR's users call it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Config => "the top level",
            Self::Interface => "an interface block",
            Self::LinkParams => "link-params",
            Self::Vrf => "a vrf block",
            Self::Bgp => "router bgp",
            Self::BgpIpv4Unicast => "address-family ipv4 unicast",
            Self::BgpIpv6Unicast => "address-family ipv6 unicast",
            Self::BgpOtherFamily => "an address-family block",
            Self::BgpEvpn => "address-family l2vpn evpn",
            Self::BgpVni => "a vni block",
            Self::BgpOpaque => "a block of router bgp",
            Self::RouteMap => "a route-map entry",
            Self::Ospf => "router ospf",
            Self::Ospf6 => "router ospf6",
            Self::Isis | Self::IsisOpaque => "router isis or openfabric",
            Self::Bfd => "bfd",
            Self::BfdPeer => "a bfd peer or profile",
            Self::LineVty => "line vty",
            Self::Opaque(_) => "a block that evpnlint does not model",
        }
    }
}

/// The first version of FRR that has what a rule lists: major, minor, and both as text.
pub(super) fn since(rule: Rule) -> Option<(u32, u32, &'static str)> {
    Some(match rule {
        Rule::since_10_1 => (10, 1, "10.1"),
        Rule::since_10_5 => (10, 5, "10.5"),
        Rule::since_10_7 => (10, 7, "10.7"),
        _ => return None,
    })
}

/// Lines that open a block inside a block that is not modelled.
fn opens_nested(line: &str) -> bool {
    const OPENERS: [&str; 16] = [
        "srv6",
        "locators",
        "locator",
        "encapsulation",
        "formats",
        "format",
        "static-sids",
        "traffic-eng",
        "segment-list",
        "policy",
        "pcep",
        "pcc",
        "pce",
        "pce-config",
        "key",
        "address-family",
    ];
    let first = line.split(' ').next().unwrap_or("");
    OPENERS.contains(&first) && !line.starts_with("key-string")
}
