//! FRR's notation of commands (`lib/command_parse.y`), and sentences of it.

/// What may stand in a line.
#[derive(Clone, Debug)]
pub(crate) enum Graph {
    Word(String),
    Number(i64, i64),
    Seq(Vec<Graph>),
    /// One of them.
    Choice(Vec<Graph>),
    /// Or nothing.
    Opt(Box<Graph>),
    /// Only behind `no`, or nothing.
    OptBehindNo(Box<Graph>),
    /// Any of them, in any order.
    Any(Vec<Graph>),
    /// More than once.
    Many(Box<Graph>),
}

/// Reads one command.
pub(crate) fn parse(text: &str) -> Graph {
    let mut parser = Parser { text: text.as_bytes(), at: 0 };
    parser.sequence()
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn sequence(&mut self) -> Graph {
        let mut parts = vec![];
        while let Some(next) = self.peek() {
            if matches!(next, b'|' | b'>' | b']' | b'}') {
                break;
            }
            parts.push(self.part(next));
            if self.text[self.at..].starts_with(b"...") {
                self.at += 3;
                let last = parts.pop().unwrap();
                parts.push(Graph::Many(Box::new(last)));
            }
        }
        Graph::Seq(parts)
    }

    fn part(&mut self, next: u8) -> Graph {
        match next {
            b'<' => Graph::Choice(self.alternatives()),
            b'[' => Graph::Opt(Box::new(Graph::Choice(self.alternatives()))),
            b'{' => Graph::Any(self.alternatives()),
            b'!' => {
                self.at += 1;
                match self.part(b'[') {
                    Graph::Opt(inner) => Graph::OptBehindNo(inner),
                    other => other,
                }
            }
            _ => self.word(),
        }
    }

    fn alternatives(&mut self) -> Vec<Graph> {
        let mut all = vec![];
        loop {
            self.at += 1;
            all.push(self.sequence());
            if self.peek() != Some(b'|') {
                self.at += 1;
                self.variable();
                return all;
            }
        }
    }

    /// FRR 7.5 prints the names of variables too.
    fn variable(&mut self) {
        if self.text.get(self.at) == Some(&b'$') {
            while self.text.get(self.at).is_some_and(|c| !b" |>]}".contains(c)) {
                self.at += 1;
            }
        }
    }

    fn word(&mut self) -> Graph {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|c| !b" |<>[]{}$!".contains(c))
            && !self.text[self.at..].starts_with(b"...")
        {
            self.at += 1;
        }
        let word = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        self.at += usize::from(self.at == start);
        self.variable();
        let bounds = |inner: &str| {
            let (least, most) =
                inner.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| inner.split_at(at))?;
            Some(Graph::Number(least.parse().ok()?, most[1..].parse().ok()?))
        };
        let number = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).and_then(bounds);
        number.unwrap_or(Graph::Word(word))
    }
}

/// Sentences of a command, every alternative of it in one at least; `negated` ones begin with `no`.
pub(crate) fn sentences(graph: &Graph, negated: bool) -> Vec<String> {
    let blank = |all: Vec<String>| all.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>();
    match graph {
        Graph::Word(word) => vec![sample(word).to_owned()],
        Graph::Number(least, most) => vec![least.to_string(), most.to_string()],
        Graph::Seq(parts) => {
            let parts: Vec<Vec<String>> = parts.iter().map(|part| sentences(part, negated)).collect();
            let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
            let sentence = |n: usize| {
                let words: Vec<&str> = parts
                    .iter()
                    .map(|part| part[n.min(part.len() - 1)].as_str())
                    .filter(|one| !one.is_empty())
                    .collect();
                words.join(" ")
            };
            (0..longest.max(1)).map(sentence).collect()
        }
        Graph::Choice(all) => all.iter().flat_map(|one| sentences(one, negated)).collect(),
        Graph::Opt(inner) => {
            let mut all = sentences(inner, negated);
            all.push(String::new());
            all
        }
        Graph::OptBehindNo(inner) => {
            let mut all = sentences(inner, negated);
            if negated {
                all.push(String::new());
            }
            all
        }
        Graph::Any(all) => {
            let each: Vec<Vec<String>> = all.iter().map(|one| blank(sentences(one, negated))).collect();
            let first = |one: &Vec<String>| one.first().cloned().unwrap_or_default();
            let together: Vec<String> = each.iter().rev().map(first).collect();
            each.iter().flatten().cloned().chain([together.join(" ")]).collect()
        }
        Graph::Many(inner) => {
            let all = sentences(inner, negated);
            let twice = format!("{} {}", all[0], all[all.len() - 1]);
            all.into_iter().chain([twice]).collect()
        }
    }
}

/// A word of a kind, or the keyword itself.
fn sample(word: &str) -> &str {
    match word {
        "A.B.C.D" => "10.1.2.3",
        "A.B.C.D/M" => "10.0.0.0/8",
        "X:X::X:X" => "2001:db8::1",
        "X:X::X:X/M" => "2001:db8::/32",
        "X:X:X:X:X:X" => "02:00:00:00:00:01",
        "X:X:X:X:X:X/M" => "02:00:00:00:00:01/48",
        "ASNUM" => "65001",
        _ if word.starts_with(|c: char| c.is_ascii_uppercase()) => "zz9",
        _ => word,
    }
}
