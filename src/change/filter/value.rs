//! The values that filters compute with: those of jaq, with the habits of jq.
//!
//! jaq differs from jq where it matters most to somebody who edits a file: `null | .a = 1` and
//! `.list[.list | length] = 1` fail in jaq, `4 / 2` is `2.0`, and deleting a member moves another
//! one into its place. [`Value`] behaves as in jq there, and leaves the rest to [`Val`].

use std::fmt;

use bytes::Bytes;
use jaq_core::box_iter::{BoxIter, box_once};
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{ValR, ValX};
use jaq_json::{Map, Rc, Val};

use super::arithmetic::{computed, whole};
use super::{read, update, write};

pub(super) type Failure = jaq_core::Error<Value>;

#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value(pub(super) Val);

impl Value {
    /// What the value is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        kind(&self.0)
    }

    pub(super) fn string(text: impl Into<Bytes>) -> Self {
        Value(Val::utf8_str(text))
    }

    /// The failure to look up `key` in a value of this kind.
    pub(super) fn no_index(container: &str, key: &Val) -> Failure {
        match key {
            Val::TStr(name) => Failure::str(format_args!(
                "cannot index {container} with \"{}\"",
                jaq_json::bstr(&**name)
            )),
            _ => Failure::str(format_args!("cannot index {} with {}", container, kind(key))),
        }
    }
}

pub(super) fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "a boolean",
        Val::Num(_) => "a number",
        Val::BStr(_) => "a byte string",
        Val::TStr(_) => "a string",
        Val::Arr(_) => "an array",
        Val::Obj(_) => "an object",
    }
}

/// What jaq prints into the text of an error: the type of a value and never its content, because
/// documents hold secrets and errors end up in logs.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value(Val::from(value))
    }
}

impl From<isize> for Value {
    fn from(value: isize) -> Self {
        Value(Val::from(value))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value(Val::from(value))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        computed(Val::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value(Val::from(value))
    }
}

impl From<Range<Value>> for Value {
    fn from(range: Range<Value>) -> Self {
        Value(Val::from(range.start.map(|value| value.0)..range.end.map(|value| value.0)))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Value(values.into_iter().map(|value| value.0).collect())
    }
}

impl jaq_core::ValT for Value {
    fn from_num(text: &str) -> ValR<Self> {
        Ok(Value(Val::Num(read::literal(text))))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(members: I) -> ValR<Self> {
        let mut map = Map::default();
        for (key, value) in members {
            if !matches!(key.0, Val::TStr(_)) {
                return Err(Failure::str(format_args!("an object key cannot be {key}")));
            }
            map.insert(key.0, value.0);
        }
        Ok(Value(Val::obj(map)))
    }

    fn key_values(self) -> BoxIter<'static, ValR<(Self, Self), Self>> {
        match self.0 {
            Val::Arr(array) => {
                let values = Rc::unwrap_or_clone(array).into_iter().enumerate();
                Box::new(values.map(|(index, value)| Ok((index.into(), Value(value)))))
            }
            Val::Obj(object) => {
                let members = Rc::unwrap_or_clone(object).into_iter();
                Box::new(members.map(|(key, value)| Ok((Value(key), Value(value)))))
            }
            _ => box_once(Err(update::not_iterable(&self))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self.0 {
            Val::Arr(array) => {
                Box::new(Rc::unwrap_or_clone(array).into_iter().map(|value| Ok(Value(value))))
            }
            Val::Obj(object) => {
                let members = Rc::unwrap_or_clone(object).into_iter();
                Box::new(members.map(|(_, value)| Ok(Value(value))))
            }
            _ => box_once(Err(update::not_iterable(&self))),
        }
    }

    fn index(self, index: &Self) -> ValR<Self> {
        let kind = self.kind();
        let found = match (&self.0, &index.0) {
            (Val::Obj(object), key @ Val::TStr(_)) => Some(object.get(key).cloned()),
            (Val::Obj(_), _) => None,
            (_, key) => jaq_core::ValT::index(self.0, &whole(key, f64::floor)).ok().map(Some),
        };
        let found = found.ok_or_else(|| Self::no_index(kind, &index.0))?;
        Ok(Value(found.unwrap_or_default()))
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        if self.0 == Val::Null {
            return Ok(self);
        }
        let kind = self.kind();
        let start = range.start.map(|value| whole(&value.0, f64::floor));
        let end = range.end.map(|value| whole(&value.0, f64::ceil));
        let slice = jaq_core::ValT::range(self.0, start.as_deref()..end.as_deref());
        slice.map(Value).map_err(|_| update::no_slice(kind))
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        update::values(self, opt, f)
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        index: &Self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        update::index(self, &index.0, opt, f)
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        range: Range<&Self>,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        update::range(self, range.start.map(|v| &v.0)..range.end.map(|v| &v.0), opt, f)
    }

    fn as_bool(&self) -> bool {
        jaq_core::ValT::as_bool(&self.0)
    }

    fn into_string(self) -> Self {
        match self.0 {
            Val::BStr(text) | Val::TStr(text) => Value(Val::TStr(text)),
            value => Value::string(write::text(&value).text),
        }
    }
}

impl jaq_std::ValT for Value {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match self.0 {
            Val::Arr(array) => Ok(Rc::unwrap_or_clone(array).into_iter().map(Value).collect()),
            value => Err(Value(value)),
        }
    }

    fn is_int(&self) -> bool {
        self.0.is_int()
    }

    fn as_isize(&self) -> Option<isize> {
        self.0.as_isize()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn is_utf8_str(&self) -> bool {
        self.0.is_utf8_str()
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        self.0.as_bytes()
    }

    fn as_sub_str(&self, sub: &[u8]) -> Self {
        Value(self.0.as_sub_str(sub))
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Value(Val::from_utf8_bytes(bytes))
    }
}
