//! The points of one contender.

use super::style::Style;
use crate::report::{Sample, contenders};

pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    pub(super) style: Style,
    pub(super) points: Vec<(f64, f64)>,
}

/// One series for each contender, the one that ends highest first, as the legend shows them.
pub(super) fn collect<'a>(samples: &[&'a Sample]) -> Vec<Series<'a>> {
    let mut taken = Vec::new();
    let mut all = Vec::new();
    for name in contenders(samples) {
        let style = Style::of(name, &taken);
        taken.push(style);
        let own = samples.iter().filter(|sample| sample.contender == name);
        let points = own.map(|sample| (sample.x as f64, sample.value)).collect();
        all.push(Series { name, style, points });
    }
    all.sort_by(|one, other| other.end().total_cmp(&one.end()));
    all
}

impl Series<'_> {
    fn end(&self) -> f64 {
        self.points.last().map_or(0.0, |(_, y)| *y)
    }
}
