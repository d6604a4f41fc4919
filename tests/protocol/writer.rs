//! A writer: how far it has come, and what it has in hand.

use crate::directory::{Content, Directory, Edit, Inode, Temporary};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    OpenLock,
    Lock,
    LookAtLock,
    CleanUp,
    Read,
    LockBase,
    LookAtLockedBase,
    Record,
    Create,
    Write,
    Sync,
    LookAtBase,
    LookAtLockAgain,
    RecordExchange,
    CloseBase,
    Publish,
    RenameOverNothing,
    LookAtDisplaced,
    PutBack,
    LookAtWhatCameBack,
    PutBackAgain,
    RemoveDisplaced,
    EmptyDocument,
    FillDocument,
    Discard,
    StartAgain,
    Unlock,
    SyncDirectory,
    Report,
    Done,
    Dead,
}

/// The document as it was read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Base {
    Unread,
    Missing,
    File { inode: Inode, content: Content },
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Writer {
    pub step: Step,
    pub edit: Edit,
    /// How many edits are to follow this one.
    pub more: u8,
    pub lock: Option<Inode>,
    pub base: Base,
    pub has_closed_base: bool,
    pub name: Option<Temporary>,
    pub file: Option<Inode>,
}

impl Writer {
    pub fn new(edit: Edit, more: u8) -> Self {
        let (lock, base, name, file) = (None, Base::Unread, None, None);
        Writer { step: Step::OpenLock, edit, more, lock, base, has_closed_base: false, name, file }
    }

    pub fn has_ended(&self) -> bool {
        matches!(self.step, Step::Done | Step::Dead)
    }

    /// Whether one of its descriptors keeps this inode.
    pub fn has_open(&self, inode: Inode, keeps_base: bool) -> bool {
        let has_base = matches!(self.base, Base::File { inode: base, .. } if base == inode);
        let keeps_base = keeps_base && !self.has_closed_base;
        self.lock == Some(inode) || self.file == Some(inode) || keeps_base && has_base
    }

    /// Closes everything, as the end of the process does.
    pub fn close(&mut self, me: u8, directory: &mut Directory) {
        for inode in [self.lock, self.file, self.base_inode()].into_iter().flatten() {
            directory.release(inode, me);
        }
        (self.lock, self.base, self.name, self.file) = (None, Base::Unread, None, None);
        self.has_closed_base = false;
    }

    /// What it is to publish.
    pub fn new_content(&self) -> Content {
        match self.base {
            Base::File { content, .. } => content.with(self.edit),
            Base::Unread | Base::Missing => Content::default().with(self.edit),
        }
    }

    pub fn base_inode(&self) -> Option<Inode> {
        match self.base {
            Base::File { inode, .. } => Some(inode),
            Base::Unread | Base::Missing => None,
        }
    }
}
