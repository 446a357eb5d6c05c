use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::model::{Prefix, intent::Subnet};
use std::net::IpAddr;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for subnet in &plan.sdn.subnets {
        let (Some(gateway), Some(prefix)) = (&subnet.gateway, subnet.prefix()) else { continue };
        if prefix.is_host() {
            continue;
        }
        let draft = if !prefix.contains(gateway.value) {
            let elsewhere =
                |other: &&Subnet| other.vnet.as_deref() == subnet.vnet.as_deref() && serves(other, gateway.value);
            let other = plan.sdn.subnets.iter().find(elsewhere);
            let draft = out.report(format!("gateway {gateway} of subnet {} lies outside {prefix}", subnet.id));
            match other {
                Some(other) => {
                    draft.cap_severity(Severity::Info).at(gateway.span(), format!("serves {} already", other.id))
                }
                None => draft.at(gateway.span(), format!("not in {prefix}")),
            }
        } else if let Some(what) = reserved(prefix, gateway.value) {
            out.report(format!("gateway {gateway} of subnet {} is the {what} address of {prefix}", subnet.id))
                .at(gateway.span(), format!("the {what} address"))
                .cap_severity(Severity::Warning)
        } else {
            continue;
        };
        draft
            .about(plan.about(format_args!("subnet {}", subnet.id)))
            .at(subnet.id.span(), "the subnet")
            .help("write an address of the subnet as its gateway, or correct the id of the subnet")
            .done();
    }
}

fn serves(subnet: &Subnet, gateway: IpAddr) -> bool {
    subnet.gateway.as_ref().is_some_and(|own| own.value == gateway)
        && subnet.prefix().is_some_and(|prefix| prefix.contains(gateway))
}

/// The word for an address that no IPv4 host can have.
fn reserved(prefix: Prefix, address: IpAddr) -> Option<&'static str> {
    let (IpAddr::V4(network), IpAddr::V4(address)) = (prefix.network(), address) else { return None };
    let hosts = u32::MAX.checked_shr(prefix.length().into()).unwrap_or(0);
    match address.to_bits() - network.to_bits() {
        _ if hosts < 3 => None,
        0 => Some("network"),
        last if last == hosts => Some("broadcast"),
        _ => None,
    }
}
