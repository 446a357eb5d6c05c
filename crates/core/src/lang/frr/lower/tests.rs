//! That a line's value is kept, and that `no` takes it back.

use crate::{
    lang::{Language as _, frr::Frr as Slice},
    model::{
        Reading, Sourced,
        bgp::{BgpInstance, Family, Neighbor, NeighborFamily, VpnLeak},
        frr::{Frr, FrrLink},
        igp::AreaKind,
        lists::{List, ListEntry},
    },
    source::{File, FileId},
};
use std::{collections::BTreeMap, fmt::Debug, net::Ipv4Addr};

mod evpn;

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

fn vpn(frr: &Frr) -> &VpnLeak {
    &bgp(frr).families[&Family::Ipv4Unicast].vpn
}

fn vpn_targets(frr: &Frr) -> String {
    format!("{} {}", vpn(frr).targets.import.len(), vpn(frr).targets.export.len())
}

fn unchanged(frr: &Frr) -> String {
    let own = family(frr);
    [&own.next_hop_unchanged, &own.as_path_unchanged, &own.med_unchanged].map(said).join(" ")
}

fn sets(frr: &Frr) -> String {
    let sets = frr.route_maps["M"].entries[0].sets.iter();
    sets.map(|own| format!("{:?}", own.set)).collect::<Vec<_>>().join(" ")
}

fn matches(frr: &Frr) -> String {
    let matches = frr.route_maps["M"].entries[0].matches.iter();
    matches.map(|own| format!("{:?}", own.value)).collect::<Vec<_>>().join(" ")
}

/// The lists of one kind, each with its entries.
fn lines<W: Debug>(lists: &BTreeMap<String, List<W>>) -> String {
    let entry = |own: &ListEntry<W>| format!(" {} {} {:?}", own.sequence, own.permit, own.wanted);
    let list = |(name, list): (&String, &List<W>)| name.clone() + &list.entries.iter().map(entry).collect::<String>();
    lists.iter().map(list).collect()
}

fn areas(areas: &BTreeMap<Ipv4Addr, Sourced<AreaKind>>) -> String {
    areas.iter().map(|(area, kind)| format!("{area} {:?}", kind.value)).collect()
}

fn link(frr: &Frr) -> &FrrLink {
    &frr.links["eth0"]
}

const BGP: &str = "router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n";
const FAMILY: &str = "router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n address-family ipv4 unicast\n";
const UNNUMBERED: &str = "router bgp 65001\n";
const LINK: &str = "interface eth0\n";
const OSPF: &str = "router ospf\n";
const OSPF6: &str = "router ospf6\n";
const OSPF6_OF_9: &str = "frr version 9.1\nrouter ospf6\n";
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
        |frr| said(&peer(frr).local_as),
        [
            "neighbor 10.0.0.2 local-as 65009",
            "LocalAs { asn: Asn(65009), no_prepend: false, dual: false, replace: false }",
        ],
        ["no neighbor 10.0.0.2 local-as", "-"],
    ),
    (BGP, |frr| said(&bgp(frr).minimum_holdtime), ["bgp minimum-holdtime 9", "9"], ["no bgp minimum-holdtime", "-"]),
    (BGP, |frr| said(&bgp(frr).timers), ["timers bgp 3 9", "(3, 9)"], ["no timers bgp", "-"]),
    (BGP, |frr| said(&bgp(frr).timers), ["timers bgp 0 0", "(0, 0)"], ["no timers bgp 1 3", "-"]),
    (BGP, |frr| said(&bgp(frr).timers), ["timers bgp 3 9", "(3, 9)"], ["timers bgp 1 2", "(3, 9)"]),
    (BGP, |frr| said(&bgp(frr).listen_limit), ["bgp listen limit 9", "9"], ["no bgp listen limit", "-"]),
    (
        BGP,
        |frr| said(&bgp(frr).default_shutdown),
        ["bgp default shutdown", "true"],
        ["no bgp default shutdown", "false"],
    ),
    (
        BGP,
        |frr| said(&bgp(frr).allow_outbound_policy),
        ["bgp route-reflector allow-outbound-policy", "true"],
        ["no bgp route-reflector allow-outbound-policy", "false"],
    ),
    (
        BGP,
        |frr| said(&bgp(frr).enforce_first_as),
        ["bgp enforce-first-as", "true"],
        ["no bgp enforce-first-as", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).timers),
        ["neighbor 10.0.0.2 timers 3 9", "(3, 9)"],
        ["no neighbor 10.0.0.2 timers", "-"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).local_role) + " " + &said(&peer(frr).strict_role),
        ["neighbor 10.0.0.2 local-role rs-server strict-mode", "RsServer true"],
        ["neighbor 10.0.0.2 local-role peer", "Peer false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).local_role) + " " + &said(&peer(frr).strict_role),
        ["neighbor 10.0.0.2 local-role customer", "Customer false"],
        ["no neighbor 10.0.0.2 local-role customer", "- -"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).bfd) + " " + &said(&peer(frr).bfd_strict),
        ["neighbor 10.0.0.2 bfd strict", "- true"],
        ["no neighbor 10.0.0.2 bfd strict", "- false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).bfd) + " " + &said(&peer(frr).bfd_strict),
        ["neighbor 10.0.0.2 bfd", "true -"],
        ["neighbor 10.0.0.2 bfd strict", "true true"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).strict_capability),
        ["neighbor 10.0.0.2 strict-capability-match", "true"],
        ["no neighbor 10.0.0.2 strict-capability-match", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).override_capability),
        ["neighbor 10.0.0.2 override-capability", "true"],
        ["no neighbor 10.0.0.2 override-capability", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).dont_capability_negotiate),
        ["neighbor 10.0.0.2 dont-capability-negotiate", "true"],
        ["no neighbor 10.0.0.2 dont-capability-negotiate", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).enforce_first_as),
        ["neighbor 10.0.0.2 enforce-first-as", "true"],
        ["no neighbor 10.0.0.2 enforce-first-as", "false"],
    ),
    (
        BGP,
        |frr| said(&peer(frr).sender_loop_detection),
        ["neighbor 10.0.0.2 sender-as-path-loop-detection", "true"],
        ["no neighbor 10.0.0.2 sender-as-path-loop-detection", "false"],
    ),
    (BGP, |frr| said(&peer(frr).oad), ["neighbor 10.0.0.2 oad", "true"], ["no neighbor 10.0.0.2 oad", "false"]),
    (
        BGP,
        |frr| said(&family(frr).next_hop_self_force),
        ["neighbor 10.0.0.2 next-hop-self force", "true"],
        ["no neighbor 10.0.0.2 next-hop-self", "true"],
    ),
    (
        BGP,
        |frr| said(&family(frr).next_hop_self_force),
        ["neighbor 10.0.0.2 next-hop-self all", "true"],
        ["no neighbor 10.0.0.2 next-hop-self force", "false"],
    ),
    (
        BGP,
        unchanged,
        ["neighbor 10.0.0.2 attribute-unchanged", "true true true"],
        ["neighbor 10.0.0.2 attribute-unchanged med", "false false true"],
    ),
    (
        BGP,
        unchanged,
        ["neighbor 10.0.0.2 attribute-unchanged next-hop as-path", "true true -"],
        ["no neighbor 10.0.0.2 attribute-unchanged as-path", "true false -"],
    ),
    (
        BGP,
        |frr| said(&family(frr).allowas_in) + " " + &said(&family(frr).allowas_in_origin),
        ["neighbor 10.0.0.2 allowas-in origin", "1 true"],
        ["neighbor 10.0.0.2 allowas-in", "3 false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).remove_private_as),
        ["neighbor 10.0.0.2 remove-private-AS all", "true"],
        ["no neighbor 10.0.0.2 remove-private-AS all", "false"],
    ),
    (
        FAMILY,
        |frr| said(&family(frr).soo),
        ["neighbor 10.0.0.2 soo 65001:1", "\"65001:1\""],
        ["no neighbor 10.0.0.2 soo", "-"],
    ),
    (
        BGP,
        |frr| said(&family(frr).filter_list_in) + &format!(" {}", family(frr).has_policy_in()),
        ["neighbor 10.0.0.2 filter-list F in", "\"F\" true"],
        ["no neighbor 10.0.0.2 filter-list F in", "- false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).distribute_list_out) + &format!(" {}", family(frr).has_policy_out()),
        ["neighbor 10.0.0.2 distribute-list D out", "\"D\" true"],
        ["no neighbor 10.0.0.2 distribute-list D out", "- false"],
    ),
    (
        BGP,
        |frr| said(&family(frr).send_extended),
        ["neighbor 10.0.0.2 send-community extended", "true"],
        ["no neighbor 10.0.0.2 send-community extended rpki", "true"],
    ),
    (
        BGP,
        |frr| said(&family(frr).send_extended),
        ["neighbor 10.0.0.2 send-community all", "true"],
        ["no neighbor 10.0.0.2 send-community", "true"],
    ),
    (
        BGP,
        |frr| {
            peer(frr)
                .local_as
                .as_ref()
                .map_or("-".into(), |own| format!("{} {} {}", own.no_prepend, own.replace, own.dual))
        },
        ["neighbor 10.0.0.2 local-as 65009 no-prepend replace-as", "true true false"],
        ["no neighbor 10.0.0.2 local-as", "-"],
    ),
    (
        UNNUMBERED,
        |frr| bgp(frr).neighbors.get_index(0).map_or("-".into(), |(_, peer)| said(&peer.v6only)),
        ["neighbor eth0 interface v6only remote-as external", "true"],
        ["no neighbor eth0 interface", "-"],
    ),
    (FAMILY, |frr| said(&vpn(frr).import), ["import vpn", "true"], ["no import vpn", "false"]),
    (FAMILY, |frr| said(&vpn(frr).export), ["export vpn", "true"], ["no export vpn", "false"]),
    (FAMILY, |frr| said(&vpn(frr).import_map), ["import vrf route-map M", "\"M\""], ["no import vrf route-map", "-"]),
    (FAMILY, |frr| said(&vpn(frr).import_map), ["route-map vpn import M", "\"M\""], ["no route-map vpn import", "-"]),
    (FAMILY, |frr| said(&vpn(frr).export_map), ["route-map vpn export M", "\"M\""], ["no route-map vpn export M", "-"]),
    (FAMILY, vpn_targets, ["rt vpn both 1:1 1:2", "2 2"], ["no rt vpn import", "0 2"]),
    (FAMILY, vpn_targets, ["rt vpn export 1:1 1:2", "0 2"], ["rt vpn export 1:3", "0 1"]),
    (
        TOP,
        |frr| said(&frr.resolve_via_default6),
        ["ipv6 nht resolve-via-default", "true"],
        ["no ipv6 nht resolve-via-default", "false"],
    ),
    (
        TOP,
        |frr| frr.statics.iter().map(|own| said(&own.distance) + &said(&own.nexthop_vrf) + &said(&own.table)).collect(),
        ["ip route 10.0.0.0/8 10.1.1.1 table 7 nexthop-vrf red 200", "200\"red\"7"],
        ["no ip route 10.0.0.0/8 10.1.1.1 table 7 nexthop-vrf red", ""],
    ),
    (
        TOP,
        |frr| frr.statics.iter().map(|own| said(&own.distance)).collect(),
        ["ip route 10.0.0.0/8 10.1.1.1 200", "200"],
        ["no ip route 10.0.0.0/8 10.1.1.1 1", "200"],
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
        |frr| said(&link(frr).segment.system_mac.clone().map(|mac| mac.map(|mac| mac.to_string()))),
        ["evpn mh es-sys-mac 02:00:00:00:00:01", "\"02:00:00:00:00:01\""],
        ["no evpn mh es-sys-mac", "-"],
    ),
    (LINK, |frr| said(&link(frr).segment.id), ["evpn mh es-id 7", "Local(7)"], ["no evpn mh es-id", "-"]),
    (LINK, |frr| said(&link(frr).suppress_ra), ["ipv6 nd suppress-ra", "true"], ["no ipv6 nd suppress-ra", "false"]),
    (
        LINK,
        |frr| said(&link(frr).ospf.authentication),
        ["ip ospf authentication message-digest", "\"message-digest\""],
        ["no ip ospf authentication", "-"],
    ),
    (LINK, |frr| said(&link(frr).ospf.hello), ["ip ospf hello-interval 5", "5"], ["no ip ospf hello-interval", "-"]),
    (LINK, |frr| said(&link(frr).ospf.dead), ["ip ospf dead-interval 9", "9"], ["no ip ospf dead-interval", "-"]),
    (LINK, |frr| said(&link(frr).ospf.cost), ["ip ospf cost 7", "7"], ["no ip ospf cost", "-"]),
    (LINK, |frr| said(&link(frr).ospf.area), ["ip ospf area 1", "0.0.0.1"], ["no ip ospf area", "-"]),
    (OSPF, |frr| said(&frr.ospf[0].shutdown), ["shutdown", "true"], ["no shutdown", "false"]),
    (OSPF6, |frr| said(&frr.ospf6[0].shutdown), ["shutdown", "true"], ["no shutdown", "false"]),
    (OSPF, |frr| said(&frr.ospf[0].router_id), ["ospf router-id 10.0.0.1", "10.0.0.1"], ["no ospf router-id", "-"]),
    (
        OSPF,
        |frr| areas(&frr.ospf[0].areas),
        ["area 1 stub no-summary", "0.0.0.1 Stub { no_summary: true }"],
        ["no area 1 stub", ""],
    ),
    (
        OSPF,
        |frr| areas(&frr.ospf[0].areas),
        ["area 0.0.0.2 nssa", "0.0.0.2 Nssa { no_summary: false }"],
        ["no area 2 nssa", ""],
    ),
    (
        OSPF,
        |frr| said(&frr.ospf[0].default_originate),
        ["default-information originate always metric 7", "true"],
        ["no default-information originate", "-"],
    ),
    (OSPF, |frr| said(&frr.ospf[0].distance), ["distance 99", "99"], ["no distance 99", "-"]),
    (
        LINK,
        |frr| link(frr).ospf.areas.iter().map(|(address, area)| format!("{address} {}", area.value)).collect(),
        ["ip ospf area 1 10.0.0.1", "10.0.0.1 0.0.0.1"],
        ["no ip ospf area 1 10.0.0.1", ""],
    ),
    (OSPF6, |frr| said(&frr.ospf6[0].router_id), ["ospf6 router-id 10.0.0.1", "10.0.0.1"], ["no ospf6 router-id", "-"]),
    (
        OSPF6,
        |frr| areas(&frr.ospf6[0].areas),
        ["area 1 nssa no-summary", "0.0.0.1 Nssa { no_summary: true }"],
        ["no area 1 nssa", ""],
    ),
    (
        OSPF6,
        |frr| frr.ospf6[0].redistribute.iter().map(|own| own.protocol.value.as_str()).collect(),
        ["redistribute connected metric 7", "connected"],
        ["no redistribute connected", ""],
    ),
    (
        OSPF6_OF_9,
        |frr| frr.links.get("eth0").map_or("-".into(), |own| said(&own.ospf6.area)),
        ["interface eth0 area 0.0.0.1", "0.0.0.1"],
        ["no interface eth0 area 0.0.0.1", "-"],
    ),
    (TOP, |frr| format!("{}", frr.ospf6.len()), ["router ospf6 vrf red", "1"], ["no router ospf6 vrf red", "0"]),
    (LINK, |frr| said(&link(frr).ospf6.area), ["ipv6 ospf6 area 1", "0.0.0.1"], ["no ipv6 ospf6 area", "-"]),
    (
        LINK,
        |frr| said(&link(frr).ospf6.network),
        ["ipv6 ospf6 network point-to-point", "\"point-to-point\""],
        ["no ipv6 ospf6 network", "-"],
    ),
    (
        LINK,
        |frr| said(&link(frr).ospf6.hello),
        ["ipv6 ospf6 hello-interval 5", "5"],
        ["no ipv6 ospf6 hello-interval", "-"],
    ),
    (
        LINK,
        |frr| said(&link(frr).ospf6.dead),
        ["ipv6 ospf6 dead-interval 5", "5"],
        ["no ipv6 ospf6 dead-interval 5", "-"],
    ),
    (
        LINK,
        |frr| said(&link(frr).ospf6.mtu_ignore),
        ["ipv6 ospf6 mtu-ignore", "true"],
        ["no ipv6 ospf6 mtu-ignore", "false"],
    ),
    (LINK, |frr| said(&link(frr).ospf6.passive), ["ipv6 ospf6 passive", "true"], ["no ipv6 ospf6 passive", "false"]),
    (LINK, |frr| said(&link(frr).isis.ipv4), ["ip router isis x", "\"x\""], ["no ip router isis", "-"]),
    (
        LINK,
        |frr| said(&link(frr).isis.circuit),
        ["isis circuit-type level-2-only", "Two"],
        ["no isis circuit-type", "-"],
    ),
    (
        LINK,
        |frr| said(&link(frr).isis.point_to_point),
        ["isis network point-to-point", "true"],
        ["no isis network point-to-point", "false"],
    ),
    (
        LINK,
        |frr| link(frr).isis.hello.each_ref().map(said).join(" "),
        ["isis hello-interval 5", "5 5"],
        ["isis hello-interval level-2 7", "5 7"],
    ),
    (
        LINK,
        |frr| link(frr).isis.hello_multiplier.each_ref().map(said).join(" "),
        ["openfabric hello-multiplier 5", "5 5"],
        ["no openfabric hello-multiplier", "- -"],
    ),
    (
        LINK,
        |frr| link(frr).isis.metric.each_ref().map(said).join(" "),
        ["isis metric 70000", "70000 70000"],
        ["no isis metric level-2", "70000 -"],
    ),
    (
        LINK,
        |frr| link(frr).isis.metric.each_ref().map(said).join(" "),
        ["openfabric metric 5", "5 5"],
        ["no openfabric metric", "- -"],
    ),
    (LINK, |frr| said(&link(frr).isis.padding), ["isis hello padding", "true"], ["no isis hello padding", "false"]),
    (LINK, |frr| said(&link(frr).isis.authentication), ["isis password md5 s", "\"md5\""], ["no isis password", "-"]),
    (ISIS, |frr| said(&frr.isis[0].level), ["is-type level-1", "One"], ["no is-type", "-"]),
    (ISIS, |frr| said(&frr.isis[0].metric_style), ["metric-style narrow", "\"narrow\""], ["no metric-style", "-"]),
    (
        ISIS,
        |frr| said(&frr.isis[0].area_authentication) + " " + &said(&frr.isis[0].domain_authentication),
        ["area-password clear s", "\"clear\" -"],
        ["domain-password md5 s", "\"clear\" \"md5\""],
    ),
    (
        ISIS,
        |frr| format!("{:?} {:?}", frr.isis[0].area(), frr.isis[0].system()),
        ["net 49.0001.1921.6800.1001.00", "Some(\"490001\") Some(\"192168001001\")"],
        ["net 49.00", "None None"],
    ),
    (
        ISIS,
        |frr| frr.isis[0].redistribute.iter().map(|own| format!("{} {:?}", own.ipv6, own.level)).collect(),
        ["redistribute ipv6 static level-1", "true One"],
        ["no redistribute ipv6 static level-2", "true One"],
    ),
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
        |frr| frr.route_maps["M"].entries[0].sets.iter().map(|set| set.words.as_str()).collect(),
        ["set community 65000:1 additive", "community 65000:1 additive"],
        ["no set community", ""],
    ),
    (
        MAP,
        sets,
        ["set community 1:1 1:2 additive", r#"Community { values: ["1:1", "1:2"], additive: true }"#],
        ["set community none", "CommunityNone"],
    ),
    (
        MAP,
        sets,
        ["set extcommunity rt 1:2 1:3", "ExtCommunityRt([As2(1, 2), As2(1, 3)])"],
        ["no set extcommunity rt", ""],
    ),
    (MAP, sets, ["set extcommunity none", "ExtCommunityNone"], ["no set extcommunity none", ""]),
    (MAP, sets, ["set extcommunity bandwidth 7", "Other"], ["no set extcommunity bandwidth", ""]),
    (
        MAP,
        sets,
        ["set as-path prepend 1 2", "AsPathPrepend([Asn(1), Asn(2)])"],
        ["set as-path prepend 3", "AsPathPrepend([Asn(3)])"],
    ),
    (
        MAP,
        sets,
        ["set as-path replace any", "AsPathReplace(None, None)"],
        ["set as-path replace 1 2", "AsPathReplace(Some(Asn(1)), Some(Asn(2)))"],
    ),
    (
        MAP,
        sets,
        ["set ip next-hop 10.0.0.1", "NextHop(Address(10.0.0.1))"],
        ["set ip next-hop unchanged", "NextHop(Unchanged)"],
    ),
    (MAP, sets, ["set tag untagged", "Tag(0)"], ["no set tag", ""]),
    (MAP, sets, ["set src 10.0.0.1", "Src(10.0.0.1)"], ["no set src", ""]),
    (
        MAP,
        matches,
        ["match ip address prefix-list P", "PrefixList(\"P\")"],
        ["no match ip address", "PrefixList(\"P\")"],
    ),
    (
        MAP,
        matches,
        ["match ipv6 address prefix-list P", "PrefixList6(\"P\")"],
        ["no match ipv6 address prefix-list P", ""],
    ),
    (MAP, matches, ["match ip address P", "AccessList(\"P\")"], ["no match ip address", ""]),
    (
        MAP,
        matches,
        ["match ip address prefix-len 8", "PrefixLength(8)"],
        ["match ip address prefix-len 9", "PrefixLength(9)"],
    ),
    (
        MAP,
        matches,
        ["match community C exact-match", "Community(\"C\", Exact)"],
        ["match community D", "Community(\"D\", All)"],
    ),
    (MAP, matches, ["match extcommunity C", "ExtCommunity(\"C\", All)"], ["no match extcommunity", ""]),
    (MAP, matches, ["match as-path A", "AsPath(\"A\")"], ["no match as-path", ""]),
    (
        MAP,
        matches,
        ["match evpn vni 7", "EvpnVni(Vni(7))"],
        ["match evpn default-route", "EvpnVni(Vni(7)) EvpnDefaultRoute"],
    ),
    (
        MAP,
        matches,
        ["match evpn rd 1:2", "EvpnRd(RouteDistinguisher { admin: As(1), number: 2 })"],
        ["no match evpn rd 1:2", ""],
    ),
    (
        MAP,
        matches,
        ["match source-protocol static", "SourceProtocol(\"static\")"],
        ["match tag 7", "SourceProtocol(\"static\") Tag(7)"],
    ),
    (MAP, matches, ["match probability 7", "Other(\"probability 7\")"], ["no match probability", ""]),
    (
        MAP,
        |frr| said(&frr.route_maps["M"].entries[0].on_match),
        ["on-match goto 7", "Goto(7)"],
        ["no on-match goto", "-"],
    ),
    (MAP, |frr| said(&frr.route_maps["M"].entries[0].on_match), ["on-match next", "Next"], ["continue 20", "Goto(20)"]),
    (
        TOP,
        |frr| lines(&frr.access_lists),
        [
            "access-list A permit 10.0.0.0/8 exact-match",
            "A 5 true Prefix { prefix: Prefix(V4(Ipv4Network { addr: 10.0.0.0, prefix: 8 })), exact: true }",
        ],
        ["no access-list A", ""],
    ),
    (
        TOP,
        |frr| lines(&frr.access_lists),
        ["access-list A seq 7 deny host 10.0.0.1", "A 7 false Wild(10.0.0.1, 0.0.0.0)"],
        ["no access-list A deny host 10.0.0.1", "A"],
    ),
    (
        TOP,
        |frr| lines(&frr.access_lists6),
        ["ipv6 access-list A permit any", "A 5 true Any"],
        ["no ipv6 access-list A", ""],
    ),
    (
        TOP,
        |frr| lines(&frr.as_path_lists),
        ["bgp as-path access-list A permit ^1_", "A 5 true \"^1_\""],
        ["no bgp as-path access-list A", ""],
    ),
    (
        TOP,
        |frr| lines(&frr.community_lists),
        ["bgp community-list standard C permit 1:1 no-export", r#"C 5 true All(["1:1", "no-export"])"#],
        ["no bgp community-list standard C", ""],
    ),
    (
        TOP,
        |frr| lines(&frr.community_lists),
        ["bgp community-list 100 deny 1:.*", "100 5 false Regex(\"1:.*\")"],
        ["no bgp community-list 100", ""],
    ),
    (
        TOP,
        |frr| lines(&frr.ext_community_lists),
        [
            "bgp extcommunity-list standard C seq 3 permit rt 1:1 1:2 soo 1:3",
            r#"C 3 true Extended([Rt(As2(1, 1)), Rt(As2(1, 2)), Soo("1:3")])"#,
        ],
        ["no bgp extcommunity-list standard C seq 3 permit rt 1:1 1:2 soo 1:3", "C"],
    ),
    (
        TOP,
        |frr| lines(&frr.large_community_lists),
        ["bgp large-community-list standard C permit 1:1:1", r#"C 5 true All(["1:1:1"])"#],
        ["no bgp large-community-list standard C", ""],
    ),
    (
        TOP,
        |frr| format!("{}", frr.prefix_lists.len()),
        ["ip prefix-list P permit any", "1"],
        ["no ip prefix-list P", "0"],
    ),
    (MAP, |frr| said(&frr.route_maps["M"].entries[0].call), ["call M", "\"M\""], ["no call", "-"]),
];

#[test]
fn values_are_kept_and_no_takes_them_back() {
    for (block, show, [line, kept], [undo, left]) in CASES.iter().chain(evpn::CASES) {
        assert_eq!(show(&read(&format!("{block}{line}\n"))), *kept, "{line}");
        assert_eq!(show(&read(&format!("{block}{line}\n{undo}\n"))), *left, "{undo}");
    }
}

/// What a group says counts for a member that says nothing itself.
#[test]
fn members_inherit_what_they_do_not_say() {
    let frr = read(
        "router bgp 65001\n neighbor G peer-group\n neighbor G remote-as 65002\n neighbor G timers 3 9\n \
         neighbor G local-role provider strict-mode\n neighbor G allowas-in origin\n neighbor G filter-list F in\n \
         neighbor 10.0.0.2 peer-group G\n neighbor 10.0.0.2 timers 1 3\n neighbor 10.0.0.2 allowas-in 2\n",
    );
    assert_eq!(said(&peer(&frr).timers), "(1, 3)");
    assert_eq!(said(&peer(&frr).local_role) + &said(&peer(&frr).strict_role), "Providertrue");
    assert_eq!(said(&family(&frr).allowas_in) + &said(&family(&frr).allowas_in_origin), "2false");
    assert_eq!(said(&family(&frr).filter_list_in), "\"F\"");
}
