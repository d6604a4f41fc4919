//! Which definitions a filter can call: those of jaq, and those of `definitions.jq`, which replace some
//! of them.
//!
//! Parsing and compiling all of them takes longer than the rest of an edit together, and most filters
//! call few. So only those sets are parsed, and only those definitions compiled, whose names a filter
//! can mean: names that occur as words anywhere in its source, even in strings and comments, and in
//! the definitions so found. Every definition of such a name is taken, in the order of the library,
//! so a call means what it means with all of them.

use std::collections::BTreeSet;

use jaq_core::load::parse::Def;

use super::calls;
use super::functions;
use super::syntax;

type Definitions = Vec<Def<&'static str>>;

/// The sets of definitions: those of jaq, then ours.
const SETS: [fn() -> Definitions; 4] = [
    || jaq_core::defs().collect(),
    || jaq_std::defs().collect(),
    || jaq_json::defs().collect(),
    ours,
];

/// The names that each set defines, so that the others need not be parsed. A test compares them with
/// the sets; a name that a newer jaq brings is found all the same, in all the sets.
const NAMES: [&str; 4] = [
    "all any combinations del delpaths empty error false first from_entries getpath isempty \
     join last map map_values not nth paths range recurse repeat select setpath to_entries \
     tostring true until walk while with_entries",
    "@base64 @base64d @html @htmld @sh @text @uri @urid abs add arrays booleans capture \
     capture_of_match debug drem finites flatten fromdate gamma gsub halt halt_error infinite \
     isarray isboolean isfinite isinfinite isnan isnormal isnumber isobject isstring \
     iterables keys logb match max max_by min min_by nan nexttoward normals null nulls \
     numbers objects pick pow10 scalars scalb scan scan_ significand split splits stderr \
     strings sub test todate type unique unique_by values",
    "@json in index inside rindex toboolean tonumber totype transpose",
    "@base64d @csv @html @sh @tsv @urid IN INDEX JOIN add capture combinations del delpaths env \
     flatten format from_entries fromstream gamma getpath gsub halt_error have_decnum have_literal_numbers \
     infinite input input_filename input_line_number inputs isnormal join lgamma_r limit match nan \
     nth pick range scalb scan setpath significand skip split splits sub test to_entries toarray todate tonumber \
     tostream transpose trimstr truncate_stream type walk",
];

/// Words of the language, which are no names.
const KEYWORDS: [&str; 18] = [
    "and", "as", "break", "catch", "def", "elif", "else", "end", "foreach", "if", "import",
    "include", "label", "or", "reduce", "then", "try", "__loc__",
];

/// Which of them is ours.
const OURS: usize = 3;

fn ours() -> Definitions {
    syntax::definitions(include_str!("definitions.jq"))
}

/// The words of a filter and of the definitions that it can need.
pub(super) struct Words<'s> {
    seen: BTreeSet<&'s str>,
    definitions: Definitions,
}

impl<'s> Words<'s> {
    /// The words of `source`.
    pub(super) fn of(source: &'s str) -> Self {
        let mut needed = Needed::default();
        words(source).for_each(|(word, role)| needed.add(word, role));
        if needed.loads_modules() {
            needed.parse(&[0, 1, 2, 3]);
        }
        needed.settle()
    }

    /// Whether the filter can mean `word`, which it can if it loads a module that does.
    pub(super) fn mention(&self, word: &str) -> bool {
        self.load_modules() || self.seen.contains(word)
    }

    /// Whether the filter can load modules, whose words are not known yet.
    pub(super) fn load_modules(&self) -> bool {
        self.seen.contains("import") || self.seen.contains("include")
    }

    /// The definitions that the filter can need.
    pub(super) fn definitions(&self) -> Definitions {
        self.definitions.clone()
    }
}

/// What has been found to be needed so far.
#[derive(Default)]
struct Needed<'s> {
    seen: BTreeSet<&'s str>,
    /// Words whose definitions are still to be looked at.
    queue: Vec<&'s str>,
    sets: [Option<Definitions>; 4],
}

impl<'s> Needed<'s> {
    fn add(&mut self, word: &'s str, role: Role) {
        if self.seen.insert(word) && role == Role::Call {
            self.queue.push(word);
        }
    }

    fn loads_modules(&self) -> bool {
        self.seen.contains("import") || self.seen.contains("include")
    }

    fn parse(&mut self, sets: &[usize]) {
        for &set in sets {
            self.sets[set].get_or_insert_with(SETS[set]);
        }
    }

    fn settle(mut self) -> Words<'s> {
        while let Some(word) = self.queue.pop() {
            self.parse(&sets_with(word));
            let mut called = Vec::new();
            for def in self.sets.iter().flatten().flatten().filter(|def| def.name == word) {
                calls::of(&def.body, &mut |name| called.push(name));
            }
            called.into_iter().for_each(|name| self.add(name, Role::Call));
        }
        let takes_all = self.loads_modules();
        let mut ours = self.sets[OURS].take().unwrap_or_default();
        let mut definitions = Vec::new();
        for jaqs in self.sets.into_iter().flatten().flatten() {
            let is_same = |def: &Def<_>| def.name == jaqs.name && def.args.len() == jaqs.args.len();
            // In its place, so that what jaq defines on top of it uses it too.
            match ours.iter().position(is_same) {
                Some(position) => definitions.push(ours.remove(position)),
                None => definitions.push(jaqs),
            }
        }
        definitions.extend(ours);
        definitions.retain(|def| takes_all || self.seen.contains(def.name));
        Words { seen: self.seen, definitions }
    }
}

/// The sets that define `word`: all of them if nothing is known about it.
fn sets_with(word: &str) -> Vec<usize> {
    let defines = |set: &usize| NAMES[*set].split(' ').any(|name| name == word);
    let sets: Vec<usize> = (0..NAMES.len()).filter(defines).collect();
    let is_known = !sets.is_empty()
        || KEYWORDS.contains(&word)
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || functions::all().any(|(name, ..)| name == word);
    if is_known { sets } else { (0..NAMES.len()).collect() }
}

/// With how many arguments a filter called `name` can be called.
pub(super) fn arities(name: &str) -> BTreeSet<usize> {
    let named = SETS.iter().flat_map(|set| set()).filter(|def| def.name == name);
    let defined = named.map(|def| def.args.len());
    let native =
        functions::all().filter(|(native, ..)| *native == name).map(|(_, args, _)| args.len());
    defined.chain(native).collect()
}

/// What a word can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A call of another filter.
    Call,
    /// A field (`.x`) or a variable (`$x`), and never a call.
    Other,
}

/// Names, variables (`$x`) and formats (`@csv`).
fn words(text: &str) -> impl Iterator<Item = (&str, Role)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '@');
    text.split(move |c| !is_part(c)).filter(|word| !word.is_empty()).map(|word| {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        // Two dots are a call of their own, which a name may follow.
        let is_field = text[..start].ends_with('.')
            && !text[..start].ends_with("..")
            && !word.starts_with('@');
        let is_other = is_field || word.starts_with('$');
        (word, if is_other { Role::Other } else { Role::Call })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What behaves as in jq here and not as in jaq.
    const REPLACED: [&str; 37] = [
        "@base64d",
        "@html",
        "@sh",
        "@urid",
        "add",
        "capture",
        "combinations",
        "del",
        "delpaths",
        "flatten",
        "from_entries",
        "gamma",
        "getpath",
        "gsub",
        "halt_error",
        "infinite",
        "isnormal",
        "join",
        "match",
        "nan",
        "nth",
        "pick",
        "range",
        "scalb",
        "scan",
        "setpath",
        "significand",
        "split",
        "splits",
        "sub",
        "test",
        "to_entries",
        "todate",
        "tonumber",
        "transpose",
        "type",
        "walk",
    ];

    fn names(definitions: &Definitions) -> BTreeSet<&'static str> {
        definitions.iter().map(|def| def.name).collect()
    }

    #[test]
    fn the_table_of_names_is_that_of_the_sets() {
        for (set, table) in SETS.iter().zip(NAMES) {
            assert_eq!(names(&set()), table.split(' ').collect());
        }
    }

    #[test]
    fn only_what_is_replaced_has_a_name_twice() {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<_> = NAMES
            .iter()
            .flat_map(|names| names.split(' '))
            .filter(|name| !seen.insert(*name))
            .collect();
        assert_eq!(twice, REPLACED.into());
    }

    #[test]
    fn the_functions_of_jaq_are_all_here() {
        type Jaq = jaq_core::data::JustLut<jaq_json::Val>;
        let ours: BTreeSet<_> =
            functions::all().map(|(name, args, _)| (name, args.len())).collect();
        for (name, args, _) in jaq_json::funs::<Jaq>() {
            assert!(ours.contains(&(name, args.len())), "{name}/{} is missing", args.len());
        }
    }

    #[test]
    fn all_that_a_word_needs_is_taken() {
        let names = |source| {
            let definitions = Words::of(source).definitions();
            definitions.iter().map(|def| def.name).collect::<Vec<_>>()
        };
        assert_eq!(names(".a += 1 | length"), [""; 0]);
        assert_eq!(names(".map"), [""; 0]);
        assert_eq!(names("map(.)"), ["map"]);
        assert_eq!(names("{keys}"), ["keys"]);
        assert_eq!(names("\"\\(1|not)\""), ["true", "false", "not"]);
        assert_eq!(names("..|nan"), ["nan"]);
        assert_eq!(names("env"), ["env"]);
        assert!(names("add").contains(&"add"));
        assert!(Words::of("env | $ENV").mention("$ENV"));
        assert!(!Words::of("env").mention("$ARGS"));
        let signature = |def: &Def<&'static str>| (def.name, def.args.len());
        let all: BTreeSet<_> =
            SETS.iter().flat_map(|set| set()).map(|def| signature(&def)).collect();
        assert_eq!(names("import \"a\" as a; .").len(), all.len());
    }

    /// With everything loaded and with what is needed, each definition compiles to the same.
    #[test]
    fn each_definition_has_all_that_it_calls() {
        for def in SETS.iter().flat_map(|set| set()) {
            let arguments = vec!["."; def.args.len()].join(";");
            let call = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
            let source = match def.name.strip_prefix('@') {
                Some(_) => format!("{} \"\\(.)\"", def.name),
                None => format!("{}{call}", def.name),
            };
            crate::Filter::compile(&source).unwrap_or_else(|error| panic!("{source}: {error}"));
        }
    }
}
