//! Routes that hook commands make: `post-up ip route add …` (ip-route(8)).

use super::Prefix;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a hook does with a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookRoute<'h> {
    /// Whether the route is made, or taken away.
    pub is_added: bool,
    /// The VRF; the default one is empty.
    pub vrf: &'h str,
    /// Where to.
    pub prefix: Prefix,
    /// The gateway, if there is one.
    pub via: Option<IpAddr>,
    /// The interface, if there is one.
    pub interface: Option<&'h str>,
    /// Whether packets are dropped (`unreachable`, `blackhole`, `prohibit`).
    pub refuses: bool,
    /// The administrative distance that zebra reads out of the upper byte of the metric (`netlink_route_change`,
    /// zebra/rt_netlink.c): 0 unless written so.
    pub distance: u8,
}

/// Every route of a hook; `None` where it mentions routes and says more than is understood here: it may make any.
pub fn routes(hook: &str) -> Option<Vec<HookRoute<'_>>> {
    let mut found = vec![];
    for command in hook.split(['\n', ';']).flat_map(|part| part.split("&&")).flat_map(|part| part.split("||")) {
        let words: Vec<&str> = command.split_ascii_whitespace().collect();
        let words = words.strip_prefix(["sudo"].as_slice()).unwrap_or(&words);
        if !words.iter().any(|word| is_route_word(word)) {
            continue;
        }
        found.push(route(words)?);
    }
    Some(found)
}

fn is_route_word(word: &str) -> bool {
    word.split(['/', '$', '(', '`', '"', '\'']).any(|part| matches!(part, "route" | "ro" | "r" | "routes"))
}

fn route<'h>(words: &[&'h str]) -> Option<HookRoute<'h>> {
    let (ip, mut words) = words.split_first()?;
    if ip.rsplit('/').next() != Some("ip") {
        return None;
    }
    let mut is_v4 = None;
    while let Some((word, rest)) = words.split_first().filter(|(word, _)| word.starts_with('-')) {
        is_v4 = match *word {
            "-4" => Some(true),
            "-6" => Some(false),
            _ => return None,
        };
        words = rest;
    }
    let (object, rest) = words.split_first()?;
    let (action, rest) = rest.split_first()?;
    if !matches!(*object, "route" | "ro" | "r") {
        return None;
    }
    let is_added = match *action {
        "add" | "a" | "replace" | "append" | "change" => true,
        "del" | "d" | "delete" => false,
        _ => return None,
    };
    let (mut vrf, mut prefix, mut via, mut interface, mut refuses, mut distance) = ("", None, None, None, false, 0);
    let mut rest = rest.iter().copied();
    while let Some(word) = rest.next() {
        match word {
            "vrf" => vrf = rest.next()?,
            "via" => via = Some(rest.next()?.trim_start_matches("inet6 ").parse::<IpAddr>().ok()?),
            "dev" => interface = Some(rest.next()?),
            "metric" => distance = (rest.next()?.parse::<u32>().ok()? >> 24) as u8,
            "proto" | "protocol" | "src" | "scope" | "mtu" | "advmss" => _ = rest.next()?,
            "onlink" | "unicast" => {}
            "unreachable" | "blackhole" | "prohibit" => refuses = true,
            "default" if prefix.is_none() => prefix = Some(None),
            text if prefix.is_none() => prefix = Some(Some(text.parse::<Prefix>().ok()?)),
            // A table, several next hops, an encapsulation.
            _ => return None,
        }
    }
    if [Some(vrf), interface].into_iter().flatten().any(|name| name.contains(['$', '`', '"', '\''])) {
        return None;
    }
    let is_v4 = via.map(|via| via.is_ipv4()).or(is_v4).unwrap_or(true);
    let whole = if is_v4 { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let prefix = prefix?.unwrap_or_else(|| Prefix::new(whole, 0));
    Some(HookRoute { is_added, vrf, prefix, via, interface, refuses, distance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood_is_said_and_the_rest_may_be_anything() {
        let all = routes("ip route add 10.78.0.1/32 via 10.77.0.1; ip link set $IFACE up").unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].is_added, all[0].via), (true, "10.77.0.1".parse().ok()));
        let all = routes("ip route del vrf vrf_red unreachable default metric 4278198272").unwrap();
        assert_eq!((all[0].is_added, all[0].vrf, all[0].distance, all[0].prefix.length()), (false, "vrf_red", 255, 0));
        let all = routes("/sbin/ip -6 route replace default dev eth0").unwrap();
        assert!(all[0].prefix.network().is_ipv6() && all[0].interface == Some("eth0"));
        assert_eq!(routes("iptables -t nat -A POSTROUTING -o vmbr0 -j MASQUERADE"), Some(vec![]));
        for hook in [
            "ip route add $NET via 10.0.0.1",
            "ip route add 10.0.0.0/8 table 7 dev eth0",
            "route add -net 10.0.0.0/8 gw 10.0.0.1",
            "ip route add default nexthop via 10.0.0.1 nexthop via 10.0.0.2",
            "for n in 1 2; do ip route add 10.0.$n.0/24 dev eth0; done",
            "[ -e /x ] && $(ip route add 10.0.0.0/8 dev eth0)",
        ] {
            assert_eq!(routes(hook), None, "{hook}");
        }
    }
}
