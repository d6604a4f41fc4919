//! Reading the whole content of a file.

use bytes::Bytes;
use memmap2::MmapMut;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::thread;

/// From this size on, a second thread and pages of their own are worth what they cost.
const LARGE: usize = 4 << 20;

/// The stack of the second thread, which does nothing but read.
const STACK: usize = 64 << 10;

/// Reads a file that is expected to have this size, whatever it then has.
pub(super) fn read_all(mut file: &File, expected: usize) -> io::Result<Bytes> {
    let content = match expected {
        LARGE.. => read_large(file, expected)?,
        _ => read_small(file, expected)?,
    };
    if let Some(content) = content {
        return Ok(content);
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(content.into())
}

/// Reads a file, or gives `None` if it is larger than expected.
fn read_small(file: &File, expected: usize) -> io::Result<Option<Bytes>> {
    // One byte more than expected, in whose place the file ends.
    let mut content = vec![0; expected + 1];
    let filled = fill(file, &mut content, 0)?;
    content.truncate(filled);
    Ok((filled <= expected).then(|| content.into()))
}

/// Reads a file by halves, or gives `None` if it has not got the expected size.
///
/// Most of the time goes into giving pages to the process, which two threads can have done at the same
/// time. Huge pages would take half as long, but where memory is fragmented several times as long.
fn read_large(file: &File, expected: usize) -> io::Result<Option<Bytes>> {
    let mut memory = MmapMut::map_anon(expected.saturating_add(1))?;
    let middle = expected / 2;
    let (first, second) = memory.split_at_mut(middle);
    let halves = thread::scope(|scope| {
        let helper = thread::Builder::new().stack_size(STACK);
        let helper = helper.spawn_scoped(scope, || fill(file, second, middle)).ok()?;
        Some((fill(file, first, 0), helper.join()))
    });
    let Some((first, Ok(second))) = halves else { return Ok(None) };
    let is_as_expected = first? == middle && second? == expected - middle;
    Ok(is_as_expected.then(|| Bytes::from_owner(memory).slice(..expected)))
}

/// Reads from `start` on until the buffer is full or the file ends, and says how much that was.
fn fill(file: &File, buffer: &mut [u8], start: usize) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], (start + filled) as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_is_read_whole_whatever_size_was_expected() {
        for size in [0, 1, LARGE - 1, LARGE, LARGE + 1, LARGE * 2 + 3] {
            let content: Vec<u8> = (0..size).map(|at| (at * 7 / 5) as u8).collect();
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&content).unwrap();
            for expected in [0, size, size / 2, size.saturating_sub(1), size + 1, size * 2] {
                io::Seek::rewind(&mut file).unwrap();
                assert!(read_all(&file, expected).unwrap() == content, "{size}, not {expected}");
            }
        }
    }
}
