//! Which elements of an old array became which of a new one.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// How many elements are compared by the thorough algorithm, whose cost may be quadratic.
const THOROUGH: usize = 1 << 14;

/// For each new element the old one that it is to be made from: an equal one, even if it stood
/// elsewhere, or one that was changed. Each is given at most once; those that are missing are to be
/// deleted.
///
/// Elements are known by their hashes. If different ones have the same hash they may be paired, which
/// makes a difference larger than it must be, and nothing else.
pub(super) fn align(old: &[u64], new: &[u64]) -> Vec<Option<usize>> {
    let anchors =
        if old.len() + new.len() > THOROUGH { quick(old, new) } else { thorough(old, new) };
    let mut pairs = vec![None; new.len()];
    for &(before, after) in &anchors {
        pairs[after] = Some(before);
    }
    pair_moved(old, new, &mut pairs);
    let mut is_taken = vec![false; old.len()];
    pairs.iter().flatten().for_each(|&before| is_taken[before] = true);
    let (mut from, mut to) = (0, 0);
    for (before, after) in anchors.into_iter().chain([(old.len(), new.len())]) {
        // Between two anchors elements were changed: first becomes first, and so on.
        let free = (from..before).filter(|&before| !is_taken[before]);
        let open = pairs[to..after].iter_mut().filter(|pair| pair.is_none());
        open.zip(free).for_each(|(pair, before)| *pair = Some(before));
        (from, to) = (before + 1, after + 1);
    }
    pairs
}

/// Pairs equal elements that stand in another order now: the first with the first of a kind.
fn pair_moved(old: &[u64], new: &[u64], pairs: &mut [Option<usize>]) {
    let mut is_taken = vec![false; old.len()];
    pairs.iter().flatten().for_each(|&before| is_taken[before] = true);
    let mut free: HashMap<u64, Vec<usize>> = HashMap::new();
    for before in (0..old.len()).rev().filter(|&before| !is_taken[before]) {
        free.entry(old[before]).or_default().push(before);
    }
    for (pair, hash) in pairs.iter_mut().zip(new).filter(|(pair, _)| pair.is_none()) {
        *pair = free.get_mut(hash).and_then(Vec::pop);
    }
}

/// By position, for arrays that are too much to compare.
pub(super) fn by_position(old: usize, new: usize) -> Vec<Option<usize>> {
    (0..new).map(|index| (index < old).then_some(index)).collect()
}

/// The pairs of equal elements, as many as possible.
fn thorough(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let runs =
        capture_diff_slices(Algorithm::Myers, old, new).into_iter().filter_map(|op| match op {
            DiffOp::Equal { old_index, new_index, len } => Some((old_index, new_index, len)),
            _ => None,
        });
    runs.flat_map(|(before, after, len)| (before..before + len).zip(after..after + len)).collect()
}

/// The pairs of equal elements, as many as possible if no element is there twice: the n-th of a kind
/// is paired with the n-th, and of these pairs the longest rising sequence is taken.
fn quick(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let sorted = |hashes: &[u64]| {
        let mut places: Vec<(u64, usize)> = hashes.iter().copied().zip(0..).collect();
        places.sort_unstable();
        places
    };
    let (old, new) = (sorted(old), sorted(new));
    let mut pairs = Vec::new();
    let (mut before, mut after) = (&old[..], &new[..]);
    while let ([a, old_rest @ ..], [b, new_rest @ ..]) = (before, after) {
        if a.0 == b.0 {
            pairs.push((a.1, b.1));
        }
        if a.0 <= b.0 {
            before = old_rest;
        }
        if b.0 <= a.0 {
            after = new_rest;
        }
    }
    pairs.sort_unstable_by_key(|pair| pair.1);
    rising(&pairs)
}

/// The longest subsequence in which the first numbers rise, by patience sorting.
pub(super) fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best sequence of each length, and for each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].0 < pair.0);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut sequence = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        sequence.push(pairs[index]);
        next = before[index];
    }
    sequence.reverse();
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_what_was_deleted_inserted_and_changed() {
        for (old, new, pairs) in [
            (&[1, 2, 3, 4][..], &[1, 3, 4][..], &[Some(0), Some(2), Some(3)][..]),
            (&[1, 2, 3], &[1, 9, 2, 3], &[Some(0), None, Some(1), Some(2)]),
            (&[1, 2, 3], &[1, 9, 3], &[Some(0), Some(1), Some(2)]),
            (&[1, 2, 3], &[], &[]),
            (&[], &[1, 2], &[None, None]),
            (&[5, 1, 2, 3], &[1, 2, 3, 5], &[Some(1), Some(2), Some(3), Some(0)]),
            (&[1, 2, 3], &[3, 2, 1], &[Some(2), Some(1), Some(0)]),
        ] {
            assert_eq!(align(old, new), pairs, "{old:?} {new:?}");
            let anchors = quick(old, new);
            assert!(
                anchors.is_sorted() && anchors.len() == thorough(old, new).len(),
                "{anchors:?}"
            );
        }
    }
}
