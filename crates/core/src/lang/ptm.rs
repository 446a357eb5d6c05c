//! `/etc/ptm.d/topology.dot`: the cables that Cumulus' Prescriptive Topology Manager compares with what LLDP sees, in the
//! language of Graphviz. One file tells of the whole fabric, and mostly every node has the same.
//!
//! ```dot
//! graph fabric {
//!   "leaf1":"swp1" -- "spine1":"swp1" [BFD="upMinTx=300"]
//! }
//! ```

use super::cables::Cables;
use crate::{
    model::{Reading, surroundings::CableEnd},
    source::{File, FileId, LanguageId},
};
use token::{Kind, Token, Tokens};

#[cfg(test)]
mod tests;
mod token;

pub(super) struct Ptm;

impl super::Language for Ptm {
    fn id(&self) -> LanguageId {
        LanguageId::Ptm
    }

    fn claims(&self, inner: &str) -> bool {
        inner == "etc/ptm.d/topology.dot"
    }

    fn place(&self, name: &str) -> Option<String> {
        (name == "topology.dot").then(|| "etc/ptm.d/topology.dot".to_owned())
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        for (id, file) in files {
            Reader::new(*id, file, into).graph(into);
        }
    }

    fn is_cluster_wide(&self) -> bool {
        true
    }

    fn is_of_cables(&self) -> bool {
        true
    }
}

/// One file, while it is read.
struct Reader<'t> {
    cables: Cables<'t>,
    tokens: Tokens<'t>,
    /// The token that comes next.
    next: Token<'t>,
    /// How many braces are open.
    depth: usize,
}

/// A node of the graph, with the port behind it.
struct Vertex<'t> {
    device: &'t str,
    port: Option<&'t str>,
    start: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    fn new(id: FileId, file: &'t File, into: &mut Reading) -> Self {
        let cables = Cables::new(LanguageId::Ptm, id, file, &["#", "//"], into);
        let mut tokens = Tokens::new(&file.text);
        let next = tokens.take();
        Self { cables, tokens, next, depth: 0 }
    }

    fn graph(&mut self, into: &mut Reading) {
        if self.cables.is_too_long(into) {
            return;
        }
        self.header(into);
        while self.next.kind != Kind::End {
            if self.cables.ends_at(self.next.start, into) {
                return;
            }
            self.statement(into);
        }
        if self.depth > 0 {
            let at = self.tokens.last_content();
            self.cables.fault(at, "`}` is missing behind it, and ptmd refuses the file", into);
        }
    }

    /// `strict graph NAME {`.
    fn header(&mut self, into: &mut Reading) {
        let first = self.next;
        if self.next.is_word("strict") {
            self.step();
        }
        let is_graph = self.next.is_word("graph") || self.next.is_word("digraph");
        if is_graph {
            self.step();
            if self.next.kind == Kind::Name {
                self.step();
            }
        }
        if is_graph && self.next.kind == Kind::Open {
            self.pass();
        } else if first.kind != Kind::End {
            self.cables.fault(first.place(), "the file begins with `graph NAME {`, else ptmd refuses it", into);
        }
    }

    fn statement(&mut self, into: &mut Reading) {
        let first = self.next;
        match first.kind {
            Kind::Semicolon | Kind::Comma => self.step(),
            Kind::Open => self.pass(),
            Kind::Close if self.depth > 0 => {
                self.depth -= 1;
                self.step();
            }
            Kind::Name if first.is_word("subgraph") => {
                self.step();
                if self.next.kind == Kind::Name {
                    self.step();
                }
                if self.next.kind != Kind::Open {
                    self.skip(self.next, "a subgraph has `{` behind its name", into);
                }
            }
            Kind::Name => self.named(into),
            Kind::Unended => self.skip(first, "a quotation mark or the end of a comment is missing", into),
            _ => self.skip(first, "a cable is like `\"leaf1\":\"swp1\" -- \"spine1\":\"swp1\"`", into),
        }
    }

    /// What begins with a name: a cable, a node, or attributes.
    fn named(&mut self, into: &mut Reading) {
        let is_default = ["graph", "node", "edge"].iter().any(|word| self.next.is_word(word));
        let Some(a) = self.vertex(into) else { return };
        if is_default && self.next.kind == Kind::Bracket {
            return self.attributes(into);
        }
        if self.next.kind == Kind::Equals {
            self.step();
            match self.next.kind {
                Kind::Name => self.step(),
                _ => self.skip(self.next, "a value is missing behind `=`", into),
            }
            return;
        }
        let mut others = vec![];
        while self.next.kind == Kind::Edge {
            self.step();
            match self.next.kind {
                Kind::Name => match self.vertex(into) {
                    Some(other) => others.push(other),
                    None => return,
                },
                _ => return self.skip(self.next, "the other end of a cable is a device and its port", into),
            }
        }
        if let Some(b) = others.first() {
            let place = (a.start, others.last().map_or(b.end, |last| last.end));
            match (a.port, b.port) {
                _ if others.len() > 1 => self.cables.fault(place, "a cable has two ends", into),
                (Some(one), Some(other)) => {
                    let end = |device: &str, port: &str| CableEnd { device: device.to_owned(), port: port.to_owned() };
                    self.cables.lay(end(a.device, one), end(b.device, other), place, into);
                }
                _ => self.cables.fault(place, "each end of a cable has a port, as in `\"leaf1\":\"swp1\"`", into),
            }
        }
        self.attributes(into);
    }

    /// `"leaf1":"swp1"`, perhaps with the side of the port behind it, as Graphviz has it.
    fn vertex(&mut self, into: &mut Reading) -> Option<Vertex<'t>> {
        let name = self.next;
        self.step();
        let mut vertex = Vertex { device: name.text, port: None, start: name.start, end: name.end };
        for _ in 0..2 {
            if self.next.kind == Kind::Colon {
                self.step();
                if self.next.kind != Kind::Name {
                    self.skip(self.next, "a port is missing behind `:`", into);
                    return None;
                }
                vertex.port = vertex.port.or(Some(self.next.text));
                vertex.end = self.next.end;
                self.step();
            }
        }
        if vertex.device.is_empty() || vertex.port.is_some_and(str::is_empty) {
            self.cables.fault((vertex.start, vertex.end), "a device and its port have names", into);
            return None;
        }
        Some(vertex)
    }

    /// Lists in brackets, which tell no cable.
    fn attributes(&mut self, into: &mut Reading) {
        while self.next.kind == Kind::Bracket {
            let open = self.next;
            while !matches!(self.next.kind, Kind::BracketEnd | Kind::End) {
                self.step();
            }
            if self.next.kind == Kind::End {
                self.cables.fault(open.place(), "`]` is missing behind it", into);
            } else {
                self.step();
            }
        }
    }

    /// Notes a token that fits nowhere, and passes over the rest of its statement.
    fn skip(&mut self, at: Token<'t>, why: &'static str, into: &mut Reading) {
        // What ends the file is nothing to point at.
        let place = if at.kind == Kind::End { self.tokens.last_content() } else { at.place() };
        self.cables.fault(place, why, into);
        if self.next.start == at.start {
            self.pass();
        }
        while self.cables.is_faulty(self.next.start)
            && !matches!(self.next.kind, Kind::Semicolon | Kind::Close | Kind::End)
        {
            self.pass();
        }
    }

    /// Passes over a token; a brace opens all the same.
    fn pass(&mut self) {
        self.depth += usize::from(self.next.kind == Kind::Open);
        self.step();
    }

    fn step(&mut self) {
        self.next = self.tokens.take();
    }
}
