//! Lexing: from the source of a filter to tokens, by jq's rules.

use super::{Fault, Parsed};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword, perhaps behind the name of a module.
    Word,
    /// `.name`
    Field,
    /// `$name`
    Variable,
    /// `@name`
    Format,
    Number,
    Symbol,
    /// The quote that begins a string.
    Open,
    /// A part of a string that has no escapes.
    Text,
    /// An escaped character.
    Char(char),
    /// What begins an interpolation, which ends with `)`.
    Hole,
    /// The quote that ends a string.
    Close,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
}

/// Those of several characters, of which none is the beginning of a later one.
const SYMBOLS: [&str; 14] =
    ["?//", "//=", "//", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", ".."];

/// What is open around a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Bracket(char),
    String,
}

struct Lexer<'s> {
    rest: &'s str,
    tokens: Vec<Token<'s>>,
    around: Vec<Around>,
}

pub(super) fn tokens(source: &str) -> Parsed<'_, Vec<Token<'_>>> {
    let mut lexer = Lexer { rest: source, tokens: Vec::new(), around: Vec::new() };
    loop {
        if lexer.around.last() == Some(&Around::String) {
            lexer.in_string()?;
        } else {
            lexer.skip_space();
            if lexer.rest.is_empty() {
                break;
            }
            lexer.token()?;
        }
    }
    let expected = match lexer.around.last() {
        None => return Ok(lexer.tokens),
        Some(Around::Bracket(']')) => "closing bracket",
        Some(Around::Bracket('}')) => "closing brace",
        Some(Around::Bracket(_)) => "closing parenthesis",
        Some(Around::String) => "closing quote",
    };
    Err(lexer.fault(0, format!("expected {expected}, found the end")))
}

impl<'s> Lexer<'s> {
    fn fault(&self, len: usize, what: impl Into<String>) -> Fault<'s> {
        Fault { part: &self.rest[..len], what: what.into() }
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let (text, rest) = self.rest.split_at(len);
        self.tokens.push(Token { kind, text });
        self.rest = rest;
    }

    fn skip_space(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
            if !self.rest.starts_with('#') {
                return;
            }
            self.skip_comment();
        }
    }

    /// A comment goes on behind a line that ends with an odd number of backslashes.
    fn skip_comment(&mut self) {
        loop {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = rest;
            let line = line.strip_suffix('\r').unwrap_or(line);
            let backslashes = line.len() - line.trim_end_matches('\\').len();
            if backslashes % 2 == 0 || rest.is_empty() {
                return;
            }
        }
    }

    fn token(&mut self) -> Parsed<'s, ()> {
        let mut chars = self.rest.chars();
        let Some(first) = chars.next() else { return Ok(()) };
        let behind = chars.as_str();
        match first {
            '"' => self.open_string(),
            '(' => self.open(')'),
            '[' => self.open(']'),
            '{' => self.open('}'),
            ')' | ']' | '}' => return self.close(first),
            '$' | '@' if is_name(behind) || first == '@' && behind.starts_with(is_part) => {
                let kind = if first == '$' { Kind::Variable } else { Kind::Format };
                let len = if first == '$' { path_len(behind) } else { part_len(behind) };
                self.push(kind, 1 + len);
            }
            '.' if is_name(behind) => self.push(Kind::Field, 1 + part_len(behind)),
            '.' if behind.starts_with(|c: char| c.is_ascii_digit()) => self.number(),
            '0'..='9' => self.number(),
            _ if is_name(self.rest) => self.push(Kind::Word, path_len(self.rest)),
            _ => return self.symbol(first),
        }
        Ok(())
    }

    fn open(&mut self, close: char) {
        self.around.push(Around::Bracket(close));
        self.push(Kind::Symbol, 1);
    }

    fn open_string(&mut self) {
        self.around.push(Around::String);
        self.push(Kind::Open, 1);
    }

    fn close(&mut self, found: char) -> Parsed<'s, ()> {
        if self.around.last() != Some(&Around::Bracket(found)) {
            return Err(self.fault(1, format!("unexpected `{found}`")));
        }
        self.around.pop();
        self.push(Kind::Symbol, 1);
        Ok(())
    }

    fn number(&mut self) {
        let digits =
            |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut len = digits(self.rest);
        if self.rest[len..].starts_with('.') {
            len += 1;
            len += digits(&self.rest[len..]);
        }
        if let Some(exponent) = self.rest[len..].strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits(unsigned) > 0 {
                len += 1 + exponent.len() - unsigned.len() + digits(unsigned);
            }
        }
        self.push(Kind::Number, len);
    }

    fn symbol(&mut self, first: char) -> Parsed<'s, ()> {
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest.starts_with(**symbol)) {
            self.push(Kind::Symbol, symbol.len());
            return Ok(());
        }
        if !".?=;,:|+-*/%<>".contains(first) {
            let what = match first {
                '$' | '@' => "expected identifier".into(),
                _ => format!("unexpected `{}`", first.escape_debug()),
            };
            return Err(self.fault(first.len_utf8(), what));
        }
        self.push(Kind::Symbol, 1);
        Ok(())
    }

    fn in_string(&mut self) -> Parsed<'s, ()> {
        let len = self.rest.find(['"', '\\']).unwrap_or(self.rest.len());
        if len > 0 {
            self.push(Kind::Text, len);
        }
        if self.rest.is_empty() {
            return Err(self.fault(0, "expected closing quote, found the end"));
        }
        if self.rest.starts_with('"') {
            self.around.pop();
            self.push(Kind::Close, 1);
        } else if self.rest.starts_with("\\(") {
            self.around.push(Around::Bracket(')'));
            self.push(Kind::Hole, 2);
        } else {
            self.escape()?;
        }
        Ok(())
    }

    fn escape(&mut self) -> Parsed<'s, ()> {
        let char = match self.rest[1..].chars().next() {
            Some(c @ ('\\' | '/' | '"')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.code_point(),
            other => {
                self.rest = &self.rest[1..];
                let len = other.map_or(0, char::len_utf8);
                return Err(self.fault(len, "expected string escape sequence"));
            }
        };
        self.push(Kind::Char(char), 2);
        Ok(())
    }

    /// `\u` and four digits, or two such that are a surrogate pair.
    fn code_point(&mut self) -> Parsed<'s, ()> {
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            u16::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)
        };
        let Some(first) = unit(self.rest) else {
            self.rest = &self.rest[2..];
            let what = "expected 4-digit hexadecimal UTF-8 code point";
            return Err(self.fault(0, what));
        };
        let second = self.rest.get(6..).and_then(unit);
        let (units, len) = match (first, second) {
            (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) => (vec![first, second], 12),
            (0xd800..0xdc00, _) => {
                return Err(self.fault(6, "half of a surrogate pair is no character"));
            }
            _ => (vec![first], 6),
        };
        // As in jq, the second half of a pair alone is the character for what is none.
        let char = char::decode_utf16(units).next().and_then(Result::ok);
        self.push(Kind::Char(char.unwrap_or(char::REPLACEMENT_CHARACTER)), len);
        Ok(())
    }
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// How long the letters, digits and underscores are that `text` begins with.
fn part_len(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_part).len()
}

/// How long the name is that `text` begins with, with the names of modules in front of it.
fn path_len(text: &str) -> usize {
    let mut len = part_len(text);
    while let Some(rest) = text[len..].strip_prefix("::").filter(|rest| is_name(rest)) {
        len += 2 + part_len(rest);
    }
    len
}
