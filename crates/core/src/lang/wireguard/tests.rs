use crate::{
    lang,
    model::Cluster,
    options::Options,
    source::{File, Sources},
};

fn read(interfaces: &str, text: &str) -> (Cluster, Sources) {
    let mut sources = Sources::default();
    sources.add(File::new("n/i", "n", "etc/network/interfaces", interfaces));
    sources.add(File::new("n/w", "n", "etc/wireguard/wg0.conf", text));
    let cluster = lang::read(&sources, &Options::default());
    sources.mask(&cluster.secrets);
    (cluster, sources)
}

const FILE: &str = "\
# the key of the day: HUNTER
[interface]
address = 10.51.0.1/24, fd51::1/64
Address = 10.52.0.1/32
MTU=1380 # less
ListenPort = 51820
PrivateKey = HUN TER
Table = off
PostUp = sysctl -w net.ipv4.conf.%i.forwarding=1 # on
PreDown = true

[Peer]
PublicKey = abc
PresharedKey = HUNTER
AllowedIPs = 10.51.0.2/32, 10.60.0.0/16
Endpoint = 192.0.2.2:51820

[Peer]
Private Key = HUNTER
AllowedIPs=0.0.0.0/0
Endpoint = [2001:db8::3]:51820
[Peer]
Endpoint = vpn.example.net:51820
";

#[test]
fn a_file_makes_an_interface() {
    let (cluster, sources) = read("auto lo\niface lo inet loopback\n", FILE);
    let link = cluster.nodes[0].link("wg0").unwrap();
    let addresses: Vec<String> = link.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["10.51.0.1/24", "fd51::1/64", "10.52.0.1/32"]);
    assert_eq!(link.mtu.as_ref().map(|mtu| mtu.value), Some(1380));
    let own = link.wireguard.as_ref().unwrap();
    assert!(own.is_without_routes);
    assert_eq!((own.allowed.len(), own.endpoints.len()), (3, 2));
    let hooks: Vec<&str> = link.hooks.iter().map(|hook| hook.value.as_str()).collect();
    assert_eq!(hooks, ["sysctl -w net.ipv4.conf.wg0.forwarding=1 # on"]);
    for (_, file) in sources.iter() {
        assert!(!file.text.contains("HUN") && !file.text.contains("TER"), "{}", file.text);
    }
}

#[test]
fn what_interfaces_describes_keeps_its_mtu_and_no_address_is_no_interface() {
    let (cluster, _) = read("iface wg0 inet static\n address 10.51.0.1/24\n", FILE);
    let link = cluster.nodes[0].link("wg0").unwrap();
    assert!(link.mtu.is_none() && link.wireguard.is_none() && link.addresses.len() == 3);
    let (cluster, _) = read("auto lo\niface lo inet loopback\n", "[Interface]\nListenPort = 51820\n");
    assert!(cluster.nodes[0].link("wg0").is_none());
}

#[test]
fn values_are_of_their_kind() {
    let (cluster, _) = read("", "[Interface]\nAddress = 10.51.0.300/24\nMTU = big\n[Peer]\nAllowedIPs = all\n");
    let texts: Vec<u32> = cluster.faults.iter().map(|fault| fault.span.start).collect();
    assert_eq!(texts.len(), 3, "{:?}", cluster.faults);
}
