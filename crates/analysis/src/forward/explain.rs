//! What becomes of a packet, in words.

use super::{
    Forwarding,
    loss::{Doubt, Fate, Loss},
};
use crate::fabric::tenants::title;

impl Forwarding<'_, '_> {
    /// What becomes of a packet, in a sentence without its full stop.
    pub fn explain(&self, fate: &Fate) -> String {
        let name = |node: &usize| self.fabric().name(*node);
        match fate {
            Fate::Host(host) => format!("{} takes it", self.hosts[*host].name),
            Fate::Node(node, _) => format!("{} answers", name(node)),
            Fate::Outside(node) => format!("it leaves the fabric by {}", name(node)),
            Fate::Lost(loss) => self.lost(loss),
            Fate::Unknown(doubt) => match doubt {
                Doubt::SomeWays => "of several equal ways some lose it, and a hash decides which is taken".to_owned(),
                Doubt::Assumed(node) => format!("{} sends it where no file tells more", name(node)),
                Doubt::Mtu(node) => format!("the MTU of an interface of {} is in no file", name(node)),
                Doubt::NoHost => "the sender has no address of this family".to_owned(),
            },
        }
    }

    fn lost(&self, loss: &Loss) -> String {
        let name = |node: &usize| self.fabric().name(*node);
        let host = |host: &usize| self.hosts[*host].name;
        match loss {
            Loss::Detached(at) => format!("the port of {} leads into no bridge", host(at)),
            Loss::HostRoute(at) => format!("{} has no route to it", host(at)),
            Loss::HostMtu(at) => format!("it is larger than the MTU of {}", host(at)),
            Loss::NoAnswer(ip, None) => format!("nobody answers for {ip}"),
            Loss::NoAnswer(ip, Some(why)) => format!("nobody answers for {ip}: {}", self.lost(why)),
            Loss::NobodyTakes(ip) => format!("nobody takes the frames for {ip}"),
            Loss::NotForHost(at) => format!("{} takes the frame, and the packet is not for it", host(at)),
            Loss::NotForwarding(node) => format!("{} does not forward packets", name(node)),
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
