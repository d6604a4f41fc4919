//! How lines look: each contender has its colour, its dashes and its marker in all plots, so that no
//! single one of these is needed to tell it from the others.

/// A word in the names of a contender. What has none of these is a jq, of which there may be several.
const KNOWN: [&str; 11] = [
    "jsonlock apply",
    "jsonlock",
    "static C",
    "cp,",
    "Python",
    "jaq",
    "gojq",
    "yq",
    "dasel",
    "json ",
    "jshon",
];

/// On a light background and on a dark one.
const COLOURS: [(&str, &str); 13] = [
    ("#c3271b", "#ff8b7e"),
    ("#0b5fd0", "#6cb2ff"),
    ("#222222", "#eeeeee"),
    ("#707070", "#a5a5a5"),
    ("#1b7f3b", "#5fd38a"),
    ("#7b3fb5", "#c79bff"),
    ("#00818a", "#4fd0d8"),
    ("#c2185b", "#ff80b5"),
    ("#5d6b00", "#c5d64a"),
    ("#8d5524", "#d9a06b"),
    ("#3f51b5", "#a5b0ff"),
    ("#b36b00", "#f0b04f"),
    ("#8a7a00", "#e6d84a"),
];

const DASHES: [&str; 5] = ["none", "8 3", "2 3", "8 3 2 3", "14 4"];

/// Five shapes, filled and hollow, and three that are lines.
const FILLED: [&str; 5] = [
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
    "M-4 -4h8v8h-8z",
    "M0 -5.5l5 9h-10z",
    "M0 -6l5 6l-5 6l-5 -6z",
    "M0 5.5l5 -9h-10z",
];
const LINES: [&str; 3] =
    ["M-4 -4l8 8M4 -4l-8 8", "M0 -5.5v11M-5.5 0h11", "M0 -5v10M-4.5 -2.5l9 5M4.5 -2.5l-9 5"];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Style(usize);

impl Style {
    /// The style of a contender, and of one more that is named like it.
    pub(super) fn of(name: &str, taken: &[Style]) -> Self {
        let known = KNOWN.iter().position(|word| name.contains(word));
        let free = (KNOWN.len()..).map(Style).find(|style| !taken.contains(style));
        known.map(Style).or(free).unwrap_or(Style(0))
    }

    /// The name of the style sheet's class.
    pub(super) fn class(self) -> String {
        let weight = if self.0 < 2 { "ours" } else { "theirs" };
        format!("{weight} s{}", self.0 % COLOURS.len())
    }

    pub(super) fn dashes(self) -> &'static str {
        if self.0 < 2 { DASHES[0] } else { DASHES[self.0 % DASHES.len()] }
    }

    /// The marker, and the class that fills it.
    pub(super) fn marker(self) -> (&'static str, &'static str) {
        match self.0 % COLOURS.len() {
            index @ 0..5 => (FILLED[index], "filled"),
            index @ 5..10 => (FILLED[index - 5], "hollow"),
            index => (LINES[index - 10], "hollow"),
        }
    }
}

/// What the style sheet says about one background, without variables, which not every viewer knows.
struct Theme {
    back: &'static str,
    text: &'static str,
    soft: &'static str,
    grid: &'static str,
    colour: fn(&(&'static str, &'static str)) -> &'static str,
}

const LIGHT: Theme = Theme {
    back: "#ffffff",
    text: "#1f2328",
    soft: "#59636e",
    grid: "#d9dee3",
    colour: |colours| colours.0,
};
const DARK: Theme = Theme {
    back: "#0d1117",
    text: "#f0f6fc",
    soft: "#9da7b3",
    grid: "#30363d",
    colour: |colours| colours.1,
};

impl Theme {
    fn rules(&self) -> String {
        let Theme { back, text, soft, grid, colour } = self;
        let rule = |(index, colours)| format!(".s{index}{{color:{}}}", colour(colours));
        let colours: String = COLOURS.iter().enumerate().map(rule).collect();
        format!(
            "text{{fill:{text}}}.soft{{fill:{soft}}}.back,.hollow{{fill:{back}}}\
             .grid{{stroke:{grid}}}{colours}"
        )
    }
}

/// The style sheet for both backgrounds.
pub(super) fn sheet() -> String {
    format!(
        "text{{font:13px system-ui,sans-serif}}.title{{font-size:18px;font-weight:600}}\
         .line{{fill:none;stroke:currentColor;stroke-linejoin:round}}\
         .marker{{stroke:currentColor;stroke-width:1.6}}.filled{{fill:currentColor}}\
         .ours .line{{stroke-width:3.4}}.theirs .line{{stroke-width:1.6}}{}\
         @media(prefers-color-scheme:dark){{{}}}",
        LIGHT.rules(),
        DARK.rules()
    )
}
