//! One picture as SVG.

use super::scale::Scale;
use super::series::{Series, collect};
use super::{Plot, style};
use crate::report::Sample;
use std::fmt::{self, Display, Formatter};

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 630.0;
const TOP: f64 = 72.0;
const BOTTOM: f64 = 452.0;
const LEGEND: f64 = 660.0;
const LEGEND_LINE: f64 = 26.0;

pub(super) struct Chart<'a> {
    plot: &'a Plot,
    series: Vec<Series<'a>>,
    x: Scale,
    y: Scale,
}

impl<'a> Chart<'a> {
    /// None where nothing was measured.
    pub(super) fn new(plot: &'a Plot, samples: &[&'a Sample]) -> Option<Self> {
        if samples.is_empty() {
            return None;
        }
        let x = samples.iter().map(|sample| sample.x as f64);
        let y = samples.iter().map(|sample| sample.value);
        Some(Chart {
            plot,
            series: collect(samples),
            x: Scale::exact(x, (LEFT + 20.0, RIGHT - 20.0)),
            y: Scale::round(y, (BOTTOM, TOP)),
        })
    }

    fn axes(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for value in self.y.labelled() {
            let (y, label) = (self.y.at(value), (self.plot.y.label)(value));
            writeln!(f, r#"<path class="grid" d="M{LEFT} {y:.1}H{RIGHT}"/>"#)?;
            let (x, y) = (LEFT - 8.0, y + 4.5);
            writeln!(
                f,
                r#"<text class="soft" x="{x}" y="{y:.1}" text-anchor="end">{label}</text>"#
            )?;
        }
        let mut places: Vec<f64> =
            self.series.iter().flat_map(|series| &series.points).map(|point| point.0).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        for value in places {
            let (x, label) = (self.x.at(value), (self.plot.x.label)(value));
            writeln!(f, r#"<path class="grid" d="M{x:.1} {TOP}V{BOTTOM}"/>"#)?;
            let y = BOTTOM + 20.0;
            writeln!(
                f,
                r#"<text class="soft" x="{x:.1}" y="{y}" text-anchor="middle">{label}</text>"#
            )?;
        }
        Ok(())
    }

    fn titles(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Plot { title, x, y, .. } = self.plot;
        writeln!(f, r#"<text class="title" x="20" y="30">{title}</text>"#)?;
        let note = "medians; both axes are logarithmic";
        writeln!(f, r#"<text class="soft" x="20" y="54">{}, {note}</text>"#, y.title)?;
        let (middle, under) = ((LEFT + RIGHT) / 2.0, BOTTOM + 46.0);
        let title = x.title;
        writeln!(f, r#"<text x="{middle}" y="{under}" text-anchor="middle">{title}</text>"#)
    }

    fn lines(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for series in self.series.iter().rev() {
            let places = series.points.iter().map(|(x, y)| (self.x.at(*x), self.y.at(*y)));
            draw(f, series, &places.collect::<Vec<_>>(), None)?;
        }
        Ok(())
    }

    fn legend(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, series) in self.series.iter().enumerate() {
            let y = TOP + 10.0 + LEGEND_LINE * index as f64;
            let places = [(LEGEND, y), (LEGEND + 20.0, y), (LEGEND + 40.0, y)];
            draw(f, series, &places, Some(places[1]))?;
            let (x, y, name) = (LEGEND + 50.0, y + 4.5, escape(series.name));
            writeln!(f, r#"<text x="{x}" y="{y:.1}">{name}</text>"#)?;
        }
        Ok(())
    }
}

impl Display for Chart<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let title = self.plot.title;
        writeln!(
            f,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{title}">"#
        )?;
        writeln!(f, "<title>{title}</title>")?;
        writeln!(f, "<style>{}</style>", style::sheet())?;
        writeln!(f, r#"<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>"#)?;
        self.axes(f)?;
        self.titles(f)?;
        self.lines(f)?;
        self.legend(f)?;
        writeln!(f, "</svg>")
    }
}

/// A line through some places, with a marker at each, or at one of them alone.
fn draw(
    f: &mut Formatter<'_>,
    series: &Series<'_>,
    places: &[(f64, f64)],
    marked: Option<(f64, f64)>,
) -> fmt::Result {
    let (class, dashes) = (series.style.class(), series.style.dashes());
    let line: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let line = line.join(" ");
    writeln!(f, r#"<g class="{class}">"#)?;
    writeln!(f, r#"<polyline class="line" stroke-dasharray="{dashes}" points="{line}"/>"#)?;
    let (shape, fill) = series.style.marker();
    for (x, y) in marked.as_slice().iter().chain(places.iter().filter(|_| marked.is_none())) {
        writeln!(
            f,
            r#"<path class="marker {fill}" transform="translate({x:.1} {y:.1})" d="{shape}"/>"#
        )?;
    }
    writeln!(f, "</g>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
