//! Lines to the model. A later line of a device replaces an earlier one, as in Proxmox.

use super::parse::{Line, Rule};
use crate::model::{
    Fault, FaultKind, InterfaceAddress, Reading, Sourced,
    guest::{Guest, Nic},
};

/// What a field is to be.
type Wanted = &'static str;

/// Adds a line to a guest.
pub(super) fn line(line: &Line, guest: &mut Guest, into: &mut Reading) {
    let first = line.pair.clone().into_inner().next();
    let text = || first.clone().map(|text| Sourced::written(text.as_str().to_owned(), line.span(text.as_str())));
    match line.pair.as_rule() {
        Rule::name | Rule::hostname => guest.name = text(),
        Rule::template => guest.template = first.is_some_and(|value| value.as_rule() == Rule::on),
        Rule::qemu_net | Rule::lxc_net => match nic(line) {
            Ok(nic) => {
                guest.nics.retain(|known| known.key.value != nic.key.value);
                guest.nics.push(nic);
            }
            Err(fault) => into.faults.push(fault),
        },
        Rule::other => {
            let wanted = "`netN: ` at the very start of the line";
            into.faults.push(Fault::new(line.span(line.content), FaultKind::Malformed { wanted }));
        }
        _ => {}
    }
}

/// The device of a line. One field that is none, and Proxmox drops the device.
fn nic(line: &Line) -> Result<Nic, Fault> {
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
    for field in fields.filter(|field| field.as_rule() != Rule::EOI) {
        let rule = field.as_rule();
        let whole = field.as_str();
        for value in field.into_inner() {
            let text = value.as_str();
            let span = line.span(if text.is_empty() { whole } else { text });
            let fault = |kind| Fault::new(span, kind);
            let malformed = |wanted| fault(FaultKind::Malformed { wanted });
            let within = |least: u32, most: u32| {
                let bounds = || fault(FaultKind::OutOfRange { least: least.into(), most: most.into() });
                text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(bounds)
            };
            if value.as_rule() == Rule::bad {
                return Err(malformed(wanted(rule)));
            }
            match (rule, value.as_rule()) {
                (Rule::bridge, _) => nic.bridge = Some(Sourced::written(text.to_owned(), span)),
                (Rule::model | Rule::model_with_mac, Rule::device) => {
                    nic.model = Some(Sourced::written(text.to_owned(), span));
                }
                (Rule::mac | Rule::hwaddr | Rule::model_with_mac, _) => {
                    let mac = text.parse().map_err(|_| malformed(wanted(rule)))?;
                    nic.mac = Some(Sourced::written(mac, span));
                }
                (Rule::mtu, _) => {
                    nic.mtu = Some(Sourced::written(within(line.mode.mtu.0, line.mode.mtu.1)?, span));
                }
                (Rule::tag, _) => nic.tag = Some(Sourced::written(within(1, 4094)? as u16, span)),
                (Rule::trunks, _) => nic.trunks = Some(span),
                (Rule::link_down, state) => nic.link_down = state == Rule::on,
                (Rule::ip | Rule::ip6, _) => {
                    let is_fixed = !matches!((rule, text), (_, "dhcp" | "manual") | (Rule::ip6, "auto"));
                    if is_fixed {
                        let own = with_length(text).ok_or_else(|| malformed(wanted(rule)))?;
                        nic.addresses.push(Sourced::written(own, span));
                    }
                }
                (Rule::gw | Rule::gw6, _) => {
                    let own = text.parse().map_err(|_| malformed(wanted(rule)))?;
                    nic.gateways.push(Sourced::written(own, span));
                }
                _ => {}
            }
        }
    }
    if nic.model.is_none() && line.pair.as_rule() == Rule::qemu_net {
        let wanted = "a network device, which has a model, as in `virtio`";
        return Err(Fault::new(line.span(line.content), FaultKind::Malformed { wanted }));
    }
    Ok(nic)
}

/// An address whose prefix length is written.
fn with_length(text: &str) -> Option<InterfaceAddress> {
    text.parse().ok().filter(|_| text.contains('/'))
}

/// What the value of a field is to be, in words.
fn wanted(field: Rule) -> Wanted {
    match field {
        Rule::bridge => "the name of a bridge: letters, digits, `-`, `_` and `.`",
        Rule::tag => "a VLAN, a number from 1 to 4094",
        Rule::trunks => "VLANs with `;` between them",
        Rule::mtu => "an MTU in bytes",
        Rule::link_down => "0 or 1",
        Rule::ip => "an IPv4 address with a prefix length, `dhcp` or `manual`",
        Rule::ip6 => "an IPv6 address with a prefix length, `auto`, `dhcp` or `manual`",
        Rule::gw | Rule::gw6 => "an address, without a prefix length",
        _ => "a unicast MAC address: six pairs of hexadecimal digits with colons",
    }
}
