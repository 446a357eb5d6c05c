//! The words and marks of Graphviz' language (`lib/cgraph/scan.l`).

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a number, or a text in quotation marks or angle brackets.
    Name,
    /// `--` or `->`.
    Edge,
    Open,
    Close,
    Bracket,
    BracketEnd,
    Semicolon,
    Comma,
    Colon,
    Equals,
    /// A quotation mark, or a comment, that nothing ends.
    Unended,
    /// Any other character.
    Other,
    /// The end of the file.
    End,
}

/// A word or a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    /// What stands there, of a text in quotation marks what is within.
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
}

impl Token<'_> {
    /// Whether it is that word of the language, which no text in quotation marks is.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Name && self.end - self.start == word.len() && self.text.eq_ignore_ascii_case(word)
    }

    /// Where it stands.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

/// Takes a text to pieces. Each byte is looked at a bounded number of times.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// Whether an angle bracket was found that nothing ends; then none is.
    has_open_angle: bool,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, has_open_angle: false }
    }

    /// The next token; behind the last one always [`Kind::End`].
    pub(super) fn take(&mut self) -> Token<'t> {
        if let Err(unended) = self.pass_blanks() {
            return unended;
        }
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return self.token(Kind::End, 0) };
        let kind = match first {
            '{' => Kind::Open,
            '}' => Kind::Close,
            '[' => Kind::Bracket,
            ']' => Kind::BracketEnd,
            ';' => Kind::Semicolon,
            ',' => Kind::Comma,
            ':' => Kind::Colon,
            '=' => Kind::Equals,
            '-' if rest.starts_with("--") || rest.starts_with("->") => return self.token(Kind::Edge, 2),
            '"' => return self.quoted(),
            '<' if !self.has_open_angle => return self.angled(),
            c if is_part(c) => return self.word(),
            c => return self.token(Kind::Other, c.len_utf8()),
        };
        self.token(kind, 1)
    }

    /// The last line with content, without blanks around it.
    pub(super) fn last_content(&self) -> (usize, usize) {
        let text = self.text.trim_end();
        let line = text.rfind('\n').map_or(0, |end| end + 1);
        (line + text[line..].len() - text[line..].trim_start().len(), text.len())
    }

    fn token(&mut self, kind: Kind, length: usize) -> Token<'t> {
        let (start, end) = (self.at, self.at + length);
        self.at = end;
        Token { kind, text: &self.text[start..end], start, end }
    }

    /// Passes over blanks and comments.
    fn pass_blanks(&mut self) -> Result<(), Token<'t>> {
        loop {
            let rest = &self.text[self.at..];
            let left = rest.trim_start();
            self.at += rest.len() - left.len();
            let begins_line = self.text[..self.at].trim_end_matches([' ', '\t']).ends_with('\n');
            if left.starts_with("//") || left.starts_with('#') && (self.at == 0 || begins_line) {
                self.at += left.find('\n').unwrap_or(left.len());
            } else if let Some(within) = left.strip_prefix("/*") {
                match within.find("*/") {
                    Some(end) => self.at += end + 4,
                    None => {
                        let unended = self.token(Kind::Unended, 2);
                        self.at = self.text.len();
                        return Err(unended);
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    fn quoted(&mut self) -> Token<'t> {
        let within = &self.text[self.at + 1..];
        let mut is_escaped = false;
        let end = within.bytes().position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        });
        match end {
            Some(length) => {
                let token = self.token(Kind::Name, length + 2);
                Token { text: &within[..length], ..token }
            }
            None => {
                // Nothing behind it is known to be anything.
                let token = self.token(Kind::Unended, within.find('\n').unwrap_or(within.len()) + 1);
                self.at = self.text.len();
                token
            }
        }
    }

    /// `<<b>text</b>>`, which stands for a name and mostly is an attribute.
    fn angled(&mut self) -> Token<'t> {
        let mut depth = 0_usize;
        for (at, byte) in self.text[self.at..].bytes().enumerate() {
            match byte {
                b'<' => depth += 1,
                b'>' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.token(Kind::Name, at + 1);
            }
        }
        self.has_open_angle = true;
        self.token(Kind::Other, 1)
    }

    /// A word. Graphviz has no hyphens in one, but nothing else can be meant by `leaf-1`.
    fn word(&mut self) -> Token<'t> {
        let rest = &self.text[self.at..];
        let ends = |(at, c): (usize, char)| {
            let is_edge = c == '-' && (rest[at..].starts_with("--") || rest[at..].starts_with("->"));
            (!is_part(c) || is_edge).then_some(at)
        };
        let length = rest.char_indices().find_map(ends).unwrap_or(rest.len());
        self.token(Kind::Name, length)
    }
}

/// Whether a word may have that character.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/')
}
