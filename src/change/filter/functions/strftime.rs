//! Times as text, in the words and forms of the C locale.

use jaq_core::ValR;
use jaq_json::Val;

use super::super::value::{Failure, Value};
use super::time::{self, Parts};

type Result<T> = std::result::Result<T, Failure>;

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `strftime`: a number of seconds or a time in parts, in a format of C.
pub(super) fn format(value: &Value, format: &Value) -> ValR<Value> {
    let mut out = String::new();
    written(&time::normal(value)?, text(format)?, &mut out)?;
    Ok(Value::string(out))
}

fn text(value: &Value) -> Result<&str> {
    let text = match value {
        Value::Plain(Val::TStr(text)) => std::str::from_utf8(text).ok(),
        _ => None,
    };
    text.ok_or_else(|| Failure::str(format_args!("a time needs a string, and {value} is none")))
}

fn written(parts: &Parts, format: &str, out: &mut String) -> Result<()> {
    let mut rest = format.chars();
    while let Some(char) = rest.next() {
        if char != '%' {
            out.push(char);
            continue;
        }
        let mut letter = rest.next();
        let flag = letter.filter(|flag| "-_0^".contains(*flag));
        if flag.is_some() {
            letter = rest.next();
        }
        let letter =
            letter.ok_or_else(|| Failure::str("a format of times ends amid a directive"))?;
        let start = out.len();
        directive(parts, letter, flag, out)?;
        if flag == Some('^') {
            let upper = out[start..].to_uppercase();
            out.replace_range(start.., &upper);
        }
    }
    Ok(())
}

fn directive(parts: &Parts, letter: char, flag: Option<char>, out: &mut String) -> Result<()> {
    if let Some((number, width, pad)) = number(parts, letter) {
        out.push_str(&padded(number, width, flag.unwrap_or(pad)));
        return Ok(());
    }
    match letter {
        'A' => out.push_str(name(&DAYS, parts.weekday)),
        'a' => out.push_str(&name(&DAYS, parts.weekday)[..3]),
        'B' => out.push_str(name(&MONTHS, parts.month)),
        'b' | 'h' => out.push_str(&name(&MONTHS, parts.month)[..3]),
        'p' => out.push_str(if parts.hour < 12 { "AM" } else { "PM" }),
        'P' => out.push_str(if parts.hour < 12 { "am" } else { "pm" }),
        'Z' => out.push_str("GMT"),
        'z' => out.push_str("+0000"),
        'n' => out.push('\n'),
        't' => out.push('\t'),
        '%' => out.push('%'),
        _ => {
            let format = match letter {
                'c' => "%a %b %e %H:%M:%S %Y",
                'D' | 'x' => "%m/%d/%y",
                'F' => "%Y-%m-%d",
                'R' => "%H:%M",
                'r' => "%I:%M:%S %p",
                'T' | 'X' => "%H:%M:%S",
                _ => {
                    return Err(Failure::str(
                        "a format of times has a directive that is not known",
                    ));
                }
            };
            return written(parts, format, out);
        }
    }
    Ok(())
}

/// The number of a directive, how wide it is, and with what it is filled.
fn number(parts: &Parts, letter: char) -> Option<(i64, usize, char)> {
    let twelve = (parts.hour + 11) % 12 + 1;
    let monday = (parts.weekday + 6) % 7;
    Some(match letter {
        'C' => (parts.year.div_euclid(100), 1, '0'),
        'd' => (parts.day, 2, '0'),
        'e' => (parts.day, 2, '_'),
        'G' => (week(parts).0, 1, '0'),
        'g' => (week(parts).0.rem_euclid(100), 2, '0'),
        'H' => (parts.hour, 2, '0'),
        'I' => (twelve, 2, '0'),
        'j' => (parts.year_day + 1, 3, '0'),
        'k' => (parts.hour, 2, '_'),
        'l' => (twelve, 2, '_'),
        'M' => (parts.minute, 2, '0'),
        'm' => (parts.month + 1, 2, '0'),
        'S' => (parts.second, 2, '0'),
        's' => (parts.seconds(), 1, '0'),
        'U' => ((parts.year_day + 7 - parts.weekday) / 7, 2, '0'),
        'u' => (monday + 1, 1, '0'),
        'V' => (week(parts).1, 2, '0'),
        'W' => ((parts.year_day + 7 - monday) / 7, 2, '0'),
        'w' => (parts.weekday, 1, '0'),
        'Y' => (parts.year, 1, '0'),
        'y' => (parts.year.rem_euclid(100), 2, '0'),
        _ => return None,
    })
}

/// The year and number of the week, which belongs to the year that has its Thursday.
fn week(parts: &Parts) -> (i64, i64) {
    let monday = (parts.weekday + 6) % 7;
    let thursday = Parts { day: parts.day - monday + 3, ..*parts };
    let thursday = Parts::at(thursday.seconds()).unwrap_or(thursday);
    (thursday.year, thursday.year_day / 7 + 1)
}

fn padded(number: i64, width: usize, pad: char) -> String {
    match pad {
        '-' => number.to_string(),
        '_' => format!("{number:width$}"),
        _ => format!("{number:0width$}"),
    }
}

fn name<'n>(names: &[&'n str], number: i64) -> &'n str {
    usize::try_from(number).ok().and_then(|number| names.get(number)).copied().unwrap_or("???")
}

/// `strptime`: the parts that a text has in a format of C. What follows white space behind them is kept.
pub(super) fn parse(value: &Value, format: &Value) -> ValR<Value> {
    let mut reader = Reader { rest: text(value)?, read: Read::default() };
    reader.parts(text(format)?).ok_or_else(|| Failure::str("a time does not match its format"))?;
    let mut parts = reader.finished().value();
    match reader.rest.chars().next() {
        None => {}
        Some(' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}') => {
            parts.push(Value::string(reader.rest.to_owned()));
        }
        Some(_) => return Err(Failure::str("a time does not match its format")),
    }
    Ok(Value::array(parts))
}

/// `fromdateiso8601`: the seconds of a time as RFC 3339 has it, in UTC and in whole seconds.
pub(super) fn from_iso(value: &Value) -> ValR<Value> {
    let parts = parse(value, &Value::string("%Y-%m-%dT%H:%M:%SZ"))?;
    time::mktime(&parts)
}

/// `todateiso8601`: a time as RFC 3339 has it.
pub(super) fn to_iso(value: &Value) -> ValR<Value> {
    self::format(value, &Value::string("%Y-%m-%dT%H:%M:%SZ"))
}

/// What has been read of a time.
struct Read {
    parts: Parts,
    has_month: bool,
    has_day: bool,
    has_weekday: bool,
    has_year_day: bool,
    /// Whether anything of a date was read.
    has_date: bool,
    hour_of_twelve: bool,
    is_afternoon: bool,
}

impl Default for Read {
    fn default() -> Self {
        // jq marks days that are not known like this.
        let parts = Parts { year: 1900, weekday: 8, year_day: 367, ..Parts::default() };
        Read {
            parts,
            has_month: false,
            has_day: false,
            has_weekday: false,
            has_year_day: false,
            has_date: false,
            hour_of_twelve: false,
            is_afternoon: false,
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    read: Read,
}

impl Reader<'_> {
    fn parts(&mut self, format: &str) -> Option<()> {
        let mut format = format.chars();
        while let Some(char) = format.next() {
            match char {
                '%' => self.directive(format.next()?)?,
                char if char.is_ascii_whitespace() => self.skip_spaces(),
                char => self.rest = self.rest.strip_prefix(char)?,
            }
        }
        Some(())
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    }

    fn directive(&mut self, letter: char) -> Option<()> {
        match letter {
            'n' | 't' => self.skip_spaces(),
            '%' => self.rest = self.rest.strip_prefix('%')?,
            'D' | 'x' => self.parts("%m/%d/%y")?,
            'F' => self.parts("%Y-%m-%d")?,
            'R' => self.parts("%H:%M")?,
            'T' | 'X' => self.parts("%H:%M:%S")?,
            'r' => self.parts("%I:%M:%S %p")?,
            'c' => self.parts("%a %b %e %H:%M:%S %Y")?,
            'p' => {
                let half = self.name(&["AM", "PM"])?;
                self.read.is_afternoon = half == 1;
            }
            'H' | 'k' | 'I' | 'l' | 'M' | 'S' => self.time(letter)?,
            'Z' => {
                self.skip_spaces();
                self.rest = self.rest.trim_start_matches(|char: char| !char.is_ascii_whitespace());
            }
            'z' => self.offset()?,
            _ => self.date(letter)?,
        }
        Some(())
    }

    fn time(&mut self, letter: char) -> Option<()> {
        match letter {
            'H' | 'k' => {
                self.read.parts.hour = self.number(0..=23, 2)?;
                self.read.hour_of_twelve = false;
            }
            'I' | 'l' => {
                self.read.parts.hour = self.number(1..=12, 2)? % 12;
                self.read.hour_of_twelve = true;
            }
            'M' => self.read.parts.minute = self.number(0..=59, 2)?,
            _ => self.read.parts.second = self.number(0..=61, 2)?,
        }
        Some(())
    }

    fn date(&mut self, letter: char) -> Option<()> {
        match letter {
            'd' | 'e' => {
                self.read.parts.day = self.number(1..=31, 2)?;
                self.read.has_day = true;
            }
            'm' => {
                self.read.parts.month = self.number(1..=12, 2)? - 1;
                self.read.has_month = true;
            }
            'b' | 'B' | 'h' => {
                self.read.parts.month = self.name(&MONTHS)?;
                self.read.has_month = true;
            }
            'Y' => self.read.parts.year = self.number(0..=9999, 4)?,
            'y' => {
                let year = self.number(0..=99, 2)?;
                self.read.parts.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            'j' => {
                self.read.parts.year_day = self.number(1..=366, 3)? - 1;
                self.read.has_year_day = true;
                return Some(());
            }
            'a' | 'A' | 'w' | 'u' => {
                self.read.parts.weekday = match letter {
                    'w' => self.number(0..=6, 1)?,
                    'u' => self.number(1..=7, 1)? % 7,
                    _ => self.name(&DAYS)?,
                };
                self.read.has_weekday = true;
                return Some(());
            }
            _ => return None,
        }
        self.read.has_date = true;
        Some(())
    }

    /// A number of at most so many digits.
    fn number(&mut self, range: std::ops::RangeInclusive<i64>, digits: usize) -> Option<i64> {
        self.rest = self.rest.trim_start_matches(' ');
        let count = self.rest.bytes().take(digits).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at(count);
        self.rest = rest;
        number.parse().ok().filter(|number| range.contains(number))
    }

    /// The number of the name that follows, in full or by its first three letters.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let starts = |name: &str| {
            let text = self.rest.get(..name.len());
            text.is_some_and(|text| text.eq_ignore_ascii_case(name))
        };
        let found = names.iter().enumerate().find_map(|(number, name)| {
            let short = &name[..name.len().min(3)];
            [*name, short].into_iter().find(|name| starts(name)).map(|name| (number, name.len()))
        });
        let (number, len) = found?;
        self.rest = &self.rest[len..];
        i64::try_from(number).ok()
    }

    /// An offset from UTC, which as in jq means nothing.
    fn offset(&mut self) -> Option<()> {
        self.skip_spaces();
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Some(());
        }
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let mut digits = 0;
        while digits < 4 {
            let rest = if digits == 2 { self.rest.trim_start_matches(':') } else { self.rest };
            match rest.strip_prefix(|char: char| char.is_ascii_digit()) {
                Some(rest) => self.rest = rest,
                None => break,
            }
            digits += 1;
        }
        (digits == 2 || digits == 4).then_some(())
    }

    /// The parts with those that follow from others.
    fn finished(&mut self) -> Parts {
        let read = &mut self.read;
        if read.hour_of_twelve && read.is_afternoon {
            read.parts.hour += 12;
        }
        let given = read.parts;
        if read.has_date && !read.has_weekday && read.has_year_day {
            let date = Parts { month: 0, day: given.year_day + 1, ..given };
            let date = Parts::at(date.seconds()).unwrap_or(date);
            if !read.has_month {
                read.parts.month = date.month;
            }
            if !read.has_day {
                read.parts.day = date.day;
            }
        }
        let mut dated = read.parts;
        dated.set_days();
        let is_dated = read.has_date || read.parts.day != 0;
        if !read.has_weekday && is_dated {
            read.parts.weekday = dated.weekday;
        }
        if !read.has_year_day && is_dated {
            read.parts.year_day = dated.year_day;
        }
        read.parts
    }
}
