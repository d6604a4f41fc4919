//! Searching strings for regular expressions, with the engine that jq uses and in the order in which jq
//! asks it, so that both find the same.

use std::cell::RefCell;
use std::rc::Rc;

use jaq_json::Val;
use onig::{MatchParam, RegexOptions, Region, SearchOptions, Syntax};

use super::super::value::{Failure, Members, Value};

type Result<T> = std::result::Result<T, Failure>;

/// A regular expression with its flags.
pub(super) struct Pattern {
    regex: onig::Regex,
    flags: Flags,
    /// The name of each group, but for that of the whole.
    names: Vec<Option<String>>,
}

/// What letters behind an expression ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Flags {
    /// Whether all matches are wanted.
    is_global: bool,
    options: RegexOptions,
}

/// A pattern and the expression that it was made of.
type Known = Option<(String, Rc<Pattern>)>;

thread_local! {
    /// The last pattern: a filter mostly looks for the same in many strings.
    static LAST: RefCell<Known> = const { RefCell::new(None) };
}

impl Pattern {
    /// `flags` is a string of letters, or null.
    pub(super) fn of(expression: &Value, flags: &Value) -> Result<Rc<Self>> {
        let (expression, flags) = (text(expression)?, Flags::of(flags)?);
        let known = LAST.with_borrow(|last| {
            let is_it = |(text, pattern): &&(String, Rc<Pattern>)| {
                text == expression && pattern.flags == flags
            };
            last.as_ref().filter(is_it).map(|(_, pattern)| Rc::clone(pattern))
        });
        if let Some(pattern) = known {
            return Ok(pattern);
        }
        let pattern = Rc::new(Self::new(expression, flags)?);
        LAST.set(Some((expression.to_owned(), Rc::clone(&pattern))));
        Ok(pattern)
    }

    fn new(expression: &str, flags: Flags) -> Result<Self> {
        let regex = onig::Regex::with_options(expression, flags.options, Syntax::perl_ng());
        let regex = regex.map_err(|error| failure(&error))?;
        let mut names = vec![None; regex.captures_len()];
        regex.foreach_name(|name, groups| {
            for group in groups {
                if let Some(group) = names.get_mut(*group as usize - 1) {
                    *group = Some(name.to_owned());
                }
            }
            true
        });
        Ok(Pattern { regex, flags, names })
    }

    /// Whether anything in the string matches.
    pub(super) fn is_in(&self, string: &Value) -> Result<bool> {
        Ok(self.matches(string)?.next().transpose()?.is_some())
    }

    /// The matches in the string: all of them, or the first if the flags do not say `g`.
    pub(super) fn matches<'m>(&'m self, string: &'m Value) -> Result<Matches<'m>> {
        Ok(Matches { pattern: self, string, text: text(string)?, from: Some(0), counted: (0, 0) })
    }
}

impl Flags {
    fn of(letters: &Value) -> Result<Self> {
        let mut options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
        let mut is_global = false;
        let letters = if matches!(letters, Value::Plain(Val::Null)) { "" } else { text(letters)? };
        for letter in letters.chars() {
            options |= match letter {
                'g' => {
                    is_global = true;
                    continue;
                }
                'i' => RegexOptions::REGEX_OPTION_IGNORECASE,
                'x' => RegexOptions::REGEX_OPTION_EXTEND,
                'm' => RegexOptions::REGEX_OPTION_MULTILINE,
                's' => RegexOptions::REGEX_OPTION_SINGLELINE,
                'p' => RegexOptions::REGEX_OPTION_MULTILINE | RegexOptions::REGEX_OPTION_SINGLELINE,
                'l' => RegexOptions::REGEX_OPTION_FIND_LONGEST,
                'n' => RegexOptions::REGEX_OPTION_FIND_NOT_EMPTY,
                _ => return Err(Failure::str("the flags of a regex are the letters gimnpslx")),
            };
        }
        Ok(Flags { is_global, options })
    }
}

fn text(value: &Value) -> Result<&str> {
    match value {
        Value::Plain(Val::TStr(bytes)) => std::str::from_utf8(bytes)
            .map_err(|_| Failure::str("a regex cannot search what is not UTF-8")),
        _ => Err(Failure::str(format_args!("a regex needs strings, and {value} is none"))),
    }
}

/// Names in angle brackets are those of groups, which may come from the document.
fn failure(error: &onig::Error) -> Failure {
    let description = error.description().split('<').next().unwrap_or_default();
    Failure::str(format_args!("the regex fails: {}", description.trim_end()))
}

/// The matches of a pattern in a string.
pub(super) struct Matches<'m> {
    pattern: &'m Pattern,
    string: &'m Value,
    text: &'m str,
    /// Where to go on, if there can be another match.
    from: Option<usize>,
    /// A place, and how many characters start before it.
    counted: (usize, usize),
}

impl Iterator for Matches<'_> {
    type Item = Result<Region>;

    fn next(&mut self) -> Option<Self::Item> {
        let (from, end) = (self.from.take()?, self.text.len());
        let mut region = Region::new();
        let found = self.pattern.regex.search_with_param(
            self.text,
            from,
            end,
            SearchOptions::SEARCH_OPTION_NONE,
            Some(&mut region),
            MatchParam::default(),
        );
        match found {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(error) => return Some(Err(failure(&error))),
        }
        let (start, stop) = region.pos(0)?;
        // After an empty match jq goes on at the next byte, even if that is amid a character.
        let next = if start == stop { stop + 1 } else { stop };
        self.from = Some(next).filter(|next| self.pattern.flags.is_global && *next <= end);
        Some(Ok(region))
    }
}

impl Matches<'_> {
    /// How many characters start before a place. Places mostly follow each other.
    fn characters(&mut self, place: usize) -> usize {
        let starts = |text: &[u8]| text.iter().filter(|byte| (**byte as i8) >= -0x40).count();
        let (known, count) = self.counted;
        let bytes = self.text.as_bytes();
        let count = match place.checked_sub(known) {
            Some(_) => count + starts(&bytes[known..place]),
            None => count - starts(&bytes[place..known]),
        };
        self.counted = (place, count);
        count
    }

    /// The offset and length of a part in characters, as jq counts them: the offset of what starts amid
    /// a character is that of the character behind it if the part is empty, and else 0.
    fn counted(&mut self, (start, end): (usize, usize)) -> (usize, usize) {
        if start < end && !self.text.is_char_boundary(start) {
            return (0, self.characters(end));
        }
        let offset = self.characters(start);
        (offset, self.characters(end) - offset)
    }

    /// Where the part stands to which offset and length point.
    pub(super) fn place(&self, region: &Region) -> (usize, usize) {
        let (start, end) = region.pos(0).unwrap_or_default();
        let is_amid = start < end && !self.text.is_char_boundary(start);
        (if is_amid { 0 } else { self.boundary(start) }, self.boundary(end))
    }

    /// The first place from here on that is not amid a character.
    fn boundary(&self, place: usize) -> usize {
        (place..self.len()).find(|place| self.text.is_char_boundary(*place)).unwrap_or(self.len())
    }

    /// How long the string is.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The bytes between two places, none if the second is before the first.
    pub(super) fn bytes(&self, start: usize, end: usize) -> &[u8] {
        self.text.as_bytes().get(start..end).unwrap_or_default()
    }

    /// A part of the string, which shares its memory.
    pub(super) fn part(&self, start: usize, end: usize) -> Value {
        let bytes = self.bytes(start, end);
        match String::from_utf8_lossy(bytes) {
            std::borrow::Cow::Borrowed(_) => jaq_std::ValT::as_sub_str(self.string, bytes),
            std::borrow::Cow::Owned(text) => Value::string(text),
        }
    }

    /// What `match` gives for a match. The order of the members is that of jq.
    pub(super) fn described(&mut self, region: &Region) -> Value {
        let whole = region.pos(0).unwrap_or_default();
        let (offset, length) = self.counted(whole);
        let names = self.pattern.names.iter().enumerate();
        let captures = names.map(|(group, name)| {
            let place = region.pos(group + 1).map(|place| within(place, whole));
            self.capture(place, name.as_deref())
        });
        let captures = captures.collect();
        object([
            ("offset", offset.into()),
            ("length", length.into()),
            ("string", self.part(whole.0, whole.1)),
            ("captures", captures),
        ])
    }

    fn capture(&mut self, place: Option<(usize, usize)>, name: Option<&str>) -> Value {
        let name = ("name", name.map(|name| Value::string(name.to_owned())).unwrap_or_default());
        let Some((start, end)) = place else {
            let (offset, length) = (("offset", (-1isize).into()), ("length", 0usize.into()));
            return object([offset, ("string", Value::default()), length, name]);
        };
        let (offset, length) = self.counted((start, end));
        let (offset, length) = (("offset", offset.into()), ("length", length.into()));
        let string = ("string", self.part(start, end));
        if start == end {
            return object([offset, string, length, name]);
        }
        object([offset, length, string, name])
    }

    /// The strings of the groups, by their names.
    pub(super) fn named(&self, region: &Region) -> Value {
        let names = self.pattern.names.iter().enumerate();
        let members = names.filter_map(|(group, name)| {
            let name = Val::utf8_str(name.clone()?);
            Some((name, self.group(region, group)))
        });
        Value::object(members.collect())
    }

    /// The string of each group, or of the whole if there are none.
    pub(super) fn scanned(&self, region: &Region) -> Value {
        if self.pattern.names.is_empty() {
            let (start, end) = region.pos(0).unwrap_or_default();
            return self.part(start, end);
        }
        (0..self.pattern.names.len()).map(|group| self.group(region, group)).collect()
    }

    fn group(&self, region: &Region, group: usize) -> Value {
        let whole = region.pos(0).unwrap_or_default();
        match region.pos(group + 1) {
            Some(place) => {
                let (start, end) = within(place, whole);
                self.part(start, end)
            }
            None => Value::default(),
        }
    }
}

/// Where a group stands, which jq takes for empty if the whole match is.
fn within(group: (usize, usize), whole: (usize, usize)) -> (usize, usize) {
    if whole.0 == whole.1 { whole } else { group }
}

fn object<const N: usize>(members: [(&'static str, Value); N]) -> Value {
    let members = members.into_iter().map(|(name, value)| (Val::utf8_str(name), value));
    Value::object(members.collect::<Members>())
}
