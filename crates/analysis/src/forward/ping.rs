//! There and back again: an echo request and its reply.

use super::{
    Forwarding, Packet,
    host::HostIndex,
    journey::{Journey, Leg},
    loss::{Doubt, Fate, Loss},
};
use crate::fabric::NodeIndex;
use std::{fmt, net::IpAddr};

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender<'m> {
    /// A host.
    Host(HostIndex),
    /// A node itself, in that VRF, from that address.
    Node(NodeIndex, &'m str, IpAddr),
    /// Somebody outside, whose packets come in by that node, from that address.
    Outside(NodeIndex, IpAddr),
}

impl From<HostIndex> for Sender<'_> {
    fn from(host: HostIndex) -> Self {
        Self::Host(host)
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'m> {
    /// Who sends.
    pub from: Sender<'m>,
    /// To which address.
    pub to: IpAddr,
    /// Bytes of the request and the reply, IP header included.
    pub size: u32,
    /// Whether the request must not be fragmented. The reply always may (`icmp_sk_init`, net/ipv4/icmp.c).
    pub df: bool,
}

/// What becomes of a request and its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo<'m> {
    /// The way there.
    pub there: Fate<'m>,
    /// The steps there.
    pub out: Vec<Leg<'m>>,
    /// The way back, where a reply is sent.
    pub back: Option<Fate<'m>>,
    /// The steps back.
    pub home: Vec<Leg<'m>>,
}

/// The verdict on a ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The reply comes back.
    Ok,
    /// The request arrives at a host, and its reply does not come back.
    OneWay,
    /// The request does not arrive at a host, and nothing comes back.
    Lost,
    /// Nobody can say.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::OneWay => "one-way",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
        })
    }
}

/// The way on which a request or its reply does not arrive.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'e, 'm> {
    /// What becomes of it.
    pub fate: &'e Fate<'m>,
    /// The steps up to there.
    pub legs: &'e [Leg<'m>],
    /// Whether it is the reply.
    pub is_reply: bool,
}

impl<'m> Echo<'m> {
    /// Where it fails: on the way there, else on the way back.
    pub fn failure(&self) -> Option<Failure<'_, 'm>> {
        let there = Failure { fate: &self.there, legs: &self.out, is_reply: false };
        let back = self.back.as_ref().map(|fate| Failure { fate, legs: &self.home, is_reply: true });
        [Some(there), back].into_iter().flatten().find(|way| !way.fate.arrives())
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        match (&self.there, &self.back) {
            (Fate::Unknown(_), _) | (_, Some(Fate::Unknown(_))) => Verdict::Unknown,
            (_, Some(back)) if back.arrives() => Verdict::Ok,
            (Fate::Host(_), _) => Verdict::OneWay,
            _ => Verdict::Lost,
        }
    }
}

impl<'m> Forwarding<'_, 'm> {
    /// Pings. A host that never speaks first is asked what would come of it if it did: whom it would wake stays asleep for
    /// all that is asked afterwards.
    pub fn ping(&self, probe: Probe<'m>) -> Echo<'m> {
        let is_silent = matches!(probe.from, Sender::Host(host) if self.hosts[host].silent);
        let met = is_silent.then(|| self.awake.borrow().clone());
        let echo = self.exchange(probe);
        if let Some(met) = met {
            self.awake.replace(met);
        }
        echo
    }

    fn exchange(&self, probe: Probe<'m>) -> Echo<'m> {
        let Probe { from, to, size, df } = probe;
        // No router fragments IPv6; its sender does, once it is told (RFC 8200 section 5). What comes to the same is a
        // packet that may be fragmented.
        let df = df && to.is_ipv4();
        let (mut out, mut home) = (Journey::default(), Journey::default());
        let request = Packet { to, size, df };
        let (there, source) = match from {
            Sender::Host(host) => (self.sent_by(host, request, &mut out), self.hosts[host].address(to.is_ipv4())),
            Sender::Outside(node, source) => (self.at_node(node, "", request, &mut out), Some(source)),
            Sender::Node(node, vrf, source) => (self.at_node(node, vrf, request, &mut out), Some(source)),
        };
        let Some(source) = source else {
            return Echo { there: Fate::Unknown(Doubt::NoHost), out: vec![], back: None, home: vec![] };
        };
        let reply = Packet { to: source, size, df: false };
        let back = match &there {
            Fate::Host(host) => Some(self.sent_by(*host, reply, &mut home)),
            Fate::Node(node, vrf) => Some(self.at_node(*node, vrf, reply, &mut home)),
            Fate::Outside(node) => Some(self.at_node(*node, "", reply, &mut home)),
            Fate::Lost(_) | Fate::Unknown(_) => None,
        };
        let is_home = |back: &Fate| match (back, from) {
            (Fate::Host(host), Sender::Host(from)) => *host == from,
            (Fate::Node(node, _), Sender::Node(from, ..)) => *node == from,
            (Fate::Outside(_), Sender::Outside(..)) => true,
            _ => false,
        };
        let back = back.map(|back| match back {
            Fate::Host(_) | Fate::Node(..) | Fate::Outside(_) if !is_home(&back) => {
                Fate::Lost(Loss::NoAnswer(source, None))
            }
            back => back,
        });
        Echo { there, out: out.legs, back, home: home.legs }
    }
}
