//! What a writer does, one step after the other. Between any two of them anything may happen.

use crate::directory::{Inode, Record, Version};
use crate::rules::{Rule, Rules};
use crate::world::World;
use crate::writer::{Base, Step, Writer};

impl World {
    /// Whether a writer's next step can be made now: a lock may have to be waited for.
    pub fn can_go_on(&self, me: u8) -> bool {
        let writer = &self.writers[me as usize];
        let is_free = |inode: Option<Inode>| {
            let holder = inode.and_then(|inode| self.directory.file(inode).locked_by);
            holder.is_none_or(|holder| holder == me)
        };
        match writer.step {
            Step::Done | Step::Dead => false,
            Step::Lock => is_free(writer.lock),
            Step::LockBase => is_free(writer.base_inode()),
            _ => true,
        }
    }

    /// Makes a writer's next step.
    pub fn go_on(&mut self, me: u8, rules: Rules) {
        let writer = self.writers[me as usize].clone();
        let mut turn = Turn { world: self, writer, me, rules };
        let next = match turn.writer.step {
            Step::OpenLock | Step::Lock | Step::LookAtLock => turn.lock(),
            Step::CleanUp | Step::Read | Step::LockBase | Step::LookAtLockedBase => turn.read(),
            Step::Record | Step::Create | Step::Write | Step::Sync | Step::RecordExchange => {
                turn.write()
            }
            Step::EmptyDocument | Step::FillDocument => turn.write_in_place(),
            Step::LookAtBase | Step::LookAtLockAgain | Step::CloseBase | Step::Publish => {
                turn.publish()
            }
            Step::RenameOverNothing => turn.rename(),
            Step::LookAtDisplaced
            | Step::PutBack
            | Step::LookAtWhatCameBack
            | Step::PutBackAgain => turn.look_at_exchange(),
            Step::RemoveDisplaced | Step::Discard | Step::StartAgain => turn.tidy_up(),
            Step::Unlock | Step::SyncDirectory | Step::Report => turn.finish(),
            Step::Done | Step::Dead => unreachable!("it has ended"),
        };
        turn.writer.step = next;
        self.writers[me as usize] = turn.writer;
    }
}

/// One step of one writer. Each method says which step is next.
struct Turn<'a> {
    world: &'a mut World,
    writer: Writer,
    me: u8,
    rules: Rules,
}

impl Turn<'_> {
    fn lock(&mut self) -> Step {
        match self.writer.step {
            Step::OpenLock if self.reads_before_the_lock() => {
                self.writer.base = self.world.read();
                Step::OpenLock
            }
            Step::OpenLock if !self.rules.has(Rule::Lock) => Step::Read,
            Step::OpenLock => {
                self.writer.lock = Some(self.world.open_lock());
                Step::Lock
            }
            Step::Lock => {
                self.hold(self.writer.lock);
                Step::LookAtLock
            }
            _ if self.rules.has(Rule::LockLookAfterLock) && !self.has_current_lock() => {
                Step::StartAgain
            }
            _ => Step::CleanUp,
        }
    }

    fn read(&mut self) -> Step {
        match self.writer.step {
            Step::CleanUp => {
                let looks = self.rules.has(Rule::LookBeforeCleanUp);
                if self.rules.has(Rule::FinishRename) {
                    self.world.finish_rename();
                }
                self.world.clean_up(self.writer.lock.unwrap(), looks);
                Step::Read
            }
            Step::Read => {
                if self.rules.has(Rule::ReadUnderLock) {
                    self.writer.base = self.world.read();
                }
                match self.writer.base {
                    Base::File { .. } if self.rules.has(Rule::LockBase) => Step::LockBase,
                    _ if !self.rules.has(Rule::TemporaryFile) => Step::EmptyDocument,
                    _ => Step::Record,
                }
            }
            Step::LockBase => {
                self.hold(self.writer.base_inode());
                Step::LookAtLockedBase
            }
            _ if self.is_base() => Step::Record,
            _ => Step::StartAgain,
        }
    }

    fn write(&mut self) -> Step {
        match self.writer.step {
            Step::Record => {
                let writers = &self.world.writers;
                let is_in_use = |name| writers.iter().any(|one| one.name == Some(name));
                self.writer.name = Some(self.world.directory.fresh_name(is_in_use));
                self.record(None);
                Step::Create
            }
            Step::Create => {
                let inode = self.world.directory.create(Version::EMPTY);
                let name = self.writer.name.unwrap();
                self.world.directory.temporaries[name as usize] = Some(inode);
                self.writer.file = Some(inode);
                self.hold(self.writer.file);
                Step::Write
            }
            Step::Write => {
                let content = self.writer.new_content();
                self.file_version().content = content;
                self.file_version().is_whole = true;
                Step::Sync
            }
            Step::Sync => {
                self.file_version().is_synced = self.rules.has(Rule::SyncFile);
                Step::RecordExchange
            }
            _ => {
                let says = self.rules.has(Rule::RecordBase)
                    || self.rules.has(Rule::Exchange) && self.rules.has(Rule::LookBeforeCleanUp);
                let inodes = self.writer.base_inode().zip(self.writer.file);
                self.record(inodes.filter(|_| says));
                Step::LookAtBase
            }
        }
    }

    /// What the protocol never does.
    fn write_in_place(&mut self) -> Step {
        let (version, next) = match self.writer.step {
            Step::EmptyDocument => (Version::EMPTY, Step::FillDocument),
            _ => (Version { content: self.writer.new_content(), ..Version::START }, Step::Unlock),
        };
        let document = self.world.directory.document.unwrap();
        self.world.directory.file_mut(document).version = version;
        self.world.directory.publish(document);
        next
    }

    fn publish(&mut self) -> Step {
        let name = self.writer.name.unwrap();
        match (self.writer.step, self.writer.base) {
            (Step::LookAtBase, _) if self.rules.has(Rule::BaseLook) && !self.is_base() => {
                Step::Discard
            }
            (Step::LookAtBase, _) => Step::LookAtLockAgain,
            (Step::LookAtLockAgain, _)
                if self.rules.has(Rule::LockLookBeforePublish) && !self.has_current_lock() =>
            {
                Step::Discard
            }
            (Step::LookAtLockAgain, _) => Step::CloseBase,
            (Step::CloseBase, _) => {
                self.writer.has_closed_base = self.rules.has(Rule::CloseBase);
                Step::Publish
            }
            (_, Base::File { .. }) if self.rules.has(Rule::Exchange) => {
                self.world.directory.exchange(name);
                Step::LookAtDisplaced
            }
            (_, Base::Missing)
                if self.rules.has(Rule::NoReplace) && self.world.directory.document.is_some() =>
            {
                Step::Discard
            }
            _ if self.world.moves_document_away(self.rules) => {
                self.world.directory.move_away();
                Step::RenameOverNothing
            }
            _ => self.rename(),
        }
    }

    fn rename(&mut self) -> Step {
        self.world.directory.rename(self.writer.name.unwrap());
        Step::Unlock
    }

    fn look_at_exchange(&mut self) -> Step {
        let name = self.writer.name.unwrap();
        let displaced = self.world.directory.named(name);
        match self.writer.step {
            Step::LookAtDisplaced if displaced == self.writer.base_inode() => Step::RemoveDisplaced,
            Step::LookAtDisplaced => Step::PutBack,
            Step::PutBack => {
                self.world.directory.exchange(name);
                Step::LookAtWhatCameBack
            }
            Step::LookAtWhatCameBack if displaced == self.writer.file => Step::Discard,
            Step::LookAtWhatCameBack => Step::PutBackAgain,
            _ => {
                self.world.directory.exchange(name);
                self.world.told |= 1 << name;
                Step::StartAgain
            }
        }
    }

    fn tidy_up(&mut self) -> Step {
        match self.writer.step {
            Step::StartAgain => {
                self.writer.close(self.me, &mut self.world.directory);
                return Step::OpenLock;
            }
            _ => self.world.directory.temporaries[self.writer.name.unwrap() as usize] = None,
        }
        if self.writer.step == Step::Discard { Step::StartAgain } else { Step::Unlock }
    }

    fn finish(&mut self) -> Step {
        match self.writer.step {
            Step::Unlock => {
                let base = self.writer.base_inode();
                // Without its lock it has no more use for the new document than any reader.
                let (file, lock) = (self.writer.file.take(), self.writer.lock.take());
                for inode in [base, file, lock].iter().flatten() {
                    self.world.directory.release(*inode, self.me);
                }
                Step::SyncDirectory
            }
            Step::SyncDirectory => {
                if self.rules.has(Rule::SyncDirectory) {
                    self.world.directory.sync();
                }
                Step::Report
            }
            _ => {
                self.world.reported = self.world.reported.with(self.writer.edit);
                self.writer.close(self.me, &mut self.world.directory);
                let Some(more) = self.writer.more.checked_sub(1) else { return Step::Done };
                (self.writer.more, self.writer.edit) = (more, self.writer.edit + 1);
                Step::OpenLock
            }
        }
    }

    fn reads_before_the_lock(&self) -> bool {
        !self.rules.has(Rule::ReadUnderLock) && self.writer.base == Base::Unread
    }

    fn has_current_lock(&self) -> bool {
        self.writer.lock == self.world.directory.lock
    }

    /// Whether the document still has the inode number that was read.
    fn is_base(&self) -> bool {
        self.writer.base_inode() == self.world.directory.document
    }

    fn hold(&mut self, inode: Option<Inode>) {
        self.world.directory.file_mut(inode.unwrap()).locked_by = Some(self.me);
    }

    fn record(&mut self, exchange: Option<(Inode, Inode)>) {
        let is_synced = exchange.is_some() && self.rules.has(Rule::SyncRecord);
        let record = Record { temporary: self.writer.name.unwrap(), exchange, is_synced };
        if let Some(lock) = self.writer.lock {
            self.world.directory.file_mut(lock).record = Some(record);
        }
    }

    fn file_version(&mut self) -> &mut Version {
        &mut self.world.directory.file_mut(self.writer.file.unwrap()).version
    }
}
