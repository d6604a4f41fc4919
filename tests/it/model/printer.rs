//! Prints plain values as documents in many styles.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

/// One step of a path in the model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// Where a child stands in a printed document: with its key, and its value alone.
#[derive(Clone, Debug)]
pub struct Spans {
    pub item: Range<usize>,
    pub value: Range<usize>,
}

/// Prints values in a random style.
pub struct Printer<'a> {
    style: u8,
    /// What decides about white space, escapes, the spelling of numbers and the order of members.
    noise: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    pub text: String,
    pub spans: BTreeMap<Vec<Step>, Spans>,
}

impl<'a> Printer<'a> {
    pub fn print(style: u8, noise: &'a [u8], value: &Value) -> Self {
        let mut printer = Printer {
            style,
            noise: noise.iter().cycle(),
            text: String::new(),
            spans: BTreeMap::new(),
        };
        if printer.roll(4) == 0 {
            printer.text.push_str("\n ");
        }
        printer.value(value, &mut Vec::new());
        if printer.roll(2) == 0 {
            printer.text.push('\n');
        }
        printer
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.noise.next().map_or(0, |&byte| usize::from(byte)) % sides
    }

    fn gap(&mut self, usual: [&str; 2], depth: usize) {
        let noisy = ["", " ", "\n", "\n  ", "\t", " \r\n ", "\n\n\t", "  "];
        let line = |newline: &str, unit: &str| newline.to_owned() + &unit.repeat(depth);
        let gap = match self.style {
            0 => String::new(),
            1 => usual[0].to_owned(),
            2 if usual[1] == "line" => line("\n", "  "),
            3 if usual[1] == "line" => line("\r\n", "\t"),
            2 | 3 => usual[1].to_owned(),
            _ => noisy[self.roll(noisy.len())].to_owned(),
        };
        self.text.push_str(&gap);
    }

    fn value(&mut self, value: &Value, path: &mut Vec<Step>) {
        match value {
            Value::Array(elements) => {
                let children = elements.iter().enumerate().map(|(i, v)| (Step::Index(i), v));
                self.container(["[", "]"], children.collect(), path);
            }
            Value::Object(members) => {
                let mut children: Vec<_> =
                    members.iter().map(|(k, v)| (Step::Key(k.clone()), v)).collect();
                let by = self.roll(children.len().max(1));
                children.rotate_left(by);
                self.container(["{", "}"], children, path);
            }
            Value::String(text) => self.string(text),
            Value::Number(number) => {
                let spelled = match self.roll(4) {
                    0 => format!("{number}.0"),
                    1 if number.as_i64() != Some(0) => format!("{number}0e-1"),
                    _ => number.to_string(),
                };
                self.text.push_str(&spelled);
            }
            other => self.text.push_str(&other.to_string()),
        }
    }

    fn container(
        &mut self,
        brackets: [&str; 2],
        children: Vec<(Step, &Value)>,
        path: &mut Vec<Step>,
    ) {
        let depth = path.len();
        let is_empty = children.is_empty();
        self.text.push_str(brackets[0]);
        for (position, (step, child)) in children.into_iter().enumerate() {
            if position > 0 {
                self.gap(["", ""], depth);
                self.text.push(',');
                self.gap([" ", "line"], depth + 1);
            } else {
                self.gap(["", "line"], depth + 1);
            }
            let item = self.text.len();
            if let Step::Key(key) = &step {
                self.string(key);
                self.gap(["", ""], depth);
                self.text.push(':');
                self.gap([" ", " "], depth);
            }
            path.push(step);
            let start = self.text.len();
            self.value(child, path);
            let end = self.text.len();
            self.spans.insert(path.clone(), Spans { item: item..end, value: start..end });
            path.pop();
        }
        if !is_empty {
            self.gap(["", "line"], depth);
        } else if self.style > 3 {
            self.gap(["", ""], depth);
        }
        self.text.push_str(brackets[1]);
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            if self.roll(8) == 0 {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    self.text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                let quoted = Value::from(letter.to_string()).to_string();
                self.text.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
        self.text.push('"');
    }
}
