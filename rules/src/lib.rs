//! The rules. Each is a page in `rules/` that says why, and a function in a file of the same name here that says when.
//!
//! Rules are the only voice: whatever a user reads was said by one, so that selection, severities, pages and tests hold
//! for everything alike. They ask the [`Fabric`], or the [`Prediction`] of what comes of it, and judge; whatever two of
//! them would compute belongs there.

use evpnlint_analysis::{
    fabric::Fabric,
    finding::{Finding, Out, Severity},
    predict::Prediction,
};
use evpnlint_core::{model::outline::Block, source::Span};
use page::{Needs, Page};
use std::collections::BTreeSet;

mod applied;
mod drifted;
pub mod page;

mod access_port_missing;
mod address_duplicate;
mod address_not_advertised;
mod address_on_port;
mod advertise_default_gw_with_anycast;
mod advertise_svi_ip_with_anycast;
mod allow_leak_unused;
mod as_path_loop;
mod asn_mismatch;
mod asymmetric_vni_missing;
mod block_left;
mod bond_master_ignored;
mod bond_slave_undefined;
mod bridge_port_undefined;
mod bridge_vlan_off;
mod bytes_odd;
mod daemon_not_started;
mod differs_from_siblings;
mod ebgp_multihop_missing;
mod ebgp_policy_missing;
mod evpn_disabled;
mod evpn_in_vrf_instance;
mod evpn_one_sided;
mod evpn_routes_denied;
mod evpn_routes_lost;
mod evpn_single_path;
mod exit_at_top;
mod exit_node_single;
mod exit_node_unreachable_default;
mod exit_node_without_default_originate;
mod exit_node_without_redistribute;
mod file_foreign;
mod file_template;
mod flooding_differs;
mod frr_local_asn_mismatch;
mod frr_local_block_open;
mod frr_local_entry_unreachable;
mod frr_local_line_lost;
mod frr_local_vni_second;
mod gateway_address_differs;
mod gateway_ip_unresolved;
mod gateway_mac_differs;
mod gateway_mac_without_address;
mod gateway_missing;
mod gateway_not_forwarding;
mod gateway_single;
mod gateway_without_vni;
mod guest_address_duplicate;
mod guest_bridge_missing;
mod guest_cannot_migrate;
mod guest_gateway_differs;
mod guest_mac_duplicate;
mod guest_mtu_above_vnet;
mod guest_tag_on_vnet;
mod hostname_of_another;
mod interface_not_auto;
mod interfaces_unsourced;
mod l3vni_differs;
mod l3vni_missing_in_frr;
mod l3vni_shared;
mod l3vni_svi_missing;
mod l3vni_svi_outside_vrf;
mod l3vni_without_device;
mod line_ambiguous;
mod line_dropped;
mod line_incomplete;
mod line_of_another_frr;
mod line_refused;
mod line_unknown;
mod link_subnet_alone;
mod maximum_prefix_low;
mod mesh_incomplete;
mod mlag_anycast_differs;
mod mlag_anycast_taken;
mod mlag_backup_missing;
mod mlag_id_duplicate;
mod mlag_id_unmatched;
mod mlag_peer_mismatch;
mod mlag_peerlink_unbridged;
mod mlag_system_mac_differs;
mod mlag_system_mac_shared;
mod mlag_vni_missing;
mod mtu_bridge_above_port;
mod mtu_differs_in_vni;
mod mtu_l3vni_below_l2vni;
mod mtu_link_ends_differ;
mod mtu_overlay_exceeds_underlay;
mod mtu_overlay_leaves_room;
mod mtu_svi_below_bridge;
mod mtu_vlan_above_parent;
mod multihomed_vlans_differ;
mod ospf_link_mismatch;
mod ospf_link_passive;
mod ospf_mtu_differs;
mod password_mismatch;
mod peer_one_sided;
mod peer_unknown;
mod peer_unreachable;
mod port_of_two_masters;
mod property_unknown;
mod rd_duplicate;
mod reference_undefined;
mod reflector_client_missing;
mod remote_as_missing;
mod route_target_foreign;
mod route_target_unmatched;
mod router_id_duplicate;
mod router_mac_duplicate;
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
mod sdn_frr_drift;
mod sdn_frr_missing;
mod sdn_gateway_outside_subnet;
mod sdn_id_too_long;
mod sdn_interface_undefined;
mod sdn_interfaces_drift;
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
mod sdn_peer_group_shared;
mod sdn_peer_in_both_groups;
mod sdn_peer_is_self;
mod sdn_peer_twice;
mod sdn_peers_mixed_families;
mod sdn_pending;
mod sdn_property_unknown;
mod sdn_reference_undefined;
mod sdn_rt_import_foreign_zone;
mod sdn_rt_import_without_own;
mod sdn_section_refused;
mod sdn_section_unterminated;
mod sdn_snat_ipv6_without_gateway;
mod sdn_snat_source_gone;
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
mod sdn_written_twice;
mod segment_alone;
mod segment_beside_mlag;
mod segment_incomplete;
mod segment_lacp_differs;
mod segment_not_on_bond;
mod segment_uplink_missing;
mod session_down;
mod session_shut;
mod setting_ignored;
mod sites_apart;
mod stanza_duplicate;
mod subnet_on_two_bridges;
mod subnets_overlap;
mod svi_beside_bridge;
mod tenant_leak;
mod transit_not_forwarding;
mod ttl_security_one_sided;
mod tunnel_address_ipv6;
mod tunnel_address_missing;
mod tunnel_address_not_local;
mod tunnel_addresses_differ;
mod type5_not_advertised;
mod underlay_single_path;
mod unnumbered_port_idle;
mod update_source_mismatch;
mod value_malformed;
mod vlan_device_undefined;
mod vni_duplicate_on_node;
mod vni_map_newer;
mod vni_meaning_differs;
mod vrf_falls_through;
mod vrf_leak_loop;
mod vrf_leak_one_way;
mod vrf_leak_overlap;
mod vrf_table_duplicate;
mod vrf_undefined;
mod vrf_without_bgp_instance;
mod vrf_without_table;
mod vtep_address_duplicate;
mod vxlan_learning_on;
mod vxlan_port_differs;
mod vxlan_static_remote;
mod vxlan_vlan_missing;
mod vxlan_without_bridge;

/// A rule: its page and its function.
pub struct Rule {
    /// Kebab-case; says what is wrong, and reads after "allow".
    pub id: &'static str,
    /// The text of `rules/<id>.md`.
    pub text: &'static str,
    /// Judges a fabric.
    pub check: Check,
}

/// What a rule judges.
pub enum Check {
    /// What is configured.
    Configured(fn(&Fabric, &mut Out)),
    /// What will come of it.
    Predicted(fn(&mut Prediction, &mut Out)),
    /// How nodes differ from each other, or from what should be there, where nothing else was told.
    Compared(fn(&Fabric, &Reported, &mut Out)),
}

/// Where the other rules have found something that will not work.
#[derive(Default)]
pub struct Reported(BTreeSet<Span>);

impl Reported {
    fn add(&mut self, findings: &[Finding]) {
        let loud = findings.iter().filter(|finding| finding.severity > Severity::Info);
        self.0.extend(loud.flat_map(Finding::labels).map(|label| label.span));
    }

    /// Whether any of it begins in a place.
    fn is_in(&self, place: Span) -> bool {
        let at = |start| Span { start, end: 0, ..place };
        self.0.range(at(place.start)..at(place.end)).next().is_some()
    }

    /// Whether any of it is in a block.
    fn holds(&self, block: &Block) -> bool {
        block.places.iter().any(|place| {
            let at = |start| Span { start, ..place.opener };
            self.0.range(at(place.opener.start)..at(place.end)).next().is_some()
        })
    }
}

impl Rule {
    /// Its page. A test parses every page, so that none fails here.
    pub fn page(&self) -> Page<'static> {
        Page::parse(self.text).unwrap_or_else(|error| panic!("rules/{}.md: {error}", self.id))
    }
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id)
}

/// The table, one line a rule: the module, the id, and what it judges unless it is what is configured. (Modules declared
/// in a macro are not formatted.)
macro_rules! rules {
    (@check $module:ident) => { Check::Configured($module::check) };
    (@check $module:ident $kind:ident) => { Check::$kind($module::check) };
    ($($module:ident $id:literal $($kind:ident)?),* $(,)?) => {
        /// Every rule, sorted by id.
        pub static ALL: &[Rule] = &[$(Rule {
            id: $id,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $id, ".md")),
            check: rules!(@check $module $($kind)?),
        }),*];
    };
}

rules! {
    access_port_missing "access-port-missing",
    address_duplicate "address-duplicate",
    address_not_advertised "address-not-advertised",
    address_on_port "address-on-port",
    advertise_default_gw_with_anycast "advertise-default-gw-with-anycast",
    advertise_svi_ip_with_anycast "advertise-svi-ip-with-anycast",
    allow_leak_unused "allow-leak-unused",
    as_path_loop "as-path-loop",
    asn_mismatch "asn-mismatch",
    asymmetric_vni_missing "asymmetric-vni-missing",
    block_left "block-left",
    bond_master_ignored "bond-master-ignored",
    bond_slave_undefined "bond-slave-undefined",
    bridge_port_undefined "bridge-port-undefined",
    bridge_vlan_off "bridge-vlan-off",
    bytes_odd "bytes-odd",
    daemon_not_started "daemon-not-started",
    differs_from_siblings "differs-from-siblings" Compared,
    ebgp_multihop_missing "ebgp-multihop-missing",
    ebgp_policy_missing "ebgp-policy-missing",
    evpn_disabled "evpn-disabled",
    evpn_in_vrf_instance "evpn-in-vrf-instance",
    evpn_one_sided "evpn-one-sided",
    evpn_routes_denied "evpn-routes-denied",
    evpn_routes_lost "evpn-routes-lost" Predicted,
    evpn_single_path "evpn-single-path" Predicted,
    exit_at_top "exit-at-top",
    exit_node_single "exit-node-single" Predicted,
    exit_node_unreachable_default "exit-node-unreachable-default",
    exit_node_without_default_originate "exit-node-without-default-originate",
    exit_node_without_redistribute "exit-node-without-redistribute",
    file_foreign "file-foreign",
    file_template "file-template",
    flooding_differs "flooding-differs",
    frr_local_asn_mismatch "frr-local-asn-mismatch",
    frr_local_block_open "frr-local-block-open",
    frr_local_entry_unreachable "frr-local-entry-unreachable",
    frr_local_line_lost "frr-local-line-lost",
    frr_local_vni_second "frr-local-vni-second",
    gateway_address_differs "gateway-address-differs",
    gateway_ip_unresolved "gateway-ip-unresolved",
    gateway_mac_differs "gateway-mac-differs",
    gateway_mac_without_address "gateway-mac-without-address",
    gateway_missing "gateway-missing",
    gateway_not_forwarding "gateway-not-forwarding",
    gateway_single "gateway-single" Predicted,
    gateway_without_vni "gateway-without-vni",
    guest_address_duplicate "guest-address-duplicate",
    guest_bridge_missing "guest-bridge-missing",
    guest_cannot_migrate "guest-cannot-migrate",
    guest_gateway_differs "guest-gateway-differs",
    guest_mac_duplicate "guest-mac-duplicate",
    guest_mtu_above_vnet "guest-mtu-above-vnet",
    guest_tag_on_vnet "guest-tag-on-vnet",
    hostname_of_another "hostname-of-another",
    interface_not_auto "interface-not-auto",
    interfaces_unsourced "interfaces-unsourced",
    l3vni_differs "l3vni-differs",
    l3vni_missing_in_frr "l3vni-missing-in-frr",
    l3vni_shared "l3vni-shared",
    l3vni_svi_missing "l3vni-svi-missing",
    l3vni_svi_outside_vrf "l3vni-svi-outside-vrf",
    l3vni_without_device "l3vni-without-device",
    line_ambiguous "line-ambiguous",
    line_dropped "line-dropped",
    line_incomplete "line-incomplete",
    line_of_another_frr "line-of-another-frr",
    line_refused "line-refused",
    line_unknown "line-unknown",
    link_subnet_alone "link-subnet-alone",
    maximum_prefix_low "maximum-prefix-low",
    mesh_incomplete "mesh-incomplete",
    mlag_anycast_differs "mlag-anycast-differs",
    mlag_anycast_taken "mlag-anycast-taken",
    mlag_backup_missing "mlag-backup-missing",
    mlag_id_duplicate "mlag-id-duplicate",
    mlag_id_unmatched "mlag-id-unmatched",
    mlag_peer_mismatch "mlag-peer-mismatch",
    mlag_peerlink_unbridged "mlag-peerlink-unbridged",
    mlag_system_mac_differs "mlag-system-mac-differs",
    mlag_system_mac_shared "mlag-system-mac-shared",
    mlag_vni_missing "mlag-vni-missing",
    mtu_bridge_above_port "mtu-bridge-above-port",
    mtu_differs_in_vni "mtu-differs-in-vni",
    mtu_l3vni_below_l2vni "mtu-l3vni-below-l2vni",
    mtu_link_ends_differ "mtu-link-ends-differ" Predicted,
    mtu_overlay_exceeds_underlay "mtu-overlay-exceeds-underlay" Predicted,
    mtu_overlay_leaves_room "mtu-overlay-leaves-room" Predicted,
    mtu_svi_below_bridge "mtu-svi-below-bridge",
    mtu_vlan_above_parent "mtu-vlan-above-parent",
    multihomed_vlans_differ "multihomed-vlans-differ",
    ospf_link_mismatch "ospf-link-mismatch",
    ospf_link_passive "ospf-link-passive",
    ospf_mtu_differs "ospf-mtu-differs",
    password_mismatch "password-mismatch",
    peer_one_sided "peer-one-sided",
    peer_unknown "peer-unknown",
    peer_unreachable "peer-unreachable",
    port_of_two_masters "port-of-two-masters",
    property_unknown "property-unknown",
    rd_duplicate "rd-duplicate",
    reference_undefined "reference-undefined",
    reflector_client_missing "reflector-client-missing",
    remote_as_missing "remote-as-missing",
    route_target_foreign "route-target-foreign",
    route_target_unmatched "route-target-unmatched",
    router_id_duplicate "router-id-duplicate",
    router_mac_duplicate "router-mac-duplicate",
    sdn_advertise_without_effect "sdn-advertise-without-effect",
    sdn_as_numbers_mixed "sdn-as-numbers-mixed",
    sdn_asn_reserved "sdn-asn-reserved",
    sdn_asn_zero "sdn-asn-zero",
    sdn_controller_peers_incomplete "sdn-controller-peers-incomplete",
    sdn_controller_per_node_duplicate "sdn-controller-per-node-duplicate",
    sdn_controller_wrong_type "sdn-controller-wrong-type",
    sdn_daemon_turned_off "sdn-daemon-turned-off",
    sdn_dhcp_outside_simple "sdn-dhcp-outside-simple",
    sdn_dhcp_without_gateway "sdn-dhcp-without-gateway",
    sdn_exit_filters_other_zone "sdn-exit-filters-other-zone",
    sdn_exit_node_outside_zone "sdn-exit-node-outside-zone",
    sdn_exit_node_without_default_route "sdn-exit-node-without-default-route",
    sdn_exit_nodes_without_primary "sdn-exit-nodes-without-primary",
    sdn_exit_primary_not_exit "sdn-exit-primary-not-exit",
    sdn_fabric_interface_enslaved "sdn-fabric-interface-enslaved",
    sdn_fabric_invalid "sdn-fabric-invalid",
    sdn_fabric_node_missing "sdn-fabric-node-missing",
    sdn_frr_drift "sdn-frr-drift" Compared,
    sdn_frr_missing "sdn-frr-missing",
    sdn_gateway_outside_subnet "sdn-gateway-outside-subnet",
    sdn_id_too_long "sdn-id-too-long",
    sdn_interface_undefined "sdn-interface-undefined",
    sdn_interfaces_drift "sdn-interfaces-drift" Compared,
    sdn_isis_net_duplicate "sdn-isis-net-duplicate",
    sdn_l3vni_duplicate "sdn-l3vni-duplicate",
    sdn_local_routing_range_taken "sdn-local-routing-range-taken",
    sdn_local_routing_twice "sdn-local-routing-twice",
    sdn_loopback_not_peer "sdn-loopback-not-peer",
    sdn_loopback_only_in_isis "sdn-loopback-only-in-isis",
    sdn_loopback_without_address "sdn-loopback-without-address",
    sdn_mac_missing "sdn-mac-missing",
    sdn_member_not_read "sdn-member-not-read",
    sdn_mtu_exceeds_underlay "sdn-mtu-exceeds-underlay",
    sdn_mtu_qinq "sdn-mtu-qinq",
    sdn_multihop_missing "sdn-multihop-missing",
    sdn_name_taken "sdn-name-taken",
    sdn_never_applied "sdn-never-applied",
    sdn_node_is_two_peers "sdn-node-is-two-peers",
    sdn_node_not_generated "sdn-node-not-generated",
    sdn_node_stale "sdn-node-stale",
    sdn_node_unknown "sdn-node-unknown",
    sdn_peer_group_shared "sdn-peer-group-shared",
    sdn_peer_in_both_groups "sdn-peer-in-both-groups",
    sdn_peer_is_self "sdn-peer-is-self",
    sdn_peer_twice "sdn-peer-twice",
    sdn_peers_mixed_families "sdn-peers-mixed-families",
    sdn_pending "sdn-pending",
    sdn_property_unknown "sdn-property-unknown",
    sdn_reference_undefined "sdn-reference-undefined",
    sdn_rt_import_foreign_zone "sdn-rt-import-foreign-zone",
    sdn_rt_import_without_own "sdn-rt-import-without-own",
    sdn_section_refused "sdn-section-refused",
    sdn_section_unterminated "sdn-section-unterminated",
    sdn_snat_ipv6_without_gateway "sdn-snat-ipv6-without-gateway",
    sdn_snat_source_gone "sdn-snat-source-gone",
    sdn_snat_without_exit "sdn-snat-without-exit",
    sdn_store_differs "sdn-store-differs",
    sdn_subnet_overlaps_underlay "sdn-subnet-overlaps-underlay",
    sdn_subnet_zone_mismatch "sdn-subnet-zone-mismatch",
    sdn_subnets_overlap "sdn-subnets-overlap",
    sdn_tag_duplicate "sdn-tag-duplicate",
    sdn_tag_is_l3vni "sdn-tag-is-l3vni",
    sdn_tag_missing "sdn-tag-missing",
    sdn_vlan_tag_invalid "sdn-vlan-tag-invalid",
    sdn_vlanaware_in_evpn "sdn-vlanaware-in-evpn",
    sdn_vni_taken "sdn-vni-taken",
    sdn_vtep_not_found "sdn-vtep-not-found",
    sdn_written_twice "sdn-written-twice",
    segment_alone "segment-alone",
    segment_beside_mlag "segment-beside-mlag",
    segment_incomplete "segment-incomplete",
    segment_lacp_differs "segment-lacp-differs",
    segment_not_on_bond "segment-not-on-bond",
    segment_uplink_missing "segment-uplink-missing",
    session_down "session-down" Predicted,
    session_shut "session-shut",
    setting_ignored "setting-ignored",
    sites_apart "sites-apart",
    stanza_duplicate "stanza-duplicate",
    subnet_on_two_bridges "subnet-on-two-bridges",
    subnets_overlap "subnets-overlap",
    svi_beside_bridge "svi-beside-bridge",
    tenant_leak "tenant-leak",
    transit_not_forwarding "transit-not-forwarding",
    ttl_security_one_sided "ttl-security-one-sided",
    tunnel_address_ipv6 "tunnel-address-ipv6",
    tunnel_address_missing "tunnel-address-missing",
    tunnel_address_not_local "tunnel-address-not-local",
    tunnel_addresses_differ "tunnel-addresses-differ",
    type5_not_advertised "type5-not-advertised",
    underlay_single_path "underlay-single-path" Predicted,
    unnumbered_port_idle "unnumbered-port-idle",
    update_source_mismatch "update-source-mismatch",
    value_malformed "value-malformed",
    vlan_device_undefined "vlan-device-undefined",
    vni_duplicate_on_node "vni-duplicate-on-node",
    vni_map_newer "vni-map-newer",
    vni_meaning_differs "vni-meaning-differs",
    vrf_falls_through "vrf-falls-through",
    vrf_leak_loop "vrf-leak-loop",
    vrf_leak_one_way "vrf-leak-one-way",
    vrf_leak_overlap "vrf-leak-overlap",
    vrf_table_duplicate "vrf-table-duplicate",
    vrf_undefined "vrf-undefined",
    vrf_without_bgp_instance "vrf-without-bgp-instance",
    vrf_without_table "vrf-without-table",
    vtep_address_duplicate "vtep-address-duplicate",
    vxlan_learning_on "vxlan-learning-on",
    vxlan_port_differs "vxlan-port-differs",
    vxlan_static_remote "vxlan-static-remote",
    vxlan_vlan_missing "vxlan-vlan-missing",
    vxlan_without_bridge "vxlan-without-bridge",
}

/// What rules found, and which could not speak.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Sorted by place, rule and message.
    pub findings: Vec<Finding>,
    /// Rules that were chosen but need what was not there.
    pub not_run: Vec<&'static str>,
    /// How many findings are of rules that are only to be counted.
    pub hidden: usize,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are told.
    Reported,
    /// They are counted.
    Counted,
    /// The rule does not even run.
    Skipped,
}

/// Runs the rules on each fabric.
pub fn run(fabrics: &[Fabric], fate: impl Fn(&Rule, &Page) -> Fate) -> Verdict {
    let mut verdict = Verdict::default();
    let mut predictions: Vec<Option<Prediction>> = fabrics.iter().map(|_| None).collect();
    let mut reported = Reported::default();
    // Those that compare speak last, of what nobody else has spoken of.
    let compares = |rule: &&Rule| matches!(rule.check, Check::Compared(_));
    for rule in ALL.iter().filter(|rule| !compares(rule)).chain(ALL.iter().filter(compares)) {
        let page = rule.page();
        let fate = fate(rule, &page);
        if fate == Fate::Skipped {
            continue;
        }
        let mut found = vec![];
        let may_speak = |fabric: &Fabric| page.needs != Needs::Complete || fabric.closed;
        if fate == Fate::Reported && !fabrics.iter().all(may_speak) {
            verdict.not_run.push(rule.id);
        }
        for (fabric, prediction) in fabrics.iter().zip(&mut predictions).filter(|(fabric, _)| may_speak(fabric)) {
            let mut out = Out::new(rule.id, page.severity, &mut found);
            match rule.check {
                Check::Configured(check) => check(fabric, &mut out),
                Check::Predicted(check) => check(prediction.get_or_insert_with(|| Prediction::new(fabric)), &mut out),
                Check::Compared(check) => check(fabric, &reported, &mut out),
            }
        }
        reported.add(&found);
        match fate {
            Fate::Reported => verdict.findings.append(&mut found),
            _ => verdict.hidden += found.len(),
        }
    }
    verdict.findings.sort_by(|a, b| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message)));
    verdict
}
