//! VTEPs, VNIs and what EVPN tells of them.

use crate::{
    Rule, Section,
    check::{Check, Layer},
    reported::Bearing,
};

mod evpn_disabled;
mod evpn_routes_denied;
mod evpn_routes_lost;
mod flooding_differs;
mod l3vni_differs;
mod l3vni_missing_in_frr;
mod l3vni_shared;
mod l3vni_svi_missing;
mod l3vni_svi_outside_vrf;
mod l3vni_without_device;
mod packets_lost;
mod rd_duplicate;
mod route_target_unmatched;
mod router_mac_duplicate;
mod sites_apart;
mod tunnel_address_ipv6;
mod tunnel_address_missing;
mod tunnel_address_not_local;
mod tunnel_addresses_differ;
mod type5_not_advertised;
mod vni_duplicate_on_node;
mod vni_meaning_differs;
mod vrf_without_bgp_instance;
mod vtep_address_duplicate;
mod vxlan_id_missing;
mod vxlan_learning_on;
mod vxlan_port_differs;
mod vxlan_static_remote;
mod vxlan_vlan_missing;
mod vxlan_without_bridge;

pub(crate) const SECTION: Section = Section {
    title: "Overlay",
    bearing: Bearing::Cause,
    rules: &[
        Rule::new("evpn-disabled", Check::Fabric(evpn_disabled::check)),
        Rule::new("evpn-routes-denied", Check::Fabric(evpn_routes_denied::check)),
        Rule::new("evpn-routes-lost", Check::Lost(Layer::Routes, evpn_routes_lost::check)),
        Rule::new("flooding-differs", Check::Fabric(flooding_differs::check)),
        Rule::new("l3vni-differs", Check::Fabric(l3vni_differs::check)),
        Rule::new("l3vni-missing-in-frr", Check::Fabric(l3vni_missing_in_frr::check)),
        Rule::new("l3vni-shared", Check::Nodes(l3vni_shared::check)),
        Rule::new("l3vni-svi-missing", Check::Node(l3vni_svi_missing::check)),
        Rule::new("l3vni-svi-outside-vrf", Check::Nodes(l3vni_svi_outside_vrf::check)),
        Rule::new("l3vni-without-device", Check::Fabric(l3vni_without_device::check)),
        Rule::new("packets-lost", Check::Lost(Layer::Packets, packets_lost::check)),
        Rule::new("rd-duplicate", Check::Fabric(rd_duplicate::check)),
        Rule::new("route-target-unmatched", Check::Fabric(route_target_unmatched::check)),
        Rule::new("router-mac-duplicate", Check::Fabric(router_mac_duplicate::check)),
        Rule::new("sites-apart", Check::Fabric(sites_apart::check)),
        Rule::new("tunnel-address-ipv6", Check::Nodes(tunnel_address_ipv6::check)),
        Rule::new("tunnel-address-missing", Check::Fabric(tunnel_address_missing::check)),
        Rule::new("tunnel-address-not-local", Check::Fabric(tunnel_address_not_local::check)),
        Rule::new("tunnel-addresses-differ", Check::Node(tunnel_addresses_differ::check)),
        Rule::new("type5-not-advertised", Check::Fabric(type5_not_advertised::check)),
        Rule::new("vni-duplicate-on-node", Check::Nodes(vni_duplicate_on_node::check)),
        Rule::new("vni-meaning-differs", Check::Fabric(vni_meaning_differs::check)),
        Rule::new("vrf-without-bgp-instance", Check::Fabric(vrf_without_bgp_instance::check)),
        Rule::new("vtep-address-duplicate", Check::Fabric(vtep_address_duplicate::check)),
        Rule::new("vxlan-id-missing", Check::Fabric(vxlan_id_missing::check)),
        Rule::new("vxlan-learning-on", Check::Nodes(vxlan_learning_on::check)),
        Rule::new("vxlan-port-differs", Check::Fabric(vxlan_port_differs::check)),
        Rule::new("vxlan-static-remote", Check::Node(vxlan_static_remote::check)),
        Rule::new("vxlan-vlan-missing", Check::Node(vxlan_vlan_missing::check)),
        Rule::new("vxlan-without-bridge", Check::Fabric(vxlan_without_bridge::check)),
    ],
};
