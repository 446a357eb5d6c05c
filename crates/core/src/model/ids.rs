//! Numbers and names that identify something, each a type that cannot hold nonsense.

use std::{fmt, net::Ipv4Addr, str::FromStr};

/// VXLAN network identifier, 1 to 16777215 (RFC 7348: 24 bits; FRR and the kernel refuse 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Vni(u32);

/// Autonomous system number, 1 to 4294967295 (RFC 6793); FRR refuses 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Asn(pub u32);

/// What a neighbour's AS must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteAs {
    /// This one.
    Number(Asn),
    /// Our own.
    Internal,
    /// Any but our own.
    External,
    /// Any (FRR 10.2 and later).
    Auto,
}

impl fmt::Display for RemoteAs {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Number(asn) => asn.fmt(f),
            Self::Internal => f.write_str("internal"),
            Self::External => f.write_str("external"),
            Self::Auto => f.write_str("auto"),
        }
    }
}

/// Six octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(macaddr::MacAddr6);

/// Ethernet segment identifier, ten octets (RFC 7432 section 5); all zero is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Esi([u8; 10]);

/// Text that did not parse; the caller knows what was wanted and where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Vni {
    /// A VNI from its number.
    pub fn new(number: u32) -> Option<Self> {
        (1..=0xff_ffff).contains(&number).then_some(Self(number))
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl FromStr for Vni {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.parse().ok().and_then(Self::new).ok_or(Malformed)
    }
}

impl fmt::Display for Vni {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Asn {
    type Err = Malformed;

    /// Plain or, since FRR 9.0, `high.low` (RFC 5396).
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let number = match text.split_once('.') {
            None => text.parse().map_err(|_| Malformed)?,
            Some((high, low)) => {
                u32::from(high.parse::<u16>().map_err(|_| Malformed)?) << 16
                    | u32::from(low.parse::<u16>().map_err(|_| Malformed)?)
            }
        };
        if number == 0 { Err(Malformed) } else { Ok(Self(number)) }
    }
}

impl fmt::Display for Asn {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl MacAddress {
    /// Whether it is a group address (odd first octet), which no interface can have.
    pub fn is_group(self) -> bool {
        self.0.as_bytes()[0] & 1 == 1
    }

    /// Whether it is all zero, which stands for none.
    pub fn is_zero(self) -> bool {
        self.0.is_nil()
    }
}

impl FromStr for MacAddress {
    type Err = Malformed;

    /// Six groups of one or two hexadecimal digits, one separator, `:` or `-`, throughout, as ifupdown2 reads them.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let separator = if text.contains(':') { ':' } else { '-' };
        let mut octets = [0; 6];
        let mut groups = text.split(separator);
        for octet in &mut octets {
            let group = groups.next().filter(|group| matches!(group.len(), 1 | 2)).ok_or(Malformed)?;
            *octet = u8::from_str_radix(group, 16).map_err(|_| Malformed)?;
        }
        if groups.next().is_some() { Err(Malformed) } else { Ok(Self(octets.into())) }
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0.into_array();
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl Esi {
    /// That of type 3: a system MAC, and three octets of the node's own choice.
    pub fn of_mac(mac: MacAddress, local: u32) -> Self {
        let [a, b, c, d, e, g] = mac.0.into_array();
        let [_, h, i, j] = local.to_be_bytes();
        Self([3, a, b, c, d, e, g, h, i, j])
    }
}

impl FromStr for Esi {
    type Err = Malformed;

    /// Ten groups of one or two hexadecimal digits with colons; what stands behind them is not read (`str_to_esi`, run on
    /// FRR 8.4).
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let mut octets = [0; 10];
        let mut groups = text.split(':');
        for octet in &mut octets {
            let group = groups.next().filter(|group| matches!(group.len(), 1 | 2)).ok_or(Malformed)?;
            *octet = u8::from_str_radix(group, 16).map_err(|_| Malformed)?;
        }
        if octets == [0; 10] { Err(Malformed) } else { Ok(Self(octets)) }
    }
}

impl fmt::Display for Esi {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (at, octet) in self.0.iter().enumerate() {
            write!(f, "{}{octet:02x}", if at == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

/// A route target (RFC 4360, RFC 5668): who it is named after, and a number.
///
/// FRR imports by whole value where targets are written, and by the number alone where they are automatic
/// (`bgp_evpn.c`: the AS part is masked off).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteTarget {
    /// Type 0: two-octet AS, four-octet number.
    As2(u16, u32),
    /// Type 1: IPv4 address, two-octet number.
    Ipv4(Ipv4Addr, u16),
    /// Type 2: four-octet AS, two-octet number.
    As4(u32, u16),
    /// `*:N`: any administrator (FRR 8.5 and later, import only).
    Any(u32),
}

impl RouteTarget {
    /// The number behind the administrator.
    pub fn number(self) -> u32 {
        match self {
            Self::As2(_, number) | Self::Any(number) => number,
            Self::Ipv4(_, number) | Self::As4(_, number) => number.into(),
        }
    }
}

impl FromStr for RouteTarget {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        if let Some(number) = text.strip_prefix("*:") {
            return Ok(Self::Any(number.parse().map_err(|_| Malformed)?));
        }
        match admin_and_number(text)? {
            (Admin::As(asn), number) => match u16::try_from(asn) {
                Ok(asn) => Ok(Self::As2(asn, number)),
                Err(_) => Ok(Self::As4(asn, number.try_into().map_err(|_| Malformed)?)),
            },
            (Admin::Ipv4(address), number) => Ok(Self::Ipv4(address, number.try_into().map_err(|_| Malformed)?)),
        }
    }
}

impl fmt::Display for RouteTarget {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::As2(asn, number) => write!(f, "{asn}:{number}"),
            Self::Ipv4(address, number) => write!(f, "{address}:{number}"),
            Self::As4(asn, number) => write!(f, "{asn}:{number}"),
            Self::Any(number) => write!(f, "*:{number}"),
        }
    }
}

/// A route distinguisher (RFC 4364 section 4.2), which makes one VTEP's routes differ from another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteDistinguisher {
    admin: Admin,
    number: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Admin {
    As(u32),
    Ipv4(Ipv4Addr),
}

impl FromStr for RouteDistinguisher {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (admin, number) = admin_and_number(text)?;
        Ok(Self { admin, number })
    }
}

impl fmt::Display for RouteDistinguisher {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.admin {
            Admin::As(asn) => write!(f, "{asn}:{}", self.number),
            Admin::Ipv4(address) => write!(f, "{address}:{}", self.number),
        }
    }
}

fn admin_and_number(text: &str) -> Result<(Admin, u32), Malformed> {
    let (admin, number) = text.rsplit_once(':').ok_or(Malformed)?;
    let number = number.parse().map_err(|_| Malformed)?;
    let admin = match admin.parse() {
        Ok(address) => Admin::Ipv4(address),
        Err(_) if admin == "0" => Admin::As(0),
        Err(_) => Admin::As(admin.parse::<Asn>()?.0),
    };
    Ok((admin, number))
}

/// A password or key. It can be compared and nothing else: it has no text form.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_bounds() {
        assert_eq!("16777215".parse::<Vni>().map(Vni::number), Ok(16_777_215));
        assert!("0".parse::<Vni>().is_err() && "16777216".parse::<Vni>().is_err());
        assert_eq!("64086.59904".parse(), Ok(Asn(4_200_000_000)));
        assert!("0".parse::<Asn>().is_err() && "0.0".parse::<Asn>().is_err());
    }

    #[test]
    fn route_targets_have_the_three_types_of_rfc_4360() {
        assert_eq!("65000:100".parse(), Ok(RouteTarget::As2(65000, 100)));
        assert_eq!("4200000001:100".parse(), Ok(RouteTarget::As4(4_200_000_001, 100)));
        assert_eq!("4200000001:65536".parse::<RouteTarget>(), Err(Malformed));
        assert_eq!("10.0.0.1:5".parse::<RouteTarget>().map(|rt| rt.to_string()), Ok("10.0.0.1:5".into()));
        assert_eq!("*:7".parse(), Ok(RouteTarget::Any(7)));
    }

    #[test]
    fn segments_are_read_as_frr_does() {
        let of_mac = "02:00:00:00:00:01".parse().map(|mac| Esi::of_mac(mac, 0x01_02_03));
        assert_eq!(of_mac, "03:02:0:0:0:0:1:01:02:03".parse());
        assert_eq!(of_mac.map(|esi| esi.to_string()), Ok("03:02:00:00:00:00:01:01:02:03".into()));
        assert!("00:11:22:33:44:55:66:77:88".parse::<Esi>().is_err() && "16777216".parse::<Esi>().is_err());
        assert!("00:11:22:33:44:55:66:77:88:99:aa".parse::<Esi>().is_ok());
        assert!("0:0:0:0:0:0:0:0:0:0".parse::<Esi>().is_err());
    }

    #[test]
    fn mac_addresses_compare_by_value() {
        assert_eq!("BC:24:11:5a:e:1".parse::<MacAddress>(), "bc-24-11-5a-0e-01".parse());
        assert!("bc:24:11:5a:0e".parse::<MacAddress>().is_err());
        assert!("01:00:5e:00:00:01".parse::<MacAddress>().unwrap().is_group());
    }
}
