//! Changed containers of JSONC.

use std::borrow::Cow;
use std::ops::Range;
use std::vec;

use super::moved::Target;
use super::space;
use super::weave::{self, Fate, Part};
use super::{Emitter, Form, Frame, Site, Splice};
use crate::dialect::Dialect;
use crate::document::example;
use crate::document::scan::{self, Children, Kind};
use crate::document::style::last_line;
use crate::document::tree::{BASE, Item, Opened, Value};

/// A container of the base that is being written with its changes and comments.
pub(super) struct Woven<'a> {
    kind: Kind,
    start: usize,
    opened: &'a Opened,
    /// The indentation of the line where it starts, and that of a new child.
    indent: &'a [u8],
    inner: Cow<'a, [u8]>,
    /// The form of a new container in it, if it has no children to learn that from.
    form: Option<Form<'a>>,
    parts: vec::IntoIter<Part<'a>>,
}

impl<'a> Emitter<'a> {
    /// Whether an opened container of the base may have comments or a trailing comma.
    pub(super) fn is_woven(&self, value: Value, opened: &Opened) -> bool {
        let inside = || &self.base[value.place.start + 1..opened.end - 1];
        self.dialect == Dialect::Jsonc && (opened.origin.is_some() || !scan::is_blank(inside()))
    }

    /// Decides how to write a container. `form` is that of its new children if it has had none.
    pub(super) fn weave(
        &self,
        value: Value,
        opened: &'a Opened,
        indent: &'a [u8],
        form: Option<Form<'a>>,
    ) -> Woven<'a> {
        let (kind, start) = (self.tree.kind(value), value.place.start);
        let mut woven = Woven {
            kind,
            start,
            opened,
            indent,
            inner: Cow::Borrowed(indent),
            form,
            parts: Vec::new().into_iter(),
        };
        let usual = self.gap_beside_comma(&woven);
        let line = |more: &[u8]| [self.style.newline, indent, more].concat();
        let inner: Option<Cow<'a, [u8]>> = match &usual.1 {
            Cow::Borrowed(after) => last_line(after).or(last_line(usual.0)).map(Cow::Borrowed),
            Cow::Owned(after) => last_line(after).map(|line| line.to_vec().into()),
        };
        let frame = space::Frame {
            base: self.base,
            place: start..opened.end,
            children: Children::new(self.tree.source(BASE), start).collect(),
            outer_line: line(b""),
            inner_line: match &inner {
                Some(inner) => [self.style.newline, inner.as_ref()].concat(),
                None => line(self.style.unit),
            },
            usual,
        };
        let fates = self.fates(&opened.items, &frame);
        woven.parts = weave::weave(&frame, &fates).into_iter();
        woven.inner = inner.unwrap_or(woven.inner);
        woven
    }

    fn fates(&self, items: &[Item], frame: &space::Frame<'_>) -> Vec<Fate> {
        let old = |item: &Item| {
            let start = item.start()?;
            frame.children.binary_search_by_key(&start, |child| child.start).ok()
        };
        let mut is_taken = vec![false; frame.children.len()];
        items.iter().filter_map(old).for_each(|old| is_taken[old] = true);
        let mut fates = Vec::with_capacity(items.len());
        for item in items {
            fates.push(match old(item) {
                Some(old) if self.is_untouched(item) => Fate::Kept(old),
                Some(old) => Fate::Changed(old),
                None => match self.renamed(item, frame).filter(|old| !is_taken[*old]) {
                    Some(old) => {
                        is_taken[old] = true;
                        Fate::Renamed(old)
                    }
                    None => Fate::New,
                },
            });
        }
        fates
    }

    /// The member of the base whose value came to stand at `item`, under another key.
    fn renamed(&self, item: &Item, frame: &space::Frame<'_>) -> Option<usize> {
        let node = self.tree.node(item.node?);
        node.key.filter(|_| node.place.source == BASE)?;
        frame.children.binary_search_by_key(&node.place.start, |child| child.value).ok()
    }

    /// The white space on either side of a new comma.
    fn gap_beside_comma(&self, woven: &Woven<'a>) -> (&'a [u8], Cow<'a, [u8]>) {
        let inside = &self.base[woven.start + 1..woven.opened.end - 1];
        let line = || [self.style.newline, woven.indent, self.style.unit].concat();
        let Some(splice) = woven.splice() else {
            let has_lines = inside.contains(&b'\n');
            return (b"", if has_lines { line().into() } else { self.style.space.into() });
        };
        let tail = &self.base[splice.origin.tail..woven.opened.end - 1];
        // A line break behind a comment there does not mean that commas begin lines.
        let is_comment_line = splice.origin.last_gap.is_none() && !scan::is_blank(tail);
        match self.usual_gap(&splice) {
            (before, _) if is_comment_line && before.contains(&b'\n') => (b"", line().into()),
            (before, after) => (before, after.into()),
        }
    }

    /// Writes the parts up to the next value that is a container being written.
    pub(super) fn woven(&mut self, mut woven: Box<Woven<'a>>) {
        while let Some(part) = woven.parts.next() {
            let child = match part {
                Part::Base(range) => {
                    self.output.keep(range);
                    None
                }
                Part::Text(text) => {
                    self.copy(&text);
                    None
                }
                Part::Value(index) => self.woven_value(&woven, index),
                Part::New(index) => self.woven_new(&woven, index, None),
                Part::Renamed(index, colon) => self.woven_new(&woven, index, Some(colon)),
            };
            if let Some(child) = child {
                self.open.push(Frame::Woven(woven));
                return self.open.push(child);
            }
        }
    }

    fn woven_value(&mut self, woven: &Woven<'a>, index: usize) -> Option<Frame<'a>> {
        let item = &woven.opened.items[index];
        let member = self.tree.member(BASE, woven.kind, item);
        let start = item.start().unwrap_or(woven.start);
        let indent = example::indent_of(self.base, start, woven.indent);
        let kind = self.tree.kind(member.value);
        self.value(member.value, indent, |emitter| emitter.woven_form(woven, index, kind))
    }

    fn woven_new(
        &mut self,
        woven: &Woven<'a>,
        index: usize,
        colon: Option<Range<usize>>,
    ) -> Option<Frame<'a>> {
        let member = self.tree.member(BASE, woven.kind, &woven.opened.items[index]);
        let colon = match (colon, &woven.opened.origin) {
            (Some(colon), _) => &self.base[colon],
            (None, Some(origin)) => self.style.colon_after(self.base, origin.last),
            (None, None) => self.style.colon,
        };
        self.key(&member, colon);
        let (kind, indent) = (self.tree.kind(member.value), woven.inner.clone());
        let form = |emitter: &Self| emitter.woven_form(woven, index, kind);
        if member.value.place.source == BASE {
            let is_flat = woven.splice().is_some_and(|splice| self.is_flat(&splice));
            let target = Target { place: woven.start..woven.opened.end, is_flat };
            return self.moved(member.value, indent, &target, form);
        }
        self.new_value(member.value, |emitter| Site { form: form(emitter), indent, depth: 0 })
    }

    fn woven_form(&self, woven: &Woven<'a>, index: usize, kind: Kind) -> Form<'a> {
        match (woven.form, woven.splice()) {
            (Some(form), _) => form,
            (None, Some(splice)) => self.form(&splice, index, kind),
            (None, None) => Form { layout: self.style.many_lines(), example: None },
        }
    }
}

impl<'a> Woven<'a> {
    /// The container as one without comments, if it has children.
    fn splice(&self) -> Option<Splice<'a>> {
        let Woven { kind, start, opened, indent, .. } = *self;
        let origin = opened.origin.as_ref()?;
        Some(Splice { kind, start, opened, origin, indent, next: 0, kept_end: None })
    }
}
