//! `evpnlint ping --all-ways`: every one of several equal ways.

use crate::support::tree::Tree;
use serde_json::Value;
use std::fmt::Write as _;

/// A port: its name, its address, and the rest of its block.
type Port = (String, String, &'static str);

/// A node that runs OSPF over all its ports, which are ends of point-to-point links.
fn node(tree: Tree, name: &str, loopback: &str, ports: &[Port], more: [&str; 2]) -> Tree {
    let mut interfaces = format!("auto lo\niface lo inet loopback\n    address {loopback}/32\n");
    let mut frr = "interface lo\n ip ospf area 0\nexit\n".to_owned();
    for (port, address, rest) in ports {
        let _ = write!(interfaces, "\nauto {port}\niface {port}\n    address {address}/31\n{rest}");
        let _ = write!(
            frr,
            "interface {port}\n ip ospf area 0\n ip ospf network point-to-point\n ip ospf mtu-ignore\nexit\n"
        );
    }
    let frr = format!("{frr}router ospf\n ospf router-id {loopback}\nexit\n{}", more[1]);
    tree.with(format!("{name}/etc/network/interfaces"), interfaces + more[0])
        .with(format!("{name}/etc/frr/frr.conf"), frr)
}

const SMALL: &str = "    mtu 1400\n";
const LARGE: &str = "    mtu 9216\n";

/// Two leaves with VNI 10 and so many spines between them. `mtu` is that of the port of a leaf to a spine, both from 1.
pub(super) fn fabric(
    spines: usize,
    mtu: impl Fn(usize, usize) -> &'static str,
    of_spine: impl Fn(usize) -> &'static str,
) -> Tree {
    let mut tree = Tree::new();
    for leaf in 1..=2 {
        let (own, far) = (format!("10.0.0.{leaf}"), format!("10.0.0.{}", 3 - leaf));
        let port = |spine| (format!("swp{spine}"), format!("10.1.{spine}.{}", 2 * leaf), mtu(leaf, spine));
        let ports: Vec<Port> = (1..=spines).map(port).collect();
        let vni = format!(
            "\nauto vxlan10\niface vxlan10\n    vxlan-id 10\n    vxlan-local-tunnelip {own}\n    vxlan-remoteip {far}\n    mtu 9000\n\n\
             auto br10\niface br10\n    bridge-ports vxlan10\n    mtu 9000\n"
        );
        tree = node(tree, &format!("leaf{leaf}"), &own, &ports, [&vni, ""]);
    }
    for spine in 1..=spines {
        let port = |leaf| (format!("swp{leaf}"), format!("10.1.{spine}.{}", 2 * leaf + 1), LARGE);
        let ports: Vec<Port> = (1..=2).map(port).collect();
        tree = node(tree, &format!("spine{spine}"), &format!("10.0.1.{spine}"), &ports, ["", of_spine(spine)]);
    }
    tree
}

pub(super) fn large(_: usize, _: usize) -> &'static str {
    LARGE
}

pub(super) fn nothing(_: usize) -> &'static str {
    ""
}

const ASK: [&str; 4] = ["ping", "leaf1:br10", "leaf2:br10", "--all-ways"];

/// What the program says, and in JSON.
fn ask(tree: &Tree, more: &[&str], code: i32) -> (String, Value) {
    let text = tree.run(&[&ASK, more].concat()).ends(code).out.clone();
    let json = tree.run(&[&ASK, more, &["-f", "json"]].concat()).ends(code).out.clone();
    (text, serde_json::from_str(&json).expect("it is JSON"))
}

/// The blocks of a text that begin with a line that starts so.
fn blocks<'t>(text: &'t str, head: &str) -> Vec<&'t str> {
    let starts: Vec<usize> = text.match_indices(head).map(|(at, _)| at).collect();
    let end = |at: usize| ["\nthere", "\nback"].iter().filter_map(|next| text[at..].find(next)).min();
    starts.into_iter().map(|at| end(at + 1).map_or(&text[at..], |end| &text[at..at + end + 2])).collect()
}

#[test]
fn every_way_is_shown_with_its_hops_and_their_lines() {
    let (text, json) = ask(&fabric(2, large, nothing), &[], 0);
    for (head, from, to) in [("there", 1, 2), ("back", 2, 1)] {
        let ways = blocks(&text, &format!("{head}, way "));
        assert_eq!(ways.len(), 2, "{text}");
        for (way, spine) in ways.iter().zip(1..) {
            let hops = format!(
                "ok    leaf{from} sends it by swp{spine} to spine{spine}  [./leaf{from}/etc/network/interfaces:{}]\n\
                 ok    spine{spine} sends it by swp{to} to leaf{to}  [./spine{spine}/etc/network/interfaces:{}]\n",
                5 * spine + 1,
                5 * to + 1
            );
            assert!(way.starts_with(&format!("{head}, way {spine} of 2\n")) && way.contains(&hops), "{way}\n{hops}");
        }
        assert_eq!(json["ways"][head]["of"], 2);
        assert_eq!(json["ways"][head]["shown"][1]["steps"][2]["line"], 11);
    }
    assert!(text.ends_with("passes: the reply comes back, over all 2 ways there and 2 back\n"), "{text}");
    assert_eq!((&json["verdict"], &json["version"]), (&"ok".into(), &1.into()));
    let (text, json) = ask(&fabric(1, large, nothing), &[], 0);
    assert!(text.contains("\nthere\n") && text.ends_with("\npasses: the reply comes back\n"), "{text}");
    assert_eq!(json["ways"]["back"]["of"], 1);
    let plain = fabric(2, large, nothing).run(&["ping", "leaf1:br10", "leaf2:br10", "-f", "json"]).ends(0).out.clone();
    assert!(!plain.contains("ways") && !plain.contains("spine"), "{plain}");
}

#[test]
fn a_way_that_loses_the_packet_is_told_from_one_that_does_not() {
    // leaf2 is sent what its port to spine2 is too small for; what it sends itself is in pieces.
    let tree = fabric(2, |leaf, spine| if (leaf, spine) == (2, 2) { SMALL } else { LARGE }, nothing);
    ask(&tree, &[], 0);
    let (text, json) = ask(&tree, &["-s", "1400"], 1);
    let ways = blocks(&text, "there, way ");
    assert!(!ways[0].contains("FAIL") && ways[0].contains("leaf2:br10 takes it"), "{text}");
    let fails = "ok    leaf1 sends it by swp2 to spine2  [./leaf1/etc/network/interfaces:11]\nok    spine2 sends it by swp2 to leaf2  [./spine2/etc/network/interfaces:11]\nFAIL  swp2 of leaf2 drops it \
                 silently: MTU 1400  [./leaf2/etc/network/interfaces:13]\n";
    assert!(ways[1].ends_with(fails), "{text}");
    assert!(blocks(&text, "back, way ").iter().all(|way| way.contains("ok    leaf1:br10 takes it")), "{text}");
    let end = "does not always pass: 1 of 2 ways lose it there, and 0 of 2 back\nhelp: raise the MTU of swp2 of leaf2";
    assert!(text.contains(end), "{text}");
    assert_eq!(
        (&json["verdict"], &json["there"][2]["what"]),
        (&"partial".into(), &"leaf1 sends it by swp2 to spine2".into())
    );
    assert_eq!((&json["ways"]["there"]["lost"], &json["ways"]["back"]["lost"]), (&1.into(), &0.into()));
    assert!(json["ways"]["there"]["shown"][0]["remedy"].is_null(), "{json}");
    assert_eq!(json["ways"]["there"]["shown"][1]["remedy"]["line"], 13);
    let plain = tree.run(&["ping", "leaf1:br10", "leaf2:br10", "-s", "1400"]).ends(1).out.clone();
    assert!(plain.contains("of several equal ways some lose it: swp2 of leaf2 drops it silently"), "{plain}");
    let back = tree.run(&["ping", "leaf2:br10", "leaf1:br10", "-s", "1400", "--all-ways"]).ends(1).out.clone();
    assert!(back.contains("0 of 2 ways lose it there, and 1 of 2 back\n"), "{back}");
    let (text, _) = ask(&fabric(2, |leaf, _| if leaf == 2 { SMALL } else { LARGE }, nothing), &["-s", "1400"], 1);
    assert!(text.contains("\nlost: no reply comes back\n") && !text.contains("back, way"), "{text}");
    let (text, _) = ask(&fabric(2, |leaf, _| if leaf == 1 { SMALL } else { LARGE }, nothing), &["-s", "1400"], 1);
    assert!(text.contains("\none way: the request arrives, and the reply is lost\n"), "{text}");
}

#[test]
fn a_router_that_passes_nothing_on_is_on_half_of_the_ways() {
    let tree = fabric(2, large, |spine| if spine == 2 { "no ip forwarding\n" } else { "" });
    // A node sends from the address of the port that it sends by: the subnet of that port is behind one spine alone.
    for (ends, [lost_back, of_back]) in [(["leaf1:br10", "leaf2:br10"], [1, 2]), (["leaf1", "leaf2"], [0, 1])] {
        let text = tree.run(&[&["ping", "--all-ways"], &ends[..]].concat()).ends(1).out.clone();
        let end = format!("does not always pass: 1 of 2 ways lose it there, and {lost_back} of {of_back} back\n");
        assert!(text.contains(&end), "{text}");
        let ways = [blocks(&text, "there, way "), blocks(&text, "back, way ")].concat();
        for way in ways.iter().filter(|way| way.contains("way 2 of 2")) {
            let end = way.find("sends it by swp2 to spine2").map(|at| &way[at..]);
            assert!(
                end.is_some_and(|end| end
                    .lines()
                    .nth(1)
                    .is_some_and(|line| line.starts_with("FAIL  spine2 does not forward"))),
                "{text}"
            );
        }
        assert_eq!((text.matches("FAIL").count(), text.matches("help: ").count()), (1 + lost_back, 1), "{text}");
    }
}

#[test]
fn of_many_ways_those_that_fail_are_shown_first() {
    let tree = fabric(20, |leaf, spine| if (leaf, spine) == (2, 20) { SMALL } else { LARGE }, nothing);
    let (text, json) = ask(&tree, &["-s", "1400"], 1);
    assert!(text.contains("there, way 1 of 20\n") && text.contains("there: 4 more are not shown\n"), "{text}");
    assert!(blocks(&text, "there, way 1 ")[0].contains("FAIL  swp20 of leaf2"), "{text}");
    assert_eq!(json["ways"]["there"]["shown"].as_array().map(Vec::len), Some(16));
    assert_eq!((&json["ways"]["there"]["of"], &json["ways"]["there"]["cut"]), (&20.into(), &false.into()));
}

#[test]
fn several_links_to_one_node_are_several_ways() {
    let port = |at: usize, end: usize| {
        (format!("swp{at}"), format!("10.1.{at}.{end}"), if (at, end) == (2, 1) { SMALL } else { LARGE })
    };
    let tree = node(Tree::new(), "leaf1", "10.0.0.1", &[port(1, 0), port(2, 0)], ["", ""]);
    let tree = node(tree, "leaf2", "10.0.0.2", &[port(1, 1), port(2, 1)], ["", ""]);
    let text = tree.run(&["ping", "leaf1", "leaf2", "-s", "1400", "--all-ways"]).ends(1).out.clone();
    assert!(
        text.contains("ok    leaf1 sends it by swp1 to leaf2") && text.contains("FAIL  swp2 of leaf2 drops it"),
        "{text}"
    );
    assert!(text.contains("1 of 2 ways lose it there, and 0 of 1 back"), "{text}");
    tree.run(&["ping", "leaf1", "leaf2", "--all-ways"]).ends(0);
}

/// Thirteen pairs of routers, one behind the other, are 8,192 ways.
#[test]
fn more_ways_than_are_followed_leave_a_doubt() {
    const STAGES: usize = 13;
    let mut tree = Tree::new();
    let name = |stage: usize, side: usize| format!("r{stage}{}", ["a", "b"][side]);
    let sides = |stage: usize| if stage == 0 || stage > STAGES { 1 } else { 2 };
    for stage in 0..=STAGES + 1 {
        for side in 0..sides(stage) {
            let link = |stage: usize, near: usize, far: usize, end: usize| {
                (format!("swp{stage}{near}{far}"), format!("10.1.{stage}.{}", 4 * near + 2 * far + end), LARGE)
            };
            let up = (0..if stage > STAGES { 0 } else { sides(stage + 1) }).map(|far| link(stage, side, far, 0));
            let down = (0..if stage == 0 { 0 } else { sides(stage - 1) }).map(|near| link(stage - 1, near, side, 1));
            let ports: Vec<Port> = up.chain(down).collect();
            tree = node(tree, &name(stage, side), &format!("10.0.{side}.{}", stage + 1), &ports, ["", ""]);
        }
    }
    let last = name(STAGES + 1, 0);
    tree.run(&["ping", &name(0, 0), &last]).ends(0);
    let text = tree.run(&["ping", &name(0, 0), &last, "--all-ways"]).ends(2).out.clone();
    assert!(
        text.contains("unknown: there are more than 4096 ways, and none of those that were followed loses it\n"),
        "{text}"
    );
    assert!(text.contains("there: 4080 more are not shown, nor are those that were not followed\n"), "{text}");
}
