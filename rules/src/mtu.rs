//! How large a packet gets through.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod mtu_bridge_above_port;
mod mtu_differs_in_vni;
mod mtu_l3vni_below_l2vni;
mod mtu_link_ends_differ;
mod mtu_overlay_exceeds_underlay;
mod mtu_overlay_leaves_room;
mod mtu_svi_below_bridge;
mod mtu_vlan_above_parent;

pub(crate) const SECTION: Section = Section {
    title: "MTU",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("mtu-bridge-above-port", Check::Nodes(mtu_bridge_above_port::check)),
        Rule::new("mtu-differs-in-vni", Check::Fabric(mtu_differs_in_vni::check)),
        Rule::new("mtu-l3vni-below-l2vni", Check::Nodes(mtu_l3vni_below_l2vni::check)),
        Rule::new("mtu-link-ends-differ", Check::Predicted(mtu_link_ends_differ::check)),
        Rule::new("mtu-overlay-exceeds-underlay", Check::Predicted(mtu_overlay_exceeds_underlay::check)),
        Rule::new("mtu-overlay-leaves-room", Check::Predicted(mtu_overlay_leaves_room::check)),
        Rule::new("mtu-svi-below-bridge", Check::Nodes(mtu_svi_below_bridge::check)),
        Rule::new("mtu-vlan-above-parent", Check::Nodes(mtu_vlan_above_parent::check)),
    ],
};
