use crate::{
    finding::{Help, Member, Out},
    plan::Plan,
    web,
};
use evpnlint_core::{
    model::{
        intent::{Controller, ControllerKind},
        is_on,
    },
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

/// A node and its controller.
type Caller<'p> = (&'p str, &'p Controller);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    // By the peers that are too far away.
    let mut callers: BTreeMap<Vec<IpAddr>, Vec<Caller>> = BTreeMap::new();
    for (node, controller) in plan.node_controllers(ControllerKind::Bgp) {
        let Some(device) = plan.device(node) else { continue };
        let links = || device.node.links.values().filter(|link| link.name != "lo");
        let is_known = links().any(|link| !link.addresses.is_empty()) && links().all(|link| !link.dynamic);
        let is_far = controller.ebgp_multihop.is_some() || controller.loopback.is_some();
        if !is_on(&controller.ebgp) || is_far || !is_known {
            continue;
        }
        let far: Vec<IpAddr> =
            controller.peers.iter().map(|peer| peer.value).filter(|peer| device.connected(*peer).is_none()).collect();
        if !far.is_empty() {
            callers.entry(far).or_default().push((node, controller));
        }
    }
    for (far, callers) in callers {
        let place = |controller: &Controller| {
            controller.peers.iter().find(|peer| far.contains(&peer.value)).and_then(|peer| peer.span())
        };
        let member = |(_, controller): &Caller| {
            Member::named(plan.about(format_args!("controller {}", controller.id)), place(controller))
        };
        out.group(&callers, member, |callers, out| {
            let is = if far.len() == 1 { "is" } else { "are" };
            let sessions = if far.len() == 1 && callers.len() == 1 {
                "the session never comes up"
            } else {
                "the sessions never come up"
            };
            let ids = join_names(callers.iter().map(|(_, controller)| &controller.id.value));
            let (controllers, their) =
                if callers.len() == 1 { ("controller", "its") } else { ("controllers", "their") };
            out.report(format!(
                "{} of {controllers} {ids} {is} on no network of {}, and eBGP goes one hop: {sessions}",
                join_names(&far),
                join_names(callers.iter().map(|(node, _)| node)),
            ))
            .also(callers.iter().flat_map(|(node, controller)| {
                let peers = controller.peers.iter().filter(|peer| far.contains(&peer.value));
                peers.map(move |peer| (peer.span(), format!("not connected to {node}")))
            }))
            .also(callers.iter().map(|(_, controller)| {
                let ebgp = controller.ebgp.as_ref().and_then(|ebgp| ebgp.span());
                (ebgp, "a TTL of 1 without `ebgp-multihop`")
            }))
            .help(Help::lasting(format!(
                "set EBGP Multihop of {ids} to 2, or as many hops as there are, in {}, and apply; or name {their} peers \
                 by addresses on a shared network",
                web::CONTROLLERS
            )))
            .done();
        });
    }
}
