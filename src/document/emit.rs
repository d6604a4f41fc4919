//! From the tree back to text: what was not touched is copied, what is new takes the form of its
//! surroundings.

mod moved;
mod space;
mod weave;
mod woven;

use std::borrow::Cow;

use super::example::{self, Example, Form};
use super::output::Output;
use super::scan::{self, Kind, last_blank};
use super::style::{Gap, Shape, Style, collapse, last_line};
use super::tree::{BASE, Item, Member, Members, Opened, Origin, Tree, Value};
use crate::dialect::Dialect;
use moved::{Moved, Target, Written};
use woven::Woven;

/// How deeply new values are broken into lines; below, they are written on one, because indentation
/// would soon be most of the text.
const DEEPEST_LINES: usize = 200;

/// Adds the text of the root of `tree`, which in the base stood at `start`, to `output`. The base follows
/// `dialect`.
pub(super) fn emit(tree: &Tree, start: usize, dialect: Dialect, output: &mut Output) {
    let base = tree.base();
    let style = Style::of(base);
    let indent = example::indent_of(base, start, b"");
    let example =
        Example::at(tree.source(BASE), start, indent).and_then(|example| example.form(&style));
    let form = example.unwrap_or(Form { layout: style.many_lines(), example: None });
    let mut emitter = Emitter { tree, base, dialect, style, output, open: Vec::new() };
    let root = emitter.value(tree.value(tree.root()), indent, |_| form);
    emitter.open.extend(root);
    while let Some(frame) = emitter.open.pop() {
        match frame {
            Frame::Splice(splice) => emitter.splice(splice),
            Frame::Woven(woven) => emitter.woven(woven),
            Frame::New(new) => emitter.new_child(new),
            Frame::Moved(moved) => emitter.at_home(*moved),
            Frame::Written(written) => emitter.move_written(written),
        }
    }
}

struct Emitter<'a> {
    tree: &'a Tree,
    base: &'a [u8],
    dialect: Dialect,
    style: Style<'a>,
    output: &'a mut Output,
    /// The containers that are being written.
    open: Vec<Frame<'a>>,
}

enum Frame<'a> {
    Splice(Splice<'a>),
    Woven(Box<Woven<'a>>),
    New(Box<New<'a>>),
    Moved(Box<Moved<'a>>),
    Written(Written<'a>),
}

/// A container of the base that is being written with its changes.
#[derive(Clone, Copy)]
struct Splice<'a> {
    kind: Kind,
    start: usize,
    opened: &'a Opened,
    origin: &'a Origin,
    /// The indentation of the line where it starts.
    indent: &'a [u8],
    /// The item to be written next.
    next: usize,
    /// The end in the base of the last child that was written and is from there.
    kept_end: Option<usize>,
}

/// A container that is being written without a text to copy from.
struct New<'a> {
    kind: Kind,
    members: Members<'a>,
    site: Site<'a>,
    written: usize,
}

/// What the surroundings of a new container make of it.
struct Site<'a> {
    form: Form<'a>,
    /// The indentation of the line where it starts.
    indent: Cow<'a, [u8]>,
    /// How many new containers it lies in.
    depth: usize,
}

impl<'a> Site<'a> {
    fn in_base(form: Form<'a>, indent: &'a [u8]) -> Self {
        Site { form, indent: Cow::Borrowed(indent), depth: 0 }
    }
}

impl<'a> Emitter<'a> {
    /// Writes a value that stands in the base or in a container of the base, or gives the frame in
    /// which to do so. `form` is asked for if it is a new container.
    fn value(
        &mut self,
        value: Value,
        indent: &'a [u8],
        form: impl FnOnce(&Self) -> Form<'a>,
    ) -> Option<Frame<'a>> {
        let tree = self.tree;
        let is_new = value.place.source != BASE;
        match tree.opened(value) {
            Some(opened) if !is_new && self.is_woven(value, opened) => {
                let form = opened.origin.is_none().then(|| form(self));
                Some(Frame::Woven(Box::new(self.weave(value, opened, indent, form))))
            }
            Some(opened @ Opened { items, origin: Some(origin), .. })
                if !is_new && !items.is_empty() =>
            {
                let (kind, start) = (tree.kind(value), value.place.start);
                let (next, kept_end) = (0, None);
                let splice = Splice { kind, start, opened, origin, indent, next, kept_end };
                Some(Frame::Splice(splice))
            }
            // All was deleted from it, or it was empty and is not any more.
            Some(Opened { items, origin, .. }) if origin.is_some() || !items.is_empty() => {
                self.new_value(value, |emitter| Site::in_base(form(emitter), indent))
            }
            _ if is_new => self.new_value(value, |emitter| Site::in_base(form(emitter), indent)),
            _ => {
                self.copy(tree.text(value));
                None
            }
        }
    }

    /// Writes a value for which there is no text to copy, or gives the frame in which to do so.
    fn new_value(
        &mut self,
        value: Value,
        site: impl FnOnce(&Self) -> Site<'a>,
    ) -> Option<Frame<'a>> {
        let tree = self.tree;
        let kind = tree.kind(value);
        let members = tree.members(value);
        if !kind.is_container() {
            self.copy(tree.text(value));
        } else if members.clone().next().is_none() {
            self.copy(if kind == Kind::Object { b"{}" } else { b"[]" });
        } else {
            let site = site(self);
            return Some(Frame::New(Box::new(New { kind, members, site, written: 0 })));
        }
        None
    }

    /// Writes the next children of a container of the base: one that is changed or new, or a run of
    /// others.
    fn splice(&mut self, mut splice: Splice<'a>) {
        let Splice { opened, origin, .. } = splice;
        let Some(item) = opened.items.get(splice.next) else {
            return self.copy(&self.base[origin.tail..opened.end]);
        };
        let index = splice.next;
        splice.next += 1;
        self.gap(&splice, index, item);
        let member = self.tree.member(BASE, splice.kind, item);
        let indent = match item.start() {
            Some(start) if self.is_untouched(item) => {
                return self.run(splice, index, start);
            }
            Some(start) => {
                let value = scan::value_start(self.base, splice.kind, start);
                self.copy(&self.base[start..value]);
                splice.kept_end = Some(self.kept_end(&splice, item, start));
                example::indent_of(self.base, start, splice.indent)
            }
            None => {
                self.key(&member, self.style.colon_after(self.base, origin.last));
                self.new_line(&splice, index)
            }
        };
        let kind = self.tree.kind(member.value);
        let form = |emitter: &Self| emitter.form(&splice, index, kind);
        let child = match item.start() {
            None if member.value.place.source == BASE => {
                let place = splice.start..splice.opened.end;
                let target = Target { place, is_flat: self.is_flat(&splice) };
                self.moved(member.value, indent.into(), &target, form)
            }
            _ => self.value(member.value, indent, form),
        };
        self.open.push(Frame::Splice(splice));
        self.open.extend(child);
    }

    /// Copies the untouched child that starts at `start`, and those that come right after it.
    fn run(&mut self, mut splice: Splice<'a>, index: usize, start: usize) {
        let items = &splice.opened.items;
        let goes_on = |pair: &&[Item]| pair[1].follows(&pair[0]) && self.is_untouched(&pair[1]);
        let more = items[index..].windows(2).take_while(goes_on).count();
        splice.next += more;
        let last = &items[index + more];
        let end = self.kept_end(&splice, last, last.start().unwrap_or(start));
        splice.kept_end = Some(end);
        self.output.keep(start..end);
        self.open.push(Frame::Splice(splice));
    }

    fn is_untouched(&self, item: &Item) -> bool {
        item.start().is_some()
            && item.node.is_none_or(|id| {
                let node = self.tree.node(id);
                node.place.source == BASE && node.opened.is_none()
            })
    }

    /// Where the child at `start`, which became `item`, ends in the base.
    fn kept_end(&self, splice: &Splice<'_>, item: &Item, start: usize) -> usize {
        let opened =
            item.node.map(|id| self.tree.node(id)).filter(|node| node.place.source == BASE);
        match opened.and_then(|node| node.opened.as_ref()) {
            Some(opened) => opened.end,
            None if start == splice.origin.last => splice.origin.tail,
            None => {
                let value = scan::value_start(self.base, splice.kind, start);
                scan::value_end(self.tree.source(BASE), value)
            }
        }
    }

    /// Writes what stands before an item: the bracket, or a comma with its white space.
    fn gap(&mut self, splice: &Splice<'a>, index: usize, item: &Item) {
        match (splice.kept_end, item.start()) {
            _ if index == 0 => self.copy(&self.base[splice.start..splice.origin.first]),
            // A deleted child takes the gap behind it along.
            (Some(end), Some(start)) if end <= start => {
                self.copy(&self.base[end..scan::gap_end(self.base, end)]);
            }
            _ => {
                let (before, after) = self.usual_gap(splice);
                self.copy(before);
                self.copy(b",");
                self.copy(after);
            }
        }
    }

    /// What to write on either side of a new comma.
    fn usual_gap(&self, splice: &Splice<'a>) -> (&'a [u8], &'a [u8]) {
        let Splice { origin, opened, .. } = splice;
        if let Some(gap) = &origin.last_gap {
            let (before, after) = scan::around_comma(&self.base[gap.clone()]);
            return (collapse(before), collapse(after));
        }
        let head = last_blank(&self.base[splice.start + 1..origin.first]);
        let tail = last_blank(&self.base[origin.tail..opened.end - 1]);
        match (last_line(head), last_line(tail)) {
            (Some(_), _) => (b"", collapse(head)),
            // A comma that begins a line.
            (None, Some(_)) => (collapse(tail), head),
            (None, None) => (b"", self.style.space),
        }
    }

    /// The indentation of the line where a new item starts.
    fn new_line(&self, splice: &Splice<'a>, index: usize) -> &'a [u8] {
        let (before, after) = match index {
            0 => (&b""[..], &self.base[splice.start + 1..splice.origin.first]),
            _ => self.usual_gap(splice),
        };
        last_line(after).or(last_line(before)).unwrap_or(splice.indent)
    }

    /// The form of a new container that becomes the item `index`.
    fn form(&self, splice: &Splice<'a>, index: usize, kind: Kind) -> Form<'a> {
        let Splice { start, opened, origin, indent, .. } = *splice;
        let example = example::beside(
            self.tree.source(BASE),
            splice.kind,
            &opened.items,
            index,
            kind,
            indent,
        );
        example.and_then(|example| example.form(&self.style)).unwrap_or_else(|| {
            let shape = Shape::of_opened(self.base, start, opened.end, origin);
            Form { layout: self.style.measure(self.base, &shape, indent), example: None }
        })
    }

    /// Whether the text of a container has no line breaks between its children.
    fn is_flat(&self, Splice { start, opened, origin, indent, .. }: &Splice<'a>) -> bool {
        let shape = Shape::of_opened(self.base, *start, opened.end, origin);
        self.style.measure(self.base, &shape, indent).is_flat()
    }

    /// Writes the next child of a new container.
    fn new_child(&mut self, mut new: Box<New<'a>>) {
        let (open, close) = if new.kind == Kind::Object { (b"{", b"}") } else { (b"[", b"]") };
        let (layout, indent) = (new.site.form.layout, &new.site.indent);
        let Some(member) = new.members.next() else {
            if let (Gap::Line(_), Gap::Line(_)) = (layout.after_comma, layout.tail) {
                self.copy(self.style.last_comma);
            }
            self.lay(layout.tail, indent);
            return self.copy(close);
        };
        if new.written == 0 {
            self.copy(open);
            self.lay(layout.head, indent);
        } else {
            self.lay(layout.before_comma, indent);
            self.copy(b",");
            self.lay(layout.after_comma, indent);
        }
        new.written += 1;
        self.key(&member, layout.colon);
        let child = if self.brings_comments(member.value) {
            let Site { form, indent, .. } = self.inside(&new.site, &member);
            self.moved(member.value, indent, &Target::new_container(), |_| form)
        } else {
            self.new_value(member.value, |emitter| emitter.inside(&new.site, &member))
        };
        self.open.push(Frame::New(new));
        self.open.extend(child);
    }

    /// The site of a new container in a new container.
    fn inside(&self, parent: &Site<'a>, member: &Member) -> Site<'a> {
        let layout = parent.form.layout;
        let indent = match (layout.after_comma, layout.before_comma) {
            (Gap::Line(more), _) | (_, Gap::Line(more)) => {
                Cow::Owned([&parent.indent, more].concat())
            }
            _ => parent.indent.clone(),
        };
        let key = member.key.map(|key| self.tree.key_name(key));
        let form = if parent.depth < DEEPEST_LINES {
            parent.form.of_child(key.as_deref(), self.tree.kind(member.value), &self.style)
        } else {
            Form { layout: self.style.one_line(), example: None }
        };
        Site { form, indent, depth: parent.depth + 1 }
    }

    fn key(&mut self, member: &Member, colon: &[u8]) {
        if let Some(key) = member.key {
            self.copy(self.tree.key(key));
            self.copy(colon);
        }
    }

    fn lay(&mut self, gap: Gap<'_>, indent: &[u8]) {
        match gap {
            Gap::Same(blank) => self.copy(blank),
            Gap::Line(more) => {
                self.copy(self.style.newline);
                self.copy(indent);
                self.copy(more);
            }
        }
    }

    fn copy(&mut self, text: &[u8]) {
        self.output.copy(text);
    }
}
