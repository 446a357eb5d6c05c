//! What holds of every text, whoever made it up: proptest in `tests/total.rs`, libFuzzer in the targets beside this file.

#![allow(dead_code, clippy::unwrap_used, reason = "each target uses a part, and a test fails by panicking")]

use evpnlint::{
    check,
    config::Config,
    discover,
    lang::{self, of, of_file},
    model::Cluster,
    model::Vni,
    options::{Completeness, Options},
    predict::{Prediction, why::Question},
    report::{self, Format, Style, tables::Table},
    settle::Selection,
    source::{File, FileId, Sources},
};
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::LazyLock,
};

/// The places on a node that one input is laid out over.
pub(crate) const FRR: &[&str] = &["etc/frr/frr.conf", "etc/frr/bgpd.conf", "etc/frr/daemons", "etc/hostname"];
/// The same for ifupdown2's files.
pub(crate) const INTERFACES: &[&str] =
    &["etc/network/interfaces", "etc/network/interfaces.d/sdn", "etc/network/interfaces.d/other"];
/// The same for Proxmox's.
pub(crate) const SDN: &[&str] = &[
    "etc/pve/sdn/zones.cfg",
    "etc/pve/sdn/vnets.cfg",
    "etc/pve/sdn/subnets.cfg",
    "etc/pve/sdn/controllers.cfg",
    "etc/pve/sdn/fabrics.cfg",
    "etc/pve/sdn/.running-config",
    "etc/pve/sdn/dns.cfg",
    "etc/pve/sdn/ipams.cfg",
    "etc/pve/corosync.conf",
];

/// The same for guests, beside the vnet they are on.
pub(crate) const GUESTS: &[&str] = &[
    "etc/pve/nodes/node/qemu-server/100.conf",
    "etc/pve/nodes/node/lxc/101.conf",
    "etc/pve/nodes/other/qemu-server/102.conf",
    "etc/pve/lxc/103.conf",
    "etc/pve/sdn/zones.cfg",
    "etc/pve/sdn/vnets.cfg",
    "etc/pve/sdn/subnets.cfg",
    "etc/network/interfaces",
    "etc/pve/corosync.conf",
];

/// The same for cables.
pub(crate) const CABLES: &[&str] = &["etc/ptm.d/topology.dot", "lab.clab.yml", "etc/network/interfaces"];

/// The same for kernel parameters.
pub(crate) const SYSCTL: &[&str] =
    &["etc/sysctl.conf", "etc/sysctl.d/90-a.conf", "usr/lib/sysctl.d/90-a.conf", "etc/network/interfaces"];

/// The same for WireGuard.
pub(crate) const WIREGUARD: &[&str] =
    &["etc/wireguard/wg0.conf", "etc/wireguard/wg1.conf", "etc/network/interfaces", "etc/frr/frr.conf"];

/// Lays bytes out over the places, a NUL between two files, and examines and judges the node.
pub(crate) fn bytes(places: &[&str], bytes: &[u8]) {
    let mut sources = Sources::default();
    for (inner, text) in places.iter().zip(bytes.split(|byte| *byte == 0)) {
        sources.add(File::new(format!("node/{inner}"), "node", *inner, text));
    }
    // What is examined is printed as a whole, which takes a hundred times as long as reading a large text.
    if bytes.len() < 512 {
        reading(&sources);
    }
    let selection = Selection { select: vec!["all".parse().unwrap()], ..Selection::default() };
    check(&mut sources, &selection, &Completeness::Complete.into());
}

/// The configuration file.
pub(crate) fn config(bytes: &[u8]) {
    if let Ok(config) = Config::parse(Path::new("evpnlint.toml"), &String::from_utf8_lossy(bytes)) {
        config.options(&mut Sources::default());
    }
}

/// Files of a tree: the first byte of each text, with a NUL between two, says where it stands.
const TREE: &[&str] = &[
    "a/etc/frr/frr.conf",
    "a/etc/network/interfaces",
    "b/etc/frr/frr.conf",
    "b/etc/network/interfaces",
    "b/etc/network/interfaces.d/x",
    "a/etc/network/interfaces.d/sdn",
    "etc/pve/sdn/zones.cfg",
    "etc/pve/sdn/vnets.cfg",
    "etc/pve/sdn/subnets.cfg",
    "etc/pve/sdn/controllers.cfg",
    "etc/pve/sdn/fabrics.cfg",
    "a/etc/pve/sdn/.running-config",
    "a/etc/frr/frr.conf.local",
    "a/etc/frr/daemons",
    "etc/pve/corosync.conf",
    "etc/pve/nodes/a/qemu-server/100.conf",
    "a/etc/network/ifupdown2/policy.d/x.json",
    "c/pvereport.txt",
    "evpnlint.toml",
    "a/etc/ptm.d/topology.dot",
    "lab.clab.yml",
];

/// A folder that is this process's.
pub(crate) static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = env::temp_dir().join(format!("evpnlint-fuzz-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
});

/// The report of a node, in a folder that is this process's.
pub(crate) fn bundle(bytes: &[u8], folder: &Path) {
    fs::write(folder.join("pvereport.txt"), bytes).unwrap();
    whole(folder);
}

/// A tree in a folder that is this process's, and everything that the program can say of it.
pub(crate) fn tree(bytes: &[u8], folder: &Path) {
    fs::remove_dir_all(folder).unwrap();
    for text in bytes.split(|byte| *byte == 0) {
        let (first, text) = text.split_first().unwrap_or((&0, &[]));
        let path = folder.join(TREE[*first as usize % TREE.len()]);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    whole(folder);
}

/// Everything that the program can say of a folder.
fn whole(folder: &Path) {
    let paths = [folder.to_owned()];
    let Ok(loaded) = discover::find(&paths, &Default::default()).and_then(|found| discover::load(&found)) else {
        return;
    };
    let sources = || {
        let mut sources = Sources::default();
        loaded.iter().for_each(|(_, file)| {
            sources.add(file.clone());
        });
        sources
    };
    let options = match Config::find(&paths) {
        Ok(config) => config.options(&mut sources()),
        Err(_) => Options::default(),
    };
    let options = Options { allowed_leaks: vec![], ..options };
    let mut checked = sources();
    let selection = Selection { select: vec!["all".parse().unwrap()], ..Selection::default() };
    let outcome = check(&mut checked, &selection, &options);
    for format in [Format::Human, Format::Concise, Format::Json] {
        report::write(format, &outcome, &checked, Style::default(), &mut vec![]).unwrap();
    }
    evpnlint::predict(&mut sources(), &options, shown);
    for node in ["a", "b", "localhost"] {
        let _ = evpnlint::effective(&mut sources(), &options, node);
        let _ = evpnlint::twin(&mut sources(), &options, node);
    }
}

/// What `show` and `why` print.
fn shown(prediction: &mut Prediction, sources: &Sources) {
    let mut out = vec![];
    for table in [Table::Sessions, Table::Vnis, Table::Routes, Table::Tenants] {
        report::tables::text(table, prediction, None, sources, &mut out).unwrap();
        report::tables::json(table, prediction, None, sources, &mut out).unwrap();
    }
    report::budgets::text(prediction, None, sources, &mut out).unwrap();
    report::resilience::text(prediction, None, sources, &mut out).unwrap();
    let nodes = prediction.fabric.nodes().take(3);
    let mut questions: Vec<Question> =
        prediction.fabric.overlay.vnis.keys().take(2).map(|vni: &Vni| Question::Vni(*vni)).collect();
    questions.push(Question::Vrf("red".to_owned()));
    for question in questions {
        for (one, other) in nodes.clone().flat_map(|one| nodes.clone().map(move |other| (one, other))) {
            report::why::json(&prediction.why(one, other, &question), sources, &mut out).unwrap();
        }
    }
}

/// Reads twice, and examines what was read.
pub(crate) fn reading(sources: &Sources) {
    let cluster = lang::read(sources, &Default::default());
    let told = format!("{cluster:?}");
    assert_eq!(told, format!("{:?}", lang::read(sources, &Default::default())), "reading is the same every time");
    every_place_is_there(sources, &told);
    every_line_is_accounted_for(sources, &cluster);
}

/// All places in the model, whichever field holds them, lie in their files and cut no character in two. They are taken
/// from what `Debug` writes, so that no list of fields can leave one out.
fn every_place_is_there(sources: &Sources, told: &str) {
    const SPAN: &str = "Span { file: FileId(";
    if sources.iter().any(|(_, file)| file.text.contains("FileId(")) {
        return;
    }
    for (at, _) in told.match_indices(SPAN) {
        let mut numbers = told[at + SPAN.len()..].split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let mut number = || numbers.next().and_then(|number| number.parse::<u32>().ok()).unwrap();
        let (file, start, end) = (number(), number() as usize, number() as usize);
        let text = &sources[FileId(file)].text;
        assert!(text.get(start..end).is_some(), "{start}..{end} of file {file}, which has {} bytes", text.len());
    }
}

/// A line with content is counted, once; what is not understood of it is at most all.
fn every_line_is_accounted_for(sources: &Sources, cluster: &Cluster) {
    for (language, coverage) in &cluster.coverage {
        let missed = coverage.unrecognised.len() as u32 + coverage.unmodelled;
        assert!(missed <= coverage.lines, "{missed} lines of {} are not understood in {language}", coverage.lines);
        let files = || sources.iter().filter(|(_, file)| of_file(file) == Some(*language));
        let nodes: BTreeSet<&str> = files().map(|(_, file)| file.node.as_str()).collect();
        // A store that several nodes hold alike is read once, and so is a guest, which is known by its file's name.
        let is_shared = files().any(|(_, file)| of(&file.inner).is_some_and(|of| of.is_cluster_wide()));
        let names: BTreeSet<&str> = files().filter_map(|(_, file)| file.inner.rsplit('/').next()).collect();
        if is_shared && (nodes.len() > 1 || names.len() < files().count()) {
            continue;
        }
        let counts: Option<Vec<usize>> = files().map(|(_, file)| lines(language.name(), file)).collect();
        if let Some(counts) = counts {
            assert_eq!(coverage.lines as usize, counts.iter().sum::<usize>(), "lines with content in {language}");
        }
    }
    for (first, second) in cluster.coverage.values().flat_map(|coverage| coverage.unrecognised.windows(2)).map(pair) {
        assert!(first != second, "{first:?} is missed twice");
    }
}

fn pair<T: Copy>(window: &[T]) -> (T, T) {
    (window[0], window[1])
}

/// How many lines of a file have content; nothing where more than its own text decides which are read.
fn lines(language: &str, file: &File) -> Option<usize> {
    let count = |is_content: &dyn Fn(&str) -> bool| Some(file.text.split('\n').filter(|line| is_content(line)).count());
    match (language, file.inner.rsplit('/').next()?) {
        ("frr", "daemons") => None,
        ("frr", _) => count(&|line| !line.trim_ascii().is_empty() && !line.trim_ascii().starts_with(['!', '#'])),
        ("interfaces", "interfaces") if !file.text.contains(['\\']) && !file.text.contains("source") => {
            count(&|line| !line.trim_ascii().is_empty() && !line.trim_ascii().starts_with('#'))
        }
        ("sdn", name) if name.ends_with(".cfg") => {
            count(&|line| !line.trim().is_empty() && line != "0" && !line.trim().starts_with('#'))
        }
        ("sysctl", _) => count(&|line| !line.trim().is_empty() && !line.trim().starts_with(['#', ';'])),
        ("guests", _) => count(&|line| !line.trim_end().is_empty() && !line.starts_with('#')),
        _ => None,
    }
}
