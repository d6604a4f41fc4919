//! Modules: what a filter imports and includes, with all that it calls there.

use std::path::{Path, PathBuf};

use jaq_core::load::lex::StrPart;
use jaq_core::load::{Arena, File, Import};

use super::names::{Names, Visible};
use super::order::bind;
use super::parser::Parser;
use super::token::{self, Kind};
use super::{Def, Fault, Parsed, Term};

/// The longest text of a module, which is compiled on a stack for one that long.
const MAX_LEN: usize = 64 << 10;

type Source<'s> = File<&'s str, PathBuf>;

/// What was loaded, or what is wrong.
pub(in super::super) struct Loaded<'s> {
    /// The definitions of all modules, each behind those that it calls.
    pub(in super::super) definitions: Vec<Def<'s>>,
    pub(in super::super) main: Parsed<'s, Term<'s>>,
    /// The files of imported data, and the global variables that hold them.
    pub(in super::super) data: Vec<(PathBuf, &'s str)>,
    /// All that has been read, to say where something is wrong.
    pub(in super::super) sources: Vec<Source<'s>>,
}

/// Parses a filter, and what it imports from the directories of a `library`.
pub(in super::super) fn load<'s>(
    source: &'s str,
    arena: &'s Arena,
    library: &[PathBuf],
) -> Loaded<'s> {
    let mut loader = Loader {
        arena,
        library,
        modules: Vec::new(),
        open: Vec::new(),
        definitions: Vec::new(),
        data: Vec::new(),
        sources: Vec::new(),
    };
    let main = loader.main(source);
    Loaded { definitions: loader.definitions, main, data: loader.data, sources: loader.sources }
}

struct Loader<'s, 'l> {
    arena: &'s Arena,
    library: &'l [PathBuf],
    /// The modules that have been read, with what they define.
    modules: Vec<(PathBuf, Vec<Visible<'s>>)>,
    /// Those that are being read.
    open: Vec<PathBuf>,
    definitions: Vec<Def<'s>>,
    data: Vec<(PathBuf, &'s str)>,
    sources: Vec<Source<'s>>,
}

/// What a file imports or includes.
struct Dependency<'s> {
    part: &'s str,
    path: String,
    /// Without one it is included.
    alias: Option<&'s str>,
    meta: Option<Term<'s>>,
}

/// Data of a file, by the names that it has there.
type Data<'s> = Vec<(&'s str, &'s str)>;

impl<'s> Loader<'s, '_> {
    fn main(&mut self, source: &'s str) -> Parsed<'s, Term<'s>> {
        let (mut parser, data) = self.open(source, PathBuf::new(), None)?;
        let query = parser.query()?;
        parser.end()?;
        Ok(with_data(query, &data))
    }

    /// A parser that has read the imports of a file.
    fn open(
        &mut self,
        source: &'s str,
        path: PathBuf,
        module: Option<usize>,
    ) -> Parsed<'s, (Parser<'s>, Data<'s>)> {
        self.sources.push(File { code: source, path: path.clone() });
        let names = Names { arena: Some(self.arena), module, ..Names::default() };
        let mut parser = Parser::new(source, token::tokens(source)?, names);
        let mut data = Vec::new();
        for dependency in parser.dependencies()? {
            match dependency.alias.filter(|alias| alias.starts_with('$')) {
                Some(alias) => data.append(&mut self.import_data(&path, &dependency, alias)?),
                None => {
                    let mut visible = self.import(&path, &dependency)?;
                    parser.names.visible.append(&mut visible);
                }
            }
        }
        Ok((parser, data))
    }

    fn find(&self, parent: &Path, found: &Dependency<'s>, extension: &str) -> Parsed<'s, PathBuf> {
        let import = Import { parent: &parent.to_owned(), path: &&*found.path, meta: &found.meta };
        import.find(self.library, extension).map_err(|error| failed(found, &error))
    }

    fn import_data(
        &mut self,
        parent: &Path,
        found: &Dependency<'s>,
        alias: &'s str,
    ) -> Parsed<'s, Data<'s>> {
        let path = self.find(parent, found, "json")?;
        let global: &'s str = self.arena.alloc(format!("$ data {}", self.data.len()));
        self.data.push((path, global));
        let long: &'s str = self.arena.alloc(format!("{alias}::{}", &alias[1..]));
        Ok(vec![(alias, global), (long, global)])
    }

    /// What of a module can be called, by the names that it has where it is imported.
    fn import(&mut self, parent: &Path, found: &Dependency<'s>) -> Parsed<'s, Vec<Visible<'s>>> {
        let path = self.find(parent, found, "jq")?;
        let known = self.modules.iter().find(|(known, _)| *known == path);
        let exported = match known {
            Some((_, exported)) => exported.clone(),
            None => self.read(path, found)?,
        };
        let imported = exported.into_iter().map(|visible| match found.alias {
            None => visible,
            Some(alias) => {
                let name = self.arena.alloc(format!("{alias}::{}", visible.name));
                Visible { name, ..visible }
            }
        });
        Ok(imported.collect())
    }

    fn read(&mut self, path: PathBuf, found: &Dependency<'s>) -> Parsed<'s, Vec<Visible<'s>>> {
        if self.open.contains(&path) {
            return Err(failed(found, "circular include/import"));
        }
        let code = std::fs::read_to_string(&path);
        let code = code.map_err(|error| failed(found, &error.to_string()))?;
        if code.len() > MAX_LEN {
            return Err(failed(found, "the module is too long"));
        }
        self.open.push(path.clone());
        let code: &'s str = self.arena.alloc(code);
        let number = self.sources.len();
        let (mut parser, data) = self.open(code, path.clone(), Some(number))?;
        let definitions = parser.definitions()?;
        self.open.pop();
        let with_data = |def: Def<'s>| Def { body: with_data(def.body, &data), ..def };
        self.definitions.extend(definitions.into_iter().map(with_data));
        let own = format!("{number} ");
        let is_own = |visible: &Visible<'s>| visible.unique.starts_with(&own);
        let exported: Vec<_> = parser.names.visible.into_iter().filter(is_own).collect();
        self.modules.push((path, exported.clone()));
        Ok(exported)
    }
}

fn failed<'s>(found: &Dependency<'s>, error: &str) -> Fault<'s> {
    let what = format!("cannot load the module \"{}\": {error}", found.path);
    Fault { part: found.part, what }
}

fn with_data<'s>(body: Term<'s>, data: &Data<'s>) -> Term<'s> {
    let variables = data.iter().rev();
    variables.fold(body, |body, (name, global)| bind(Term::Var(global), name, body))
}

impl<'s> Parser<'s> {
    /// What stands in front of the filter or the definitions of a file.
    fn dependencies(&mut self) -> Parsed<'s, Vec<Dependency<'s>>> {
        if self.take("module") {
            self.query()?;
            self.expect(";")?;
        }
        let mut dependencies = Vec::new();
        while self.is_at("import") || self.is_at("include") {
            let is_import = self.take("import");
            if !is_import {
                self.skip();
            }
            dependencies.push(self.dependency(is_import)?);
        }
        Ok(dependencies)
    }

    /// What follows `import` or `include`.
    fn dependency(&mut self, is_import: bool) -> Parsed<'s, Dependency<'s>> {
        let part = self.ahead().nth(1).map_or("", |token| token.text);
        let mut path = String::new();
        for piece in self.string_parts()? {
            match piece {
                StrPart::Str(text) => path.push_str(text),
                StrPart::Char(char) => path.push(char),
                StrPart::Term(_) => {
                    let what = "the name of a module is always the same".into();
                    return Err(Fault { part, what });
                }
            }
        }
        let alias = match is_import {
            false => None,
            true => {
                self.expect("as")?;
                Some(match self.peek() {
                    Some(token) if token.kind == Kind::Variable => {
                        self.skip();
                        token.text
                    }
                    _ => self.name("a name")?,
                })
            }
        };
        let meta = if self.is_at(";") { None } else { Some(self.query()?) };
        self.expect(";")?;
        Ok(Dependency { part, path, alias, meta })
    }
}
