//! Which comment belongs to what.
//!
//! A comment that begins on the line on which a child ends is the child's, and so are those on the lines
//! directly above a child, up to a blank line, to anything else but a comma, or to one that holds JSON. Where the
//! next child stands on the same line, the comma divides. Others belong to nobody.

use std::ops::Range;

use super::scan::{byte, comment_end, is_line_comment, skip_white};

/// What stands at an end of a gap.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edge {
    Bracket(usize),
    Child(usize),
}

/// The comments between two children, or between a child and a bracket, and the comma.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Those of the child before it.
    pub(super) trailing: Vec<Range<usize>>,
    /// Those of nobody.
    pub(super) free: Vec<Range<usize>>,
    /// How many of these stand on the line of the opening bracket.
    pub(super) on_bracket_line: usize,
    /// Those of the child behind it.
    pub(super) leading: Vec<Range<usize>>,
    pub(super) comma: Option<usize>,
}

/// A comment in a gap.
struct Comment {
    range: Range<usize>,
    /// How many line breaks stand between it and what is before it, the comma aside.
    lines: usize,
}

/// What is written in a gap.
#[derive(Default)]
struct Content {
    comments: Vec<Comment>,
    comma: Option<usize>,
    /// How many line breaks come last.
    last_lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Before,
    Nobody,
    Behind,
}

impl Edge {
    fn place(self) -> usize {
        match self {
            Edge::Bracket(place) | Edge::Child(place) => place,
        }
    }
}

impl Gap {
    /// What stands between the end of `before` and the start of `behind`.
    pub(super) fn between(text: &[u8], before: Edge, behind: Edge) -> Self {
        let Content { comments, comma, last_lines } =
            Content::between(text, before.place(), behind.place());
        let first_line = comments.iter().take_while(|comment| comment.lines == 0).count();
        let is_one_line = first_line == comments.len() && last_lines == 0;
        let leading = match behind {
            Edge::Child(_) if !is_one_line => leading(text, &comments, first_line, last_lines),
            _ => comments.len(),
        };
        let mut gap = Gap { comma, ..Gap::default() };
        for (index, Comment { range, .. }) in comments.into_iter().enumerate() {
            let is_behind_comma = comma.is_some_and(|comma| comma < range.start);
            let owner = match (before, behind) {
                _ if index >= leading => Owner::Behind,
                _ if index >= first_line => Owner::Nobody,
                (Edge::Bracket(_), Edge::Child(_)) if is_one_line => Owner::Behind,
                (Edge::Bracket(_), _) => Owner::Nobody,
                (_, Edge::Child(_)) if is_one_line && is_behind_comma => Owner::Behind,
                (_, Edge::Bracket(_)) if is_one_line && is_behind_comma => Owner::Nobody,
                _ => Owner::Before,
            };
            let is_on_bracket_line = matches!(before, Edge::Bracket(_)) && index < first_line;
            gap.on_bracket_line += usize::from(owner == Owner::Nobody && is_on_bracket_line);
            gap.add(owner, range);
        }
        gap
    }

    fn add(&mut self, owner: Owner, comment: Range<usize>) {
        match owner {
            Owner::Before => self.trailing.push(comment),
            Owner::Nobody => self.free.push(comment),
            Owner::Behind => self.leading.push(comment),
        }
    }
}

impl Content {
    fn between(text: &[u8], from: usize, to: usize) -> Self {
        let mut content = Content::default();
        let mut at = from;
        loop {
            let start = skip_white(text, at).min(to);
            content.last_lines += text[at..start].iter().filter(|&&byte| byte == b'\n').count();
            if start == to {
                return content;
            }
            if byte(text, start) == b',' {
                content.comma = Some(start);
                at = start + 1;
            } else {
                let range = comment(text, start);
                at = range.end.max(start + 1);
                let lines = std::mem::take(&mut content.last_lines);
                content.comments.push(Comment { range, lines });
            }
        }
    }
}

/// The comment at `start`, without white space at its end.
fn comment(text: &[u8], start: usize) -> Range<usize> {
    let end = comment_end(text, start).unwrap_or(text.len());
    if !is_line_comment(text, start) {
        return start..end;
    }
    start..start + text[start..end].trim_ascii_end().len()
}

/// The first of the comments that belong to the child behind them, beyond those on the first line. `lines` is
/// how many line breaks come behind the last.
fn leading(text: &[u8], comments: &[Comment], first_line: usize, mut lines: usize) -> usize {
    let mut first = comments.len();
    while first > first_line && lines < 2 {
        let rest = &comments[first_line..first];
        let begins_line = |comment: &Comment| comment.lines > 0;
        let line = first_line + rest.iter().rposition(begins_line).unwrap_or_default();
        let is_own_line = lines == 1;
        if is_own_line && comments[line..first].iter().any(|comment| comment.holds_json(text)) {
            break;
        }
        lines = comments[line].lines;
        first = line;
    }
    first
}

impl Comment {
    /// Whether it is a comment that was JSON once.
    fn holds_json(&self, text: &[u8]) -> bool {
        let content = text.get(self.range.start + 2..self.range.end).unwrap_or_default();
        matches!(content.trim_ascii_start().first(), Some(b'"' | b'{' | b'}' | b'[' | b']'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of the text between the first two of the bytes `[`, `]` and digits belongs to whom.
    fn owners(text: &str) -> [Vec<&str>; 3] {
        let bytes = text.as_bytes();
        let edge = |place, end| match bytes[place] {
            b'[' | b']' => Edge::Bracket(end),
            _ => Edge::Child(end),
        };
        let last = text.len() - 1;
        let gap = Gap::between(bytes, edge(0, 1), edge(last, last));
        [gap.trailing, gap.free, gap.leading]
            .map(|list| list.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn comments_belong_to_what_they_stand_beside() {
        for (text, trailing, free, leading) in [
            ("1, 2", vec![], vec![], vec![]),
            ("1 /*a*/, /*b*/ 2", vec!["/*a*/"], vec![], vec!["/*b*/"]),
            ("1 /*a*/, // b\n /*c*/ 2", vec!["/*a*/", "// b"], vec![], vec!["/*c*/"]),
            ("1,\n// a\n/*b*/ // c\n2", vec![], vec![], vec!["// a", "/*b*/", "// c"]),
            ("1,\n// a\n\n// b\r\n2", vec![], vec!["// a"], vec!["// b"]),
            ("1,\n// a\n// \"x\": 1,\n// b\n2", vec![], vec!["// a", "// \"x\": 1,"], vec!["// b"]),
            ("1,\n/* ] */ 2", vec![], vec![], vec!["/* ] */"]),
            ("1 // a\n, 2", vec!["// a"], vec![], vec![]),
            ("1\n// a\n, /*b*/ 2", vec![], vec![], vec!["// a", "/*b*/"]),
            ("1\n// a\n, // b\n2", vec![], vec![], vec!["// a", "// b"]),
            ("1\n// a\n,\n2", vec![], vec!["// a"], vec![]),
            ("1, /* a\n */ 2", vec![], vec![], vec!["/* a\n */"]),
            ("1, /* a\n */\n2", vec!["/* a\n */"], vec![], vec![]),
            ("[ /*a*/ 1", vec![], vec![], vec!["/*a*/"]),
            ("[ // a\n// b\n1", vec![], vec!["// a"], vec!["// b"]),
            ("[\n// a\n\n// b\n1", vec![], vec!["// a"], vec!["// b"]),
            ("1 /*a*/ ]", vec!["/*a*/"], vec![], vec![]),
            ("1, /*a*/ ]", vec![], vec!["/*a*/"], vec![]),
            ("1, /*a*/\n]", vec!["/*a*/"], vec![], vec![]),
            ("1, // a\n// b\n]", vec!["// a"], vec!["// b"], vec![]),
            ("[ // a\n// b\n]", vec![], vec!["// a", "// b"], vec![]),
        ] {
            assert_eq!(owners(text), [trailing, free, leading], "{text}");
        }
    }
}
