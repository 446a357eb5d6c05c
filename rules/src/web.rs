//! Where Proxmox VE's web interface has what is to be changed, in its own words.

use crate::finding::Help;
use evpnlint_analysis::fabric::device::Device;

/// Zones.
pub(crate) const ZONES: &str = "Datacenter → SDN → Zones";

/// Virtual networks and their subnets.
pub(crate) const VNETS: &str = "Datacenter → SDN → VNets";

/// Controllers.
pub(crate) const CONTROLLERS: &str = "Datacenter → SDN → Options, Controllers";

/// Fabrics and their nodes.
pub(crate) const FABRICS: &str = "Datacenter → SDN → Fabrics";

/// Whether Proxmox's SDN generates the tunnels of a node, and with them its `frr.conf`.
pub(crate) fn is_generated(device: &Device) -> bool {
    device.local_vnis.iter().any(|own| device.is_generated(own.link))
}

/// What makes the nodes of a cluster reach each other's VTEPs.
pub(crate) fn underlay() -> Help {
    Help::lasting(format!(
        "connect the nodes by an OpenFabric or OSPF fabric in {FABRICS}, which announces the addresses, and apply; or name \
         addresses of a network that all of them are on as Peers of the controller in {CONTROLLERS}"
    ))
}
