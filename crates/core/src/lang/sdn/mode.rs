//! Which types of section each file may hold, and which grammar rule lists the properties of a type.

use evpnlint_grammar::sdn::Rule;

/// A file of sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Store {
    Zones,
    Vnets,
    Subnets,
    Controllers,
    Fabrics,
    RouteMaps,
    PrefixLists,
    Ipams,
    Dns,
}

impl Store {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Zones,
        Self::Vnets,
        Self::Subnets,
        Self::Controllers,
        Self::Fabrics,
        Self::RouteMaps,
        Self::PrefixLists,
        Self::Ipams,
        Self::Dns,
    ];

    /// Its name in `.running-config`: that of the file without `.cfg`.
    pub(super) fn name(self) -> &'static str {
        self.file().trim_end_matches(".cfg")
    }

    /// The store of that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|store| store.name() == name)
    }

    /// The file, for messages.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Zones => "zones.cfg",
            Self::Vnets => "vnets.cfg",
            Self::Subnets => "subnets.cfg",
            Self::Controllers => "controllers.cfg",
            Self::Fabrics => "fabrics.cfg",
            Self::RouteMaps => "route-maps.cfg",
            Self::PrefixLists => "prefix-lists.cfg",
            Self::Ipams => "ipams.cfg",
            Self::Dns => "dns.cfg",
        }
    }

    /// Whether Proxmox's typed Rust reader has it, which refuses the whole file for one bad line; the others are read
    /// by Perl's `PVE::SectionConfig`, which warns and goes on.
    pub(super) fn is_strict(self) -> bool {
        matches!(self, Self::Fabrics | Self::RouteMaps | Self::PrefixLists)
    }

    /// Whether a type of section may be written in capitals, as `PVE::Network::SDN`'s own header readers allow.
    fn folds_case(self) -> bool {
        matches!(self, Self::Zones | Self::Controllers | Self::Ipams | Self::Dns)
    }

    /// Whether its properties may be passwords of other servers.
    pub(super) fn keeps_secrets(self) -> bool {
        matches!(self, Self::Ipams | Self::Dns)
    }

    /// Whether the value of a property is a secret: of any but a few, since a misspelt `token` is one too.
    pub(super) fn is_secret(self, key: &str) -> bool {
        self.keeps_secrets() && !matches!(key, "url" | "ttl" | "section") && !key.starts_with("reverse")
    }

    /// The type of section of that name.
    pub(super) fn mode(self, kind: &str) -> Option<&'static Mode> {
        let folded = if self.folds_case() { kind.to_lowercase() } else { kind.to_owned() };
        MODES.iter().find(|mode| mode.store == self && mode.kind == folded)
    }

    /// The types that its sections may have.
    pub(super) fn kinds(self) -> impl Iterator<Item = &'static str> {
        MODES.iter().filter(move |mode| mode.store == self).map(|mode| mode.kind)
    }
}

/// A type of section.
pub(super) struct Mode {
    pub store: Store,
    /// As the header spells it.
    pub kind: &'static str,
    /// The grammar rule that lists its properties.
    pub rule: Rule,
    /// In words, for messages.
    pub of: &'static str,
    /// The properties without which Proxmox drops the section.
    pub required: &'static [Rule],
}

macro_rules! modes {
    ($($store:ident: $($kind:literal $rule:ident $of:literal [$($required:ident)*])+;)*) => {
        static MODES: &[Mode] = &[$($(Mode {
            store: Store::$store,
            kind: $kind,
            rule: Rule::$rule,
            of: $of,
            required: &[$(Rule::$required),*],
        },)+)*];
    };
}

modes! {
    Zones:
        "simple" zone_simple "a simple zone" []
        "vlan" zone_vlan "a vlan zone" [bridge]
        "qinq" zone_qinq "a qinq zone" [bridge tag]
        "vxlan" zone_vxlan "a vxlan zone" []
        "evpn" zone_evpn "an evpn zone" [controller vrf_vxlan]
        "faucet" zone_faucet "a faucet zone" [controller dp_id];
    Vnets: "vnet" vnet "a vnet" [zone];
    Subnets: "subnet" subnet "a subnet" [vnet_id];
    Controllers:
        "evpn" controller_evpn "an evpn controller" [asn]
        "bgp" controller_bgp "a bgp controller" [asn node_of peers]
        "isis" controller_isis "an isis controller" [isis_domain isis_net isis_ifaces node_of]
        "faucet" controller_faucet "a faucet controller" [];
    Fabrics:
        "openfabric_fabric" openfabric_fabric "an openfabric fabric" []
        "openfabric_node" fabric_node "a node of an openfabric fabric" []
        "ospf_fabric" ospf_fabric "an ospf fabric" [area]
        "ospf_node" fabric_node "a node of an ospf fabric" []
        "bgp_fabric" bgp_fabric "a bgp fabric" []
        "bgp_node" bgp_node "a node of a bgp fabric" []
        "wireguard_fabric" wireguard_fabric "a wireguard fabric" []
        "wireguard_node" wireguard_node "a node of a wireguard fabric" [];
    RouteMaps: "route-map-entry" route_map_entry "an entry of a route map" [action];
    PrefixLists: "prefix-list" prefix_list "a prefix list" [];
    Ipams:
        "pve" ipam_pve "Proxmox's own ipam" []
        "netbox" ipam_netbox "a netbox ipam" [token url]
        "phpipam" ipam_phpipam "a phpipam ipam" [section token url]
        "nautobot" ipam_nautobot "a nautobot ipam" [];
    Dns: "powerdns" dns_powerdns "a powerdns plugin" [key url];
}
