//! No secret leaves its node, and what stands in its place is still the command that it was.

use super::{
    run,
    sshd::{Site, is_there},
};
use std::{fs, os::unix::fs::PermissionsExt as _};

/// Every command of FRR's that takes a secret, in its mode.
const FRR: &str = "\
frr version 10.3
frr defaults datacenter
hostname leaf1
password SECRET
enable password 8 SECRET
! the password of the day: SECRET
key chain ring
 key 1
  key-string SECRET
  cryptographic-algorithm md5
 exit
exit
interface eth0
 ip address 10.0.0.1/31
 ip ospf authentication-key SECRET
 ip ospf message-digest-key 1 md5 SECRET
 ip ospf authentication message-digest
 ipv6 ospf6 authentication key-id 1 hash-algo md5 key SECRET
 ip rip authentication mode md5 auth-length rfc
 ip rip authentication string SECRET
 isis password md5 SECRET
 openfabric password clear SECRET
exit
router ospf
 area 0 authentication message-digest
 area 1 virtual-link 10.0.0.9 message-digest-key 1 md5 SECRET
 area 1 virtual-link 10.0.0.9 authentication-key SECRET
exit
router isis 1
 area-password md5 SECRET authenticate snp validate
 domain-password clear SECRET authenticate snp send-only
exit
router openfabric 1
 domain-password md5 SECRET
exit
mpls ldp
 neighbor 10.0.0.9 password SECRET
exit
router bgp 65001 vrf token
exit
router bgp 65001
 neighbor psk peer-group
 neighbor psk remote-as 65002
 neighbor psk password SECRET
 neighbor 10.0.0.0 peer-group psk
 neighbor 10.0.0.5 remote-as 65003
 neighbor 10.0.0.5 pasword SECRET
 neighbor 10.0.0.6 remote-as 65003
 neighbor 10.0.0.6 Password SECRET
 neighbor 10.0.0.7 remote-as 65003
 neighbor 10.0.0.7 password 8 SECRET
 !
 address-family ipv4 unicast
  redistribute connected route-map token
  neighbor psk route-map token out
 exit-address-family
exit
route-map token permit 10
 match interface secret
exit
";

const INTERFACES: &str = "\
auto wlan0
iface wlan0 inet dhcp
\twpa-ssid home
\twpa-psk SECRET
\twireless-key1 s:SECRET
auto token
iface token inet manual
\tpre-up wg set wg0 private-key <(echo c0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUMDA=)
\tpost-up ip macsec add macsec0 tx sa 0 pn 1 on key 01 0badc0de0badc0de0badc0de0badc0de
\tpost-up curl https://admin:SECRET@10.0.0.9/hook
";

const IPAMS: &str = "netbox: nb\n\turl https://admin:SECRET@nb.example.net/api\n\ttoken SECRET\n\n\
                     phpipam: pi\n\turl https://pi.example.net\n\ttokn SECRET\n\tsection 1\n";

const RUNNING: &str = r#"{"version":7,"dns":{"ids":{"p":{"type":"powerdns","key":"SECRET","url":"http://10.0.0.9"}}},
"ipams":{"ids":{"nb":{"token":"SE\"CRET SECRET","type":"netbox"}}},"zones":{"ids":{}}}"#;

const GUEST: &str = "#root is SECRET\nname: web\nargs: -spice password=SECRET\ncipassword: SECRET\nsshkeys: SECRET\n\
                     net0: virtio=02:00:00:00:00:01,bridge=v1\n\n[before]\ndescription: SECRET\n";

const WIREGUARD: &str = "# SECRET\n[Interface]\nAddress = 10.9.0.1/24\nPrivateKey = SECRET\nPostUp = run --token SECRET\n\n\
                         [Peer]\nPresharedKey=SECRET\nPublicKey = SECRET # SECRET\nAllowedIPs = 10.9.0.2/32\nprivate key: SECRET\n";

const SYSCTL: &str = "net.ipv4.ip_forward = 1\nkernel.x = SECRET\nnet.ipv4.tcp_fastopen_key = SECRET\n";

fn site() -> Site {
    Site::new()
        .with("leaf1/etc/hostname", "leaf1\n")
        .with("leaf1/etc/frr/frr.conf", FRR)
        .with("leaf1/etc/network/interfaces", INTERFACES)
        .with("leaf1/etc/pve/sdn/ipams.cfg", IPAMS)
        .with("leaf1/etc/pve/sdn/.running-config", RUNNING)
        .with("leaf1/etc/pve/nodes/leaf1/qemu-server/100.conf", GUEST)
        .with("leaf1/etc/wireguard/wg0.conf", WIREGUARD)
        .with("leaf1/etc/sysctl.d/90-x.conf", SYSCTL)
}

#[test]
fn no_secret_is_sent_or_written() {
    if !is_there() {
        return;
    }
    let site = site().serve("leaf1");
    // All that ssh hands on is all that came over the wire, but for its encryption.
    let tee = site.at("tee");
    let script =
        format!("#!/bin/sh\nssh -F {} \"$@\" | tee {}\n", site.at("config").display(), site.at("stream").display());
    fs::write(&tee, script).unwrap();
    fs::set_permissions(&tee, fs::Permissions::from_mode(0o700)).unwrap();
    let ran = run(&mut site.collect(&["--ssh", &tee.display().to_string(), "leaf1"]));
    ran.ends(0).says("leaf1: 8 files");
    let stream = fs::read_to_string(site.at("stream")).unwrap();
    assert!(stream.contains("|hostname leaf1") && stream.ends_with("@end\n"), "{stream}");
    let mut texts = vec![("stream".to_owned(), stream), ("messages".to_owned(), ran.err.clone())];
    for path in super::files(&site.at("evpnlint-collected")) {
        let text = fs::read_to_string(site.at("evpnlint-collected").join(&path)).unwrap();
        texts.push((path, text));
    }
    for (name, text) in texts {
        for secret in ["SECRET", "CRET", "0badc0de", "c0VDUkVU"] {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{name}");
        }
    }
    let manifest = fs::read_to_string(site.at("evpnlint-collected/manifest.json")).unwrap();
    assert!(manifest.contains("\"masked_lines\": 5"), "{manifest}");
}

/// But for the secret, every line is what it was: none is unknown that was known, and none is lost.
#[test]
fn what_is_masked_still_reads_as_it_did() {
    if !is_there() {
        return;
    }
    let site = site().serve("leaf1");
    run(&mut site.collect(&["leaf1"])).ends(0);
    let said = |path: &str| {
        let ran = site.tree.run(&[path, "-f", "concise", "--fail-on", "never"]);
        let places: Vec<String> = ran
            .ends(0)
            .out
            .lines()
            .map(|line| {
                // A mask moves the columns behind it.
                let parts: Vec<&str> = line.splitn(4, ':').collect();
                [parts[0], parts[1], parts[3].split("] ").next().unwrap()].join(":").replace(path, "")
            })
            .collect();
        places
    };
    assert_eq!(said("evpnlint-collected/leaf1"), said("leaf1"));
    let got = fs::read_to_string(site.at("evpnlint-collected/leaf1/etc/frr/frr.conf")).unwrap();
    let tunnel = fs::read_to_string(site.at("evpnlint-collected/leaf1/etc/wireguard/wg0.conf")).unwrap();
    assert!(tunnel.contains("Address = 10.9.0.1/24\n") && tunnel.contains("AllowedIPs = 10.9.0.2/32\n"), "{tunnel}");
    for line in [
        "route-map token permit 10",
        " area-password md5 ******** authenticate snp validate",
        " neighbor psk remote-as 65002",
    ] {
        assert!(got.lines().any(|own| own == line), "{line}\n{got}");
    }
    assert_eq!(got.lines().count(), FRR.lines().count());
}
