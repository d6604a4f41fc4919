//! What the names in a filter mean, and names that no filter can spell.

use jaq_core::load::Arena;

/// The names of values that are bound so that they are evaluated first.
const BOUND: [&str; 12] =
    ["$ 0", "$ 1", "$ 2", "$ 3", "$ 4", "$ 5", "$ 6", "$ 7", "$ 8", "$ 9", "$ 10", "$ 11"];

/// A definition of a module that can be called here.
#[derive(Clone)]
pub(super) struct Visible<'s> {
    /// As it is called here, perhaps with the name of the module.
    pub(super) name: &'s str,
    pub(super) arity: usize,
    /// As it is called among the definitions of all modules.
    pub(super) unique: &'s str,
}

#[derive(Default)]
pub(super) struct Names<'s> {
    /// Where names are kept that are made; there is none for sources that make none.
    pub(super) arena: Option<&'s Arena>,
    /// Definitions and arguments around a place, by name and number of arguments.
    pub(super) local: Vec<(&'s str, usize)>,
    pub(super) visible: Vec<Visible<'s>>,
    /// The number of the module, if it is one.
    pub(super) module: Option<usize>,
}

/// What a call refers to.
pub(super) enum Callee<'s> {
    Local,
    Module(&'s str),
    /// What comes with the program, or nothing.
    Library,
}

impl<'s> Names<'s> {
    pub(super) fn keep(&self, name: String) -> &'s str {
        self.arena.map_or("", |arena| arena.alloc(name).as_str())
    }

    /// The variable for the value that is bound as the one of this number.
    pub(super) fn bound(&self, number: usize) -> &'s str {
        BOUND.get(number).copied().unwrap_or_else(|| self.keep(format!("$ {number}")))
    }

    pub(super) fn callee(&self, name: &str, arity: usize) -> Callee<'s> {
        if self.local.contains(&(name, arity)) {
            return Callee::Local;
        }
        let is_it = |visible: &&Visible<'s>| visible.name == name && visible.arity == arity;
        match self.visible.iter().rev().find(is_it) {
            Some(visible) => Callee::Module(visible.unique),
            None => Callee::Library,
        }
    }

    /// Whether a call means what comes with the program.
    pub(super) fn is_library(&self, name: &str, arity: usize) -> bool {
        matches!(self.callee(name, arity), Callee::Library)
    }

    /// Whether a module is called `name` here.
    pub(super) fn has_module(&self, name: &str) -> bool {
        let is_in = |visible: &Visible<'_>| {
            visible.name.rsplit_once("::").is_some_and(|(module, _)| module == name)
        };
        self.visible.iter().any(is_in)
    }
}
