use crate::{
    finding::{Help, Member, Out, Severity},
    plan::Plan,
    shown,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::{
        Sourced,
        intent::{ControllerKind, ZoneKind},
    },
    near::near,
    source::Span,
    words::join_names,
};
use std::collections::BTreeMap;

/// An interface that an object needs, and what happens where there is none.
#[derive(Clone)]
struct Wanted<'p> {
    interface: &'p str,
    place: Option<Span>,
    object: String,
    effect: &'static str,
    severity: Severity,
}

pub(super) fn check(plan: &Plan, out: &mut Out) {
    renamed(plan, out);
    let mut missing: BTreeMap<(String, &str), Vec<(&Device, Wanted)>> = BTreeMap::new();
    for device in plan.devices().filter(|device| is_whole(device)) {
        for wanted in wanted(plan, &device.node.name).into_iter().filter(|wanted| is_missing(device, wanted.interface))
        {
            missing.entry((wanted.object.clone(), wanted.interface)).or_default().push((device, wanted));
        }
    }
    for ((object, interface), all) in missing {
        let subject = |(device, wanted): &(&Device, Wanted)| {
            Member::named(plan.about(format_args!("{object} {interface} on {}", device.node.name)), wanted.place)
        };
        out.group(&all, subject, |all, out| {
            let names = join_names(all.iter().map(|(device, _)| &device.node.name));
            let (first, wanted) = &all[0];
            let known = first.node.links.values().filter(|link| link.is_described()).map(|link| link.name.as_str());
            let help = match near(interface, known) {
                Some(near) => Help::from(format!("did you mean `{near}`?")),
                None => Help::lasting(format!(
                    "describe it in /etc/network/interfaces of {}, or name another",
                    first.node.name
                )),
            };
            let does = if all.len() == 1 { "does" } else { "do" };
            out.report(format!("{object} needs {interface}, which {names} {does} not have: {}", wanted.effect))
                .also(all.iter().map(|(device, wanted)| (wanted.place, format!("not on {}", device.node.name))))
                .help(help)
                .cap_severity(wanted.severity)
                .done();
        });
    }
}

/// Ports of fabrics that have other names by now.
fn renamed(plan: &Plan, out: &mut Out) {
    for (at, renamed) in &plan.fabric.renamed {
        let name = plan.fabric.name(*at);
        for node in plan.sdn.fabric_nodes.iter().filter(|own| own.node == name && !own.external) {
            let gone: Vec<_> =
                node.interfaces.iter().filter(|(port, _)| renamed.gone.contains(port.as_str())).collect();
            if gone.is_empty() {
                continue;
            }
            let ports = join_names(gone.iter().map(|(port, _)| port));
            let idle = join_names(renamed.idle.iter().take(gone.len()).map(|link| &link.name));
            let fabric = &node.fabric;
            out.report(format!(
                "fabric {fabric} needs {ports}, which {name} does not have by that name: it has no link there"
            ))
            .about(plan.about(format_args!("fabric {fabric} node {name} interfaces")))
            .at(node.id.span(), format!("{name} in fabric {fabric}"))
            .also(gone.iter().map(|(port, own)| (own.span(), format!("{port} is not in /etc/network/interfaces"))))
            .also(renamed.idle.iter().take(shown::MANY).map(|link| (link.place(), "nothing uses this one")))
            .help(Help::lasting(format!(
                "compare with `ip link` on {name}; if they were renamed, take {idle} instead in Datacenter → SDN → Fabrics"
            )))
            .cap_severity(Severity::Warning)
            .done();
        }
    }
}

fn wanted<'p>(plan: &Plan<'p, '_>, node: &str) -> Vec<Wanted<'p>> {
    let sdn = plan.sdn;
    let of = |interface: &'p Sourced<String>, object, effect, severity| Wanted {
        interface: interface.as_str(),
        place: interface.span(),
        object,
        effect,
        severity,
    };
    let zones =
        sdn.zones.iter().filter(|zone| matches!(zone.kind, ZoneKind::Vlan | ZoneKind::Qinq) && zone.is_on(node));
    let mut all: Vec<Wanted> = zones
        .filter(|zone| sdn.vnets_of(&zone.id).next().is_some())
        .flat_map(|zone| zone.bridge.iter().map(move |bridge| (zone, bridge)))
        .map(|(zone, bridge)| {
            of(bridge, format!("zone {}", zone.id), "Proxmox generates none of its vnets there", Severity::Error)
        })
        .collect();
    for (_, controller) in plan.node_controllers(ControllerKind::Isis).filter(|(own, _)| *own == node) {
        let object = || format!("controller {}", controller.id);
        let effect = "IS-IS has no neighbour over it";
        all.extend(controller.isis_ifaces.iter().map(|own| of(own, object(), effect, Severity::Warning)));
    }
    for fabric in sdn.fabric_nodes.iter().filter(|own| own.node == node && !own.external) {
        let protocol = sdn.fabric(&fabric.fabric).map(|own| own.protocol.as_str());
        if protocol.is_some_and(|protocol| protocol != "wireguard") {
            all.extend(fabric.interfaces.iter().map(|(interface, own)| Wanted {
                interface,
                place: own.span(),
                object: format!("fabric {}", fabric.fabric),
                effect: "it has no link there",
                severity: Severity::Warning,
            }));
        }
    }
    all
}

/// Whether every interface that only a file can make is known.
fn is_whole(device: &Device) -> bool {
    let files = device.node.interfaces.as_ref();
    files.is_some_and(|file| file.template.is_none()) && device.node.link("lo").is_some_and(|lo| lo.is_described())
}

/// Whether an interface is not there: one that only a configuration makes, a bridge, a bond, a VLAN or a dummy, and that
/// neither a stanza nor a hook makes. A port need not be described.
fn is_missing(device: &Device, name: &str) -> bool {
    let made = ["vmbr", "bond", "dummy"].iter().any(|stem| name.starts_with(stem)) || name.contains('.');
    let has = |name: &str| device.link(name).is_some_and(|link| link.is_made()) || device.hooks_mention(name);
    // ifupdown2 makes a VLAN of a port that exists when a stanza names it, as Proxmox's own does.
    let is_vlan = name
        .rsplit_once('.')
        .is_some_and(|(below, _)| has(below) || !below.starts_with("vmbr") && !below.starts_with("bond"));
    made && !has(name) && !is_vlan
}
