use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vni, gateways) in &fabric.overlay.gateways {
        let mut macs: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for gateway in gateways {
            for address in &gateway.addresses {
                macs.entry(address.mac).or_default().push((gateway, address));
            }
        }
        for gateway in gateways.iter().filter(|gateway| gateway.prefixes.is_empty()) {
            let Some(mac) = &gateway.svi.hwaddress else { continue };
            let Some(others) = macs.get(&Some(mac.value)).filter(|_| !gateway.svi.dynamic) else { continue };
            let (name, svi) = (fabric.name(gateway.node), &gateway.svi.name);
            let (other, address) = others[0];
            let names = join_names(others.iter().map(|(other, _)| fabric.name(other.node)));
            out.report(format!(
                "{svi} on {name} has {mac}, the gateway's MAC address of vni {vni} on {names}, \
                but not {}",
                address.ip
            ))
            .about(format!("{name} vni {vni}"))
            .at(mac.span(), "hosts' frames for the gateway end here")
            .at(gateway.svi.place(), format!("{svi} has no address"))
            .at(address.span, format!("{} of {} has {}", other.svi.name, fabric.name(other.node), address.ip))
            .help(format!(
                "write `address {}/{}` under {svi}, or take its `hwaddress` away",
                address.ip, address.length
            ))
            .done();
        }
    }
}
