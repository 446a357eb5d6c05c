//! Guests: the virtual machines and containers of a Proxmox VE cluster, as far as they are attached to the network.

use super::{InterfaceAddress, MacAddress, Sourced};
use crate::source::Span;
use std::{fmt, net::IpAddr};

/// A virtual machine or a container, by its own configuration: what is pending and what snapshots hold is left out.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Its number, which no other guest of its cluster has.
    pub id: u32,
    /// What it is.
    pub kind: GuestKind,
    /// The name of the node that it is on, where its place in the cluster's store says it; else it is on the node whose
    /// store it was read from.
    pub host: Option<String>,
    /// The nodes whose stores hold it, at least one.
    pub holders: Vec<String>,
    /// Its name, if it has one.
    pub name: Option<Sourced<String>>,
    /// Whether it is a template, which never runs.
    pub template: bool,
    /// Its network devices, in order of the file.
    pub nics: Vec<Nic>,
}

/// What a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuestKind {
    /// A virtual machine (`qemu-server`).
    Machine,
    /// A container (`lxc`).
    Container,
}

impl GuestKind {
    /// The command that changes its configuration.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Machine => "qm",
            Self::Container => "pct",
        }
    }
}

/// A network device of a guest.
#[derive(Clone, Debug)]
pub struct Nic {
    /// Its key: `net0`.
    pub key: Sourced<String>,
    /// Its fields, as written.
    pub text: String,
    /// What it looks like to a virtual machine; `virtio`, `e1000` …
    pub model: Option<Sourced<String>>,
    /// The bridge or vnet it is a port of.
    pub bridge: Option<Sourced<String>>,
    /// Its MAC address; without one it gets another at each start.
    pub mac: Option<Sourced<MacAddress>>,
    /// `mtu`, in bytes; 1 to 65520 for a virtual machine, where 1 stands for that of the bridge, and 64 to 65535 for a
    /// container.
    pub mtu: Option<Sourced<u32>>,
    /// The VLAN it is in, 1 to 4094.
    pub tag: Option<Sourced<u16>>,
    /// The VLANs it may tag frames for (`trunks`).
    pub trunks: Option<Span>,
    /// Whether it is unplugged.
    pub link_down: bool,
    /// The fixed addresses of a container.
    pub addresses: Vec<Sourced<InterfaceAddress>>,
    /// The default gateways of a container.
    pub gateways: Vec<Sourced<IpAddr>>,
}

impl Nic {
    /// Whether Proxmox obeys its MTU: of a virtual machine's devices, that of `virtio` ones.
    pub fn takes_mtu(&self, kind: GuestKind) -> bool {
        kind == GuestKind::Container || self.is_virtio()
    }

    /// Whether it is a `virtio` device, which can tell the guest its MTU.
    pub fn is_virtio(&self) -> bool {
        self.model.as_ref().is_some_and(|model| model.value == "virtio")
    }
}

impl fmt::Display for Guest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let kind = match self.kind {
            GuestKind::Machine => "VM",
            GuestKind::Container => "CT",
        };
        write!(f, "{kind} {}", self.id)?;
        self.name.as_ref().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}
