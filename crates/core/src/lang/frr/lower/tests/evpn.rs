//! The lines of `address-family l2vpn evpn`, and of its `vni` blocks.

use super::{Case, Frr, bgp, said};

fn pip(frr: &Frr) -> String {
    let own = &bgp(frr).evpn;
    format!("{} {} {}", said(&own.advertise_pip), said(&own.advertise_pip_ip), own.advertise_pip_mac.is_some())
}

fn duplicates(frr: &Frr) -> String {
    let own = &bgp(frr).evpn.duplicates;
    [said(&own.on), said(&own.limit), said(&own.freeze)].join(" ")
}

fn auto(frr: &Frr) -> String {
    let own = &bgp(frr).evpn;
    let encodings =
        [&own.rfc8365_import, &own.rfc8365_export].map(|encoding| encoding.as_ref().is_some_and(|on| on.value));
    let targets = [&own.targets.import_auto, &own.targets.export_auto].map(said).join(" ");
    format!("{targets} {}", encodings.map(|on| if on { "8365" } else { "plain" }).join(" "))
}

const EVPN: &str = "router bgp 65001\n address-family l2vpn evpn\n  advertise-all-vni\n";
const VNI: &str = "router bgp 65001\n address-family l2vpn evpn\n  advertise-all-vni\n  vni 100\n";

pub(super) const CASES: &[Case] = &[
    (
        EVPN,
        |frr| format!("{}", bgp(frr).evpn.advertise_ipv6.is_some()),
        ["advertise ipv6 unicast", "true"],
        ["no advertise ipv6 unicast", "false"],
    ),
    (EVPN, |frr| said(&bgp(frr).evpn.flooding), ["flooding disable", "false"], ["no flooding disable", "true"]),
    (
        EVPN,
        |frr| said(&bgp(frr).evpn.flooding),
        ["flooding head-end-replication", "true"],
        ["no flooding head-end-replication", "true"],
    ),
    (
        EVPN,
        |frr| format!("{}", bgp(frr).evpn.targets.import.len()),
        ["route-target both 1:1 1:2", "2"],
        ["no route-target both 1:1 1:2", "0"],
    ),
    (
        EVPN,
        |frr| format!("{:?}", bgp(frr).evpn.advertise_ipv4.as_ref().map(|own| own.gateway_ip)),
        ["advertise ipv4 unicast gateway-ip", "Some(true)"],
        ["advertise ipv4 unicast", "Some(false)"],
    ),
    (
        EVPN,
        |frr| format!("{:?}", bgp(frr).evpn.advertise_ipv4.as_ref().map(|own| own.skip_imported)),
        ["advertise ipv4 unicast skip-evpn-imported", "Some(true)"],
        ["advertise ipv4 unicast", "Some(false)"],
    ),
    (
        EVPN,
        |frr| said(&bgp(frr).evpn.enable_resolve_overlay_index),
        ["enable-resolve-overlay-index", "true"],
        ["no enable-resolve-overlay-index", "false"],
    ),
    (EVPN, |frr| said(&bgp(frr).evpn.soo), ["mac-vrf soo 65001:1", "\"65001:1\""], ["no mac-vrf soo", "-"]),
    (
        EVPN,
        pip,
        ["advertise-pip ip 10.0.0.1 mac 02:00:00:00:00:01", "true 10.0.0.1 true"],
        ["no advertise-pip", "false - false"],
    ),
    (EVPN, pip, ["advertise-pip ip 10.0.0.1", "true 10.0.0.1 false"], ["no advertise-pip ip 10.0.0.1", "true - false"]),
    (
        EVPN,
        duplicates,
        ["dup-addr-detection max-moves 4 time 9", "true (4, 9) -"],
        ["no dup-addr-detection", "false - -"],
    ),
    (
        EVPN,
        duplicates,
        ["dup-addr-detection freeze permanent", "true - 0"],
        ["dup-addr-detection max-moves 4 time 9", "true (4, 9) 0"],
    ),
    (EVPN, duplicates, ["dup-addr-detection freeze 60", "true - 60"], ["no dup-addr-detection freeze 60", "true - -"]),
    (VNI, |frr| said(&bgp(frr).evpn.vnis[0].flooding), ["flooding disable", "false"], ["no flooding disable", "true"]),
    (
        EVPN,
        auto,
        ["auto-route-target both add-never", "Never Never plain plain"],
        ["no auto-route-target", "- - plain plain"],
    ),
    (
        EVPN,
        auto,
        ["auto-route-target import rfc8365-compatible", "- - 8365 plain"],
        ["no auto-route-target both rfc8365-compatible", "- - plain plain"],
    ),
    (
        EVPN,
        auto,
        ["route-target export auto", "- Always plain plain"],
        ["no auto-route-target export add-never", "- Always plain plain"],
    ),
    (
        EVPN,
        auto,
        ["auto-route-target export add-always", "- Always plain plain"],
        ["no route-target export auto", "- - plain plain"],
    ),
    (EVPN, auto, ["autort rfc8365-compatible", "- - 8365 8365"], ["no auto-route-target export", "- - 8365 plain"]),
    (
        VNI,
        |frr| said(&bgp(frr).evpn.vnis[0].targets.import_auto),
        ["auto-route-target import add-never", "Never"],
        ["no auto-route-target import add-never", "-"],
    ),
    (
        VNI,
        |frr| said(&bgp(frr).evpn.vnis[0].rd),
        ["rd 1:1", "RouteDistinguisher { admin: As(1), number: 1 }"],
        ["no rd", "-"],
    ),
    (
        VNI,
        |frr| format!("{}", bgp(frr).evpn.vnis[0].targets.export.len()),
        ["route-target export 1:1", "1"],
        ["no route-target export", "0"],
    ),
];
