//! Hosts behind several nodes: Ethernet segments and MLAG.

use crate::{Rule, Section, check::Check, reported::Bearing};

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
mod multihomed_vlans_differ;
mod segment_alone;
mod segment_beside_mlag;
mod segment_incomplete;
mod segment_lacp_differs;
mod segment_not_on_bond;
mod segment_uplink_missing;

pub(crate) const SECTION: Section = Section {
    title: "Multihoming",
    bearing: Bearing::Cause,
    rules: &[
        Rule::new("mlag-anycast-differs", Check::Fabric(mlag_anycast_differs::check)),
        Rule::new("mlag-anycast-taken", Check::Fabric(mlag_anycast_taken::check)),
        Rule::new("mlag-backup-missing", Check::Fabric(mlag_backup_missing::check)),
        Rule::new("mlag-id-duplicate", Check::Node(mlag_id_duplicate::check)),
        Rule::new("mlag-id-unmatched", Check::Fabric(mlag_id_unmatched::check)),
        Rule::new("mlag-peer-mismatch", Check::Fabric(mlag_peer_mismatch::check)),
        Rule::new("mlag-peerlink-unbridged", Check::Node(mlag_peerlink_unbridged::check)),
        Rule::new("mlag-system-mac-differs", Check::Fabric(mlag_system_mac_differs::check)),
        Rule::new("mlag-system-mac-shared", Check::Fabric(mlag_system_mac_shared::check)),
        Rule::new("mlag-vni-missing", Check::Fabric(mlag_vni_missing::check)),
        Rule::new("multihomed-vlans-differ", Check::Fabric(multihomed_vlans_differ::check)),
        Rule::new("segment-alone", Check::Fabric(segment_alone::check)),
        Rule::new("segment-beside-mlag", Check::Node(segment_beside_mlag::check)),
        Rule::new("segment-incomplete", Check::Node(segment_incomplete::check)),
        Rule::new("segment-lacp-differs", Check::Fabric(segment_lacp_differs::check)),
        Rule::new("segment-not-on-bond", Check::Node(segment_not_on_bond::check)),
        Rule::new("segment-uplink-missing", Check::Node(segment_uplink_missing::check)),
    ],
};
