//! `.running-config`: what was applied last, as JSON. Keys and values are those of the section files, with lists as
//! arrays, sets of names as objects `{"name": 1}`, and numbers as numbers or as strings.

use super::{
    lower,
    mode::Store,
    parse::{Section, Word, value_of},
};
use crate::{
    lang::json::{self, Json},
    model::{
        Fault, FaultKind, Reading, Sourced,
        intent::{Intent, Sdn},
        refusal::{Refusal, StoreRefusal},
    },
    source::{File, FileId, LanguageId},
};

/// Reads the file, which counts as one line. Keys that are not known are newer than this program, and no fault: only
/// Proxmox writes here.
pub(super) fn read(id: FileId, file: &File, intent: &mut Intent, into: &mut Reading) {
    if file.text.trim().is_empty() {
        return;
    }
    into.coverage.lines += 1;
    let json = match json::read(id, &file.text) {
        Ok(json) => json,
        Err((span, wanted)) => {
            into.coverage.miss(span);
            intent.unreadable = Some(span);
            let why = Refusal::Proxmox(StoreRefusal::NoJson(wanted));
            into.faults.push(Fault::new(LanguageId::Sdn, span, FaultKind::Refused(why)));
            return;
        }
    };
    if let Some(Json::Scalar(version)) = json.get("version")
        && let Ok(number) = version.text.parse()
    {
        intent.version = Some(Sourced::written(number, version.span));
    }
    let mut sdn = Sdn { stores: Store::ALL.map(Store::name).to_vec(), ..Sdn::default() };
    for (name, value) in json.entries() {
        let (Some(store), Some(ids)) = (Store::of(&name.text), value.get("ids")) else { continue };
        for (id, object) in ids.entries() {
            let Some(section) = section(store, id, object, into) else { continue };
            if section.missing().is_none() {
                lower::section(&section, &mut sdn, into);
            } else {
                sdn.lost.push(Sourced::written(section.id.text.clone(), section.id.span));
            }
        }
    }
    intent.running = Some(sdn);
}

fn section(store: Store, id: &Word, object: &Json, into: &mut Reading) -> Option<Section> {
    let properties =
        || object.entries().iter().filter(|(key, _)| !matches!(key.text.as_str(), "type" | "id" | "digest"));
    for (_, value) in properties().filter(|(key, _)| store.is_secret(&key.text)) {
        into.secrets.extend(words(value).iter().map(|word| word.span));
    }
    let kind = match object.get("type") {
        Some(Json::Scalar(kind)) => kind.text.as_str(),
        _ => store.kinds().next()?,
    };
    let mut section = Section { mode: store.mode(kind)?, id: id.clone(), properties: vec![] };
    for (key, value) in properties() {
        for word in words(value) {
            match value_of(section.mode, key, &word) {
                Ok(property) => section.properties.push(property),
                Err(kind @ FaultKind::Malformed { .. }) => {
                    into.faults.push(Fault::new(LanguageId::Sdn, word.span, kind));
                }
                Err(_) => {}
            }
        }
    }
    Some(section)
}

/// The elements of a value as the section files would have them.
fn words(value: &Json) -> Vec<Word> {
    match value {
        Json::Scalar(word) => match word.text.as_str() {
            "null" | "" => vec![],
            "true" => vec![Word { text: "1".into(), ..*word }],
            "false" => vec![Word { text: "0".into(), ..*word }],
            _ => vec![word.clone()],
        },
        Json::Array(values) => values.iter().flat_map(words).collect(),
        Json::Object(entries) => entries
            .iter()
            .filter(|(_, value)| !matches!(value, Json::Scalar(word) if matches!(word.text.as_str(), "0" | "" | "null" | "false")))
            .map(|(name, _)| name.clone())
            .collect(),
    }
}
