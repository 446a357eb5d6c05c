use crate::finding::Out;
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
        let (Some(first), Some((other, address))) = (missing.first(), owners.first()) else { continue };
        let names = join_names(missing.iter().map(|gateway| fabric.name(gateway.node)));
        out.report(format!("vni {vni} has no gateway on {names}; {ip} is on {} other nodes", owners.len()))
            .about(format!("{} vni {vni}", fabric.name(first.node)))
            .also(missing.iter().map(|gateway| (gateway.svi.place(), format!("{} has no address", gateway.svi.name))))
            .at(address.span, format!("{} of {} has {ip}", other.svi.name, fabric.name(other.node)))
            .help(format!("write `address {ip}/{}` there if hosts of this node route", address.length))
            .done();
    }
}
