//! After which container of the document a new value is laid out.

use super::scan::{self, Children, Kind, Text, byte};
use super::string;
use super::style::{Layout, Shape, Style};
use super::tree::Item;

/// How many neighbours are looked at on either side, and how many children of an example.
const NEAR: usize = 32;

/// A container of the base that is not empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example<'a> {
    base: Text<'a>,
    start: usize,
    /// The indentation of the line where it starts.
    indent: &'a [u8],
}

/// How a new container, and what is in it, is to be laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form<'a> {
    pub(super) layout: Layout<'a>,
    pub(super) example: Option<Example<'a>>,
}

impl<'a> Example<'a> {
    /// The value at `start`, if it can serve as an example.
    pub(super) fn at(base: Text<'a>, start: usize, indent: &'a [u8]) -> Option<Self> {
        scan::is_filled(base.bytes, start).then_some(Example { base, start, indent })
    }

    /// The form that it shows.
    pub(super) fn form(self, style: &Style<'a>) -> Option<Form<'a>> {
        let shape = Shape::of(self.base, self.start)?;
        let layout = style.measure(self.base.bytes, &shape, self.indent);
        Some(Form { layout, example: Some(self) })
    }

    fn kind(&self) -> Kind {
        Kind::of(self.base.bytes, self.start)
    }

    /// Its child with the same key, else with the same kind, else any.
    fn child(&self, key: Option<&[u8]>, kind: Kind) -> Option<Self> {
        let children = || Children::new(self.base, self.start).take(NEAR);
        let example = |child: scan::Child| {
            let indent = indent_of(self.base.bytes, child.start, self.indent);
            Example::at(self.base, child.value, indent)
        };
        let has_key = |child: &scan::Child| {
            let end = scan::string_end(self.base.bytes, child.start);
            key.is_some_and(|key| key == &*string::decode(&self.base.bytes[child.start..end]))
        };
        let namesake = children().find(has_key).and_then(example);
        namesake
            .filter(|namesake| namesake.kind() == kind)
            .or_else(|| nearest(children().filter_map(example), kind))
    }
}

impl<'a> Form<'a> {
    /// The form of a child of a new container that has this form.
    pub(super) fn of_child(&self, key: Option<&[u8]>, kind: Kind, style: &Style<'a>) -> Form<'a> {
        let example = self.example.and_then(|example| example.child(key, kind));
        match example.and_then(|example| example.form(style)) {
            // What stands on one line has no lines inside.
            Some(form) if form.layout.is_flat() || !self.layout.is_flat() => form,
            _ => Form { layout: self.layout, example: None },
        }
    }
}

/// The example for the child `index` among the `items` of a container of the base of kind `parent`:
/// the value that stood there, else the nearest neighbour of the same kind, else any.
pub(super) fn beside<'a>(
    base: Text<'a>,
    parent: Kind,
    items: &[Item],
    index: usize,
    kind: Kind,
    indent: &'a [u8],
) -> Option<Example<'a>> {
    let example = |index: usize| {
        let start = items.get(index)?.start()?;
        let value = scan::value_start(base.bytes, parent, start);
        Example::at(base, value, indent_of(base.bytes, start, indent))
    };
    let around = (1..=NEAR).flat_map(|by| [index.checked_sub(by), index.checked_add(by)]);
    example(index).or_else(|| nearest(around.flatten().filter_map(example), kind))
}

/// The indentation of the line that begins with the child at `start`, perhaps after a comma; else
/// that of its container.
pub(super) fn indent_of<'a>(base: &'a [u8], start: usize, container: &'a [u8]) -> &'a [u8] {
    let blanks = |end: usize| {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        end - base[..end].iter().rev().take_while(is_blank).count()
    };
    let begins_line = |at: usize| at == 0 || byte(base, at - 1) == b'\n';
    let (mut end, mut at) = (start, blanks(start));
    if !begins_line(at) && byte(base, at - 1) == b',' {
        end = at - 1;
        at = blanks(end);
    }
    if begins_line(at) { &base[at..end] } else { container }
}

/// The indentation of the line in which `at` is.
pub(super) fn line_indent(base: &[u8], at: usize) -> &[u8] {
    let line = base[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let blanks = base[line..at].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &base[line..line + blanks]
}

fn nearest<'a>(mut examples: impl Iterator<Item = Example<'a>>, kind: Kind) -> Option<Example<'a>> {
    let first = examples.next()?;
    if first.kind() == kind {
        return Some(first);
    }
    Some(examples.find(|example| example.kind() == kind).unwrap_or(first))
}
