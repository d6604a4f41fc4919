//! From the source of a filter to a program.

use std::path::{Path, PathBuf};
use std::thread;

use bytes::Bytes;
use jaq_core::Compiler;
use jaq_core::load::parse::Def;
use jaq_core::load::{Arena, File, Loader};

use super::library::Words;
use super::run::Jq;
use super::value::Value;
use super::{FilterOptions, functions, quick, read, report, syntax, write};
use crate::error::{Error, ErrorKind, Result};

/// Where modules are looked for if no directory is given, as in jq.
const DEFAULT_LIBRARY: [&str; 3] = ["~/.jq", "$ORIGIN/../lib/jq", "$ORIGIN/../lib"];

/// The name of the definition that is the filter.
const MAIN: &str = "__main__";

/// More than the stack that compiling takes for a level of nesting: 3 KiB were measured, and 13 KiB
/// without optimization.
const STACK_PER_LEVEL: usize = if cfg!(debug_assertions) { 16 << 10 } else { 4 << 10 };

/// How deep a filter may be nested to be compiled on the caller's stack. Most are not deeper, and a
/// thread would cost more than compiling them does.
const MAX_INLINE_LEVELS: usize = 100;

/// How deep a filter may be nested.
const MAX_LEVELS: usize = 64 << 10;

/// A compiled filter.
pub(super) struct Program {
    pub(super) source: String,
    pub(super) filter: jaq_core::Filter<Jq>,
    /// Its global variables, in the order in which jaq counts them.
    pub(super) globals: Vec<Global>,
    /// Whether it [can do little](super::quick) with a small input.
    pub(super) is_quick: bool,
}

impl Program {
    /// Whether each run must be given the value of the declared variable `name`.
    pub(super) fn uses(&self, name: &str) -> bool {
        let is_it = |global: &Global| matches!(global, Global::Declared(used) if used == name);
        self.globals.iter().any(is_it)
    }
}

/// Where a global variable has its value from.
pub(super) enum Global {
    /// The filter does not mention it.
    Unused,
    /// The environment of the process.
    Environment,
    /// A JSON text that was given to the compiler.
    Text(Bytes),
    /// A JSON text that each run is given under this name.
    Declared(String),
}

/// Compiles `source`, on a stack that is large enough for it.
pub(super) fn compile(source: &str, options: &FilterOptions) -> Result<Program> {
    if source.trim().is_empty() {
        let message = "the filter is empty; write . to leave the document as it is";
        return Err(Error::new(ErrorKind::InvalidFilter, message));
    }
    let words = Words::of(source);
    let levels = max_levels(source, &words, options);
    if levels <= MAX_INLINE_LEVELS {
        return compile_here(source, &words, options);
    }
    if levels > MAX_LEVELS {
        return Err(Error::new(ErrorKind::InvalidFilter, "the filter is too long"));
    }
    let builder = thread::Builder::new().stack_size(levels * STACK_PER_LEVEL);
    thread::scope(|scope| {
        // A variable whose value is nested more deeply could overflow the caller's stack in a run, too.
        let work = || {
            let program = compile_here(source, &words, options)?;
            Ok(Program { is_quick: false, ..program })
        };
        let thread = builder.spawn_scoped(scope, work).map_err(|error| {
            Error::new(ErrorKind::Io, format!("cannot start a thread for the filter: {error}"))
        })?;
        thread.join().unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::InvalidFilter, "the filter cannot be compiled by jaq"))
        })
    })
}

/// More levels than anything that is to be read is nested: each takes at least one character of
/// punctuation or white space.
fn max_levels(source: &str, words: &Words<'_>, options: &FilterOptions) -> usize {
    if words.load_modules() {
        return MAX_LEVELS;
    }
    let is_level = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"_.$\"".contains(byte);
    let values = options.variables.iter().map(|(_, text)| text).chain(&options.positional);
    let brackets = values.map(|text| text.bytes().filter(|byte| b"[{".contains(byte)).count());
    let brackets = brackets.max().unwrap_or(0).min(read::MAX_DEPTH);
    source.bytes().filter(is_level).count().max(brackets)
}

fn compile_here(source: &str, words: &Words<'_>, options: &FilterOptions) -> Result<Program> {
    let globals = globals(words, options)?;
    let library = match options.library.as_slice() {
        [] => DEFAULT_LIBRARY.iter().map(PathBuf::from).collect(),
        given => given.to_vec(),
    };
    let arena = Arena::default();
    let loaded = syntax::load(source, &arena, &library);
    let main = loaded.main.map_err(|fault| report::fault(&fault, &loaded.sources))?;
    let is_quick = !words.load_modules() && quick::is_quick(&main);
    let mut globals = globals;
    for (path, name) in loaded.data {
        globals.push((name.to_owned(), data(&path)?));
    }
    let main = Def { name: MAIN, args: Vec::new(), body: main };
    let definitions = words.definitions().into_iter().chain(loaded.definitions).chain([main]);
    let modules = Loader::new(definitions)
        .load(&arena, File { code: MAIN, path: PathBuf::new() })
        .map_err(|_| Error::new(ErrorKind::InvalidFilter, "the filter does not compile"))?;
    let filter = Compiler::default()
        .with_funs(functions::all())
        .with_global_vars(globals.iter().map(|(name, _)| name.as_str()))
        .compile(modules)
        .map_err(|errors| report::compile(&errors, &loaded.sources))?;
    let globals = globals.into_iter().map(|(_, global)| global).collect();
    Ok(Program { source: source.to_owned(), filter, globals, is_quick })
}

/// The global variables, with their names. Of two with the same name, the last one counts.
fn globals(words: &Words<'_>, options: &FilterOptions) -> Result<Vec<(String, Global)>> {
    let mut globals = vec![
        ("$ENV".to_owned(), Global::Environment),
        ("$ARGS".to_owned(), Global::Text(arguments(options))),
    ];
    // As in jq, the first value that is given for a name counts.
    for (name, text) in options.variables.iter().rev() {
        let text = Bytes::copy_from_slice(text.as_bytes());
        valid(&text, &format!("the value of ${name}"))?;
        globals.push((format!("${name}"), Global::Text(text)));
    }
    for text in &options.positional {
        valid(&Bytes::copy_from_slice(text.as_bytes()), "a positional argument")?;
    }
    for name in &options.declared {
        globals.push((format!("${name}"), Global::Declared(name.clone())));
    }
    for (name, global) in &mut globals {
        if !words.mention(name) {
            *global = Global::Unused;
        }
    }
    Ok(globals)
}

fn valid(text: &Bytes, what: &str) -> Result<()> {
    read::one(text).map(drop).map_err(|error| {
        Error::new(ErrorKind::InvalidJson, format!("{what} is not valid JSON: {error}"))
    })
}

/// The text of `$ARGS`.
fn arguments(options: &FilterOptions) -> Bytes {
    // As in jq, the first value that is given for a name counts; a reader takes the last one.
    let named = options.variables.iter().rev();
    let named: Vec<_> =
        named.map(|(name, text)| format!("{}:{text}", write::string(name))).collect();
    let (positional, named) = (options.positional.join(","), named.join(","));
    format!("{{\"positional\":[{positional}],\"named\":{{{named}}}}}").into()
}

/// The values of a data file that is imported.
fn data(path: &Path) -> Result<Global> {
    let failed = |error: String| {
        let message = format!("cannot load the data in \"{}\": {error}", path.display());
        Error::new(ErrorKind::InvalidFilter, message)
    };
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let values = read::many(&text.into()).map_err(|error| failed(error.to_string()))?;
    Ok(Global::Text(write::text(&Value::array(values)).text.into()))
}
