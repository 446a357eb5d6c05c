//! How findings look, in every format: one rich finding made by hand, and secrets, which no format may show.

use crate::support::{
    bless, files,
    run::{check, everything, render},
};
use evpnlint::{
    finding::{Finding, Label, Member, Severity},
    options::Completeness,
    report::{self, Format, Style},
    settle::{Outcome, Selection},
    source::{File, FileId, Sources, Span},
};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;

/// Every format that shows findings, and not only how many there are.
const FORMATS: [Format; 9] = [
    Format::Human,
    Format::Concise,
    Format::Json,
    Format::Jsonl,
    Format::Github,
    Format::Sarif,
    Format::Gitlab,
    Format::Junit,
    Format::Rdjson,
];

/// The label of the nth time that some words stand in a file.
fn label(sources: &Sources, file: u32, words: &str, nth: usize, text: &str) -> Label {
    let file = FileId(file);
    let (start, _) = sources[file].text.match_indices(words).nth(nth).expect("the words are there");
    let span = Span { file, start: start as u32, end: (start + words.len()) as u32 };
    Label { span, text: text.to_owned() }
}

/// Two findings: one that touches three nodes and more places than are drawn, among them two on one line, one in a long
/// line and one behind characters of two bytes; and one with nothing but its place.
pub(crate) fn rich() -> (Outcome, Sources) {
    let mut sources = Sources::default();
    let mut add = |node: &str, text: &str| {
        let inner = "etc/frr/frr.conf";
        sources.add(File::new(format!("fabric/{node}/{inner}"), node, inner, text));
    };
    let long = "65000:1 ".repeat(60);
    add(
        "leaf1",
        "frr version 10.2\nhostname leaf1\n!\nvrf red\n vni 100\nexit-vrf\n!\nrouter bgp 65001 vrf red\n \
         ! Grüße aus Köln\n address-family l2vpn evpn\n\troute-target import 1:100 2:100\n exit-address-family\nexit\n",
    );
    add(
        "leaf2",
        &format!("vrf red\n vni 100\nexit-vrf\nrouter bgp 65002 vrf red\n route-target export {long}9:9 {long}\n"),
    );
    add("leaf3", "vni 1\nvni 2\nvni 3\nvni 4\nvni 5\n! Grüße: vni 6");
    let finding = Finding {
        rule: "asn-mismatch",
        severity: Severity::Error,
        message:
            "leaf1 imports 1:100 and 2:100 for VNI 100, which leaf2 and leaf3 do not export: no route of theirs is \
                  kept, and packets to their hosts are dropped"
                .to_owned(),
        members: vec![Member { about: "leaf1 vni 100".to_owned(), span: None }],
        primary: label(&sources, 0, "1:100", 0, "leaf1 imports this"),
        related: vec![
            label(&sources, 0, "2:100", 0, "and this, on the same line"),
            label(&sources, 0, "vni 100", 0, ""),
            label(&sources, 1, "9:9", 0, "leaf2 exports 9:9"),
            label(&sources, 2, "vni 6", 0, "behind two bytes"),
            label(&sources, 2, "vni 5", 0, "next to it"),
            label(&sources, 2, "vni 1", 0, "not drawn"),
            label(&sources, 2, "vni 3", 0, "not drawn either"),
        ],
        help: Some(
            "write `route-target import 9:9` on leaf1, or 1:100 on leaf2 and leaf3; automatic ones match each other \
                    whatever the AS"
                .into(),
        ),
        rest: None,
    };
    let bare = Finding {
        rule: "router-id-duplicate",
        severity: Severity::Info,
        message: "short".to_owned(),
        members: vec![Member { about: "leaf3".to_owned(), span: None }],
        primary: label(&sources, 2, "vni 2", 0, ""),
        related: vec![],
        help: None,
        rest: None,
    };
    let warning = Finding { severity: Severity::Warning, help: Some("or not".into()), ..bare.clone() };
    let outcome = Outcome {
        findings: vec![finding, bare, warning],
        not_run: vec![("mesh-incomplete", "needs every node")],
        nodes: 3,
        ..Outcome::default()
    };
    (outcome, sources)
}

/// `BLESS=1` writes it.
#[track_caller]
fn snapshot(name: &str, text: &str) {
    bless::snapshot(Path::new(&format!("tests/snapshots/report__{name}.snap")), text);
}

#[test]
fn human_without_colour() {
    let (outcome, sources) = rich();
    let style = Style { width: Some(100), ..Style::default() };
    snapshot("human_without_colour", &render(Format::Human, &outcome, &sources, style));
}

#[test]
fn human_on_a_narrow_terminal_with_colour_and_links() {
    let (outcome, sources) = rich();
    let style = Style { width: Some(64), colour: true, links: true, most: None };
    let text = render(Format::Human, &outcome, &sources, style).replace('\u{1b}', "␛");
    snapshot("human_on_a_narrow_terminal_with_colour_and_links", &text);
}

#[test]
fn concise() {
    let (outcome, sources) = rich();
    snapshot("concise", &render(Format::Concise, &outcome, &sources, Style::default()));
}

#[test]
fn machines_read_them_alike() {
    let (outcome, sources) = rich();
    for (name, format) in [
        ("jsonl", Format::Jsonl),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
        ("rdjson", Format::Rdjson),
        ("prometheus", Format::Prometheus),
    ] {
        snapshot(name, &render(format, &outcome, &sources, Style::default()));
    }
}

#[test]
fn sarif() {
    let (outcome, sources) = rich();
    let mut log: Value = serde_json::from_str(&render(Format::Sarif, &outcome, &sources, Style::default())).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        let page = rule["help"]["markdown"].take();
        assert!(page.as_str().unwrap().contains("\n## Good"), "{page}");
    }
    snapshot("sarif", &serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn of_many_alike_a_terminal_shows_some_and_the_worst_last() {
    let (mut outcome, sources) = rich();
    let bare = outcome.findings[1].clone();
    outcome.findings.extend(std::iter::repeat_n(bare, 7));
    let text = |most| render(Format::Human, &outcome, &sources, Style { most, ..Style::default() });
    let some = text(Some(3));
    assert_eq!(some.matches("info[router-id-duplicate]\n").count(), 3, "{some}");
    assert!(some.contains("info[router-id-duplicate]: 5 more like this (--all shows them)\n\nwarning["), "{some}");
    assert_eq!(text(None).matches("info[router-id-duplicate]\n").count(), 8);
    assert!(!text(Some(8)).contains("more like this"));
    let order: Vec<&str> =
        some.lines().filter(|line| line.starts_with(char::is_alphabetic) && line.ends_with(']')).collect();
    assert_eq!(order.last(), Some(&"error[asn-mismatch]"));
    // What is lost comes behind what loses it, wherever it stands.
    let mut lost = outcome.findings[0].clone();
    (lost.rule, lost.primary) = ("session-down", outcome.findings[0].primary.clone());
    outcome.findings.insert(0, lost);
    let text = render(Format::Human, &outcome, &sources, Style::default());
    assert!(text.find("error[asn-mismatch]").unwrap() < text.find("error[session-down]").unwrap());
}

#[test]
fn json() {
    let (outcome, sources) = rich();
    snapshot("json", &render(Format::Json, &outcome, &sources, Style::default()));
}

#[test]
fn a_page() {
    let rule = evpnlint::rules::find("asn-mismatch").expect("there is such a rule");
    for colour in [false, true] {
        let mut out = vec![];
        report::page::write(rule, Style { colour, ..Style::default() }, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.contains('\u{1b}'), colour);
        assert!(text.contains(rule.header().title) && !text.contains("```"), "{text}");
    }
}

/// The keys of an object, in order.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn json_has_the_keys_of_version_1_and_no_others() {
    let (outcome, sources) = rich();
    let report: Value = serde_json::from_str(&render(Format::Json, &outcome, &sources, Style::default())).unwrap();
    assert_eq!(keys(&report), ["findings", "not_read", "summary", "version"]);
    assert_eq!(report["version"], 1);
    assert_eq!(
        keys(&report["summary"]),
        [
            "closed",
            "errors",
            "files",
            "hidden_by_baseline",
            "hidden_by_ignores",
            "ignored",
            "infos",
            "lines",
            "nodes",
            "not_run",
            "stale_in_baseline",
            "unlisted",
            "unrecognised",
            "warnings"
        ]
    );
    assert_eq!(keys(&report["summary"]["not_run"][0]), ["rule", "why"]);
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(
            keys(finding),
            [
                "about",
                "category",
                "fingerprint",
                "help",
                "label",
                "members",
                "message",
                "place",
                "related",
                "rule",
                "severity",
                "url"
            ]
        );
        for place in places(finding) {
            assert_eq!(keys(place), ["column", "end", "end_column", "end_line", "line", "node", "path", "start"]);
        }
        for related in finding["related"].as_array().unwrap() {
            assert_eq!(keys(related), ["label", "place"]);
        }
    }
}

fn places(finding: &Value) -> Vec<&Value> {
    let related = finding["related"].as_array().unwrap().iter().map(|related| &related["place"]);
    std::iter::once(&finding["place"]).chain(related).collect()
}

#[test]
fn places_are_what_an_editor_and_a_script_would_cut_out() {
    let (outcome, sources) = rich();
    let report: Value = serde_json::from_str(&render(Format::Json, &outcome, &sources, Style::default())).unwrap();
    let labels = outcome.findings.iter().flat_map(Finding::labels);
    let places = report["findings"].as_array().unwrap().iter().flat_map(places);
    let mut count = 0;
    for (label, place) in labels.zip(places) {
        let file = &sources[label.span.file];
        let number = |key: &str| place[key].as_u64().unwrap() as usize;
        let words = sources.text(label.span);
        assert_eq!(&file.text[number("start")..number("end")], words);
        let line = file.text.lines().nth(number("line") - 1).unwrap();
        assert_eq!(number("line"), number("end_line"));
        assert_eq!(&line[number("column") - 1..number("end_column") - 1], words, "columns count from 1, in bytes");
        assert_eq!((place["path"].as_str(), place["node"].as_str()), (Some(&*file.path), Some(&*file.node)));
        count += 1;
    }
    assert_eq!(count, 10);
}

/// Every line of every file, as the place of a finding.
pub(crate) fn everywhere(sources: &Sources) -> Vec<Finding> {
    let mut findings = vec![];
    for (file, text) in sources.iter() {
        for number in 1..=text.line_count() {
            let start = text.line_start(number);
            let span = Span { file, start, end: start + text.line(number).len() as u32 };
            findings.push(Finding {
                rule: "asn-mismatch",
                severity: Severity::Info,
                message: sources.text(span).to_owned(),
                members: vec![Member { about: text.node.clone(), span: None }],
                primary: Label { span, text: sources.text(span).to_owned() },
                related: vec![],
                help: None,
                rest: None,
            });
        }
    }
    findings
}

#[test]
fn no_format_shows_a_secret() {
    let frr = "hostname leaf1\npassword 8 hunter01\npassword hunter02\nenable password hunter03\nenable password 8 hunter04\n\
        interface eth0\n ip address 10.0.0.1/24\n ip ospf authentication-key hunter05\n \
        ip ospf message-digest-key 1 md5 hunter06\n isis password md5 hunter07\n ip rip authentication string hunter08\nexit\n\
        key chain ring\n key 1\n  key-string hunter09\n exit\nexit\n\
        router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 password hunter10\n \
        neighbour 10.0.0.2 password hunter11\n neighbor 10.0.0.2 pasword password hunter12\n \
        neighbor VTEP password hunter13\n neighbor 10.0.0.2 password hunter14 hünter15\nexit\n\
        router ospf\n area 0 virtual-link 1.1.1.1 authentication-key hunter16\n \
        area 0 virtual-link 1.1.1.1 message-digest-key 1 md5 hunter17\nexit\n\
        router isis x\n area-password clear hunter18\n domain-password md5 hunter19\nexit\n\
        PASSWORD hunter20\nneighbor\tx\tpassword\thunter21\n\
        router bgp 65001\n neighbor 10.0.0.2 p hunter26\n neighbor 10.0.0.2 pw hunter27\n neigh 10.0.0.9 pas hunter28\nexit\n\
        interface eth0\n ip ospf m hunter29\n isis p hunter30\n ip nhrp authentication hunter31\n \
        ip ospf message-digest-key 1 m hunter32\n isis pass hunter33\n ip o a hunter34\nexit\n\
        router bgp 65001\n address-family l2vpn evpn\n  neighbor 10.0.0.2 send-community both\n  \
        neighbor 10.0.0.2 activate\n exit-address-family\nexit\n";
    let long = " x".repeat(5000);
    let frr = format!(
        "{frr}router bgp 65001\n neighbor 10.0.0.2 passw hunter35{long}\n neighbor 10.0.0.2 password hunter46{long}\n \
        no neighbor 10.0.0.2 password hunter47\nexit\nrouter ospf\n area 0 virtual-link 1.1.1.1 authentication-kye \
        hunter48\nexit\nkey chain ring\n key 1\n  key-sting hunter49\n  no key-string hunter50\n"
    );
    let interfaces =
        "auto eth0\niface eth0 inet static\n\taddress 10.0.0.1/24\n\twpa-psk hunter22\n\twpa-passphrase hunter23\n";
    let zones = "evpn: prod\n\tcontroller c\n\ttoken hunter24\n\tkey hunter25\n";
    let ipams = "netbox: foo\n\turl http://x\ntoken: hunter36\n\tsection 1\n\ntokne: hunter37\n\ttokne hunter38\n\n\
        phpipam: bar\n\turl http://x\n\ttoken=hunter39\nkey hunter40\n\ntokne hunter41\n\n\
        netbox: good\n\turl http://x\n\ttoken hunter51\n";
    let dns = "powerdns: foo\n\turl http://x\nkey: hunter42\n\nkey: hunter43\n\npowerdns: good\n\turl http://x\n\
        \tkey hunter52\n\ttokne hunter53\n";
    let running =
        "{\"dns\":{\"ids\":{\"p\":{\"token\":\"a\\\"hunter44\",\"type\":\"powerdns\",\"key\":\"hunter45\" \"z\":1}}}}";
    let files = [
        ("etc/frr/frr.conf", frr.as_str()),
        ("etc/network/interfaces", interfaces),
        ("etc/pve/sdn/zones.cfg", zones),
        ("etc/pve/sdn/ipams.cfg", ipams),
        ("etc/pve/sdn/dns.cfg", dns),
        ("etc/pve/sdn/.running-config", running),
    ];
    let mut sources = files::sources(files.map(|(inner, text)| ("leaf1", inner, text)));
    let secrets: Vec<String> = (1..=53)
        .map(|number| format!("nter{number:02}"))
        .inspect(|secret| assert!(sources.iter().any(|(_, file)| file.text.contains(secret)), "nobody wrote {secret}"))
        .collect();
    let mut outcome = check(&mut sources, &everything(), &Completeness::Complete.into());
    outcome.findings.extend(everywhere(&sources));
    for format in FORMATS {
        let text = render(format, &outcome, &sources, Style::default());
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{format:?} shows {secret}");
        }
        assert!(format != Format::Human || text.contains("********"));
    }
}

/// A node whose one file has a line that nobody knows, and one that leads nowhere.
fn odd(before: &str) -> Sources {
    let text = format!("{before}iface eth0\n    mtu 1500\n    mtuu 1500\n\nsource interfaces.d/*\n");
    files::sources([("leaf1", "etc/network/interfaces", text)])
}

#[test]
fn what_is_not_wanted_is_counted() {
    let count = |select: &[&str], ignore: &[&str]| {
        let choices = |words: &[&str]| words.iter().map(|word| word.parse().unwrap()).collect();
        let selection = Selection { select: choices(select), ignore: choices(ignore), ..Selection::default() };
        let outcome = check(&mut odd(""), &selection, &Completeness::Inferred.into());
        (outcome.findings.len(), outcome.ignored)
    };
    let (all, none) = count(&[], &[]);
    assert!(all > 1 && none == 0);
    assert_eq!(count(&[], &["interfaces-unsourced"]), (all - 1, 1));
    assert_eq!(count(&["interfaces-unsourced"], &[]), (1, all - 1));
    assert_eq!(count(&[], &["all"]), (0, all));
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let prints = |before: &str| -> Vec<String> {
        let outcome = check(&mut odd(before), &Selection::default(), &Completeness::Inferred.into());
        outcome.findings.iter().map(Finding::fingerprint).collect()
    };
    assert_eq!(prints(""), prints("# moved\n\n"));
}

#[test]
fn masking_never_splits_a_character() {
    let mut sources = Sources::default();
    let file = sources.add(File::new("f", "n", "f", "pä€s"));
    sources.mask(&[
        Span { file, start: 2, end: 4 },
        Span { file, start: 90, end: 99 },
        Span { file, start: 5, end: 2 },
    ]);
    assert_eq!(sources[file].text, "p*****s");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a rule points at, every format can be written.
    #[test]
    fn any_places_can_be_drawn(
        texts in proptest::collection::vec("([a-zä€\t 🦀]{0,12}\r?\n?){0,8}[a-zä€]{0,400}", 1..4),
        spans in proptest::collection::vec((any::<prop::sample::Index>(), 0u32..500, 0u32..80), 1..9),
        width in 0usize..200,
    ) {
        let mut sources = Sources::default();
        for (at, text) in texts.iter().enumerate() {
            sources.add(File::new(format!("f{at}"), "n", "f", text));
        }
        let mut labels = spans.iter().map(|(file, start, length)| Label {
            span: Span { file: FileId(file.index(texts.len()) as u32), start: *start, end: start + length },
            text: "here".to_owned(),
        });
        let finding = Finding {
            rule: "asn-mismatch",
            severity: Severity::Error,
            message: "x".to_owned(),
            members: vec![Member { about: "x".to_owned(), span: None }],
            primary: labels.next().expect("one at least"),
            related: labels.collect(),
            help: None,
            rest: None,
        };
        let outcome = Outcome { findings: vec![finding], ..Outcome::default() };
        for format in FORMATS {
            let text = render(format, &outcome, &sources, Style { width: Some(width), ..Style::default() });
            prop_assert!(!text.contains("Failed to read"), "{}", text);
            let file = &sources[outcome.findings[0].primary.span.file].path;
            prop_assert!(text.contains(file.as_str()), "{:?} does not say {}: {}", format, file, text);
        }
    }
}
