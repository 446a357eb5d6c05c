//! `/etc/network/interfaces`, as ifupdown2 3.0 reads it (interfaces(5)), and what other dialects add to it.
//!
//! | file | what it does |
//! |---|---|
//! | `lines.rs` | text to logical lines, with the place of every byte |
//! | `parse.rs` | a line to a statement, by the grammar |
//! | `source.rs` | the files of a node in the order in which `source` lines join them, to stanzas |
//! | `paths.rs` | where `source` lines lead |
//! | `mode.rs` | what a line belongs to |
//! | `lower.rs` | stanzas to interfaces, replayed in order |
//! | `outline.rs` | stanzas to what can be compared with those of other nodes |
//! | `kind.rs` | what each interface is, once all its attributes are known |
//! | `hooks.rs` | commands that make or enslave interfaces |
//! | `policy.rs` | the node's own defaults |
//! | `ranges.rs` | `swp[1-4]`, `glob`, `10-19=10010-10019` |

use crate::{
    model::{
        Reading,
        twin::{Said, Script},
    },
    source::{File, FileId, LanguageId, masked},
};
use std::collections::BTreeSet;

mod hooks;
mod kind;
mod lines;
mod lower;
mod mode;
mod outline;
mod parse;
mod paths;
mod policy;
mod ranges;
mod source;

pub(super) struct Interfaces;

/// The statements of one file, whatever it may be joined with; stanzas of one interface are put together.
pub(super) fn said(id: FileId, file: &File) -> Script {
    let mut script = Script::default();
    let Some(text) = source::read(&[(id, file)], &mut Reading::default()) else { return script };
    let top = |text: String, span| Said { block: vec![], text, span: Some(span) };
    script.said.extend(text.autos.iter().map(|(name, span)| top(format!("auto {name}"), *span)));
    let mut opened = BTreeSet::new();
    for stanza in &text.stanzas {
        for name in &stanza.names {
            let opener = format!("iface {name}");
            if opened.insert(name) {
                script.said.push(top(opener.clone(), stanza.span));
            }
            let said = |text: &str, span| Said { block: vec![opener.clone()], text: masked(text), span: Some(span) };
            script.said.extend(stanza.attributes.iter().map(|line| said(&outline::spelt(line), line.span)));
            script.said.extend(stanza.unknown.iter().map(|(line, span)| said(line, *span)));
        }
    }
    script
}

impl super::Language for Interfaces {
    fn id(&self) -> LanguageId {
        LanguageId::Interfaces
    }

    /// Every file that a `source` line may name is claimed; only those that one does name are read.
    fn claims(&self, inner: &str) -> bool {
        policy::claims(inner)
            || inner.strip_prefix("etc/network/").is_some_and(|rest| {
                !rest.starts_with("if-") && !rest.starts_with("run/") && !rest.starts_with("ifupdown2/")
            })
    }

    fn title(&self, inner: &str) -> &'static str {
        if policy::claims(inner) { "interfaces, ifupdown2's policy" } else { self.id().name() }
    }

    fn place(&self, name: &str) -> Option<String> {
        (name == "interfaces").then(|| format!("etc/network/{name}"))
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        if let Some(mut text) = source::read(files, into) {
            text.file.policy = policy::read(files, into);
            lower::lower(text, into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{
            Fault, FaultKind, Node,
            link::{Dialect, LinkKind},
            multihoming::ClagPeer,
        },
    };
    use proptest::prelude::*;

    fn read(files: &[(&str, &str)]) -> Reading {
        let files: Vec<File> = files.iter().map(|(path, text)| File::new(*path, "n", *path, text)).collect();
        let files: Vec<_> = files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file)).collect();
        let mut into = Reading::default();
        Interfaces.read(&files, &mut into);
        into
    }

    fn one(text: &str) -> Reading {
        read(&[("etc/network/interfaces", text)])
    }

    fn ports(node: &Node, bridge: &str) -> Vec<String> {
        node.link(bridge).unwrap().ports().iter().map(|port| port.value.clone()).collect()
    }

    #[test]
    fn sources_are_followed_in_place_and_only_inside_the_node() {
        let reading = read(&[
            ("etc/network/a/x.intf", "iface x\n mtu 1400\nsource /etc/network/interfaces\n"),
            ("etc/network/a/y", "iface y\n mtu 1400\n"),
            ("etc/network/interfaces", "auto all\nsource a/*.intf\nsource /etc/network/missing\niface z\n source /x\n"),
            ("etc/network/interfaces.d/left", "iface left\n mtu 1400\n"),
        ]);
        let names: Vec<_> = reading.node.links.values().map(|link| link.name.as_str()).collect();
        assert_eq!(names, ["x", "z", "left"]);
        let file = reading.node.interfaces.unwrap();
        let words = |of: &[crate::model::Sourced<String>]| of.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        assert_eq!((file.main, words(&file.unfollowed)), (FileId(2), vec!["a/*.intf".to_owned()]));
        assert_eq!(words(&file.unsourced), ["etc/network/interfaces.d/left"]);
        let missing = |fault: &&Fault| matches!(fault.kind, FaultKind::MissingFile { .. });
        assert_eq!(reading.faults.iter().filter(missing).count(), 1);
    }

    #[test]
    fn stanzas_of_one_interface_add_up() {
        let reading =
            one("auto a\niface a inet static\n address 10.0.0.1\n netmask 255.255.255.0\n mtu 1400\n mtu 9000\n\
                           iface a inet6 static\n address fd00::1/64\niface a\n mtu 1500\n");
        let link = reading.node.link("a").unwrap();
        let addresses: Vec<_> = link.addresses.iter().map(|address| address.to_string()).collect();
        assert_eq!(addresses, ["10.0.0.1/24", "fd00::1/64"]);
        assert_eq!(link.mtu.as_ref().unwrap().value, 1500);
        assert_eq!((link.stanzas.len(), link.repeats.len(), link.repeats[0].conflicts.len()), (3, 1, 1));
        assert!(matches!(reading.faults[0].kind, FaultKind::Dropped(_)));
        assert!(link.auto.is_some() && reading.faults.len() == 1);
    }

    #[test]
    fn the_first_line_counts_even_where_its_value_does_not() {
        let reading =
            one("iface a\n vxlan-id ten\n vxlan-id 10\n mtu 1\n mtu 1500\n address 10.0.0.256\n address 10.0.0.1\n");
        let link = reading.node.link("a").unwrap();
        assert!(link.vxlan().is_some_and(|vxlan| vxlan.vni.is_none()) && link.mtu.is_none());
        assert_eq!((link.addresses.len(), reading.faults.len()), (1, 5));
    }

    #[test]
    fn auto_must_come_first() {
        let reading = one("iface a\n mtu 1500\nauto a\nauto b c\niface b\n mtu 1500\n");
        let late = |name| {
            let link = reading.node.link(name).unwrap();
            (link.auto.is_some(), link.late_auto.is_some())
        };
        assert_eq!((late("a"), late("b")), ((false, true), (true, false)));
        assert_eq!(reading.node.links.len(), 2);
        let ranges = "auto a1\nauto a[1-4]\niface a[1-2]\n mtu 1500\niface a3\n mtu 1500\niface a[1-4]\n mtu 1500\n";
        let node = one(ranges).node;
        assert_eq!(["a1", "a3", "a4"].map(|name| node.link(name).unwrap().auto.is_some()), [true; 3]);
        assert!(one("auto a[1-4]\niface a[1-2]\n mtu 1500\n").node.links[0].auto.is_none());
    }

    #[test]
    fn kinds_are_those_of_ifupdown2() {
        let node = one("iface br\n bridge-vlan-aware yes\niface vlan10\n vlan-raw-device br\n\
            iface br.20\n vrf RED\niface vlan30\n vlan-id 30\niface RED\n vrf-table auto\n\
            iface vx\n vxlan-id 7\n vxlan-local-tunnelip 10.0.0.1\n\
            iface svd\n bridge-vlan-vni-map 10-11=110-111 20=auto+5\niface bond0\n bond-slaves a b\n\
            iface d\n link-type dummy\niface lo\n vxlan-local-tunnelip 10.0.0.9\n")
        .node;
        let vlan = |name| match &node.link(name).unwrap().kind {
            LinkKind::Vlan { raw, id } => (raw.clone().unwrap().value, id.clone().unwrap().value),
            other => panic!("{other:?}"),
        };
        assert_eq!(vlan("vlan10"), ("br".into(), 10));
        assert_eq!(vlan("br.20"), ("br".into(), 20));
        assert!(matches!(node.link("vlan30").unwrap().kind, LinkKind::Physical));
        assert!(matches!(node.link("RED").unwrap().kind, LinkKind::Vrf { table: None }));
        assert!(matches!(node.link("d").unwrap().kind, LinkKind::Dummy));
        assert!(node.link("lo").unwrap().default_tunnel_ip.is_some());
        let map: Vec<_> = node.link("svd").unwrap().vxlan().unwrap().map.iter().map(|pair| pair.value).collect();
        let map: Vec<_> = map.iter().map(|(vlan, vni)| (*vlan, vni.number())).collect();
        assert_eq!(map, [(10, 110), (11, 111), (20, 25)]);
    }

    #[test]
    fn attributes_are_kept() {
        let node = one("iface a\n ip6-forward on\n disable-ipv6 yes\n es-sys-mac 44:38:39:ff:00:01\n \
            bridge-arp-nd-suppress on\niface b\n ip6-forward off\n bridge-arp-nd-suppress off\n")
        .node;
        let shows = |name| {
            let link = node.link(name).unwrap();
            let on = |switch: &crate::model::Switch| switch.as_ref().map(|switch| switch.value);
            let mac = link.lacp_system.as_ref().map(|mac| mac.value.to_string());
            (on(&link.ip6_forward), on(&link.ipv6_disabled), on(&link.port.suppress), mac)
        };
        let mac = Some("44:38:39:ff:00:01".to_owned());
        assert_eq!(shows("a"), (Some(true), Some(true), Some(true), mac));
        assert_eq!(shows("b"), (Some(false), None, Some(false), None));
    }

    #[test]
    fn what_clagd_is_told_is_kept() {
        let reading = one("iface peerlink.4094\n clagd-peer-ip linklocal\n clagd-sys-mac 44:38:39:ff:00:01\n \
            clagd-backup-ip 10.0.0.2 vrf mgmt\n clagd-priority 1000\niface bond1\n bond-slaves swp1\n clag-id 7\n \
            bond-ad-actor-system 02:00:00:00:00:01\niface bond2\n bond-slaves swp2\n clag-id 0\n\
            iface lo\n clagd-vxlan-anycast-ip 10.0.0.9\niface p.4094\n clagd-enable no\n clagd-peer-ip 10.1.1.1\n")
        .node;
        let clag = |name| reading.link(name).unwrap().clag.as_deref().unwrap();
        let control = clag("peerlink.4094");
        assert_eq!(control.peer.as_ref().map(|peer| peer.value), Some(ClagPeer::LinkLocal));
        assert_eq!(control.system_mac.as_ref().unwrap().to_string(), "44:38:39:ff:00:01");
        assert_eq!(control.backup.as_ref().unwrap().to_string(), "10.0.0.2");
        assert_eq!(control.backup_vrf.as_ref().unwrap().to_string(), "mgmt");
        assert_eq!(clag("bond1").id.as_ref().map(|id| id.value), Some(7));
        assert_eq!(clag("lo").anycast.as_ref().unwrap().to_string(), "10.0.0.9");
        assert!(control.runs() && !clag("bond1").runs() && !clag("p.4094").runs());
        assert!(reading.link("bond2").unwrap().clag.is_none());
        assert!(reading.link("bond1").unwrap().lacp_system.is_some());
    }

    #[test]
    fn ports_are_expanded_over_the_names_that_are_known() {
        let node = one("iface swp1\n mtu 1500\niface swp2\n mtu 1500\niface eth0\n mtu 1500\n\
            iface br\n bridge_ports regex swp.* glob p[1-2].100 x\niface none\n bridge-ports none\n")
        .node;
        assert_eq!(ports(&node, "br"), ["swp1", "swp2", "p1.100", "p2.100", "x"]);
        assert!(matches!(node.link("br").unwrap().kind, LinkKind::Bridge { open: true, .. }));
        assert_eq!(ports(&node, "none"), Vec::<String>::new());
    }

    /// Within a second or two: what a small file stands for may not be large.
    #[test]
    fn ranges_stand_for_so_much_and_no_more() {
        let beyond = |text: &str| {
            let reading = one(text);
            let fault = |fault: &&Fault| matches!(fault.kind, FaultKind::Malformed { .. });
            (reading.faults.iter().filter(fault).count(), reading)
        };
        let (faults, reading) = beyond(&"iface a[1-4096]\n mtu 1500\n".repeat(64));
        assert_eq!((faults, reading.node.links.len(), reading.node.links[0].repeats.len()), (0, 4096, 63));
        let (faults, reading) = beyond(&"iface a[1-4096]\n mtu 1500\n".repeat(65));
        assert_eq!((faults, reading.node.links[0].mtu.is_some()), (1, true));
        assert!(reading.node.interfaces.unwrap().template.is_some());
        let lines = format!("iface a[1-4096]\n{}", " post-up x\n".repeat(1000));
        assert_eq!(beyond(&lines).0, 1);
        let globs: String = (0..100).map(|n| format!(" glob p{n}x[1-4096]")).collect();
        let (faults, reading) = beyond(&format!("iface br\n bridge-ports{globs}\n"));
        assert_eq!((faults, ports(&reading.node, "br").len()), (1, 1 << 18));
        let maps = "10-4000=10-4000 ".repeat(100);
        assert_eq!(beyond(&format!("iface v\n bridge-vlan-vni-map {maps}\n")).0, 1);
    }

    #[test]
    fn hooks_make_interfaces() {
        let node = one("iface eth0 inet manual\n\
            pre-up ip link add vx5 type vxlan id 5 local 10.0.0.1 dstport 4789 nolearning || true\n\
            up ip link add br5 type bridge && ip link set dev vx5 master br5\n")
        .node;
        let vxlan = node.link("vx5").unwrap().vxlan().unwrap();
        assert_eq!(vxlan.vni.as_ref().unwrap().number(), 5);
        assert!(!vxlan.learning.as_ref().unwrap().value);
        assert_eq!(ports(&node, "br5"), ["vx5"]);
    }

    #[test]
    fn what_is_not_understood_is_counted_and_said() {
        let reading = one("mtu 1500\n# note\niface br0\n bridge-port swp1\n bridge-vids 10 2o\n netmask 24\n mtu\n");
        assert_eq!((reading.coverage.lines, reading.coverage.unrecognised.len()), (6, 2));
        assert_eq!(reading.faults.len(), 5);
        assert!(matches!(reading.faults[0].kind, FaultKind::UnknownCommand { .. }));
        assert!(matches!(reading.faults[1].kind, FaultKind::UnknownProperty { .. }));
    }

    #[test]
    fn templates_are_left_alone() {
        let reading =
            one("% for i in range(1, 4):\nauto swp${i}\niface swp${i}\n whatever ${i}\n% endfor\niface a\n mtu 9\n");
        assert_eq!(reading.faults.iter().map(|fault| &fault.kind).collect::<Vec<_>>(), [&FaultKind::Template]);
        assert_eq!(reading.node.links.len(), 1);
        assert!(reading.node.interfaces.unwrap().template.is_some());
        assert!(one("iface a\n post-up echo ${IFACE} 50%\n").faults.is_empty());
    }

    #[test]
    fn dialects_are_told_apart() {
        let dialect = |text| one(text).node.interfaces.unwrap().dialect;
        assert_eq!(dialect("iface eth0 inet manual\n"), Dialect::Any);
        assert_eq!(dialect("iface eth0\n mtu 1500\n"), Dialect::Ifupdown2);
        assert_eq!(dialect("iface eth0\n use vlan\n"), Dialect::IfupdownNg);
        assert_eq!(dialect("mapping eth0\n script x\niface eth0 inet dhcp\n"), Dialect::Ifupdown);
    }

    #[test]
    fn a_policy_says_what_holds_where_nothing_is_written() {
        let policy = |files: &[(&str, &str)]| {
            let mut all = vec![("etc/network/interfaces", "iface a\n mtu 1400\n")];
            all.extend_from_slice(files);
            let reading = read(&all);
            let policy = reading.node.interfaces.unwrap().policy;
            (policy.mtu.map(|mtu| mtu.value), policy.learning.map(|on| on.value), reading.faults.len())
        };
        let system = "{\"address\": {\"defaults\": {\"mtu\": \"9216\"}}, \"bridge\": {\"module_globals\": \
            {\"bridge_vxlan_port_learning\": \"no\"}}}";
        let own = "{\"address\": {\"defaults\": {\"mtu\": 9000}}}";
        let (package, administrator) = ("var/lib/ifupdown2/policy.d/x.json", "etc/network/ifupdown2/policy.d/x.json");
        assert_eq!(policy(&[(package, system)]), (Some(9216), Some(false), 0));
        assert_eq!(policy(&[(administrator, own), (package, system)]), (Some(9000), Some(false), 0));
        assert_eq!(policy(&[(administrator, "{\"address\": {\"defaults\": {\"mtu\": \"big\"}}}")]), (None, None, 1));
        assert_eq!(policy(&[(administrator, "{")]), (None, None, 1));
        assert!(!Interfaces.claims("etc/network/ifupdown2/ifupdown2.conf") && Interfaces.claims(package));
    }

    #[test]
    fn a_stanza_inherits_what_it_does_not_say() {
        let node = one("iface base inet manual\n mtu 9000\n post-up echo $IFACE\nmapping x\n script y\n\
            iface a inet static inherits base\n address 10.0.0.1/24\niface b inet static inherits a\n mtu 1400\n")
        .node;
        let mtu = |name| node.link(name).unwrap().mtu.as_ref().unwrap().value;
        assert_eq!((mtu("a"), mtu("b"), node.link("b").unwrap().addresses.len()), (9000, 1400, 1));
        let node =
            one("template base\n mtu 9000\niface a\n use vlan\n inherit base late\ntemplate late\n address 10.0.0.1\n")
                .node;
        assert_eq!((node.links.len(), node.links[0].mtu.as_ref().unwrap().value), (1, 9000));
        assert!(node.links[0].addresses.is_empty(), "it knows no template that stands behind it");
        // ifupdown2 does not know the word, and says nothing.
        let node = one("iface base\n mtu 9000\niface a inet static inherits base\n vxlan-id 7\n").node;
        assert!(node.link("a").unwrap().mtu.is_none());
        let bomb: String = (1..2000)
            .map(|n| format!("template t{n}\n inherit t{}\n mtu {n}\n address 10.0.{}.{}\n", n - 1, n / 250, n % 250))
            .collect();
        one(&bomb);
    }

    #[test]
    fn the_file_of_proxmox_says_its_version() {
        let reading = read(&[
            ("etc/network/interfaces", "source /etc/network/interfaces.d/*\n"),
            ("etc/network/interfaces.d/sdn", "#version:7\n\nauto v\niface v\n mtu 1450\n"),
        ]);
        assert_eq!(reading.node.interfaces.unwrap().sdn_version.unwrap().value, 7);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC*", words in proptest::collection::vec(prop_oneof![
            Just("iface "), Just("auto "), Just("a[1-9999999999]"), Just("\n"), Just("\\"), Just(" "), Just("source *"),
            Just("bridge-vlan-vni-map 1-4094=1-99999999"), Just("bridge-ports regex [a glob p[3-1]"), Just("% x"),
            Just("address-virtual "), Just("bridge_vids 1-,"), Just("up ip link add type vxlan id"), Just("ü\u{a0}"),
            Just("vlan-id 0"), Just("mtu 99999999999"), Just("bond-slaves"), Just("netmask 1"), Just("\t"), Just("\r"),
        ], 0..40)) {
            one(&text);
            one(&words.concat());
        }
    }
}
