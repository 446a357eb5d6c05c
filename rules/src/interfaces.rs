//! The interfaces of a node, and the links between nodes.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod access_port_missing;
mod address_duplicate;
mod address_on_port;
mod bond_master_ignored;
mod bond_slave_undefined;
mod bridge_port_renamed;
pub(crate) mod bridge_port_undefined;
mod bridge_vlan_off;
mod interface_not_auto;
mod interfaces_unsourced;
mod link_subnet_alone;
mod port_of_two_masters;
mod stanza_duplicate;
mod subnet_on_two_bridges;
mod svi_beside_bridge;
mod transit_not_forwarding;
mod vlan_device_undefined;
mod vrf_table_duplicate;
mod vrf_undefined;
mod vrf_without_table;

pub(crate) const SECTION: Section = Section {
    title: "Interfaces",
    bearing: Bearing::Cause,
    rules: &[
        Rule::new("access-port-missing", Check::Fabric(access_port_missing::check)),
        Rule::new("address-duplicate", Check::Fabric(address_duplicate::check)),
        Rule::new("address-on-port", Check::Nodes(address_on_port::check)),
        Rule::new("bond-master-ignored", Check::Node(bond_master_ignored::check)),
        Rule::new("bond-slave-undefined", Check::Node(bond_slave_undefined::check)),
        Rule::new("bridge-port-renamed", Check::Node(bridge_port_renamed::check)),
        Rule::new("bridge-port-undefined", Check::Nodes(bridge_port_undefined::check)),
        Rule::new("bridge-vlan-off", Check::Node(bridge_vlan_off::check)),
        Rule::new("interface-not-auto", Check::Node(interface_not_auto::check)),
        Rule::new("interfaces-unsourced", Check::Node(interfaces_unsourced::check)),
        Rule::new("link-subnet-alone", Check::Fabric(link_subnet_alone::check)),
        Rule::new("port-of-two-masters", Check::Nodes(port_of_two_masters::check)),
        Rule::new("stanza-duplicate", Check::Nodes(stanza_duplicate::check)),
        Rule::new("subnet-on-two-bridges", Check::Nodes(subnet_on_two_bridges::check)),
        Rule::new("svi-beside-bridge", Check::Node(svi_beside_bridge::check)),
        Rule::new("transit-not-forwarding", Check::Fabric(transit_not_forwarding::check)),
        Rule::new("vlan-device-undefined", Check::Node(vlan_device_undefined::check)),
        Rule::new("vrf-table-duplicate", Check::Node(vrf_table_duplicate::check)),
        Rule::new("vrf-undefined", Check::Nodes(vrf_undefined::check)),
        Rule::new("vrf-without-table", Check::Node(vrf_without_table::check)),
    ],
};
