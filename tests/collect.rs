//! `evpnlint collect`, against real OpenSSH servers: what it gets, what it says of the rest, and what is left when a node
//! is dead, refuses, babbles or floods, or the disk is full.

pub(crate) mod local;
mod secrets;
mod sshd;

use crate::support::tree::{LEAF1, LEAF2, Ran};
use sshd::{Site, free_port, is_root, is_there};
use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

pub(crate) fn run(command: &mut Command) -> Ran {
    Ran::wait(command.spawn().unwrap())
}

/// Every file below a folder, with when it was last written.
fn listing(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let walk = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap());
    walk.map(|entry| {
        let meta = entry.path().symlink_metadata().unwrap();
        let path = entry.path().strip_prefix(folder).unwrap().display().to_string();
        (path, (meta.len(), meta.modified().unwrap()))
    })
    .collect()
}

fn files(folder: &Path) -> Vec<String> {
    let is_file = |path: &&String| folder.join(path.as_str()).is_file();
    listing(folder).keys().filter(is_file).cloned().collect()
}

fn two_leaves() -> Site {
    Site::new().with("leaf1/etc/frr/frr.conf", LEAF1).with("leaf2/etc/frr/frr.conf", LEAF2)
}

#[test]
fn all_that_is_read_comes_and_nothing_is_changed() {
    if !is_there() {
        return;
    }
    let site = two_leaves()
        .with("leaf1/etc/frr/daemons", "bgpd=yes\n")
        .with("leaf1/etc/frr/vtysh.conf", "service integrated-vtysh-config\n")
        .with("leaf1/etc/frr/support_bundle_commands.conf", "x\n")
        .with("leaf1/etc/frr/frr.conf.sav", "old\n")
        .with("leaf1/etc/hostname", "leaf1\n")
        .with("leaf1/etc/passwd", "root\n")
        .with("leaf1/etc/network/interfaces", "auto lo\niface lo inet loopback\nsource more/*\nsource /etc/passwd\n")
        .with("leaf1/etc/network/more/ports", "source /etc/network/more/*\nauto eth0\niface eth0")
        .with("leaf1/etc/network/interfaces.d/sdn", "#version:1\r\n\n\n")
        .with("leaf1/etc/network/ifupdown2/policy.d/x.json", "{}\n")
        .with("leaf1/var/lib/ifupdown2/policy.d/y.json", "{}")
        .with("leaf1/etc/pve/sdn/zones.cfg", "evpn: z\n\n")
        .with("leaf1/etc/pve/sdn/.running-config", "")
        .with("leaf1/etc/pve/corosync.conf", "|totem {\n}\n")
        .with("leaf1/etc/pve/nodes/leaf1/qemu-server/100.conf", "name: vm\nnet0: virtio=02:00:00:00:00:01,bridge=v\n")
        .with("leaf1/etc/pve/nodes/leaf1/lxc/101.conf", "hostname: ct\n")
        .with("leaf1/etc/pve/priv/authkey.key", "KEY\n")
        .serve("leaf1")
        .serve("leaf2");
    let before = listing(&site.at("leaf1"));
    let ran = run(&mut site.collect(&["leaf1", "leaf2"]));
    ran.ends(0).says("leaf1: 14 files (leaf1)\nleaf2: 1 file (leaf2); it has no etc/network/interfaces\n");
    ran.says("evpnlint-collected: 15 files of 2 of 2 nodes; now: evpnlint evpnlint-collected\n");
    assert_eq!(before, listing(&site.at("leaf1")), "the node was changed");
    let out = site.at("evpnlint-collected");
    let unread = ["etc/passwd", "priv", "support_bundle", ".sav"];
    let wanted: Vec<String> =
        files(&site.at("leaf1")).into_iter().filter(|path| !unread.iter().any(|part| path.contains(part))).collect();
    assert_eq!(files(&out.join("leaf1")), wanted);
    for path in &wanted {
        let original = fs::read(site.at("leaf1").join(path)).unwrap();
        assert_eq!(fs::read(out.join("leaf1").join(path)).unwrap(), original, "{path}");
        assert_eq!(out.join("leaf1").join(path).metadata().unwrap().mode() & 0o777, 0o600);
    }
    assert_eq!(out.metadata().unwrap().mode() & 0o777, 0o700);
    site.tree.run(&["evpnlint-collected", "-f", "concise", "--select", "asn-mismatch"]).ends(1);
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"complete\": true") && manifest.contains("\"path\": \"etc/pve/sdn/zones.cfg\""));
    // What is there is not overwritten, and nobody is asked for nothing.
    run(&mut site.collect(&["leaf1"])).ends(2).says("evpnlint-collected is there already");
}

#[test]
fn members_of_a_cluster_are_found_and_reached_as_proxmox_does() {
    if !is_there() || !is_root() {
        return;
    }
    let corosync = "nodelist {\n node {\n name: pve1\n ring0_addr: 10.255.255.1\n }\n node {\n name: pve2\n ring0_addr: 127.0.0.1\n }\n\
                    node {\n name: pve3\n ring0_addr: 127.0.0.9\n }\n node {\n name: -oProxyCommand=touch pwned\n }\n}\n";
    let zones = "evpn: z\n\tcontroller c\n\tvrf-vxlan 100\n";
    let mut site = Site::new().with("here/etc/pve/corosync.conf", corosync).with("here/etc/hostname", "pve1\n");
    for node in ["here", "pve2", "pve3"] {
        site = site.with(&format!("{node}/etc/pve/sdn/zones.cfg"), zones);
    }
    // pve3's address is dead, and its name leads to it.
    let root = site.at("pve3").display().to_string();
    let site = site.serve("pve2").serve_as(
        "pve3",
        "127.0.0.3",
        &format!("EVPNLINT_ROOT={root} exec sh -c \"$SSH_ORIGINAL_COMMAND\""),
    );
    let ran = run(&mut site.collect(&[]));
    ran.ends(1).says("pve1: 3 files (here)").says("pve2: 1 file (root@127.0.0.1)").says("pve3: 1 file (root@pve3)");
    ran.says("-oProxyCommand=touch pwned is no name of a node").says("correct it in /etc/pve/corosync.conf");
    assert!(!site.at("pwned").exists());
    for node in ["pve1", "pve2", "pve3"] {
        assert_eq!(
            fs::read_to_string(site.at("evpnlint-collected").join(node).join("etc/pve/sdn/zones.cfg")).unwrap(),
            zones
        );
    }
}

#[test]
fn a_node_that_is_not_reached_is_told_with_what_to_type() {
    if !is_there() {
        return;
    }
    let site = two_leaves().serve("leaf1");
    // Nobody listens, somebody listens and says nothing, a key that is not known, and a name that leads nowhere.
    site.know("dead", "127.0.0.1", free_port("127.0.0.1"));
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    site.know("mute", "127.0.0.1", mute.local_addr().unwrap().port());
    fs::write(site.at("nobody-known"), "").unwrap();
    let config = fs::read_to_string(site.at("config")).unwrap();
    let like_leaf1 = |name: &str, [from, to]: [&str; 2]| {
        let line = |file: &str| format!(" {}\n", site.at(file).display());
        let block = &config[..config.find("Host dead").unwrap()];
        block.replace("leaf1", name).replace(&line(from), &line(to))
    };
    let config = format!(
        "{config}{}{}",
        like_leaf1("refused", ["user", "stranger"]),
        like_leaf1("unknown", ["known", "nobody-known"])
    );
    fs::write(site.at("config"), config).unwrap();
    let ran = run(&mut site.collect(&[
        "--timeout",
        "3",
        "dead",
        "mute",
        "leaf1",
        "admin@refused",
        "unknown",
        "leaf9.invalid",
    ]));
    assert!(ran.err.lines().count() < 3 * 6, "{}", ran.err);
    ran.ends(1).says("leaf1: 1 file (leaf1)").says("1 file of 1 of 6 nodes");
    for (node, why, help) in [
        ("dead", "Connection refused", "ping dead; pvecm status"),
        ("mute", "", ""),
        ("refused", "Permission denied", "ssh-copy-id admin@refused"),
        ("unknown", "Host key verification failed", "accept it: ssh unknown"),
        ("leaf9.invalid", "Could not resolve hostname", "give its address"),
    ] {
        let mut lines = ran.err.lines().skip_while(|line| !line.starts_with(&format!("{node}: nothing (")));
        assert!(lines.next().is_some_and(|line| line.contains(why)), "{node}:\n{}", ran.err);
        assert!(lines.next().is_some_and(|line| line.contains(help)), "{node}:\n{}", ran.err);
    }
    let order: Vec<&str> = ran.err.lines().filter_map(|line| line.split_once(": ")).map(|(node, _)| node).collect();
    let nodes = ["dead", "mute", "leaf1", "refused", "unknown", "leaf9.invalid"];
    assert_eq!(order.into_iter().filter(|name| nodes.contains(name)).collect::<Vec<_>>(), nodes);
    site.tree.run(&["evpnlint-collected"]).ends(1).says("1 file of 1 node");
    assert!(fs::read_to_string(site.at("evpnlint-collected/manifest.json")).unwrap().contains("Permission denied"));
}

#[test]
fn a_file_that_cannot_be_got_is_told_and_the_rest_comes() {
    if !is_there() {
        return;
    }
    let site = two_leaves().with("leaf1/etc/hostname", "leaf1\n").serve("leaf1");
    let at = |path: &str| site.tree.at(format!("leaf1/etc/{path}"));
    fs::File::create(at("network/interfaces")).unwrap().set_len(5 << 20).unwrap();
    assert!(Command::new("mkfifo").arg(at("frr/zebra.conf")).status().unwrap().success());
    symlink("nowhere", at("frr/bgpd.conf")).unwrap();
    fs::write(at("shadow"), "root:hash\n").unwrap();
    symlink("../../shadow", at("network/interfaces.d/x")).unwrap();
    symlink("frr.conf", at("frr/ospfd.conf")).unwrap();
    if !is_root() {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(at("frr/isisd.conf"), "x").unwrap();
        fs::set_permissions(at("frr/isisd.conf"), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let ran = run(&mut site.collect(&["leaf1"]));
    ran.ends(1).says("leaf1: 3 files (leaf1)\n");
    ran.says("not got: etc/network/interfaces: it is longer than 4 MiB")
        .says("not got: etc/frr/zebra.conf: it is no file")
        .says("not got: etc/frr/bgpd.conf: it is a link that leads nowhere")
        .says("not got: etc/network/interfaces.d/x: it is a link out of /etc/frr and /etc/network");
    if !is_root() {
        ran.says("not got: etc/frr/isisd.conf: it cannot be read there by this user");
    }
    assert_eq!(fs::read_to_string(site.at("evpnlint-collected/leaf1/etc/frr/ospfd.conf")).unwrap(), LEAF1);
    let manifest = fs::read_to_string(site.at("evpnlint-collected/manifest.json")).unwrap();
    assert!(manifest.contains("\"complete\": false") && manifest.contains("it is longer than 4 MiB"));
    assert!(!manifest.contains("hash"));
}

#[test]
fn whatever_a_node_sends_is_bounded_and_kept_inside() {
    if !is_there() {
        return;
    }
    let whole = "printf '@evpnlint 1\\n@host x\\n>etc/frr/frr.conf\\n|hostname x\\n\\n<ok\\n'";
    let site = two_leaves()
        .serve("leaf1")
        .serve_as("noise", "127.0.0.1", "head -c 300000 /dev/urandom")
        .serve_as("flood", "127.0.0.1", &format!("{whole}; printf '>etc/frr/daemons\\n'; yes '|x'"))
        .serve_as("sleeper", "127.0.0.1", &format!("{whole}; sleep 100"))
        .serve_as("cut", "127.0.0.1", &format!("{whole}; echo no more >&2"))
        .serve_as("silent", "127.0.0.1", "true")
        .serve_as("greeter", "127.0.0.1", &format!("echo Welcome; {whole}; echo @end"))
        .serve_as(
            "thief",
            "127.0.0.1",
            &format!("{whole}; printf '>../../pwned\\n|x\\n<ok\\n>etc/cron.d/x\\n|x\\n<ok\\n@end\\n'"),
        );
    let nodes = ["leaf1", "noise", "flood", "sleeper", "cut", "silent", "greeter", "thief"];
    let ran = run(&mut site.collect(&[&["--timeout", "10"], &nodes[..]].concat()));
    ran.ends(1)
        .says("leaf1: 1 file (leaf1);")
        .says("noise: nothing (noise): what it sent is not what it was asked for")
        .says("flood: only 1 file (flood): it sent more than 32 MiB")
        .says("sleeper: only 1 file (sleeper): it was not done after 10 s")
        .says("cut: only 1 file (cut): it broke off")
        .says("silent: nothing (silent): it broke off")
        .says("greeter: 1 file (greeter);")
        .says("thief: 1 file (thief);")
        .says("not got: ../../pwned: nobody asked for it")
        .says("not got: etc/cron.d/x: nobody asked for it");
    let out = site.at("evpnlint-collected");
    let bytes: u64 = listing(&out).values().map(|(bytes, _)| bytes).sum();
    assert!(bytes < 1 << 20, "what broke off in a flood was written: {bytes} bytes");
    let got = files(&out);
    let wanted =
        ["cut", "flood", "greeter", "leaf1", "sleeper", "thief"].map(|node| format!("{node}/etc/frr/frr.conf"));
    assert_eq!(got.into_iter().filter(|path| path != "manifest.json").collect::<Vec<_>>(), wanted);
    assert!(!site.at("pwned").exists());
    site.tree.run(&["evpnlint-collected"]).says("6 files of 6 nodes");
}

#[test]
fn a_full_disk_is_told_and_no_half_file_stays() {
    if !is_there() || !is_root() {
        return;
    }
    let long = LEAF1.to_owned() + &"! a comment that is long enough to fill a page of memory\n".repeat(2000);
    let site = two_leaves().with("leaf2/etc/frr/frr.conf", long).serve("leaf1").serve("leaf2");
    let full = site.at("full");
    fs::create_dir(&full).unwrap();
    let Some(mount) = Mount::small(&full) else {
        println!("skipped: nothing can be mounted here");
        return;
    };
    let folder = run(&mut site.collect(&["-o", "full/out", "leaf1", "leaf2"]));
    let (left, kept) = (files(&full), fs::read_to_string(full.join("out/leaf1/etc/frr/frr.conf")));
    let _ = fs::remove_dir_all(full.join("out"));
    fs::write(full.join("filler"), vec![b'x'; 1 << 20]).unwrap_err();
    let archive = run(&mut site.collect(&["-o", "full/out.tar.gz", "leaf1", "leaf2"]));
    let is_left = full.join("out.tar.gz").exists();
    drop(mount);
    folder
        .ends(2)
        .says("cannot write full/out/leaf2/etc/frr/frr.conf")
        .says("No space left on device")
        .says("make room");
    assert_eq!((left, kept.unwrap().as_str()), (vec!["out/leaf1/etc/frr/frr.conf".to_owned()], LEAF1));
    archive.ends(2).says("cannot write full/out.tar.gz").says("No space left on device");
    assert!(!is_left);
}

/// A file system of 64 KiB, until it goes.
struct Mount(PathBuf);

impl Mount {
    fn small(at: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "none"]).arg(at).status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
