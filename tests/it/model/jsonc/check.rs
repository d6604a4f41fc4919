//! One change in a document with comments, and what must hold of it.

use std::collections::BTreeSet;

use jsonlock::{Dialect, Document, Path};
use serde_json::Value;

use super::printer::{STYLES, print};
use super::reader::{Reading, read};
use crate::model::choices::{Change, Choices, Kinds};
use crate::model::oracle::apply;
use crate::model::patch::Operation;
use crate::model::printer::Step;
use crate::model::values::{at, expected, plain};

pub fn one_change(bytes: &[u8], kinds: Kinds) {
    let mut choices = Choices::new(bytes);
    let style = choices.one_of(&STYLES);
    let document = choices.value();
    let change = choices.change(kinds, &document);
    let base = print(style, choices.rest(), &document);
    let wish = change.wish().to_string();

    let mut edited = Document::parse_as(base.clone(), Dialect::Jsonc).unwrap();
    let stripped = edited.text(&Path::root()).unwrap().unwrap().into_owned();
    assert_eq!(plain(serde_json::from_str(&stripped).unwrap()), plain(document.clone()), "{base}");
    let mut strict = Document::parse(stripped).unwrap();
    let done = apply(&mut edited, &change, &wish);
    assert_eq!(done.is_ok(), apply(&mut strict, &change, &wish).is_ok(), "{base}\n{change:?}");
    let result = String::from_utf8(edited.to_bytes().to_vec()).unwrap();
    let Some(expected) = expected(&document, &change) else {
        assert!(done.is_err(), "{base}\n{change:?}");
        assert_eq!(result, base);
        return;
    };
    let context = format!("--- base\n{base}\n--- change\n{change:?}\n--- result\n{result}\n---");
    let again = Document::parse_as(result.clone(), Dialect::Jsonc);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{context}"));
    for document in [&edited, &strict, &again] {
        let text = document.text(&Path::root()).unwrap().unwrap();
        let value = serde_json::from_str(&text).unwrap();
        assert_eq!(plain(value), plain(expected.clone()), "{context}");
    }
    let comparison = Comparison {
        before: read(&base),
        after: read(&result),
        document,
        expected,
        change,
        context,
    };
    comparison.comments_are_from_the_base();
    comparison.comments_stay_with_children();
    comparison.children_that_stay_keep_theirs();
    comparison.containers_that_stay_keep_theirs();
    comparison.is_done_already(&result, &wish);
}

struct Comparison {
    before: Reading,
    after: Reading,
    document: Value,
    expected: Value,
    change: Change,
    context: String,
}

impl Comparison {
    fn copies(&self) -> bool {
        let is_copy = |operation: &Operation| matches!(operation, Operation::Copy(..));
        matches!(&self.change, Change::Patch(patch) if patch.iter().any(is_copy))
    }

    /// What moves is indented anew, comments of several lines too.
    fn plain<'c>(&self, comments: impl IntoIterator<Item = &'c String>) -> Vec<String> {
        let is_patch = matches!(self.change, Change::Patch(_));
        let plain = |comment: &String| match is_patch {
            true => comment.split_whitespace().collect::<Vec<_>>().join(" "),
            false => comment.clone(),
        };
        comments.into_iter().map(plain).collect()
    }

    fn comments_are_from_the_base(&self) {
        let before: BTreeSet<_> = self.plain(&self.before.comments).into_iter().collect();
        let mut seen = BTreeSet::new();
        for comment in self.plain(&self.after.comments) {
            assert!(before.contains(&comment), "{comment} is new\n{}", self.context);
            let is_first = seen.insert(comment.clone());
            assert!(is_first || self.copies(), "{comment} is there twice\n{}", self.context);
        }
        assert_eq!(self.before.outside, self.after.outside, "outside\n{}", self.context);
    }

    /// The comments of a child have one owner, or are gone with it. A new child may stand where comments of
    /// nobody are.
    fn comments_stay_with_children(&self) {
        let groups: Vec<_> =
            self.before.facts.values().map(|facts| self.plain(&facts.own)).collect();
        let free: BTreeSet<_> =
            self.before.facts.values().flat_map(|facts| self.plain(&facts.free)).collect();
        for facts in self.after.facts.values() {
            let own = self.plain(&facts.own);
            let is_free = own.iter().all(|comment| free.contains(comment));
            assert!(is_free || groups.contains(&own), "{own:?}\n{}", self.context);
            for comment in self.plain(&facts.free) {
                assert!(free.contains(&comment), "{comment} lost its owner\n{}", self.context);
            }
        }
    }

    fn children_that_stay_keep_theirs(&self) {
        for (path, facts) in &self.before.facts {
            let Some(new) = self.kept(path) else { continue };
            let after = self.after.facts.get(&new);
            let own = after.map(|facts| &facts.own);
            assert_eq!(own, Some(&facts.own), "{path:?}\n{}", self.context);
        }
    }

    fn containers_that_stay_keep_theirs(&self) {
        for (path, facts) in &self.before.facts {
            let Some(new) = self.kept(path) else { continue };
            let (old, now) = (value_at(&self.document, path), value_at(&self.expected, &new));
            let counts = match (old, now) {
                (Value::Array(old), Value::Array(new)) => (old.len(), new.len()),
                (Value::Object(old), Value::Object(new)) => (old.len(), new.len()),
                _ => continue,
            };
            let after = &self.after.facts[&new];
            let adopted = |comment: &&String| counts.0 > 0 || after.free.contains(comment);
            let free: Vec<_> = facts.free.iter().filter(adopted).collect();
            assert_eq!(free, after.free.iter().collect::<Vec<_>>(), "{path:?}\n{}", self.context);
            if counts.0 > 0 && counts.1 > 0 {
                assert_eq!(
                    facts.has_last_comma, after.has_last_comma,
                    "{path:?}\n{}",
                    self.context
                );
            }
        }
    }

    /// Where the value at `path` must be now, if that is certain.
    fn kept(&self, path: &[Step]) -> Option<Vec<Step>> {
        match &self.change {
            Change::Patch(patch) => {
                let is_root = |operation: &Operation| operation.as_json()["path"] == "";
                (path.is_empty() && !patch.iter().any(is_root)).then(Vec::new)
            }
            Change::Delete(deleted) if has(&self.document, deleted) => {
                let (last, parent) = deleted.split_last()?;
                let mut new = path.to_vec();
                if path.starts_with(deleted) {
                    return None;
                }
                if let (Step::Index(gone), true) = (last, path.starts_with(parent))
                    && let Some(Step::Index(index)) = new.get_mut(parent.len())
                    && *index > *gone
                {
                    *index -= 1;
                }
                Some(new)
            }
            Change::Delete(_) => Some(path.to_vec()),
            Change::Set(target, _) if !path.starts_with(target) => {
                has(&self.expected, path).then(|| path.to_vec())
            }
            Change::Set(target, _) => self.kept_by_keys(path, target.len()),
            Change::Merge(..) | Change::Replace(_) => self.kept_by_keys(path, 0),
        }
    }

    /// Members of objects that are there before and after are the same; of elements nobody knows.
    fn kept_by_keys(&self, path: &[Step], from: usize) -> Option<Vec<Step>> {
        let is_kept = (from..path.len()).all(|length| {
            let is_object = |value| value_at(value, &path[..length]).is_object();
            matches!(path[length], Step::Key(_))
                && is_object(&self.document)
                && has(&self.expected, &path[..length])
                && is_object(&self.expected)
        });
        (is_kept && has(&self.expected, path)).then(|| path.to_vec())
    }

    /// What was done need not be done again.
    fn is_done_already(&self, result: &str, wish: &str) {
        let adds_again = matches!(self.change, Change::Merge(_, jsonlock::Arrays::Append, _));
        if adds_again || matches!(self.change, Change::Delete(_) | Change::Patch(_)) {
            return;
        }
        let mut again = Document::parse_as(result.to_owned(), Dialect::Jsonc).unwrap();
        apply(&mut again, &self.change, wish).unwrap();
        assert_eq!(again.to_bytes(), result, "{}", self.context);
        assert!(!again.is_changed(), "{}", self.context);
    }
}

fn value_at(value: &Value, path: &[Step]) -> Value {
    at(&mut value.clone(), path).cloned().unwrap_or_default()
}

fn has(value: &Value, path: &[Step]) -> bool {
    at(&mut value.clone(), path).is_some()
}
