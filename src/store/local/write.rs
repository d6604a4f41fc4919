//! Writing the whole content of a file.

use crate::store::Content;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// From this size on, the disk begins with what is written before the rest is.
const LARGE: usize = 32 << 20;

/// After how much the disk gets something to do.
const PART: usize = 16 << 20;

/// The stack of the second thread, which does nothing but sync.
const STACK: usize = 64 << 10;

/// Writes content that is to be synced when it is complete.
pub(super) fn write_synced(file: &File, content: &Content) -> io::Result<()> {
    let size: usize = content.pieces().iter().map(|piece| piece.len()).sum();
    if size < LARGE {
        return write(file, content);
    }
    let (written, parts) = channel();
    thread::scope(|scope| {
        let syncing = thread::Builder::new().stack_size(STACK);
        let Ok(syncing) = syncing.spawn_scoped(scope, || sync(file, parts)) else {
            return write(file, content);
        };
        let result = write_parts(file, content, &written);
        drop(written);
        // After a sync that failed there must be no other one (invariant I8), so both count.
        result.and(syncing.join().unwrap_or(Ok(())))
    })
}

/// Writes content that needs not be on the disk.
pub(super) fn write(mut file: &File, content: &Content) -> io::Result<()> {
    content.pieces().iter().try_for_each(|piece| file.write_all(piece))
}

fn write_parts(mut file: &File, content: &Content, written: &Sender<()>) -> io::Result<()> {
    let mut unsynced = 0;
    for part in content.pieces().iter().flat_map(|piece| piece.chunks(PART)) {
        file.write_all(part)?;
        unsynced += part.len();
        if unsynced >= PART {
            unsynced = 0;
            // Where the other thread has failed, it says so in the end.
            let _ = written.send(());
        }
    }
    Ok(())
}

fn sync(file: &File, parts: Receiver<()>) -> io::Result<()> {
    parts.iter().try_for_each(|()| file.sync_data())
}
