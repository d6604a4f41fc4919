use jsonlock::{Document, Json, Path};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::printer::{Printer, Step};

#[derive(Clone, Debug)]
enum Change {
    Set(Vec<Step>, Value),
    Delete(Vec<Step>),
    Merge(Value),
    Replace(Value),
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(&["a", "b", "c", "é", "x y", "", "0", "a.b", "k😀"][..])
        .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..30).prop_map(Value::from),
        prop::sample::select(&["", "s", "é☃", "a,b", "{[:"][..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![3 => key().prop_map(Step::Key), 2 => (0_usize..4).prop_map(Step::Index)]
}

/// A path that mostly leads along what is there.
fn path(document: &Value, picks: &[u8], rest: &[Step]) -> Vec<Step> {
    let mut value = document;
    let mut path = Vec::new();
    for &pick in picks {
        let (step, child) = match value {
            Value::Object(members) if !members.is_empty() => {
                let (key, child) = members.iter().nth(usize::from(pick) % members.len()).unwrap();
                (Step::Key(key.clone()), child)
            }
            Value::Array(elements) if !elements.is_empty() => {
                let index = usize::from(pick) % elements.len();
                (Step::Index(index), &elements[index])
            }
            _ => break,
        };
        path.push(step);
        value = child;
    }
    path.extend(rest.iter().cloned());
    path
}

/// A value that differs from `document` here and there, as the result of a filter would.
fn variation(document: &Value, picks: &[u8], new: &Value) -> Value {
    let mut result = document.clone();
    for (position, pick) in picks.iter().enumerate() {
        let target = path(&result, &picks[position..], &[]);
        match pick % 4 {
            0 => _ = delete(&mut result, &target),
            1 => {
                let mut target = target;
                target.push(if pick % 8 == 1 { Step::Key("n".into()) } else { Step::Index(0) });
                _ = set(&mut result, &target, new);
            }
            2 => _ = set(&mut result, &target, new),
            _ => {
                if let Some(Value::Array(elements)) = at(&mut result, &target) {
                    elements.insert(0, new.clone());
                }
            }
        }
    }
    result
}

fn at<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Object(members), Step::Key(key)) => members.get_mut(key),
        (Value::Array(elements), Step::Index(index)) => elements.get_mut(*index),
        _ => None,
    })
}

/// Says whether it can be done.
fn set(value: &mut Value, path: &[Step], new: &Value) -> bool {
    let Some((step, rest)) = path.split_first() else {
        *value = new.clone();
        return true;
    };
    let before = value.clone();
    if value.is_null() {
        *value = if let Step::Key(_) = step { json!({}) } else { json!([]) };
    }
    let done = match (&mut *value, step) {
        (Value::Object(members), Step::Key(key)) => {
            set(members.entry(key.clone()).or_insert(Value::Null), rest, new)
        }
        (Value::Array(elements), Step::Index(index)) if *index <= elements.len() => {
            if *index == elements.len() {
                elements.push(Value::Null);
            }
            set(&mut elements[*index], rest, new)
        }
        _ => false,
    };
    if !done {
        *value = before;
    }
    done
}

fn delete(value: &mut Value, path: &[Step]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    match (at(value, parents), last) {
        (Some(Value::Object(members)), Step::Key(key)) => members.remove(key).is_some(),
        (Some(Value::Array(elements)), Step::Index(index)) if *index < elements.len() => {
            elements.remove(*index);
            true
        }
        _ => false,
    }
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in members {
        let target = target.as_object_mut().unwrap();
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

fn to_path(steps: &[Step]) -> Path {
    steps.iter().fold(Path::root(), |path, step| match step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index as i64),
    })
}

/// All numbers as floating point numbers, so that spellings do not count.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(elements) => elements.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(k, v)| (k, plain(v))).collect(),
        other => other,
    }
}

/// All keys in the order in which they are written.
fn keys(text: &str) -> Vec<String> {
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

/// What `change` makes of `document`, or that it must fail.
fn expected(document: &Value, change: &Change) -> Option<Value> {
    let mut result = document.clone();
    match change {
        Change::Set(path, new) => return set(&mut result, path, new).then_some(result),
        Change::Delete(path) if path.is_empty() => return None,
        Change::Delete(path) => _ = delete(&mut result, path),
        Change::Merge(patch) => merge(&mut result, patch),
        Change::Replace(new) => result = new.clone(),
    }
    Some(result)
}

fn apply(document: &mut Document, change: &Change, wish: &str) -> jsonlock::Result<()> {
    let wish = || Json::parse(wish);
    match change {
        Change::Set(path, _) => document.set(&to_path(path), wish()?),
        Change::Delete(path) => document.delete(&to_path(path)).map(drop),
        Change::Merge(_) => document.merge(&wish()?),
        Change::Replace(_) => document.replace(&wish()?),
    }
}

/// Whether the change speaks of the value at `path`, so that its spelling of a number counts even if
/// the number is the same.
fn speaks_of(change: &Change, path: &[Step]) -> bool {
    match change {
        Change::Set(changed, _) => path.starts_with(changed),
        Change::Merge(patch) => {
            let mut value = Some(patch);
            for step in path {
                value = match (value, step) {
                    (Some(Value::Object(members)), Step::Key(key)) => members.get(key),
                    _ => None,
                };
            }
            value.is_some()
        }
        Change::Delete(_) | Change::Replace(_) => false,
    }
}

/// Members that are in both values have kept their text.
fn members_stay(
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
        if before.is_number() && speaks_of(change, path) {
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
fn surroundings_stay(printed: &Printer<'_>, change: &Change, result: &str) {
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
        Change::Merge(_) | Change::Replace(_) => return,
    };
    assert!(result.starts_with(&base[..before]), "{result}\n{}", &base[..before]);
    assert!(result.ends_with(&base[behind..]), "{result}\n{}", &base[behind..]);
    assert!(result.len() >= before + base.len() - behind);
}

fn change(document: &Value, kind: u8, new: Value, picks: &[u8], rest: &[Step]) -> Change {
    match kind {
        0 | 1 => Change::Set(path(document, picks, rest), new),
        2 => Change::Delete(path(document, picks, rest)),
        3 => Change::Delete(path(document, picks, &[])),
        4 => Change::Merge(new),
        5 => Change::Replace(new),
        _ => Change::Replace(variation(document, picks, &new)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_do_what_values_do(
        document in value(),
        new in value(),
        kind in 0_u8..9,
        style in 0_u8..6,
        wish_style in 0_u8..6,
        picks in prop::collection::vec(any::<u8>(), 0..5),
        rest in prop::collection::vec(step(), 0..3),
        noise in prop::collection::vec(any::<u8>(), 1..60),
    ) {
        let change = change(&document, kind, new, &picks, &rest);
        let wish = match &change {
            Change::Set(_, new) | Change::Merge(new) | Change::Replace(new) => new.clone(),
            Change::Delete(_) => Value::Null,
        };
        let wish = Printer::print(wish_style, &noise[noise.len() / 2..], &wish).text;
        let printed = Printer::print(style, &noise, &document);
        let base = printed.text.clone();

        let mut edited = Document::parse(base.clone()).unwrap();
        prop_assert_eq!(&edited.to_bytes(), &base);
        let done = apply(&mut edited, &change, &wish);
        let result = String::from_utf8(edited.to_bytes().to_vec()).unwrap();
        let Some(expected) = expected(&document, &change) else {
            prop_assert!(done.is_err());
            prop_assert_eq!(result, base);
            return Ok(());
        };
        prop_assert!(done.is_ok(), "{}\n{change:?}\n{done:?}", base);

        let value = plain(serde_json::from_str(&result).unwrap());
        prop_assert_eq!(&value, &plain(expected.clone()), "{}\n{}\n{}", base, wish, result);
        prop_assert_eq!(edited.text(&Path::root()).unwrap().unwrap(), result.trim());
        members_stay(&printed, &change, &document, &expected, &result, &mut Vec::new());
        surroundings_stay(&printed, &change, &result);
        if let Change::Replace(_) = change {
            prop_assert_eq!(keys(&result), keys(&wish), "{}\n{}\n{}", base, wish, result);
        }
        if !matches!(change, Change::Delete(_)) {
            let mut again = Document::parse(result.clone()).unwrap();
            apply(&mut again, &change, &wish).unwrap();
            prop_assert_eq!(again.to_bytes(), result);
            prop_assert!(!again.is_changed());
        }
    }

    #[test]
    fn several_changes_in_one_document_are_several_edits(
        document in value(),
        changes in prop::collection::vec(
            (0_u8..9, value(), prop::collection::vec(any::<u8>(), 0..5), prop::collection::vec(step(), 0..3)),
            1..5,
        ),
        style in 0_u8..6,
        noise in prop::collection::vec(any::<u8>(), 1..60),
    ) {
        let base = Printer::print(style, &noise, &document).text;
        let mut edited = Document::parse(base.clone()).unwrap();
        let mut model = document;
        for (kind, new, picks, rest) in changes {
            let change = change(&model, kind, new, &picks, &rest);
            let wish = match &change {
                Change::Set(_, new) | Change::Merge(new) | Change::Replace(new) => new.to_string(),
                Change::Delete(_) => String::new(),
            };
            let done = apply(&mut edited, &change, &wish);
            match expected(&model, &change) {
                Some(value) => model = value,
                None => prop_assert!(done.is_err()),
            }
            let value = serde_json::from_slice(&edited.to_bytes()).unwrap();
            prop_assert_eq!(plain(value), plain(model.clone()), "{}", base);
            for length in 0..=picks.len() {
                let place = path(&model, &picks[..length], &[]);
                let text = edited.text(&to_path(&place)).unwrap().unwrap();
                let there = at(&mut model, &place).unwrap().clone();
                prop_assert_eq!(plain(serde_json::from_str(&text).unwrap()), plain(there));
            }
        }
    }
}
