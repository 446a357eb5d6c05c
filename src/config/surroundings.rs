//! What stands around the nodes, as `evpnlint.toml` tells it: `[[host]]`, `[[link]]`, `[[switch]]` and `[[expect]]`.

use super::value::{Address, Gateway, Name, Parsed, Several, Within};
use evpnlint_core::{
    model::{
        Sourced,
        surroundings::{
            Attachment, Cable, CableEnd, Expectation, Host as Told, HostRoute, Selector, Surroundings,
            Switch as ToldSwitch, Without,
        },
    },
    source::{FileId, Span},
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use toml::Spanned;

#[cfg(test)]
mod tests;

/// `[[host]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Host {
    name: Spanned<Parsed<Name>>,
    node: Spanned<Parsed<Name>>,
    port: Option<Spanned<Parsed<Name>>>,
    bridge: Option<Spanned<Parsed<Name>>>,
    vlan: Option<Spanned<Within<1, 4094>>>,
    address: Option<Spanned<Several<Address>>>,
    gateway: Option<Spanned<Several<Gateway>>>,
    mtu: Option<Spanned<Within<68, 65535>>>,
    #[serde(default)]
    silent: bool,
    routes: Option<Spanned<Several<HostRoute>>>,
}

/// `[[link]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    a: Spanned<Parsed<CableEnd>>,
    b: Spanned<Parsed<CableEnd>>,
}

/// `[[switch]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switch {
    name: Spanned<Parsed<Name>>,
    mtu: Option<Spanned<Within<68, 65535>>>,
}

/// `[[expect]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    from: Spanned<Parsed<Selector>>,
    to: Spanned<Parsed<Selector>>,
    size: Option<Within<28, 65535>>,
    #[serde(default)]
    deny: bool,
    without: Option<Parsed<Without>>,
}

/// All that the file tells of what stands around the nodes.
pub(super) struct Entries<'c> {
    pub host: &'c [Host],
    pub link: &'c [Link],
    pub switch: &'c [Switch],
    pub expect: &'c [Expect],
}

impl Entries<'_> {
    /// Whether that is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.host.is_empty() && self.link.is_empty() && self.switch.is_empty() && self.expect.is_empty()
    }

    /// What stands around the nodes; `file` is what its spans name.
    pub(super) fn told(&self, file: FileId) -> Surroundings {
        let switches: Vec<_> = self.switch.iter().map(|switch| switch.told(file)).collect();
        let names: BTreeSet<&str> = switches.iter().map(|switch| switch.name.as_str()).collect();
        Surroundings {
            hosts: self.host.iter().map(|host| host.told(file, names.contains(host.node()))).collect(),
            cables: self.link.iter().map(|link| link.told(file)).collect(),
            expectations: self.expect.iter().map(|expect| expect.told(file)).collect(),
            switches,
            file: (!self.is_empty()).then_some(file),
        }
    }

    /// Where entries contradict each other, or themselves, and how.
    pub(super) fn contradiction(&self) -> Option<(Range<usize>, String)> {
        let mut names = BTreeMap::new();
        let switches = self.switch.iter().map(|switch| (&switch.name, "switch"));
        for (name, what) in switches.chain(self.host.iter().map(|host| (&host.name, "host"))) {
            let text = &name.as_ref().0.0;
            if text == "outside" {
                return Some((name.span(), "\"outside\" is what lies behind the fabric, and no name".to_owned()));
            }
            if let Some(taken) = names.insert(text.as_str(), what) {
                return Some((name.span(), format!("another {taken} is called {text}")));
            }
        }
        let placeless = self.host.iter().find_map(|host| host.placeless(names.get(host.node()) == Some(&"switch")));
        placeless
            .or_else(|| self.host.iter().find_map(Host::gateway_too_many))
            .or_else(|| self.link.iter().find_map(Link::loop_))
    }
}

impl Host {
    fn node(&self) -> &str {
        &self.node.as_ref().0.0
    }

    fn told(&self, file: FileId, is_on_switch: bool) -> Told {
        let attachment = match (&self.bridge, &self.port) {
            _ if is_on_switch => None,
            (Some(bridge), _) => Some(Attachment::Bridge(name(file, bridge))),
            (None, Some(port)) => Some(Attachment::Port(name(file, port))),
            (None, None) => None,
        };
        Told {
            name: name(file, &self.name),
            node: name(file, &self.node),
            attachment,
            vlan: self.vlan.as_ref().map(|vlan| sourced(file, vlan, |vlan| vlan.0 as u16)),
            addresses: each(file, &self.address, |address| address.0),
            gateways: each(file, &self.gateway, |gateway| gateway.0),
            mtu: self.mtu.as_ref().map(|mtu| sourced(file, mtu, |mtu| mtu.0)),
            silent: self.silent,
            routes: each(file, &self.routes, |route| *route),
        }
    }

    /// Its node, where nothing says at which port of it.
    fn placeless(&self, is_on_switch: bool) -> Option<(Range<usize>, String)> {
        let node = self.node();
        (!is_on_switch && self.port.is_none() && self.bridge.is_none()).then(|| {
            (
                self.node.span(),
                format!("at which `port` or `bridge` of {node}? Without one, {node} is a [[switch]] of this file"),
            )
        })
    }

    /// The second gateway of a family.
    fn gateway_too_many(&self) -> Option<(Range<usize>, String)> {
        let gateways = self.gateway.as_ref()?.as_ref().0.as_slice();
        gateways.iter().enumerate().find_map(|(at, (gateway, span))| {
            let is_second = gateways[..at].iter().any(|(other, _)| other.0.is_ipv4() == gateway.0.is_ipv4());
            let whole = self.gateway.as_ref().map_or(0..0, Spanned::span);
            is_second.then(|| (span.clone().unwrap_or(whole), "a second gateway of one family".to_owned()))
        })
    }
}

impl Link {
    fn told(&self, file: FileId) -> Cable {
        let (a, b) = (self.a.span(), self.b.span());
        let span = span(file, &(a.start.min(b.start)..a.end.max(b.end)));
        Cable { a: self.a.as_ref().0.clone(), b: self.b.as_ref().0.clone(), span: Some(span) }
    }

    /// The second end, where it is the first one.
    fn loop_(&self) -> Option<(Range<usize>, String)> {
        let (a, b) = (&self.a.as_ref().0, &self.b.as_ref().0);
        (a == b).then(|| (self.b.span(), format!("both ends are {b}")))
    }
}

impl Switch {
    fn told(&self, file: FileId) -> ToldSwitch {
        let mtu = self.mtu.as_ref().map(|mtu| sourced(file, mtu, |mtu| mtu.0));
        ToldSwitch { name: name(file, &self.name), mtu }
    }
}

impl Expect {
    fn told(&self, file: FileId) -> Expectation {
        Expectation {
            from: sourced(file, &self.from, |from| from.0.clone()),
            to: sourced(file, &self.to, |to| to.0.clone()),
            size: self.size.as_ref().map(|size| size.0),
            deny: self.deny,
            without: self.without.as_ref().map(|without| without.0.clone()),
        }
    }
}

fn span(file: FileId, at: &Range<usize>) -> Span {
    Span { file, start: at.start as u32, end: at.end as u32 }
}

fn sourced<T, U>(file: FileId, from: &Spanned<T>, change: impl FnOnce(&T) -> U) -> Sourced<U> {
    Sourced::written(change(from.as_ref()), span(file, &from.span()))
}

fn name(file: FileId, from: &Spanned<Parsed<Name>>) -> Sourced<String> {
    sourced(file, from, |name| name.0.0.clone())
}

/// Each of a list, with its place.
fn each<T, U>(file: FileId, list: &Option<Spanned<Several<T>>>, change: impl Fn(&T) -> U) -> Vec<Sourced<U>> {
    let Some(list) = list else { return vec![] };
    let place = |own: &Option<Range<usize>>| span(file, own.as_ref().unwrap_or(&list.span()));
    list.as_ref().0.iter().map(|(value, own)| Sourced::written(change(value), place(own))).collect()
}
