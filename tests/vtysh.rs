//! FRR's own vtysh, where it is installed, as the judge of which lines there are and which blocks they stand in. Its
//! version is asked, and evpnlint is told to read as that one does.

mod graph;
mod judge;
mod modes;
mod mutate;

use crate::support::{corpus, files, run::in_sight};
use evpnlint::{discover, lang, model::FaultKind};
use judge::Vtysh;
use modes::Case;
use rayon::prelude::*;
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

/// For each mode: the lines that open it, lines that stand in it, and lines that do not.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &[
            "hostname leaf1",
            "frr defaults datacenter",
            "no ip forwarding",
            "vni 4001 prefix-routes-only",
            "ip route 10.0.0.0/8 blackhole 250",
            "ip route 10.0.0.0/8 10.0.0.1 eth0 onlink tag 7",
            "ipv6 route 2001:db8::/32 fe80::1 eth0",
            "ip prefix-list A seq 5 permit 10.0.0.0/8 ge 24 le 32",
            "bgp community-list standard C permit 65000:1",
            "bgp as-path access-list P permit ^65000$",
            "access-list A seq 5 permit 10.0.0.0/8",
            "evpn mh startup-delay 30",
            "ip nht resolve-via-default",
            "router-id 10.0.0.1",
            "service integrated-vtysh-config",
            "no router bgp 65000",
        ],
        &["ip community-list standard C permit 65000:1", "hostnam", "neighbor 10.0.0.1 activate", "ip rout 10.0.0.0/8"],
    ),
    (
        "interface eth0",
        &[
            "ip address 10.0.0.1/24",
            "ipv6 address 2001:db8::1/64",
            "ip ospf area 0.0.0.0",
            "ip ospf network point-to-point",
            "ip ospf dead-interval minimal hello-multiplier 5",
            "no ip ospf passive",
            "ipv6 ospf6 area 0",
            "ip router isis fabric",
            "ip router openfabric fabric",
            "isis metric level-2 10",
            "evpn mh es-id 1",
            "evpn mh es-sys-mac 02:00:00:00:00:01",
            "no ipv6 nd suppress-ra",
            "ipv6 nd prefix 2001:db8::/64 infinite infinite off-link",
            "vrrp 5 ip 10.0.0.254",
            "shutdown",
            "desc uplink",
        ],
        &["ip ospf network pointopoint", "ip address 10.0.0.1", "ip ospf area", "isis circuit-type level-3"],
    ),
    (
        "vrf red",
        &["vni 4001", "no vni 4001", "ip route 10.0.0.0/8 Null0", "exit-vrf"],
        &["vni", "no vni", "neighbor 10.0.0.1"],
    ),
    (
        "router bgp 65000",
        &[
            "bgp router-id 10.0.0.1",
            "no bgp default ipv4-unicast",
            "bgp bestpath as-path multipath-relax",
            "neighbor VTEP peer-group",
            "neighbor 10.0.0.2 remote-as external",
            "neighbor swp1 interface remote-as external",
            "neighbor swp1 interface v6only peer-group VTEP",
            "neighbor 10.0.0.2 ebgp-multihop",
            "no neighbor 10.0.0.2 update-source",
            "neighbor VTEP timers 1 3",
            "neighbor VTEP bfd profile fast",
            "bgp listen range 10.0.0.0/24 peer-group VTEP",
            "nei VTEP rem int",
            "address-family ipv4 unicast",
            "address-family l2vpn evpn",
            "segment-routing srv6",
        ],
        &["neighbour 10.0.0.2 remote-as 65000", "address-family evpn", "neighbor 10.0.0.2 remote-as", "ne", "a"],
    ),
    (
        "router bgp 65000\naddress-family ipv4 unicast",
        &[
            "network 10.0.0.1/32",
            "redistribute connected route-map M",
            "neighbor VTEP allowas-in origin",
            "neighbor VTEP as-override",
            "neighbor VTEP maximum-prefix 100 80 warning-only",
            "import vrf red",
            "rd vpn export 65000:1",
            "maximum-paths ibgp 8",
        ],
        &["redistribute conected", "neighbor VTEP as-overide"],
    ),
    (
        "router bgp 65000\naddress-family l2vpn evpn",
        &[
            "advertise-all-vni",
            "advertise ipv4 unicast route-map M",
            "neighbor VTEP activate",
            "neighbor VTEP attribute-unchanged next-hop",
            "default-originate ipv6",
            "dup-addr-detection max-moves 5 time 180",
            "autort rfc8365-compatible",
            "route-target import 65000:100",
            "rd 10.0.0.1:5",
            "vni 100",
        ],
        &["adv", "advertise-all-vnis", "route-target"],
    ),
    (
        "router bgp 65000\naddress-family l2vpn evpn\nvni 100",
        &["rd 10.0.0.1:100", "route-target both 65000:100", "advertise-svi-ip", "exit-vni"],
        &["rd", "advertise-all-vnis"],
    ),
    (
        "route-map M permit 10",
        &[
            "match evpn route-type multicast",
            "match evpn vni 100",
            "match ip address prefix-list A",
            "match ipv6 address prefix-list A",
            "set community 65000:1 additive",
            "set ip next-hop unchanged",
            "set local-preference +50",
            "on-match goto 30",
            "call N",
        ],
        &["match evpn route-type six", "set ip next-hop 10.0.0", "on-match"],
    ),
    (
        "router ospf",
        &[
            "ospf router-id 10.0.0.1",
            "network 10.0.0.0/24 area 0",
            "passive-interface default",
            "no passive-interface eth0",
            "area 0.0.0.1 range 10.0.0.0/8 not-advertise",
            "redistribute bgp metric 5 route-map M",
            "timers throttle spf 0 50 5000",
        ],
        &["network 10.0.0.0 0.0.0.255 area 0", "area backbone stub"],
    ),
    (
        "router ospf6",
        &["ospf6 router-id 10.0.0.1", "interface eth0 area 0", "timers throttle spf 0 50 5000"],
        &["router-"],
    ),
    (
        "router isis fabric",
        &[
            "net 49.0001.0000.0000.0001.00",
            "is-type level-2-only",
            "metric-style wide",
            "redistribute ipv4 connected level-2",
        ],
        &["is-type level-3", "fabric-tier 1"],
    ),
    ("router openfabric fabric", &["net 49.0001.0000.0000.0001.00", "fabric-tier 1"], &["is-type level-2-only"]),
    ("bfd", &["profile fast", "peer 10.0.0.2 interface eth0"], &["profile"]),
    ("bfd\nprofile fast", &["transmit-interval 300", "no shutdown", "echo-mode"], &["transmit-interval fast"]),
    ("key chain K\nkey 1", &["key-string secret", "cryptographic-algorithm hmac-sha-256"], &["key-strng secret"]),
    ("nexthop-group N", &["nexthop 10.0.0.1 eth0 onlink", "nexthop eth0"], &["nexthop"]),
    ("pbr-map P seq 10", &["match src-ip 10.0.0.0/8", "set nexthop 10.0.0.1"], &["match src-ip 10.0.0.1"]),
    ("segment-routing\nsrv6\nlocators\nlocator L", &["prefix 2001:db8::/48"], &["prefix 10.0.0.0/8"]),
    ("mpls ldp\naddress-family ipv4\ninterface eth0", &["discovery hello interval 5", "exit"], &[]),
    ("line vty", &["exec-timeout 5 0"], &["exec-timeout soon"]),
];

/// How far two judges of lines agree.
#[derive(Default)]
struct Tally {
    all: usize,
    /// Each with what vtysh says of it.
    disagree: Vec<(String, bool)>,
}

impl Tally {
    /// Asks both, many lines at a time.
    fn of(vtysh: &Vtysh, cases: &[Case]) -> Self {
        let mut tally = Self::default();
        for cases in cases.chunks(400) {
            tally.ask(vtysh, cases);
        }
        tally
    }

    fn ask(&mut self, vtysh: &Vtysh, cases: &[Case]) {
        let (text, places) = modes::file(&vtysh.version, cases);
        let Some(theirs) = vtysh.refuses(&text) else {
            // A line ends vtysh itself: it is sought, and nothing is learnt from it.
            if let [one] = cases {
                return println!("FRR {} does not survive {one:?}", vtysh.version);
            }
            let (left, right) = cases.split_at(cases.len() / 2);
            self.ask(vtysh, left);
            return self.ask(vtysh, right);
        };
        let ours = judge::refuses(&text);
        for (case, place) in cases.iter().zip(places) {
            let known = !theirs.contains(&place);
            self.add(&format!("{} > {}", case.openers.join(" > "), case.line), known, !ours.contains(&place));
        }
    }

    fn add(&mut self, line: &str, theirs: bool, ours: bool) {
        self.all += 1;
        if theirs != ours {
            self.disagree.push((line.to_owned(), theirs));
        }
    }

    /// Says how many agree; what to complain of, if they are fewer than these of 10,000.
    fn at_least(&self, wanted: usize, what: &str) -> Option<String> {
        let agree = self.all - self.disagree.len();
        println!("{what}: {agree} of {} lines agree", self.all);
        let say = |(line, theirs): &(String, bool)| {
            format!("{} {line}", if *theirs { "vtysh takes" } else { "vtysh refuses" })
        };
        if let Ok(path) = env::var("EVPNLINT_DISAGREE") {
            let lines: Vec<String> = self.disagree.iter().map(say).collect();
            fs::write(Path::new(&path).join(what.replace(' ', "-")), lines.join("\n") + "\n").unwrap();
        }
        let first: Vec<String> = self.disagree.iter().take(40).map(say).collect();
        let is_enough = agree * 10_000 >= wanted * self.all;
        (!is_enough).then(|| format!("{what}: {agree} of {} agree\n{}\n", self.all, first.join("\n")))
    }
}

/// Asks every vtysh, and fails with all that they complain of.
fn with_each(ask: impl Fn(&Vtysh) -> Option<String>) {
    let complaints: Vec<String> = Vtysh::all().iter().filter_map(ask).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn lines_are_known_or_not_as_vtysh_says() {
    with_each(|vtysh| {
        let openers = |text: &'static str| -> &'static [&'static str] {
            text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().leak()
        };
        let mut wrong = vec![];
        for (text, right, refused) in KNOWN {
            let case = |line: &&str| Case { openers: openers(text), line: (*line).to_owned() };
            let cases: Vec<Case> = right.iter().chain(*refused).map(case).collect();
            let (text, places) = modes::file(&vtysh.version, &cases);
            let (theirs, ours) = (vtysh.refuses(&text).unwrap(), judge::refuses(&text));
            for (at, (case, place)) in cases.iter().zip(places).enumerate() {
                let (theirs, ours, wanted) = (!theirs.contains(&place), !ours.contains(&place), at < right.len());
                if ours != theirs || theirs != wanted && vtysh.version == "8.4.4" {
                    wrong.push(format!("{case:?}: vtysh {theirs}, evpnlint {ours}, expected {wanted}"));
                }
            }
        }
        (!wrong.is_empty()).then(|| format!("FRR {}:\n{}", vtysh.version, wrong.join("\n")))
    });
}

/// Sentences of all commands that a vtysh has in the modes of a fabric.
fn sentences(vtysh: &Vtysh) -> Vec<Case> {
    let mut cases = BTreeSet::new();
    for (mode, command) in vtysh.commands() {
        let Some((_, openers)) = modes::MODES.iter().find(|(name, _)| *name == mode) else { continue };
        // What vtysh has in every mode and no file holds.
        let first = command.split(' ').find(|word| !matches!(*word, "[no]" | "no")).unwrap_or("");
        if matches!(first, "list" | "find" | "show" | "output" | "exit" | "quit" | "end" | "do" | "write" | "clear") {
            continue;
        }
        let (bare, forms): (&str, &[bool]) = match (command.strip_prefix("[no] "), command.strip_prefix("no ")) {
            (Some(bare), _) => (bare, &[false, true]),
            (_, Some(bare)) => (bare, &[true]),
            _ => (&command, &[false]),
        };
        for negated in forms {
            for line in graph::sentences(&graph::parse(bare), *negated) {
                let line = if *negated { format!("no {line}") } else { line };
                cases.insert(Case { openers, line });
            }
        }
    }
    cases.into_iter().collect()
}

#[test]
fn every_command_is_known() {
    with_each(|vtysh| {
        let cases = sentences(vtysh);
        Tally::of(vtysh, &cases).at_least(9_990, &format!("sentences of FRR {}", vtysh.version))
    });
}

#[test]
fn slips_are_refused_as_vtysh_refuses_them() {
    with_each(|vtysh| {
        let cases = mutate::some(&sentences(vtysh), 10_000, 1);
        Tally::of(vtysh, &cases).at_least(9_900, &format!("mutated sentences of FRR {}", vtysh.version))
    });
}

/// The texts of FRR's files below `tests/corpus`, and below `EVPNLINT_CORPUS` where that is set, each text once.
fn texts() -> BTreeSet<String> {
    let mut roots = vec![PathBuf::from(corpus::OURS)];
    if let Some(corpus) = corpus::others() {
        roots.extend(["dev", "netlab"].map(|part| corpus.join(part)));
    }
    let fabrics = roots.iter().flat_map(|root| fs::read_dir(root).into_iter().flatten().flatten());
    let mut texts = BTreeSet::new();
    for fabric in fabrics {
        let Ok(found) = discover::find(&[fabric.path()], &Default::default()) else { continue };
        let Ok(sources) = discover::load(&found) else { continue };
        let is_frr = |inner: &str| inner.starts_with("etc/frr/") && inner.ends_with(".conf");
        texts.extend(sources.iter().filter(|(_, file)| is_frr(&file.inner)).map(|(_, file)| file.text.clone()));
    }
    texts
}

/// The text as if it were written for a version. What stands behind an `exit` at the top level is not read.
fn for_version(text: &str, version: &str) -> Option<String> {
    let is_other = |line: &&str| !line.trim_start().starts_with("frr version");
    let lines: Vec<&str> = text.lines().filter(is_other).collect();
    let text = format!("frr version {version}\n{}\n", lines.join("\n"));
    let sources = files::sources([("node", "etc/frr/frr.conf", &text)]);
    let faults = lang::read(&sources, &Default::default()).faults;
    (!faults.iter().any(|fault| matches!(fault.kind, FaultKind::ExitAtTop | FaultKind::Bytes(_)))).then_some(text)
}

#[test]
fn lines_that_people_wrote_are_known_or_not_as_vtysh_says() {
    let texts: Vec<String> = texts().into_iter().collect();
    with_each(|vtysh| {
        let judge = |text: &String| {
            let text = for_version(text, &vtysh.version)?;
            let (theirs, ours) = (vtysh.refuses(&text)?, judge::refuses(&text));
            let mut tally = Tally::default();
            for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                tally.add(line.trim(), !theirs.contains(&(at + 1)), !ours.contains(&(at + 1)));
            }
            Some(tally)
        };
        let judged: Vec<Tally> = in_sight(|| texts.par_iter().filter_map(judge).collect());
        println!("FRR {}: {} files, {} of them read to the end", vtysh.version, texts.len(), judged.len());
        let mut all = Tally::default();
        for tally in judged {
            all.all += tally.all;
            all.disagree.extend(tally.disagree);
        }
        all.at_least(9_990, &format!("lines of others for FRR {}", vtysh.version))
    });
}

#[test]
fn lines_that_people_wrote_stand_in_the_blocks_that_vtysh_says() {
    let texts: Vec<String> = texts().into_iter().collect();
    with_each(|vtysh| {
        let judge = |text: &String| {
            let text = for_version(text, &vtysh.version)?;
            let (theirs, ours) = (judge::blocks(&vtysh.marked_up(&text)?), judge::blocks(&text));
            let differs = theirs.iter().zip(&ours).find(|(theirs, ours)| theirs != ours);
            Some(match differs {
                Some((theirs, ours)) => Err(format!("vtysh has {theirs}, evpnlint {ours}")),
                None if theirs.len() != ours.len() => Err(format!("{} and {} lines", theirs.len(), ours.len())),
                None => Ok(ours.len()),
            })
        };
        let judged: Vec<Result<usize, String>> = in_sight(|| texts.par_iter().filter_map(judge).collect());
        let differ: Vec<&String> = judged.iter().filter_map(|result| result.as_ref().err()).collect();
        let lines: usize = judged.iter().flatten().sum();
        println!(
            "blocks of FRR {}: {} files, {lines} lines, {} files differ",
            vtysh.version,
            judged.len(),
            differ.len()
        );
        assert!(judged.len() > 10, "vtysh takes hardly a file");
        (!differ.is_empty()).then(|| format!("blocks of FRR {}: {differ:#?}", vtysh.version))
    });
}
