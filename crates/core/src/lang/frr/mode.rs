//! The modes of FRR's configuration (it calls them nodes) and the way between them: the table in `vtysh/vtysh.c`.

use crate::model::{Block, bgp::Family};
use evpnlint_grammar::frr::Rule;

/// Declares the modes, one line each: the mode around it, the rule for its lines, the rule for what may stand behind
/// `no` besides, and how FRR's users call it.
macro_rules! modes {
    ($($mode:ident in $parent:ident: $rule:ident, $negative:ident, $kind:ident($words:literal);)*) => {
        /// A mode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Mode { Config, $($mode),* }

        impl Mode {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[Self::Config, $(Self::$mode),*];

            /// The mode around it.
            pub(super) fn parent(self) -> Option<Self> {
                match self { Self::Config => None, $(Self::$mode => Some(Self::$parent)),* }
            }

            /// The grammar's rule for the lines of the mode.
            pub(super) fn rule(self) -> Rule {
                match self { Self::Config => Rule::config, $(Self::$mode => Rule::$rule),* }
            }

            /// The grammar's rule for what may stand behind `no` beside the lines of the mode.
            pub(super) fn negative(self) -> Rule {
                match self { Self::Config => Rule::config_no, $(Self::$mode => Rule::$negative),* }
            }

            /// Its block, as a message names it.
            pub(super) fn block(self) -> Block {
                match self { Self::Config => Block::Top, $(Self::$mode => Block::$kind($words)),* }
            }
        }
    };
}

modes! {
    Interface in Config: interface_mode, interface_no, Named("an interface block");
    LinkParams in Interface: link_params_mode, link_params_no, Named("link-params");
    Vrf in Config: vrf_mode, vrf_no, Named("a vrf block");
    Bgp in Config: bgp, bgp_no, Router("bgp");
    BgpIpv4Unicast in Bgp: bgp_ipv4_unicast, bgp_unicast_no, BgpFamily("address-family ipv4 unicast");
    BgpIpv6Unicast in Bgp: bgp_ipv6_unicast, bgp_unicast_no, BgpFamily("address-family ipv6 unicast");
    BgpIpv4Multicast in Bgp: bgp_ipv4_multicast, bgp_multicast_no, BgpFamily("address-family ipv4 multicast");
    BgpIpv6Multicast in Bgp: bgp_ipv6_multicast, bgp_multicast_no, BgpFamily("address-family ipv6 multicast");
    BgpIpv4Labeled in Bgp: bgp_ipv4_labeled, bgp_labeled_no, BgpFamily("address-family ipv4 labeled-unicast");
    BgpIpv6Labeled in Bgp: bgp_ipv6_labeled, bgp_labeled_no, BgpFamily("address-family ipv6 labeled-unicast");
    BgpIpv4Vpn in Bgp: bgp_ipv4_vpn, bgp_vpn_no, BgpFamily("address-family ipv4 vpn");
    BgpIpv6Vpn in Bgp: bgp_ipv6_vpn, bgp_vpn_no, BgpFamily("address-family ipv6 vpn");
    BgpFlowspec in Bgp: bgp_flowspec, nothing, BgpFamily("address-family flowspec");
    BgpLinkState in Bgp: bgp_link_state, nothing, BgpFamily("address-family link-state");
    BgpBareFamily in Bgp: bgp_bare_family, nothing, BgpFamily("an address family without neighbours");
    BgpEvpn in Bgp: bgp_evpn, bgp_evpn_no, BgpFamily("address-family l2vpn evpn");
    BgpVni in BgpEvpn: bgp_vni, bgp_vni_no, Named("a vni block");
    BgpSrv6 in Bgp: bgp_srv6_mode, nothing, Named("segment-routing srv6");
    Bmp in Bgp: bmp_mode, nothing, Named("bmp targets");
    VrfPolicy in Bgp: vrf_policy_mode, vrf_policy_no, Named("a vrf-policy block");
    Vnc in Bgp: vnc_mode, nothing, Named("a vnc block");
    RouteMap in Config: route_map_mode, route_map_no, Named("a route-map entry");
    Ospf in Config: ospf_mode, ospf_no, Router("ospf");
    Ospf6 in Config: ospf6_mode, ospf6_no, Router("ospf6");
    Isis in Config: isis_mode, isis_no, Router("isis");
    IsisFlexAlgo in Isis: isis_flex_algo_mode, nothing, Named("flex-algo");
    IsisSrv6 in Isis: isis_srv6_mode, nothing, Named("segment-routing srv6 of router isis");
    IsisNodeMsd in IsisSrv6: isis_node_msd_mode, nothing, Named("node-msd");
    OpenFabric in Config: openfabric_mode, openfabric_no, Router("openfabric");
    Pim in Config: pim_mode, pim_no, Router("pim");
    Pim6 in Config: pim6_mode, pim6_no, Router("pim6");
    Bfd in Config: bfd_mode, bfd_no, Named("bfd");
    BfdPeer in Bfd: bfd_peer_mode, bfd_option_no, Named("a bfd peer");
    BfdProfile in Bfd: bfd_profile_mode, bfd_option_no, Named("a bfd profile");
    KeyChain in Config: key_chain_mode, key_chain_no, Named("a key chain");
    Key in KeyChain: key_mode, key_no, Named("a key");
    NexthopGroup in Config: nexthop_group_mode, nexthop_group_no, Named("a nexthop-group");
    PbrMap in Config: pbr_map_mode, pbr_map_no, Named("a pbr-map entry");
    Rpki in Config: rpki_mode, rpki_no, Named("rpki");
    RpkiOfVrf in Vrf: rpki_mode, rpki_no, Named("rpki of a vrf");
    SegmentRouting in Config: segment_routing_mode, nothing, Named("segment-routing");
    Srv6 in SegmentRouting: srv6_mode, nothing, Named("srv6");
    Srv6Locators in Srv6: srv6_locators_mode, nothing, Named("srv6 locators");
    Srv6Locator in Srv6Locators: srv6_locator_mode, srv6_locator_no, Named("an srv6 locator");
    Srv6Encapsulation in Srv6: srv6_encapsulation_mode, srv6_encapsulation_no, Named("srv6 encapsulation");
    Srv6Sids in Srv6: srv6_sids_mode, srv6_sids_no, Named("srv6 static-sids");
    Srv6Formats in Srv6: srv6_formats_mode, nothing, Named("srv6 formats");
    Srv6Usid in Srv6Formats: srv6_usid_mode, srv6_usid_no, Named("an srv6 format of micro-SIDs");
    Srv6Uncompressed in Srv6Formats: srv6_uncompressed_mode, srv6_uncompressed_no, Named("an uncompressed srv6 format");
    TrafficEng in SegmentRouting: traffic_eng_mode, traffic_eng_no, Named("traffic-eng");
    SegmentList in TrafficEng: segment_list_mode, segment_list_no, Named("a segment-list");
    SrPolicy in TrafficEng: sr_policy_mode, sr_policy_no, Named("a policy");
    CandidatePath in SrPolicy: candidate_path_mode, candidate_path_no, Named("a candidate-path");
    Pcep in TrafficEng: pcep_mode, nothing, Named("pcep");
    Pcc in Pcep: pcc_mode, pcc_no, Named("pcc");
    PceConfig in Pcep: pce_config_mode, nothing, Named("a pce-config");
    Pce in Pcep: pce_mode, nothing, Named("a pce");
    Ldp in Config: ldp_mode, nothing, Named("mpls ldp");
    LdpFamily in Ldp: ldp_family_mode, nothing, Named("an address-family of mpls ldp");
    LdpInterface in LdpFamily: ldp_interface_mode, nothing, Named("an interface of mpls ldp");
    L2vpn in Config: l2vpn_mode, nothing, Named("l2vpn");
    LdpPseudowire in L2vpn: ldp_pseudowire_mode, nothing, Named("a pseudowire of l2vpn");
    Pseudowire in Config: pseudowire_mode, nothing, Named("a pseudowire");
    LineVty in Config: line_vty_mode, line_vty_no, Named("line vty");
    // The other routing protocols.
    Opaque in Config: opaque_mode, nothing, Named("a block that evpnlint does not model");
}

impl Mode {
    /// Whether the mode takes every line that neither its own rule nor its parents know, since its lines are not
    /// modelled.
    pub(super) fn is_opaque(self) -> bool {
        matches!(self, Self::Vnc | Self::Opaque)
    }

    /// The mode that a command of this mode opens.
    pub(super) fn opened_by(self, command: Rule, line: &str) -> Option<Self> {
        Some(match command {
            Rule::router_bgp => Self::Bgp,
            Rule::address_family => match line {
                "address-family l2vpn evpn" => Self::BgpEvpn,
                "address-family ipv4" | "address-family ipv4 unicast" => Self::BgpIpv4Unicast,
                "address-family ipv6" | "address-family ipv6 unicast" => Self::BgpIpv6Unicast,
                "address-family ipv4 multicast" => Self::BgpIpv4Multicast,
                "address-family ipv6 multicast" => Self::BgpIpv6Multicast,
                "address-family ipv4 labeled-unicast" => Self::BgpIpv4Labeled,
                "address-family ipv6 labeled-unicast" => Self::BgpIpv6Labeled,
                line if line.ends_with("vpn") || line.contains(" vpnv") => {
                    if line.contains('6') {
                        Self::BgpIpv6Vpn
                    } else {
                        Self::BgpIpv4Vpn
                    }
                }
                line if line.ends_with("flowspec") => Self::BgpFlowspec,
                line if line.ends_with("link-state") => Self::BgpLinkState,
                _ => Self::BgpBareFamily,
            },
            Rule::vni => Self::BgpVni,
            Rule::bgp_segment_routing => Self::BgpSrv6,
            Rule::bmp => Self::Bmp,
            Rule::vrf_policy => Self::VrfPolicy,
            Rule::vnc => Self::Vnc,
            Rule::interface => Self::Interface,
            Rule::link_params => Self::LinkParams,
            Rule::vrf => Self::Vrf,
            Rule::route_map => Self::RouteMap,
            Rule::router_ospf => Self::Ospf,
            Rule::router_ospf6 => Self::Ospf6,
            Rule::router_isis => Self::Isis,
            Rule::isis_flex_algo => Self::IsisFlexAlgo,
            Rule::isis_srv6 => Self::IsisSrv6,
            Rule::isis_node_msd => Self::IsisNodeMsd,
            Rule::router_openfabric => Self::OpenFabric,
            Rule::router_pim => Self::Pim,
            Rule::router_pim6 => Self::Pim6,
            Rule::bfd => Self::Bfd,
            Rule::bfd_peer => Self::BfdPeer,
            Rule::bfd_profile => Self::BfdProfile,
            Rule::key_chain => Self::KeyChain,
            Rule::key => Self::Key,
            Rule::nexthop_group => Self::NexthopGroup,
            Rule::pbr_map => Self::PbrMap,
            Rule::rpki => Self::Rpki,
            Rule::vrf_rpki => Self::RpkiOfVrf,
            Rule::segment_routing => Self::SegmentRouting,
            Rule::srv6 => Self::Srv6,
            Rule::srv6_locators => Self::Srv6Locators,
            Rule::srv6_locator => Self::Srv6Locator,
            Rule::srv6_encapsulation => Self::Srv6Encapsulation,
            Rule::srv6_sids => Self::Srv6Sids,
            Rule::srv6_formats => Self::Srv6Formats,
            Rule::srv6_usid => Self::Srv6Usid,
            Rule::srv6_uncompressed => Self::Srv6Uncompressed,
            Rule::traffic_eng => Self::TrafficEng,
            Rule::segment_list => Self::SegmentList,
            Rule::sr_policy => Self::SrPolicy,
            Rule::candidate_path => Self::CandidatePath,
            Rule::pcep => Self::Pcep,
            Rule::pcc => Self::Pcc,
            Rule::pce_config => Self::PceConfig,
            Rule::pce => Self::Pce,
            Rule::ldp => Self::Ldp,
            Rule::ldp_family => Self::LdpFamily,
            Rule::ldp_interface => Self::LdpInterface,
            Rule::l2vpn => Self::L2vpn,
            Rule::ldp_pseudowire => Self::LdpPseudowire,
            Rule::pseudowire => Self::Pseudowire,
            Rule::line_vty => Self::LineVty,
            Rule::router_opaque | Rule::log_extended => Self::Opaque,
            _ => return None,
        })
    }

    /// The address family of BGP that the mode is about.
    pub(super) fn family(self) -> Option<Family> {
        Some(match self {
            Self::BgpEvpn => Family::Evpn,
            Self::BgpIpv4Unicast => Family::Ipv4Unicast,
            Self::BgpIpv6Unicast => Family::Ipv6Unicast,
            Self::BgpIpv4Labeled => Family::Ipv4Labeled,
            Self::BgpIpv6Labeled => Family::Ipv6Labeled,
            Self::BgpIpv4Multicast
            | Self::BgpIpv6Multicast
            | Self::BgpIpv4Vpn
            | Self::BgpIpv6Vpn
            | Self::BgpFlowspec
            | Self::BgpLinkState
            | Self::BgpBareFamily => Family::Other,
            _ => return None,
        })
    }

    /// The command that leaves the mode, as FRR itself writes it.
    pub(super) fn closer(self) -> &'static str {
        match self {
            Self::LdpFamily => "exit-address-family",
            mode if mode.family().is_some() => "exit-address-family",
            Self::BgpVni => "exit-vni",
            Self::Vrf => "exit-vrf",
            Self::LinkParams => "exit-link-params",
            Self::Config => "end",
            _ => "exit",
        }
    }

    /// Whether a command leaves its mode for the one around it.
    pub(super) fn closed_by(command: Rule) -> bool {
        matches!(
            command,
            Rule::exit
                | Rule::exit_address_family
                | Rule::exit_vni
                | Rule::exit_vrf
                | Rule::exit_vnc
                | Rule::exit_vrf_policy
                | Rule::exit_link_params
        )
    }
}
