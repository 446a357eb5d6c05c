use crate::{
    finding::{Member, Out, Severity},
    view::{Nodes, names},
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::model::{Sourced, link::Link};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        missed(view.device()).into_iter().map(|missed| {
            let (_, port, meant) = missed;
            ((port.value.as_str(), meant.map(|meant| meant.name.as_str())), missed)
        })
    });
    for ((port, meant), found) in causes {
        out.group(
            &found,
            |(view, (bridge, port, _))| {
                Member::new(view.name(), format_args!("bridge {} port {port}", bridge.name), port.span())
            },
            |found, out| {
                let (_, (bridge, ..)) = &found[0];
                let (names, bridge) = (names(found), &bridge.name);
                let draft = out
            .report(match meant {
                Some(meant) => format!(
                    "bridge {bridge} on {names} has a port {port} that does not exist, and {meant} is in no bridge: \
                     nothing is bridged between them"
                ),
                None => format!("bridge {bridge} on {names} has a port {port} that nothing describes"),
            })
            .also(
                found.iter().map(|(view, (_, port, _))| (port.span(), format!("no such interface on {}", view.name()))),
            )
            .also(found.iter().filter_map(|(_, (.., meant))| Some((meant.as_ref()?.place(), "in no bridge"))));
                match meant {
                    Some(meant) => draft.help(format!("write {meant} in place of {port}")).done(),
                    // The bridge comes up without it: what was to be behind it is missing, if it was to be there at all.
                    None => draft
                        .help(format!("describe {port}, or remove it from the bridge"))
                        .cap_severity(Severity::Warning)
                        .done(),
                }
            },
        );
    }
}

/// Ports without an interface, with the interface that was probably meant. What a machine's own ports are called is in no
/// file, so only names of devices that somebody must create count, and near misses.
pub(crate) fn missed<'m>(device: &Device<'m>) -> Vec<(&'m Link, &'m Sourced<String>, Option<&'m Link>)> {
    let free: Vec<&Link> = device
        .node
        .links
        .values()
        .filter(|link| link.is_described() && link.vxlan().is_some() && device.bridge_of(&link.name).is_none())
        .collect();
    let mut missed = vec![];
    for bridge in device.node.links.values().filter(|link| link.is_described()) {
        for port in bridge.ports().iter().filter(|port| device.link(port).is_none_or(|link| !link.is_described())) {
            let distance = |link: &&&Link| strsim::osa_distance(&link.name, port);
            let near = free.iter().min_by_key(distance).filter(|link| distance(link) <= 2).copied();
            let made = ["vxlan", "vni", "vx-", "vrfvx_"].iter().any(|start| port.starts_with(start));
            if near.is_some() || made {
                missed.push((bridge, port, near));
            }
        }
    }
    missed
}
