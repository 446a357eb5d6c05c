use crate::{
    lang,
    model::Cluster,
    options::Options,
    source::{File, Sources},
};

/// Reads the files of a node, each with its place.
fn read(files: &[(&str, &str)]) -> Cluster {
    let mut sources = Sources::default();
    sources.add(File::new("n/etc/hostname", "n", "etc/hostname", "n\n"));
    for (inner, text) in files {
        sources.add(File::new(format!("n/{inner}"), "n", *inner, *text));
    }
    lang::read(&sources, &Options::default())
}

fn forwards(files: &[(&str, &str)]) -> Option<bool> {
    read(files).nodes[0].sysctls.forwards4("eth0").map(|on| on.value)
}

#[test]
fn names_have_dots_or_slashes_and_a_dash_before_them() {
    for line in [
        "net.ipv4.ip_forward=0",
        "net/ipv4/ip_forward = 0",
        "  - net.ipv4.ip_forward\t=\t0  ",
        "net.ipv4.conf.all.forwarding = 0",
        "-net/ipv4/conf/all/forwarding=0",
        "net.ipv4.conf.eth0.forwarding = 0",
        "net.ipv4.conf.*.forwarding = 0",
        "net.ipv4.conf.eth?.forwarding = 0",
        "net.ipv*.conf.all.forwarding = 0",
        "/proc/sys/net/ipv4/ip_forward = 0",
    ] {
        assert_eq!(forwards(&[("etc/sysctl.conf", line)]), Some(false), "{line}");
    }
    for line in [
        "",
        "# net.ipv4.ip_forward = 0",
        "; net.ipv4.ip_forward = 0",
        "net.ipv4.conf.eth1.forwarding = 0",
        "net.ipv6.conf.all.forwarding = 0",
        "net.ipv4.ip_forward",
        "-net.ipv4.ip_forward",
        "net.ipv4.ip_forward = off",
    ] {
        assert_eq!(forwards(&[("etc/sysctl.conf", line)]), None, "{line}");
    }
    let vlan = read(&[("etc/sysctl.conf", "net.ipv4.conf.eth0/100.forwarding = 0\n")]);
    assert!(vlan.nodes[0].sysctls.forwards4("eth0.100").is_some_and(|on| !on.value));
    assert!(vlan.nodes[0].sysctls.forwards4("eth0").is_none());
}

#[test]
fn files_come_in_the_order_of_their_names_and_one_hides_its_namesakes() {
    let (off, on) = ("net.ipv4.ip_forward = 0\n", "net.ipv4.ip_forward = 1\n");
    for (files, wanted) in [
        (&[("etc/sysctl.d/10-a.conf", off), ("usr/lib/sysctl.d/20-b.conf", on)][..], Some(true)),
        (&[("etc/sysctl.d/20-b.conf", off), ("usr/lib/sysctl.d/10-a.conf", on)], Some(false)),
        (&[("usr/lib/sysctl.d/20-b.conf", on), ("etc/sysctl.d/20-b.conf", off)], Some(false)),
        (&[("run/sysctl.d/20-b.conf", on), ("usr/lib/sysctl.d/20-b.conf", off)], Some(true)),
        (&[("etc/sysctl.d/20-b.conf", ""), ("usr/lib/sysctl.d/20-b.conf", off)], None),
        // Of Debian's `sysctl.conf` no file tells whether it is read.
        (&[("etc/sysctl.d/20-b.conf", on), ("etc/sysctl.conf", off)], None),
        (
            &[("etc/sysctl.d/20-b.conf", on), ("etc/sysctl.d/99-sysctl.conf", off), ("etc/sysctl.conf", off)],
            Some(false),
        ),
        // What is written again stays where it was.
        (
            &[(
                "etc/sysctl.conf",
                "net.ipv4.conf.eth0.forwarding=0\nnet.ipv4.ip_forward=1\nnet.ipv4.conf.eth0.forwarding=0\n",
            )],
            None,
        ),
    ] {
        assert_eq!(forwards(files), wanted, "{files:?}");
    }
}

#[test]
fn all_and_default_and_an_interface_come_to_what_the_kernel_makes_of_them() {
    let text = |text: &str| read(&[("etc/sysctl.conf", text)]).nodes.remove(0).sysctls;
    let off = text("net.ipv4.ip_forward = 1\nnet.ipv4.conf.eth0.forwarding = 0\nnet.ipv6.conf.eth0.forwarding = 0\n");
    assert_eq!(off.forwards4("eth0").map(|on| on.value), Some(false));
    assert_eq!(off.forwards4("eth1").map(|on| on.value), Some(true));
    assert!(off.forwards6().is_none());
    // 0 is what `all` begins with, so that writing it changes no interface.
    let default = text("net.ipv4.conf.default.forwarding = 1\nnet.ipv4.conf.all.forwarding = 0\n");
    assert!(default.forwards4("eth0").is_none());
    assert!(default.forwards4_at_all().is_some_and(|on| !on.value));
    for (lines, wanted) in [
        ("all.rp_filter = 1", Some(true)),
        ("all.rp_filter = 1\nnet.ipv4.conf.eth0.rp_filter = 2", Some(false)),
        ("all.rp_filter = 0\nnet.ipv4.conf.default.rp_filter = 1", Some(true)),
        ("default.rp_filter = 1\nnet.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter", Some(false)),
        ("*.rp_filter = 1\n-net.ipv4.conf.eth0.rp_filter", Some(true)),
        ("all.arp_accept = 1", None),
    ] {
        let own = text(&format!("net.ipv4.conf.{lines}\n"));
        assert_eq!(own.is_strict("eth0").map(|on| on.value), wanted, "{lines}");
    }
    assert!(text("net.ipv4.conf.all.arp_accept = 1\n").accepts_arp("br1").is_some_and(|on| on.value));
    assert!(text("net.ipv6.conf.all.disable_ipv6 = 1\n").lacks_ipv6("eth0").is_some_and(|on| on.value));
}

#[test]
fn a_file_that_is_not_read_may_say_otherwise() {
    use crate::source::Unread;
    let mut sources = Sources::default();
    sources.add(File::new("n/etc/hostname", "n", "etc/hostname", "n\n"));
    sources.add(File::new("n/a", "n", "etc/sysctl.d/10-a.conf", "net.ipv4.ip_forward = 0\n"));
    sources.add(File::unread("n/b", "n", "etc/sysctl.d/20-b.conf", Unread::Denied));
    let cluster = lang::read(&sources, &Options::default());
    assert!(cluster.nodes[0].sysctls.is_empty());
    assert!(cluster.faults.iter().all(|fault| !fault.is_unread()));
}
