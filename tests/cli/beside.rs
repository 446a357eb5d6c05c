//! Kernel parameters and WireGuard's files: which of them are read, and of whom.

use crate::support::tree::{LEAF2, Tree};
use std::os::unix::fs::symlink;

#[test]
fn they_make_no_node_of_a_folder() {
    let tree = Tree::new()
        .with("leaf2/etc/frr/frr.conf", LEAF2)
        .with("roles/etc/sysctl.d/90-x.conf", "net.ipv4.ip_forward = 0\n")
        .with("vpn/etc/wireguard/wg0.conf", "[Interface]\nAddress = 10.9.0.1/24\n");
    let files = tree.run(&["--files", "."]).ends(0).out.clone();
    assert!(!files.contains("roles") && !files.contains("vpn"), "{files}");
    tree.run(&["roles"]).ends(2).says("found nothing to read");
}

#[test]
fn each_of_a_node_is_read_and_a_link_to_nothing_hides_a_file() {
    let tree = Tree::new()
        .with("leaf2/etc/frr/frr.conf", LEAF2)
        .with("leaf2/etc/sysctl.conf", "net.ipv4.ip_forward = 1\n")
        .with("leaf2/etc/wireguard/wg0.conf", "[Interface]\nAddress = 10.9.0.1/24\n")
        .with("leaf2/usr/lib/sysctl.d/50-default.conf", "net.ipv4.ip_forward = yes\n")
        .with("leaf2/etc/sysctl.d/README.sysctl", "none\n");
    symlink("../sysctl.conf", tree.at("leaf2/etc/sysctl.d/99-sysctl.conf")).unwrap();
    let ran = tree.run(&["-f", "concise", "."]);
    assert!(ran.out.contains("50-default.conf:1:23: error[value-malformed]"), "{}", ran.out);
    symlink("/dev/null", tree.at("leaf2/etc/sysctl.d/50-default.conf")).unwrap();
    let ran = tree.run(&["-f", "concise", "--select", "all", "."]);
    assert!(!ran.out.contains("sysctl"), "{}", ran.out);
    let files = tree.run(&["--files", "."]).ends(0).out.clone();
    let count = |language: &str| files.lines().filter(|line| line.contains(&format!("→ {language}"))).count();
    assert_eq!((count("sysctl"), count("wireguard")), (4, 1), "{files}");
}
