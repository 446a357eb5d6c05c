use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

/// Attributes without which an interface is not what it was meant to be.
const NEEDED: [&str; 18] = [
    "address",
    "bond-slaves",
    "bridge-access",
    "bridge-ports",
    "bridge-pvid",
    "bridge-vids",
    "bridge-vlan-aware",
    "bridge-vlan-vni-map",
    "hwaddress",
    "mtu",
    "netmask",
    "vlan-id",
    "vlan-raw-device",
    "vrf",
    "vrf-table",
    "vxlan-id",
    "vxlan-local-tunnelip",
    "vxlan-port",
];

pub(super) const FAULTS: Faults = Faults::of(|fault| {
    fault.language == Some(LanguageId::Interfaces) && matches!(fault.kind, FaultKind::UnknownProperty { .. })
});

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::UnknownProperty { of, suggestion } = &fault.kind else { return };
    let draft = out
        .report(format!("ifupdown2 has no \"{}\" for {of}, and ignores it on {}", fault.text, group.nodes()))
        .cap_severity(severity(suggestion.as_deref()));
    let draft = group.mark(draft, "ignored", "lost with it");
    match suggestion {
        Some(near) => draft.help(format!("did you mean \"{near}\"?")).done(),
        None => draft.help("remove the line, or write the attribute that is meant").done(),
    }
}

/// A slip in something that an interface cannot do without is an error; any other slip surely unintended; and a name that
/// is like no other may belong to an addition that nobody told of.
fn severity(meant: Option<&str>) -> Severity {
    match meant {
        Some(meant) if NEEDED.contains(&meant) => Severity::Error,
        Some(_) => Severity::Warning,
        None => Severity::Info,
    }
}
