//! A line to a statement, by the rule of the grammar that bears the name of its first word.

use super::{lines::Line, ranges};
use crate::{
    lang::memo::{Memo, Pair},
    model::{FaultKind, InterfaceAddress, MacAddress, address::netmask_length},
    near::near,
    source::Span,
};
use evpnlint_grammar::interfaces::{Grammar, NAMES, Rule};
use pest::error::{Error, ErrorVariant, InputLocation};
use std::{
    borrow::Cow,
    cell::RefCell,
    net::{IpAddr, Ipv4Addr},
};

/// A word of a file.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// What kind of value it is.
    pub rule: Rule,
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Word {
    /// Whether it is within the bounds of its kind, which the grammar does not know. They are the kernel's: those that
    /// ifupdown2 checks for are off by one or two for VLANs, VNIs and ports, and too narrow for an MTU.
    fn fits(&self) -> bool {
        let within = |least, most| self.text.parse().is_ok_and(|number: u64| (least..=most).contains(&number));
        match self.rule {
            Rule::MTU => within(68, 65535),
            Rule::VNI => within(1, 0xff_ffff),
            Rule::VID => within(1, 4094),
            Rule::VID_RANGE => ranges::span(&self.text, 1, 4094).is_some(),
            Rule::UDP_PORT => within(1, 65535),
            Rule::TABLE => self.text == "auto" || within(1, u64::from(u32::MAX)),
            Rule::BYTE => within(0, 255),
            Rule::SHORT => within(0, 65535),
            Rule::IP => self.text.parse::<IpAddr>().is_ok(),
            Rule::NUMBER_IP => self.text.split_once('=').is_some_and(|(_, ip)| ip.parse::<Ipv4Addr>().is_ok()),
            Rule::IP_LEN => self.text.parse::<InterfaceAddress>().is_ok(),
            Rule::MASK => netmask_length(&self.text).is_some(),
            Rule::MAC => self.text.parse::<MacAddress>().is_ok(),
            _ => true,
        }
    }
}

/// A line that was understood.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The statement or attribute.
    pub rule: Rule,
    /// Its name, `_` read as `-`.
    pub name: String,
    /// The parts that have a kind, in order.
    pub words: Vec<Word>,
    /// What stands behind the name, as it stands.
    pub rest: String,
    /// The whole line.
    pub span: Span,
}

impl Statement {
    /// An attribute whose value is not of its kind: it stands there, and says nothing.
    pub(super) fn refused(rule: Rule, line: &Line) -> Self {
        let name = line.key().replace('_', "-");
        Self { rule, name, words: vec![], rest: line.rest().to_owned(), span: line.whole() }
    }

    /// The first word of a kind.
    pub(super) fn word(&self, rule: Rule) -> Option<&Word> {
        self.words.iter().find(|word| word.rule == rule)
    }

    /// All words of a kind.
    pub(super) fn all(&self, rule: Rule) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| word.rule == rule)
    }
}

/// Every name that the grammar knows in full.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('-'))
}

/// The rule that bears exactly that name.
fn named(name: &str) -> Option<Rule> {
    NAMES.binary_search_by_key(&name, |(name, _)| name).ok().map(|at| NAMES[at].1)
}

thread_local! {
    static MEMO: RefCell<Memo<Rule>> = RefCell::new(Memo::new(|rule| rule == Rule::wpa_));
}

/// Understands a line.
///
/// # Errors
/// The place and kind of the first thing in it that is not as the grammar wants it; an unknown name is one.
pub(super) fn parse(line: &Line, of: &'static str) -> Result<Statement, (Span, FaultKind)> {
    let written = line.key();
    let name = name(written);
    let found = rule(&name).filter(|rule| written == name || !is_starter(*rule));
    let Some(rule) = found else {
        let suggestion = near(&name, names());
        return Err((line.span(0, written.len()), FaultKind::UnknownProperty { of, suggestion }));
    };
    let text = match &name {
        Cow::Borrowed(_) => Cow::Borrowed(&*line.text),
        Cow::Owned(name) => Cow::Owned(format!("{name}{}", &line.text[written.len()..])),
    };
    let parsed = MEMO.with_borrow_mut(|memo| memo.parse::<Grammar>(rule, &text));
    let parts = parsed.map_err(|error| explain(&error, line))?.next().into_iter().flat_map(Pair::into_inner);
    let words = parts.filter(|part| part.as_rule() != Rule::EOI).map(|part| {
        let (text, range) = (part.as_str().to_owned(), part.range());
        Word { rule: part.as_rule(), text, span: line.span(range.start, range.end) }
    });
    let words: Vec<Word> = words.collect();
    if let Some(word) = words.iter().find(|word| !word.fits()) {
        return Err((word.span, FaultKind::Malformed { wanted: wanted(word.rule) }));
    }
    Ok(Statement { rule, name: name.into_owned(), words, rest: line.rest().to_owned(), span: line.whole() })
}

/// A name as the grammar has it: `_` read as `-`.
pub(super) fn name(written: &str) -> Cow<'_, str> {
    if written.contains('_') { Cow::Owned(written.replace('_', "-")) } else { Cow::Borrowed(written) }
}

/// The rule for a name: its own, else that of the longest beginning that has one.
pub(super) fn rule(name: &str) -> Option<Rule> {
    named(name).or_else(|| {
        let mut ends: Vec<usize> = name.match_indices('-').map(|(at, _)| at + 1).collect();
        ends.reverse();
        ends.into_iter().filter(|end| *end < name.len()).find_map(|end| named(&name[..end]))
    })
}

/// Whether a rule is a statement, which ends a stanza, rather than an attribute.
pub(super) fn is_starter(rule: Rule) -> bool {
    use Rule as R;
    matches!(
        rule,
        R::auto
            | R::allow_
            | R::iface
            | R::interface
            | R::vlan
            | R::source
            | R::source_directory
            | R::mapping
            | R::template
            | R::rename
            | R::no_auto_down
            | R::no_scripts
    )
}

fn explain(error: &Error<Rule>, line: &Line) -> (Span, FaultKind) {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(line.text.len()),
    };
    if at >= line.text.trim_end().len() || !line.text.contains(' ') {
        return (line.whole(), FaultKind::Incomplete);
    }
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    if expected.contains(&Rule::EOI) {
        let wanted = "the end of the line, for a comment is one only at the start of a line";
        let start = at + usize::from(line.text[at..].starts_with(' '));
        return (line.span(start, line.text.len()), FaultKind::Malformed { wanted });
    }
    let behind = line.text[at..].find(' ').map_or(line.text.len(), |blank| at + blank);
    let (start, end) = if at == 0 { (line.key().len() + 1, line.text.len()) } else { (at, behind) };
    let wanted = expected.first().map_or("another value", |rule| wanted(*rule));
    (line.span(start, end), FaultKind::Malformed { wanted })
}

/// A kind of value in words, with its bounds.
pub(super) fn wanted(rule: Rule) -> &'static str {
    match rule {
        Rule::INTEGER => "a whole number",
        Rule::MTU => "an MTU, a number from 68 to 65535",
        Rule::VNI => "a VNI, a number from 1 to 16777215",
        Rule::VID => "a VLAN, a number from 1 to 4094",
        Rule::VID_RANGE => "VLANs, such as 10 20-29, from 1 to 4094",
        Rule::VLAN_VNI => "VLAN=VNI, or VLAN-VLAN=VNI-VNI",
        Rule::UDP_PORT => "a UDP port, a number from 1 to 65535",
        Rule::TABLE => "a routing table's number, or auto",
        Rule::IP => "an IP address without a prefix length",
        Rule::IP_LEN => "an IP address, with a prefix length or without",
        Rule::MASK => "a netmask, dotted or as a length",
        Rule::MAC => "a MAC address, six groups of hexadecimal digits",
        Rule::SWITCH => "on or off",
        Rule::PORT_VALUE => "on or off, or PORT=on and so on",
        Rule::PORT_INTEGER => "a whole number, or PORT=NUMBER and so on",
        Rule::LEVEL | Rule::PORT_WORD => "yes, no, or 0 to 2, or PORT=yes and so on",
        Rule::P2P | Rule::PORT_STATE => "yes, no or auto, or PORT=yes and so on",
        Rule::PROTOCOLS => "all, stp, lldp, lacp, cdp and pvst, or PORT=stp,lldp and so on",
        Rule::SECONDS => "a number of seconds",
        Rule::BYTE => "a whole number from 0 to 255",
        Rule::SHORT => "a whole number from 0 to 65535",
        Rule::IGMP_VERSION => "2 or 3",
        Rule::MLD_VERSION => "1 or 2",
        Rule::NUMBER_IP => "NUMBER=ADDRESS, with an IPv4 address",
        Rule::RESELECT => "always, better, failure, or 0 to 2",
        Rule::BROADCAST_BITS => "an IPv4 address, + or -",
        Rule::LIFETIME => "a number of seconds, or forever",
        Rule::TTL => "a whole number, auto or inherit",
        Rule::TUNNEL_MODE => "gre, gretap, ipip, sit, vti, ip6gre, ip6gretap, ipip6, ip6ip6, vti6 or any",
        Rule::STP_VERSION => "stp, rstp or mstp",
        Rule::DUPLEX => "half or full",
        Rule::SCOPE => "universe, site, link, host or nowhere",
        Rule::VLAN_PROTOCOL => "802.1q or 802.1ad",
        Rule::BOND_MODE => {
            "balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb, balance-alb, or 0 to 6"
        }
        Rule::HASH_POLICY => "layer2, layer2+3, layer3+4, encap2+3, encap3+4, vlan+srcmac, or 0 to 5",
        Rule::LACP_RATE => "slow or fast",
        Rule::LINKLOCAL => "linklocal",
        Rule::LINK_TYPE => "dummy or veth",
        _ => "a name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lang::interfaces::lines::Glued, source::FileId};

    fn fault(text: &str) -> (String, FaultKind) {
        let (span, kind) = parse(&Glued::new(FileId(0), text).next(&mut 0).unwrap(), "an interface").unwrap_err();
        (text[span.start as usize..span.end as usize].to_owned(), kind)
    }

    #[test]
    fn a_fault_is_in_its_place() {
        let (text, kind) = fault("mtu 9000 # jumbo");
        assert_eq!(text, "# jumbo");
        assert!(matches!(kind, FaultKind::Malformed { .. }));
        assert_eq!(fault("bridge-vids 10 2o 30").0, "2o");
        assert_eq!(fault("vxlan_id ten").0, "ten");
        assert_eq!(fault("vxlan-id ten").1, FaultKind::Malformed { wanted: wanted(Rule::VNI) });
        assert_eq!(fault("bridge-learning True").1, FaultKind::Malformed { wanted: wanted(Rule::SWITCH) });
        assert_eq!(fault("mtu").1, FaultKind::Incomplete);
        for (line, place) in [
            ("vlan-id 4095", "4095"),
            ("bridge-vids 10 20-5000", "20-5000"),
            ("bond-num-grat-arp 256", "256"),
            ("address 10.0.0.256/24", "10.0.0.256/24"),
            ("tunnel-mode vxlan", "vxlan"),
            ("bridge-l2protocol-tunnel stp,ospf", "stp,ospf"),
            ("bridge-pathcosts swp1=x", "swp1=x"),
        ] {
            assert_eq!(fault(line).0, place);
        }
        let (text, kind) = fault("bridge-port swp1");
        assert_eq!(text, "bridge-port");
        let suggestion = Some("bridge-ports".to_owned());
        assert_eq!(kind, FaultKind::UnknownProperty { of: "an interface", suggestion });
    }

    #[test]
    fn known_lines_are_understood() {
        for text in [
            "iface eth0 inet static inherits wan",
            "bridge_ports regex eth.* noregex swp1 glob swp[2-4]",
            "bridge-vlan-vni-map 10=10010 20-29=auto+10000",
            "address-virtual 00:00:5e:00:01:01 10.0.0.1/24 fd00::1/64",
            "bridge-learning swp1=off swp2=on",
            "hwaddress ether 0:1:2:3:4:5",
            "wpa-ssid x",
            "allow-hotplug eth0 eth1",
            "use vlan",
            "bridge-l2protocol-tunnel swp1=lacp,stp swp2=all",
            "bridge-portmcrouter swp1=2",
            "bridge_fd 0.5",
            "bond-num-grat-arp +5",
            "bridge-mcqv4src 10=10.0.0.1 20=10.0.0.2",
            "clagd-backup-ip 10.0.0.1 vrf mgmt",
        ] {
            assert!(parse(&Glued::new(FileId(0), text).next(&mut 0).unwrap(), "").is_ok(), "{text}");
        }
    }
}
