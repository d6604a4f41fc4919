//! Logarithmic axes.

/// Maps values to where they are drawn.
pub(super) struct Scale {
    /// The least value and the greatest.
    range: (f64, f64),
    /// Where these two are drawn.
    place: (f64, f64),
}

impl Scale {
    /// An axis from exactly the least value to exactly the greatest.
    pub(super) fn exact(values: impl Iterator<Item = f64>, place: (f64, f64)) -> Self {
        Scale { range: range(values), place }
    }

    /// An axis that begins and ends at a round number.
    pub(super) fn round(values: impl Iterator<Item = f64>, place: (f64, f64)) -> Self {
        let (least, greatest) = range(values);
        let below = round_numbers(least / 10.0, least).last().copied();
        let above = round_numbers(greatest, greatest * 10.0).first().copied();
        Scale { range: (below.unwrap_or(least), above.unwrap_or(greatest)), place }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let ((least, greatest), (start, end)) = (self.range, self.place);
        let part = (value / least).ln() / (greatest / least).ln();
        start + part * (end - start)
    }

    /// Where lines are drawn that have a label.
    pub(super) fn labelled(&self) -> Vec<f64> {
        let all = round_numbers(self.range.0, self.range.1);
        let powers: Vec<f64> = all.iter().copied().filter(|number| is_power(*number)).collect();
        if powers.len() > 2 { powers } else { all }
    }
}

/// A range that is never empty.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, greatest) = values.fold((f64::INFINITY, 0.0_f64), |(least, greatest), value| {
        (least.min(value), greatest.max(value))
    });
    if least < greatest { (least, greatest) } else { (least / 2.0, least * 2.0) }
}

/// 1, 2 and 5 times the powers of ten, as far as they are in a range.
fn round_numbers(least: f64, greatest: f64) -> Vec<f64> {
    let exponents = least.log10().floor() as i32..=greatest.log10().ceil() as i32;
    let numbers = exponents.flat_map(|exponent| [1.0, 2.0, 5.0].map(|n| n * 10_f64.powi(exponent)));
    // A little more on both sides, because powers of ten are not exact.
    numbers.filter(|number| *number > least * 0.999 && *number < greatest * 1.001).collect()
}

fn is_power(number: f64) -> bool {
    let exponent = number.log10();
    (exponent - exponent.round()).abs() < 1e-6
}
