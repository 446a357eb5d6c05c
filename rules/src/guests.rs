//! The virtual machines and containers of Proxmox.

use crate::{Rule, Section, check::Check, reported::Bearing};

mod guest_address_duplicate;
mod guest_bridge_missing;
mod guest_cannot_migrate;
mod guest_gateway_differs;
mod guest_mac_duplicate;
mod guest_mtu_above_vnet;
mod guest_tag_on_vnet;

pub(crate) const SECTION: Section = Section {
    title: "Guests",
    bearing: Bearing::Other,
    rules: &[
        Rule::new("guest-address-duplicate", Check::Fabric(guest_address_duplicate::check)),
        Rule::new("guest-bridge-missing", Check::Fabric(guest_bridge_missing::check)),
        Rule::new("guest-cannot-migrate", Check::Fabric(guest_cannot_migrate::check)),
        Rule::new("guest-gateway-differs", Check::Fabric(guest_gateway_differs::check)),
        Rule::new("guest-mac-duplicate", Check::Fabric(guest_mac_duplicate::check)),
        Rule::new("guest-mtu-above-vnet", Check::Fabric(guest_mtu_above_vnet::check)),
        Rule::new("guest-tag-on-vnet", Check::Fabric(guest_tag_on_vnet::check)),
    ],
};
