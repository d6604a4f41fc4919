//! Points of time in parts, as C has them: they may be out of their ranges, and then carry.

use jaq_core::ValR;
use jaq_json::Val;

use super::super::value::{Failure, Seen, Value};

type Result<T> = std::result::Result<T, Failure>;

const DAY: i64 = 86_400;

/// The parts of a point of time in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) year: i64,
    /// From 0.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// Sunday is 0.
    pub(super) weekday: i64,
    /// From 0.
    pub(super) year_day: i64,
}

impl Parts {
    /// `None` if the year is out of C's range.
    pub(super) fn at(seconds: i64) -> Option<Self> {
        let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date(days);
        i32::try_from(year - 1900).ok()?;
        Some(Parts {
            year,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            weekday: (days + 4).rem_euclid(7),
            year_day: days - days_before(year, 0),
        })
    }

    /// The seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        let days = days_before(self.year, self.month) + self.day - 1;
        days * DAY + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// Sets the day of the week and of the year to those of the date.
    pub(super) fn set_days(&mut self) {
        let first = days_before(self.year, self.month);
        self.weekday = (first + self.day - 1 + 4).rem_euclid(7);
        self.year_day = first - days_before(self.year, 0) + self.day - 1;
    }

    /// What an array says. Parts that are missing at its end are zero, or 1900.
    fn of(value: &Value) -> Result<Self> {
        let Seen::Arr(values) = value.seen() else {
            return Err(Failure::str(format_args!("{value} is no time in parts")));
        };
        let mut parts = [0; 8];
        parts[0] = 1900;
        for (number, (part, value)) in parts.iter_mut().zip(values).enumerate() {
            let float = jaq_std::ValT::as_f64(value)
                .ok_or_else(|| Failure::str("the parts of a time are numbers"))?;
            *part = if number == 0 {
                i64::from((float - 1900.0) as i32) + 1900
            } else {
                i64::from(float as i32)
            };
        }
        let [year, month, day, hour, minute, second, weekday, year_day] = parts;
        Ok(Parts { year, month, day, hour, minute, second, weekday, year_day })
    }

    pub(super) fn value(&self) -> Vec<Value> {
        let parts = [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.weekday,
            self.year_day,
        ];
        parts.map(|part| Value::from(part as isize)).to_vec()
    }
}

/// The days from 1970 to the first day of a month, which may be out of its range.
fn days_before(year: i64, month: i64) -> i64 {
    let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12));
    // Years that begin in March, so that a leap day is the last one.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}

/// Year, month and day of a day that is counted from 1970.
fn date(days: i64) -> (i64, i64, i64) {
    /// The days of 400 years, after which the calendar repeats itself.
    const CYCLE: i64 = 146_097;
    let cycle = days.div_euclid(CYCLE);
    // No year is longer than 366 days, so this one is not too late.
    let mut year = 1970 + cycle * 400 + days.rem_euclid(CYCLE) / 366;
    while days_before(year + 1, 0) <= days {
        year += 1;
    }
    let month = (0..11).find(|month| days_before(year, month + 1) > days).unwrap_or(11);
    (year, month, days - days_before(year, month) + 1)
}

/// `gmtime`: the parts of a number of seconds. The fraction stays with the seconds.
pub(super) fn gmtime(value: &Value) -> ValR<Value> {
    let seconds = number(value)?;
    let mut parts = at(seconds)?.value();
    if let Some(second) = parts.get_mut(5) {
        let whole = jaq_std::ValT::as_f64(second).unwrap_or_default();
        *second = Value::from(whole + (seconds - seconds.floor()));
    }
    Ok(Value::array(parts))
}

fn number(value: &Value) -> Result<f64> {
    jaq_std::ValT::as_f64(value).ok_or_else(|| Failure::str(format_args!("{value} is no time")))
}

fn at(seconds: f64) -> Result<Parts> {
    const END: f64 = i64::MAX as f64;
    let whole = Some(seconds).filter(|seconds| seconds.abs() < END).map(|seconds| seconds as i64);
    whole.and_then(Parts::at).ok_or_else(|| Failure::str("the time is out of range"))
}

/// `mktime`: the seconds of a time in parts. As in jq, a second before 1970 is refused.
pub(super) fn mktime(value: &Value) -> ValR<Value> {
    match value.seen() {
        Seen::Arr(_) => seconds(&Parts::of(value)?),
        _ => Err(Failure::str(format_args!("mktime takes an array, not {value}"))),
    }
}

pub(super) fn seconds(parts: &Parts) -> ValR<Value> {
    match parts.seconds() {
        -1 => Err(Failure::str("mktime cannot tell a second before 1970 from a failure")),
        seconds => Ok(Value::from(seconds as isize)),
    }
}

/// The parts of a number of seconds, or of parts that may be out of their ranges.
pub(super) fn normal(value: &Value) -> Result<Parts> {
    match value {
        Value::Plain(Val::Num(_)) => at(number(value)?),
        _ => Parts::at(Parts::of(value)?.seconds())
            .ok_or_else(|| Failure::str("the time is out of range")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_seconds_are_the_same_time() {
        for seconds in (-70_000..70_000).map(|step| step * 1_234_567).chain([
            -1,
            0,
            951_782_400,
            -62_135_596_800,
        ]) {
            let parts = Parts::at(seconds).unwrap();
            assert_eq!(parts.seconds(), seconds);
            let mut again = parts;
            again.set_days();
            assert_eq!(again, parts);
            assert!((0..12).contains(&parts.month) && (1..=31).contains(&parts.day), "{parts:?}");
        }
        assert_eq!(Parts::at(i64::MAX), None);
    }
}
