//! A second, plain reader of JSON text, which knows where everything stands. It is told only texts
//! that are known to be JSON.

use std::ops::Range;

/// A value in a text.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    pub text: &'t str,
    /// Where it stands, with its key if it is a member.
    pub item: Range<usize>,
    pub value: Range<usize>,
    /// The UTF-16 units of its key, which know lone surrogates, if it is a member.
    pub key: Option<Vec<u16>>,
    pub children: Vec<Node<'t>>,
}

impl<'t> Node<'t> {
    /// The only value of a text that is JSON.
    pub fn of(text: &'t str) -> Self {
        Reader { text, at: 0 }.item(false)
    }

    pub fn is_object(&self) -> bool {
        self.text.starts_with('{')
    }

    pub fn is_container(&self) -> bool {
        self.text.starts_with(['{', '['])
    }

    /// How many members have the key of this child.
    pub fn count_of(&self, child: &Node<'_>) -> usize {
        self.children.iter().filter(|other| child.key.is_some() && other.key == child.key).count()
    }

    /// Whether an object in it has a key twice.
    pub fn has_duplicates(&self) -> bool {
        self.children.iter().any(|child| self.count_of(child) > 1 || child.has_duplicates())
    }

    /// Whether it is the same value, numbers spelled the same.
    pub fn equals(&self, other: &Node<'_>) -> bool {
        let (mine, theirs) = (&self.children, &other.children);
        match (self.text.as_bytes()[0], other.text.as_bytes()[0]) {
            (b'{', b'{') => {
                mine.len() == theirs.len()
                    && mine.iter().all(|mine| {
                        theirs.iter().any(|theirs| theirs.key == mine.key && mine.equals(theirs))
                    })
            }
            (b'[', b'[') => {
                mine.len() == theirs.len()
                    && mine.iter().zip(theirs).all(|(mine, theirs)| mine.equals(theirs))
            }
            (b'"', b'"') => units(self.text) == units(other.text),
            _ => self.text == other.text,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn item(&mut self, is_member: bool) -> Node<'t> {
        let start = self.peek().0;
        let key = is_member.then(|| {
            let key = self.token();
            self.peek();
            self.at += 1;
            units(key)
        });
        let (value, first) = self.peek();
        let mut children = Vec::new();
        if let b'{' | b'[' = first {
            self.at += 1;
            while !matches!(self.peek().1, b'}' | b']') {
                children.push(self.item(first == b'{'));
                self.at += usize::from(self.peek().1 == b',');
            }
            self.at += 1;
        } else {
            self.token();
        }
        let text = &self.text[value..self.at];
        Node { text, item: start..self.at, value: value..self.at, key, children }
    }

    /// Skips white space and says where it ends, and what is there.
    fn peek(&mut self) -> (usize, u8) {
        let is_blank =
            |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF);
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| is_blank(byte)).count();
        (self.at, self.text.as_bytes()[self.at])
    }

    /// A string, number or word.
    fn token(&mut self) -> &'t str {
        let (start, first) = self.peek();
        let mut bytes = self.text[start..].bytes();
        let mut length = 0;
        while let Some(byte) = bytes.next() {
            match (first, byte) {
                (b'"', b'\\') => length += usize::from(bytes.next().is_some()),
                (b'"', b'"') if length > 0 => {
                    length += 1;
                    break;
                }
                (b'"', _) => {}
                (_, b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n') => break,
                _ => {}
            }
            length += 1;
        }
        self.at = start + length;
        &self.text[start..self.at]
    }
}

/// The UTF-16 units that a JSON string stands for.
pub fn units(string: &str) -> Vec<u16> {
    let mut letters = string[1..string.len() - 1].chars();
    let mut units = Vec::new();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => match letters.next().unwrap() {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits: String = letters.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).unwrap());
                    continue;
                }
                other => other,
            },
            other => other,
        };
        units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    units
}
