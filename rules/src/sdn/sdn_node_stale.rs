use crate::{
    compared::drifted::lacks,
    finding::{Help, Member, Out, Severity},
    plan::is_node_of,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let Some(version) = &intent.version else { continue };
        let belongs = |name: &str| is_node_of(fabric, intent, name);
        let nodes = fabric.cluster.nodes.iter().filter(|node| belongs(&node.name)).filter_map(|node| {
            let generated = node.interfaces.as_ref()?.sdn_version.as_ref()?;
            Some((node, generated))
        });
        let (behind, rest): (Vec<_>, Vec<_>) = nodes.partition(|(_, own)| own.value < version.value);
        let ahead: Vec<_> = rest.into_iter().filter(|(_, own)| own.value > version.value).collect();
        for (group, message, severity, help) in [
            (
                &behind,
                "run an older SDN configuration than was applied",
                Severity::Error,
                "apply again while all nodes are online",
            ),
            (
                &ahead,
                "run a newer SDN configuration than the store holds",
                Severity::Warning,
                "apply again; Proxmox itself does not notice",
            ),
        ] {
            out.group(
                group,
                |(node, own)| Member::new(&node.name, "sdn version", own.span()),
                |group, out| {
                    let [(first, own), ..] = group else { return };
                    let names = join_names(group.iter().map(|(node, _)| &node.name));
                    let message =
                        if group.len() == 1 { message.replacen("run", "runs", 1) } else { message.to_owned() };
                    let without = if group.len() == 1 { lacks(first) } else { String::new() };
                    out.report(format!("{names} {message}: version {own}{without}, and version {version} is applied"))
                        .also(
                            group.iter().map(|(node, own)| {
                                (own.span(), format!("{} has version {own}{}", node.name, lacks(node)))
                            }),
                        )
                        .at(version.span(), "applied last")
                        .help(Help::lasting(help))
                        .cap_severity(severity)
                        .done();
                },
            );
        }
    }
}
