//! `show` and `why`.

use crate::support::tree::Tree;

#[test]
fn a_node_is_shown_as_frr_keeps_it() {
    let frr = "frr version 8.4.4\nhostname leaf1 \n! a note\nrouter bgp 65001\n no bgp default ipv4-unicast\n \
               bgp router-id 10.0.0.1\n nei VTEP peer\n neighbor VTEP remote-as external\n neighbor VTEP password hunter2\n \
               neighbor 10.0.0.9 timers 1 3\n neighbor 10.0.0.2 peer-group VTEP\n neighbor 10.0.0.2 pasword hunter3\n \
               neighbor VTEP allowas-in\nexit\nroute-map M permit 10\nexit\nrouter bgp 65001\n bgp router-id 10.0.0.2\n \
               neighbor VTEP bfd\n no neighbor VTEP bfd\n address-family l2vpn evpn\n  neighbor VTEP activate\n  \
               advertise-svi-ip\n  neighbor VTEP send-community extended\n";
    let tree = Tree::broken().with("leaf1/etc/frr/frr.conf", frr);
    let ran = tree.run(&["show", "--as", "effective", "--node", "leaf1"]);
    assert_eq!(
        ran.ends(0).out,
        "frr version 8.4.4\nhostname leaf1\nrouter bgp 65001\n no bgp default ipv4-unicast\n bgp router-id 10.0.0.2\n \
         neighbor VTEP peer-group\n neighbor VTEP remote-as external\n neighbor VTEP password *******\n neighbor 10.0.0.2 \
         peer-group VTEP\n address-family ipv4 unicast\n  neighbor VTEP allowas-in\n  neighbor VTEP send-community extended\n \
         exit-address-family\n address-family l2vpn evpn\n  neighbor VTEP activate\n exit-address-family\nexit\n!\nroute-map \
         M permit 10\nexit\n!\n"
    );
    let ran = tree.run(&["show", "--as", "effective", "--node", "leaf1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.ends(0).out).expect("it is JSON");
    let of =
        |number: u64| json["lines"].as_array().unwrap().iter().find(|line| line["line"] == number).unwrap().clone();
    assert_eq!((&of(6)["fate"], &of(6)["by"]["line"]), (&"overwritten".into(), &18.into()));
    assert_eq!((&of(7)["text"], &of(7)["fate"]), (&"neighbor VTEP peer-group".into(), &"kept".into()));
    let why = of(10)["why"].as_str().unwrap().to_owned();
    assert!(of(10)["fate"] == "refused" && why.contains("does not exist"), "{why}");
    assert_eq!((&of(12)["fate"], &of(12)["block"][0]), (&"unrecognised".into(), &"router bgp 65001".into()));
    assert_eq!(
        (&of(19)["fate"], &of(19)["by"]["line"], &of(20)["fate"]),
        (&"removed".into(), &20.into(), &"done".into())
    );
    assert_eq!(of(23)["fate"], "dropped");
    assert_eq!(of(24)["block"][1], "address-family ipv4 unicast");
    assert!(!ran.out.contains("hunter"));
    tree.run(&["show", "--as", "effective", "--node", "leaf11"]).ends(2).says("did you mean leaf1?");
    tree.run(&["show", "--as", "effective", "--node", "spine"]).ends(2).says("there is: leaf1, leaf2");
}

/// Two VTEPs with an iBGP session and one VNI, of which the second may have another line in its instance.
fn pair(more: &str) -> Tree {
    let node = |own: &str, peer: &str, more: &str| {
        format!(
            "frr version 8.4.4\nrouter bgp 65000\n bgp router-id {own}\n neighbor {peer} remote-as 65000\n{more} \
             address-family l2vpn evpn\n  neighbor {peer} activate\n  advertise-all-vni\n exit-address-family\nexit\n"
        )
    };
    let interfaces = |own: &str| {
        format!(
            "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n    address {own}/24\n    mtu 9000\n\nauto vxlan100\n\
             iface vxlan100\n    vxlan-id 100\n    vxlan-local-tunnelip {own}\n\nauto br100\niface br100\n    bridge-ports \
             vxlan100\n"
        )
    };
    Tree::new()
        .with("leaf1/etc/frr/frr.conf", node("10.0.0.1", "10.0.0.2", ""))
        .with("leaf1/etc/network/interfaces", interfaces("10.0.0.1"))
        .with("leaf2/etc/frr/frr.conf", node("10.0.0.2", "10.0.0.1", more))
        .with("leaf2/etc/network/interfaces", interfaces("10.0.0.2"))
}

#[test]
fn what_is_predicted_is_shown() {
    let tree = pair("");
    let shown = |form: &str| tree.run(&["show", "--as", form]).ends(0).out.clone();
    let line = |form: &str, node: &str| {
        let all = shown(form);
        let line = all.lines().find(|line| line.starts_with(node)).expect("the node is there").to_owned();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("sessions", "leaf1"), "leaf1 default 10.0.0.2 leaf2 up ipv4 unicast, l2vpn evpn");
    assert_eq!(line("vnis", "leaf2"), "leaf2 100 L2 default 10.0.0.2 10.0.0.1");
    assert_eq!(shown("routes").lines().count(), 1);
    assert_eq!(tree.run(&["show", "--as", "vnis", "--node", "leaf1"]).out.lines().count(), 2);
    tree.run(&["show", "--as", "vnis", "--node", "leaf3"]).ends(2).says("there is no node leaf3; did you mean leaf");
    let json = tree.run(&["show", "--as", "sessions", "--format", "json"]).ends(0).out.clone();
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((&json["sessions"][0]["state"], &json["sessions"][0]["line"]), (&"up".into(), &4.into()));
}

#[test]
fn what_one_failure_takes_away_is_shown() {
    let tree = pair("");
    let text = tree.run(&["show", "--as", "resilience"]).ends(0).out.clone();
    assert!(text.contains("leaf1 eth0 – leaf2 eth0  leaf2"), "{text}");
    let json = tree.run(&["show", "--as", "resilience", "--format", "json"]).ends(0).out.clone();
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let vni = &json["resilience"][0];
    assert_eq!((&vni["vnis"][0], &vni["vteps"][1]), (&100.into(), &"leaf2".into()));
    let loss = &vni["packets"]["losses"][0];
    assert_eq!((&vni["packets"]["state"], &loss["by"]["kind"]), (&"cut".into(), &"link".into()));
    assert_eq!((&loss["by"]["ends"][1]["interface"], &loss["off"][0][0]), (&"eth0".into(), &"leaf2".into()));
    assert_eq!((&vni["routes"]["state"], &vni["routes"]["direct"]), (&"direct".into(), &1.into()));
    assert!(vni["packets"]["ways"][0]["ways"].is_null());
    // With bonds nothing is lost but the switch between them, which no file tells of.
    let bonded = |tree: Tree, node: &str, own: &str| {
        let port = |name: &str| format!("auto {name}\niface {name}\n\n");
        let interfaces = format!(
            "auto lo\niface lo inet loopback\n\n{}{}auto bond0\niface bond0\n    address {own}/24\n    bond-slaves eth0 eth1\n    mtu \
             9000\n\nauto vxlan100\niface vxlan100\n    vxlan-id 100\n    vxlan-local-tunnelip {own}\n\nauto br100\niface br100\n    \
             bridge-ports vxlan100\n",
            port("eth0"),
            port("eth1")
        );
        tree.with(format!("{node}/etc/network/interfaces"), interfaces)
    };
    let tree = bonded(bonded(tree, "leaf1", "10.0.0.1"), "leaf2", "10.0.0.2");
    let text = tree.run(&["show", "--as", "resilience", "--node", "leaf1"]).ends(0).out.clone();
    assert!(text.contains("any one    nothing that files tell"), "{text}");
}

#[test]
fn why_tells_every_step_or_the_one_that_fails() {
    let good = pair("");
    let prints = |tree: &Tree, arguments: &[&str], code: i32, text: &str| {
        let ran = tree.run(&[&["why", "leaf1", "leaf2"], arguments].concat());
        assert!(ran.ends(code).out.contains(text), "{}", ran.out);
        assert!(!ran.out.contains("hunter2"));
    };
    prints(&good, &["--vni", "100"], 0, "leaf1 floods VNI 100 to 10.0.0.2");
    prints(&good, &["--vni", "200"], 1, "leaf2 has no VNI 200");
    prints(&good, &["--vrf", "red"], 1, "leaf2 has no VRF red with an L3VNI");
    good.run(&["why", "leaf1", "leaf2", "--vni", "0"]).ends(2).says("0 is no VNI");
    good.run(&["why", "leaf1", "leaf2"]).ends(2).says("--vni");
    good.run(&["why", "leaf1", "leaf9", "--vni", "100"]).ends(2).says("leaf9");
    let bad = pair(" neighbor 10.0.0.1 password hunter2\n");
    for text in ["the passwords of leaf1 and leaf2 differ", "leaf2/etc/frr/frr.conf:5", "help: "] {
        prints(&bad, &["--vni", "100"], 1, text);
    }
    let json = bad.run(&["why", "leaf1", "leaf2", "--vni", "100", "--format", "json"]).ends(1).out.clone();
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["arrives"], false);
}

/// Three tenants on two borders, of which the second may have another line in VRF shared.
fn hub(more: &str, config: &str) -> Tree {
    let node = |own: &str, peer: &str, asn: u32, other: u32, shared: &str| {
        let vrf = |name: &str, lines: &str| {
            format!(
                "router bgp {asn} vrf {name}\n address-family ipv4 unicast\n  redistribute connected\n{lines} \
                 exit-address-family\n address-family l2vpn evpn\n  advertise ipv4 unicast\n exit-address-family\nexit\n"
            )
        };
        format!(
            "frr version 10.3\nvrf red\n vni 5000\nexit-vrf\nvrf shared\n vni 7000\nexit-vrf\nvrf blue\n vni 6000\nexit-vrf\n\
             router bgp {asn}\n bgp router-id {own}\n no bgp ebgp-requires-policy\n neighbor {peer} remote-as {other}\n \
             address-family l2vpn evpn\n  neighbor {peer} activate\n  advertise-all-vni\n exit-address-family\nexit\n{}{}{}",
            vrf("red", ""),
            vrf("shared", shared),
            vrf("blue", if shared.contains("red") { "" } else { "  import vrf shared\n" })
        )
    };
    let red = "  import vrf red\n";
    Tree::new()
        .with("b1/etc/frr/frr.conf", node("10.0.0.1", "10.0.0.2", 65001, 65002, red))
        .with("b2/etc/frr/frr.conf", node("10.0.0.2", "10.0.0.1", 65002, 65001, more))
        .with("evpnlint.toml", config)
}

#[test]
fn tenants_are_shown_with_the_lines_that_join_them() {
    let shown =
        |tree: &Tree, more: &[&str]| tree.run(&[&["show", "--as", "tenants"], more].concat()).ends(0).out.clone();
    let tree = hub("", "");
    let text = shown(&tree, &[]);
    let squeezed: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(squeezed[..4], ["from \\ to blue red shared", "blue - -", "red leaks leaks", "shared leaks -"]);
    let text = text.replace("[./", "[");
    let way = text.split("red leaks into blue through shared\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert_eq!(
        way,
        "  b1 takes routes of VRF red into BGP  [b1/etc/frr/frr.conf:22]\n  b1 leaks VRF red into VRF shared  \
         [b1/etc/frr/frr.conf:31]\n  b1 tells what is in VRF shared in type-5 routes  [b1/etc/frr/frr.conf:34]\n  b1 exports \
         VRF shared with 65001:7000  [b1/etc/frr/frr.conf:6]\n  b2 imports *:7000 into VRF shared, which has it from its \
         L3VNI  [b2/etc/frr/frr.conf:6]\n  b2 leaks VRF shared into VRF blue  [b2/etc/frr/frr.conf:39]"
    );
    let json: serde_json::Value = serde_json::from_str(&shown(&tree, &["--format", "json"])).expect("it is JSON");
    let far =
        json["leaks"].as_array().unwrap().iter().find(|leak| leak["from"] == "red" && leak["to"] == "blue").unwrap();
    assert_eq!((&far["through"][0], &far["sure"], &far["allowed"]), (&"shared".into(), &true.into(), &json["none"]));
    assert_eq!((&far["steps"][1]["node"], &far["steps"][1]["line"]), (&"b1".into(), &31.into()));
    assert_eq!(json["tenants"][0], serde_json::json!({ "name": "blue", "vrfs": ["blue"], "l3vnis": [6000] }));
    let near = shown(&tree, &["--node", "b1"]);
    assert!(near.contains("red leaks into shared") && !near.contains("shared leaks into blue"), "{near}");
    assert_eq!(shown(&pair(""), &[]), "0 tenants, none of which leaks into another\n");
}

#[test]
fn leaks_are_allowed_by_name() {
    let entry =
        |from: &str, to: &str| format!("[[allow-leak]]\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"told so\"\n");
    let checked =
        |config: &str| hub("", config).run(&["--complete", "--fail-on", "never", "-f", "concise"]).ends(0).out.clone();
    let told = checked("");
    assert!(told.contains("red get into VRF blue through shared, though no line joins them"), "{told}");
    let both = entry("red", "shared") + &entry("shared", "blue");
    let told = checked(&both);
    assert!(told.contains("red get into VRF blue through shared, which no [[allow-leak]]"), "{told}");
    let near = checked(&entry("shared", "*"));
    assert!(near.contains("red get into VRF shared, which no") && !near.contains("through"), "{near}");
    let all = both + &entry("r*", "b*");
    assert!(!checked(&all).contains("leak"), "{}", checked(&all));
    let told = checked(&(all + &entry("blue", "red")));
    assert!(told.contains("evpnlint.toml:13:1: info[allow-leak-unused] no route of blue gets into VRF red"), "{told}");
    let text = hub("", &entry("red", "shared")).run(&["show", "--as", "tenants"]).ends(0).out.clone();
    assert!(text.contains("red leaks into shared, allowed: told so"), "{text}");
    hub("", "[[allow-leak]]\nfrom = \"red\"\nto = \"blue\"\n").run(&[]).ends(2).says("missing field `reason`");
}
