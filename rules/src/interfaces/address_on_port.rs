use crate::{
    finding::{Member, Out, Severity},
    view::{Nodes, names},
};
use evpnlint_core::{
    model::link::{Dialect, Link},
    words::join_names,
};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let (device, dialect) = (view.device(), view.node().interfaces.as_ref().map(|file| file.dialect));
        let is_read = move |link: &&Link| dialect.is_some() && !link.addresses.is_empty() && link.is_described();
        view.links().filter(is_read).filter_map(move |link| {
            let master = device.bridge_of(&link.name).or(device.bond_of(&link.name))?;
            let is_port = dialect != Some(Dialect::IfupdownNg) && master.is_described() && link.name != master.name;
            let is_ifupdown2 = dialect == Some(Dialect::Ifupdown2);
            is_port.then_some(((&link.name, &master.name, is_ifupdown2), link))
        })
    });
    for ((port, master, is_ifupdown2), found) in causes {
        out.group(
            &found,
            |(view, link)| {
                Member::new(view.name(), format_args!("port {port}"), link.addresses.first().and_then(|own| own.span()))
            },
            |found, out| {
                let addresses = join_names(found.iter().flat_map(|(_, link)| &link.addresses));
                let consequence =
                    if is_ifupdown2 { "ifupdown2 does not configure it" } else { "nothing answers there" };
                let draft = out
                    .report(format!(
                        "{port} on {} is a port of {master} and has an address, {addresses}: {consequence}",
                        names(found)
                    ))
                    .also(
                        found
                            .iter()
                            .flat_map(|(_, link)| &link.addresses)
                            .map(|address| (address.span(), "an address on a port")),
                    )
                    .also(
                        found
                            .iter()
                            .filter_map(|(view, _)| view.device().link(master))
                            .map(|link| (link.place(), format!("{master} takes {port}"))),
                    )
                    .help(format!("move the address to {master}, or take {port} out of it"));
                if is_ifupdown2 { draft.done() } else { draft.cap_severity(Severity::Warning).done() }
            },
        );
    }
}
