//! BGP sessions, the underlay that they need, and how far routes get over them.

use crate::{
    Rule, Section,
    check::{Check, Layer},
    reported::Bearing,
};

mod address_not_advertised;
mod as_path_loop;
mod asn_mismatch;
mod cluster_id_of_reflector;
mod daemon_not_started;
mod ebgp_multihop_missing;
mod ebgp_policy_missing;
mod evpn_in_vrf_instance;
mod evpn_one_sided;
mod evpn_single_path;
mod frr_interface_unknown;
mod isis_instance_undefined;
mod isis_link_mismatch;
mod isis_port_without_ipv4;
mod link_disagreement;
mod maximum_prefix_low;
mod mesh_incomplete;
mod ospf_link_mismatch;
mod ospf_link_passive;
mod ospf_mtu_differs;
mod ospf_unnumbered_broadcast;
mod password_mismatch;
mod peer_one_sided;
mod peer_unknown;
mod peer_unreachable;
mod reference_undefined;
mod reflector_client_missing;
mod remote_as_missing;
mod router_id_duplicate;
mod session_down;
mod session_shut;
mod ttl_security_one_sided;
mod underlay_single_path;
mod unnumbered_port_idle;
mod unnumbered_port_undefined;
mod update_source_mismatch;

pub(crate) const SECTION: Section = Section {
    title: "Sessions",
    bearing: Bearing::Cause,
    rules: &[
        Rule::new("address-not-advertised", Check::Fabric(address_not_advertised::check)),
        Rule::new("as-path-loop", Check::Fabric(as_path_loop::check)),
        Rule::new("asn-mismatch", Check::Fabric(asn_mismatch::check)),
        Rule::new("cluster-id-of-reflector", Check::Predicted(cluster_id_of_reflector::check)),
        Rule::new("daemon-not-started", Check::Node(daemon_not_started::check)),
        Rule::new("ebgp-multihop-missing", Check::Fabric(ebgp_multihop_missing::check)),
        Rule::new("ebgp-policy-missing", Check::Fabric(ebgp_policy_missing::check)),
        Rule::new("evpn-in-vrf-instance", Check::Node(evpn_in_vrf_instance::check)),
        Rule::new("evpn-one-sided", Check::Fabric(evpn_one_sided::check)),
        Rule::new("evpn-single-path", Check::Predicted(evpn_single_path::check)),
        Rule::new("frr-interface-unknown", Check::Node(frr_interface_unknown::check)),
        Rule::new("isis-instance-undefined", Check::Node(isis_instance_undefined::check)),
        Rule::new("isis-link-mismatch", Check::Fabric(isis_link_mismatch::check)),
        Rule::new("isis-port-without-ipv4", Check::Nodes(isis_port_without_ipv4::check)),
        Rule::new("maximum-prefix-low", Check::Fabric(maximum_prefix_low::check)),
        Rule::new("mesh-incomplete", Check::Fabric(mesh_incomplete::check)),
        Rule::new("ospf-link-mismatch", Check::Fabric(ospf_link_mismatch::check)),
        Rule::new("ospf-link-passive", Check::Fabric(ospf_link_passive::check)),
        Rule::new("ospf-mtu-differs", Check::Fabric(ospf_mtu_differs::check)),
        Rule::new("ospf-unnumbered-broadcast", Check::Nodes(ospf_unnumbered_broadcast::check)),
        Rule::new("password-mismatch", Check::Fabric(password_mismatch::check)),
        Rule::new("peer-one-sided", Check::Fabric(peer_one_sided::check)),
        Rule::new("peer-unknown", Check::Fabric(peer_unknown::check)),
        Rule::new("peer-unreachable", Check::Fabric(peer_unreachable::check)),
        Rule::new("reference-undefined", Check::Nodes(reference_undefined::check)),
        Rule::new("reflector-client-missing", Check::Fabric(reflector_client_missing::check)),
        Rule::new("remote-as-missing", Check::Node(remote_as_missing::check)),
        Rule::new("router-id-duplicate", Check::Fabric(router_id_duplicate::check)),
        Rule::new("session-down", Check::Lost(Layer::Sessions, session_down::check)),
        Rule::new("session-shut", Check::Node(session_shut::check)),
        Rule::new("ttl-security-one-sided", Check::Fabric(ttl_security_one_sided::check)),
        Rule::new("underlay-single-path", Check::Predicted(underlay_single_path::check)),
        Rule::new("unnumbered-port-idle", Check::Fabric(unnumbered_port_idle::check)),
        Rule::new("unnumbered-port-undefined", Check::Node(unnumbered_port_undefined::check)),
        Rule::new("update-source-mismatch", Check::Fabric(update_source_mismatch::check)),
    ],
};
