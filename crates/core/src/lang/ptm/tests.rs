use crate::{
    lang::{self, LINES_IN_VAIN},
    model::{Cluster, FaultKind, fault::Excess},
    source::{File, Sources},
};
use proptest::prelude::*;

fn read(text: &str) -> (Sources, Cluster) {
    let mut sources = Sources::default();
    sources.add(File::new("leaf1/topology.dot", "leaf1", "etc/ptm.d/topology.dot", text));
    let cluster = lang::read(&sources, &Default::default());
    (sources, cluster)
}

fn cables(cluster: &Cluster) -> Vec<String> {
    cluster.surroundings.cables.iter().map(|cable| format!("{} {}", cable.a, cable.b)).collect()
}

/// What is pointed at, and why, of each fault.
fn faults(text: &str) -> Vec<(String, &'static str)> {
    let (sources, cluster) = read(text);
    let fault = |fault: &crate::model::Fault| match fault.kind {
        FaultKind::NoCable { why } => (sources.text(fault.span).to_owned(), why),
        _ => panic!("{fault:?}"),
    };
    cluster.faults.iter().map(fault).collect()
}

#[test]
fn a_topology_is_read_as_graphviz_reads_it() {
    let text = r#"# cabling of the hall
strict graph "fabric" {
  hostidtype="hostname"; graph [label=<a <b>x</b> -- y>]
  node [shape=box]
  // one way
  "leaf1":"swp1" -- "spine1":"swp1" [BFD="upMinTx=300", note="a -- b; c"]
  leaf-1:swp2--spine1:swp2;  leaf2:eth1/1 -> spine1:"swp3":n
  subgraph rack1 { "leaf3":"swp1" -- /* a:b -- c:d */ "spine1":"swp4" }
  { leaf4 }
  "spine1":"swp1" -- "leaf1":"swp1"
}
"#;
    let (sources, cluster) = read(text);
    assert_eq!(cluster.faults, []);
    let wanted =
        ["leaf1:swp1 spine1:swp1", "leaf-1:swp2 spine1:swp2", "leaf2:eth1/1 spine1:swp3", "leaf3:swp1 spine1:swp4"];
    assert_eq!(cables(&cluster), wanted);
    let span = cluster.surroundings.cables[0].span.unwrap();
    assert_eq!(sources.text(span), "\"leaf1\":\"swp1\" -- \"spine1\":\"swp1\"");
    assert!(cluster.nodes.is_empty(), "a topology makes no node");
}

#[test]
fn what_tells_no_cable_is_noted_and_the_rest_is_read() {
    let around = |line: &str| format!("graph G {{\n{line}\na:1 -- b:1\n}}\n");
    for (line, at, why) in [
        ("x:1 -- y", "x:1 -- y", "has a port"),
        ("x -- y:1", "x -- y:1", "has a port"),
        ("x:1 -- y:1 -- z:1", "x:1 -- y:1 -- z:1", "two ends"),
        ("x:1 -- x:1", "x:1 -- x:1", "one port"),
        ("x:1 -- {y:1}", "{", "the other end"),
        ("x: -- y:1", "--", "a port is missing"),
        ("\"\":1 -- y:1", "\"\":1", "have names"),
        ("x:1 = y:1", "", ""),
        ("] x:1 -- y:1", "]", "a cable is like"),
        ("subgraph x y", "y", "subgraph"),
    ] {
        let text = around(line);
        let (_, cluster) = read(&text);
        assert!(cables(&cluster).iter().any(|cable| cable == "a:1 b:1"), "{line}: {:?}", cluster.faults);
        let faults = faults(&text);
        if why.is_empty() {
            continue;
        }
        assert!(matches!(&faults[..], [(part, told)] if part == at && told.contains(why)), "{line}: {faults:?}");
    }
    assert!(faults("a:1 -- b:1\n")[0].1.contains("begins with"), "and it is read all the same");
    assert!(faults("graph G {\na:1 -- b:1\n")[0].1.contains("`}` is missing"));
    assert!(faults("graph G {\na:1 -- \"b:1\n}\n")[0].1.contains("the other end"));
    assert!(faults("graph G {\n/* a:1 -- b:1\n}\n")[0].1.contains("quotation mark or the end"));
    assert_eq!(faults(""), []);
}

#[test]
fn what_every_node_holds_counts_once_and_what_one_holds_counts_too() {
    let mut sources = Sources::default();
    for (node, more) in [("leaf1", ""), ("leaf2", ""), ("spine1", "leaf2:swp1 -- spine1:swp2\n")] {
        let text = format!("graph G {{\nleaf1:swp1 -- spine1:swp1\n{more}}}\n");
        sources.add(File::new(format!("{node}/topology.dot"), node, "etc/ptm.d/topology.dot", text));
    }
    let cluster = lang::read(&sources, &Default::default());
    assert_eq!(cables(&cluster), ["leaf1:swp1 spine1:swp1", "leaf2:swp1 spine1:swp2"]);
}

#[test]
fn a_file_that_is_none_is_read_no_further() {
    for unit in ["}\n", "a:1 --\n", "\"\n", "<\n", "[\n", "x:1 -- y\n"] {
        let (_, cluster) = read(&unit.repeat(20_000));
        assert!(cluster.faults.len() <= LINES_IN_VAIN + 1, "{unit}");
        let is_rest = |kind: &FaultKind| matches!(kind, FaultKind::CutShort { of: Excess::Lines, .. });
        assert!(cluster.faults.len() < 10 || cluster.faults.iter().any(|fault| is_rest(&fault.kind)), "{unit}");
    }
    for unit in ["}", ";", "<", "\"", "[", "{", "a:", "--", "a:1--b:2;", "/*", "]", "\\", "#"] {
        let (_, cluster) = read(&unit.repeat(100_000));
        assert!(cluster.faults.len() < 3, "{unit}");
    }
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let (_, cluster) = read(&"}\n".repeat(1 << 20));
    assert_eq!((cluster.faults.len(), cluster.surroundings.cables.len()), (1, 0));
}

proptest! {
    #[test]
    fn any_text_is_read(text in r#"(graph G \{\n)?([a-c]:[12]|--|->|["\[\]{};,=:<>#\n /*ü-]|//|/\*|\*/|subgraph |edge ){0,40}"#) {
        read(&text);
    }
}
