//! Stanzas to phrases: the lines of an interface, without what is the node's own.

use super::{
    parse::{Rule, Statement},
    source::Stanza,
};
use crate::{
    model::outline::{HOLE, Outline, Phrase, without_numbers},
    source::masked,
};
use std::sync::Arc;

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
