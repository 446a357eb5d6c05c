//! What becomes of a packet, in words.

use super::{
    Forwarding,
    journey::{Event, Origin},
    loss::{Doubt, Fate, Loss},
    ping::{Echo, Failure},
    wire::Crossing,
};
use crate::{fabric::tenants::title, index::NodeIndex};
use std::fmt;

impl Forwarding<'_, '_> {
    /// What happens to a packet in a step, in a sentence without its full stop.
    pub fn describe(&self, event: &Event) -> String {
        let name = |node: &NodeIndex| self.fabric().name(*node);
        match event {
            Event::Sends(host, via) => format!("{} sends it to {via}", self.hosts[*host].name),
            Event::Takes(node, link, via) => format!("{} takes it on {link}, which answers for {via}", name(node)),
            Event::Routes(node, vrf, _, origin @ Origin::Underlay) => {
                format!("{} routes it in VRF {} by {origin}", name(node), title(vrf))
            }
            Event::Routes(node, vrf, prefix, origin) => {
                format!("{} routes it in VRF {} by {prefix}, {origin}", name(node), title(vrf))
            }
            Event::Hops(node, Some(port), next) => format!("{} sends it by {port} to {}", name(node), name(next)),
            Event::Hops(node, None, next) => format!("{} sends it to {}", name(node), name(next)),
            Event::Crosses(Crossing { from, vni, vtep, is_known }) => match is_known {
                true => format!("{} sends it through VNI {vni} to {vtep}", name(from)),
                false => format!("{} floods VNI {vni} with it, {vtep} included", name(from)),
            },
        }
    }

    /// Why no reply comes back, in a sentence without its full stop.
    pub fn why_not(&self, echo: &Echo) -> Option<String> {
        let Failure { fate, is_reply, .. } = echo.failure()?;
        let way = if is_reply { "on the way back: " } else { "" };
        Some(format!("{way}{}", self.explain(fate)))
    }

    /// What becomes of a packet, in a sentence without its full stop.
    pub fn explain(&self, fate: &Fate) -> String {
        let name = |node: &NodeIndex| self.fabric().name(*node);
        match fate {
            Fate::Host(host) => format!("{} takes it", self.hosts[*host].name),
            Fate::Node(node, _) => format!("{} answers", name(node)),
            Fate::Outside(node) => format!("it leaves the fabric by {}", name(node)),
            Fate::Lost(loss) => self.lost(loss),
            Fate::Partial(loss) => format!("of several equal ways some lose it: {}", self.lost(loss)),
            Fate::Unknown(doubt) => match doubt {
                Doubt::Link(node) => format!("which link {} takes is in no file, and some are too small", name(node)),
                Doubt::Assumed(node) => format!("{} sends it where no file tells more", name(node)),
                Doubt::Mtu(node) => format!("the MTU of an interface of {} is in no file", name(node)),
                Doubt::NoHost => "the sender has no address of this family".to_owned(),
            },
        }
    }

    fn lost(&self, loss: &Loss) -> String {
        let name = |node: &NodeIndex| self.fabric().name(*node);
        let host = |host: &usize| &*self.hosts[*host].name;
        match loss {
            Loss::Detached(at) if self.hosts[*at].is_unplugged => format!("the cable of {} is pulled", host(at)),
            Loss::Detached(at) => format!("the port of {} leads into no bridge", host(at)),
            Loss::HostRoute(at) => format!("{} has no route to it", host(at)),
            Loss::HostMtu(at) => format!("it is larger than the MTU of {}", host(at)),
            Loss::NoAnswer(ip, None) => format!("nobody answers for {ip}"),
            Loss::NoAnswer(ip, Some(why)) => format!("nobody answers for {ip}: {}", self.lost(why)),
            Loss::NobodyTakes(ip) => format!("nobody takes the frames for {ip}"),
            Loss::NotForHost(at) => format!("{} takes the frame, and the packet is not for it", host(at)),
            Loss::NotForwarding(node, _) => format!("{} does not forward packets", name(node)),
            Loss::NoRoute(node, vrf) => format!("{} has no route to it in VRF {}", name(node), title(vrf)),
            Loss::Refused(node, vrf) => format!("a route of {} in VRF {} drops it", name(node), title(vrf)),
            Loss::SourceNotLocal(node, ip) => {
                format!("{ip}, the tunnel address of {}, is on no interface of it", name(node))
            }
            Loss::Swallowed(node, ip) => format!("the loopback of {} takes {ip} for its own", name(node)),
            Loss::NoWay(node, ip) => format!("{} has no way to the VTEP {ip}", name(node)),
            Loss::NoVni(node, vni) => format!("{} has no VNI {vni}", name(node)),
            Loss::Port(node, vni) => format!("{} takes VNI {vni} on another UDP port", name(node)),
            Loss::RouterMac(node, vni) => format!("no interface of {} takes frames out of VNI {vni}", name(node)),
            Loss::HostPort(at, mtu) => format!("the port of {} drops it silently: MTU {mtu}", host(at)),
            Loss::Silent(node, link, mtu) => format!("{link} of {} drops it silently: MTU {mtu}", name(node)),
            Loss::TooBig(node, link, mtu) => format!("it does not fit {link} of {}: {mtu} bytes are left", name(node)),
            Loss::Switch(at, mtu) => match self.wiring.switches.get(*at) {
                Some(switch) => format!("switch {} drops it: MTU {mtu}", switch.name),
                None => format!("a switch drops it: MTU {mtu}"),
            },
            Loss::Loop(node) => format!("it goes round, and ends at {}", name(node)),
            Loss::Ttl(node) => format!("the tunnel's TTL ends at {}", name(node)),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "an address of its own",
            Self::Connected => "a subnet of its own",
            Self::Host => "a type-2 route",
            Self::Prefix => "a type-5 route",
            Self::Static => "a static route",
            Self::Hook => "a route of a hook",
            Self::Gateway => "the gateway of an interface",
            Self::Leak => "a route of another VRF",
            Self::Underlay => "a route of the underlay",
            Self::Unreachable => "ifupdown2's default route, which leads nowhere",
        })
    }
}
