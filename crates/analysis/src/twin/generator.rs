//! Which generation of Proxmox's generator (package libpve-network-perl) wrote what is on disk. The header of `frr.conf`
//! is a constant of the generator, whatever FRR is installed.

use evpnlint_core::model::{Node, frr::Version};

/// A generation; each writes what those before it wrote, but for what its name stands for here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// Before 0.8 (PVE 7): no null routes on exit nodes, and a default route is filtered whatever its VRF.
    First,
    /// 0.8 to early 0.9 (PVE 7 and early 8): a filter for default routes by VNI and type.
    Early,
    /// Late 0.9 to 0.11 (PVE 8): filters by prefix list.
    Late,
    /// 1.0 to 1.2 (PVE 9.0 and 9.1): fabrics.
    Fabrics,
    /// 1.3: the whole of `frr.conf` by templates, and another way to merge `frr.conf.local`.
    #[default]
    Templates,
    /// 1.4 and later: several EVPN controllers, route-maps and prefix lists of the user's; best effort.
    Newest,
}

/// The generation that wrote a node's files, as far as `frr version` tells, and the start of `frr.conf`: up to 1.2 a second
/// `!` stands behind the header.
pub fn of(node: &Node, frr: Option<&str>) -> Generation {
    let is_spaced = frr.is_some_and(|text| text.lines().take(HEADER + 2).skip(HEADER).all(|line| line.trim() == "!"));
    let version = node.frr.as_ref().and_then(|frr| frr.version.as_ref());
    let Some(version) = version.map(|version| &version.value) else { return Generation::default() };
    let until = |text: &str| Version::parse(text).is_some_and(|other| *version <= other);
    match () {
        () if until("8.2.2") => Generation::First,
        () if until("8.5.1") => Generation::Early,
        () if until("8.5.2") => Generation::Late,
        () if until("10.3.1") => Generation::Fabrics,
        () if until("10.4.1") && is_spaced => Generation::Fabrics,
        () if until("10.4.1") => Generation::Templates,
        () => Generation::Newest,
    }
}

/// How many lines the header of `frr.conf` has.
const HEADER: usize = 5;
