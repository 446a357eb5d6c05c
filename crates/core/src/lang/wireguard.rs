//! WireGuard's interfaces: `/etc/wireguard/<interface>.conf`, as wg-quick(8) reads them. Whether `wg-quick@<interface>` is
//! started, no file tells; a file with an address is taken for an interface that is up.

use crate::{
    model::Reading,
    source::{File, FileId, LanguageId},
};

mod lower;
mod mode;
mod parse;
#[cfg(test)]
mod tests;

pub(super) struct WireGuard;

/// The interface of a file (`parse_options`, wg-quick).
fn interface(inner: &str) -> Option<&str> {
    let name = inner.strip_prefix("etc/wireguard/")?.strip_suffix(".conf")?;
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'=' | b'+' | b'.' | b'-');
    ((1..=15).contains(&name.len()) && name.bytes().all(is_of_name)).then_some(name)
}

impl super::Language for WireGuard {
    fn id(&self) -> LanguageId {
        LanguageId::WireGuard
    }

    fn claims(&self, inner: &str) -> bool {
        interface(inner).is_some()
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        for (id, file) in files {
            let Some(name) = interface(&file.inner) else { continue };
            let mut tunnel = lower::Tunnel::new(name);
            parse::lines(*id, file, into, |line, into| lower::line(line, &mut tunnel, into));
            tunnel.settle(into);
        }
    }

    fn is_beside_others(&self) -> bool {
        true
    }
}
