use crate::finding::{Help, Out, Severity};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::Device};
use evpnlint_core::{
    model::{Sourced, link::SourceNat},
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

type Rule<'m> = (SourceNat<'m>, &'m Sourced<String>);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(sdn) = device.node.interfaces.as_ref().and_then(|file| file.sdn) else { continue };
        let hooks = device.node.links.values().flat_map(|link| &link.hooks);
        let generated = hooks.filter(|hook| hook.span().is_some_and(|span| span.file == sdn.file));
        let mut sources: BTreeMap<(IpAddr, &str), Vec<Rule>> = BTreeMap::new();
        for hook in generated {
            if let Some(rule) = SourceNat::parse(&hook.value)
                && let Ok(address) = rule.address.parse()
            {
                sources.entry((address, rule.interface)).or_default().push((rule, hook));
            }
        }
        for ((address, interface), rules) in sources {
            if is_gone(device, address, interface) {
                report(fabric, node, address, interface, &rules, out);
            }
        }
    }
}

/// Whether the node's files show all of its addresses on the way out, and that this is none of them. An address that a
/// command or DHCP may give is none that is gone.
fn is_gone(device: &Device, address: IpAddr, interface: &str) -> bool {
    let links = || device.node.links.values();
    let has = |ip: IpAddr| ip == address;
    let is_own = links().any(|link| {
        link.addresses.iter().any(|own| has(own.value.ip))
            || link.virtuals.iter().any(|own| own.value.addresses.iter().any(|own| has(own.ip)))
            || link.clag.as_ref().and_then(|clag| clag.anycast.as_ref()).is_some_and(|own| has(own.value))
    });
    let text = address.to_string();
    let is_commanded = links()
        .flat_map(|link| &link.hooks)
        .any(|hook| SourceNat::parse(hook).is_none() && hook.value.contains(&text) && hook.value.contains("addr"));
    let is_known = device.link(interface).is_some_and(|link| {
        link.is_described() && link.addresses.iter().any(|own| own.value.ip.is_ipv4() == address.is_ipv4())
    });
    let is_whole = device.node.interfaces.as_ref().is_some_and(|file| file.template.is_none());
    is_known && is_whole && !is_own && !is_commanded && !links().any(|link| link.dynamic)
}

fn report(fabric: &Fabric, node: NodeIndex, address: IpAddr, interface: &str, rules: &[Rule], out: &mut Out) {
    let name = fabric.name(node);
    let taker = fabric.underlay.owners("", address).find(|port| port.node != node);
    let lost = match taker {
        Some(port) => format!("answers go to {}, which has it", fabric.name(port.node)),
        None => "answers go nowhere".to_owned(),
    };
    let mut subnets: Vec<&str> = rules.iter().map(|(rule, _)| rule.subnet).collect();
    subnets.dedup();
    let link = fabric.devices[node].link(interface);
    let own = link.iter().flat_map(|link| &link.addresses).filter(|own| own.value.ip.is_ipv4() == address.is_ipv4());
    let certainty = if taker.is_some() { Severity::Error } else { Severity::Warning };
    out.report(format!("{name} translates {} to {address}, which it does not have: {lost}", join_names(&subnets)))
        .about(format!("{name} snat {address}"))
        .also(rules.iter().map(|(_, hook)| (hook.span(), "written when the node had that address")))
        .also(own.map(|own| (own.span(), format!("{interface} has {own}"))))
        .at(taker.and_then(|port| port.address.span()), format!("{lost} now"))
        .help(Help::lasting(
            "apply the SDN configuration again (`pvesh set /cluster/sdn`), which writes the rules anew",
        ))
        .cap_severity(certainty)
        .done();
}
