//! Changes to documents that are any bytes: what is JSON is known, and what a change is not about
//! keeps its bytes, whatever it is.

use std::ops::Range;

use jsonlock::{Document, Json, Path};

use super::choices::Choices;
use super::printer::Printer;
use super::reader::Node;
use super::text::{depth, is_document};

/// Deeper documents are read only: the plain reader recurses.
const DEPTH: usize = 300;

/// Values that few programs would write.
const ODD: [&str; 12] = [
    "-0",
    "1e999999",
    "1E-999999",
    "0.10",
    "123456789012345678901234567890",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u0000\"",
    "\"\\/\"",
    "{\"\\ud800\": [ ]}",
    "[[], {}, \"\u{2028}\"]",
    " {\"a\" :\n1}\t",
];

/// Where a byte that is in no UTF-8 text divides them, `bytes` are a document and then choices.
pub fn any_document(bytes: &[u8]) {
    let end = bytes.iter().rposition(|byte| *byte == 0xFF);
    let (text, choices) =
        end.map_or((bytes, &bytes[..0]), |end| (&bytes[..end], &bytes[end + 1..]));
    let parsed = Document::parse(text.to_vec());
    assert_eq!(parsed.is_ok(), is_document(text), "{}", text.escape_ascii());
    let json = Json::parse(String::from_utf8_lossy(text));
    let Ok(mut document) = parsed else { return };
    assert_eq!(document.to_bytes(), text);
    let text = std::str::from_utf8(text).unwrap();
    if let Ok(json) = json {
        stays(&mut document, text, &json);
    }
    if depth(text) > DEPTH {
        return;
    }
    let mut choices = Choices::new(choices);
    let mut text = text.to_owned();
    for _ in 0..4 {
        if let Some(result) = change(&mut document, &text, &mut choices) {
            text = result;
        }
        assert_eq!(document.to_bytes(), text);
        // How what is new is laid out depends on later changes in the same document.
        document = Document::parse(text.clone()).unwrap();
        if !choices.are_left() {
            return;
        }
    }
}

/// What is as asked already keeps its text.
fn stays(document: &mut Document, text: &str, json: &Json) {
    document.replace(json).unwrap();
    assert_eq!(document.to_bytes(), text);
    document.set(&Path::root(), json.compact()).unwrap();
    assert_eq!(document.to_bytes(), text);
    assert!(!document.is_changed());
}

/// Makes a change somewhere, and gives the text after it unless it was refused.
fn change(document: &mut Document, base: &str, choices: &mut Choices<'_>) -> Option<String> {
    let root = Node::of(base);
    let place = place(&root, choices);
    let nodes = &place.nodes;
    let target = nodes[nodes.len() - 1];
    if let Some(text) = document.text(&place.path).unwrap() {
        assert_eq!(text, target.text, "{base}\n{}", place.path);
    }
    let wish = wish(choices);
    let (done, edit) = match choices.below(4) {
        0 => (document.delete(&place.path).map(drop), Edit::Delete),
        1 if target.is_container() => {
            let (path, key) = place.new_child(target, choices);
            (document.set(&path, Json::parse(&*wish).unwrap()), Edit::Add(&wish, key))
        }
        _ => (document.set(&place.path, Json::parse(&*wish).unwrap()), Edit::Set(&wish)),
    };
    let result = String::from_utf8(document.to_bytes().to_vec()).unwrap();
    if done.is_err() {
        let is_whole = place.steps.is_empty() && matches!(edit, Edit::Delete);
        let may_fail = is_whole || place.is_ambiguous || target.has_duplicates();
        assert!(may_fail, "{base}\n{}\n{edit:?}\n{done:?}", place.path);
        assert_eq!(result, base);
        return None;
    }
    let makes_changes = result != base;
    assert!(!(place.is_ambiguous && makes_changes), "{base}\n{}\n{edit:?}\n{result}", place.path);
    let after = Node::of(&result);
    if makes_changes {
        edit.is_all_that_happened(&root, &after, &place.steps);
        let span = edit.span(nodes);
        let (before, behind) = (&base[..span.start], &base[span.end..]);
        assert!(result.starts_with(before), "{base}\n{}\n{edit:?}\n{result}", place.path);
        assert!(result.ends_with(behind), "{base}\n{}\n{edit:?}\n{result}", place.path);
        assert!(result.len() >= before.len() + behind.len());
    } else if let Edit::Set(wish) = edit {
        assert!(target.equals(&Node::of(wish)), "{base}\n{}\n{wish}", place.path);
    }
    assert!(is_document(result.as_bytes()), "{result}");
    Some(result)
}

fn wish(choices: &mut Choices<'_>) -> String {
    match choices.below(3) {
        0 => choices.one_of(&ODD).to_owned(),
        _ => {
            let (style, noise) = (choices.below(6) as u8, choices.some(20));
            Printer::print(style, noise, &choices.value()).text
        }
    }
}

/// A place in a document.
struct Place<'n, 't> {
    path: Path,
    /// The positions of the children that lead to it.
    steps: Vec<usize>,
    /// The nodes on the way, from the root to what is there.
    nodes: Vec<&'n Node<'t>>,
    /// Whether a key on the way is there twice.
    is_ambiguous: bool,
}

fn place<'n, 't>(root: &'n Node<'t>, choices: &mut Choices<'_>) -> Place<'n, 't> {
    let mut place =
        Place { path: Path::root(), steps: Vec::new(), nodes: vec![root], is_ambiguous: false };
    let mut node = root;
    for pick in choices.some(6) {
        if node.children.is_empty() {
            break;
        }
        let picked = usize::from(*pick) % node.children.len();
        // Reading takes the last of those that have the same key.
        let same = |child: &Node<'_>| child.key.is_some() && child.key == node.children[picked].key;
        let position = node.children.iter().rposition(same).unwrap_or(picked);
        let child = &node.children[position];
        place.path = match child.key.as_deref().map(String::from_utf16) {
            None => place.path.index(position as i64),
            Some(Ok(key)) => place.path.key(&key),
            // No path leads to what has a lone surrogate in its name.
            Some(Err(_)) => break,
        };
        place.is_ambiguous |= node.count_of(child) > 1;
        place.steps.push(position);
        place.nodes.push(child);
        node = child;
    }
    place
}

impl Place<'_, '_> {
    /// A path to a child that `container` has not, and its key.
    fn new_child(
        &self,
        container: &Node<'_>,
        choices: &mut Choices<'_>,
    ) -> (Path, Option<Vec<u16>>) {
        if !container.is_object() {
            return (self.path.clone().index(container.children.len() as i64), None);
        }
        let mut key = choices.key();
        let is_taken = |key: &str| {
            let units: Vec<u16> = key.encode_utf16().collect();
            container.children.iter().any(|child| child.key.as_ref() == Some(&units))
        };
        while is_taken(&key) {
            key.push('+');
        }
        (self.path.clone().key(&key), Some(key.encode_utf16().collect()))
    }
}

#[derive(Debug)]
enum Edit<'w> {
    Set(&'w str),
    Add(&'w str, Option<Vec<u16>>),
    Delete,
}

impl Edit<'_> {
    /// Compares the values: only the one that `steps` lead to may differ, and must as was asked. All
    /// others keep their very text.
    fn is_all_that_happened(&self, before: &Node<'_>, after: &Node<'_>, steps: &[usize]) {
        let (old, new) = (&before.children, &after.children);
        let stay = |old: &[Node<'_>], new: &[Node<'_>]| {
            assert_eq!(old.len(), new.len(), "{}\n{}", before.text, after.text);
            for (old, new) in old.iter().zip(new) {
                assert_eq!((old.text, &old.key), (new.text, &new.key));
            }
        };
        match (self, steps) {
            (Edit::Set(wish), []) => assert!(after.equals(&Node::of(wish)), "{}", after.text),
            (Edit::Add(wish, key), []) => {
                let (last, others) = new.split_last().unwrap();
                stay(old, others);
                assert!(last.key == *key && last.equals(&Node::of(wish)), "{}", last.text);
            }
            (Edit::Delete, [position]) => {
                stay(&old[..*position], &new[..*position]);
                stay(&old[position + 1..], &new[*position..]);
            }
            (_, [position, rest @ ..]) => {
                stay(&old[..*position], &new[..*position]);
                stay(&old[position + 1..], &new[position + 1..]);
                self.is_all_that_happened(&old[*position], &new[*position], rest);
            }
            (Edit::Delete, []) => panic!("the whole document was deleted"),
        }
    }

    /// The part of the base that the edit may touch.
    fn span(&self, nodes: &[&Node<'_>]) -> Range<usize> {
        let target = nodes[nodes.len() - 1];
        match self {
            Edit::Set(_) => target.value.clone(),
            Edit::Add(..) => {
                let last = target.children.last().map(|last| last.item.end);
                let inside = target.value.start + 1..target.value.end - 1;
                last.map_or(inside, |last| last..last)
            }
            Edit::Delete => {
                let parent = nodes[nodes.len() - 2];
                let (mut start, mut end) = (parent.value.start + 1, parent.value.end - 1);
                for sibling in &parent.children {
                    if sibling.item.end <= target.item.start {
                        start = sibling.item.end;
                    }
                }
                if let Some(next) =
                    parent.children.iter().find(|next| next.item.start >= target.item.end)
                {
                    end = next.item.start;
                } else if parent.children.len() > 1 {
                    end = target.item.end;
                }
                start..end
            }
        }
    }
}
