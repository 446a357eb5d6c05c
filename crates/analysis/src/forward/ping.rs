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
    /// Of several equal ways some lose it, there or back.
    Partial,
    /// Nobody can say.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::OneWay => "one-way",
            Self::Lost => "lost",
            Self::Partial => "partial",
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
            (Fate::Partial(_), _) | (_, Some(Fate::Partial(_))) => Verdict::Partial,
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
        self.asking(probe, || self.exchange(probe))
    }

    /// Asks for something, after which whoever a silent host has woken sleeps again.
    pub(super) fn asking<R>(&self, probe: Probe<'m>, ask: impl FnOnce() -> R) -> R {
        let is_silent = matches!(probe.from, Sender::Host(host) if self.hosts[host].silent);
        let met = is_silent.then(|| self.awake.borrow().clone());
        let echo = ask();
        if let Some(met) = met {
            self.awake.replace(met);
        }
        echo
    }

    fn exchange(&self, probe: Probe<'m>) -> Echo<'m> {
        let (mut out, mut home) = (Journey::default(), Journey::default());
        let there = self.request(probe, &mut out);
        let back = self.reply(probe, &there, &mut home);
        Echo { there, out: out.legs, back, home: home.legs }
    }

    /// The address that a request comes from.
    fn source_of(&self, probe: Probe<'m>) -> Option<IpAddr> {
        match probe.from {
            Sender::Host(host) => self.hosts[host].address(probe.to.is_ipv4()),
            Sender::Outside(_, source) | Sender::Node(_, _, source) => Some(source),
        }
    }

    /// What becomes of a request.
    pub(super) fn request(&self, probe: Probe<'m>, journey: &mut Journey<'m>) -> Fate<'m> {
        let Probe { from, to, size, df } = probe;
        if self.source_of(probe).is_none() {
            return Fate::Unknown(Doubt::NoHost);
        }
        // No router fragments IPv6; its sender does, once it is told (RFC 8200 section 5). What comes to the same is a
        // packet that may be fragmented.
        let request = Packet { to, size, df: df && to.is_ipv4() };
        match from {
            Sender::Host(host) => self.sent_by(host, request, journey),
            Sender::Outside(node, _) => self.at_node(node, "", request, journey),
            Sender::Node(node, vrf, _) => self.at_node(node, vrf, request, journey),
        }
    }

    /// What becomes of the reply of whoever takes a request.
    pub(super) fn reply(&self, probe: Probe<'m>, there: &Fate<'m>, journey: &mut Journey<'m>) -> Option<Fate<'m>> {
        let Probe { from, size, .. } = probe;
        let source = self.source_of(probe)?;
        let reply = Packet { to: source, size, df: false };
        let back = match there {
            Fate::Host(host) => self.sent_by(*host, reply, journey),
            Fate::Node(node, vrf) => self.at_node(*node, vrf, reply, journey),
            Fate::Outside(node) => self.at_node(*node, "", reply, journey),
            Fate::Lost(_) | Fate::Partial(_) | Fate::Unknown(_) => return None,
        };
        let is_home = |back: &Fate| match (back, from) {
            (Fate::Host(host), Sender::Host(from)) => *host == from,
            (Fate::Node(node, _), Sender::Node(from, ..)) => *node == from,
            (Fate::Outside(_), Sender::Outside(..)) => true,
            _ => false,
        };
        Some(match back.arrives() && !is_home(&back) {
            true => Fate::Lost(Loss::NoAnswer(source, None)),
            false => back,
        })
    }
}
