use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    gateway::{self, Gateway, GatewayAddress},
};
use evpnlint_core::{model::Vni, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// One node that answers for another address, or another length, than the most.
#[derive(Clone)]
struct Odd<'a, 'm> {
    vni: Vni,
    own: (&'a Gateway<'m>, &'a GatewayAddress),
    usual: Vec<(&'a Gateway<'m>, &'a GatewayAddress)>,
}

/// Who suffers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    /// Hosts outside the shorter range.
    Length,
    /// Hosts behind the node, whose gateway answers under the MAC address of all others, and not for their address.
    Address,
    /// Hosts behind the node, unless it is a host itself, with an address and a MAC address of its own.
    Host,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(NodeIndex, Harm), Vec<Odd>> = BTreeMap::new();
    for (vni, gateways) in &fabric.overlay.gateways {
        for (ip, owners) in gateway::anycast(gateways) {
            let mut lengths: BTreeMap<u8, Vec<_>> = BTreeMap::new();
            for owner in &owners {
                lengths.entry(owner.1.length).or_default().push(*owner);
            }
            // Where two lengths are equally common, the longer one is the one that leaves hosts out.
            let most = lengths.values().map(Vec::len).max().unwrap_or(0);
            if let Some((length, usual)) = lengths.iter().find(|(_, owners)| owners.len() == most) {
                for own in lengths.values().flatten().filter(|own| own.1.length != *length) {
                    causes.entry((own.0.node, Harm::Length)).or_default().push(Odd {
                        vni: *vni,
                        own: *own,
                        usual: usual.clone(),
                    });
                }
            }
            let with_address =
                gateways.iter().filter(|gateway| gateway.addresses.iter().any(|own| own.ip.is_ipv4() == ip.is_ipv4()));
            let all: BTreeSet<NodeIndex> = with_address.clone().map(|gateway| gateway.node).collect();
            let macs: BTreeSet<_> = owners.iter().filter_map(|(_, own)| own.mac).collect();
            for gateway in with_address.filter(|gateway| gateway.addresses.iter().all(|own| own.ip != ip)) {
                let near = gateway
                    .addresses
                    .iter()
                    .find(|own| owners.iter().any(|(_, usual)| usual.prefix().overlaps(own.prefix())));
                let Some(own) = near else { continue };
                let pretends = own.mac.is_some_and(|mac| macs.contains(&mac));
                // A node may have an address of its own, and no other, where only some nodes are gateways.
                let is_shared = owners.iter().any(|(usual, _)| usual.node == gateway.node)
                    || gateway::anycast(gateways).contains_key(&own.ip);
                if !is_shared && (owners.len() * 2 > all.len() || pretends) {
                    let harm = if pretends { Harm::Address } else { Harm::Host };
                    causes.entry((gateway.node, harm)).or_default().push(Odd {
                        vni: *vni,
                        own: (gateway, own),
                        usual: owners.clone(),
                    });
                }
            }
        }
        if let [a, b] = gateways.as_slice()
            && let ([own], [usual]) = (a.addresses.as_slice(), b.addresses.as_slice())
            && own.ip != usual.ip
            && own.prefix() == usual.prefix()
            && own.mac.is_some()
            && own.mac == usual.mac
            && a.node != b.node
        {
            causes.entry((a.node, Harm::Address)).or_default().push(Odd {
                vni: *vni,
                own: (a, own),
                usual: vec![(b, usual)],
            });
        }
    }
    for ((node, harm), odd) in causes {
        out.group(
            &odd,
            |odd| Member::new(fabric.name(node), format_args!("vni {}", odd.vni), odd.own.1.span),
            |odd, out| {
                let first = &odd[0];
                let (name, own, usual) = (fabric.name(node), first.own.1, first.usual[0].1);
                let names = join_names(first.usual.iter().map(|(gateway, _)| fabric.name(gateway.node)));
                let more = if odd.len() > 1 { format!(" (and {} more VNIs)", odd.len() - 1) } else { String::new() };
                let draft = out
                    .report(format!(
                        "the gateway of vni {} is {}/{} on {name}, but {}/{} on {names}{more}",
                        first.vni, own.ip, own.length, usual.ip, usual.length
                    ))
                    .also(odd.iter().map(|odd| {
                        (
                            odd.own.1.span,
                            format!("{}/{} on {} of {name}", odd.own.1.ip, odd.own.1.length, odd.own.0.svi.name),
                        )
                    }))
                    .also(odd.iter().flat_map(|odd| &odd.usual).take(shown::MANY).map(|(gateway, usual)| {
                        (
                            usual.span,
                            format!(
                                "{}/{} on {} of {}",
                                usual.ip,
                                usual.length,
                                gateway.svi.name,
                                fabric.name(gateway.node)
                            ),
                        )
                    }))
                    .help(format!("write {}/{} under {} of {name}", usual.ip, usual.length, first.own.0.svi.name));
                if harm == Harm::Address { draft.done() } else { draft.cap_severity(Severity::Warning).done() }
            },
        );
    }
}
