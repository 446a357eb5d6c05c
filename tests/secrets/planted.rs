//! Where secrets are planted.

/// A part of a file of leaf1's, with a marker where its secret stands.
pub(super) struct Place {
    pub(super) file: &'static str,
    pub(super) text: &'static str,
}

/// Whatever of these is seen is a leak: the markers without their first letter, and keys of a known shape.
pub(super) const MARKERS: [&str; 3] = ["UNTER", "badc0de0badc0de", "c0VDUkVUc0"];

const FRR: &str = "etc/frr/frr.conf";
const INTERFACES: &str = "etc/network/interfaces";

const fn frr(text: &'static str) -> Place {
    Place { file: FRR, text }
}

const fn iface(text: &'static str) -> Place {
    Place { file: INTERFACES, text }
}

/// Secrets that words or their shape tell, in whatever file.
pub(super) const PLANTED: [Place; 95] = [
    frr(
        "frr version 10.3\nhostname leaf1\nrouter bgp 65001 vrf token\nexit\nrouter bgp 65001\n neighbor 10.0.0.2 remote-as 65009\nexit\n",
    ),
    frr("password HUNTER\n"),
    frr("password 8 HUNTER\n"),
    frr("enable password HUNTER\n"),
    frr("enable password 8 HUNTER HUNTER\n"),
    frr("pasword HUNTER\n"),
    frr("passwort HUNTER\n"),
    frr("\tPassWord\tHUNTER\n"),
    frr("! password HUNTER\n"),
    frr("!password HUNTER\n"),
    frr("# the password of the day: HUNTER\n"),
    frr("! neighbor 10.0.0.2 password HUNTER\n"),
    frr("!neighbor password HUNTER\n"),
    frr("router bgp 65001\n neighbor 10.0.0.2 password HUNTER\nexit\n"),
    frr("router bgp 65001\n neighbor 10.0.0.2 password 8 HUNTER\nexit\n"),
    frr("router bgp 65001\n neighbor psk peer-group\n neighbor psk password HUNTER\nexit\n"),
    frr("router bgp 65001\n neighbor 10.0.0.2 tcp-ao HUNTER\nexit\n"),
    frr("router bgp 65001\n neighbor 10.0.0.2 tcp-md5-auth HUNTER\nexit\n"),
    frr("router bgp 65001\n neighbor 10.0.0.2 passw HUNTER more HUNTER\nexit\n"),
    frr("mpls ldp\n neighbor 10.0.0.9 password HUNTER\nexit\n"),
    frr("key chain ring\n key 1\n  key-string HUNTER\nexit\n"),
    frr("key chain ring\n key 2\n  pre-shared-key HUNTER\nexit\n"),
    frr("interface eth0\n ip ospf authentication-key HUNTER\nexit\n"),
    frr("interface eth0\n ip ospf message-digest-key 1 md5 HUNTER\nexit\n"),
    frr("interface eth0\n ipv6 ospf6 authentication key-id 1 hash-algo md5 key HUNTER\nexit\n"),
    frr("interface eth0\n ip rip authentication string HUNTER\nexit\n"),
    frr("interface eth0\n isis password md5 HUNTER\nexit\n"),
    frr("interface eth0\n openfabric password clear HUNTER\nexit\n"),
    frr("interface eth0\n ip nhrp authentication HUNTER\nexit\n"),
    frr("router ospf\n area 1 virtual-link 10.0.0.9 message-digest-key 1 md5 HUNTER\nexit\n"),
    frr("router ospf\n area 1 virtual-link 10.0.0.9 authentication-key HUNTER\nexit\n"),
    frr("router isis 1\n area-password md5 HUNTER authenticate snp validate\nexit\n"),
    frr("router isis 1\n domain-password clear HUNTER authenticate snp send-only\nexit\n"),
    frr("router isis 1\n area-password HUNTER\nexit\n"),
    frr("radius-server key HUNTER\n"),
    frr("radius-server key 7 HUNTER\n"),
    frr("radius-server host 10.0.0.9 auth-port 1812 key HUNTER\n"),
    frr("! radius-server host 10.0.0.9 key HUNTER\n"),
    frr("tacacs-server key HUNTER\n"),
    frr("tacacs-server host 10.0.0.9 key HUNTER\n"),
    frr("crypto isakmp key HUNTER address 10.0.0.9\n"),
    frr("crypto ikev2 keyring ring pre-shared-key HUNTER\n"),
    frr("snmp-server community HUNTER RO\n"),
    frr("!snmp-server community HUNTER\n"),
    frr("token: HUNTER\n"),
    frr("banner motd https://admin:HUNTER@nms.example.net/x\n"),
    frr("! see https://HUNTERHUNTERHUNTERHUNTER@git.example.net/x\n"),
    frr("route-map token permit 10\n description key 0badc0de0badc0de0badc0de0badc0de\nexit\n"),
    frr("! -----BEGIN OPENSSH PRIVATE KEY-----\n! HUNTER\n! HUNTER\n! -----END OPENSSH PRIVATE KEY-----\n"),
    iface("auto wlan0\niface wlan0 inet dhcp\n\twpa-ssid home\n\twpa-key-mgmt WPA-PSK\n"),
    iface("\twpa-psk HUNTER\n"),
    iface("\twpa-password HUNTER\n"),
    iface("\twpa-passphrase \"HUNTER HUNTER\"\n"),
    iface("\twpa-private-key-passwd HUNTER\n"),
    iface("\twpa-private-key-passwd2 HUNTER\n"),
    iface("\twpa-wep-key0 HUNTER\n"),
    iface("\twireless-key s:HUNTER\n"),
    iface("\twireless-key1 HUNTER\n"),
    iface("\taccess-key HUNTER\n"),
    iface("\tsecret-key HUNTER\n"),
    iface("\tsecret_key=HUNTER\n"),
    iface("\tkey HUNTER\n"),
    iface("# password HUNTER\n"),
    iface("# key HUNTER\n"),
    iface("\t# wpa-psk HUNTER\n"),
    iface("\tup AWS_ACCESS_KEY_ID=HUNTER aws s3 ls\n"),
    iface("\tup AWS_SECRET_ACCESS_KEY=HUNTER aws s3 ls\n"),
    iface("\tup env AWS_SESSION_TOKEN='HUNTER' aws s3 ls\n"),
    iface("\tup export NETBOX_TOKEN=HUNTER; run\n"),
    iface("\tup DB_PASSWORD=\"HUNTER HUNTER\" run\n"),
    iface("\tup DB_PASS=HUNTER run\n"),
    iface("\tup API_KEY=HUNTER run\n"),
    iface("\tup run --secret-key HUNTER\n"),
    iface("\tup run --secret-key=HUNTER\n"),
    iface("\tup run --password HUNTER --token HUNTER\n"),
    iface("\tup run --password=HUNTER --user me:HUNTER\n"),
    iface("\tup run --token=a,password=HUNTER\n"),
    iface("\tpost-up curl -u admin:HUNTER https://h/x\n"),
    iface("\tpost-up curl -uadmin:HUNTER --password HUNTER\n"),
    iface("\tpost-up curl --user admin:HUNTER https://h/x\n"),
    iface("\tpost-up curl --user='admin:HUNTER HUNTER' https://h/x\n"),
    iface("\tpost-up curl -H 'Authorization: Bearer HUNTER' https://h/x\n"),
    iface("\tpost-up curl -H \"Authorization: Basic HUNTER\" https://h/x\n"),
    iface("\tpost-up curl -H Authorization:HUNTER --oauth2-bearer HUNTER\n"),
    iface("\tpost-up curl 'https://h/x?access_token=HUNTER&y=1'\n"),
    iface("\tpost-up sshpass -p HUNTER ssh -p 22 root@h\n"),
    iface("\tpost-up sshpass -pHUNTER ssh root@h\n"),
    iface("\tpost-up curl https://admin:HUNTER@10.0.0.9/hook\n"),
    iface("\tpost-up curl https://admin:a@HUNTER@10.0.0.9/hook\n"),
    iface("\tpre-up wg set wg0 private-key <(echo c0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUMDA=)\n"),
    iface("\tpost-up echo c0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUc0VDUkVUMDA= | wg\n"),
    iface("\tpost-up ip macsec add macsec0 tx sa 0 pn 1 on key 01 0badc0de0badc0de0badc0de0badc0de\n"),
    iface("\tpost-up echo '{\"password\": \"HUNTER\", \"x\": 1}' | curl -d @- http://h\n"),
    iface("\tpost-up run --password \\\n\t  HUNTER \\\n\tHUNTER\n\tmtu 1500\n"),
    iface("# -----BEGIN RSA PRIVATE KEY-----\n# HUNTER\n# -----END RSA PRIVATE KEY-----\n"),
];

/// Secrets that only the structure of their files tells, and files whose parts stand in no order of their own.
pub(super) const STRUCTURED: [Place; 10] = [
    Place { file: "etc/hostname", text: "leaf1\n" },
    Place {
        file: "etc/pve/sdn/ipams.cfg",
        text: "netbox: nb\n\turl https://admin:HUNTER@nb.example.net/api\n\ttoken HUNTER\n\n\
               phpipam: pi\n\turl https://pi.example.net\n\ttokn HUNTER\n\tsection 1\n",
    },
    Place { file: "etc/pve/sdn/dns.cfg", text: "powerdns: p\n\turl http://x\n\tkey HUNTER\n\t# HUNTER\n" },
    Place {
        file: "etc/pve/sdn/.running-config",
        text: r#"{"version":7,"dns":{"ids":{"p":{"type":"powerdns","key":"HUNTER","url":"http://10.0.0.9"}}},
"ipams":{"ids":{"nb":{"token":"a\"HUNTER HUNTER","type":"netbox"}}},
"zones":{"ids":{"lone":{"type":"simple"}}},"vnets":{"ids":{"lan":{"type":"vnet","zone":"lone"}}}}"#,
    },
    Place {
        file: "etc/network/interfaces.d/sdn",
        text: "#version:7\n\nauto lan\niface lan\n\tbridge_ports none\n\tbridge_stp off\n\tpost-up run --password HUNTER\n\
               \twpa-psk HUNTER\n\tpost-up curl https://a:HUNTER@h/\n",
    },
    Place {
        file: "etc/network/ifupdown2/policy.d/x.json",
        text: "{ \"x\": { \"defaults\": { \"password\": \"HUNTER\" } } }\n",
    },
    Place {
        file: "etc/pve/nodes/leaf1/qemu-server/100.conf",
        text: "#root is HUNTER\nname: web\nargs: -spice password=HUNTER\ncipassword: HUNTER\nsshkeys: HUNTER\n\
               net0: virtio=02:00:00:00:00:01,bridge=v1\n\n[before]\ndescription: HUNTER\n",
    },
    Place {
        file: "etc/wireguard/wg0.conf",
        text: "# HUNTER\n[Interface]\nAddress = 10.9.0.1/24 # HUNTER\nPrivateKey = HUNTER\nprivatekey=HUN HUNTER\nPrivate Key = HUNTER\n\
               PostUp = wg set %i private-key HUNTER\nHUNTER\n[Peer]\nPublicKey = HUNTER\nPresharedKey = HUNTER\nPreshared = HUNTER\n\
               AllowedIPs = 10.9.0.2/32\n[HUNTER]\n",
    },
    Place {
        file: "etc/sysctl.conf",
        text: "net.ipv4.ip_forward = 1\nnet.ipv4.tcp_fastopen_key = HUNTER\nnet.ipv6.conf.all.stable_secret=HUNTER\n# password HUNTER\n",
    },
    Place { file: "etc/network/interfaces.d/more", text: "auto eth9\niface eth9\n\tpassword HUNTER\n" },
];

/// What looks like an announcement and is none.
pub(super) const NAMES: [(&str, &str); 2] = [
    (
        FRR,
        "hostname secret\nservice password-encryption\nkey chain ring\n key 1\nexit\nrouter bgp 65001 vrf token\n\
         neighbor password peer-group\n neighbor 10.0.0.1 peer-group password\n neighbor 10.0.0.1 route-map token in\n\
         exit\nroute-map token permit 10\n match community psk exact-match\n match interface secret\nexit\n\
         bgp extcommunity-list standard token permit rt 1:1\nip prefix-list md5 seq 5 permit 10.0.0.0/8\n\
         interface key0\n ip rip authentication mode md5 auth-length rfc\nexit\n! a comment: nothing here\n\
         line vty\nipv6 route 2001:db8::/32 2001:db8::1\nevpn mh es-id 00:44:38:39:be:ef:aa:00:00:01\n",
    ),
    (
        INTERFACES,
        "auto token br0\niface token inet manual\n\tbridge-ports token eth0\n\tup ip link set dev token up\n\
         \tup ip link add g type gretap key 7\n\twpa-key-mgmt WPA-PSK\n\tup chown root:root /x; ls -u x; echo a:b\n\
         \tup run \\\n\t  --now\n\thwaddress 02:00:00:00:00:01\n\tup git clone ssh://git@h/x\n",
    ),
];
