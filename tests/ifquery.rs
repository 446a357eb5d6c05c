//! What we read is what ifupdown2 reads: the parse tree of `ifquery` against our model, on examples of our own; and what
//! it refuses we refuse, on lines made from its own list of attributes, with slips in them. Skipped, with a word, where
//! ifupdown2 is not installed, or where no network namespace may be made for it.

use crate::support::{files, one_of};
use evpnlint::{
    lang,
    model::{Cluster, FaultKind, Node},
    source::Sources,
};
use fastrand::Rng;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};
use tempfile::NamedTempFile;

const EXAMPLES: [&str; 6] = [
    "auto lo\niface lo inet loopback\n    address 192.0.2.1/32\n    vxlan-local-tunnelip 192.0.2.1\n",
    "auto swp[1-3]\niface swp[1-3]\n    mtu 9216\n\nauto swp4.100\niface swp4.100\n    address 10.0.0.1/24\n    vrf RED\n",
    "auto a\niface a\n    address 10.0.0.1\n    netmask 255.255.255.0\n    mtu 1400\n    mtu 9000\n    address 10.0.0.2/24\n",
    "iface late\n    mtu 1500\nauto late\n\nauto br0\niface br0 inet static\n\taddress 10.1.0.1/24\n\tbridge_ports a \\\n\t\tb c\n\
     \tbridge_stp off\n    # a note \\\n    mtu 1600\n\tbridge_vlan_aware yes\n",
    "auto vx\r\niface vx\r\n  vxlan_id   77\r\n  vxlan-local-tunnelip\t192.0.2.1\r\n  vxlan-remoteip 192.0.2.2\r\n\
       vxlan-remoteip 192.0.2.3\r\n",
    "auto x y\niface x inet dhcp\n    hwaddress 02:00:00:00:00:01\niface y\n    vlan-raw-device br0\n    vlan-id 20\n\
     auto z\niface z:1\n    address 10.2.0.1/24\nwhat is this\niface z\n    bogus\n    address 10.2.0.2/24\n",
];

/// Runs a command of ifupdown2's on a text: what it printed, and what it said. In a network and a `/run/network` of its
/// own, so that no other one that runs is in its way.
fn run(command: &str, text: &str) -> (String, String) {
    let file = NamedTempFile::new().unwrap();
    fs::write(&file, text).unwrap();
    let script = format!("mount -t tmpfs none /run/network; exec {command} -i {}", file.path().display());
    let output = Command::new("unshare").args(["-r", "-n", "-m", "sh", "-c", &script]).output();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    output.map_or_else(|_| Default::default(), |output| (text(output.stdout), text(output.stderr)))
}

/// Whether ifupdown2 is here and can run; says so if not.
fn is_here() -> bool {
    let (out, _) = run("ifquery -a -o json", "auto a\niface a\n");
    let here = serde_json::from_str::<Value>(&out).is_ok();
    if !here {
        eprintln!("skipped: ifupdown2 is not installed, or may not run here");
    }
    here
}

fn read(text: &str) -> (Cluster, Sources) {
    let sources = files::sources([("n", "etc/network/interfaces", text)]);
    (lang::read(&sources, &Default::default()), sources)
}

#[test]
fn interfaces_and_their_attributes_are_those_of_ifquery() {
    if !is_here() {
        return;
    }
    for text in EXAMPLES {
        let (out, _) = run("ifquery -a -o json", text);
        let theirs: Value = serde_json::from_str(&out).expect("it prints what it has read");
        let (cluster, _) = read(text);
        assert_eq!(ours(&cluster.nodes[0]), summarise(&theirs), "{text}\n{theirs:#}");
    }
}

/// Lines of all sorts in an order that nobody would choose, but each of a kind of interface that can have it.
fn heap(rng: &mut Rng) -> String {
    let mut text = String::new();
    let mut kind = 'a';
    for number in 1..=400 {
        let name = |kind: char, rng: &mut Rng| format!("{kind}{}", rng.usize(..12));
        let end = *one_of(rng, &[&"\n", &"\n", &"\n", &"\r\n", &"\n\n", &"\n # note\n", &"\n\t"]);
        let line = match rng.usize(..24) {
            0 => format!("auto {} {}", name('a', rng), name(*one_of(rng, &[&'v', &'b', &'l']), rng)),
            1 => format!("auto {}[{}-{}]", one_of(rng, &[&'a', &'v']), rng.usize(..6), rng.usize(..12)),
            2 => "allow-hotplug a1 v1".to_owned(),
            3 => "source /etc/network/none".to_owned(),
            4 => format!("unheard-of {number}"),
            5..=9 => {
                kind = *one_of(rng, &[&'a', &'v', &'b', &'l']);
                let family = *one_of(
                    rng,
                    &[&"", &" inet static", &" inet6 static", &" inet manual", &" inet dhcp", &" inet odd"],
                );
                match rng.usize(..8) {
                    0 => format!("iface {kind}[{}-{}]{family}", rng.usize(..6), rng.usize(..12)),
                    1 => format!("iface {}:1{family}", name(kind, rng)),
                    _ => format!("iface {}{family}", name(kind, rng)),
                }
            }
            _ => match kind {
                'a' => match rng.usize(..4) {
                    0 => format!("mtu {}", 1000 + number),
                    1 => format!("vrf V{number}"),
                    2 => format!("hwaddress 02:00:00:00:{:02x}:{:02x}", number / 256, number % 256),
                    _ => format!("address\t10.0.{}.{}/24", number / 256, number % 256),
                },
                'v' if rng.usize(..2) == 0 => format!("vxlan_id {number}"),
                'v' => format!("vxlan-remoteip   10.1.{}.{}", number / 256, number % 256),
                'b' => format!(
                    "bridge{}ports p{number}{}q{number}",
                    one_of(rng, &[&'-', &'_']),
                    one_of(rng, &[&" ", &" \\\n\n", &"\t"])
                ),
                _ => format!("vlan-raw-device w{number}"),
            },
        };
        text += &format!("{}{line}{end}", one_of(rng, &[&"", &" ", &"\t"]));
    }
    text
}

#[test]
fn heaps_of_lines_are_sorted_as_ifquery_sorts_them() {
    if !is_here() {
        return;
    }
    let mut rng = Rng::with_seed(7);
    let mut interfaces = 0;
    for number in 0..16 {
        let text = heap(&mut rng);
        let (out, _) = run("ifquery -a -o json", &text);
        let theirs: Value = serde_json::from_str(&out).expect("it prints what it has read");
        let (theirs, ours) = (summarise(&theirs), ours(&read(&text).0.nodes[0]));
        for name in theirs.keys().chain(ours.keys()) {
            assert_eq!(ours.get(name), theirs.get(name), "{name} of heap {number}:\n{text}");
        }
        interfaces += theirs.len();
    }
    eprintln!("{interfaces} interfaces in 16 heaps are alike");
}

/// A line of an interface of its own.
struct Case {
    name: String,
    value: String,
}

/// What is known of an attribute: words that it takes, kinds of words, bounds.
struct Attribute {
    name: String,
    words: Vec<String>,
    bounds: Option<(i64, i64)>,
}

/// The attributes that ifupdown2 itself lists.
fn attributes() -> Vec<Attribute> {
    let (out, _) = run("ifquery -s -o json", "");
    let modules: Value = serde_json::from_str(&out).expect("it lists its attributes");
    let strings = |value: &Value| match value {
        Value::Array(all) => all.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        Value::String(word) => vec![word.clone()],
        _ => vec![],
    };
    let all = modules.as_object().unwrap().values().flat_map(|module| module["attrs"].as_object().unwrap());
    all.map(|(name, own)| {
        let bounds: Vec<i64> = strings(&own["validrange"]).iter().filter_map(|end| end.parse().ok()).collect();
        let bounds = (bounds.len() == 2).then(|| (bounds[0], bounds[1]));
        Attribute { name: name.clone(), words: strings(&own["validvals"]), bounds }
    })
    .collect()
}

/// A value that an attribute should take.
fn value(attribute: &Attribute, rng: &mut Rng) -> String {
    let (low, high) = attribute.bounds.unwrap_or((1, 200));
    let number = (low + (rng.usize(..1000) as i64) * (high - low) / 1000).to_string();
    let Some(word) = (!attribute.words.is_empty()).then(|| &attribute.words[rng.usize(..attribute.words.len())]) else {
        return number;
    };
    match word.as_str() {
        "<number>" => number,
        "<mac>" => one_of(rng, &["02:00:00:00:00:01", "ether 02-00-00-00-00-0a", "0:1:2:3:4:5"]).to_owned(),
        "<ipv4>" | "<ip>" => one_of(rng, &["10.0.0.1", "239.1.1.1"]).to_owned(),
        "<ipv6>" | "<ip6>" => one_of(rng, &["2001:db8::1", "ff05::1"]).to_owned(),
        "<ipv4/prefixlen>" => one_of(rng, &["10.0.0.1/24", "10.0.0.1", "10.0.0.1/255.255.255.0"]).to_owned(),
        "<ipv6/prefixlen>" => one_of(rng, &["2001:db8::1/64", "2001:db8::1"]).to_owned(),
        "<mac-ip/prefixlen-list>" => {
            one_of(rng, &["02:00:00:00:00:01 10.0.0.1/24 2001:db8::1/64", "0:1:2:3:4:5"]).to_owned()
        }
        "<number-ipv4-list>" => one_of(rng, &["10=10.0.0.1", "10=10.0.0.1 20=10.0.0.2"]).to_owned(),
        "<number-comma-range-list>" => one_of(rng, &["10", "10 20-29", "10,20-29", "10, 20"]).to_owned(),
        "<number-interface-list>" => one_of(rng, &["5 i1", "5 i1 i2 7 i3"]).to_owned(),
        "<interface>" | "<interface-list>" => "i1".to_owned(),
        "<interface-range-list>" => one_of(rng, &[number.as_str(), "i1=0 i2=64", "i1=16"]).to_owned(),
        "<interface-on-off-list>" => one_of(rng, &["on", "i1=on i2=off"]).to_owned(),
        "<interface-yes-no-0-1-list>" => one_of(rng, &["yes", "i1=1 i2=no"]).to_owned(),
        "<interface-disabled-automatic-enabled>" => one_of(rng, &["1", "automatic", "i1=enabled"]).to_owned(),
        "<text>" => "RED".to_owned(),
        word => word.to_owned(),
    }
}

/// The text with one slip in it.
fn slip(text: &str, rng: &mut Rng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = rng.usize(..chars.len());
    match rng.usize(..5) {
        0 if chars.len() > 1 => drop(chars.remove(at)),
        1 if at > 0 => chars.swap(at - 1, at),
        2 => chars.insert(at, *one_of(rng, &[&'x', &'9', &'.', &'-', &'o'])),
        3 => chars.extend(one_of(rng, &[" x", "0", "x", "/", "-", " # x"]).chars()),
        _ => chars[at] = *one_of(rng, &[&'z', &'0', &'=', &':']),
    }
    chars.into_iter().collect()
}

const CASES: usize = 6000;

fn cases(attributes: &[Attribute]) -> Vec<Case> {
    let mut rng = Rng::with_seed(1);
    let mut cases = vec![];
    while cases.len() < CASES {
        let attribute = &attributes[rng.usize(..attributes.len())];
        let mut case = Case { name: attribute.name.clone(), value: value(attribute, &mut rng) };
        match rng.usize(..6) {
            0 => {}
            1 => case.name = slip(&case.name, &mut rng),
            2 => case.value.clear(),
            _ => case.value = slip(&case.value, &mut rng),
        }
        let is_name = case.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_name && !["auto", "iface", "vlan", "source"].contains(&case.name.as_str()) {
            case.value = case.value.trim().to_owned();
            cases.push(case);
        }
    }
    cases
}

/// A stanza for each case. The address is there for what belongs to one, and is dropped without.
fn stanzas(cases: &[Case]) -> String {
    let stanza = |(number, case): (usize, &Case)| {
        format!("auto i{number}\niface i{number}\n address 192.0.2.1/24\n {} {}\n", case.name, case.value)
    };
    cases.iter().enumerate().map(stanza).collect()
}

/// The line in which a case stands.
fn line(number: usize) -> usize {
    4 * number + 4
}

/// What ifupdown2 refuses: a line without a value, a value that its own check says no to (it lists no check of names, so
/// that its list of attributes stands for one).
fn refused(cases: &[Case], text: &str, attributes: &[Attribute], aliases: &[String]) -> BTreeSet<usize> {
    let (_, said) = run("ifup -a -s", text);
    let named: BTreeSet<&str> =
        attributes.iter().map(|own| own.name.as_str()).chain(aliases.iter().map(String::as_str)).collect();
    let is_of_values =
        |line: &&str| line.contains("invalid value") || line.contains("out range") || line.contains("invalid literal");
    let lines: Vec<&str> = said.lines().filter(is_of_values).collect();
    let of_interfaces: BTreeSet<&str> =
        lines.iter().filter_map(|line| line.strip_prefix("warning: i")?.split(':').next()).collect();
    let by_value: BTreeSet<(&str, String)> = lines
        .iter()
        .filter_map(|line| {
            let (name, rest) = line.strip_prefix("warning: addon ")?.split_once(": ")?.1.split_once(": ")?;
            Some((name, rest.rsplit_once(": '")?.1.trim_end_matches('\'').to_owned()))
        })
        .collect();
    let no_syntax = |number: usize| said.contains(&format!(": iface i{number}: invalid syntax"));
    (0..cases.len())
        .filter(|number| {
            let case = &cases[*number];
            of_interfaces.contains(number.to_string().as_str())
                || by_value.contains(&(&case.name, case.value.clone()))
                || case.value.is_empty() && no_syntax(*number)
                || !named.contains(case.name.as_str())
        })
        .collect()
}

/// Why the two may differ: not about what happens at `ifup`, which is what we tell of.
fn excuse(case: &Case, attribute: Option<&Attribute>) -> Option<&'static str> {
    let Some(attribute) = attribute else {
        return Some("a name of Cumulus Linux, of ifupdown, of ifupdown-ng or of a later version");
    };
    let has = |word: &str| attribute.words.iter().any(|own| own.starts_with(word));
    let switches = ["yes", "no", "on", "off", "0", "1"];
    if attribute.words.is_empty() && attribute.bounds.is_none() {
        Some("its own check takes anything")
    } else if case.value.trim_start_matches('+').parse::<f64>().is_ok() && !has("<ip") {
        Some("other bounds: those of the check are not the kernel's; and fractions are ifupdown's")
    } else if switches.contains(&case.value.as_str())
        && attribute.words.iter().any(|own| switches.contains(&own.as_str()))
    {
        Some("any word for on or off is taken at ifup")
    } else if has("<interface") || has("<number-interface") {
        Some("its check wants to know the interface, which the kernel may have; and takes any word behind PORT=")
    } else if has("<ip") || has("<mac-ip") || has("<number-ipv4") {
        Some("an address of the other family, or written short")
    } else if has("<mac>") && case.value.starts_with("ether") {
        Some("only `hwaddress` takes `ether` at ifup")
    } else if has("<text>") {
        Some("its check takes any text, and ifup a name")
    } else if has("<number-comma-range-list>") {
        Some("its check takes VLANs beyond 4094, and ranges with a blank in them")
    } else {
        None
    }
}

#[test]
fn lines_are_refused_that_ifupdown2_refuses() {
    if !is_here() {
        return;
    }
    let attributes = attributes();
    let cases = cases(&attributes);
    let text = stanzas(&cases);
    let aliases =
        ["bond-ports", "bridge-trunk", "mode", "local", "endpoint", "ttl", "tunnel-physdev"].map(str::to_owned);
    let theirs = refused(&cases, &text, &attributes, &aliases);
    // A file of which so many lines come to nothing is read no further.
    let most = evpnlint::lang::LINES_IN_VAIN / 2;
    let mut ours = BTreeSet::new();
    for (part, cases) in cases.chunks(most).enumerate() {
        let (cluster, sources) = read(&stanzas(cases));
        let faults = cluster.faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::Newer { .. }));
        let lines: BTreeSet<usize> =
            faults.map(|fault| sources[fault.span.file].line_column(fault.span.start).0 as usize).collect();
        ours.extend(
            (0..cases.len()).filter(|number| lines.contains(&line(*number))).map(|number| part * most + number),
        );
    }
    let (mut same, mut excused, mut differ) = (0, BTreeMap::<&str, Vec<String>>::new(), vec![]);
    for (number, case) in cases.iter().enumerate() {
        let (us, them) = (ours.contains(&number), theirs.contains(&number));
        let told = || {
            format!("{} {}: {}", case.name, case.value, if us { "only we refuse it" } else { "only they refuse it" })
        };
        let attribute = attributes.iter().find(|own| own.name == case.name);
        match excuse(case, attribute) {
            _ if us == them => same += 1,
            Some(why) => excused.entry(why).or_default().push(told()),
            None => differ.push(told()),
        }
    }
    let mutated = cases.len();
    eprintln!("{same} of {mutated} lines are judged alike, {} differ as is known", mutated - same - differ.len());
    for (why, lines) in &excused {
        eprintln!("{:4} {why}, such as {}", lines.len(), lines[..lines.len().min(6)].join(" | "));
    }
    assert!(differ.is_empty(), "{} differ: {:#?}", differ.len(), &differ[..differ.len().min(60)]);
    assert!(same * 100 >= mutated * 90, "{same} of {mutated}");
}

/// What both can tell of an interface, by its name.
type Summary = BTreeMap<String, BTreeMap<String, Vec<String>>>;

const COMPARED: [&str; 8] =
    ["address", "mtu", "vrf", "hwaddress", "vxlan-id", "vxlan-remoteip", "bridge-ports", "vlan-raw-device"];

/// Stanzas of one interface put together: lists add up, of a stanza's scalars the first line counts, and of two stanzas
/// the last.
fn summarise(stanzas: &Value) -> Summary {
    let mut summary = Summary::new();
    for stanza in stanzas.as_array().unwrap() {
        let own = summary.entry(stanza["name"].as_str().unwrap().to_owned()).or_default();
        let attributes = stanza["config"].as_object().cloned().unwrap_or_default();
        for (attribute, value) in attributes.iter().filter(|(attribute, _)| COMPARED.contains(&attribute.as_str())) {
            let lines: Vec<&str> = match value {
                Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
                line => line.as_str().into_iter().collect(),
            };
            let lines = if is_list(attribute) { lines } else { lines[..1].to_vec() };
            let words =
                lines.iter().flat_map(|line| line.split_whitespace()).map(|word| without_length(attribute, word));
            let known = own.entry(attribute.clone()).or_default();
            if !is_list(attribute) {
                known.clear();
            }
            known.extend(words);
        }
    }
    // Without a VNI an interface is no VXLAN device, and to us has no remotes.
    summary.values_mut().filter(|own| !own.contains_key("vxlan-id")).for_each(|own| {
        own.remove("vxlan-remoteip");
    });
    summary
}

fn is_list(attribute: &str) -> bool {
    matches!(attribute, "address" | "bridge-ports" | "vxlan-remoteip")
}

/// A mask may stand on a line of its own, so that addresses are compared without.
fn without_length(attribute: &str, word: &str) -> String {
    let word = if attribute == "address" { word.split('/').next().unwrap_or(word) } else { word };
    word.to_owned()
}

fn ours(node: &Node) -> Summary {
    let links = node.links.values().filter(|link| link.auto.is_some());
    links
        .map(|link| {
            let vxlan = link.vxlan();
            let raw = match &link.kind {
                evpnlint::model::link::LinkKind::Vlan { raw: Some(raw), .. } if raw.is_written() => {
                    vec![raw.value.clone()]
                }
                _ => vec![],
            };
            let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
            let all = [
                ("address", link.addresses.iter().map(|own| own.ip.to_string()).collect()),
                ("mtu", one(link.mtu.as_ref().map(ToString::to_string))),
                ("vrf", one(link.vrf.as_ref().map(ToString::to_string))),
                ("hwaddress", one(link.hwaddress.as_ref().map(ToString::to_string))),
                ("vxlan-id", one(vxlan.and_then(|vxlan| vxlan.vni.as_ref()).map(ToString::to_string))),
                ("vxlan-remoteip", vxlan.iter().flat_map(|vxlan| &vxlan.remotes).map(ToString::to_string).collect()),
                ("bridge-ports", link.ports().iter().map(|port| port.value.clone()).collect()),
                ("vlan-raw-device", raw),
            ];
            let said = all.into_iter().filter(|(_, values)| !values.is_empty());
            (link.name.clone(), said.map(|(attribute, values)| (attribute.to_owned(), values)).collect())
        })
        .collect()
}
