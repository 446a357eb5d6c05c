//! Anycast gateways and the ways out of a VRF.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod advertise_default_gw_with_anycast;
mod advertise_svi_ip_with_anycast;
mod asymmetric_vni_missing;
mod default_originate_without_way_out;
mod exit_node_single;
mod exit_node_strict_rp_filter;
mod exit_node_unreachable_default;
mod exit_node_without_default_originate;
mod exit_node_without_redistribute;
mod gateway_address_differs;
mod gateway_ip_unresolved;
mod gateway_mac_differs;
mod gateway_mac_without_address;
mod gateway_missing;
mod gateway_not_forwarding;
mod gateway_outside_vrf;
mod gateway_single;
mod gateway_without_vni;
mod subnets_overlap;
mod vrf_default_not_redistributed;

pub(crate) const SECTION: Section = Section {
    title: "Gateways",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("advertise-default-gw-with-anycast", Check::Fabric(advertise_default_gw_with_anycast::check)),
        Rule::new("advertise-svi-ip-with-anycast", Check::Fabric(advertise_svi_ip_with_anycast::check)),
        Rule::new("asymmetric-vni-missing", Check::Fabric(asymmetric_vni_missing::check)),
        Rule::new("default-originate-without-way-out", Check::Fabric(default_originate_without_way_out::check)),
        Rule::new("exit-node-single", Check::Predicted(exit_node_single::check)),
        Rule::new("exit-node-strict-rp-filter", Check::Fabric(exit_node_strict_rp_filter::check)),
        Rule::new("exit-node-unreachable-default", Check::Fabric(exit_node_unreachable_default::check)),
        Rule::new("exit-node-without-default-originate", Check::Fabric(exit_node_without_default_originate::check)),
        Rule::new("exit-node-without-redistribute", Check::Fabric(exit_node_without_redistribute::check)),
        Rule::new("gateway-address-differs", Check::Fabric(gateway_address_differs::check)),
        Rule::new("gateway-ip-unresolved", Check::Fabric(gateway_ip_unresolved::check)),
        Rule::new("gateway-mac-differs", Check::Fabric(gateway_mac_differs::check)),
        Rule::new("gateway-mac-without-address", Check::Fabric(gateway_mac_without_address::check)),
        Rule::new("gateway-missing", Check::Fabric(gateway_missing::check)),
        Rule::new("gateway-not-forwarding", Check::Nodes(gateway_not_forwarding::check)),
        Rule::new("gateway-outside-vrf", Check::Fabric(gateway_outside_vrf::check)),
        Rule::new("gateway-single", Check::Predicted(gateway_single::check)),
        Rule::new("gateway-without-vni", Check::Fabric(gateway_without_vni::check)),
        Rule::new("subnets-overlap", Check::Fabric(subnets_overlap::check)),
        Rule::new("vrf-default-not-redistributed", Check::Fabric(vrf_default_not_redistributed::check)),
    ],
};
