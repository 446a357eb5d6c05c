use crate::config::{Config, NAME};
use evpnlint_core::{
    model::surroundings::{Attachment, HostRoute, Surroundings, Without},
    options::Options,
    source::Sources,
};
use std::path::Path;

const ALL: &str = r#"
[[host]]
name = "web1"
node = "leaf1"
port = "swp5"
vlan = 10
address = ["10.2.10.101/24", "2001:db8:10::101/64"]
gateway = ["10.2.10.1", "2001:db8:10::1"]
mtu = 9000
silent = true
routes = ["10.0.0.0/16 via 192.168.0.3", "local 198.51.100.1 dev lo", "default via 2001:db8:10::1"]

[[host]]
name = "vm1"
node = "pve1"
port = "tap100i0"
bridge = "vnet1"
address = "10.2.10.102"
gateway = "10.2.10.1"

[[host]]
name = "db1"
node = "core"
port = "p7"

[[link]]
a = "leaf1:swp1"
b = "core:p1"

[[switch]]
name = "core"
mtu = 9216

[[expect]]
from = "web*"
to = "vrf:RED"
size = 1500
deny = true
without = "any-node"

[[expect]]
from = "outside"
to = "db1"
without = "spine1"
"#;

fn read(text: &str) -> Result<(Sources, Options), String> {
    let mut sources = Sources::default();
    let config = Config::parse(Path::new(NAME), text).map_err(|error| error.to_string())?;
    let options = config.options(&mut sources);
    Ok((sources, options))
}

#[test]
fn what_stands_around_is_read_with_its_places() {
    let (sources, options) = read(ALL).unwrap();
    let Surroundings { hosts, cables, switches, expectations, file } = options.surroundings;
    let text = |span| sources.text(span);
    let [web, vm, db] = &hosts[..] else { panic!("{hosts:?}") };
    assert_eq!((web.name.as_str(), text(web.name.span().unwrap())), ("web1", "\"web1\""));
    assert!(matches!(&web.attachment, Some(Attachment::Port(port)) if port.value == "swp5"));
    assert_eq!(web.vlan.as_ref().map(|vlan| (vlan.value, text(vlan.span().unwrap()))), Some((10, "10")));
    let second = &web.addresses[1];
    assert_eq!(
        (second.to_string().as_str(), text(second.span().unwrap())),
        ("2001:db8:10::101/64", "\"2001:db8:10::101/64\"")
    );
    assert_eq!((web.gateways.len(), web.mtu.as_ref().map(|mtu| mtu.value), web.silent), (2, Some(9000), true));
    let routes: Vec<HostRoute> = web.routes.iter().map(|route| route.value).collect();
    assert_eq!(
        routes,
        [
            HostRoute::Via("10.0.0.0/16".parse().unwrap(), "192.168.0.3".parse().unwrap()),
            HostRoute::Local("198.51.100.1/32".parse().unwrap()),
            HostRoute::Via("::/0".parse().unwrap(), "2001:db8:10::1".parse().unwrap()),
        ]
    );
    assert!(
        matches!(&vm.attachment, Some(Attachment::Bridge(bridge)) if bridge.value == "vnet1"),
        "the tap comes later"
    );
    assert_eq!(text(vm.addresses[0].span().unwrap()), "\"10.2.10.102\"");
    assert!(vm.addresses[0].is_host() && !vm.silent);
    assert!(db.attachment.is_none(), "a switch is one segment");
    let [cable] = &cables[..] else { panic!("{cables:?}") };
    assert_eq!((cable.a.to_string(), cable.b.to_string()), ("leaf1:swp1".to_owned(), "core:p1".to_owned()));
    assert_eq!(text(cable.span.unwrap()), "\"leaf1:swp1\"\nb = \"core:p1\"");
    assert_eq!((switches[0].name.as_str(), switches[0].mtu.as_ref().map(|mtu| mtu.value)), ("core", Some(9216)));
    let shown = |at: usize| format!("{} {}", *expectations[at].from, *expectations[at].to);
    assert_eq!((shown(0), shown(1)), ("web* vrf:RED".to_owned(), "outside db1".to_owned()));
    assert_eq!((expectations[0].size, expectations[0].deny), (Some(1500), true));
    assert_eq!(expectations[0].without, Some(Without::AnyNode));
    assert_eq!(expectations[1].without, Some(Without::Node("spine1".to_owned())));
    assert_eq!((file.is_some(), sources.len()), (true, 1));
}

#[test]
fn a_file_that_tells_nothing_of_it_is_no_source() {
    let (sources, options) = read("[fabric]\ncomplete = true\n").unwrap();
    assert!(sources.is_empty() && options.surroundings.is_empty() && options.surroundings.file.is_none());
}

/// The error of a text, with what its carets point at.
fn refused(text: &str) -> (String, String) {
    let error = read(text).map(|_| ()).unwrap_err();
    let lines: Vec<&str> = error.lines().collect();
    let at = lines.iter().position(|line| line.trim_start_matches([' ', '|']).starts_with('^')).expect(&error);
    let (start, end) = (lines[at].find('^').unwrap(), lines[at].len());
    (lines[at - 1].get(start..end).unwrap_or("").to_owned(), error)
}

#[test]
fn errors_of_form_point_at_the_word() {
    let host = |rest: &str| format!("[[host]]\nname = \"web1\"\nnode = \"leaf1\"\nport = \"swp5\"\n{rest}\n");
    let expect = |rest: &str| format!("[[expect]]\nfrom = \"a\"\nto = \"b\"\n{rest}\n");
    let link = |a: &str| format!("[[link]]\na = \"{a}\"\nb = \"spine1:swp1\"\n");
    for (text, at, why) in [
        (host("address = \"10.2.10.300/24\""), "\"10.2.10.300/24\"", "is not an address"),
        (host("address = [\"10.2.10.1/24\", \"10.0.0.1/33\"]"), "\"10.0.0.1/33\"", "is not an address"),
        (host("address = 10"), "10", "a text or a list of texts"),
        (host("gateway = \"10.2.10.1/24\""), "\"10.2.10.1/24\"", "without a length"),
        (host("gateway = [\"10.2.10.1\", \"10.2.10.2\"]"), "\"10.2.10.2\"", "a second gateway of one family"),
        (host("vlan = 4095"), "4095", "from 1 to 4094"),
        (host("vlan = 0"), "0", "from 1 to 4094"),
        (host("mtu = 67"), "67", "from 68 to 65535"),
        (host("mtu = -1"), "-1", "from 68 to 65535"),
        (host("routes = [\"10.0.0.0/8\"]"), "\"10.0.0.0/8\"", "a route is like"),
        (host("routes = \"10.0.0.0/8 via fe80::1\""), "\"10.0.0.0/8 via fe80::1\"", "of one family"),
        (host("colour = \"red\""), "colour", "unknown field"),
        ("[[host]]\nname = \"\"\nnode = \"x\"\n".to_owned(), "\"\"", "must be written"),
        ("[[host]]\nname = \"web*\"\nnode = \"x\"\n".to_owned(), "\"web*\"", "neither blanks nor asterisks"),
        ("[[host]]\nname = \"\\u001b\"\nnode = \"x\"\n".to_owned(), "\"\\u001b\"", "not seen"),
        ("[[host]]\nname = \"web1\"\nnode = \"leaf1\"\n".to_owned(), "\"leaf1\"", "at which `port` or `bridge`"),
        (
            "[[host]]\nname = \"outside\"\nnode = \"leaf1\"\nport = \"x\"\n".to_owned(),
            "\"outside\"",
            "behind the fabric",
        ),
        ("[[host]]\nname = \"web1\"\nport = \"x\"\n".to_owned(), "[[host]]", "missing field `node`"),
        (host("[[host]]\nname = \"web1\"\nnode = \"leaf2\"\nport = \"x\""), "\"web1\"", "another host is called web1"),
        (host("[[switch]]\nname = \"web1\""), "\"web1\"", "another switch is called web1"),
        ("[[switch]]\nname = \"core\"\nmtu = 65536\n".to_owned(), "65536", "from 68 to 65535"),
        (link("leaf1"), "\"leaf1\"", "a device and its port"),
        (link("leaf1:"), "\"leaf1:\"", "a device and its port"),
        (link(":swp1"), "\":swp1\"", "a device and its port"),
        (link("spine1:swp1"), "\"spine1:swp1\"", "both ends are spine1:swp1"),
        (expect("size = 27"), "27", "from 28 to 65535"),
        (expect("size = \"big\""), "\"big\"", "invalid type"),
        (expect("without = \"\""), "\"\"", "a node's name"),
        ("[[expect]]\nfrom = \"vlan:10\"\nto = \"b\"\n".to_owned(), "\"vlan:10\"", "hosts are chosen by name"),
    ] {
        let (pointed, error) = refused(&text);
        assert!(error.contains(why), "{text}\n{error}");
        assert_eq!(pointed, at, "{error}");
    }
}
