//! Lines to the model. Of the interface's own settings the last line holds; addresses, hooks and peers add up.

use super::parse::Line;
use crate::{
    model::{
        Fault, FaultKind, InterfaceAddress, Prefix, Reading, Sourced,
        link::{LinkKind, OtherKind},
        wireguard::WireGuard,
    },
    source::{LanguageId, Span},
};
use evpnlint_grammar::wireguard::Rule;
use std::str::FromStr;

/// One interface, while its file is read.
pub(super) struct Tunnel<'n> {
    name: &'n str,
    addresses: Vec<Sourced<InterfaceAddress>>,
    mtu: Option<Sourced<u32>>,
    hooks: Vec<Sourced<String>>,
    own: WireGuard,
}

impl<'n> Tunnel<'n> {
    pub(super) fn new(name: &'n str) -> Self {
        Self { name, addresses: vec![], mtu: None, hooks: vec![], own: WireGuard::default() }
    }

    /// Adds the interface to the node. Without an address the file is not wg-quick's: `wg setconf` takes it for an interface
    /// that something else sets up. An interface that `/etc/network/interfaces` describes keeps the MTU that is said there.
    pub(super) fn settle(self, into: &mut Reading) {
        let Some(first) = self.addresses.first().and_then(Sourced::span) else { return };
        let link = into.node.link_mut(self.name, first);
        for address in self.addresses {
            if link.addresses.iter().all(|known| known.value != address.value) {
                link.addresses.push(address);
            }
        }
        link.hooks.extend(self.hooks);
        if !link.is_described() {
            link.mtu = self.mtu;
            link.kind = LinkKind::Other(OtherKind::Tunnel);
            link.wireguard = Some(Box::new(self.own));
        }
    }
}

/// Adds a line.
pub(super) fn line(line: &Line, tunnel: &mut Tunnel, into: &mut Reading) {
    match line.pair.as_rule() {
        Rule::address => tunnel.addresses.extend(items(line, "an address with a prefix length", into)),
        Rule::mtu => match line.all(Rule::number).next() {
            Some(number) => tunnel.mtu = value(line, number, "an MTU in bytes", into),
            None => fault(line.span(line.pair.as_str()), "an MTU in bytes", into),
        },
        Rule::table => {
            let is_main = |table: &str| matches!(table, "main" | "254");
            tunnel.own.is_without_routes =
                line.all(Rule::off).next().is_some() || line.all(Rule::word).any(|table| !is_main(table));
        }
        Rule::hook if line.all(Rule::up).next().is_some() => {
            let commands = line.all(Rule::text).map(|text| (text.replace("%i", tunnel.name), line.span(text)));
            tunnel.hooks.extend(commands.map(|(command, span)| Sourced::written(command, span)));
        }
        Rule::private_key | Rule::preshared_key => {
            into.secrets.extend(line.all(Rule::secret).map(|key| line.span(key)))
        }
        Rule::allowed_ips => tunnel.own.allowed.extend(items::<Prefix>(line, "a prefix", into)),
        Rule::endpoint => {
            let hosts = line.all(Rule::host6).chain(line.all(Rule::host));
            let addresses = hosts.filter_map(|host| Some(Sourced::written(host.parse().ok()?, line.span(host))));
            tunnel.own.endpoints.extend(addresses);
        }
        _ => into.coverage.unmodelled += 1,
    }
}

/// The items of a list that are of their kind.
fn items<T: FromStr>(line: &Line, wanted: &'static str, into: &mut Reading) -> Vec<Sourced<T>> {
    line.all(Rule::item).filter_map(|item| value(line, item, wanted, into)).collect()
}

fn value<'t, T: FromStr>(
    line: &Line<'t>,
    text: &'t str,
    wanted: &'static str,
    into: &mut Reading,
) -> Option<Sourced<T>> {
    match text.parse() {
        Ok(value) => Some(Sourced::written(value, line.span(text))),
        Err(_) => {
            fault(line.span(text), wanted, into);
            None
        }
    }
}

fn fault(span: Span, wanted: &'static str, into: &mut Reading) {
    into.faults.push(Fault::new(LanguageId::WireGuard, span, FaultKind::Malformed { wanted }));
}
