//! Prints plain values with comments in every place where one may stand. No two comments are the same.

use serde_json::Value;

/// The ways in which documents are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Lines,
    WindowsLines,
    OneLine,
    Chaos,
}

pub const STYLES: [Style; 4] = [Style::Lines, Style::Chaos, Style::OneLine, Style::WindowsLines];

struct Printer<'a> {
    style: Style,
    noise: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    count: usize,
    text: String,
}

/// What comments say beside their numbers. None of it means anything.
const SAYINGS: [&str; 6] = ["", " \"a\": 1,", " ] } [ {", " http://a/*b", " // é, '\"", " \\"];

pub fn print(style: Style, noise: &[u8], value: &Value) -> String {
    let noise = noise.iter().cycle();
    let mut printer = Printer { style, noise, count: 0, text: String::new() };
    printer.gap("", 0);
    printer.value(value, 0);
    printer.gap("", 0);
    if printer.roll(3) == 0 {
        let comment = format!("// c{}", printer.count + 1);
        printer.text.push_str(&comment);
    }
    printer.text
}

impl Printer<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        self.noise.next().map_or(0, |&byte| usize::from(byte)) % sides
    }

    fn line(&self, depth: usize) -> String {
        match self.style {
            Style::WindowsLines => "\r\n".to_owned() + &"\t".repeat(depth),
            _ => "\n".to_owned() + &"  ".repeat(depth),
        }
    }

    /// White space that is usual there, and now and then comments.
    fn gap(&mut self, usual: &str, depth: usize) {
        let line = self.line(depth);
        let usual = if usual == "line" { line.clone() } else { usual.to_owned() };
        let comments = [0, 0, 0, 0, 1, 1, 2, 3][self.roll(8)];
        for _ in 0..comments {
            match (self.style, self.roll(4)) {
                (Style::OneLine, _) => self.text.push(' '),
                (Style::Chaos, roll) => self.text.push_str([" ", "", "\n", "\n\n "][roll]),
                (_, 0 | 1) => self.text.push(' '),
                (_, 2) => self.text.push_str(&line),
                (_, _) => {
                    self.text.push_str(&format!("{}{line}", line.trim_end_matches([' ', '\t'])))
                }
            }
            self.comment(&line);
        }
        let style = self.style;
        match style {
            Style::Chaos => {
                let blank = ["", " ", "\n", "\n\n", "\r\n \t", "", "  "][self.roll(7)];
                self.text.push_str(blank);
            }
            _ if usual.contains('\n') && self.roll(8) == 0 => {
                self.text.push_str(&line.replace([' ', '\t'], ""));
                self.text.push_str(&usual);
            }
            _ => self.text.push_str(&usual),
        }
    }

    fn comment(&mut self, line: &str) {
        self.count += 1;
        let (number, saying) = (self.count, SAYINGS[self.roll(SAYINGS.len())]);
        let kind = if self.style == Style::OneLine { 0 } else { self.roll(5) };
        let comment = match kind {
            0 | 1 => format!("/* c{number}{saying} */"),
            2 => format!("/* c{number}{line}{saying} */"),
            3 => format!("// \"c{number}\": {saying}{line}"),
            _ => format!("// c{number}{saying}{line}"),
        };
        self.text.push_str(&comment);
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Array(elements) => {
                let children = elements.iter().map(|element| (None, element)).collect();
                self.container(["[", "]"], children, depth);
            }
            Value::Object(members) => {
                let children = members.iter().map(|(key, value)| (Some(key), value)).collect();
                self.container(["{", "}"], children, depth);
            }
            other => self.text.push_str(&other.to_string()),
        }
    }

    fn container(
        &mut self,
        brackets: [&str; 2],
        children: Vec<(Option<&String>, &Value)>,
        depth: usize,
    ) {
        let is_flat = self.style == Style::OneLine || self.roll(4) == 0;
        let (between, end) = if is_flat { (" ", "") } else { ("line", "line") };
        self.text.push_str(brackets[0]);
        let count = children.len();
        for (position, (key, child)) in children.into_iter().enumerate() {
            self.gap(if position == 0 { end } else { between }, depth + 1);
            if let Some(key) = key {
                self.text.push_str(&Value::from(key.as_str()).to_string());
                self.rare_gap(depth);
                self.text.push(':');
                self.rare_gap(depth);
            }
            self.value(child, depth + 1);
            if self.roll(3) == 0 {
                self.gap("", depth + 1);
            }
            if position + 1 < count || self.roll(3) == 0 {
                self.text.push(',');
            }
        }
        self.gap(if count > 0 { end } else { "" }, depth);
        self.text.push_str(brackets[1]);
    }

    fn rare_gap(&mut self, depth: usize) {
        match self.roll(8) {
            0 => self.gap(" ", depth),
            _ => self.text.push(' '),
        }
    }
}
