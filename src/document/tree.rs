//! The document as an arena of nodes over texts.
//!
//! A value that nobody touched is only a place in a text. What lies on the way to a change is
//! *opened*: it gets a [`Node`] whose items can be replaced, removed and inserted. Nodes refer to
//! each other by number, so neither a walk nor a drop is ever recursive.

mod edits;
mod guide;
mod holes;
mod keys;

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::ops::Range;
use std::slice;

use bytes::Bytes;

use super::outline::Holes;
use super::scan::{self, Children, Kind, Marks, Text};
use super::string;
use edits::{Journal, Undo};
use guide::Guides;
use keys::Keys;

pub(super) use keys::Found;

/// The source that is the text of the document itself; others are texts of inserted values.
pub(super) const BASE: u32 = 0;

/// Where a value or key starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) source: u32,
    pub(super) start: usize,
}

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(NonZeroU32);

/// A value: its text, or what became of it if it has a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) node: Option<NodeId>,
}

impl Value {
    /// A value to which nothing happened.
    pub(super) fn untouched(place: Place) -> Self {
        Value { place, node: None }
    }
}

/// A value that is, or is about to be, touched.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The key of a member that was inserted.
    pub(super) key: Option<Place>,
    pub(super) place: Place,
    /// Boxed, because most are not: of a large document many values may be touched.
    pub(super) opened: Option<Box<Opened>>,
}

/// A container whose children can be changed.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) items: Vec<Item>,
    /// Behind its closing bracket.
    pub(super) end: usize,
    /// `None` if it was empty.
    pub(super) origin: Option<Origin>,
    keys: Keys,
}

/// What the text of a container looks like around its children.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Where the first and the last child start.
    pub(super) first: usize,
    pub(super) last: usize,
    /// The text between the last two.
    pub(super) last_gap: Option<Range<usize>>,
    /// Behind the last child.
    pub(super) tail: usize,
}

/// A child of an opened container. There may be many, so this is small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Where the child starts in the text of its container, [`INSERTED`] if it is not from there.
    start: usize,
    /// How many children came before it in the text, modulo 2³²: enough to know neighbours.
    ordinal: u32,
    pub(super) node: Option<NodeId>,
}

const INSERTED: usize = usize::MAX;

/// A child of a value as it now is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// Only in objects.
    pub(super) key: Option<Place>,
    pub(super) value: Value,
}

/// The one way to change the tree. Edits are planned first and then made together, so that what
/// cannot be done in full is not begun.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// The node becomes the value at the place.
    Become(NodeId, Place),
    /// The opened node gets these children.
    Rearrange(NodeId, Vec<Item>),
    /// The opened node gets one more child, the last.
    Push(NodeId, Item),
    /// The opened node gets one more child at this position.
    Insert(NodeId, usize, Item),
    /// The opened node loses a child.
    Remove(NodeId, usize),
}

/// A text that values are from.
#[derive(Clone, Debug)]
struct Source {
    text: Bytes,
    marks: Marks,
    /// Where values of the base belong.
    holes: Holes,
}

#[derive(Clone, Debug)]
pub(super) struct Tree {
    sources: Vec<Source>,
    nodes: Vec<Node>,
    is_changed: bool,
    has_moved: bool,
    journal: Option<Journal>,
    guides: Guides,
}

impl Item {
    /// Where the child starts in the text of its container, if it is from there.
    pub(super) fn start(&self) -> Option<usize> {
        (self.start != INSERTED).then_some(self.start)
    }

    /// Whether `self` came right after `other` in the text.
    pub(super) fn follows(&self, other: &Item) -> bool {
        let kept = self.start != INSERTED && other.start != INSERTED;
        kept && self.ordinal == other.ordinal.wrapping_add(1)
    }
}

impl NodeId {
    const ROOT: NodeId = NodeId(NonZeroU32::MIN);

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl Tree {
    /// The tree whose root is the value at `start` of `base`, in which `marks` are.
    pub(super) fn new(base: Bytes, marks: Marks, start: usize) -> Self {
        let place = Place { source: BASE, start };
        let root = Node { key: None, place, opened: None };
        let sources = vec![Source { text: base, marks, holes: Holes::default() }];
        Tree {
            sources,
            nodes: vec![root],
            is_changed: false,
            has_moved: false,
            journal: None,
            guides: Guides::default(),
        }
    }

    /// A tree without text, whose root reads as null.
    pub(super) fn absent() -> Self {
        let mut tree = Tree::new(Bytes::new(), Marks::default(), 0);
        let place = Place { source: tree.add_source(Bytes::from_static(b"null")), start: 0 };
        tree.nodes = vec![Node { key: None, place, opened: None }];
        tree
    }

    pub(super) fn base(&self) -> &Bytes {
        &self.sources[BASE as usize].text
    }

    /// The marks of the base.
    #[cfg(feature = "filter")]
    pub(super) fn marks(&self) -> &Marks {
        &self.sources[BASE as usize].marks
    }

    pub(super) fn source(&self, source: u32) -> Text<'_> {
        let source = &self.sources[source as usize];
        Text::new(&source.text, &source.marks)
    }

    pub(super) fn root(&self) -> NodeId {
        NodeId::ROOT
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(super) fn opened(&self, value: Value) -> Option<&Opened> {
        value.node.and_then(|id| self.node(id).opened.as_deref())
    }

    /// The value of a node.
    pub(super) fn value(&self, id: NodeId) -> Value {
        Value { place: self.node(id).place, node: Some(id) }
    }

    pub(super) fn kind(&self, value: Value) -> Kind {
        Kind::of(self.source(value.place.source).bytes, value.place.start)
    }

    /// The text from the start of a value to its end. For an opened container this is what it was.
    pub(super) fn text(&self, value: Value) -> &[u8] {
        let text = self.source(value.place.source);
        let end = match self.opened(value) {
            Some(opened) => opened.end,
            None => scan::value_end(text, value.place.start),
        };
        &text.bytes[value.place.start..end]
    }

    /// The key at a place, with its quotes.
    pub(super) fn key(&self, place: Place) -> &[u8] {
        let text = self.source(place.source).bytes;
        &text[place.start..scan::string_end(text, place.start)]
    }

    /// What the key at a place means.
    pub(super) fn key_name(&self, place: Place) -> Cow<'_, [u8]> {
        string::decode(self.key(place))
    }

    /// The children of a value as it now is.
    pub(super) fn members(&self, value: Value) -> Members<'_> {
        let Place { source, start } = value.place;
        let list = match self.opened(value) {
            Some(opened) => List::Items(opened.items.iter()),
            None => List::Text(Children::new(self.source(source), start)),
        };
        Members { tree: self, source, kind: self.kind(value), list }
    }

    /// The child that `item` is of a container of `kind` in `source`.
    pub(super) fn member(&self, source: u32, kind: Kind, item: &Item) -> Member {
        let Some(start) = item.start() else {
            let node = item.node.map(|id| (id, self.node(id)));
            let key = node.and_then(|(_, node)| node.key);
            let place = node.map_or(Place { source, start: INSERTED }, |(_, node)| node.place);
            return Member { key, value: Value { place, node: item.node } };
        };
        let key = (kind == Kind::Object).then_some(Place { source, start });
        let value = match item.node {
            Some(id) => self.value(id),
            None => {
                let start = scan::value_start(self.source(source).bytes, kind, start);
                Value { place: Place { source, start }, node: None }
            }
        };
        Member { key, value }
    }

    /// Adds the text of a value to be inserted.
    pub(super) fn add_source(&mut self, text: impl Into<Bytes>) -> u32 {
        self.add(text.into(), Holes::default())
    }

    fn add(&mut self, text: Bytes, holes: Holes) -> u32 {
        self.sources.push(Source { marks: Marks::of(&text), text, holes });
        u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX)
    }

    /// An item that is not from the text of its container.
    pub(super) fn insert(&mut self, key: Option<Place>, place: Place) -> Item {
        let node = self.add_node(Node { key, place, opened: None });
        self.adopt(key, node)
    }

    /// An item for a value that is to come from elsewhere in the tree, with all that happened to it.
    pub(super) fn adopt(&mut self, key: Option<Place>, id: NodeId) -> Item {
        let node = &mut self.nodes[id.index()];
        let old = std::mem::replace(&mut node.key, key);
        self.has_moved |= node.place.source == BASE;
        self.note(Undo::SetKey(id, old));
        Item { start: INSERTED, ordinal: 0, node: Some(id) }
    }

    /// The items of a container, after making sure that it is opened.
    pub(super) fn open(&mut self, id: NodeId) -> &[Item] {
        if self.node(id).opened.is_none() {
            let Place { source, start } = self.node(id).place;
            let opened = open(self.source(source), start);
            self.nodes[id.index()].opened = Some(Box::new(opened));
        }
        self.items(id)
    }

    /// The items of a container, none if it is not opened.
    pub(super) fn items(&self, id: NodeId) -> &[Item] {
        self.node(id).opened.as_ref().map_or(&[], |opened| &opened.items)
    }

    /// The node of a child of an opened container.
    pub(super) fn child(&mut self, parent: NodeId, index: usize) -> NodeId {
        let item = self.items(parent)[index];
        if let Some(id) = item.node {
            return id;
        }
        let value = self.value(parent);
        let member = self.member(value.place.source, self.kind(value), &item);
        let id = self.add_node(Node { key: None, place: member.value.place, opened: None });
        if let Some(opened) = &mut self.nodes[parent.index()].opened {
            opened.items[index].node = Some(id);
        }
        id
    }

    /// Whether any edit was made.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Whether any value of the base may stand elsewhere, indented otherwise.
    pub(super) fn has_moved(&self) -> bool {
        self.has_moved
    }

    fn add_node(&mut self, node: Node) -> NodeId {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(node);
        NodeId(NonZeroU32::MIN.saturating_add(index))
    }
}

/// Lists the children of the container at `start`.
fn open(text: Text<'_>, start: usize) -> Opened {
    let mut items = Vec::new();
    let mut children = Children::new(text, start);
    let mut origin: Option<Origin> = None;
    for (child, ordinal) in (&mut children).zip((0..=u32::MAX).cycle()) {
        items.push(Item { start: child.start, ordinal, node: None });
        origin = Some(Origin {
            first: origin.as_ref().map_or(child.start, |origin| origin.first),
            last: child.start,
            last_gap: origin.map(|origin| origin.tail..child.start),
            tail: child.end,
        });
    }
    Opened { items, end: children.end(), origin, keys: Keys::default() }
}

/// The children of a value as it now is.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    tree: &'a Tree,
    source: u32,
    kind: Kind,
    list: List<'a>,
}

#[derive(Clone, Debug)]
enum List<'a> {
    Text(Children<'a>),
    Items(slice::Iter<'a, Item>),
}

impl Iterator for Members<'_> {
    type Item = Member;

    fn next(&mut self) -> Option<Member> {
        let source = self.source;
        match &mut self.list {
            List::Items(items) => {
                items.next().map(|item| self.tree.member(source, self.kind, item))
            }
            List::Text(children) => children.next().map(|child| Member {
                key: (self.kind == Kind::Object).then_some(Place { source, start: child.start }),
                value: Value::untouched(self.tree.resolved(Place { source, start: child.value })),
            }),
        }
    }
}
