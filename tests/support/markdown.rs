//! What stands between fences in Markdown, and how to put something else there.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A fenced block.
pub(crate) struct Fence<'t> {
    /// The heading of the section that it stands in.
    pub(crate) section: &'t str,
    /// What stands behind the opening fence.
    pub(crate) info: &'t str,
    pub(crate) body: &'t str,
    /// Where the body stands in the text.
    pub(crate) place: Range<usize>,
}

/// The fenced blocks of a text, in order.
pub(crate) fn fences(text: &str) -> Vec<Fence<'_>> {
    let (mut fences, mut section): (Vec<Fence<'_>>, _) = (vec![], "");
    let mut is_open = false;
    for (event, place) in events(text) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => section = heading(&text[place]),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let opening = text[place.clone()].lines().next().unwrap_or_default();
                let start = (place.start + opening.len() + 1).min(place.end);
                fences.push(Fence { section, info: opening.trim_start_matches('`'), body: "", place: start..start });
                is_open = true;
            }
            Event::Text(_) if is_open => {
                let fence = fences.last_mut().expect("one is open");
                fence.place.end = place.end;
                fence.body = &text[fence.place.clone()];
            }
            Event::End(TagEnd::CodeBlock) => is_open = false,
            _ => {}
        }
    }
    fences
}

/// The headings of a text's sections, in order.
pub(crate) fn sections(text: &str) -> Vec<&str> {
    let is_heading = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
    events(text).filter(|(event, _)| is_heading(event)).map(|(_, place)| heading(&text[place])).collect()
}

/// The text with other words in some places, which are in order.
pub(crate) fn rewritten<'w>(text: &str, places: impl IntoIterator<Item = (Range<usize>, &'w str)>) -> String {
    let (mut all, mut done) = (String::new(), 0);
    for (place, words) in places {
        all += &text[done..place.start];
        all += words;
        done = place.end;
    }
    all + &text[done..]
}

/// A text taken apart; a page's header is no part of it.
fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_YAML_STYLE_METADATA_BLOCKS).into_offset_iter()
}

fn heading(line: &str) -> &str {
    line.trim_start_matches('#').trim()
}
