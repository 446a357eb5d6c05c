use crate::{fabric::Fabric, finding::Out, model::link::LinkKind};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        let carries_tunnels = |name: &str| device.vteps().into_keys().any(|ip| device.owner(ip).is_some_and(|o| o.name == name));
        for bridge in &device.node.links {
            let Some(own) = device.mtu(bridge).filter(|_| matches!(bridge.kind, LinkKind::Bridge { .. })) else { continue };
            let is_below = carries_tunnels(&bridge.name);
            let mut small = vec![];
            for port in bridge.ports().iter().filter_map(|port| device.link(port)) {
                let counts = port.vxlan().is_some()
                    || is_below && matches!(port.kind, LinkKind::Physical | LinkKind::Bond { .. } | LinkKind::Vlan { .. });
                if let Some(mtu) = device.mtu(port).filter(|mtu| counts && mtu.bytes < own.bytes) {
                    small.push((port, mtu));
                }
            }
            let Some((port, mtu)) = small.iter().min_by_key(|(_, mtu)| mtu.bytes) else { continue };
            let name = fabric.name(node);
            let what = if small.len() > 1 { format!("{} and {} more", port.name, small.len() - 1) } else { port.name.clone() };
            let severe = own.default.is_none() || is_below || bridge.addresses.iter().any(|own| !own.is_host());
            let draft = out
                .report(format!(
                    "{} on {name} has mtu {}, but its port {what} only {}: larger frames vanish without a word",
                    bridge.name, own.bytes, mtu.bytes
                ))
                .about(format!("{name} {}", bridge.name))
                .at(own.span, format!("mtu {}{}", own.bytes, own.default.map(|w| format!(", {w} default")).unwrap_or_default()))
                .also(small.iter().map(|(port, mtu)| {
                    (mtu.span, format!("{}: mtu {}{}", port.name, mtu.bytes, mtu.default.map(|w| format!(", {w} default")).unwrap_or_default()))
                }))
                .help(format!("write `mtu {}` under {}, or `mtu {}` under {}", own.bytes, port.name, mtu.bytes, bridge.name));
            if severe { draft.done() } else { draft.at_most(crate::finding::Severity::Info).done() }
        }
    }
}
