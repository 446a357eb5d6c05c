//! Text that would be a command, markup or a colour, in every name that the languages allow, through every format.

use super::read;
use crate::{cli::FORMATS, support::tree::Tree};
use clap::ValueEnum as _;
use evpnlint::report::Format;
use serde_json::Value;

/// What begins a command of a CI system, markup, an escape or an end of whatever is around it.
const HOSTILE: [&str; 12] = [
    "::error::x",
    "%0A::error::x",
    "##[add-matcher]x",
    "###vso[task.setvariable]x",
    "<script>x</script>&amp;]]>",
    "\u{1b}[31mx\u{7}\u{9b}2J",
    "\u{202e}x\u{2066}\u{200b}",
    "[x](http://x.example/)",
    "{0}x",
    "@all`x``",
    "x\"}=1,y",
    "x:y,z%0D%",
];

/// A name, or a word of a line, cannot hold all of it.
fn word(hostile: &str) -> String {
    hostile.replace([' ', '\n'], "")
}

/// A fabric in which each of them is a node's folder, a host name, a description and the name of a route map, a prefix list,
/// a peer group, a VRF, a port, a VNI's interface, a vnet, a zone and a guest.
fn fabric() -> Tree {
    let mut tree = Tree::new();
    for (number, hostile) in HOSTILE.iter().enumerate() {
        // A folder may even hold the end of a line.
        let node = format!("{}\n{number}", hostile.replace('/', "_"));
        let name = word(hostile);
        let frr = format!(
            "hostname {name}\n{name} is unknown\nvrf {name}\n vni 10{number}\nexit-vrf\ninterface eth0\n description {hostile}\n \
             ip address 10.0.{number}.1/24\nexit\nrouter bgp 65001\n neighbor {name} peer-group\n \
             neighbor 10.0.{number}.2 remote-as 65002\n neighbor 10.0.{number}.2 description {hostile}\n \
             neighbor 10.0.{number}.2 route-map {name} in\n neighbor 10.0.{number}.2 {name} x\n\
             exit\nroute-map {name}-a permit 10\n match ip address prefix-list {name}\nexit\n! {hostile}\n"
        );
        let interfaces = format!(
            "auto {name}\niface {name}\n    vxlan-id {number}\n    {name} x\n\nauto br{number}\niface br{number}\n    \
             bridge-ports {name}-port\n    # {hostile}\n\nauto eth1\niface eth1\n    mtu 1500\n\nauto eth1.5\niface eth1.5\n    \
             vlan-raw-device eth1\n    mtu 9000\n    alias {hostile}\n"
        );
        let vnets = format!(
            "vnet: {name}\n\tzone {name}\n\ttag 10\n\talias {hostile}\n\nvnet: v{number}\n\tzone none{name}\n\ttag 9\n"
        );
        tree = tree
            .with(format!("{node}/etc/frr/frr.conf"), frr)
            .with(format!("{node}/etc/network/interfaces"), interfaces)
            .with(format!("{node}/etc/pve/sdn/vnets.cfg"), vnets)
            .with(
                format!("{node}/etc/pve/sdn/zones.cfg"),
                format!("evpn: {name}\n\tcontroller {name}\n\tvrf-vxlan 1\n"),
            );
    }
    tree
}

/// Lines behind blanks and colours, as a CI system looks at them.
#[track_caller]
fn obeys_none(what: &str, text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{what}: {line}");
        let after = line.match_indices("##").map(|(at, _)| line[at..].trim_start_matches('#'));
        for rest in after {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            assert!(!rest.starts_with('['), "{what}: {line}");
        }
    }
}

/// A text without what stands in spans of code, in which Markdown sees nothing else.
fn outside_of_code(text: &str) -> String {
    use pulldown_cmark::{Event, Parser};
    let seen = Parser::new(text).filter_map(|event| match event {
        Event::Text(text) => Some(text.to_string()),
        Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
        Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => panic!("a link to {dest_url}"),
        _ => None,
    });
    seen.collect()
}

#[test]
fn text_of_a_configuration_stays_text() {
    let tree = fabric();
    let ran: Vec<(&str, String)> = FORMATS
        .iter()
        .map(|format| {
            let ran = tree.run(&["-f", format, "--select", "all", "--all", "."]);
            obeys_none("standard error", &ran.ends(1).err);
            (*format, ran.out)
        })
        .collect();
    let text = |format: Format| {
        let name = format.to_possible_value().unwrap().get_name().to_owned();
        ran.iter().find(|(own, _)| *own == name).unwrap().1.clone()
    };
    for (format, text) in &ran {
        match *format {
            "github" => {}
            _ => obeys_none(format, text),
        }
    }
    let (findings, _) = read(text);
    assert!(findings > 60, "{findings}");

    let json: Value = serde_json::from_str(&text(Format::Json)).unwrap();
    let messages = json["findings"].as_array().unwrap().iter();
    let messages: String = messages.map(|own| own["message"].as_str().unwrap().to_owned() + "\n").collect();
    for quoted in ["::error::", "##[add-matcher]", "<script>", "](http", "{0}", "@all`", "\"}=1"] {
        assert!(messages.contains(quoted), "no message quotes {quoted}: {messages}");
    }

    for line in text(Format::Github).lines() {
        let (command, rest) = line.split_once(' ').unwrap();
        assert!(["::error", "::warning", "::notice"].contains(&command), "{line}");
        let (properties, _) = rest.split_once("::").unwrap();
        let keys: Vec<&str> = properties.split(',').map(|own| own.split_once('=').unwrap().0).collect();
        assert!(
            keys == ["file", "line", "endLine", "col", "endColumn", "title"]
                || keys == ["file", "line", "endLine", "title"],
            "{line}"
        );
    }

    let sarif: Value = serde_json::from_str(&text(Format::Sarif)).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!message.contains("](") && !message.contains("{0}"), "{message}");
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/%".contains(c)), "{uri}");
    }

    let rdjson: Value = serde_json::from_str(&text(Format::Rdjson)).unwrap();
    for own in rdjson["diagnostics"].as_array().unwrap() {
        for line in own["message"].as_str().unwrap().lines() {
            let seen = outside_of_code(line);
            assert!(!seen.contains('@') && !seen.contains("http"), "{line}");
        }
    }

    for line in text(Format::Prometheus).lines().filter(|line| !line.starts_with("# ")) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<u64>().is_ok(), "{line}");
        let Some((_, labels)) = name.split_once('{') else { continue };
        // Outside values nothing is left but names, equals signs and commas.
        let (mut is_value, mut is_escaped, mut outside) = (false, false, String::new());
        for c in labels.strip_suffix('}').unwrap().chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if is_value => is_escaped = true,
                '"' => is_value = !is_value,
                _ if !is_value => outside.push(c),
                _ => {}
            }
        }
        assert!(!is_value && outside.chars().all(|c| c.is_ascii_lowercase() || "_=,".contains(c)), "{line}");
    }
}
