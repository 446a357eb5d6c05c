//! That a line's value is kept, and that `no` takes it back.

use crate::{
    lang::{Language as _, frr::Frr as Slice},
    model::{
        Reading, Sourced,
        bgp::{BgpInstance, Family, Neighbor, NeighborFamily},
        frr::{Frr, FrrLink},
    },
    source::{File, FileId},
};
use std::fmt::Debug;

fn read(text: &str) -> Frr {
    let file = File::new("frr.conf", "n", "etc/frr/frr.conf", text);
    let mut into = Reading::default();
    Slice.read(&[(FileId(0), &file)], &mut into);
    assert_eq!(into.faults, [], "{text}");
    into.node.frr.unwrap()
}

/// What is said, without where.
fn said<T: Debug>(value: &Option<Sourced<T>>) -> String {
    value.as_ref().map_or("-".to_owned(), |value| format!("{:?}", value.value))
}

fn bgp(frr: &Frr) -> &BgpInstance {
    &frr.bgp[0]
}

fn peer(frr: &Frr) -> &Neighbor {
    &bgp(frr).neighbors[0]
}

fn family(frr: &Frr) -> &NeighborFamily {
    peer(frr).family(Family::Ipv4Unicast).unwrap()
}

fn link(frr: &Frr) -> &FrrLink {
    &frr.links["eth0"]
}

const BGP: &str = "router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n";
const UNNUMBERED: &str = "router bgp 65001\n";
const EVPN: &str = "router bgp 65001\n address-family l2vpn evpn\n  advertise-all-vni\n";
const VNI: &str = "router bgp 65001\n address-family l2vpn evpn\n  advertise-all-vni\n  vni 100\n";
const LINK: &str = "interface eth0\n";
const OSPF: &str = "router ospf\n";
const ISIS: &str = "router isis x\n";
const VRF: &str = "vrf red\n";
const MAP: &str = "route-map M permit 10\n";
const TOP: &str = "";

/// A block, a line in it with its value, and a line that undoes it with what then holds.
type Case = (&'static str, fn(&Frr) -> String, [&'static str; 2], [&'static str; 2]);

const CASES: &[Case] = &[
    (BGP, |frr| said(&bgp(frr).cluster_id), ["bgp cluster-id 10.0.0.9", "10.0.0.9"], ["no bgp cluster-id", "-"]),
    (BGP, |frr| said(&bgp(frr).cluster_id), ["bgp cluster-id 7", "0.0.0.7"], ["no bgp cluster-id 7", "-"]),
    (
        BGP,
        |frr| said(&bgp(frr).network_import_check),
        ["bgp network import-check", "true"],
        ["no bgp network import-check", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).extended_nexthop),
        ["neighbor 10.0.0.2 capability extended-nexthop", "true"],
        ["no neighbor 10.0.0.2 capability extended-nexthop", "false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).next_hop_self),
        ["neighbor 10.0.0.2 next-hop-self force", "true"],
        ["no neighbor 10.0.0.2 next-hop-self", "false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).as_override),
        ["neighbor 10.0.0.2 as-override", "true"],
        ["no neighbor 10.0.0.2 as-override", "false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).send_extended),
        ["neighbor 10.0.0.2 send-community extended", "true"],
        ["no neighbor 10.0.0.2 send-community both", "false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).send_extended),
        ["neighbor 10.0.0.2 send-community large", "-"],
        ["no neighbor 10.0.0.2 send-community standard", "-"],
    ),
    (
        BGP,
        |frr| peer(frr).local_as.as_ref().map_or("-".into(), |own| format!("{} {}", own.replace, own.dual)),
        ["neighbor 10.0.0.2 local-as 65009 no-prepend replace-as", "true false"],
        ["no neighbor 10.0.0.2 local-as", "-"],
    ),
    (
        UNNUMBERED,
        |frr| bgp(frr).neighbors.get_index(0).map_or("-".into(), |(_, peer)| said(&peer.v6only)),
        ["neighbor eth0 interface v6only remote-as external", "true"],
        ["no neighbor eth0 interface", "-"],
    ),
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
    (
        VRF,
        |frr| format!("{}", frr.vrfs["red"].prefix_routes_only.is_some()),
        ["vni 100 prefix-routes-only", "true"],
        ["no vni 100", "false"],
    ),
    (VRF, |frr| said(&frr.vrfs["red"].vni), ["vni 100", "Vni(100)"], ["no vni 200", "Vni(100)"]),
    (
        LINK,
        |frr| format!("{}", link(frr).ethernet_segment.is_some()),
        ["evpn mh es-sys-mac 02:00:00:00:00:01", "true"],
        ["no evpn mh es-sys-mac", "false"],
    ),
    (
        LINK,
        |frr| format!("{}", link(frr).ethernet_segment.is_some()),
        ["evpn mh es-id 7", "true"],
        ["no evpn mh es-df-pref", "true"],
    ),
    (LINK, |frr| said(&link(frr).suppress_ra), ["ipv6 nd suppress-ra", "true"], ["no ipv6 nd suppress-ra", "false"]),
    (
        LINK,
        |frr| said(&link(frr).ospf.authentication),
        ["ip ospf authentication message-digest", "\"message-digest\""],
        ["no ip ospf authentication", "-"],
    ),
    (LINK, |frr| said(&link(frr).ospf.hello), ["ip ospf hello-interval 5", "5"], ["no ip ospf hello-interval", "-"]),
    (LINK, |frr| said(&link(frr).ospf.dead), ["ip ospf dead-interval 9", "9"], ["no ip ospf dead-interval", "-"]),
    (LINK, |frr| said(&link(frr).ospf.area), ["ip ospf area 1", "0.0.0.1"], ["no ip ospf area", "-"]),
    (OSPF, |frr| said(&frr.ospf[0].router_id), ["ospf router-id 10.0.0.1", "10.0.0.1"], ["no ospf router-id", "-"]),
    (ISIS, |frr| said(&frr.isis[0].net), ["net 49.0001.00", "\"49.0001.00\""], ["no net 49.0001.00", "-"]),
    (
        ISIS,
        |frr| format!("{}", frr.isis[0].redistribute.len()),
        ["redistribute ipv4 connected level-2", "1"],
        ["no redistribute ipv4 connected level-2", "0"],
    ),
    (
        TOP,
        |frr| frr.statics.iter().map(|route| said(&route.via) + &said(&route.interface)).collect(),
        ["ip route 10.0.0.0/8 10.1.1.1 eth0", "10.1.1.1\"eth0\""],
        ["no ip route 10.0.0.0/8 10.1.1.1 eth0", ""],
    ),
    (
        TOP,
        |frr| frr.statics.iter().map(|route| route.blackhole.to_string()).collect(),
        ["ip route 10.0.0.0/8 blackhole", "true"],
        ["no ip route 10.0.0.0/8 10.1.1.1", "true"],
    ),
    (
        MAP,
        |frr| frr.route_maps["M"].entries[0].sets.iter().map(|set| set.value.as_str()).collect(),
        ["set community 65000:1 additive", "community 65000:1 additive"],
        ["no set community", ""],
    ),
    (MAP, |frr| said(&frr.route_maps["M"].entries[0].call), ["call M", "\"M\""], ["no call", "-"]),
];

#[test]
fn values_are_kept_and_no_takes_them_back() {
    for (block, show, [line, kept], [undo, left]) in CASES {
        assert_eq!(show(&read(&format!("{block}{line}\n"))), *kept, "{line}");
        assert_eq!(show(&read(&format!("{block}{line}\n{undo}\n"))), *left, "{undo}");
    }
}
