//! A second, plain reader of JSONC, which finds out line by line whose a comment is. It is told only texts that
//! are known to be JSONC.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::printer::Step;

/// What is written around and in a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The comments of the child, also those between key and value.
    pub own: Vec<String>,
    /// In a container, the comments of nobody.
    pub free: Vec<String>,
    pub has_last_comma: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub facts: BTreeMap<Vec<Step>, Facts>,
    /// Before and behind the value.
    pub outside: Vec<String>,
    /// All of them, in order.
    pub comments: Vec<String>,
}

struct Comment {
    text: String,
    /// The number of its line, not counting those that end in comments.
    line: usize,
}

/// A child, or a bracket.
struct Thing {
    path: Option<Vec<Step>>,
    first_line: usize,
    last_line: usize,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    reading: Reading,
    /// The lines that end a run of leading comments when one goes up: there is something else on them, or a
    /// comment that was JSON. A comma is nothing.
    barriers: BTreeSet<usize>,
    /// The lines that have a comment.
    commented: BTreeSet<usize>,
}

pub fn read(text: &str) -> Reading {
    let mut reader = Reader {
        text,
        at: 0,
        line: 0,
        reading: Reading::default(),
        barriers: BTreeSet::new(),
        commented: BTreeSet::new(),
    };
    let before = reader.gap();
    reader.value(&[]);
    let behind = reader.gap();
    assert_eq!(reader.at, text.len(), "{text}");
    reader.reading.outside = before.into_iter().chain(behind).map(|comment| comment.text).collect();
    reader.reading
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next_is(&self, start: &str) -> bool {
        self.rest().starts_with(start)
    }

    /// Passes over white space and comments.
    fn gap(&mut self) -> Vec<Comment> {
        let mut comments = Vec::new();
        loop {
            let blank = self.rest().len() - self.rest().trim_start().len();
            self.line += self.rest()[..blank].matches('\n').count();
            self.at += blank;
            let length = match self.rest() {
                rest if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                rest if rest.starts_with("/*") => rest.find("*/").unwrap() + 2,
                _ => return comments,
            };
            let text = self.rest()[..length].trim_end().to_owned();
            if text[2..].trim_start().starts_with(['"', '{', '}', '[', ']']) {
                self.barriers.insert(self.line);
            }
            self.commented.insert(self.line);
            self.reading.comments.push(text.clone());
            comments.push(Comment { text, line: self.line });
            self.at += length;
        }
    }

    fn token(&mut self) -> &str {
        let start = self.at;
        let rest = self.rest();
        let length = match rest.strip_prefix('"') {
            Some(inner) => {
                let mut is_escaped = false;
                let closes = |letter: char| {
                    let closes = letter == '"' && !is_escaped;
                    is_escaped = letter == '\\' && !is_escaped;
                    closes
                };
                inner.find(closes).unwrap() + 2
            }
            None => {
                rest.find([',', ':', ']', '}', '/', ' ', '\n', '\r', '\t']).unwrap_or(rest.len())
            }
        };
        self.barriers.insert(self.line);
        self.at += length;
        &self.text[start..self.at]
    }

    fn mark(&mut self) {
        self.barriers.insert(self.line);
        self.at += 1;
    }

    fn value(&mut self, path: &[Step]) {
        let facts = Facts::default();
        self.reading.facts.entry(path.to_vec()).or_insert(facts);
        match self.rest().as_bytes()[0] {
            b'{' => self.container(path, '}'),
            b'[' => self.container(path, ']'),
            _ => _ = self.token(),
        }
    }

    fn container(&mut self, path: &[Step], close: char) {
        let mut last = Thing { path: None, first_line: self.line, last_line: self.line };
        self.mark();
        let mut index = 0;
        loop {
            let before_comma = self.gap();
            let has_comma = self.next_is(",");
            self.at += usize::from(has_comma);
            let behind_comma = self.gap();
            let first_line = self.line;
            let is_end = self.rest().starts_with(close);
            let (next, inner) = if is_end {
                self.facts(path).has_last_comma = has_comma;
                (None, Vec::new())
            } else {
                let (child, inner) = self.start_child(path, close, index);
                (Some(child), inner)
            };
            for (comment, is_behind) in before_comma
                .into_iter()
                .map(|comment| (comment, false))
                .chain(behind_comma.into_iter().map(|comment| (comment, has_comma)))
            {
                let owner = self.owner(&comment, is_behind, &last, next.as_ref(), first_line);
                match owner {
                    Some(owner) => self.facts(&owner).own.push(comment.text),
                    None => self.facts(path).free.push(comment.text),
                }
            }
            let Some(child) = next else { break };
            self.facts(&child).own.extend(inner);
            self.value(&child);
            last = Thing { path: Some(child), first_line, last_line: self.line };
            index += 1;
        }
        self.mark();
    }

    /// Reads the key, if there is one, and the comments up to the value.
    fn start_child(
        &mut self,
        path: &[Step],
        close: char,
        index: usize,
    ) -> (Vec<Step>, Vec<String>) {
        let mut child = path.to_vec();
        if close == ']' {
            child.push(Step::Index(index));
            return (child, Vec::new());
        }
        let key = serde_json::from_str(self.token()).unwrap();
        child.push(Step::Key(key));
        let mut inner = self.gap();
        self.mark();
        inner.extend(self.gap());
        (child, inner.into_iter().map(|comment| comment.text).collect())
    }

    fn facts(&mut self, path: &[Step]) -> &mut Facts {
        self.reading.facts.entry(path.to_vec()).or_default()
    }

    fn owner(
        &self,
        comment: &Comment,
        is_behind_comma: bool,
        last: &Thing,
        next: Option<&Vec<Step>>,
        next_line: usize,
    ) -> Option<Vec<Step>> {
        if comment.line == last.last_line {
            return match (&last.path, next) {
                (Some(last), _) if next_line != comment.line || !is_behind_comma => {
                    Some(last.clone())
                }
                _ if next_line == comment.line => next.cloned(),
                _ => None,
            };
        }
        let next = next?;
        let _ = last.first_line;
        let is_one = |line: usize| self.commented.contains(&line) && !self.barriers.contains(&line);
        let leads = comment.line == next_line || (comment.line..next_line).all(is_one);
        leads.then(|| next.clone())
    }
}
