use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, gateway};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vni, gateways) in &fabric.overlay.gateways {
        let Some((ip, owners)) = gateway::anycast(gateways).into_iter().next() else { continue };
        let missing: Vec<_> = gateways
            .iter()
            .filter(|gateway| {
                gateway.prefixes.is_empty() && gateway.svi.hwaddress.is_none() && gateway.svi.vrf.is_some()
            })
            .collect();
        let Some((other, address)) = owners.first().filter(|_| !missing.is_empty()) else { continue };
        out.group(
            &missing,
            |gateway| Member::new(fabric.name(gateway.node), format_args!("vni {vni}"), gateway.svi.place()),
            |missing, out| {
                let names = join_names(missing.iter().map(|gateway| fabric.name(gateway.node)));
                out.report(format!("vni {vni} has no gateway on {names}; {ip} is on {} other nodes", owners.len()))
                    .also(
                        missing
                            .iter()
                            .map(|gateway| (gateway.svi.place(), format!("{} has no address", gateway.svi.name))),
                    )
                    .at(address.span, format!("{} of {} has {ip}", other.svi.name, fabric.name(other.node)))
                    .help(format!("write `address {ip}/{}` there if hosts of this node route", address.length))
                    .done();
            },
        );
    }
}
