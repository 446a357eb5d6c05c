//! Adopting an estate: the baseline, and ignores.

use crate::support::tree::{Ran, Tree};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, fs};

/// How many nodes the estate has.
const NODES: usize = 300;
/// How many findings each node has by itself.
const OWN: usize = 6;
/// How many faults several nodes have alike.
const SHARED: usize = 149;
/// How many nodes have the largest of them, and the port that is too small.
const MOST: usize = 67;

/// What a node's files hold, piece by piece.
#[derive(Clone)]
struct Node {
    name: String,
    /// The prefix lists that it names and does not have.
    lists: Vec<String>,
    /// The AS that it expects of its neighbour.
    expects: usize,
    /// Pairs of VLANs: the port, and whether it is smaller than its VLAN.
    ports: Vec<(&'static str, bool)>,
}

impl Node {
    fn of(at: usize) -> Self {
        let name = format!("leaf{at:03}");
        let mut lists: Vec<String> = (0..OWN).map(|own| format!("{name}-own-{own}")).collect();
        // The first is had by many, each other one by three.
        lists.extend((0..SHARED).filter(|fault| has(*fault, at)).map(|fault| format!("shared-{fault}")));
        let ports = vec![("ens1", at < MOST), ("ens2", false)];
        Self { name, lists, expects: 65_000 + (at ^ 1), ports }
    }

    fn frr(&self, at: usize) -> String {
        let (own, peer) = (
            format!("10.{}.{}.{}", at / 2 / 64, at / 2 % 64, at % 2),
            format!("10.{}.{}.{}", at / 2 / 64, at / 2 % 64, 1 - at % 2),
        );
        let mut text = format!(
            "frr version 10.3\nfrr defaults datacenter\nhostname {}\n!\ninterface eth0\n ip address {own}/31\nexit\n!\n\
             router bgp {}\n neighbor {peer} remote-as {}\nexit\n!\n",
            self.name,
            65_000 + at,
            self.expects
        );
        for (number, list) in self.lists.iter().enumerate() {
            let _ =
                write!(text, "route-map ALL permit {}\n match ip address prefix-list {list}\nexit\n!\n", number + 10);
        }
        text
    }

    fn interfaces(&self) -> String {
        let mut text = "auto lo\niface lo inet loopback\n\n".to_owned();
        for (port, is_small) in &self.ports {
            let below = if *is_small { 1500 } else { 9216 };
            let _ = write!(
                text,
                "auto {port}\niface {port}\n    mtu {below}\n\nauto {port}.10\niface {port}.10\n    vlan-id 10\n    \
                 vlan-raw-device {port}\n    mtu 9000\n\n"
            );
        }
        text
    }
}

/// Whether a node has a shared fault.
fn has(fault: usize, at: usize) -> bool {
    if fault == 0 { at < MOST } else { (0..3).any(|step| (fault * 2 + step * 50) % NODES == at) }
}

/// The estate, on disk.
struct Estate {
    tree: Tree,
    nodes: Vec<Node>,
}

impl Estate {
    fn new() -> Self {
        let estate = Self { tree: Tree::new(), nodes: (0..NODES).map(Node::of).collect() };
        (0..NODES).for_each(|at| estate.write(at));
        estate
    }

    fn write(&self, at: usize) {
        let node = &self.nodes[at];
        fs::write(self.tree.at(format!("{}/etc/frr/frr.conf", node.name)), node.frr(at)).unwrap();
        fs::write(self.tree.at(format!("{}/etc/network/interfaces", node.name)), node.interfaces()).unwrap();
    }

    /// Changes one node, and undoes that after the run.
    fn changed(&mut self, at: usize, change: impl FnOnce(&mut Node)) -> Report {
        let before = self.nodes[at].clone();
        change(&mut self.nodes[at]);
        self.write(at);
        let report = self.check();
        self.nodes[at] = before;
        self.write(at);
        report
    }

    fn check(&self) -> Report {
        let outputs = ["-o", "human=told.human", "-o", "github=told.github", "-o", "sarif=told.sarif"];
        let arguments = [&["check", "--baseline", "evpnlint-baseline.json", "-f", "json"], &outputs[..], &["."]];
        let report = Report::of(self.tree.run(&arguments.concat()));
        report.is_the_same_everywhere(|format| fs::read_to_string(self.tree.at(format!("told.{format}"))).unwrap());
        report
    }
}

/// A JSON report, with how the program ended.
struct Report {
    ran: Ran,
    json: Value,
}

impl Report {
    fn of(ran: Ran) -> Self {
        let json = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.err));
        Self { ran, json }
    }

    /// The rule, the members and the message of each finding.
    fn findings(&self) -> Vec<(&str, Vec<&str>, &str)> {
        let text = |value: &'_ Value| value.as_str().unwrap().to_owned().leak() as &str;
        let all = self.json["findings"].as_array().unwrap().iter();
        let members = |own: &Value| own["members"].as_array().unwrap().iter().map(text).collect();
        all.map(|own| (text(&own["rule"]), members(own), text(&own["message"]))).collect()
    }

    /// What is new is the same to people, to GitHub's pull requests and to its code scanning.
    fn is_the_same_everywhere(&self, text: impl Fn(&str) -> String) {
        let (human, github) = (text("human"), text("github"));
        let sarif: Value = serde_json::from_str(&text("sarif")).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let heads = human.lines().filter(|line| line.starts_with(char::is_alphabetic)).count();
        let all = self.json["findings"].as_array().unwrap();
        assert_eq!(
            (heads, github.lines().count(), results.len()),
            (all.len(), all.len(), all.len()),
            "{human}{github}"
        );
        for (own, result) in all.iter().zip(results) {
            let (rule, severity) = (own["rule"].as_str().unwrap(), own["severity"].as_str().unwrap());
            let (path, line) = (own["place"]["path"].as_str().unwrap(), &own["place"]["line"]);
            assert!(human.contains(&format!("{severity}[{rule}]\n")), "{human}");
            assert!(human.contains(&format!("[{path}:{line}:")), "{human}");
            let path = path.trim_start_matches("./");
            let command = format!("::{severity} file={path},line={line},");
            let is_it = |told: &str| told.starts_with(&command) && told.contains(&format!(",title={rule}::"));
            assert!(github.lines().any(is_it), "{github}");
            assert_eq!((&result["ruleId"], &result["properties"]["members"]), (&own["rule"], &own["members"]));
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!((place["artifactLocation"]["uri"].as_str(), &place["region"]["startLine"]), (Some(path), line));
            assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"], own["fingerprint"]);
        }
    }

    fn count(&self, key: &str) -> u64 {
        self.json["summary"][key].as_u64().unwrap()
    }
}

#[test]
fn an_estate_is_adopted_and_only_what_is_new_is_told() {
    let mut estate = Estate::new();
    let whole = Report::of(estate.tree.run(&["check", "-f", "json", "."]));
    whole.ran.ends(1);
    let findings = whole.findings();
    let grouped = findings.iter().filter(|(_, members, _)| members.len() > 1).count();
    assert!(findings.len() >= 1_950 && grouped == SHARED + 1, "{} findings, {grouped} grouped", findings.len());
    estate.tree.run(&["check", "--write-baseline", "."]).ends(0).says("evpnlint-baseline.json");

    let same = estate.check();
    same.ran.ends(0);
    assert_eq!((same.findings(), same.count("stale_in_baseline")), (vec![], 0));
    let entries = same.count("hidden_by_baseline");
    assert_eq!(entries as usize, findings.iter().map(|(_, members, _)| members.len()).sum::<usize>());

    // A session is broken.
    let report = estate.changed(8, |node| node.expects = 64_999);
    report.ran.ends(1);
    let found = report.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].1.as_slice()), ("asn-mismatch", &["leaf008 remote-as of leaf009"][..]));

    // A node joins an old group.
    let report = estate.changed(200, |node| node.lists.push("shared-0".to_owned()));
    report.ran.ends(1);
    let found = report.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, ["leaf200 ip prefix-list shared-0"]);
    assert!(found[0].2.contains("is used on leaf200 and defined nowhere"), "{}", found[0].2);
    assert_eq!(report.json["findings"][0]["place"]["node"], "leaf200");
    assert_eq!(report.count("stale_in_baseline"), 0);

    // One port's MTU is lowered beside an old one.
    let report = estate.changed(3, |node| node.ports[1].1 = true);
    let found = report.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].1.as_slice()), ("mtu-vlan-above-parent", &["leaf003 ens2.10"][..]));

    // The first member of a group is mended.
    let report = estate.changed(0, |node| node.lists.retain(|list| list != "shared-0"));
    report.ran.ends(0);
    assert_eq!((report.findings(), report.count("stale_in_baseline")), (vec![], 1));

    // Lines move, and comments come.
    let path = estate.tree.at("leaf001/etc/frr/frr.conf");
    let text = fs::read_to_string(&path).unwrap();
    let (head, maps) = text.split_once("route-map").unwrap();
    fs::write(&path, format!("! a comment\n\nroute-map{maps}{head}")).unwrap();
    let report = estate.check();
    report.ran.ends(0);
    assert_eq!((report.findings(), report.count("stale_in_baseline")), (vec![], 0));

    // A node's folder is deleted.
    fs::remove_dir_all(estate.tree.path().join("leaf000")).unwrap();
    let report = estate.check();
    report.ran.ends(0);
    let gone = findings.iter().flat_map(|(_, members, _)| members).filter(|own| own.starts_with("leaf000 ")).count();
    assert_eq!((report.findings(), report.count("stale_in_baseline")), (vec![], gone as u64));
    let ran = estate.tree.run(&["check", "--baseline", "evpnlint-baseline.json", "-v", "."]);
    ran.ends(0).says("match nothing:\n  ").says("reference-undefined: leaf000 ip prefix-list leaf000-own-0");
}

/// Two unknown lines, which are two findings.
const UNKNOWN: &str = "hostname leaf1\nsome command of the future\nanother command of the future\n";

#[test]
fn a_baseline_is_named_in_the_configuration() {
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", UNKNOWN).with("evpnlint.toml", "baseline = \"known.json\"\n");
    tree.run(&["."]).ends(2).says("known.json").says("--write-baseline");
    tree.run(&["--write-baseline", "."]).ends(0).says("2 entries written");
    let failing = ["--fail-on", "info"];
    let run = |arguments: &[&str]| tree.run(&[&failing, arguments].concat());
    run(&["."]).ends(0).says("2 entries of the baseline are still there");
    run(&["--no-ignores", "."]).ends(1);
    let first = fs::read_to_string(tree.at("known.json")).unwrap();
    assert!(first.contains("\"leaf1 another command of the future\""), "{first}");
    tree.run(&["check", "--write-baseline=known.json", "."]).ends(0);
    assert_eq!(fs::read_to_string(tree.at("known.json")).unwrap(), first, "the same input gives the same bytes");
    // From another folder the same is known.
    run(&["leaf1"]).ends(0);
    tree.run(&["check", "--write-baseline=leaf1/etc/frr/frr.conf", "."]).ends(2).says("is not a baseline");
    assert_eq!(fs::read_to_string(tree.at("leaf1/etc/frr/frr.conf")).unwrap(), UNKNOWN);
    for (text, why) in
        [("{", "EOF"), ("{\"version\":2,\"findings\":{}}", "version 1"), ("{\"version\":1,\"found\":{}}", "found")]
    {
        fs::write(tree.at("known.json"), text).unwrap();
        tree.run(&["."]).ends(2).says("known.json is not a baseline").says(why);
    }
    let hostile = "{\"version\":1,\"findings\":{\"\\u001b[31mx\":[\"\\u202e\\u0007\"]}}";
    fs::write(tree.at("known.json"), hostile).unwrap();
    run(&["-v", "."]).ends(1).says("1 entry of the baseline matches nothing");
}

#[test]
fn a_comment_covers_the_next_statement_and_its_block() {
    let frr = "hostname leaf1\n! evpnlint: ignore[line-unknown] our vendor's\nrouter bgp 65001\n unknown in it\n \
               address-family l2vpn evpn\n  unknown further in\n exit-address-family\nexit\nunknown behind it\n";
    let interfaces = "auto lo\niface lo inet loopback\n\n# evpnlint: ignore[bridge-port-undefined] made by hand\nauto br7\n\
                      # evpnlint: ignore[bridge-port-undefined] made by hand\niface br7\n    bridge-ports vxlan7\n";
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", frr).with("leaf1/etc/network/interfaces", interfaces);
    let ran = tree.run(&["-f", "concise", "."]);
    let told: Vec<&str> = ran.ends(1).out.lines().collect();
    assert!(told[0].contains("frr.conf:9:1: ") && told[0].contains("\"unknown behind it\""), "{}", ran.out);
    assert!(told[1].contains("interfaces:4:") && told[1].contains("[ignore-unused]"), "{}", ran.out);
    assert_eq!(told.len(), 2, "{}", ran.out);
    ran.says("3 ignored by evpnlint.toml and comments");
    let ran = tree.run(&["-f", "concise", "--no-ignores", "."]);
    assert_eq!(ran.out.lines().filter(|line| line.contains("[line-unknown]")).count(), 3, "{}", ran.out);
    assert!(!ran.out.contains("[ignore-"), "{}", ran.out);
}

#[test]
fn entries_say_what_and_until_when() {
    let config = "[[ignore]]\nrule = \"line-unknown\"\nsubject = \"leaf1 some *\"\nreason = \"new FRR\"\n\n[[ignore]]\n\
                  rule = \"line-unknown\"\npath = \"frr/*.conf\"\nnode = \"leaf*\"\nreason = \"in March\"\nuntil = 2027-03-31\n\n\
                  [[ignore]]\nrule = \"asn-mismatch\"\nnode = \"leaf1\"\nreason = \"mended\"\n";
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", UNKNOWN).with("evpnlint.toml", config);
    let rules = |arguments: &[&str]| -> Vec<String> {
        let report = Report::of(tree.run(&[&["-f", "json", "--today"], arguments].concat()));
        report.findings().iter().map(|(rule, ..)| (*rule).to_owned()).collect()
    };
    assert_eq!(rules(&["2027-03-31", "."]), ["ignore-unused"]);
    let late = BTreeSet::from_iter(rules(&["2027-04-01", "."]));
    assert_eq!(
        late.iter().map(String::as_str).collect::<Vec<_>>(),
        ["ignore-expired", "ignore-unused", "line-unknown"]
    );
    // Whoever gives a part of what lies there cannot say what is of no use.
    assert_eq!(rules(&["2027-03-31", "leaf1"]), Vec::<String>::new());
    tree.run(&["--today", "2027-02-29", "."]).ends(2).says("not a day of the calendar");
    fs::write(tree.at("evpnlint.toml"), "[[ignore]]\nrule = \"line-unknwon\"\nnode = \"leaf1\"\nreason = \"x\"\n")
        .unwrap();
    let ran = tree.run(&["-f", "human", "."]);
    assert!(ran.ends(1).out.contains("did you mean line-unknown?"), "{}", ran.out);
}

#[test]
fn ignores_are_written_for_what_is_found() {
    let tree = Tree::broken();
    tree.run(&["--add-ignore", " ", "."]).ends(2).says("wants a reason");
    tree.run(&["--add-ignore", "until \"March\"\nat least", "."]).ends(0).says("1 entry added");
    tree.run(&["."]).ends(0).says("1 ignored by evpnlint.toml");
    let text = fs::read_to_string(tree.at("evpnlint.toml")).unwrap();
    assert!(
        text.starts_with("[[ignore]]\nrule = \"asn-mismatch\"\nsubject = \"leaf1 remote-as of leaf2\"\n"),
        "{text}"
    );
    let tree = tree.with("evpnlint.toml", "# ours\n[lint]\nignore = [\"style\"]");
    tree.run(&["--add-ignore", "known", "."]).ends(0);
    let text = fs::read_to_string(tree.at("evpnlint.toml")).unwrap();
    assert!(text.starts_with("# ours\n[lint]\nignore = [\"style\"]\n\n[[ignore]]\n"), "{text}");
    let tree = tree.with("evpnlint.toml", "ignore = []\n");
    tree.run(&["--add-ignore", "known", "."]).ends(2).says("cannot add an entry");
    assert_eq!(fs::read_to_string(tree.at("evpnlint.toml")).unwrap(), "ignore = []\n");
}

#[test]
fn hostile_names_get_through_it() {
    let name = "x\u{1b}[31m::error::<b>\u{202e}\"\\";
    let frr = format!("hostname leaf1\nsome {name} line\nanother\n");
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", frr);
    for format in ["human", "concise", "json"] {
        tree.run(&["-f", format, "."]).ends(1);
    }
    tree.run(&["check", "--write-baseline", "."]).ends(0);
    tree.run(&["check", "--baseline", "evpnlint-baseline.json", "."]).ends(0);
    let text = fs::read_to_string(tree.at("evpnlint-baseline.json")).unwrap();
    assert!(!text.contains('\u{1b}') && !text.contains("\\u001b") && !text.contains('\u{202e}'), "{text}");
    tree.run(&["--add-ignore", name, "."]).ends(0);
    tree.run(&["."]).ends(0);
}
