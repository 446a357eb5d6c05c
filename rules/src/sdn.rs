//! What Proxmox is asked to make, and what the nodes made of it.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod frr_local_asn_mismatch;
mod frr_local_block_open;
mod frr_local_entry_unreachable;
mod frr_local_line_lost;
mod frr_local_vni_second;
mod sdn_advertise_without_effect;
mod sdn_as_numbers_mixed;
mod sdn_asn_reserved;
mod sdn_asn_zero;
mod sdn_controller_peers_incomplete;
mod sdn_controller_per_node_duplicate;
mod sdn_controller_wrong_type;
mod sdn_daemon_turned_off;
mod sdn_dhcp_outside_simple;
mod sdn_dhcp_without_gateway;
mod sdn_exit_filters_other_zone;
mod sdn_exit_node_outside_zone;
mod sdn_exit_node_without_default_route;
mod sdn_exit_nodes_without_primary;
mod sdn_exit_primary_not_exit;
mod sdn_fabric_interface_enslaved;
mod sdn_fabric_invalid;
mod sdn_fabric_node_missing;
mod sdn_frr_missing;
mod sdn_gateway_outside_subnet;
mod sdn_id_too_long;
mod sdn_interface_undefined;
mod sdn_isis_net_duplicate;
mod sdn_l3vni_duplicate;
mod sdn_local_routing_range_taken;
mod sdn_local_routing_twice;
mod sdn_loopback_not_peer;
mod sdn_loopback_only_in_isis;
mod sdn_loopback_without_address;
mod sdn_mac_missing;
mod sdn_member_not_read;
mod sdn_mtu_exceeds_underlay;
mod sdn_mtu_qinq;
mod sdn_multihop_missing;
mod sdn_name_taken;
mod sdn_never_applied;
mod sdn_node_is_two_peers;
mod sdn_node_not_generated;
mod sdn_node_stale;
mod sdn_node_unknown;
mod sdn_openfabric_net_duplicate;
mod sdn_ospf_end_unnumbered;
mod sdn_peer_group_shared;
mod sdn_peer_in_both_groups;
mod sdn_peer_is_self;
mod sdn_peer_twice;
mod sdn_peers_mixed_families;
mod sdn_pending;
mod sdn_reference_undefined;
mod sdn_rt_import_foreign_zone;
mod sdn_rt_import_without_own;
mod sdn_snat_ipv6_without_gateway;
mod sdn_snat_source_gone;
mod sdn_snat_with_local_routing;
mod sdn_snat_without_exit;
mod sdn_store_differs;
mod sdn_subnet_overlaps_underlay;
mod sdn_subnet_zone_mismatch;
mod sdn_subnets_overlap;
mod sdn_tag_duplicate;
mod sdn_tag_is_l3vni;
mod sdn_tag_missing;
mod sdn_vlan_tag_invalid;
mod sdn_vlanaware_in_evpn;
mod sdn_vni_taken;
mod sdn_vtep_not_found;

pub(crate) const SECTION: Section =
    Section {
        title: "SDN",
        bearing: Bearing::Cause,
        rules: &[
            Rule::new("frr-local-asn-mismatch", Check::Node(frr_local_asn_mismatch::check)),
            Rule::new("frr-local-block-open", Check::Node(frr_local_block_open::check)),
            Rule::new("frr-local-entry-unreachable", Check::Node(frr_local_entry_unreachable::check)),
            Rule::new("frr-local-line-lost", Check::Node(frr_local_line_lost::check)),
            Rule::new("frr-local-vni-second", Check::Node(frr_local_vni_second::check)),
            Rule::new("sdn-advertise-without-effect", Check::Sdn(sdn_advertise_without_effect::check)),
            Rule::new("sdn-as-numbers-mixed", Check::Sdn(sdn_as_numbers_mixed::check)).explaining(&[
                "asn-mismatch",
                "session-down",
                "line-refused",
            ]),
            Rule::new("sdn-asn-reserved", Check::Sdn(sdn_asn_reserved::check)),
            Rule::new("sdn-asn-zero", Check::Sdn(sdn_asn_zero::check)),
            Rule::new("sdn-controller-peers-incomplete", Check::Sdn(sdn_controller_peers_incomplete::check))
                .explaining(&["peer-one-sided", "session-down", "peer-unknown"]),
            Rule::new("sdn-controller-per-node-duplicate", Check::Sdn(sdn_controller_per_node_duplicate::check)),
            Rule::new("sdn-controller-wrong-type", Check::Sdn(sdn_controller_wrong_type::check)),
            Rule::new("sdn-daemon-turned-off", Check::Fabric(sdn_daemon_turned_off::check)),
            Rule::new("sdn-dhcp-outside-simple", Check::Sdn(sdn_dhcp_outside_simple::check)),
            Rule::new("sdn-dhcp-without-gateway", Check::Sdn(sdn_dhcp_without_gateway::check)),
            Rule::new("sdn-exit-filters-other-zone", Check::Sdn(sdn_exit_filters_other_zone::check)),
            Rule::new("sdn-exit-node-outside-zone", Check::Sdn(sdn_exit_node_outside_zone::check)),
            Rule::new("sdn-exit-node-without-default-route", Check::Sdn(sdn_exit_node_without_default_route::check)),
            Rule::new("sdn-exit-nodes-without-primary", Check::Sdn(sdn_exit_nodes_without_primary::check)),
            Rule::new("sdn-exit-primary-not-exit", Check::Sdn(sdn_exit_primary_not_exit::check)),
            Rule::new("sdn-fabric-interface-enslaved", Check::Sdn(sdn_fabric_interface_enslaved::check))
                .explaining(&["address-on-port"]),
            Rule::new("sdn-fabric-invalid", Check::Sdn(sdn_fabric_invalid::check)),
            Rule::new("sdn-fabric-node-missing", Check::Sdn(sdn_fabric_node_missing::check)),
            Rule::new("sdn-frr-missing", Check::Fabric(sdn_frr_missing::check)),
            Rule::new("sdn-gateway-outside-subnet", Check::Sdn(sdn_gateway_outside_subnet::check)),
            Rule::new("sdn-id-too-long", Check::Sdn(sdn_id_too_long::check)),
            Rule::new("sdn-interface-undefined", Check::Sdn(sdn_interface_undefined::check)),
            Rule::new("sdn-isis-net-duplicate", Check::Sdn(sdn_isis_net_duplicate::check)),
            Rule::new("sdn-l3vni-duplicate", Check::Sdn(sdn_l3vni_duplicate::check)).explaining(&[
                "l3vni-shared",
                "vni-duplicate-on-node",
                "router-mac-duplicate",
            ]),
            Rule::new("sdn-local-routing-range-taken", Check::Sdn(sdn_local_routing_range_taken::check)),
            Rule::new("sdn-local-routing-twice", Check::Sdn(sdn_local_routing_twice::check)),
            Rule::new("sdn-loopback-not-peer", Check::Sdn(sdn_loopback_not_peer::check)),
            Rule::new("sdn-loopback-only-in-isis", Check::Sdn(sdn_loopback_only_in_isis::check)),
            Rule::new("sdn-loopback-without-address", Check::Sdn(sdn_loopback_without_address::check))
                .explaining(&["session-down", "update-source-mismatch"]),
            Rule::new("sdn-mac-missing", Check::Sdn(sdn_mac_missing::check)).explaining(&["gateway-mac-differs"]),
            Rule::new("sdn-member-not-read", Check::Fabric(sdn_member_not_read::check)),
            Rule::new("sdn-mtu-exceeds-underlay", Check::Sdn(sdn_mtu_exceeds_underlay::check))
                .explaining(&["mtu-overlay-exceeds-underlay", "packets-lost"]),
            Rule::new("sdn-mtu-qinq", Check::Sdn(sdn_mtu_qinq::check)),
            Rule::new("sdn-multihop-missing", Check::Sdn(sdn_multihop_missing::check))
                .explaining(&["ebgp-multihop-missing", "session-down"]),
            Rule::new("sdn-name-taken", Check::Sdn(sdn_name_taken::check)),
            Rule::new("sdn-never-applied", Check::Fabric(sdn_never_applied::check)),
            Rule::new("sdn-node-is-two-peers", Check::Sdn(sdn_node_is_two_peers::check)),
            Rule::new("sdn-node-not-generated", Check::Fabric(sdn_node_not_generated::check)),
            Rule::new("sdn-node-stale", Check::Fabric(sdn_node_stale::check)),
            Rule::new("sdn-node-unknown", Check::Sdn(sdn_node_unknown::check)),
            Rule::new("sdn-openfabric-net-duplicate", Check::Sdn(sdn_openfabric_net_duplicate::check)),
            Rule::new("sdn-ospf-end-unnumbered", Check::Sdn(sdn_ospf_end_unnumbered::check)),
            Rule::new("sdn-peer-group-shared", Check::Sdn(sdn_peer_group_shared::check)),
            Rule::new("sdn-peer-in-both-groups", Check::Sdn(sdn_peer_in_both_groups::check)).explaining(&[
                "line-refused",
                "session-down",
                "evpn-routes-lost",
            ]),
            Rule::new("sdn-peer-is-self", Check::Sdn(sdn_peer_is_self::check)).explaining(&["line-refused"]),
            Rule::new("sdn-peer-twice", Check::Sdn(sdn_peer_twice::check)),
            Rule::new("sdn-peers-mixed-families", Check::Sdn(sdn_peers_mixed_families::check)),
            Rule::new("sdn-pending", Check::Fabric(sdn_pending::check)),
            Rule::new("sdn-reference-undefined", Check::Sdn(sdn_reference_undefined::check)),
            Rule::new("sdn-rt-import-foreign-zone", Check::Sdn(sdn_rt_import_foreign_zone::check))
                .explaining(&["route-target-foreign"]),
            Rule::new("sdn-rt-import-without-own", Check::Sdn(sdn_rt_import_without_own::check))
                .explaining(&["evpn-routes-lost", "route-target-unmatched"]),
            Rule::new("sdn-snat-ipv6-without-gateway", Check::Sdn(sdn_snat_ipv6_without_gateway::check)),
            Rule::new("sdn-snat-source-gone", Check::Fabric(sdn_snat_source_gone::check)),
            Rule::new("sdn-snat-with-local-routing", Check::Sdn(sdn_snat_with_local_routing::check)),
            Rule::new("sdn-snat-without-exit", Check::Sdn(sdn_snat_without_exit::check)),
            Rule::new("sdn-store-differs", Check::Fabric(sdn_store_differs::check)),
            Rule::new("sdn-subnet-overlaps-underlay", Check::Sdn(sdn_subnet_overlaps_underlay::check)),
            Rule::new("sdn-subnet-zone-mismatch", Check::Sdn(sdn_subnet_zone_mismatch::check)),
            Rule::new("sdn-subnets-overlap", Check::Sdn(sdn_subnets_overlap::check)),
            Rule::new("sdn-tag-duplicate", Check::Sdn(sdn_tag_duplicate::check)).explaining(&["vni-duplicate-on-node"]),
            Rule::new("sdn-tag-is-l3vni", Check::Sdn(sdn_tag_is_l3vni::check))
                .explaining(&["router-mac-duplicate", "vni-duplicate-on-node"]),
            Rule::new("sdn-tag-missing", Check::Sdn(sdn_tag_missing::check)),
            Rule::new("sdn-vlan-tag-invalid", Check::Sdn(sdn_vlan_tag_invalid::check)),
            Rule::new("sdn-vlanaware-in-evpn", Check::Sdn(sdn_vlanaware_in_evpn::check)),
            Rule::new("sdn-vni-taken", Check::Sdn(sdn_vni_taken::check)).explaining(&["vni-duplicate-on-node"]),
            Rule::new("sdn-vtep-not-found", Check::Sdn(sdn_vtep_not_found::check)),
        ],
    };
