//! Addresses and prefixes. The only place that names the crate behind them.

use super::ids::Malformed;
use ipnetwork::IpNetwork;
use std::{fmt, net::IpAddr, str::FromStr};

/// An address on an interface, with the length of the prefix around it; host bits matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceAddress {
    /// The address itself.
    pub ip: IpAddr,
    /// The prefix length, at most 32 or 128.
    pub length: u8,
}

impl InterfaceAddress {
    /// An address with a length, which is cut to what the family has.
    pub fn new(ip: IpAddr, length: u8) -> Self {
        Self { ip, length: length.min(width(ip)) }
    }

    /// The subnet that is connected through it.
    pub fn prefix(self) -> Prefix {
        Prefix::new(self.ip, self.length)
    }

    /// Whether it stands for the host alone: /32 or /128.
    pub fn is_host(self) -> bool {
        self.length == width(self.ip)
    }
}

impl FromStr for InterfaceAddress {
    type Err = Malformed;

    /// `10.0.0.1/24`; without a length, as ifupdown2 and FRR have it, a host address.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (ip, length) = match text.split_once('/') {
            Some((ip, length)) => (ip, Some(length)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| Malformed)?;
        let length = match length {
            None => width(ip),
            Some(length) if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => {
                length.parse().ok().filter(|length| *length <= width(ip)).ok_or(Malformed)?
            }
            Some(mask) => netmask_length(mask).ok_or(Malformed)?,
        };
        Ok(Self { ip, length })
    }
}

impl fmt::Display for InterfaceAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.length)
    }
}

/// A subnet: host bits are cleared when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(IpNetwork);

impl Prefix {
    /// The subnet of that length around an address.
    pub fn new(ip: IpAddr, length: u8) -> Self {
        let whole = IpNetwork::new(ip, length.min(width(ip))).unwrap_or(IpNetwork::from(ip));
        Self(IpNetwork::new(whole.network(), whole.prefix()).unwrap_or(whole))
    }

    /// Its length.
    pub fn length(self) -> u8 {
        self.0.prefix()
    }

    /// Its first address.
    pub fn network(self) -> IpAddr {
        self.0.network()
    }

    /// Whether an address lies in it.
    pub fn contains(self, ip: IpAddr) -> bool {
        self.0.contains(ip)
    }

    /// Whether all of the other lies in it.
    pub fn covers(self, other: Prefix) -> bool {
        self.length() <= other.length() && self.contains(other.network())
    }

    /// Whether they share an address.
    pub fn overlaps(self, other: Prefix) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Whether it is one host: /32 or /128.
    pub fn is_host(self) -> bool {
        self.length() == width(self.network())
    }
}

impl FromStr for Prefix {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.parse::<InterfaceAddress>().map(InterfaceAddress::prefix)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The length of a dotted netmask, or of one written as a number: `255.255.255.0`, `24`.
pub fn netmask_length(mask: &str) -> Option<u8> {
    if mask.starts_with('+') {
        return None;
    }
    if let Ok(length) = mask.parse::<u8>() {
        return (length <= 128).then_some(length);
    }
    ipnetwork::ip_mask_to_prefix(mask.parse().ok()?).ok()
}

fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_matter_on_interfaces_and_not_in_prefixes() {
        let a: InterfaceAddress = "10.0.0.1/24".parse().unwrap();
        let b: InterfaceAddress = "10.0.0.2/255.255.255.0".parse().unwrap();
        assert_ne!(a, b);
        assert_eq!(a.prefix(), b.prefix());
        assert_eq!(a.prefix().to_string(), "10.0.0.0/24");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "10.0.0.300", "10.0.0.1/33", "10.0.0.1/+24", "fe80::1/129", "10.0.0.1/255.0.255.0", "10.0.0.01"]
        {
            assert!(text.parse::<InterfaceAddress>().is_err(), "{text}");
        }
        assert!("fd00::1".parse::<InterfaceAddress>().unwrap().is_host());
    }

    #[test]
    fn prefixes_know_each_other() {
        let wide: Prefix = "10.0.0.0/8".parse().unwrap();
        let narrow: Prefix = "10.1.0.0/16".parse().unwrap();
        assert!(wide.covers(narrow) && !narrow.covers(wide) && narrow.overlaps(wide));
        assert!(!wide.overlaps("fd00::/8".parse().unwrap()));
    }
}
