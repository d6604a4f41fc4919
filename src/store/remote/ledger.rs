use super::Version;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::str::FromStr;

/// Of how many writes a document remembers who made them. Services keep 2 KB of metadata at least, and the
/// more of them are remembered, the longer a writer may be left without a reply.
const REMEMBERED: usize = 256;

/// How many hexadecimal digits of an operation are remembered. Only the one at a certain position is ever
/// compared, so that few are enough.
const DIGITS: usize = 6;

/// More writes than there ever are.
const MOST_WRITES: u64 = 1 << 53;

/// The only version of the text that there is yet.
const FORMAT: &str = "1";

/// Names one write, so that it can be recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation(u32);

impl Operation {
    /// One that nobody else has, most likely.
    pub(super) fn random() -> Self {
        Operation(random() >> (u32::BITS - 4 * DIGITS as u32))
    }
}

/// A number that the system has chosen: two programs that start in one instant must not draw the same.
fn random() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$x}", self.0, width = DIGITS)
    }
}

/// Which writes led to the present content of a document, as far as they are remembered. It is stored
/// together with the document.
///
/// A conditional write whose reply is lost may have been carried out. Only the document can tell, and it
/// can tell only if each write leaves its name. As the document may have been written any number of times
/// since, the names are numbered: the first write after the version that it was based on has a number
/// that the writer knows.
///
/// ```
/// use jsonlock::Ledger;
///
/// let ledger: Ledger = "1.00c0ffee0badcafe.2.a1b2c3d4e5f6".parse().unwrap();
/// assert_eq!(ledger.to_string(), "1.00c0ffee0badcafe.2.a1b2c3d4e5f6");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    epoch: Epoch,
    /// How many writes there were in this epoch.
    sequence: u64,
    /// The last of them, the newest at the end.
    operations: Vec<Operation>,
}

/// Where the numbers begin. A writer who keeps no ledger ends an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Epoch {
    /// Stands for the version that the first write was based on.
    origin: u32,
    /// Tells apart what began there.
    random: u32,
}

/// What a ledger says of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was made.
    Applied,
    /// Another one was made in its place.
    Superseded,
    /// The ledger does not go back so far.
    Forgotten,
}

impl Ledger {
    /// The ledger of a write by `operation` to a document of this version, which has `before`.
    pub(super) fn next(
        before: Option<&Ledger>,
        base: Option<&Version>,
        operation: Operation,
    ) -> Self {
        let mut next = before.cloned().unwrap_or_else(|| Ledger {
            epoch: Epoch { origin: origin(base), random: random() },
            sequence: 0,
            operations: Vec::new(),
        });
        next.sequence += 1;
        let surplus = (next.operations.len() + 1).saturating_sub(REMEMBERED);
        next.operations.drain(..surplus);
        next.operations.push(operation);
        next
    }

    /// How many writes there were since the document was begun, or written by a program that does not
    /// count.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The last write.
    pub fn operation(&self) -> Option<Operation> {
        self.operations.last().copied()
    }

    /// What the ledger of the document as it is now, which is not at the base any more, says of the write
    /// that would have had this ledger.
    pub(super) fn verdict(&self, now: Option<&Ledger>) -> Verdict {
        let Some(now) = now else { return Verdict::Forgotten };
        if now.epoch != self.epoch {
            // Somebody else began at the same version, so that this write did not. That no document is like
            // another one is not known: if this write was made, what it had made was deleted since.
            let began = self.sequence == 1 && now.epoch.origin == self.epoch.origin;
            return if began { Verdict::Superseded } else { Verdict::Forgotten };
        }
        // The newest is the last, so that is where to count from.
        let age = now.sequence.checked_sub(self.sequence).and_then(|age| usize::try_from(age).ok());
        let position = age.and_then(|age| now.operations.len().checked_sub(age + 1));
        match position.and_then(|position| now.operations.get(position)) {
            Some(operation) if Some(*operation) == self.operation() => Verdict::Applied,
            Some(_) => Verdict::Superseded,
            None => Verdict::Forgotten,
        }
    }

    /// The same, with as many of the newest writes as a text of `room` bytes has place for, but one at least.
    /// How many there are is not counted anywhere, so that others understand it.
    #[cfg(feature = "object-store")]
    pub(super) fn within(&self, room: usize) -> Ledger {
        let surplus = self.to_string().len().saturating_sub(room).div_ceil(DIGITS);
        let surplus = surplus.min(self.operations.len().saturating_sub(1));
        let operations = self.operations.iter().skip(surplus).copied().collect();
        Ledger { operations, ..self.clone() }
    }
}

/// A number for a version. That two versions have the same one is unlikely, and harms only if a program
/// that keeps no ledger comes between them at the wrong moment.
fn origin(version: Option<&Version>) -> u32 {
    let Some(version) = version else { return 0 };
    let hash = blake3::hash(version.as_str().as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Epoch { origin, random } = self.epoch;
        write!(f, "{FORMAT}.{origin:08x}{random:08x}.{}.", self.sequence)?;
        self.operations.iter().try_for_each(|operation| operation.fmt(f))
    }
}

/// A text that is no ledger, or one of a later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLedger;

impl fmt::Display for NoLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a ledger of jsonlock")
    }
}

impl std::error::Error for NoLedger {}

impl FromStr for Ledger {
    type Err = NoLedger;

    fn from_str(text: &str) -> Result<Self, NoLedger> {
        parse(text).ok_or(NoLedger)
    }
}

fn parse(text: &str) -> Option<Ledger> {
    let mut parts = text.split('.');
    let (format, epoch, sequence, operations) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if format != FORMAT || parts.next().is_some() || epoch.len() != 16 {
        return None;
    }
    let hexadecimal = |text: &str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_plain.then(|| u32::from_str_radix(text, 16).ok())?
    };
    let epoch =
        Epoch { origin: hexadecimal(epoch.get(..8)?)?, random: hexadecimal(epoch.get(8..)?)? };
    let (operations, rest) = operations.as_bytes().as_chunks::<DIGITS>();
    let operations = operations
        .iter()
        .map(|digits| std::str::from_utf8(digits).ok().and_then(hexadecimal).map(Operation));
    let operations = operations.collect::<Option<Vec<_>>>()?;
    let sequence: u64 = sequence.parse().ok()?;
    let count = operations.len();
    // A number that cannot grow, or that is less than what it counts, would tell wrongly from then on.
    let is_sound = rest.is_empty()
        && (1..=REMEMBERED).contains(&count)
        && (count as u64..MOST_WRITES).contains(&sequence);
    is_sound.then_some(Ledger { epoch, sequence, operations })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(before: Option<&Ledger>, base: &str) -> Ledger {
        Ledger::next(before, Some(&Version::from(base.to_owned())), Operation::random())
    }

    #[test]
    fn a_ledger_is_what_its_text_says() {
        let mut ledger = write(None, "v");
        for count in 2..600 {
            ledger = write(Some(&ledger), "v");
            assert_eq!(ledger.to_string().parse(), Ok(ledger.clone()));
            assert_eq!(ledger.sequence(), count);
        }
        // S3 has room for 2 KB, the names included.
        assert!(ledger.to_string().len() < 1800);
        for text in [
            "",
            "1",
            "1.0.1.",
            "1.0000000000000000.1.",
            "2.0000000000000000.1.abcdef",
            "1.0000000000000000.1.abcde",
            "1.0000000000000000.1.abcde+",
            "1.0000000000000000.-1.abcdef",
            "1.0000000000000000.0.abcdef",
            "1.0000000000000000.1.abcdefabcdef",
            "1.0000000000000000.18446744073709551615.abcdef",
            "1.+000000000000000.1.abcdef",
            "1.0000000000000000.1.abcdef.",
            "1.0000000000000000.1.é12345",
        ] {
            assert_eq!(text.parse::<Ledger>(), Err(NoLedger), "{text}");
        }
    }

    #[test]
    fn a_write_is_known_by_its_number() {
        let base = write(None, "v");
        let (mine, theirs) = (write(Some(&base), "w"), write(Some(&base), "w"));
        let mut after_mine = mine.clone();
        let mut after_theirs = theirs.clone();
        for _ in 0..REMEMBERED {
            assert_eq!(mine.verdict(Some(&after_mine)), Verdict::Applied);
            assert_eq!(mine.verdict(Some(&after_theirs)), Verdict::Superseded);
            after_mine = write(Some(&after_mine), "x");
            after_theirs = write(Some(&after_theirs), "x");
        }
        assert_eq!(mine.verdict(Some(&after_mine)), Verdict::Forgotten);
        assert_eq!(mine.verdict(Some(&after_theirs)), Verdict::Forgotten);
    }

    #[test]
    fn what_nobody_counted_is_forgotten() {
        let base = write(None, "v");
        let mine = write(Some(&base), "w");
        assert_eq!(mine.verdict(None), Verdict::Forgotten);
        assert_eq!(mine.verdict(Some(&write(None, "x"))), Verdict::Forgotten);
        assert_eq!(mine.verdict(Some(&base)), Verdict::Forgotten);
    }

    #[test]
    fn of_those_who_begin_at_one_version_one_succeeds() {
        let (mine, theirs) = (write(None, "v"), write(None, "v"));
        assert_eq!(mine.verdict(Some(&mine)), Verdict::Applied);
        assert_eq!(mine.verdict(Some(&write(Some(&mine), "w"))), Verdict::Applied);
        assert_eq!(mine.verdict(Some(&theirs)), Verdict::Superseded);
        assert_eq!(mine.verdict(Some(&write(None, "other"))), Verdict::Forgotten);
    }
}
