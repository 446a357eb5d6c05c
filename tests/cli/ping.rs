//! `evpnlint ping`, and `evpnlint show --as reach` where nobody tells of hosts.

use crate::support::tree::{Ran, Tree};
use serde_json::Value;

/// A node with VNI 10, which floods to the other; the two are in subnets of their own, behind routers that are not read.
fn behind_routers(own: &str, far: &str, gateway: &str) -> String {
    format!(
        "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n    address {own}/24\n{gateway}\nauto vxlan10\niface vxlan10\n    \
         vxlan-id 10\n    vxlan-local-tunnelip {own}\n    vxlan-remoteip {far}\n\nauto br10\niface br10\n    bridge-ports \
         vxlan10\n"
    )
}

/// Two nodes on one wire.
fn pair(mtu: &str) -> Tree {
    let node = |own, far| behind_routers(own, far, mtu);
    Tree::new()
        .with("leaf1/etc/network/interfaces", node("10.0.0.1", "10.0.0.2"))
        .with("leaf2/etc/network/interfaces", node("10.0.0.2", "10.0.0.1"))
}

fn corpus(arguments: &[&str]) -> Ran {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/proxmox-guests-broken");
    Tree::new().run(&[&["ping"], arguments, &[root]].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).expect("it is JSON")
}

#[test]
fn the_size_is_that_of_ping() {
    let tree = pair("");
    let passes = tree.run(&["ping", "-M", "do", "-s", "1422", "leaf1:br10", "leaf2:br10"]).ends(0).out.clone();
    assert!(
        passes.starts_with(
            "leaf1:br10 (192.0.2.254, made up) to leaf2:br10 (192.0.2.253, made up): 1450 bytes, not to be"
        ),
        "{passes}"
    );
    assert!(passes.contains("ok    leaf1 floods VNI 10 with it, 10.0.0.2 included  [./leaf1/etc/"), "{passes}");
    assert!(passes.ends_with("passes: the reply comes back\n"), "{passes}");
    let dies = tree.run(&["ping", "-M", "do", "-s", "1472", "leaf1:br10", "leaf2:br10"]).ends(1).out.clone();
    assert!(dies.contains("FAIL  it does not fit eth0 of leaf1: 1450 bytes are left  [./leaf1/etc/network/"), "{dies}");
    assert!(dies.contains("help: raise the MTU of eth0 of leaf1 to 1550, or lower that of the overlay"), "{dies}");
    for hint in ["want", "dont"] {
        tree.run(&["ping", "-M", hint, "-s", "1472", "leaf1:br10", "leaf2:br10"]).ends(0);
    }
    pair("    mtu 1550\n").run(&["ping", "-M", "do", "-s", "1472", "leaf1:br10", "leaf2:br10"]).ends(0);
    tree.run(&["ping", "-s", "70000", "leaf1", "leaf2"]).ends(2).says("70000");
}

#[test]
fn json_says_all_of_it() {
    let tree = pair("");
    let ran = tree.run(&["ping", "leaf1:br10", "leaf2:br10", "-f", "json"]);
    let ok = json(ran.ends(0));
    assert_eq!(
        (&ok["version"], &ok["verdict"], &ok["why"], &ok["remedy"]),
        (&1.into(), &"ok".into(), &Value::Null, &Value::Null)
    );
    assert_eq!((&ok["size"], &ok["df"], &ok["from"]["made_up"]), (&84.into(), &false.into(), &true.into()));
    assert_eq!(ok["there"][1]["path"], "./leaf1/etc/network/interfaces");
    assert!(ok["there"][1]["line"].is_u64() && ok["back"].as_array().is_some_and(|back| back.len() == 3), "{ok}");
    let ran = tree.run(&["ping", "-M", "do", "-s", "1472", "leaf1:br10", "leaf2:br10", "-f", "json"]);
    let lost = json(ran.ends(1));
    assert_eq!((&lost["verdict"], &lost["back"]), (&"lost".into(), &Value::Array(vec![])));
    assert_eq!(lost["why"], "it does not fit eth0 of leaf1: 1450 bytes are left");
    assert_eq!(lost["there"][1]["ok"], false);
    assert!(lost["remedy"]["what"].is_string() && lost["remedy"]["line"].is_u64(), "{lost}");
}

#[test]
fn what_nobody_can_say_ends_with_two() {
    let tree = Tree::new()
        .with("leaf1/etc/network/interfaces", behind_routers("10.0.1.1", "10.0.2.1", "    gateway 10.0.1.254\n"))
        .with("leaf2/etc/network/interfaces", behind_routers("10.0.2.1", "10.0.1.1", "    gateway 10.0.2.254\n"));
    let ran = tree.run(&["ping", "leaf1:br10", "leaf2:br10"]);
    assert!(ran.ends(2).out.contains("\nunknown: nobody can say"), "{}", ran.out);
    let ran = tree.run(&["ping", "leaf1:br10", "leaf2:br10", "-f", "json"]);
    assert_eq!(json(ran.ends(2))["verdict"], "unknown");
}

#[test]
fn who_is_unknown_is_told_who_was_meant() {
    let tree = pair("");
    tree.run(&["ping", "laef1:br10", "leaf2"])
        .ends(2)
        .says("no host, guest, node or place laef1:br10; did you mean leaf1:br10?");
    tree.run(&["ping", "leaf1", "nobody"]).ends(2).says("there is no host, guest, node or place nobody\n");
    tree.run(&["ping", "-6", "leaf1", "leaf2"]).ends(2).says("leaf1 has no IPv6 address");
    tree.run(&["ping", "-4", "-6", "leaf1", "leaf2"]).ends(2);
    tree.run(&["ping", "leaf1", "leaf2", "--without", "leaf3"]).ends(2).says("leaf3");
    tree.run(&["ping", "leaf1"]).ends(2).says("<TO>");
}

#[test]
fn nodes_and_addresses_are_pinged_too() {
    let tree = pair("");
    for to in ["leaf2", "10.0.0.2"] {
        let ran = tree.run(&["ping", "-M", "do", "-s", "1472", "leaf1", to]);
        assert!(ran.ends(0).out.contains("ok    leaf2 answers\n"), "{}", ran.out);
        tree.run(&["ping", "-M", "do", "-s", "1473", "leaf1", to]).ends(1);
    }
    tree.run(&["ping", "leaf1:br10", "leaf2:br10", "--without", "leaf2"]).ends(2).says("leaf2:br10");
    let ran = tree.run(&["ping", "leaf1", "10.0.0.77"]);
    assert!(ran.ends(1).out.contains("FAIL  nobody answers for 10.0.0.77\n"), "{}", ran.out);
    assert!(ran.out.contains("help: give 10.0.0.77 to somebody on that wire\n"), "{}", ran.out);
}

#[test]
fn guests_have_a_name_and_a_number() {
    for guest in ["db1", "101", "101:net0"] {
        corpus(&["-M", "do", "-s", "1422", guest, "pve2:vnet1"]).ends(0);
        let ran = corpus(&["-M", "do", "-s", "1472", guest, "pve2:vnet1"]);
        assert!(ran.ends(1).out.contains("FAIL  the port of db1 drops it silently: MTU 1450  ["), "{}", ran.out);
        assert!(ran.out.contains("help: lower the MTU of db1 to 1450 with `qm set 101 --net0 '"), "{}", ran.out);
    }
    let ran = corpus(&["db1", "outside"]);
    assert!(ran.ends(1).out.contains("help: choose an exit node for the zone"), "{}", ran.out);
    let ran = corpus(&["db1", "pve2:vnet1", "--move", "101=pve2"]);
    assert!(!ran.ends(0).out.contains("VNI 11001"), "the two are on one bridge: {}", ran.out);
    corpus(&["db1", "pve2:vnet1", "--move", "999=pve2"]).ends(2).says("there is no host 999");
}

#[test]
fn a_host_of_the_user_is_pinged_by_its_name() {
    let host = |name: &str, node: &str, ip: &str| {
        format!(
            "[[host]]\nname = \"{name}\"\nnode = \"{node}\"\nbridge = \"br10\"\naddress = \"{ip}/24\"\nmtu = 9000\n"
        )
    };
    let tree = pair("").with("evpnlint.toml", host("web1", "leaf1", "10.9.0.1") + &host("web2", "leaf2", "10.9.0.2"));
    let ran = tree.run(&["ping", "web1", "web2"]);
    assert!(ran.ends(0).out.starts_with("web1 (10.9.0.1) to web2 (10.9.0.2): 84 bytes\nthere\n"), "{}", ran.out);
    tree.run(&["ping", "web1", "10.9.0.2"]).ends(0);
    let ran = tree.run(&["ping", "web1", "web2", "--move", "web2=leaf1"]);
    assert!(!ran.ends(0).out.contains("VNI"), "{}", ran.out);
}

#[test]
fn reach_takes_a_place_for_each_vni_where_nobody_tells_of_hosts() {
    let tree = pair("");
    let text = tree.run(&["show", "--as", "reach"]).ends(0).out.clone();
    assert!(text.contains("leaf1:br10  leaf2:br10  ipv4    ok     ok    lost"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    let bridge = |at: u32| {
        format!(
            "auto vx{at}\niface vx{at}\n    vxlan-id {at}\n    vxlan-local-tunnelip 10.0.0.1\n\nauto b{at}\niface b{at}\n    bridge-ports vx{at}\n\n"
        )
    };
    let many: String = (100..170).map(bridge).collect();
    let lo = "auto lo\niface lo inet loopback\n    address 10.0.0.1/32\n\n";
    let tree = Tree::new().with("leaf1/etc/network/interfaces", lo.to_owned() + &many);
    let ran = tree.run(&["show", "--as", "reach"]);
    assert!(ran.ends(0).out.ends_with("64 of 70 guests and places are shown\n"), "{}", ran.out);
    let ran = tree.run(&["show", "--as", "reach", "-f", "json"]);
    assert_eq!(json(ran.ends(0))["cut"], serde_json::json!({ "shown": 64, "of": 70 }));
}
