use crate::finding::{Out, Severity};
use evpnlint_analysis::fabric::Fabric;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let named = |name: &str| fabric.index(name).map(|at| fabric.node(at));
    // Only where files are generated does the name tell that somebody has copied one.
    let most = if fabric.cluster.intents.is_empty() { Severity::Info } else { Severity::Warning };
    for node in &fabric.cluster.nodes {
        let Some(hostname) = node.frr.as_ref().and_then(|frr| frr.hostname.as_ref()) else { continue };
        let Some(other) = named(hostname).filter(|other| other.name != node.name) else { continue };
        let same = other.frr.as_ref().and_then(|frr| frr.hostname.as_ref()).filter(|own| own.value == hostname.value);
        out.report(format!("frr.conf of {} has the host name of another node, {hostname}", node.name))
            .about(format!("{} hostname", node.name))
            .at(hostname.span(), format!("not {}", node.name))
            .also(same.map(|own| (own.span(), format!("that of {}", other.name))))
            .help(format!(
                "if the file is a copy, correct its router-id and addresses; then write `hostname {}`",
                node.name
            ))
            .cap_severity(most)
            .done();
    }
}
