//! A recorded stretch of a disk's life, and the disks that a power cut in it might leave.

use super::disk::{Blocks, Disk, Event};

/// What was on the disk at the beginning, and what was done to it since.
pub(super) struct Recording {
    pub(super) start: Blocks,
    pub(super) events: Vec<Event>,
}

/// What a power cut leaves: what was there before the last flush, and some of what was written since.
pub(super) struct Cut {
    /// How many events there were before the power cut.
    pub(super) position: usize,
    /// Those among them that are lost.
    lost: Vec<usize>,
}

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cut after event {}, without {:?}", self.position, self.lost)
    }
}

/// Of so few writes between two flushes each subset may be lost.
const ALL_SUBSETS_OF: usize = 4;

impl Recording {
    pub(super) fn end(disk: &Disk, start: Blocks) -> Self {
        Recording { start, events: disk.log() }
    }

    /// A power cut after each event, with all writes in order.
    pub(super) fn in_order(&self) -> impl Iterator<Item = Cut> {
        // A flush changes nothing on a disk that has done all its writes.
        let is_write = |index: &usize| matches!(self.events[*index], Event::Write(_));
        let writes = (0..self.events.len()).filter(is_write).map(|index| index + 1);
        std::iter::once(0).chain(writes).map(|position| Cut { position, lost: Vec::new() })
    }

    /// A power cut before each flush, with some of the writes since the last one lost: each way if
    /// there are few, some of the ways otherwise.
    pub(super) fn out_of_order(&self, random: &mut fastrand::Rng, ways: usize) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (writes, position) in self.stretches() {
            let lost: Vec<Vec<usize>> = match writes.len() {
                0 => Vec::new(),
                few @ 1..=ALL_SUBSETS_OF => {
                    (1..1 << few).map(|mask| subset(&writes, mask)).collect()
                }
                _ => (0..ways).map(|way| some(&writes, way, random)).collect(),
            };
            cuts.extend(lost.into_iter().map(|lost| Cut { position, lost }));
        }
        cuts
    }

    /// A power cut anywhere, with anything lost that may be lost.
    pub(super) fn anywhere(&self, random: &mut fastrand::Rng) -> Cut {
        let position = random.usize(0..=self.events.len());
        let share = random.f32();
        let lost =
            self.not_durable(position).into_iter().filter(|_| random.f32() < share).collect();
        Cut { position, lost }
    }

    /// The writes between two flushes, and where the second one is.
    fn stretches(&self) -> Vec<(Vec<usize>, usize)> {
        let flushes = (0..self.events.len()).filter(|at| matches!(self.events[*at], Event::Flush));
        flushes.chain([self.events.len()]).map(|at| (self.not_durable(at), at)).collect()
    }

    /// The writes before `position` that no flush there has made durable.
    fn not_durable(&self, position: usize) -> Vec<usize> {
        let since = self.events[..position].iter().rposition(|event| matches!(event, Event::Flush));
        (since.map_or(0, |flush| flush + 1)..position).collect()
    }

    /// The disk as the power cut leaves it.
    pub(super) fn disk(&self, cut: &Cut) -> Blocks {
        let mut blocks = self.start.clone();
        for (index, event) in self.events[..cut.position].iter().enumerate() {
            if let Event::Write(write) = event
                && !cut.lost.contains(&index)
            {
                blocks.write(write);
            }
        }
        blocks
    }
}

fn subset(writes: &[usize], mask: usize) -> Vec<usize> {
    let is_in = |(bit, _): &(usize, &usize)| mask & (1 << bit) != 0;
    writes.iter().enumerate().filter(is_in).map(|(_, write)| *write).collect()
}

/// First all of them, then all but the last one, which is where a journal says that the others are
/// there; then any.
fn some(writes: &[usize], way: usize, random: &mut fastrand::Rng) -> Vec<usize> {
    match way {
        0 => writes.to_vec(),
        1 => writes[..writes.len() - 1].to_vec(),
        _ => {
            let share = random.f32();
            writes.iter().copied().filter(|_| random.f32() < share).collect()
        }
    }
}
