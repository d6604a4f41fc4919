//! What is promised of every moment, and of the end.

use crate::directory::{Content, Inode, Version};
use crate::rules::Rules;
use crate::world::{Document, Scene, World};
use crate::writer::Step;

pub const SEEN: &str = "whoever reads the document sees every edit that was reported";
pub const KEPT: &str = "in the end the document has every edit that was reported";
pub const WHOLE: &str = "whoever reads the document sees a whole one";
pub const DURABLE: &str = "a power cut leaves a whole document with every edit that was reported";
pub const ONCE: &str = "no edit is made twice";
pub const STRANGERS: &str = "what a stranger wrote is in the document, or the user was told where";
pub const CLEAN: &str = "what is left over is known to whoever locks next";
pub const THERE: &str = "whoever reads the document finds one, once there is one";
pub const UNDISTURBED: &str = "a document that nobody else has open is never missing";
pub const ENDS: &str = "everybody who waits gets the lock, and every edit ends";

/// Not a promise, but what shows that the scenes are about something.
pub const SUCCESS: &str = "every edit can be made and reported";

type Promise = (&'static str, fn(&Scene, &World) -> bool);

pub const PROMISES: [Promise; 10] = [
    (SEEN, |scene, world| world.shows_what_was_reported(scene.rules)),
    (KEPT, |scene, world| !world.all_have_ended() || world.shows_what_was_reported(scene.rules)),
    (WHOLE, |scene, world| world.seen(scene.rules).is_none_or(|version| version.is_whole)),
    (DURABLE, |_, world| world.directory.durable.iter().all(|version| world.survives(*version))),
    (ONCE, |_, world| {
        let content = world.directory.document_version().unwrap_or(Version::EMPTY).content;
        content.edits().all(|edit| content.count(edit) == 1)
    }),
    (STRANGERS, |scene, world| {
        let mut edits = scene.strangers_edits_so_far(world);
        edits.all(|edit| world.directory.has_somewhere(edit))
            && (!world.all_have_ended() || world.knows_of_all(scene))
    }),
    (CLEAN, |_, world| {
        let record = world.directory.lock.and_then(|lock| world.directory.file(lock).record);
        let is_known = |name: u8| {
            world.told & 1 << name != 0 || record.is_some_and(|record| record.temporary == name)
        };
        !world.all_have_ended()
            || (0..)
                .zip(&world.directory.temporaries)
                .all(|(name, left)| left.is_none() || is_known(name))
    }),
    (THERE, |scene, world| {
        scene.document == Document::Missing || world.seen(scene.rules).is_some()
    }),
    (UNDISTURBED, |scene, world| {
        scene.document == Document::Missing
            || scene.readers > 0
            || world.directory.document.is_some()
    }),
    (ENDS, |scene, world| {
        let can_go_on = (0..scene.writers).any(|me| world.can_go_on(me));
        can_go_on || world.all_have_ended()
    }),
];

impl World {
    pub fn has_everything(scene: &Scene, world: &World) -> bool {
        (0..scene.writers * scene.edits).all(|edit| world.reported.count(edit) == 1)
    }

    fn shows_what_was_reported(&self, rules: Rules) -> bool {
        let content = self.seen(rules).map(|version| version.content);
        content.unwrap_or_default().has_all_of(self.reported)
    }

    fn survives(&self, version: Option<Version>) -> bool {
        match version {
            None => self.reported == Content::default(),
            Some(version) => {
                version.is_whole && version.is_synced && version.content.has_all_of(self.reported)
            }
        }
    }

    /// Whether the strangers' edits are where somebody looks: in the document, in a file of which the
    /// user was told, or in one that a dead writer has left and the next one will look at.
    fn knows_of_all(&self, scene: &Scene) -> bool {
        let has = |inode: Option<Inode>, edit| {
            inode.is_some_and(|inode| self.directory.file(inode).version.content.count(edit) > 0)
        };
        let has_died = self.writers.iter().any(|writer| writer.step == Step::Dead);
        scene.strangers_edits_so_far(self).all(|edit| {
            let mut left = (0..).zip(self.directory.temporaries);
            has(self.directory.document, edit)
                || left.any(|(name, inode)| {
                    has(inode, edit) && (has_died || self.told & 1 << name != 0)
                })
        })
    }
}
