//! The program itself, run on trees made for the purpose: what it reads, what it says of the rest, and how it ends.

mod adopt;
mod beside;
mod compare;
mod diff;
mod guests;
mod init;
mod output;
mod ping;
mod severity;
mod show;
mod since;
mod surroundings;
mod unread;
mod ways;
mod without;

use crate::support::tree::{LEAF1, LEAF2, Ran, Tree};
use std::{
    ffi::OsString,
    fs,
    io::Read as _,
    os::unix::{
        ffi::OsStringExt as _,
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    },
    path::Path,
    process::Command,
};

const QUIET: &str = "hostname leaf1\n!\nlog syslog informational\n";
pub(crate) const FORMATS: [&str; 10] =
    ["human", "concise", "json", "jsonl", "github", "sarif", "gitlab", "junit", "rdjson", "prometheus"];

#[test]
fn the_exit_code_follows_the_threshold_in_every_format() {
    let tree = Tree::broken();
    for format in FORMATS {
        tree.run(&["-f", format]).ends(1).says("2 files of 2 nodes: 1 error");
        tree.run(&["-f", format, "--fail-on", "never"]).ends(0);
        tree.run(&["check", "-f", format, "--ignore", "asn-mismatch"]).ends(0);
    }
    tree.run(&["--fail-on", "error"]).ends(1);
    tree.run(&["--select", "style"]).ends(0);
    tree.run(&["--select", "asn-mismatsh"]).ends(2).says("did you mean asn-mismatch?");
    tree.run(&["--bogus"]).ends(2);
    assert_eq!(tree.run(&["-q"]).ends(1).err, "");
    let out = tree.run(&["-f", "concise", "leaf1", "leaf2"]).ends(1).out.clone();
    assert!(out.starts_with("leaf1/etc/frr/frr.conf:7:30: error[asn-mismatch] "), "{out}");
}

#[test]
fn the_format_may_come_from_the_environment() {
    let tree = Tree::broken();
    let ran = Ran::wait(tree.command(&[]).env("EVPNLINT_FORMAT", "json").spawn().unwrap());
    assert!(ran.ends(1).out.starts_with("{\n  \"version\": 1,"), "{}", ran.out);
}

#[test]
fn an_empty_tree_is_never_a_success() {
    let tree = Tree::new();
    fs::create_dir_all(tree.at("leaf1/etc/frr")).unwrap();
    tree.run(&["."]).ends(2).says("found nothing to read in .: no frr.conf");
    tree.at("x/etc/hostname");
    let tree = tree.with("x/etc/hostname", "x\n");
    tree.run(&[]).ends(2).says("found nothing to read");
}

#[test]
fn a_missing_path_ends_with_two_and_suggests_the_command() {
    let tree = Tree::broken();
    tree.run(&["leaf3"]).ends(2).says("leaf3 does not exist");
    tree.run(&["-q", "rules"]).ends(2).says("put it first, `evpnlint rules …`");
    tree.run(&["-q", "explain", "asn-mismatch"]).ends(2).says("put it first, `evpnlint explain …`");
}

#[test]
fn what_is_no_file_is_told_and_does_not_stop_the_rest() {
    let tree = Tree::broken();
    fs::create_dir_all(tree.at("a/etc/frr/frr.conf/x")).unwrap();
    assert!(Command::new("mkfifo").arg(tree.at("b/etc/frr/frr.conf")).status().unwrap().success());
    let _socket = UnixListener::bind(tree.at("c/etc/frr/frr.conf")).unwrap();
    symlink("nowhere", tree.at("d/etc/frr/frr.conf")).unwrap();
    symlink("/dev/zero", tree.at("e/etc/frr/frr.conf")).unwrap();
    let outside = Tree::new().with("frr.conf", QUIET);
    symlink(outside.path().join("frr.conf"), tree.at("f/etc/frr/frr.conf")).unwrap();
    let files = tree.run(&[".", "--files"]).out.clone();
    let report: serde_json::Value = serde_json::from_str(&tree.run(&[".", "-f", "json"]).out).unwrap();
    for (node, why) in [
        ("a", "it is a folder"),
        ("b", "it is neither a file nor a folder"),
        ("c", "it is neither a file nor a folder"),
        ("d", "it is a link that leads nowhere"),
        ("e", "it is a link to something that is no file"),
        ("f", "it is a link out of the input"),
    ] {
        let path = format!("./{node}/etc/frr/frr.conf");
        assert!(files.lines().any(|line| line == format!("{path} → not read: {why}")), "{node}: {why}\n{files}");
        let unread = serde_json::json!({"path": path, "node": node, "why": why});
        assert!(report["not_read"].as_array().unwrap().contains(&unread), "{unread}: {}", report["not_read"]);
        let is_named = |finding: &serde_json::Value| {
            let places = finding["related"].as_array().unwrap().iter().map(|related| &related["place"]);
            finding["rule"] == "file-not-read"
                && finding["message"].as_str().unwrap().ends_with(why)
                && places.chain([&finding["place"]]).any(|place| place["path"] == path)
        };
        assert!(report["findings"].as_array().unwrap().iter().any(is_named), "{path}");
    }
    tree.run(&["."])
        .ends(1)
        .says("2 files of 2 nodes")
        .says("open: 6 files and folders are not read; no rule argues from what is missing");
    tree.run(&["b/etc/frr/frr.conf"]).ends(2).says("is neither a file nor a folder");
    tree.run(&["d/etc/frr/frr.conf"]).ends(2).says("is a link that leads nowhere");
    tree.run(&["f/etc/frr/frr.conf"]).ends(0).says("1 file of 1 node");
    tree.run(&["a", "d"])
        .ends(2)
        .says("found nothing to read")
        .says("d/etc/frr/frr.conf: it is a link that leads nowhere");
}

#[test]
fn links_inside_the_input_are_followed_and_loops_are_not() {
    let tree = Tree::broken();
    symlink("../../../leaf1/etc/frr/frr.conf", tree.at("leaf3/etc/frr/frr.conf")).unwrap();
    symlink("..", tree.at("leaf1/etc/loop")).unwrap();
    symlink(".", tree.at("leaf2/etc/frr/self")).unwrap();
    symlink("leaf1", tree.at("leaf4")).unwrap();
    symlink("b", tree.at("a")).unwrap();
    symlink("a", tree.at("b")).unwrap();
    let ran = tree.run(&[".", "-f", "concise"]);
    ran.ends(1).says("3 files of 3 nodes");
    assert!(ran.out.contains("./leaf4 is not read: it is a link to a folder"), "{}", ran.out);
    tree.run(&["leaf4"]).ends(0).says("1 file of 1 node");
    tree.run(&["a"]).ends(2).says("cannot read a");
}

#[test]
fn what_may_not_be_read_is_told_and_does_not_stop_the_rest() {
    let tree = Tree::broken().with("other/x", "");
    let (path, folder) = (tree.at("leaf1/etc/frr/frr.conf"), tree.at("other"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read all.
    if fs::File::open(&path).is_err() {
        let ran = tree.run(&["-f", "concise"]);
        ran.ends(1).says("1 file of 1 node");
        for line in [
            "warning[file-not-read] ./leaf1/etc/frr/frr.conf is not read: permission denied",
            "info[file-not-read] ./other is not read: permission denied",
        ] {
            assert!(ran.out.contains(line), "{}", ran.out);
        }
        tree.run(&["leaf1/etc/frr/frr.conf"]).ends(2).says("cannot read leaf1/etc/frr/frr.conf: permission denied");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn nothing_is_read_twice() {
    let tree = Tree::broken();
    let absolute = tree.path().to_str().unwrap();
    for paths in [&[".", "."][..], &[".", "leaf1", "leaf2/etc"], &["leaf1", absolute, "./leaf1/etc/frr/frr.conf"]] {
        tree.run(paths).ends(1).says("2 files of 2 nodes: 1 error");
    }
    let tree = tree.with("leaf1/frr.conf", QUIET);
    tree.run(&["."]).says("was already read as that file of that node");
}

#[test]
fn a_node_is_known_from_wherever_one_stands() {
    let tree = Tree::broken().with("leaf1/etc/hostname", "box\n").with("leaf1/etc/pve/sdn/zones.cfg", "");
    for (folder, paths) in [
        (".", &["leaf1", "leaf2"][..]),
        (".", &["leaf1/etc", "leaf2/etc"]),
        ("leaf1", &[".", "../leaf2"]),
        ("leaf1/etc", &[".", "../../leaf2"]),
        ("leaf1/etc", &["frr", "../../leaf2/etc"]),
        ("leaf1/etc/frr", &[".", "../../../leaf2"]),
        ("leaf1/etc/frr", &["frr.conf", "../../../leaf2"]),
    ] {
        let ran = Ran::wait(tree.command(paths).current_dir(tree.path().join(folder)).spawn().unwrap());
        ran.ends(1).says("of 2 nodes: 1 error");
    }
    let deep = Tree::new().with("a/leaf1/frr.conf", QUIET).with("b/leaf1/frr.conf", QUIET).with("c/frr.conf", QUIET);
    let files = deep.run(&["--files", "."]).ends(0).out.clone();
    assert_eq!(
        files,
        "./a/leaf1/frr.conf → frr → a/leaf1\n./b/leaf1/frr.conf → frr → b/leaf1\n./c/frr.conf → frr → c\n"
    );
}

#[test]
fn copies_are_left_alone_unless_they_are_named() {
    let tree = Tree::new().with("etc/frr/frr.conf", QUIET);
    let mut tree = tree;
    for copy in
        ["frr.conf.sav", "frr.conf.new", "frr.conf~", "frr.conf.dpkg-dist", "frr.conf.dpkg-old", ".frr.conf.swp"]
    {
        tree = tree.with(format!("etc/frr/{copy}"), LEAF1);
    }
    let files = tree.run(&["--files", "."]).ends(0).out.clone();
    assert_eq!(files, "./etc/frr/frr.conf → frr → (this node)\n");
    let named = tree.run(&["--files", "etc/frr/frr.conf.dpkg-dist"]).ends(0).out.clone();
    assert_eq!(named, "etc/frr/frr.conf.dpkg-dist → frr → (this node)\n");
}

#[test]
fn a_file_of_any_name_is_known_by_its_first_lines() {
    let tree = Tree::new().with("leaf1.txt", LEAF1).with("leaf2.txt", LEAF2).with("notes.txt", "buy milk");
    tree.run(&["leaf1.txt", "notes.txt"]).ends(2).says("notes.txt is neither FRR's configuration");
    tree.run(&["leaf1.txt", "leaf2.txt"]).ends(1).says("2 files of 2 nodes: 1 error");
}

/// A report as Proxmox prints it: every file in it is read, and is spoken of with its place in the report.
#[test]
fn a_report_of_proxmox_is_the_files_that_it_holds() {
    let report = |host: &str, mtu: &str| {
        format!(
            "\n==== general system info ====\n\n# hostname\n{host}\n\n# pveversion --verbose\nproxmox-ve: 9.0\n\n\
             ==== info about network ====\n\n# ip -details -statistics address\n1: lo\n\n# cat /etc/network/interfaces\n\
             auto lo\niface lo inet loopback\n\n# vtysh is not a command here\nauto vmbr0\niface vmbr0 inet static\n\
             \taddress 10.0.0.{mtu}/24\n\tbridge-port none\n\nsource /etc/network/interfaces.d/*\n\n\
             # cat /etc/network/interfaces.d/sdn\n#version:1\n\nauto web\niface web\n\tbridge_ports none\n\
             \tbridge_stp off\n\tbridge_fd 0\n\n\
             # cat /etc/pve/sdn/.running-config\n{{\"version\":1,\"vnets\":{{\"ids\":{{\"web\":{{\"zone\":\"lone\"}}}}}},\
             \"zones\":{{\"ids\":{{\"lone\":{{\"type\":\"simple\"}}}}}}}}\n\n# cat /etc/pve/sdn/zones.cfg\nsimple: lone\n\n\
             # cat /etc/pve/sdn/vnets.cfg\nvnet: web\n\tzone lone\n\n\n==== info about cluster ====\n\n\
             # cat /etc/pve/corosync.conf 2>/dev/null\nnodelist {{\n  node {{\n    name: pve1\n  }}\n  node {{\n    name: pve2\n  \
             }}\n}}\n\n==== info about bios ====\n\n# dmidecode -t bios\npassword hunter2\n"
        )
    };
    let tree = Tree::new()
        .with("pve1-pve-report-Mon.txt", report("pve1", "1"))
        .with("two.txt", report("pve2", "2"))
        .with("notes.txt", "==== x ====\n# hostname\npve3\n");
    let files = tree.run(&["--files", ".", "two.txt"]).ends(0).out.clone();
    assert_eq!(files.lines().filter(|line| line.ends_with(" → pve2")).count(), 6, "{files}");
    assert!(files.contains("./pve1-pve-report-Mon.txt, etc/network/interfaces.d/sdn → interfaces → pve1\n"), "{files}");
    for format in FORMATS {
        let ran = tree.run(&["--format", format, ".", "two.txt"]);
        let line = match format {
            "json" | "rdjson" => "\"line\": 23,",
            "jsonl" => "\"line\":23,",
            "github" => "pve1-pve-report-Mon.txt,line=23,",
            "sarif" => "\"startLine\":23,",
            "gitlab" => "\"begin\": 23,",
            "prometheus" => "evpnlint_node_findings{node=\"pve1\",",
            _ => "pve1-pve-report-Mon.txt:23:",
        };
        assert!(ran.ends(1).out.contains(line), "{format}: {}", ran.out);
        assert!(format == "prometheus" || ran.out.contains("bridge-port"), "{format}: {}", ran.out);
        assert!(!ran.out.contains("hunter2"));
        ran.says("12 files of 2 nodes: 1 error, 0 warnings");
    }
    // What the report lacks may lie beside it.
    let tree = tree.with("pve1/etc/frr/frr.conf", QUIET);
    tree.run(&["."]).ends(1).says("7 files of 1 node");
    tree.run(&[".", "pve1-pve-report-Mon.txt"]).ends(1).says("7 files of 1 node");
}

/// Texts that no person wrote, or that somebody wrote to deceive.
#[test]
fn any_bytes_are_read() {
    let mut seed = 0x9e37_79b9_u32;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as u8
    })
    .take(1 << 13)
    .collect();
    let with = |before: &str, after: &str| {
        LEAF1.replace(" neighbor", &format!("{before} neighbor")).replace("65009\n", &format!("65009\n{after}"))
    };
    let escape = " description \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m \u{202e}desrever\u{2066} over\rwritten\n";
    for (name, text, is_found) in [
        ("empty", vec![], false),
        ("random", random.clone(), false),
        ("random behind", [LEAF1.as_bytes(), &random[..512]].concat(), true),
        ("carriage returns", LEAF1.replace('\n', "\r\n").into(), true),
        ("byte order mark", format!("\u{feff}!\n{LEAF1}").into(), true),
        ("latin-1", [&b"! caf\xe9\n"[..], LEAF1.as_bytes()].concat(), true),
        ("NUL", with("", " description a\0b\n").into(), true),
        ("escapes", with(escape, escape).into(), true),
        ("no line end", LEAF1.trim_end().into(), true),
        ("blanks", with("\t\u{a0}\u{2003}\n", "\u{b}\u{c}\n").into(), true),
    ] {
        let tree = Tree::broken().with("leaf1/etc/frr/frr.conf", text);
        for format in FORMATS {
            let ran = tree.run(&["-f", format, "--select", "asn-mismatch"]);
            assert_eq!(ran.out.contains("asn-mismatch"), is_found, "{name}: {}", ran.out);
            ran.ends(i32::from(is_found)).says("2 files of 2 nodes");
        }
        tree.run(&["--select", "all"]);
    }
}

#[test]
fn names_cannot_drive_a_terminal() {
    let name = OsString::from_vec(b"leaf\x1b[31m\n\r\t\xff\xe2\x80\xae1".to_vec());
    let tree = Tree::new().with("leaf2/etc/frr/frr.conf", LEAF2);
    let tree = tree.with(Path::new(&name).join("etc/frr/frr.conf"), LEAF1);
    let dangling = Path::new(&name).join("etc/frr/bgpd.conf");
    symlink("\u{1b}nowhere", tree.at(dangling)).unwrap();
    for format in FORMATS {
        let ran = tree.run(&["-f", format, "."]);
        ran.ends(1).says("2 files of 2 nodes");
        assert!(ran.out.contains("leaf?[31m? ??\u{fffd}1"), "{}", ran.out);
    }
    let files = tree.run(&["--files", "."]).ends(0).out.clone();
    assert_eq!(files.lines().count(), 3, "{files}");
    let missing = tree.command(&[]).arg(OsString::from_vec(b"\x1b]0;x\xff\n".to_vec())).spawn().unwrap();
    let missing = Ran::wait(missing);
    missing.ends(2).says("?]0;x?? does not exist");
}

#[test]
fn a_huge_line_is_read_and_its_report_is_small() {
    let long = "x".repeat(50_000_000);
    let text = LEAF1.replace("exit\nrouter", &format!("description {long}\nexit\nrouter"));
    let text = text.replace(" neighbor", &format!(" ! {}\n neighbor", &long[..1_000_000]));
    let tree = Tree::broken().with("leaf1/etc/frr/frr.conf", text);
    for format in FORMATS {
        let ran = tree.run(&["-f", format, "--select", "all"]);
        ran.ends(1).says("of 2 nodes");
        assert!(ran.out.contains("asn-mismatch"));
        assert!(ran.out.len() < 20_000, "{format} is {} bytes long", ran.out.len());
    }
}

#[test]
fn a_reader_may_go_away() {
    let tree = Tree::broken();
    for arguments in [&["-f", "json"][..], &[], &["rules"], &["rules", "-f", "json"], &["--help"], &["--files"]] {
        let mut child = tree.command(arguments).spawn().unwrap();
        let mut first = [0; 1];
        let mut out = child.stdout.take().unwrap();
        let _ = out.read(&mut first).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {output:?}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    if let Ok(full) = full {
        let output = tree.command(&[]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "a report that is lost is no report");
    }
}

#[test]
fn debian_with_nothing_but_frr_installed() {
    let tree = Tree::new()
        .with(
            "etc/frr/frr.conf",
            "# default to using syslog. /var/log/frr has been placed by the debian package\nlog syslog informational\n",
        )
        .with("etc/frr/daemons", "zebra=yes\nbgpd=no\nvtysh_enable=yes\nzebra_options=\"  -A 127.0.0.1 -s 90000000\"\n")
        .with("etc/frr/vtysh.conf", "service integrated-vtysh-config\n")
        .with("etc/frr/support_bundle_commands.conf", "PROC_NAME:bgp\n")
        .with("etc/network/interfaces", "source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n")
        .with("etc/network/ifupdown2/ifupdown2.conf", "# nothing\n")
        .with("etc/ssl/private/frr.conf", LEAF1)
        .with("etc/hostname", "box\n");
    tree.run(&["etc"]).ends(0).says("of 1 node: 0 errors, 0 warnings");
    let files = tree.run(&["etc", "--files"]).ends(0).out.clone();
    assert!(files.contains("etc/frr/frr.conf → frr → (this node)") && !files.contains("ssl"), "{files}");
}

#[test]
fn colour_comes_when_it_is_asked_for() {
    let tree = Tree::broken();
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let ran = Ran::wait(tree.command(arguments).envs(environment.iter().copied()).spawn().unwrap());
        assert!(!ran.out.contains("\u{1b}]"), "a link goes to a terminal only");
        ran.out.contains("\u{1b}[")
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]), "an option is nearer than the environment");
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "")]), "an empty NO_COLOR counts for nothing");
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    for format in ["concise", "json"] {
        assert!(!coloured(&["--color", "always", "-f", format], &[]), "{format} is for programs");
    }
    assert!(coloured(&["explain", "asn-mismatch", "--color", "always"], &[]));
    assert!(!coloured(&["explain", "asn-mismatch"], &[]));
}

#[test]
fn columns_say_how_wide_prose_may_be() {
    let tree = Tree::broken();
    let widest = |columns: &str| {
        let ran = Ran::wait(tree.command(&[]).env("COLUMNS", columns).spawn().unwrap());
        ran.out.lines().filter(|line| line.starts_with("  ")).map(|line| line.chars().count()).max().unwrap()
    };
    assert!(widest("70") <= 70);
    assert!((71..=100).contains(&widest("nonsense")));
}

#[test]
fn every_rule_can_be_listed_and_explained() {
    let tree = Tree::new();
    let json: Vec<serde_json::Value> = serde_json::from_str(&tree.run(&["rules", "-f", "json"]).ends(0).out).unwrap();
    let table = tree.run(&["rules"]).ends(0).out.clone();
    let heads = table.lines().filter(|line| !line.starts_with(' '));
    assert_eq!(heads.count(), json.len());
    for rule in &json {
        for key in ["id", "severity", "category", "needs", "evidence", "since", "title", "page", "url"] {
            assert!(rule[key].as_str().is_some_and(|value| !value.is_empty()), "{rule} lacks {key}");
        }
        let explained = tree.run(&["explain", rule["id"].as_str().unwrap()]).ends(0).out.clone();
        assert!(explained.contains(rule["title"].as_str().unwrap()));
    }
    tree.run(&["explain", "asn-mismatsh"]).ends(2).says("did you mean asn-mismatch?");
    tree.run(&["explain", "security"]).ends(2).says("security is a category, not a rule");
}

#[test]
fn what_is_not_here_is_said() {
    let evpn = " address-family l2vpn evpn\n  neighbor 10.0.0.2 activate\n exit-address-family\nexit\n";
    let text = LEAF1.replace("65009\nexit\n", &format!("65009\n{evpn}"));
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", text);
    tree.run(&["."]).ends(0).says("open: 1 peer leads to no node that was read");
    tree.run(&[".", "-v"]).says("need");
    tree.run(&[".", "--complete"]).says("closed all the same: 1 peer leads to no node that was read");
    tree.run(&[".", "--complete", "--partial"]).ends(2);
}

/// A block that FRR has since 10.0.
const NEWER: &str = "hostname leaf1\nsegment-routing\n srv6\n  encapsulation\n  exit\n exit\nexit\n";

#[test]
fn what_the_user_says_of_the_fabric_is_heard() {
    let tree = Tree::broken().with("leaf1/etc/frr/frr.conf", NEWER);
    let says = |arguments: &[&str], code: i32| tree.run(arguments).ends(code).out.clone();
    assert_eq!(says(&["leaf1"], 0), "");
    assert!(says(&["leaf1", "--frr-version", "8.4"], 1).contains("line-of-another-frr"));
    fs::write(tree.at("evpnlint.toml"), "[fabric]\nfrr-version = \"8.4\"\n").unwrap();
    assert!(says(&["leaf1"], 1).contains("line-of-another-frr"));
    assert_eq!(says(&["leaf1", "--frr-version", "10.3"], 0), "");
    fs::write(tree.at("other.toml"), "[lint]\nignore = [\"all\"]\n").unwrap();
    assert_eq!(says(&["leaf1", "--config", "other.toml", "--frr-version", "8.4"], 0), "");
    let shown = |version| says(&["show", "--as", "effective", "--node", "leaf1", "leaf1", "--frr-version", version], 0);
    assert!(shown("10.3").contains("encapsulation") && !shown("8.4").contains("encapsulation"));
    // What belongs to another repository does not count.
    fs::create_dir(tree.at("leaf1/.git")).unwrap();
    assert_eq!(says(&["leaf1"], 0), "");
}

#[test]
fn a_configuration_that_is_not_understood_ends_with_two() {
    let tree = Tree::broken().with("evpnlint.toml", "[fabric]\ncomplet = true\n");
    tree.run(&["."]).ends(2).says("evpnlint.toml").says("complet").says("^");
    tree.run(&[".", "--config", "none.toml"]).ends(2).says("none.toml");
    tree.run(&[".", "--frr-version", "new"]).ends(2).says("new");
}

#[test]
fn statistics_count_lines_and_findings() {
    let frr = "router bgp 65001\n bgp log-neighbor-changes\n neighbor 10.0.0.2 remote-as 65009\n neighbor 10.0.0.2 pasword hunter2\n\
               exit\nrouter rip\n network eth0\nexit\n";
    let again = frr.replace("10.0.0.2", "10.0.0.7").replace("hunter2", "Hunter3");
    let tree = Tree::new()
        .with("leaf1/etc/frr/frr.conf", frr)
        .with("leaf1/etc/frr/daemons", "bgpd=yes\nwatchfrr_options=\"-n\"\n# none\n")
        .with("leaf2/etc/frr/frr.conf", again)
        .with("leaf2/etc/network/interfaces", "iface eth0\n mtu 1500\n bogus on\n bond-lacp-rate 1\n")
        .with("leaf2/etc/pve/sdn/zones.cfg", "simple: z\n\tipam pve\n\tnodes leaf2\n");
    let ran = tree.run(&["--statistics", "--select", "line-unknown"]);
    let lines: Vec<String> =
        ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "language lines recognised not modelled unrecognised",
            "frr 18 16 7 2",
            "interfaces 4 3 1 1",
            "sdn 3 3 1 0",
            "",
            "count nodes unrecognised lines",
            "2 2 neighbor … pasword … (./leaf1/etc/frr/frr.conf:4)",
            "1 1 bogus on (./leaf2/etc/network/interfaces:3)",
            "",
            "count findings",
            "2 error[line-unknown]",
        ]
    );
    let json: serde_json::Value =
        serde_json::from_str(&tree.run(&["--statistics", "--format", "json"]).out).expect("it is JSON");
    let statistics = &json["summary"]["statistics"];
    assert_eq!(statistics["languages"][0]["unmodelled"], 7);
    assert_eq!(statistics["unrecognised"][0]["text"], "neighbor … pasword …");
    assert_eq!(statistics["unrecognised"][0]["nodes"], 2);
    let rules = statistics["rules"].as_array().unwrap().iter().map(|rule| rule["count"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(rules as usize, json["findings"].as_array().unwrap().len());
    assert!(tree.run(&["--format", "json"]).out.contains("not_run") && !ran.out.contains("unter"));
}
