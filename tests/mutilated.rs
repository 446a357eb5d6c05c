//! A cluster's store in which lines are lost, doubled or cut.

use evpnlint::source::{File, Sources};
use proptest::{prop_assert, proptest};

proptest! {
    /// A whole cluster in which lines are lost, doubled or cut: whatever it comes to, every rule has an answer.
    #[test]
    fn any_mutilation_is_judged(changes in proptest::collection::vec((0..CLUSTER.len(), 0..40usize, 0..4u8, 0..30usize), 0..6)) {
        let mut texts: Vec<(&str, Vec<String>)> =
            CLUSTER.iter().map(|(name, text)| (*name, text.split('\n').map(str::to_owned).collect())).collect();
        for (file, line, how, at) in changes {
            let lines = &mut texts[file].1;
            if lines.is_empty() {
                continue;
            }
            let line = line % lines.len();
            match how {
                0 => drop(lines.remove(line)),
                1 => lines.insert(line, lines[line].clone()),
                2 => lines[line].truncate(at),
                _ => lines[line].push('\r'),
            }
        }
        let mut sources = Sources::default();
        for (name, lines) in &texts {
            let folder = if name.starts_with("corosync") { "etc/pve" } else { "etc/pve/sdn" };
            sources.add(File::new(*name, "n1", format!("{folder}/{name}"), lines.join("\n")));
        }
        let outcome = evpnlint::check(&mut sources, &Default::default(), &Default::default());
        for finding in &outcome.findings {
            prop_assert!(!finding.message.is_empty() && !finding.about().is_empty());
        }
    }
}

const CLUSTER: [(&str, &str); 7] = [
    (
        "zones.cfg",
        "evpn: prod\n\tcontroller ctl\n\tvrf-vxlan 9000\n\texitnodes \
            n1,n2\n\texitnodes-primary n1\n\tnodes n1,n2,n3\n\trt-import \
            65000:9000\n\texitnodes-local-routing 1\n\nevpn: dev\n\tcontroller ctl2\n\tvrf-vxlan \
            9001\n\texitnodes n2\n\tmtu 1400\n\nsimple: lone\n\tdhcp dnsmasq\n",
    ),
    (
        "vnets.cfg",
        "vnet: web\n\tzone prod\n\ttag 9100\n\nvnet: db\n\tzone prod\n\ttag 9101\n\tvlanaware \
            0\n\nvnet: test\n\tzone dev\n\ttag 9102\n\nvnet: lan\n\tzone lone\n",
    ),
    (
        "subnets.cfg",
        "subnet: prod-10.1.0.0-24\n\tvnet web\n\tgateway 10.1.0.1\n\tsnat 1\n\nsubnet: \
            prod-fd00::-64\n\tvnet db\n\tgateway fd00::1\n\nsubnet: dev-10.1.0.0-16\n\tvnet \
            test\n\tgateway 10.1.0.1\n\nsubnet: lone-0.0.0.0-0\n\tvnet lan\n\tgateway \
            1.1.1.1\n\tdhcp-range start-address=1.1.1.2,end-address=1.1.1.3\n",
    ),
    (
        "controllers.cfg",
        "evpn: ctl\n\tasn 65000\n\tpeers 10.0.0.1,10.0.0.2\n\nevpn: ctl2\n\tasn \
            4200000000\n\tfabric core\n\nbgp: bgpn1\n\tasn 65001\n\tnode n1\n\tpeers \
            10.0.0.2\n\tloopback lo\n\nisis: isisn1\n\tnode n1\n\tisis-domain d\n\tisis-net \
            49.0001.0000.0000.0001.00\n\tisis-ifaces eth0\n",
    ),
    (
        "fabrics.cfg",
        "openfabric_fabric: core\n\tip_prefix 10.7.0.0/24\n\nopenfabric_node: core_n1\n\tip \
            10.7.0.1\n\tinterfaces name=eth0\n\nopenfabric_node: core_n2\n\tip \
            10.7.0.2\n\nospf_fabric: edge\n\tarea 0\n\tip_prefix 10.8.0.0/24\n",
    ),
    (
        ".running-config",
        "{\"version\":3,\n\"zones\":{\"ids\":{\"prod\":{\"type\":\"evpn\",\"controller\":\"ctl\",\"vrf-vxlan\":\"9000\",\n\"exitnodes\":{\"n1\":1,\"n2\":1}}}},\n\"vnets\":{\"ids\":{\"web\":{\"zone\":\"prod\",\"tag\":9000}}}}\n",
    ),
    (
        "corosync.conf",
        "totem {\n cluster_name: lab\n}\nnodelist {\n node {\n  name: n1\n }\n node {\n  name: n2\n }\n}\n",
    ),
];
