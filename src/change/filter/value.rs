//! The values that filters compute with: those of jaq, with the habits of jq, and arrays and objects that
//! are still text.
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
use jaq_json::{Rc, Val};

use super::arithmetic::computed;
use super::nested::descend;
use super::text::Text;
use super::{index, read, update, write};

pub(super) type Failure = jaq_core::Error<Value>;

pub(super) use super::nested::{Array, Members};

#[derive(Clone)]
pub(super) enum Value {
    /// Neither array nor object.
    Plain(Val),
    Arr(Rc<Array>),
    Obj(Rc<Members>),
    /// An array or object that nobody has read yet.
    Text(Rc<Text>),
}

/// A value with its children.
pub(super) enum Seen<'v> {
    Plain(&'v Val),
    Arr(&'v [Value]),
    Obj(&'v Members),
}

impl Value {
    /// What the value is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Plain(value) => kind(value),
            Value::Arr(_) => "an array",
            Value::Obj(_) => "an object",
            Value::Text(text) => {
                if text.is_object() {
                    "an object"
                } else {
                    "an array"
                }
            }
        }
    }

    pub(super) fn string(text: impl Into<Bytes>) -> Self {
        Value::Plain(Val::utf8_str(text))
    }

    pub(super) fn array(values: Vec<Value>) -> Self {
        Value::Arr(Rc::new(values.into()))
    }

    pub(super) fn object(members: Members) -> Self {
        Value::Obj(Rc::new(members))
    }

    /// The value with its children, which are kept if it is text.
    pub(super) fn seen(&self) -> Seen<'_> {
        match self {
            Value::Plain(value) => Seen::Plain(value),
            Value::Arr(values) => Seen::Arr(values),
            Value::Obj(members) => Seen::Obj(members),
            Value::Text(text) => match text.opened() {
                Value::Arr(values) => Seen::Arr(values),
                Value::Obj(members) => Seen::Obj(members),
                _ => Seen::Arr(&[]),
            },
        }
    }

    /// The value itself, or what a text is that is opened.
    pub(super) fn opened(self) -> Self {
        match self {
            Value::Text(text) => Text::into_opened(text),
            value => value,
        }
    }

    /// The value, if it is neither array nor object.
    pub(super) fn plain(&self) -> Option<&Val> {
        match self {
            Value::Plain(value) => Some(value),
            _ => None,
        }
    }

    /// The failure to look up `key` in a value of this kind.
    pub(super) fn no_index(container: &str, key: &Value) -> Failure {
        match key {
            Value::Plain(Val::TStr(name)) => Failure::str(format_args!(
                "cannot index {container} with \"{}\"",
                jaq_json::bstr(&**name)
            )),
            _ => Failure::str(format_args!("cannot index {container} with {}", key.kind())),
        }
    }
}

impl Default for Value {
    fn default() -> Self {
        Value::Plain(Val::Null)
    }
}

/// What jaq computed.
impl From<Val> for Value {
    fn from(value: Val) -> Self {
        match value {
            Val::Arr(values) => Rc::unwrap_or_clone(values).into_iter().map(Value::from).collect(),
            Val::Obj(members) => {
                let members = Rc::unwrap_or_clone(members).into_iter();
                Value::object(members.map(|(key, value)| (key, value.into())).collect())
            }
            value => Value::Plain(value),
        }
    }
}

fn kind(value: &Val) -> &'static str {
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
        Value::Plain(Val::from(value))
    }
}

impl From<isize> for Value {
    fn from(value: isize) -> Self {
        Value::Plain(Val::from(value))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value::Plain(Val::from(value))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        computed(Val::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::Plain(Val::from(value))
    }
}

impl From<Range<Value>> for Value {
    fn from(range: Range<Value>) -> Self {
        let bounds = [("start", range.start), ("end", range.end)].into_iter();
        let bound = |(name, bound): (&'static str, Option<Value>)| {
            (Val::utf8_str(name), bound.unwrap_or_default())
        };
        Value::object(bounds.map(bound).collect())
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Value::array(values.into_iter().collect())
    }
}

impl jaq_core::ValT for Value {
    fn from_num(text: &str) -> ValR<Self> {
        Ok(Value::Plain(Val::Num(read::literal(text))))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(members: I) -> ValR<Self> {
        let mut map = Members::default();
        for (key, value) in members {
            match key {
                Value::Plain(key @ Val::TStr(_)) => drop(map.insert(key, value)),
                key => {
                    return Err(Failure::str(format_args!("an object key cannot be {key}")));
                }
            }
        }
        Ok(Value::object(map))
    }

    fn key_values(self) -> BoxIter<'static, ValR<(Self, Self), Self>> {
        match self {
            Value::Text(text) if !text.is_object() => {
                let values = Text::elements(text).enumerate();
                Box::new(values.map(|(index, value)| Ok((index.into(), value))))
            }
            value => match value.opened() {
                Value::Arr(array) => {
                    let values = Rc::unwrap_or_clone(array).into_iter().enumerate();
                    Box::new(values.map(|(index, value)| Ok((index.into(), value))))
                }
                Value::Obj(object) => {
                    let members = Rc::unwrap_or_clone(object).into_iter();
                    Box::new(members.map(|(key, value)| Ok((Value::Plain(key), value))))
                }
                value => box_once(Err(update::not_iterable(&value))),
            },
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self {
            Value::Text(text) if !text.is_object() => Box::new(Text::elements(text).map(Ok)),
            value => match value.opened() {
                Value::Arr(array) => Box::new(Rc::unwrap_or_clone(array).into_iter().map(Ok)),
                Value::Obj(object) => {
                    let members = Rc::unwrap_or_clone(object).into_iter();
                    Box::new(members.map(|(_, value)| Ok(value)))
                }
                value => box_once(Err(update::not_iterable(&value))),
            },
        }
    }

    fn index(self, key: &Self) -> ValR<Self> {
        index::index(&self, key).ok_or_else(|| Self::no_index(self.kind(), key))
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        if matches!(self, Value::Plain(Val::Null)) {
            return Ok(self);
        }
        let kind = self.kind();
        index::slice(self, range).ok_or_else(|| update::no_slice(kind))
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        descend();
        update::values(self, opt, f)
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        index: &Self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        descend();
        update::index(self, index, opt, f)
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        range: Range<&Self>,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        descend();
        update::range(self, range, opt, f)
    }

    fn as_bool(&self) -> bool {
        self.plain().is_none_or(jaq_core::ValT::as_bool)
    }

    fn into_string(self) -> Self {
        match self {
            Value::Plain(Val::BStr(text) | Val::TStr(text)) => Value::Plain(Val::TStr(text)),
            value => Value::string(write::json(&value)),
        }
    }
}

impl jaq_std::ValT for Value {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match self {
            Value::Arr(array) => Ok(Rc::unwrap_or_clone(array).into_iter().collect()),
            Value::Text(text) if !text.is_object() => Ok(Text::elements(text).collect()),
            value => Err(value),
        }
    }

    fn is_int(&self) -> bool {
        self.plain().is_some_and(jaq_std::ValT::is_int)
    }

    fn as_isize(&self) -> Option<isize> {
        self.plain().and_then(jaq_std::ValT::as_isize)
    }

    fn as_f64(&self) -> Option<f64> {
        self.plain().and_then(jaq_std::ValT::as_f64)
    }

    fn is_utf8_str(&self) -> bool {
        self.plain().is_some_and(jaq_std::ValT::is_utf8_str)
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        self.plain().and_then(jaq_std::ValT::as_bytes)
    }

    fn as_sub_str(&self, sub: &[u8]) -> Self {
        // Only strings are asked.
        self.plain().map_or_else(Value::default, |value| Value::Plain(value.as_sub_str(sub)))
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Value::Plain(Val::from_utf8_bytes(bytes))
    }
}
