use crate::{
    lang,
    model::{Cluster, FaultKind},
    source::{File, Sources},
};
use proptest::prelude::*;

fn read(text: &str) -> (Sources, Cluster) {
    let mut sources = Sources::default();
    sources.add(File::new("lab.clab.yml", "", "lab.clab.yml", text));
    let cluster = lang::read(&sources, &Default::default());
    (sources, cluster)
}

fn cables(cluster: &Cluster) -> Vec<String> {
    cluster.surroundings.cables.iter().map(|cable| format!("{} {}", cable.a, cable.b)).collect()
}

const LAB: &str = r#"# a lab
name: lab
topology:
  kinds: &kinds
    linux: {image: frr, env: {PW: hunter2}}
  nodes:
    leaf1: {kind: linux, password: geheim}
  links:
    - endpoints: ["leaf1:eth1", "spine1:eth1"]
    - endpoints:
        - leaf2:eth1
        - 'spine1:eth2'
      mtu: 9500
    - type: veth
      endpoints:
        - node: leaf3
          interface: ethernet-1/1
        - {node: spine1, interface: eth3}
    - endpoints: ["leaf1:eth9", "host:leaf1-eth9"]
    - {type: mgmt-net, endpoint: {node: leaf1, interface: eth8}, host-interface: x}
    - {endpoints: ["ü:eth1", leaf1:eth7], vars: {key: hunter2}}
"#;

#[test]
fn every_form_of_a_link_is_read() {
    let (mut sources, cluster) = read(LAB);
    assert_eq!(cluster.faults, []);
    let wanted =
        ["leaf1:eth1 spine1:eth1", "leaf2:eth1 spine1:eth2", "leaf3:ethernet-1/1 spine1:eth3", "ü:eth1 leaf1:eth7"];
    assert_eq!(cables(&cluster), wanted);
    let text = |at: usize| sources.text(cluster.surroundings.cables[at].span.unwrap());
    assert_eq!((text(0), text(3)), ("\"leaf1:eth1\", \"spine1:eth1\"", "\"ü:eth1\", leaf1:eth7"));
    assert!(cluster.nodes.is_empty(), "a lab makes no node of its folder");
    sources.mask(&cluster.secrets);
    let (_, masked) = sources.iter().next().unwrap();
    assert!(!masked.text.contains("hunter2") && !masked.text.contains("geheim"), "{}", masked.text);
    assert!(masked.text.contains("interface: eth3"));
}

#[test]
fn what_tells_no_cable_is_noted() {
    let link = |link: &str| format!("topology:\n  links:\n    - {link}\n    - endpoints: [a:1, b:1]\n");
    for (text, at, why) in [
        (link("endpoints: [a:1]"), "endpoints: [a:1]", "two `endpoints`"),
        (link("endpoints: [a:1, b:2, c:3]"), "endpoints: [a:1, b:2, c:3]", "two `endpoints`"),
        (link("endpoint: [a:2, b:2]"), "endpoint: [a:2, b:2]", "two `endpoints`"),
        (link("endpoints: [a, b:2]"), "a", "an end is like"),
        (link("endpoints: [a:2, {node: b}]"), "{node: b}", "`node` and `interface`"),
        (link("endpoints: [\"a:${PORT}\", b:2]"), "\"a:${PORT}\"", "variable"),
        (link("endpoints: [a:2, a:2]"), "a:2, a:2", "one port"),
        (link("[a:2, b:2]"), "[a:2, b:2]", "two `endpoints`"),
        ("topology:\n  links: a:1\n".to_owned(), "a:1", "is a list"),
        ("name: x\n".to_owned(), "name: x", "`topology`"),
        ("- a\n".to_owned(), "- a", "`topology`"),
        (link("endpoints: [c:1, d:1]") + "---\ntopology: {}\n", "---", "first document"),
        (link("endpoints: [c:1, d:1]") + "   }\n", "}", "no YAML"),
    ] {
        let (sources, cluster) = read(&text);
        let [fault] = &cluster.faults[..] else { panic!("{text}: {:?}", cluster.faults) };
        let FaultKind::NoCable { why: told } = fault.kind else { panic!("{fault:?}") };
        assert!(sources.text(fault.span) == at && told.contains(why), "{text}: {:?} {told}", sources.text(fault.span));
        assert_eq!(text.contains("b:1"), cables(&cluster).contains(&"a:1 b:1".to_owned()), "{text}");
    }
    for text in ["", "# nothing\n", "topology: {nodes: {}}\n", "topology:\n  links:\n"] {
        assert_eq!(read(text).1.faults, [], "{text}");
    }
}

#[test]
fn what_is_made_to_hurt_is_read() {
    for unit in ["- ", "[", "{a: ", "? ", "&a ", "*a\n", "\"", "a: \n", "--- ", "%TAG ! x\n", "topology: {links: ["] {
        read(&unit.repeat(50_000));
    }
    let deep = format!("topology:\n  links:\n    - {}x\n", "- ".repeat(10_000));
    assert_eq!(read(&deep).1.faults.len(), 1);
    let many = "topology:\n  links:\n".to_owned() + &"    - x\n".repeat(50_000);
    assert!(read(&many).1.faults.len() <= lang::LINES_IN_VAIN + 1);
    assert_eq!(read(&"#\n".repeat(1 << 20)).1.faults.len(), 1, "too long");
}

proptest! {
    #[test]
    fn any_text_is_read(text in r#"(topology:\n  links:\n)?(    - |endpoints: |a:1|[\[\]{},:&*!|>'"%@`ü\n -]|\n  |node: |: ){0,40}"#) {
        read(&text);
    }
}
