//! The functions of jq that change what paths lead to: `setpath`, and what assignments become.
//!
//! Values that nobody else holds are changed where they are, so a change costs what its path is long.

use jaq_core::box_iter::box_once;
use jaq_core::compile::TermId;
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{Bind, Ctx, Cv, Exn, Native, RunPtr, ValR, ValT, ValX, ValXs};
use jaq_json::{Rc, Val};

use super::run::Jq;
use super::text::Text;
use super::update::{self, MAX_LEN, position};
use super::value::{Failure, Members, Seen, Value};
use super::{delete, failure};

/// The functions. Names that begin with `!` are those that the parser alone can call.
pub(super) fn all() -> impl Iterator<Item = Fun<Jq>> {
    let filter = || [Bind::Fun(())].into();
    let filters = || [Bind::Fun(()), Bind::Fun(())].into();
    let functions: [(_, _, RunPtr<Jq>); 9] = [
        ("!last", filter(), last_or_null),
        ("!value", v(0), |cv| bome(Ok(cv.1))),
        ("!results", filter(), results),
        ("!assign", [Bind::Fun(()), Bind::Var(())].into(), assign),
        ("!update", filters(), |cv| box_once(changed(cv, |_| None))),
        ("!update_or_delete", filters(), |cv| box_once(changed(cv, |old| Some(old.clone())))),
        ("!update_all", filter(), |cv| box_once(changed_all(cv))),
        ("last", filter(), last),
        ("set_path", v(2), |mut cv| {
            let (new, path) = (cv.0.pop_var(), cv.0.pop_var());
            bome(set_path(cv.1, &path, new))
        }),
    ];
    let getpath = Native::<Jq>::new(|mut cv| {
        let path = cv.0.pop_var();
        bome(keys(&path).and_then(|keys| get(cv.1, keys)))
    });
    let getpath = getpath.with_paths(|mut cv| {
        let path = cv.0.pop_var();
        let (value, place) = cv.1;
        let found = keys(&path).and_then(|keys| {
            let value = get(value, keys)?;
            Ok((value, place.extend(keys.iter().cloned())))
        });
        box_once(found.map_err(Exn::from))
    });
    functions.map(run::<Jq>).into_iter().chain([("get_path", v(1), getpath)])
}

type Filter<'a> = (TermId, Ctx<'a, Jq>);

fn last_of<'a>((filter, ctx): Filter<'a>, input: Value) -> ValX<'a, Option<Value>, Value> {
    filter.run((ctx, input)).try_fold(None, |_, result| result.map(Some))
}

/// `last(f)`, which jq takes for no path.
fn last(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let filter = cv.0.pop_fun();
    Box::new(last_of(filter, cv.1).transpose().into_iter())
}

/// The next state of a `reduce`.
fn last_or_null(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let filter = cv.0.pop_fun();
    box_once(last_of(filter, cv.1).map(Option::unwrap_or_default))
}

/// An array of the results of a step of `foreach`. jq gives those before a failure to what follows, and
/// so to what may catch the failure; a filter that does so is ended.
fn results(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let (filter, ctx) = cv.0.pop_fun();
    let mut results = Vec::new();
    for result in filter.run((ctx, cv.1)) {
        match result {
            Ok(result) => results.push(result),
            Err(exception) if results.is_empty() => return box_once(Err(exception)),
            Err(_) => return box_once(Err(Exn::halt(failure::FAILED_LATE))),
        }
    }
    bome(Ok(Value::array(results)))
}

/// `paths = $value`
fn assign(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let new = cv.0.pop_var();
    let paths = cv.0.pop_fun();
    box_once(at_each(paths, cv.1, |value, keys| Ok(set(value, keys, new.clone())?)))
}

/// `paths |= update`. Where there is no result the value stays until all are done, and is deleted then.
/// `kept` is what it is known by until then.
fn changed(mut cv: Cv<'_, Jq>, kept: fn(&Value) -> Option<Value>) -> ValX<'_, Value> {
    let (update, ctx) = cv.0.pop_fun();
    let paths = cv.0.pop_fun();
    let mut doomed = Vec::new();
    let mut value = at_each(paths, cv.1, |value, keys| {
        let update = |old| update.run((ctx.clone(), old)).next().transpose();
        match slot(value, keys)? {
            Some(slot) => {
                let old = std::mem::take(slot);
                let kept = kept(&old);
                match update(old)? {
                    Some(new) => *slot = new,
                    None => {
                        *slot = kept.unwrap_or_default();
                        doomed.push(keys.to_vec());
                    }
                }
            }
            None => match update(get(value.clone(), keys)?)? {
                Some(new) => set(value, keys, new)?,
                None => doomed.push(keys.to_vec()),
            },
        }
        Ok(())
    })?;
    let mut doomed: Vec<&[Value]> = doomed.iter().map(Vec::as_slice).collect();
    doomed.sort();
    delete::paths(&mut value, &doomed)?;
    Ok(value)
}

/// `.. |= update`, where there is always a result. Since each path goes on where another one ends, none of
/// them need be walked from the root: a deep value would take the square of its depth.
fn changed_all(mut cv: Cv<'_, Jq>) -> ValX<'_, Value> {
    let (update, ctx) = cv.0.pop_fun();
    let update = |old| {
        let new = update.run((ctx.clone(), old)).next().transpose();
        new.map(Option::unwrap_or_default)
    };
    let mut value = cv.1.clone();
    change_from(&cv.1, &mut value, &update)?;
    Ok(value)
}

/// Changes a value, and then what is in it where something was in the original.
fn change_from<'a>(
    original: &Value,
    value: &mut Value,
    update: &impl Fn(Value) -> ValX<'a, Value>,
) -> ValX<'a, (), Value> {
    *value = update(std::mem::take(value))?;
    match original.seen() {
        Seen::Plain(_) => Ok(()),
        Seen::Arr(children) => children
            .iter()
            .enumerate()
            .try_for_each(|(at, child)| change_child(child, value, at.into(), update)),
        Seen::Obj(members) => members.iter().try_for_each(|(key, child)| {
            change_child(child, value, Value::Plain(key.clone()), update)
        }),
    }
}

fn change_child<'a>(
    original: &Value,
    parent: &mut Value,
    key: Value,
    update: &impl Fn(Value) -> ValX<'a, Value>,
) -> ValX<'a, (), Value> {
    let path = std::slice::from_ref(&key);
    if let Some(child) = slot(parent, path)? {
        return change_from(original, child, update);
    }
    let mut child = get(parent.clone(), path)?;
    change_from(original, &mut child, update)?;
    Ok(set(parent, path, child)?)
}

/// Changes a value at each of the paths that it has at the beginning.
///
/// What finds the paths holds the value, so it is let go when the last one is found.
fn at_each<'a>(
    (paths, ctx): Filter<'a>,
    mut value: Value,
    mut change: impl FnMut(&mut Value, &[Value]) -> ValX<'a, (), Value>,
) -> ValX<'a, Value> {
    let mut paths = Some(paths.paths((ctx, (value.clone(), Default::default()))));
    let mut next = paths.as_mut().and_then(Iterator::next);
    while let Some(found) = next {
        let mut keys: Vec<Value> = found?.1.iter().cloned().collect();
        keys.reverse();
        next = paths.as_mut().and_then(Iterator::next);
        if next.is_none() {
            paths = None;
        }
        change(&mut value, &keys)?;
    }
    Ok(value)
}

fn keys(path: &Value) -> Result<&[Value], Failure> {
    match path.seen() {
        Seen::Arr(keys) => Ok(keys),
        _ => Err(Failure::str("a path must be an array")),
    }
}

fn get(mut value: Value, keys: &[Value]) -> ValR<Value> {
    for key in keys {
        if matches!(value, Value::Plain(Val::Null)) {
            break;
        }
        value = value.index(key)?;
    }
    Ok(value)
}

fn set_path(mut value: Value, path: &Value, new: Value) -> ValR<Value> {
    set(&mut value, keys(path)?, new)?;
    Ok(value)
}

/// Where a path leads, if that is a place of its own.
fn slot<'v>(mut value: &'v mut Value, keys: &[Value]) -> Result<Option<&'v mut Value>, Failure> {
    for key in keys {
        if matches!(key.seen(), Seen::Obj(_)) {
            return Ok(None);
        }
        match delete::child(value, key)? {
            Some(child) => value = child,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

fn set(value: &mut Value, keys: &[Value], new: Value) -> Result<(), Failure> {
    let Some((key, rest)) = keys.split_first() else {
        *value = new;
        return Ok(());
    };
    if let Seen::Obj(_) = key.seen() {
        return update::slice(value, key, |part| set(part, rest, new));
    }
    if let Some(child) = delete::child(value, key)? {
        return set(child, rest, new);
    }
    let mut child = Value::default();
    set(&mut child, rest, new)?;
    insert(value, key, child)
}

/// Puts a child where there is none yet.
fn insert(parent: &mut Value, key: &Value, child: Value) -> Result<(), Failure> {
    if let (Value::Text(text), Value::Plain(key)) = (&mut *parent, key)
        && let Some(member) = Text::member_mut(text, key)
    {
        *member = child;
        return Ok(());
    }
    delete::open(parent);
    if let (Value::Plain(Val::Null), Some(key)) = (&*parent, key.plain()) {
        match key {
            Val::TStr(_) => *parent = Value::object(Members::default()),
            Val::Num(_) => *parent = Value::array(Vec::new()),
            _ => {}
        }
    }
    match (&mut *parent, key) {
        (Value::Obj(members), Value::Plain(key @ Val::TStr(_))) => {
            Rc::make_mut(members).insert(key.clone(), child);
        }
        (Value::Arr(values), Value::Plain(Val::Num(_))) => {
            let Some(at) = position(key, values.len()).filter(|at| *at < MAX_LEN) else {
                return Err(Failure::str("an array index is out of bounds"));
            };
            let values = Rc::make_mut(values);
            if at >= values.len() {
                values.resize(at + 1, Value::default());
            }
            values[at] = child;
        }
        _ => return Err(Value::no_index(parent.kind(), key)),
    }
    Ok(())
}
