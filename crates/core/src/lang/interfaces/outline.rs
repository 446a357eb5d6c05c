//! Stanzas to phrases: the lines of an interface, without what is the node's own.

use super::{parse::Statement, source::Stanza};
use crate::{
    model::{
        InterfaceAddress, MacAddress,
        outline::{HOLE, Outline, Phrase, without_numbers},
    },
    source::masked,
};
use evpnlint_grammar::interfaces::Rule;
use std::{net::IpAddr, sync::Arc};

/// Writes down the lines of a stanza for one of its interfaces.
pub(super) fn note(name: &str, stanza: &Stanza, phrases: &[Option<Arc<Phrase>>], outline: &mut Outline) {
    let opener = format!("iface {name}");
    let block = outline.open(None, &opener, &without_numbers(&opener), stanza.span);
    for (phrase, statement) in phrases.iter().zip(&stanza.attributes) {
        match phrase {
            Some(phrase) => outline.add(block, Arc::clone(phrase), statement.span),
            None => outline.reach(block, statement.span),
        }
    }
}

/// What the lines of a stanza say; nothing where that is free text.
pub(super) fn phrases(stanza: &Stanza) -> Vec<Option<Arc<Phrase>>> {
    stanza.attributes.iter().map(|statement| phrase(statement).map(Arc::new)).collect()
}

fn phrase(statement: &Statement) -> Option<Phrase> {
    // Free text is for people, or a command that the shell understands.
    if statement.words.is_empty() || statement.words.iter().any(|word| word.rule == Rule::TEXT) {
        return None;
    }
    let value = |word: &super::parse::Word| match word.rule {
        Rule::SWITCH if matches!(word.text.as_str(), "on" | "yes" | "1") => "on".to_owned(),
        Rule::SWITCH => "off".to_owned(),
        rule if is_own(rule) => HOLE.to_owned(),
        _ => word.text.clone(),
    };
    let mut values: Vec<String> = statement.words.iter().map(value).collect();
    values.dedup();
    let about = statement.name.clone();
    let says = masked(&format!("{about} {}", values.join(" ")));
    Some(Phrase { kind: about.clone(), subject: None, about, says })
}

/// A line as it is compared with another that says the same: single blanks, and one spelling of addresses and switches.
pub(super) fn spelt(statement: &Statement) -> String {
    let words = statement.rest.split_whitespace();
    let spelt = words.map(|text| {
        let word = statement.words.iter().find(|word| word.text == text);
        word.and_then(canonical).unwrap_or_else(|| text.to_owned())
    });
    std::iter::once(statement.name.clone()).chain(spelt).collect::<Vec<_>>().join(" ")
}

/// A value that may be spelt in several ways, in one of them.
fn canonical(word: &super::parse::Word) -> Option<String> {
    match word.rule {
        Rule::SWITCH => Some(if matches!(word.text.as_str(), "on" | "yes" | "1") { "on" } else { "off" }.to_owned()),
        Rule::IP => word.text.parse::<IpAddr>().ok().map(|ip| ip.to_string()),
        Rule::IP_LEN => word.text.parse::<InterfaceAddress>().ok().map(|address| address.to_string()),
        Rule::MAC => word.text.parse::<MacAddress>().ok().map(|mac| mac.to_string()),
        _ => None,
    }
}

/// Whether a value tells one thing from another, and so differs rightly from node to node: what is on a port is a matter
/// of who is plugged in.
fn is_own(rule: Rule) -> bool {
    use Rule as R;
    !matches!(
        rule,
        R::SWITCH
            | R::PORT_SWITCH
            | R::PORT_LEVEL
            | R::PORT_STATE
            | R::MTU
            | R::INTEGER
            | R::BYTE
            | R::SHORT
            | R::LEVEL
            | R::P2P
            | R::SECONDS
            | R::UDP_PORT
            | R::BOND_MODE
            | R::HASH_POLICY
            | R::LACP_RATE
            | R::LINK_TYPE
            | R::STP_VERSION
            | R::VLAN_PROTOCOL
            | R::TTL
            | R::IGMP_VERSION
            | R::MLD_VERSION
            | R::DUPLEX
            | R::SCOPE
            | R::TUNNEL_MODE
    )
}
