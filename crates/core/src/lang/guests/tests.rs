use crate::{
    lang,
    model::{
        Cluster, FaultKind,
        guest::{Guest, GuestKind},
    },
    source::{File, LanguageId, Sources},
};

/// The cluster whose nodes hold those files.
fn read(files: &[(&str, &str, &str)]) -> (Cluster, Sources) {
    let mut sources = Sources::default();
    for (node, inner, text) in files {
        sources.add(File::new(format!("{node}/{inner}"), *node, *inner, text));
    }
    (lang::read(&sources, &Default::default()), sources)
}

fn one(inner: &str, text: &str) -> (Guest, Cluster, Sources) {
    let (mut cluster, sources) = read(&[("pve1", inner, text)]);
    (cluster.guests.remove(0), cluster, sources)
}

const MACHINE: &str = "etc/pve/nodes/pve1/qemu-server/100.conf";
const CONTAINER: &str = "etc/pve/nodes/pve1/lxc/101.conf";

#[test]
fn a_machine() {
    let text = "#a note\nboot: order=scsi0\nname: db1\nnet0: virtio=BC:24:11:00:00:01,bridge=web,firewall=1,mtu=1,tag=10\n\
                net1: e1000,bridge=vmbr0,link_down=1,trunks=2-5;7\nnet2: model=rtl8139,macaddr=BC:24:11:00:00:02,new=x\n\
                net0: virtio=BC:24:11:00:00:03,bridge=app,queues=4\n\n[PENDING]\nnet9: virtio,bridge=old\n[snap]\nname: x\n";
    let (guest, cluster, _) = one(MACHINE, text);
    assert_eq!((guest.id, guest.kind, guest.host.as_deref()), (100, GuestKind::Machine, Some("pve1")));
    assert_eq!(guest.to_string(), "VM 100 (db1)");
    let nics: Vec<String> = guest
        .nics
        .iter()
        .map(|nic| {
            let bridge = nic.bridge.as_ref().map_or("-", |bridge| bridge.as_str());
            let mac = nic.mac.as_ref().map_or("-".to_owned(), ToString::to_string);
            format!("{} {bridge} {mac} {:?} {}", nic.key, nic.model.as_ref().map(|model| model.as_str()), nic.link_down)
        })
        .collect();
    assert_eq!(
        nics,
        [
            "net1 vmbr0 - Some(\"e1000\") true",
            "net2 - bc:24:11:00:00:02 Some(\"rtl8139\") false",
            "net0 app bc:24:11:00:00:03 Some(\"virtio\") false"
        ]
    );
    assert!(cluster.faults.is_empty(), "{:?}", cluster.faults);
    let coverage = &cluster.coverage[&LanguageId::Guests];
    assert_eq!((coverage.lines, coverage.unmodelled, coverage.unrecognised.len()), (10, 5, 0));
}

#[test]
fn a_container() {
    let text = "arch: amd64\nhostname: web1\ntemplate: 1\nnet0: name=eth0,bridge=web,gw=10.0.0.1,hwaddr=BC:24:11:00:00:01,\
                ip=10.0.0.5/24,ip6=auto,mtu=1400,type=veth,tag=5\nlxc.environment: A=b\n[pve:pending]\nnet0: name=eth1\n";
    let (guest, cluster, _) = one(CONTAINER, text);
    let nic = &guest.nics[0];
    assert_eq!((guest.to_string().as_str(), guest.template, guest.nics.len()), ("CT 101 (web1)", true, 1));
    assert_eq!((nic.addresses.len(), nic.addresses[0].to_string().as_str()), (1, "10.0.0.5/24"));
    assert_eq!((nic.gateways[0].to_string().as_str(), nic.mtu.as_ref().map(|mtu| mtu.value)), ("10.0.0.1", Some(1400)));
    assert_eq!(nic.tag.as_ref().map(|tag| tag.value), Some(5));
    assert!(cluster.faults.is_empty(), "{:?}", cluster.faults);
}

#[test]
fn a_broken_device_is_told_with_its_place_and_lost() {
    for (inner, line, place) in [
        (MACHINE, "net0: virtio=BC:24:11:00:00,bridge=web", "BC:24:11:00:00"),
        (MACHINE, "net0: virtio,bridge=web,mtu=big", "big"),
        (MACHINE, "net0: virtio,bridge=web,mtu=70000", "70000"),
        (MACHINE, "net0: virtio,bridge=web,tag=4095", "4095"),
        (MACHINE, "net0: virtio,bridge=we b", "we b"),
        (MACHINE, "net0: virtio,bridge=web,trunks=1,2;x", ""),
        (MACHINE, "net0: bridge=web", "net0: bridge=web"),
        (MACHINE, "net0: vrtio,bridge=web", "net0: vrtio,bridge=web"),
        (MACHINE, " net0: virtio,bridge=web", " net0: virtio,bridge=web"),
        (MACHINE, "net0 = virtio,bridge=web", "net0 = virtio,bridge=web"),
        (MACHINE, "net0: virtio,bridge=", "bridge="),
        (CONTAINER, "net0: name=eth0,bridge=web,ip=10.0.0.5", "10.0.0.5"),
        (CONTAINER, "net0: name=eth0,bridge=web,gw=10.0.0.1/24", "10.0.0.1/24"),
        (CONTAINER, "net0: name=eth0,hwaddr=01:00:5e:00:00:01", "01:00:5e:00:00:01"),
        (CONTAINER, "net0: name=eth0,link_down=maybe", "maybe"),
    ] {
        let (guest, cluster, sources) = one(inner, &format!("memory: 512\n{line}\n"));
        let told: Vec<&str> = cluster.faults.iter().map(|fault| sources.text(fault.span)).collect();
        if place.is_empty() {
            assert_eq!((told.len(), guest.nics.len()), (0, 1), "{line}: what follows a comma is another field");
        } else {
            assert_eq!((told, guest.nics.len()), (vec![place], 0), "{line}");
            let kind = &cluster.faults[0].kind;
            assert!(matches!(kind, FaultKind::Malformed { .. } | FaultKind::OutOfRange { .. }), "{line}: {kind:?}");
            assert_eq!(cluster.faults[0].node, "pve1");
        }
    }
}

#[test]
fn what_is_not_read_is_not_shown() {
    let text = "# root is hunter2\ncipassword: hunter2\nargs: -vnc hunter2\nnet0: virtio,bridge=web\nsshkeys: hunter2\n\
                lxc.environment = X=hunter2\nhunter2\n[snap]\ncipassword: hunter2\n#hunter2\n[special:cloudinit]\nx: hunter2";
    let (_, cluster, mut sources) = one(MACHINE, text);
    sources.mask(&cluster.secrets);
    let shown = &sources.iter().next().unwrap().1.text;
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("net0: virtio,bridge=web\n"), "{shown}");
}

const COROSYNC: (&str, &str) = ("etc/pve/corosync.conf", "nodelist {\n}\n");

#[test]
fn a_guest_is_read_once_however_many_nodes_hold_it() {
    let (old, new) = ("net0: virtio,bridge=old", "net0: virtio,bridge=new");
    let (corosync, members) = COROSYNC;
    let (cluster, _) = read(&[
        ("pve1", corosync, members),
        ("pve2", corosync, members),
        ("pve1", "etc/pve/nodes/pve2/qemu-server/100.conf", old),
        ("pve2", "etc/pve/nodes/pve2/qemu-server/100.conf", new),
        ("pve2", "etc/pve/local/qemu-server/100.conf", new),
        // It has moved between the two copies of the store.
        ("pve1", "etc/pve/nodes/pve1/lxc/101.conf", "net0: name=eth0"),
        ("pve2", "etc/pve/nodes/pve2/lxc/101.conf", "net0: name=eth0"),
    ]);
    let told: Vec<_> = cluster.guests.iter().map(|guest| (guest.id, guest.host.as_deref(), &guest.holders)).collect();
    let both = vec!["pve1".to_owned(), "pve2".to_owned()];
    assert_eq!(told, [(100, Some("pve2"), &both), (101, Some("pve1"), &both)]);
    assert_eq!(cluster.guests[0].nics[0].bridge.as_ref().map(|bridge| bridge.as_str()), Some("new"), "first hand");
    assert_eq!(cluster.coverage[&LanguageId::Guests].lines, 2);
}

#[test]
fn clusters_that_nothing_joins_keep_their_guests_apart() {
    let (cluster, _) = read(&[
        ("a", "etc/pve/qemu-server/100.conf", "net0: virtio,bridge=vmbr0"),
        ("b", "etc/pve/qemu-server/100.conf", "net0: virtio,bridge=vmbr0"),
        ("a", "etc/pve/nodes/pve/lxc/101.conf", "net0: name=eth0"),
        ("b", "etc/pve/nodes/pve/lxc/101.conf", "net0: name=eth1"),
    ]);
    let told: Vec<_> = cluster.guests.iter().map(|guest| (guest.id, guest.holders.join(" "))).collect();
    assert_eq!(told, [(100, "a".into()), (100, "b".into()), (101, "a".into()), (101, "b".into())]);
}

#[test]
fn so_many_lines_come_to_nothing_and_no_more() {
    let most = lang::LINES_IN_VAIN;
    let text = " net0: virtio\n".repeat(most) + "net1: virtio=BC:24:11:00:00:01\nargs: p\n";
    let (guest, cluster, _) = one(MACHINE, &text);
    assert_eq!((guest.nics.len(), cluster.faults.len()), (0, most + 1));
    let not_read = FaultKind::CutShort { of: crate::model::fault::Excess::Lines, count: 2 };
    assert_eq!(cluster.faults.last().map(|fault| &fault.kind), Some(&not_read));
}
