//! Guests of a Proxmox VE cluster: which of their files are read, and which are not.

use crate::support::tree::Tree;
use std::{fmt::Write as _, fs, os::unix::fs::symlink};

const SECRET: &str = "hunter2";

/// A node as it is, with `/etc/pve` mounted: two guests here, one elsewhere, and links to the node's own.
fn live() -> Tree {
    let guest = |bridge: &str| format!("#{SECRET}\ncipassword: {SECRET}\nnet0: virtio,bridge={bridge}\n");
    let tree = Tree::new()
        .with("etc/hostname", "pve1\n")
        .with(
            "etc/network/interfaces",
            "auto lo\niface lo inet loopback\n\nauto vmbr0\niface vmbr0\n\tbridge-ports none\n\n\
             source /etc/network/interfaces.d/*\n",
        )
        .with("etc/network/interfaces.d/sdn", "#version:1\n")
        .with("etc/pve/nodes/pve1/qemu-server/100.conf", guest("vmbr0"))
        .with("etc/pve/nodes/pve1/qemu-server/101.conf", guest("vmbr9"))
        .with("etc/pve/nodes/pve2/lxc/102.conf", "net0: name=eth0,bridge=vmbr9,mtu=9000\n")
        .with("etc/pve/nodes/pve1/priv/103.conf", guest("vmbr9"))
        .with("etc/pve/priv/lxc/104.conf", guest("vmbr9"));
    symlink("nodes/pve1", tree.at("etc/pve/local")).unwrap();
    symlink("nodes/pve1/qemu-server", tree.at("etc/pve/qemu-server")).unwrap();
    tree
}

#[test]
fn each_guest_is_read_once_and_links_are_not_followed() {
    let tree = live();
    let outside = Tree::new().with("105.conf", format!("net0: virtio,bridge={SECRET}\n"));
    symlink(outside.path().join("105.conf"), tree.at("etc/pve/nodes/pve1/qemu-server/105.conf")).unwrap();
    let files = tree.run(&["--files", "etc"]).ends(0).out.clone();
    let read: Vec<&str> = files.lines().filter(|line| line.contains(" → guests → ")).collect();
    assert_eq!(read.len(), 3, "{files}");
    assert!(files.contains("105.conf → not read: it is a link out of the input"), "{files}");
    assert!(!files.contains("priv"), "{files}");
    for format in ["human", "concise", "json"] {
        let ran = tree.run(&["-f", format, "etc"]);
        ran.ends(1).says("6 files of 1 node and 3 guests: 0 errors, 2 warnings");
        assert!(ran.out.contains("VM 101") && !ran.out.contains(SECRET), "{}", ran.out);
    }
}

#[test]
fn the_links_themselves_can_be_named() {
    let tree = live();
    for path in ["etc/pve/qemu-server", "etc/pve/local", "etc/pve/nodes"] {
        let files = tree.run(&["--files", path]).ends(0).out.clone();
        assert!(files.contains("100.conf → guests → "), "{path}: {files}");
    }
}

#[test]
fn a_collection_that_followed_the_links_holds_each_guest_once() {
    let tree = live();
    let guest = fs::read(tree.at("etc/pve/nodes/pve1/qemu-server/100.conf")).unwrap();
    let tree = ["nodes/pve1/qemu-server", "local/qemu-server", "qemu-server"]
        .iter()
        .fold(tree, |tree, folder| tree.with(format!("pve1/etc/pve/{folder}/100.conf"), &guest));
    tree.run(&["pve1"]).ends(0).says("3 files of 1 node and 1 guest: 0 errors, 0 warnings");
}

#[test]
fn a_report_with_very_many_guests_keeps_the_network() {
    let mut report = "==== info about virtual guests ====\n\n# hostname\npve1\n".to_owned();
    for guest in 100..1300 {
        write!(report, "\n# cat /etc/pve/qemu-server/{guest}.conf\nnet0: virtio,bridge=vmbr0\n\n").unwrap();
    }
    report += "\n==== info about network ====\n\n# cat /etc/network/interfaces\nauto vmbr0\niface vmbr0\n\tbridge-port none\n";
    let tree = Tree::new().with("pvereport.txt", report);
    let ran = tree.run(&["."]);
    ran.ends(1).says("1024 files of 1 node and 1023 guests: 1 error");
    assert!(ran.out.contains("bridge-port"), "{}", ran.out);
}
