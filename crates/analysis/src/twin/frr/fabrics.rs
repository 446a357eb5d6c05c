//! Openfabric and ospf fabrics (1.1 and later): the routers and interfaces of an underlay that Proxmox manages itself.

use super::{
    bgp_fabrics,
    config::{Config, Line},
    gaps::gap,
    shared::{Shared, Source, redistribute},
};
use crate::twin::{generator::Generation, seat::Seat};
use evpnlint_core::model::{
    Sourced,
    intent::{FabricNode, FabricPort, SdnFabric},
    twin::Gap,
};
use std::net::{IpAddr, Ipv4Addr};

/// The fabrics that the node is in, in byte order of their ids.
pub(super) fn write(seat: &Seat, config: &mut Config, gaps: &mut Vec<Gap>) {
    let mut fabrics: Vec<_> = seat.sdn.fabrics.iter().collect();
    fabrics.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    let mut shared = Shared::default();
    for fabric in fabrics {
        let nodes = seat.fabric_nodes(&fabric.id);
        let Some(node) = nodes.into_iter().find(|node| node.node == seat.node.name && !node.external) else { continue };
        match fabric.protocol.as_str() {
            "openfabric" => openfabric(seat, fabric, node, &mut shared, config),
            "ospf" => ospf(seat, fabric, node, &mut shared, config),
            "bgp" => bgp_fabrics::write(seat, fabric, node, &mut shared, config, gaps),
            _ => {}
        }
    }
    config.fabrics.extend(shared.routers);
    for (name, lines) in shared.openfabric.into_iter().chain(shared.ospf) {
        block(&format!("interface {name}"), lines, &mut config.fabrics);
    }
    if let Some(lost) =
        seat.sdn.lost.iter().find(|lost| seat.sdn.fabric(lost.value.split('_').next().unwrap_or("")).is_some())
    {
        gap(gaps, "fabrics.cfg", "is refused as a whole, so that frr.conf stays what it was", lost.span());
    }
}

fn block(opener: &str, lines: Vec<Line>, into: &mut Vec<Line>) {
    let because = lines.iter().find_map(|line| line.because);
    into.push(Line::new(opener, because));
    into.extend(lines.into_iter().map(|line| Line::new(format!(" {}", line.text), line.because)));
    into.push(Line::new("exit", None));
}

fn openfabric(seat: &Seat, fabric: &SdnFabric, node: &FabricNode, shared: &mut Shared, config: &mut Config) {
    let (ip, ip6) = (node.ip.as_ref(), node.ip6.as_ref());
    let Some(own) = ip.or(ip6) else { return };
    let title = shared.net.get_or_insert_with(|| net(own.value));
    block(
        &format!("router openfabric {}", fabric.id),
        vec![Line::new(format!("net {title}"), own.span())],
        &mut shared.routers,
    );
    let id = &fabric.id;
    let families = || {
        let of = |ip: Option<&Sourced<IpAddr>>, word: &str| {
            ip.map(|ip| Line::new(format!("{word} router openfabric {id}"), ip.span()))
        };
        of(ip, "ip").into_iter().chain(of(ip6, "ipv6"))
    };
    let passive = Line::new("openfabric passive", id.span());
    shared.openfabric.insert(format!("dummy_{id}"), families().chain([passive]).collect());
    for (name, port) in &node.interfaces {
        let timers = [("hello-interval", &fabric.hello_interval), ("csnp-interval", &fabric.csnp_interval)];
        let timers = timers.into_iter().filter_map(|(word, value)| {
            value.as_ref().map(|value| Line::new(format!("openfabric {word} {value}"), value.span()))
        });
        let multiplier = port.hello_multiplier.map(|own| format!("openfabric hello-multiplier {own}"));
        let multiplier = multiplier.map(|line| Line::new(line, port.span()));
        shared.openfabric.insert(name.clone(), families().chain(timers).chain(multiplier).collect());
    }
    for (own, prefix, is_v6) in [(ip, &fabric.ip_prefix, false), (ip6, &fabric.ip6_prefix, true)] {
        let Some(own) = own else { continue };
        let map = if is_v6 { "pve_openfabric6" } else { "pve_openfabric" };
        let list = format!("pve_openfabric_{id}_ip{}s", if is_v6 { "6" } else { "" });
        let source = Source { map, list, own, prefix: prefix.as_ref(), is_v6 };
        source.write(seat, fabric, shared, config);
        config.protocol(if is_v6 { "ipv6 protocol openfabric" } else { "ip protocol openfabric" }, map, own.span());
    }
}

/// The network entity title: the twelve digits of an IPv4 address, or the end of an IPv6 one.
/// The NET that Proxmox derives for OpenFabric (proxmox-ve-rs, `Net`): the system id is all of an IPv4 address, and the
/// last three segments of an IPv6 address.
pub fn net(ip: IpAddr) -> String {
    let system = match ip {
        IpAddr::V4(ip) => ipv4_digits(ip),
        IpAddr::V6(ip) => {
            let [.., a, b, c] = ip.segments();
            format!("{a:04x}.{b:04x}.{c:04x}")
        }
    };
    format!("49.0001.{system}.00")
}

fn ipv4_digits(ip: Ipv4Addr) -> String {
    let digits: String = ip.octets().iter().map(|octet| format!("{octet:03}")).collect();
    format!("{}.{}.{}", &digits[..4], &digits[4..8], &digits[8..])
}

fn ospf(seat: &Seat, fabric: &SdnFabric, node: &FabricNode, shared: &mut Shared, config: &mut Config) {
    let (Some(own), Some(area)) = (&node.ip, &fabric.area) else { return };
    if shared.router_id.is_none() {
        shared.router_id = Some(own.value);
        let mut lines = vec![Line::new(format!("ospf router-id {own}"), own.span())];
        if seat.generation >= Generation::Newest {
            lines.extend(fabric.redistribute.iter().map(|from| Line::new(redistribute(from), from.span())));
        }
        block("router ospf", lines, &mut shared.routers);
    }
    let in_area = || Line::new(format!("ip ospf area {area}"), area.span());
    let passive = Line::new("ip ospf passive", fabric.id.span());
    shared.ospf.insert(format!("dummy_{}", fabric.id), vec![in_area(), passive]);
    for (name, port) in &node.interfaces {
        let network = network_type(port).map(|own| Line::new(format!("ip ospf network {own}"), port.span()));
        shared.ospf.insert(name.clone(), [in_area()].into_iter().chain(network).collect());
    }
    let list = format!("pve_ospf_{}_ips", fabric.id);
    let source = Source { map: "pve_ospf", list, own, prefix: fabric.ip_prefix.as_ref(), is_v6: false };
    source.write(seat, fabric, shared, config);
    config.protocol("ip protocol ospf", "pve_ospf", own.span());
}

/// What is written, else point-to-point where the interface has no address of its own.
fn network_type(port: &FabricPort) -> Option<&str> {
    let implied = port.ip.is_none().then_some("point-to-point");
    port.network_type.as_deref().or(implied)
}
