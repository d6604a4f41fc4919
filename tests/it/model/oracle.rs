//! What must hold of a text in which a change was made.

use jsonlock::{Document, Json, MergeOptions, Patch, Path};
use serde_json::Value;

use super::choices::Change;
use super::printer::{Printer, Step};

/// All keys in the order in which they are written.
pub fn keys(text: &str) -> Vec<String> {
    let text = Json::parse(text).unwrap().compact().to_string();
    let mut keys = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('"') {
        let mut strings = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<String>();
        let string = strings.next().unwrap().unwrap();
        rest = &rest[start + strings.byte_offset()..];
        if rest.starts_with(':') {
            keys.push(string);
        }
    }
    keys
}

pub fn to_path(steps: &[Step]) -> Path {
    steps.iter().fold(Path::root(), |path, step| match step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index as i64),
    })
}

pub fn apply(document: &mut Document, change: &Change, wish: &str) -> jsonlock::Result<()> {
    let wish = || Json::parse(wish);
    match change {
        Change::Set(path, _) => document.set(&to_path(path), wish()?),
        Change::Delete(path) => document.delete(&to_path(path)).map(drop),
        Change::Merge(_, arrays, nulls) => {
            let options = MergeOptions::new().arrays(*arrays).nulls(*nulls);
            document.merge_with(&wish()?, &options)
        }
        Change::Replace(_) => document.replace(&wish()?),
        Change::Patch(_) => document.patch(&Patch::new(wish()?)?),
    }
}

/// Whether the change speaks of the value at `path`, so that its spelling of a number counts even if
/// the number is the same. A patch may also bring an equal value from elsewhere.
fn speaks_of(change: &Change, path: &[Step]) -> bool {
    match change {
        Change::Set(changed, _) => path.starts_with(changed),
        Change::Merge(patch, ..) => {
            let mut value = Some(patch);
            for step in path {
                value = match (value, step) {
                    (Some(Value::Object(members)), Step::Key(key)) => members.get(key),
                    _ => None,
                };
            }
            value.is_some()
        }
        Change::Patch(patch) => patch.iter().any(|operation| operation.speaks_of(path)),
        Change::Delete(_) | Change::Replace(_) => false,
    }
}

/// Members that are in both values have kept their text.
pub fn members_stay(
    printed: &Printer<'_>,
    change: &Change,
    old: &Value,
    new: &Value,
    result: &str,
    path: &mut Vec<Step>,
) {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return };
    for (key, before) in old {
        let Some(after) = new.get(key) else { continue };
        path.push(Step::Key(key.clone()));
        // Members of members may come in another order in the result of a filter.
        let may_differ = before.is_number() || matches!(change, Change::Patch(_));
        if may_differ && speaks_of(change, path) {
            // It may be spelled as the change spells it.
        } else if before == after && !(before.is_object() || before.is_array()) {
            let text = &printed.text[printed.spans[path].item.clone()];
            assert!(result.contains(text), "{text} is missing in\n{result}");
        } else {
            members_stay(printed, change, before, after, result, path);
        }
        path.pop();
    }
}

/// What stands before and behind the change is as it was.
pub fn surroundings_stay(printed: &Printer<'_>, change: &Change, result: &str) {
    let (base, spans) = (&printed.text, &printed.spans);
    let (before, behind) = match change {
        Change::Set(path, _) => match spans.get(path) {
            Some(spans) => (spans.value.start, spans.value.end),
            None => {
                // The deepest container that is there; what is new comes behind its last child.
                let there = (0..path.len()).rev().map(|length| &path[..length]);
                let Some(parent) =
                    there.filter(|path| spans.contains_key(*path)).map(<[_]>::to_vec).next()
                else {
                    return;
                };
                let end = spans[&parent].value.end;
                let is_child =
                    |path: &&Vec<Step>| path.len() == parent.len() + 1 && path.starts_with(&parent);
                let last = spans.keys().filter(is_child).map(|path| spans[path].item.end).max();
                (last.unwrap_or(spans[&parent].value.start), last.unwrap_or(end))
            }
        },
        Change::Delete(path) => {
            let Some(deleted) = spans.get(path) else {
                assert_eq!(result, base);
                return;
            };
            let is_sibling = |other: &&Vec<Step>| {
                other.len() == path.len() && other.starts_with(&path[..path.len() - 1])
            };
            let siblings = || spans.keys().filter(is_sibling).map(|path| &spans[path].item);
            let ends =
                siblings().filter(|item| item.end <= deleted.item.start).map(|item| item.end);
            let starts =
                siblings().filter(|item| item.start >= deleted.item.end).map(|item| item.start);
            match (ends.max(), starts.min()) {
                // With no sibling left the white space goes too.
                (None, None) => return,
                (before, behind) => (before.unwrap_or(0), behind.unwrap_or(deleted.item.end)),
            }
        }
        Change::Merge(..) | Change::Replace(_) | Change::Patch(_) => return,
    };
    assert!(result.starts_with(&base[..before]), "{result}\n{}", &base[..before]);
    assert!(result.ends_with(&base[behind..]), "{result}\n{}", &base[behind..]);
    assert!(result.len() >= before + base.len() - behind);
}
