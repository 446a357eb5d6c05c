use crate::{
    finding::{Help, Member, Out},
    web,
};
use evpnlint_analysis::fabric::{Fabric, exit::Exit};
use evpnlint_core::words::join_names;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let exits = &fabric.exits;
    let served: BTreeSet<&str> = exits.iter().filter(|exit| exit.originates()).map(|exit| exit.vrf).collect();
    let mut of_vrf: BTreeMap<&str, Vec<&Exit>> = BTreeMap::new();
    for exit in exits {
        // Elsewhere than on Proxmox, where it is what an exit node is, a leak may have many purposes.
        let is_generated = fabric.node(exit.node).interfaces.as_ref().is_some_and(|own| own.sdn.is_some());
        if !is_generated || exit.originates() || served.contains(exit.vrf) || exit.has_other_default() {
            continue;
        }
        of_vrf.entry(exit.vrf).or_default().push(exit);
    }
    for (vrf, exits) in of_vrf {
        let place = |exit: &Exit| exit.instance.evpn.span.or(Some(exit.instance.span));
        let member = |exit: &&Exit| Member::new(fabric.name(exit.node), format_args!("vrf {vrf}"), place(exit));
        out.group(&exits, member, |exits, out| {
            let names = join_names(exits.iter().map(|exit| fabric.name(exit.node)));
            let leak = if exits.len() == 1 { "leaks" } else { "leak" };
            let zone = vrf.strip_prefix("vrf_").unwrap_or(vrf);
            out.report(format!(
                "{names} {leak} VRF {vrf} to the outside, but no node gives {vrf} a default route: nothing leads back"
            ))
            .also(exits.iter().map(|exit| (place(exit), "no `default-originate` here")))
            .also(exits.iter().flat_map(|exit| {
                let families = exit.instance.families.values().flat_map(|family| &family.redistribute);
                families.map(|what| (what.protocol.span(), "what leaves it"))
            }))
            .also(exits.iter().map(|exit| (exit.import.span(), format!("{vrf} is leaked here"))))
            .help(Help::lasting(format!(
                "choose {names} in Exit Nodes of zone {zone} in {}, and apply, in place of an import in \
                 /etc/frr/frr.conf.local",
                web::ZONES
            )))
            .done();
        });
    }
}
