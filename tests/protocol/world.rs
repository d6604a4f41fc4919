//! Everything there is at one moment, and what can happen next.

use crate::directory::{Content, Directory, Edit, INODES, Inode, Version};
use crate::promises::{PROMISES, SUCCESS};
use crate::rules::{Rule, Rules};
use crate::writer::{Base, Step, Writer};
use stateright::{Model, Property};

/// What is explored: who is there, what may go wrong how often, and which rules stand.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub rules: Rules,
    pub window: Window,
    pub writers: u8,
    /// How many edits each writer makes.
    pub edits: u8,
    pub document: Document,
    /// How many writers may be killed.
    pub kills: u8,
    /// How often the lock file may be deleted or replaced.
    pub lock_losses: u8,
    /// How many programs replace the document without the lock.
    pub strangers: u8,
    /// How often somebody opens the document to read it.
    pub readers: u8,
    pub file_system: FileSystem,
}

/// What a rename does to a document that somebody has open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileSystem {
    /// It goes when the other has its name.
    Replaces,
    /// It is moved away first, and there is none until the other has its name.
    MovesAway,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Document {
    Missing,
    There,
}

/// When something may happen between the last looks and the publish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// At any time, as in truth.
    Open,
    /// Not behind the last look, which is the one at the lock. This shows what that look is good for.
    BetweenLooks,
    /// Never. This shows what the look at the base is good for.
    Closed,
}

impl Window {
    /// Whether a writer goes on to this step without giving anybody else the time to act.
    fn has_no_time_before(self, step: Step) -> bool {
        match self {
            Window::Open => false,
            Window::BetweenLooks => matches!(step, Step::CloseBase | Step::Publish),
            Window::Closed => {
                matches!(step, Step::LookAtLockAgain | Step::CloseBase | Step::Publish)
            }
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct World {
    pub directory: Directory,
    pub writers: Vec<Writer>,
    /// The edits that were reported as done.
    pub reported: Content,
    /// The temporary names of which the user was told that something of somebody's was kept there.
    pub told: u8,
    /// The document that somebody else has open.
    pub read: Option<Inode>,
    kills: u8,
    lock_losses: u8,
    strangers: u8,
    readers: u8,
    file_system: FileSystem,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    Step(u8, Step),
    Kill(u8),
    DeleteLock,
    ReplaceLock,
    /// A program that does not lock reads the document, adds its edit, syncs that and replaces the
    /// document, all in one instant, so that nothing is lost by its own slowness.
    Stranger,
    /// Somebody opens the document to read it.
    Open,
    /// And closes it again.
    Close,
}

impl Scene {
    /// The edit that the stranger makes which comes when so many are still to come.
    fn strangers_edit(&self, left: u8) -> Edit {
        self.writers * self.edits + self.strangers - left
    }

    pub fn strangers_edits_so_far(&self, world: &World) -> impl Iterator<Item = Edit> {
        let first = self.writers * self.edits;
        first..first + self.strangers - world.strangers
    }
}

impl World {
    pub fn open_lock(&mut self) -> Inode {
        let lock = self.directory.lock.unwrap_or_else(|| self.directory.create(Version::EMPTY));
        self.directory.lock = Some(lock);
        lock
    }

    pub fn read(&self) -> Base {
        match self.directory.document {
            None => Base::Missing,
            Some(inode) => {
                Base::File { inode, content: self.directory.file(inode).version.content }
            }
        }
    }

    /// Removes what a dead writer has left. If that is somebody else's, which the writer has displaced, it
    /// becomes the document again, or is kept if the document has been replaced since.
    pub fn clean_up(&mut self, lock: Inode, looks: bool) {
        let Some(record) = self.directory.file(lock).record else { return };
        let Some(left) = self.directory.named(record.temporary) else { return };
        match record.exchange {
            Some((base, file)) if looks && left != base && left != file => {
                if self.directory.document != Some(file) {
                    self.told |= 1 << record.temporary;
                    return;
                }
                self.directory.exchange(record.temporary);
            }
            _ => {}
        }
        self.directory.temporaries[record.temporary as usize] = None;
    }

    /// Publishes what a dead writer was about to publish when there was no document any more.
    pub fn finish_rename(&mut self) {
        if let Some((name, _)) = self.directory.interrupted() {
            self.directory.rename(name);
        }
    }

    /// Whether a rename over the document takes two steps.
    pub fn moves_document_away(&self, rules: Rules) -> bool {
        let keeps_base = rules.has(Rule::KeepBaseOpen);
        let is_open = |inode| self.is_open(inode, keeps_base);
        self.file_system == FileSystem::MovesAway && self.directory.document.is_some_and(is_open)
    }

    fn is_open(&self, inode: Inode, keeps_base: bool) -> bool {
        let mut writers = self.writers.iter();
        self.read == Some(inode) || writers.any(|writer| writer.has_open(inode, keeps_base))
    }

    /// What somebody finds who reads the document now.
    pub fn seen(&self, rules: Rules) -> Option<Version> {
        let beside = || {
            let interrupted = self.directory.interrupted();
            let (_, left) = interrupted.filter(|_| rules.has(Rule::LookBesideRecord))?;
            Some(self.directory.file(left).version)
        };
        self.directory.document_version().or_else(beside)
    }

    fn kill(&mut self, me: u8) {
        self.kills -= 1;
        self.writers[me as usize].close(me, &mut self.directory);
        self.writers[me as usize].step = Step::Dead;
    }

    fn stranger(&mut self, scene: &Scene) {
        let edit = scene.strangers_edit(self.strangers);
        self.strangers -= 1;
        let before = self.directory.document_version().unwrap_or(Version::START);
        let version = Version { content: before.content.with(edit), ..Version::START };
        let inode = self.directory.create(version);
        self.directory.publish(inode);
    }

    pub fn all_have_ended(&self) -> bool {
        self.writers.iter().all(Writer::has_ended)
    }
}

impl Model for Scene {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let document = (self.document == Document::There).then_some(Version::START);
        let writers = (0..self.writers).map(|me| Writer::new(me * self.edits, self.edits - 1));
        vec![World {
            directory: Directory::new(document),
            writers: writers.collect(),
            reported: Content::default(),
            told: 0,
            kills: self.kills,
            lock_losses: self.lock_losses,
            strangers: self.strangers,
            read: None,
            readers: self.readers,
            file_system: self.file_system,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (me, writer) in (0..).zip(&world.writers) {
            if world.can_go_on(me) {
                actions.push(Action::Step(me, writer.step));
            }
            if world.kills > 0 && !writer.has_ended() {
                actions.push(Action::Kill(me));
            }
        }
        // When all is over, nothing of this can do harm any more.
        if world.all_have_ended() {
            return;
        }
        if world.lock_losses > 0 && world.directory.lock.is_some() {
            actions.extend([Action::DeleteLock, Action::ReplaceLock]);
        }
        if world.strangers > 0 {
            actions.push(Action::Stranger);
        }
        if world.read.is_some() {
            actions.push(Action::Close);
        } else if world.readers > 0 && world.directory.document.is_some() {
            actions.push(Action::Open);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Step(me, _) => {
                next.go_on(me, self.rules);
                while self.window.has_no_time_before(next.writers[me as usize].step) {
                    next.go_on(me, self.rules);
                }
            }
            Action::Kill(me) => next.kill(me),
            Action::DeleteLock | Action::ReplaceLock => {
                next.lock_losses -= 1;
                let new = action == Action::ReplaceLock;
                next.directory.lock = new.then(|| next.directory.create(Version::EMPTY));
            }
            Action::Stranger => next.stranger(self),
            Action::Open => {
                next.readers -= 1;
                next.read = next.directory.document;
            }
            Action::Close => next.read = None,
        }
        let keeps_base = self.rules.has(Rule::KeepBaseOpen);
        let open: Vec<Inode> =
            (0..INODES as Inode).filter(|it| next.is_open(*it, keeps_base)).collect();
        next.directory.forget_unused(|inode| open.contains(&inode));
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let promises = PROMISES.iter().map(|(name, holds)| Property::always(name, *holds));
        promises.chain([Property::sometimes(SUCCESS, World::has_everything)]).collect()
    }
}
