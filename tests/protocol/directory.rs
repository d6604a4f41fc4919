//! The part of a file system that the protocol relies on: names, inodes, `flock(2)`, and what a power
//! cut would leave.

/// How many inodes there can be at once. None is lost for want of one: the model panics first.
pub const INODES: usize = 12;
const NAMES: usize = 6;

pub type Inode = u8;
pub type Temporary = u8;

/// A number for each edit, of those who lock and of those who don't.
pub type Edit = u8;

/// What is in a document: how often each edit was made, two bits for each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Content(u16);

impl Content {
    pub fn with(self, edit: Edit) -> Self {
        let count = (self.0 >> (2 * edit)) & 3;
        Content(self.0 & !(3 << (2 * edit)) | (count + 1).min(3) << (2 * edit))
    }

    pub fn count(self, edit: Edit) -> u16 {
        (self.0 >> (2 * edit)) & 3
    }

    pub fn edits(self) -> impl Iterator<Item = Edit> {
        (0..8).filter(move |edit| self.count(*edit) > 0)
    }

    pub fn has_all_of(self, others: Content) -> bool {
        others.edits().all(|edit| self.count(edit) > 0)
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = self.edits().map(|edit| (edit, self.count(edit)));
        f.write_str("{")?;
        for (edit, count) in each {
            write!(f, " {edit}")?;
            (1..count).try_for_each(|_| write!(f, "+{edit}"))?;
        }
        f.write_str(" }")
    }
}

/// The content of a file, and what is known about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Version {
    pub content: Content,
    /// Not half written.
    pub is_whole: bool,
    /// Without it, a power cut leaves garbage.
    pub is_synced: bool,
}

impl Version {
    pub const EMPTY: Version = Version { content: Content(0), is_whole: false, is_synced: false };
    pub const START: Version = Version { content: Content(0), is_whole: true, is_synced: true };
}

/// What a writer notes in the lock file, for whoever comes after it should it die.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Record {
    pub temporary: Temporary,
    /// Once they are about to change places: the inodes of the base and of the new document.
    pub exchange: Option<(Inode, Inode)>,
    pub is_synced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct File {
    pub version: Version,
    pub locked_by: Option<u8>,
    pub record: Option<Record>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Directory {
    pub inodes: [Option<File>; INODES],
    pub document: Option<Inode>,
    pub lock: Option<Inode>,
    pub temporaries: [Option<Inode>; NAMES],
    /// The documents that a power cut may leave: all since the directory was last synced.
    pub durable: Vec<Option<Version>>,
}

impl Directory {
    pub fn new(document: Option<Version>) -> Self {
        let mut directory = Directory {
            inodes: [None; INODES],
            document: None,
            lock: None,
            temporaries: [None; NAMES],
            durable: vec![document],
        };
        directory.document = document.map(|version| directory.create(version));
        directory
    }

    /// Makes an inode, with the lowest number that is free: numbers are used again at once, as ext4
    /// does it.
    pub fn create(&mut self, version: Version) -> Inode {
        let free = self.inodes.iter().position(Option::is_none).unwrap();
        self.inodes[free] = Some(File { version, locked_by: None, record: None });
        free as Inode
    }

    pub fn file(&self, inode: Inode) -> &File {
        self.inodes[inode as usize].as_ref().unwrap()
    }

    pub fn file_mut(&mut self, inode: Inode) -> &mut File {
        self.inodes[inode as usize].as_mut().unwrap()
    }

    pub fn named(&self, name: Temporary) -> Option<Inode> {
        self.temporaries[name as usize]
    }

    /// A name that nobody has, nor remembers: real ones are random.
    pub fn fresh_name(&self, remembered: impl Fn(Temporary) -> bool) -> Temporary {
        let is_recorded = |name| {
            let files = self.inodes.iter().flatten();
            files.filter_map(|file| file.record).any(|record| record.temporary == name)
        };
        let mut names = 0..NAMES as Temporary;
        let is_free = |name: &Temporary| {
            self.named(*name).is_none() && !is_recorded(*name) && !remembered(*name)
        };
        names.find(is_free).unwrap()
    }

    pub fn document_version(&self) -> Option<Version> {
        self.document.map(|inode| self.file(inode).version)
    }

    /// Gives the document another inode, or notes that its content has changed.
    pub fn publish(&mut self, inode: Inode) {
        self.document = Some(inode);
        let version = self.document_version();
        if let Err(place) = self.durable.binary_search(&version) {
            self.durable.insert(place, version);
        }
    }

    /// `rename(2)` of a temporary file over the document.
    pub fn rename(&mut self, from: Temporary) {
        let inode = self.temporaries[from as usize].take().unwrap();
        self.publish(inode);
    }

    /// `renameat2(2)` with `RENAME_EXCHANGE`.
    pub fn exchange(&mut self, name: Temporary) {
        let inode = self.temporaries[name as usize].unwrap();
        self.temporaries[name as usize] = self.document;
        self.publish(inode);
    }

    /// The first half of a rename onto the name of an open file, on file systems that do it in two. The
    /// file lives on until it is closed, but nobody finds it any more.
    pub fn move_away(&mut self) {
        self.document = None;
        let version = self.after_power_cut();
        if let Err(place) = self.durable.binary_search(&version) {
            self.durable.insert(place, version);
        }
    }

    /// What is found after a power cut which leaves all names as they are: without a document the one to
    /// which a durable record leads.
    fn after_power_cut(&self) -> Option<Version> {
        let record = self.lock.and_then(|lock| self.file(lock).record);
        let is_synced = record.is_some_and(|record| record.is_synced);
        let left =
            self.interrupted().filter(|_| is_synced).map(|(_, left)| self.file(left).version);
        self.document_version().or(left)
    }

    /// The temporary file that was to replace a document which is missing, as its writer recorded it.
    pub fn interrupted(&self) -> Option<(Temporary, Inode)> {
        let record = self.lock.and_then(|lock| self.file(lock).record)?;
        let (_, new) = record.exchange.filter(|_| self.document.is_none())?;
        let left = self.named(record.temporary).filter(|left| *left == new)?;
        self.file(left).version.is_whole.then_some((record.temporary, left))
    }

    pub fn sync(&mut self) {
        self.durable = vec![self.after_power_cut()];
    }

    /// Frees the inodes that have neither a name nor an open descriptor.
    pub fn forget_unused(&mut self, is_open: impl Fn(Inode) -> bool) {
        for number in 0..INODES as Inode {
            let is_named = self.document == Some(number)
                || self.lock == Some(number)
                || self.temporaries.contains(&Some(number));
            if !is_named && !is_open(number) {
                self.inodes[number as usize] = None;
            }
        }
    }

    /// Unlocks the inode if it is this writer who has locked it.
    pub fn release(&mut self, inode: Inode, writer: u8) {
        let file = self.inodes[inode as usize].as_mut();
        if let Some(file) = file.filter(|file| file.locked_by == Some(writer)) {
            file.locked_by = None;
        }
    }

    /// Whether an edit is in any file that has a name.
    pub fn has_somewhere(&self, edit: Edit) -> bool {
        let named = self.document.iter().chain(self.temporaries.iter().flatten());
        named.into_iter().any(|inode| self.file(*inode).version.content.count(edit) > 0)
    }
}
