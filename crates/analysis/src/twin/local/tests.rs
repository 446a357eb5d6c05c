//! What becomes of each line, and where it stands afterwards.

use super::*;
use crate::twin::frr::config::{Entry, Line, ListKind, Router};
use evpnlint_core::{
    model::twin::{LocalFate, Loss},
    source::FileId,
};

/// A router, a VRF, an isis interface and the route-maps, as they are generated.
fn config() -> Config {
    let mut config = Config::default();
    let mut router = Router::default();
    router.say(None, ["neighbor VTEP peer-group".to_owned()]);
    router.family("l2vpn evpn", None, ["advertise-all-vni".to_owned()]);
    config.routers.insert("bgp 65000".into(), router);
    config.routers.insert("isis core".into(), Router::default());
    config.vrfs.insert("vrf_a".into(), vec![Line::new("vni 1000", None)]);
    config.links.insert("eth1".into(), vec![]);
    for map in ["MAP_VTEP_IN", "MAP_VTEP_OUT"] {
        config.maps.insert(map.into(), vec![Entry::new("permit", None, None)]);
    }
    config.list(ListKind::Prefix, "only_default", "1", "permit 0.0.0.0/0", None);
    config
}

fn place(text: &str) -> Span {
    Span::of(FileId(0), text, text)
}

/// One letter for each line: what becomes of it.
fn fates(generation: Generation, text: &str) -> String {
    let letter = |line: LocalLine| match line.fate {
        LocalFate::Kept => 'k',
        LocalFate::NothingToKeep => '.',
        LocalFate::Lost(Loss::TopLevel) => 't',
        LocalFate::Lost(Loss::Sequence) => 's',
        LocalFate::Lost(Loss::Exclamation) => '!',
        LocalFate::Lost(Loss::Unclosed) => 'u',
        LocalFate::InOpenBlock(_) => 'g',
        LocalFate::OutsideRouter(_) => 'a',
        LocalFate::EndsBlockEarly(_) => 'c',
        LocalFate::SecondRouter(_) => '2',
        LocalFate::BehindCatchAll(_) => 'b',
        LocalFate::SecondVni(_) => 'v',
    };
    merge(generation, place(text), text, &mut config()).into_iter().map(letter).collect()
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// The text, what becomes of its lines since 1.3, and what before.
const TABLE: &[(&str, &str, &str)] = &[
    ("router bgp 65000\n neighbor VTEP allowas-in 1\nexit\n", "kk.", "kk."),
    ("router bgp 65001\n neighbor VTEP allowas-in 1\nexit\n", "2k.", "2k."),
    ("router bgp 65001 vrf vrf_b\n bgp router-id 10.0.0.1\nexit\n", "kk.", "kk."),
    ("router isis core\n is-type level-1\nexit\n", "kk.", "kk."),
    ("vrf vrf_a\n vni 1000\n ip route 10.0.0.0/8 blackhole\nexit-vrf\n", "kkk.", "kkkk"),
    ("vrf vrf_a\n vni 1005\n!\n", "kv.", "kv."),
    ("interface eth1\n isis metric 5\nexit\ninterface eth2\n ip ospf area 0\nexit\n", "kk.kk.", "kk.kk."),
    // The top level.
    ("! note\n# note\nip nht resolve-via-default\nlog syslog debugging\n", "..tt", "..tt"),
    ("ip prefix-list A permit 10.0.0.0/8\nip prefix-list A seq 5 permit 10.0.0.0/8\n", "sk", "sk"),
    ("access-list A seq 5 permit any\nipv6 prefix-list A seq 5 permit ::/0\naccess-list A permit any\n", "kks", "kks"),
    ("bgp community-list standard A permit 1:1\n", "k", "k"),
    ("interface eth1\n description up! now\nexit\n", "k!.", "k!."),
    // Route-maps.
    ("route-map MAP_VTEP_IN deny 5\n match evpn vni 7\nexit\n", "bk.", "bk."),
    ("route-map MAP_VTEP_IN permit 5\nexit\n", "k.", "k."),
    ("route-map OWN permit 5\n set metric 1\nexit\n", "kk.", "kk."),
    ("route-map OWN permit 5\n set metric 1\nroute-map OWN permit 10\n", "kkk", "uuu"),
    // Blocks without an end.
    ("vrf vrf_a\n ip route 10.0.0.0/8 blackhole\nip route 10.9.0.0/16 blackhole\n", "kkg", "kkk"),
    ("vrf vrf_a\n ip route 10.0.0.0/8 blackhole\nexit\nip route 10.9.0.0/16 blackhole\n", "kk.t", "kk.g"),
    ("router bgp 65000\n neighbor VTEP allowas-in 1\nip route 10.9.0.0/16 blackhole\n", "kkg", "kkk"),
    (
        "route-map OWN permit 5\n set metric 1\n!\nrouter bgp 65000\n neighbor VTEP allowas-in 1\nexit\n",
        "kk.kkc",
        "uu.ku.",
    ),
    // Address families.
    (
        "router bgp 65000\n address-family ipv4 unicast\n  network 10.0.0.0/8\n exit-address-family\n address-family ipv6 \
         unicast\n  redistribute kernel\n exit-address-family\nexit\n",
        "kkk.kk..",
        "kkk.kk..",
    ),
    (
        "router bgp 65000\n address-family l2vpn evpn\n  advertise-svi-ip\n exit-address-family\n bgp cluster-id 1.1.1.1\nexit\n",
        "kkk.k.",
        "kkk.k.",
    ),
    (
        "router bgp 65000\n address-family ipv4 unicast\n  network 10.0.0.0/8\n exit-address-family\n bgp cluster-id 1.1.1.1\nexit\n",
        "kkk.a.",
        "kkk.k.",
    ),
];

#[test]
fn what_becomes_of_each_line() {
    for (text, since, before) in TABLE {
        assert_eq!(fates(Generation::Templates, text), *since, "since 1.3: {text}");
        assert_eq!(fates(Generation::Late, text), *before, "up to 1.2: {text}");
    }
}

#[test]
fn lines_stand_in_the_blocks_that_are_generated() {
    let text = "router bgp 65000\n bgp cluster-id 1.1.1.1\n address-family l2vpn evpn\n  advertise-svi-ip\n \
                exit-address-family\nexit\nvrf vrf_a\n vni 7\nexit-vrf\n";
    for generation in [Generation::Templates, Generation::Fabrics] {
        let mut config = config();
        merge(generation, place(text), text, &mut config);
        let router = &config.routers["bgp 65000"];
        let trimmed =
            |lines: &[Line]| -> Vec<String> { texts(lines).into_iter().map(|line| line.trim().into()).collect() };
        assert_eq!(trimmed(&router.lines), ["neighbor VTEP peer-group", "bgp cluster-id 1.1.1.1"]);
        assert_eq!(trimmed(&router.families["l2vpn evpn"]), ["advertise-all-vni", "advertise-svi-ip"]);
        assert_eq!(trimmed(&config.vrfs["vrf_a"])[..2], ["vni 1000", "vni 7"]);
    }
}

#[test]
fn entries_of_route_maps_are_numbered_behind_the_generated_ones() {
    let text = "route-map OWN deny 40\n match tag 3\nexit\nroute-map MAP_VTEP_IN deny 10\n match tag 4\nexit\n\
                route-map OWN permit 20\nexit\n";
    let mut since = config();
    merge(Generation::Templates, place(text), text, &mut since);
    let headers: Vec<_> = texts(&since.custom).into_iter().filter(|line| line.starts_with("route-map")).collect();
    assert_eq!(headers, ["route-map MAP_VTEP_IN deny 2", "route-map OWN deny 1", "route-map OWN permit 2"]);
    let mut before = config();
    merge(Generation::Late, place(text), text, &mut before);
    let actions = |map: &str| before.maps[map].iter().map(|entry| entry.action).collect::<Vec<_>>();
    assert_eq!((actions("OWN"), actions("MAP_VTEP_IN")), (vec!["deny", "permit"], vec!["permit", "deny"]));
}

#[test]
fn up_to_1_2_a_list_entry_takes_the_place_of_the_generated_one() {
    let text = "ip prefix-list only_default seq 1 permit 10.0.0.0/8\n";
    let mut config = config();
    merge(Generation::Late, place(text), text, &mut config);
    let lists: Vec<_> = config.lists.values().map(|line| line.text.as_str()).collect();
    assert_eq!(lists, ["ip prefix-list only_default seq 1 permit 10.0.0.0/8"]);
}

#[test]
fn any_text_is_merged() {
    let text = "exit-address-family\nexit\naddress-family \nrouter bgp\nrouter \nvrf \nroute-map permit 1\n\
                route-map  permit x\nip prefix-list  seq 1 \n\r\n address-family l2vpn evpn\n  x\nexit-vrf\n!\u{e9}\n";
    for generation in [Generation::First, Generation::Early, Generation::Late, Generation::Fabrics, Generation::Newest]
    {
        let told = merge(generation, place(text), text, &mut config());
        assert_eq!(told.len(), text.lines().filter(|line| !line.trim().is_empty()).count());
    }
}
