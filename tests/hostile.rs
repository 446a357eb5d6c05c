//! Trees that somebody has made to hurt: each is read to its end or refused by a stated bound, within memory and processor
//! time that the system enforces, and what was not read is said. `--nocapture` prints what each took.

use crate::support::tree::{Ran, Tree, program};
use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A node that is in order.
const SOUND: &str = "frr version 10.4\nhostname sound\nrouter bgp 65000\n bgp router-id 10.0.0.1\nexit\n";

/// Address space, in KiB, and seconds of processor time that a run may take: a bound for what hangs or explodes, and not a
/// measure of speed.
const MOST_MEMORY: u32 = 6_000_000;
const MOST_SECONDS: u32 = 200;

/// Runs on a tree beside a node that is in order, and prints what that took.
fn run(name: &str, tree: &Tree, arguments: &[&str]) -> Ran {
    let program = program().get_program().to_owned();
    let limits = format!("ulimit -v {MOST_MEMORY}; ulimit -t {MOST_SECONDS}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limits]).arg(program).args(arguments).current_dir(tree.path());
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let memory = thread::spawn(move || {
        let mut most = String::new();
        while let Ok(text) = fs::read_to_string(&status) {
            match text.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
                Some(size) => most = size.trim().to_owned(),
                None => break,
            }
            thread::sleep(Duration::from_millis(2));
        }
        most
    });
    let ran = Ran::wait(child);
    println!("{name}: {:.2} s, {}", start.elapsed().as_secs_f64(), memory.join().unwrap());
    assert!(matches!(ran.code, 0..=2), "{name} ends with {}", ran.code);
    assert!(ran.out.len() < 2 << 20, "{name} prints {} bytes", ran.out.len());
    ran
}

/// The node in order is read whatever stands beside it, and each of these is said.
fn told(name: &str, tree: Tree, words: &[&str]) {
    let tree = tree.with("sound/etc/frr/frr.conf", SOUND);
    let files = tree.run(&["--files", "."]).ends(0).out.clone();
    assert!(files.contains("./sound/etc/frr/frr.conf → frr → sound"), "{files}");
    let ran = run(name, &tree, &["-f", "concise", "--select", "all", "."]);
    for words in words {
        let shown = &ran.out[..ran.out.len().min(5000)];
        assert!(ran.out.contains(words), "{name} lacks {words:?}: {shown}\n{}", ran.err);
    }
    if words.iter().any(|words| words.contains("not read")) {
        ran.ends(1).says("open");
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

const TOO_LONG: &str = "is not read: it is longer than 67108864 bytes";

#[test]
fn files_that_are_too_large() {
    let tree = Tree::new();
    fs::File::create(tree.at("n/etc/frr/frr.conf")).unwrap().set_len(1 << 30).unwrap();
    told("a sparse file of 1 GiB", tree, &[TOO_LONG]);
    told("a line of 100 MB", Tree::new().with("n/etc/frr/frr.conf", vec![b'x'; 100_000_000]), &[TOO_LONG]);
    let long = format!("{SOUND}router bgp 1\n neighbor {} remote-as 1\n", "x".repeat(20_000_000));
    told("a line of 20 MB", Tree::new().with("n/etc/frr/frr.conf", long), &["is longer than 4095 bytes"]);
    let many = Tree::new();
    for node in 0..40 {
        fs::File::create(many.at(format!("z{node}/etc/frr/frr.conf"))).unwrap().set_len(60 << 20).unwrap();
    }
    told("40 files of 60 MiB", many, &["are not read: all files together are longer than"]);
}

#[test]
fn texts_that_are_too_long() {
    told("10 million lines", Tree::new().with("n/etc/frr/frr.conf", lines(10_000_000, |_| "!\n".to_owned())), &[]);
    for (path, first) in [
        ("etc/frr/frr.conf", "router bgp 1\n"),
        ("etc/network/interfaces", "iface a\n"),
        ("etc/pve/sdn/zones.cfg", "evpn: z\n"),
    ] {
        let text = first.to_owned() + &lines(2_000_000, |at| format!("\tfrobnicate{at} widget {at}\n"));
        told(&format!("2 million unknown lines of {path}"), Tree::new().with(format!("n/{path}"), text), &[" read"]);
    }
    for text in ["{\"zones\":".to_owned() + &"[".repeat(100_000), "{\"a\":".repeat(100_000) + "1"] {
        told("JSON 100,000 deep", Tree::new().with("n/etc/pve/sdn/.running-config", &text), &[".running-config"]);
        let policy = Tree::new().with("n/etc/network/interfaces", "auto lo\niface lo\n");
        told("a policy 100,000 deep", policy.with("n/etc/network/ifupdown2/policy.d/x.json", &text), &["x.json"]);
    }
}

#[test]
fn trees_that_lead_anywhere() {
    let tree = Tree::new();
    symlink("..", tree.at("n/etc/frr/up")).unwrap();
    symlink("b", tree.at("n/etc/frr/a")).unwrap();
    symlink("a", tree.at("n/etc/frr/b")).unwrap();
    symlink("frr.conf", tree.at("n/etc/frr/frr.conf")).unwrap();
    told("links in circles", tree, &["n/etc/frr/frr.conf is not read: it is a link that leads nowhere"]);
    let (tree, outside) = (Tree::new(), Tree::new().with("frr.conf", "SECRET word\n"));
    symlink(outside.path().join("frr.conf"), tree.at("n/etc/frr/frr.conf")).unwrap();
    symlink(outside.path(), tree.at("m/etc/frr")).unwrap_or_default();
    told("links out of the tree", tree, &["n/etc/frr/frr.conf is not read: it is a link out of the input"]);
    let tree = Tree::new();
    symlink("/dev/zero", tree.at("n/etc/frr/frr.conf")).unwrap();
    told("a device", tree, &["is not read: it is a link to something that is no file"]);
    let tree = Tree::new();
    assert!(Command::new("mkfifo").arg(tree.at("n/etc/frr/frr.conf")).status().unwrap().success());
    told("a pipe", tree, &["is not read: it is neither a file nor a folder"]);
}

#[test]
fn trees_that_are_too_deep_or_too_broad() {
    let tree = Tree::new();
    let mut folder = tree.path().join("d");
    // A path of 2,000 folders is longer than the system takes at once.
    let deep = "d/".repeat(1000);
    fs::create_dir_all(tree.path().join(&deep)).unwrap();
    for _ in 0..80 {
        folder.push("d");
    }
    fs::write(folder.join("frr.conf"), SOUND).unwrap();
    told("1,000 folders deep", tree, &["is not read: it lies more than 64 folders deep"]);
    let tree = Tree::new();
    for folder in 0..100_000 {
        fs::create_dir_all(tree.path().join(format!("x{}/y{folder}", folder / 1000))).unwrap();
    }
    told("100,000 folders", tree, &[]);
}

#[test]
fn files_that_vanish_and_grow() {
    let tree = Tree::new().with("sound/etc/frr/frr.conf", SOUND);
    let (vanishing, growing) = (tree.at("v/etc/frr/frr.conf"), tree.at("g/etc/frr/frr.conf"));
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let more = "!\n".repeat(1 << 16);
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&vanishing, SOUND).unwrap();
                let mut text = fs::read_to_string(&growing).unwrap_or_default();
                text = if text.len() > 8 << 20 { String::new() } else { text + &more };
                fs::write(&growing, text).unwrap();
                let _ = fs::remove_file(&vanishing);
            }
        });
        for _ in 0..20 {
            let ran = run("a file that comes and goes, and one that grows", &tree, &["."]);
            assert!(ran.err.contains("of 3 nodes") || ran.err.contains("of 2 nodes"), "{}", ran.err);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn references_that_explode() {
    let node = |text: String| Tree::new().with("n/etc/network/interfaces", text);
    let climbing = "source ../../../../../../etc/passwd\nsource /etc/../../../x\nsource /etc/network/*\n";
    told("climbing source lines", node(climbing.repeat(100)), &[]);
    let mut tree = node("source /etc/network/interfaces.d/*\n".to_owned());
    let sources = "source /etc/network/interfaces.d/f*\n".repeat(20);
    for file in 0..1000 {
        let text = format!("{sources}auto e{file}\niface e{file}\n");
        tree = tree.with(format!("n/etc/network/interfaces.d/f{file}"), text);
    }
    told("1,000 files that source each other", tree, &[]);
    let mut tree = node("source /etc/network/interfaces.d/f0\n".to_owned());
    for file in 0..5000 {
        let text = format!("source /etc/network/interfaces.d/f{}\nauto e{file}\niface e{file}\n", file + 1);
        tree = tree.with(format!("n/etc/network/interfaces.d/f{file}"), text);
    }
    told("a chain of 5,000 source lines", tree, &[]);
    for keyword in ["bridge-ports", "bridge_ports"] {
        let ports = |at: usize| lines(400, |port| if port == at { String::new() } else { format!(" br{port}") });
        let text = lines(400, |at| format!("auto br{at}\niface br{at}\n {keyword}{}\n", ports(at)));
        told("400 bridges that list one another", node(text), &[]);
    }
    let stack = lines(20_000, |at| {
        format!("auto v{at}\niface v{at}\n vlan-raw-device v{}\n vlan-id {}\n", at + 1, at % 4000 + 1)
    });
    told("20,000 VLANs on each other", node(stack), &[]);
    told("ranges of ranges", node("auto a[1-4094]b[1-4094]\niface a[1-4094]b[1-4094]\n".repeat(50)), &[]);
    for word in ["{".repeat(250), "{a,".repeat(60_000), "*a".repeat(30_000), "[".repeat(100_000), "**/".repeat(20_000)]
    {
        told("a pattern", node(format!("source /etc/network/{word}\nauto lo\niface lo\n")), &[]);
    }
    let frr = |text: String| Tree::new().with("n/etc/frr/frr.conf", text);
    told(
        "20,000 route-maps that call the next",
        frr(lines(20_000, |at| format!("route-map m{at} permit 10\n call m{}\nexit\n", at + 1))),
        &[],
    );
    told(
        "5,000 groups in groups",
        frr("router bgp 1\n".to_owned()
            + &lines(5_000, |at| format!(" neighbor g{at} peer-group\n neighbor g{at} peer-group g{}\n", at + 1))),
        &[],
    );
    told(
        "20,000 routes by way of the next",
        frr(lines(20_000, |at| {
            let address = |at: usize| format!("10.{}.{}", at / 256, at % 256);
            format!("ip route {}.0/24 {}.1\n", address(at), address(at + 1))
        })),
        &[],
    );
}

#[test]
fn bytes_that_are_no_text() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for (name, bytes) in [
        ("a byte order mark", b"\xef\xbb\xbfrouter bgp 1\n".to_vec()),
        ("NUL", b"router bgp 1\n neighbor 10.0.0.2 password hun\0ter2\n".to_vec()),
        ("UTF-16", utf16("\u{feff}router bgp 1\n neighbor 10.0.0.2 password hunter2\n")),
        ("lone carriage returns", b"router bgp 1\r neighbor 10.0.0.2 remote-as 1\r".to_vec()),
        ("escapes", b"router bgp 1\n neighbor \x1b[31mx remote-as 1\n".to_vec()),
    ] {
        told(name, Tree::new().with("n/etc/frr/frr.conf", bytes), &["n/etc/frr/frr.conf:"]);
    }
}

#[test]
fn a_report_with_thousands_of_files() {
    let parts = lines(8000, |at| format!("\n# cat /etc/network/interfaces.d/f{at}\nauto e{at}\niface e{at}\n"));
    let text =
        format!("==== general system info ====\n\n# hostname\nn1\n\n# cat /etc/network/interfaces\nauto lo\n{parts}");
    told("a report", Tree::new().with("pvereport.txt", text), &["the report holds more files than are read of one"]);
}

/// `evpnlint.toml` as each of what a file may be.
#[test]
fn the_configuration_file() {
    let secret = Tree::new().with("shadow", "root:SECRET:1\n");
    let sound = || Tree::new().with("sound/etc/frr/frr.conf", SOUND);
    let refused = |name: &str, tree: &Tree, words: &str| {
        let ran = run(name, tree, &["."]);
        ran.ends(2).says(words);
        assert!(!ran.err.contains("SECRET") && ran.err.len() < 2000, "{}", ran.err);
    };
    let tree = sound();
    symlink(secret.path().join("shadow"), tree.at("evpnlint.toml")).unwrap();
    refused("a link out", &tree, "evpnlint.toml: it is a link out of the input");
    let tree = sound();
    fs::File::create(tree.at("evpnlint.toml")).unwrap().set_len(1 << 30).unwrap();
    refused("1 GiB", &tree, "evpnlint.toml: it is longer than 1048576 bytes");
    let tree = sound();
    assert!(Command::new("mkfifo").arg(tree.at("evpnlint.toml")).status().unwrap().success());
    refused("a pipe", &tree, "evpnlint.toml: it is neither a file nor a folder");
    let tree = sound();
    symlink("/dev/zero", tree.at("evpnlint.toml")).unwrap();
    refused("a device", &tree, "evpnlint.toml: it is a link out of the input");
    refused(
        "100,000 brackets",
        &sound().with("evpnlint.toml", "a=".to_owned() + &"[".repeat(100_000)),
        "evpnlint.toml: ",
    );
    refused("no text", &sound().with("evpnlint.toml", b"\xff\xfe\0\x1b[31m="), "evpnlint.toml: ");
    refused("a long line", &sound().with("evpnlint.toml", "x".repeat(1_000_000)), "evpnlint.toml: ");
    refused("a secret", &sound().with("evpnlint.toml", "password = SECRET\n"), "evpnlint.toml: ");
    // A folder of another user's, in which a file was planted.
    let tree = sound().with("a/evpnlint.toml", "nonsense");
    fs::create_dir_all(tree.path().join("a/b")).unwrap();
    fs::rename(tree.path().join("sound"), tree.path().join("a/b/sound")).unwrap();
    if std::os::unix::fs::chown(tree.path().join("a/evpnlint.toml"), Some(65534), None).is_ok() {
        run("one that another user has put there", &tree, &["a/b"]).ends(0);
        std::os::unix::fs::chown(tree.path().join("a"), Some(65534), None).unwrap();
        run("one in another user's folder", &tree, &["a/b"]).ends(0);
    }
    assert!(Path::new(&tree.path().join("a/evpnlint.toml")).exists());
}

/// Arguments are quoted in messages, and must not drive the terminal either.
#[test]
fn arguments() {
    let tree = Tree::new().with("sound/etc/frr/frr.conf", SOUND);
    let evil = "\u{1b}[31m\u{202e}evil\u{7}\u{ad}";
    for arguments in [
        &[evil][..],
        &["--bogus", evil],
        &["--select", evil],
        &["--config", evil, "."],
        &["--frr-version", evil],
        &["show", "--as", evil],
        &["show", "--as", "effective", "--node", evil],
        &["show", "--as", "sessions", "--node", evil],
        &["why", evil, evil, "--vni", "1"],
        &["why", evil, evil, "--vni", evil],
        &["why", "sound", "sound", "--vrf", evil],
        &["ping", evil, "sound"],
        &["ping", "sound", evil],
        &["ping", "sound", "outside", "--without", evil],
        &["ping", "sound", "outside", "--move", evil],
        &["ping", "sound", "outside", "-M", evil],
        &["diff", "--node", evil],
        &["diff", evil],
        &["explain", evil],
        &["collect", evil, "-o", "x"],
        &["collect", "sound", "-o", evil],
    ] {
        let ran = tree.run(arguments);
        let raw = |c: char| matches!(c, '\u{1b}' | '\u{202e}' | '\u{7}' | '\u{ad}');
        assert!(!ran.out.contains(raw) && !ran.err.contains(raw), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    let tree = Tree::new().with(format!("{evil}/etc/frr/frr.conf"), SOUND).with(format!("{evil}/evpnlint.toml"), "x");
    for arguments in [&["."][..], &["-f", "json", "."], &["--files", "."], &[evil], &["show", "--as", "sessions", "."]]
    {
        let ran = tree.run(arguments);
        let raw = |c: char| matches!(c, '\u{1b}' | '\u{202e}' | '\u{7}' | '\u{ad}');
        assert!(!ran.out.contains(raw) && !ran.err.contains(raw), "{arguments:?}: {}{}", ran.out, ran.err);
    }
}
