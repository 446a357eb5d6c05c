//! Lines to the model. A later line of a device replaces an earlier one, as in Proxmox.

use super::parse::Line;
use crate::{
    model::{
        Fault, FaultKind, InterfaceAddress, Reading, Sourced,
        guest::{Guest, Nic},
    },
    source::{LanguageId, Span},
};
use evpnlint_grammar::guests::Rule;
use std::{collections::BTreeMap, str::FromStr};

/// A field that is none, and Proxmox drops the device.
type Bad = (Span, FaultKind);

/// Adds a line to a guest.
pub(super) fn line(line: &Line, guest: &mut Guest, into: &mut Reading) {
    let first = line.pair.clone().into_inner().next();
    let text = || first.clone().map(|text| Sourced::written(text.as_str().to_owned(), line.span(text.as_str())));
    match line.pair.as_rule() {
        Rule::name | Rule::hostname => guest.name = text(),
        Rule::template => guest.template = first.is_some_and(|value| value.as_rule() == Rule::on),
        Rule::qemu_net | Rule::lxc_net => match nic(line) {
            Ok(nic) => guest.nics.push(nic),
            Err((span, kind)) => into.faults.push(Fault::new(LanguageId::Guests, span, kind)),
        },
        Rule::other => {
            let wanted = "`netN: ` at the very start of the line";
            into.faults.push(Fault::new(LanguageId::Guests, line.span(line.content), FaultKind::Malformed { wanted }));
        }
        _ => {}
    }
}

/// Leaves of the lines of each device the last one, once all are read.
pub(super) fn settle(guest: &mut Guest) {
    let last: BTreeMap<String, usize> =
        guest.nics.iter().enumerate().map(|(at, nic)| (nic.key.value.clone(), at)).collect();
    let mut at = 0..;
    guest.nics.retain(|nic| last.get(&nic.key.value).copied() == at.next());
}

/// The device of a line.
fn nic(line: &Line) -> Result<Nic, Bad> {
    let mut fields = line.pair.clone().into_inner();
    let key = fields.next().map_or("", |key| key.as_str());
    let mut nic = Nic {
        key: Sourced::written(key.to_owned(), line.span(key)),
        text: line.content[key.len() + 1..].trim_start().to_owned(),
        model: None,
        bridge: None,
        mac: None,
        mtu: None,
        tag: None,
        trunks: None,
        link_down: false,
        addresses: vec![],
        gateways: vec![],
    };
    for field in fields {
        let (rule, whole) = (field.as_rule(), field.as_str());
        for value in field.into_inner() {
            let text = value.as_str();
            let span = line.span(if text.is_empty() { whole } else { text });
            let value = Value { field: rule, kind: value.as_rule(), text, span };
            value.set(line.mode.mtu, &mut nic)?;
        }
    }
    if nic.model.is_none() && line.pair.as_rule() == Rule::qemu_net {
        let wanted = "a network device, which has a model, as in `virtio`";
        return Err((line.span(line.content), FaultKind::Malformed { wanted }));
    }
    Ok(nic)
}

/// The value of a field.
struct Value<'t> {
    field: Rule,
    kind: Rule,
    text: &'t str,
    span: Span,
}

impl Value<'_> {
    fn set(self, mtu: (u32, u32), nic: &mut Nic) -> Result<(), Bad> {
        let written = || Sourced::written(self.text.to_owned(), self.span);
        match (self.field, self.kind) {
            (_, Rule::bad) => return Err(self.malformed()),
            (Rule::bridge, _) => nic.bridge = Some(written()),
            (_, Rule::device) => nic.model = Some(written()),
            (Rule::mac | Rule::hwaddr | Rule::model_with_mac, _) => nic.mac = Some(self.parsed()?),
            (Rule::mtu, _) => nic.mtu = Some(self.within(mtu)?),
            (Rule::tag, _) => nic.tag = Some(self.within((1, 4094))?.map(|vlan| vlan as u16)),
            (Rule::trunks, _) => nic.trunks = Some(self.span),
            (Rule::link_down, state) => nic.link_down = state == Rule::on,
            (Rule::ip, _) if matches!(self.text, "dhcp" | "manual") => {}
            (Rule::ip6, _) if matches!(self.text, "dhcp" | "manual" | "auto") => {}
            (Rule::ip | Rule::ip6, _) if !self.text.contains('/') => return Err(self.malformed()),
            (Rule::ip | Rule::ip6, _) => nic.addresses.push(self.parsed::<InterfaceAddress>()?),
            (Rule::gw | Rule::gw6, _) => nic.gateways.push(self.parsed()?),
            _ => {}
        }
        Ok(())
    }

    fn parsed<T: FromStr>(&self) -> Result<Sourced<T>, Bad> {
        let parsed = self.text.parse().map_err(|_| self.malformed())?;
        Ok(Sourced::written(parsed, self.span))
    }

    /// A number, which has bounds.
    fn within(&self, (least, most): (u32, u32)) -> Result<Sourced<u32>, Bad> {
        match self.text.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(Sourced::written(number, self.span)),
            _ => Err((self.span, FaultKind::OutOfRange { least: least.into(), most: most.into() })),
        }
    }

    fn malformed(&self) -> Bad {
        let wanted = match self.field {
            Rule::bridge => "the name of a bridge: letters, digits, `-`, `_` and `.`",
            Rule::tag => "a VLAN, a number from 1 to 4094",
            Rule::trunks => "VLANs with `;` between them",
            Rule::mtu => "an MTU in bytes",
            Rule::link_down => "0 or 1",
            Rule::ip => "an IPv4 address with a prefix length, `dhcp` or `manual`",
            Rule::ip6 => "an IPv6 address with a prefix length, `auto`, `dhcp` or `manual`",
            Rule::gw | Rule::gw6 => "an address, without a prefix length",
            _ => "a unicast MAC address: six pairs of hexadecimal digits with colons",
        };
        (self.span, FaultKind::Malformed { wanted })
    }
}
