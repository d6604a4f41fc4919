//! Values that stand elsewhere now.

use std::borrow::Cow;
use std::ops::Range;

use super::{Emitter, Form, Frame, Site};
use crate::dialect::Dialect;
use crate::document::example::{self, Example};
use crate::document::scan;
use crate::document::tree::{BASE, Value};

/// The container of the base into which a value has moved.
pub(super) struct Target {
    pub(super) place: Range<usize>,
    /// Whether there are no line breaks between its children.
    pub(super) is_flat: bool,
}

/// A value with comments in it that has changed and moved to where the indentation is another.
pub(super) struct Moved<'a> {
    value: Value,
    /// The indentation where it stood, and where it stands now.
    home: &'a [u8],
    indent: Cow<'a, [u8]>,
    form: Form<'a>,
}

/// The output from `start` on, which is still indented as it was.
pub(super) struct Written<'a> {
    start: usize,
    home: &'a [u8],
    indent: Cow<'a, [u8]>,
}

impl Target {
    /// One that is not there yet.
    pub(super) fn new_container() -> Self {
        Target { place: 0..0, is_flat: false }
    }
}

impl<'a> Emitter<'a> {
    /// Whether a value stands in the base and has comments in it.
    pub(super) fn brings_comments(&self, value: Value) -> bool {
        self.dialect == Dialect::Jsonc
            && value.place.source == BASE
            && scan::has_comment(self.tree.text(value))
    }

    /// Writes a value of the base that now stands elsewhere in it, or gives the frame in which to do so.
    /// Its text stays, but for the indentation, and for lines where there are none.
    pub(super) fn moved(
        &mut self,
        value: Value,
        indent: Cow<'a, [u8]>,
        target: &Target,
        form: impl FnOnce(&Self) -> Form<'a>,
    ) -> Option<Frame<'a>> {
        let (tree, base) = (self.tree, self.base);
        let (text, start) = (tree.text(value), value.place.start);
        let has_lines = text.contains(&b'\n');
        if has_lines && target.is_flat && !target.place.contains(&start) && !self.has_comment(text)
        {
            return self.new_value(value, |emitter| Site { form: form(emitter), indent, depth: 0 });
        }
        let home = if has_lines { example::line_indent(base, start) } else { b"" };
        match (tree.opened(value), !has_lines || *home == *indent) {
            (Some(_), true) => {
                let indent = match indent {
                    Cow::Borrowed(indent) => indent,
                    Cow::Owned(_) => example::line_indent(base, start),
                };
                return self.value(value, indent, form);
            }
            (Some(_), false) => {}
            (None, true) => {
                self.output.keep(start..start + text.len());
                return None;
            }
            (None, false) => {
                self.indent_anew(text, home, &indent);
                return None;
            }
        }
        let own = Example::at(tree.source(BASE), start, home);
        let own = own.and_then(|own| own.form(&self.style));
        let form = own.unwrap_or_else(|| form(self));
        if self.has_comment(text) {
            return Some(Frame::Moved(Box::new(Moved { value, home, indent, form })));
        }
        self.new_value(value, |_| Site { form, indent, depth: 0 })
    }

    /// Writes a value as if it stood where it did, to be indented anew when that is done.
    pub(super) fn at_home(&mut self, moved: Moved<'a>) {
        let Moved { value, home, indent, form } = moved;
        let start = self.output.end();
        self.open.push(Frame::Written(Written { start, home, indent }));
        let child = self.value(value, home, |_| form);
        self.open.extend(child);
    }

    /// Indents what was written since as its new place demands.
    pub(super) fn move_written(&mut self, Written { start, home, indent }: Written<'a>) {
        let text = self.output.take(start);
        self.indent_anew(&text, home, &indent);
    }

    /// Copies a text of the base with `indent` in place of the indentation `home`.
    fn indent_anew(&mut self, text: &[u8], home: &[u8], indent: &[u8]) {
        for (number, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
            match line.strip_prefix(home) {
                Some(rest) if number > 0 && !scan::is_blank(rest) => {
                    self.copy(indent);
                    self.copy(rest);
                }
                _ => self.copy(line),
            }
        }
    }

    fn has_comment(&self, text: &[u8]) -> bool {
        self.dialect == Dialect::Jsonc && scan::has_comment(text)
    }
}
