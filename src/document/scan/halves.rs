//! Validates a large text in two threads, each one half of it.
//!
//! What the middle of a text is part of is known only to those who have read all before it. So it is
//! guessed, and the second half is validated on that guess up to where the container around the middle
//! ends. Whoever has validated the first half finds the guess confirmed, or goes on alone. So what is
//! found, faults included, is what one thread would find.

use std::thread;

use simdutf8::basic::from_utf8;

use super::validate::{Fault, Valid, Validator};
use super::{DEPTH_LIMIT, Kind, Marks, byte, skip_blank, string_end, token_end};
use crate::dialect::Dialect;

/// From this size on, a second thread is worth its start.
const LARGE: usize = 1 << 22;

/// How much behind the middle is looked at for a comma of a large container.
const WINDOW: usize = 1 << 17;

/// The stack of the second thread, which does not recurse.
const STACK: usize = 1 << 18;

/// How deeply each half may be nested, so that together they are within the limit.
const DEPTH: usize = DEPTH_LIMIT / 2;

/// A comma, and the kind of the container that it is taken to be in.
#[derive(Clone, Copy, Debug)]
struct Middle {
    comma: usize,
    kind: Kind,
}

/// What follows the middle.
struct Half {
    /// Behind the container that the middle is in.
    end: usize,
    marks: Marks,
}

impl<'a> Validator<'a> {
    /// Validates a text, with a second thread if that is worth it and can be had.
    pub(super) fn document_in_halves(&mut self) -> Result<Valid, Fault> {
        // Large texts with comments are rare, and a middle in a comment would be guessed wrong.
        let middle = Middle::guess(self.text).filter(|_| self.dialect == Dialect::Json);
        let Some(middle) = middle else { return self.document() };
        let mut second = self.second_half(middle);
        thread::scope(|scope| {
            let builder = thread::Builder::new().stack_size(STACK);
            match builder.spawn_scoped(scope, || second.half(middle)) {
                Ok(second) => self.first_half(middle, || second.join().ok().flatten()),
                Err(_) => self.document(),
            }
        })
    }

    fn second_half(&self, middle: Middle) -> Validator<'a> {
        let open = vec![(middle.kind, middle.comma)];
        Validator {
            at: middle.comma,
            open,
            deepest: DEPTH,
            ..Validator::new(self.text, self.dialect)
        }
    }

    /// Validates from the middle to the end of the container that it is in.
    fn half(&mut self, middle: Middle) -> Option<Half> {
        from_utf8(&self.text[middle.comma..]).ok()?;
        self.go_on().ok()?;
        // No container starts at a comma but the one around the middle, whose start is not known here.
        Some(Half { end: self.at, marks: std::mem::take(&mut self.marks).without(middle.comma) })
    }

    fn first_half(
        &mut self,
        middle: Middle,
        second: impl FnOnce() -> Option<Half>,
    ) -> Result<Valid, Fault> {
        self.stop = Some(middle.comma);
        let start = self.begin();
        self.values()?;
        if self.stop == Some(self.at) && !self.open.is_empty() {
            self.stop = None;
            if let Some(half) = second() {
                self.join(middle, half);
            }
            self.go_on()?;
        }
        self.end(start)
    }

    /// Takes over what was found behind the middle, if it was guessed right.
    fn join(&mut self, middle: Middle, half: Half) {
        let is_shallow = self.open.len() <= DEPTH;
        let around = self.open.pop_if(|(kind, _)| *kind == middle.kind && is_shallow);
        if let Some((_, start)) = around {
            self.marks.append(half.marks);
            self.marks.add(start, half.end);
            self.at = half.end;
            self.unchecked = middle.comma;
        }
    }
}

impl Middle {
    /// The comma behind the middle of a large text that is in the outermost container there.
    fn guess(text: &[u8]) -> Option<Self> {
        let start = text.len() / 2;
        let window = text.get(start..start + WINDOW).filter(|_| text.len() >= LARGE)?;
        // No string has a line break in it. Where there is none, a key is looked for.
        let line = window.iter().position(|byte| *byte == b'\n');
        let at =
            line.or_else(|| window.windows(2).position(|pair| pair == b"\":").map(|at| at + 1));
        let comma = start + outermost_comma(window, at?)?;
        Some(Middle { comma, kind: kind_around(text, comma) })
    }
}

fn outermost_comma(window: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_isize;
    let mut outermost = None;
    let mut at = skip_blank(window, start);
    while at < window.len() {
        match window[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' if outermost.is_none_or(|(least, _)| depth < least) => {
                outermost = Some((depth, at));
            }
            _ => {}
        }
        at = skip_blank(window, token_end(window, at));
    }
    outermost.map(|(_, comma)| comma)
}

/// The kind of the container that has a comma at `comma`: after it comes a key, or not.
fn kind_around(text: &[u8], comma: usize) -> Kind {
    let next = skip_blank(text, comma + 1);
    let is_key =
        byte(text, next) == b'"' && byte(text, skip_blank(text, string_end(text, next))) == b':';
    if is_key { Kind::Object } else { Kind::Array }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::scan::differential::{careful, hurried, texts};

    /// What comes of a text whose middle is guessed to be there.
    fn halved(text: &[u8], middle: Middle) -> Result<Valid, Fault> {
        hurried(text, Dialect::Json, |validator| {
            let mut second = validator.second_half(middle);
            validator.first_half(middle, || second.half(middle))
        })
    }

    #[test]
    fn every_guess_of_the_middle_leads_to_the_same() {
        for text in texts() {
            let expected = careful(&text, Dialect::Json);
            for comma in (0..text.len()).filter(|at| text[*at] == b',' || at % 7 == 0) {
                for kind in [Kind::Object, Kind::Array] {
                    let found = halved(&text, Middle { comma, kind });
                    let text = String::from_utf8_lossy(&text);
                    assert_eq!(found, expected, "{kind:?} at {comma} of {text}");
                }
            }
        }
    }

    /// Otherwise the test above would show nothing.
    #[test]
    fn a_right_guess_spares_the_first_thread_the_second_half() {
        let text = br#"{"a":[1,2,{"b":null}],"c":"d"}"#;
        for (comma, kind, end) in
            [(7, Kind::Array, 21), (9, Kind::Array, 21), (21, Kind::Object, 30)]
        {
            let mut second =
                Validator::new(text, Dialect::Json).second_half(Middle { comma, kind });
            assert_eq!(second.half(Middle { comma, kind }).map(|half| half.end), Some(end));
        }
    }

    #[test]
    fn the_outermost_comma_behind_the_middle_is_guessed() {
        let record = format!("  {{\"a\": [1, 2],\n   \"b\": \"{}\"}}", "x, ".repeat(200));
        let pretty = format!("[\n{}\n]", vec![record; LARGE / 500].join(",\n"));
        let minified = pretty.replace('\n', "");
        for text in [pretty, minified] {
            let middle = Middle::guess(text.as_bytes()).unwrap();
            assert_eq!(middle.kind, Kind::Array);
            assert!(
                text[..middle.comma].ends_with("\"}") && text[middle.comma..].len() > LARGE / 3
            );
            assert_eq!(
                hurried(text.as_bytes(), Dialect::Json, Validator::document_in_halves),
                careful(text.as_bytes(), Dialect::Json)
            );
        }
    }

    #[test]
    fn halves_that_together_are_too_deep_are_refused() {
        let open = "[1,".repeat(DEPTH + 1);
        for (deep, is_valid) in [(DEPTH - 1, true), (DEPTH, false)] {
            let text =
                format!("{open}{}{}{}", "[".repeat(deep), "]".repeat(deep), "]".repeat(DEPTH + 1));
            let middle = Middle { comma: open.len() - 1, kind: Kind::Array };
            assert_eq!(halved(text.as_bytes(), middle).is_ok(), is_valid);
            assert_eq!(careful(text.as_bytes(), Dialect::Json).is_ok(), is_valid);
        }
    }
}
