//! What a writer does to be safe, so that it can be left out.

/// A rule of the protocol; `I2` to `I7` are the invariants of `store::local`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// I2: only whoever has the lock edits.
    Lock,
    /// I3, first half: with the lock in hand, the lock file is looked at again.
    LockLookAfterLock,
    /// I3, second half: the same just before the publish.
    LockLookBeforePublish,
    /// I4, first half: the base is read under the lock.
    ReadUnderLock,
    /// I4, second half: its descriptor stays open, so that its inode number is not used again.
    KeepBaseOpen,
    /// I5: just before the publish the document is still the base.
    BaseLook,
    /// I6, first half: the new content is written to a file of its own.
    TemporaryFile,
    /// I6, second half: which is synced.
    SyncFile,
    /// I7: success is reported once the directory is synced.
    SyncDirectory,
    /// A document that was missing is created, never replaced.
    NoReplace,
    /// The publish is an exchange, and what it displaced is looked at.
    Exchange,
    /// What a dead writer has left is removed only if it is known to be the writer's own file or base.
    LookBeforeCleanUp,
    /// The base is locked too, and looked at again with that lock in hand. No invariant asks for it, since
    /// whoever may read the document could then keep everybody waiting.
    LockBase,
    /// I13: where names cannot be exchanged, the base is closed before the rename.
    CloseBase,
    /// I12, first part: the record says that there was a document, and which file is to replace it.
    RecordBase,
    /// I12, second part: that record is synced.
    SyncRecord,
    /// I12, third part: who finds no document beside such a record finishes the rename.
    FinishRename,
    /// I12, fourth part: so does a reader, but in its mind only.
    LookBesideRecord,
}

impl Rule {
    const fn bit(self) -> u32 {
        1 << self as u16
    }
}

const ALL: [Rule; 18] = [
    Rule::Lock,
    Rule::LockLookAfterLock,
    Rule::LockLookBeforePublish,
    Rule::ReadUnderLock,
    Rule::KeepBaseOpen,
    Rule::BaseLook,
    Rule::TemporaryFile,
    Rule::SyncFile,
    Rule::SyncDirectory,
    Rule::NoReplace,
    Rule::Exchange,
    Rule::LookBeforeCleanUp,
    Rule::LockBase,
    Rule::CloseBase,
    Rule::RecordBase,
    Rule::SyncRecord,
    Rule::FinishRename,
    Rule::LookBesideRecord,
];

/// The rules that stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rules(u32);

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let missing: Vec<Rule> = ALL.into_iter().filter(|rule| !self.has(*rule)).collect();
        write!(f, "all but {missing:?}")
    }
}

impl Rules {
    /// What follows from I2 to I7, with a plain rename as the publish.
    pub const RENAME: Rules = Rules(Rule::Exchange.bit() - 1);
    /// The same with an exchange.
    pub const EXCHANGE: Rules = Rules::RENAME.and(Rule::Exchange).and(Rule::LookBeforeCleanUp);
    /// A plain rename on a file system that moves open files away.
    pub const MOVING: Rules = Rules::RENAME
        .and(Rule::CloseBase)
        .and(Rule::RecordBase)
        .and(Rule::SyncRecord)
        .and(Rule::FinishRename)
        .and(Rule::LookBesideRecord);

    pub const fn and(self, rule: Rule) -> Rules {
        Rules(self.0 | rule.bit())
    }

    pub const fn without(self, rule: Rule) -> Rules {
        Rules(self.0 & !rule.bit())
    }

    pub const fn has(self, rule: Rule) -> bool {
        self.0 & rule.bit() != 0
    }
}
