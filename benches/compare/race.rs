//! Contenders that run in turns.

use anyhow::Result;
use std::time::Duration;

/// One of those who are compared.
pub(crate) struct Contender<'a> {
    pub(crate) name: String,
    run: Box<dyn FnMut(usize) -> Result<Duration> + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contender<'a> {
    /// `run` gets the number of the round and says how long it took.
    pub(crate) fn new(
        name: impl Into<String>,
        run: impl FnMut(usize) -> Result<Duration> + 'a,
    ) -> Self {
        Contender { name: name.into(), run: Box::new(run), times: Vec::new() }
    }

    pub(crate) fn median(&self) -> Duration {
        median(self.times.iter().copied())
    }
}

/// Nothing has the least value as its median.
pub(crate) fn median<T: Ord + Copy + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Runs all contenders once in each round.
pub(crate) fn race(rounds: usize, contenders: &mut [Contender<'_>]) -> Result<()> {
    in_turns(rounds, contenders.len(), |round, index| {
        let contender = &mut contenders[index];
        let time = (contender.run)(round)?;
        contender.times.push(time);
        Ok(())
    })
}

/// Gives each of `count` contenders its turn in each round, in an order that changes, so that nobody
/// always runs behind the same neighbour and inherits what it left to the disk and the caches.
pub(crate) fn in_turns(
    rounds: usize,
    count: usize,
    mut turn: impl FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut order: Vec<usize> = (0..count).collect();
    for round in 0..rounds {
        random.shuffle(&mut order);
        order.iter().try_for_each(|index| turn(round, *index))?;
    }
    Ok(())
}
