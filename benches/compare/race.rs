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
        let mut times = self.times.clone();
        times.sort_unstable();
        times[times.len() / 2]
    }
}

/// Runs all contenders once in each round, in an order that changes, so that nobody always runs behind
/// the same neighbour and inherits what it left to the disk and the caches.
pub(crate) fn race(rounds: usize, contenders: &mut [Contender<'_>]) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut order: Vec<usize> = (0..contenders.len()).collect();
    for round in 0..rounds {
        random.shuffle(&mut order);
        for index in &order {
            let contender = &mut contenders[*index];
            let time = (contender.run)(round)?;
            contender.times.push(time);
        }
    }
    Ok(())
}
