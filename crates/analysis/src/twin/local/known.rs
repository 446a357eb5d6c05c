//! What was generated before the first line of `frr.conf.local` is merged.

use super::words::bgp;
use crate::twin::frr::config::Config;
use evpnlint_core::{
    model::twin::{LocalFate, SecondRouter, SecondVni, Unreachable},
    source::Span,
};
use std::collections::BTreeMap;

/// What was generated before the first line is merged.
pub(super) struct Known {
    /// The AS number of each VRF's router, the default one under the empty name.
    pub(super) routers: BTreeMap<String, (String, Option<Span>)>,
    /// The L3VNI of each VRF.
    vnis: BTreeMap<String, (String, Option<Span>)>,
    /// How many entries each route-map has, and which of them is the first that lets everything through.
    pub(super) maps: BTreeMap<String, (usize, Option<usize>)>,
}

impl Known {
    pub(super) fn new(text: &str, config: &Config) -> Self {
        let routers = config.routers.iter().filter_map(|(key, router)| {
            let (asn, vrf) = bgp(key)?;
            Some((vrf.to_owned(), (asn.to_owned(), router.because)))
        });
        let vnis = config.vrfs.iter().filter_map(|(name, lines)| {
            let (vni, because) = lines.iter().find_map(|line| Some((line.text.strip_prefix("vni ")?, line.because)))?;
            Some((name.clone(), (vni.to_owned(), because)))
        });
        // Whoever adds to the list of loopbacks decides himself what its route-map lets through.
        let is_listed = text.contains("prefix-list loopbacks_ips");
        let maps = config.maps.iter().map(|(name, entries)| {
            let open = entries.iter().position(|entry| entry.is_open(is_listed));
            (name.clone(), (entries.len(), open.map(|at| at + 1)))
        });
        Self { routers: routers.collect(), vnis: vnis.collect(), maps: maps.collect() }
    }

    /// Whether there is a router for that VRF with that AS number.
    pub(super) fn has_router(&self, asn: &str, vrf: &str) -> bool {
        self.routers.get(vrf).is_some_and(|(own, _)| own == asn)
    }

    /// What becomes of a line that opens a `router bgp`.
    pub(super) fn router(&self, asn: &str, vrf: &str) -> LocalFate {
        match self.routers.get(vrf) {
            Some((generated, because)) if generated != asn => LocalFate::SecondRouter(SecondRouter {
                asn: asn.to_owned(),
                generated: generated.clone(),
                vrf: vrf.to_owned(),
                because: *because,
            }),
            _ => LocalFate::Kept,
        }
    }

    /// What becomes of a line in a generated VRF.
    pub(super) fn in_vrf(&self, vrf: &str, line: &str) -> LocalFate {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (words.as_slice(), self.vnis.get(vrf)) {
            (["vni", vni, ..], Some((generated, because))) if vni != generated => LocalFate::SecondVni(SecondVni {
                vrf: vrf.to_owned(),
                vni: (*vni).to_owned(),
                generated: generated.clone(),
                because: *because,
            }),
            _ => LocalFate::Kept,
        }
    }

    /// What becomes of an entry of a route-map that gets that number.
    pub(super) fn entry(&self, map: &str, sequence: usize) -> LocalFate {
        match self.maps.get(map) {
            Some((_, Some(catch_all))) => {
                LocalFate::BehindCatchAll(Unreachable { map: map.to_owned(), sequence, catch_all: *catch_all })
            }
            _ => LocalFate::Kept,
        }
    }
}
