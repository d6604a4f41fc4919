//! Documents of any size, as programs write them: a long list of records, and a counter behind it.

use anyhow::Result;
use fastrand::Rng;
use std::io::Write;

/// Where the counter starts. It keeps its length, so that the C program can overwrite it.
pub(crate) const FIRST: u64 = 10_000_000;

/// Writes a document of about `size` bytes.
pub(crate) fn write(output: &mut impl Write, size: usize) -> Result<()> {
    let mut random = Rng::with_seed(1);
    let start =
        "{\n  \"version\": 3,\n  \"generated\": \"2026-01-01T00:00:00Z\",\n  \"items\": [\n";
    let end = format!("\n  ],\n  \"counter\": {FIRST},\n  \"done\": false\n}}\n");
    let mut written = start.len() + end.len();
    output.write_all(start.as_bytes())?;
    for number in 0.. {
        let record = record(number, &mut random);
        written += record.len() + 2;
        if number > 0 && written > size {
            break;
        }
        let comma = if number == 0 { "" } else { ",\n" };
        write!(output, "{comma}{record}")?;
    }
    output.write_all(end.as_bytes())?;
    output.flush()?;
    Ok(())
}

fn record(number: usize, random: &mut Rng) -> String {
    let hash: String = (0..4).map(|_| format!("{:016x}", random.u64(..))).collect();
    let (bytes, ratio, tag) = (random.u32(..10_000_000), random.f64(), random.u8(..100));
    let is_well = random.bool();
    format!(
        r#"    {{
      "id": {number},
      "name": "package-{number}",
      "sha256": "{hash}",
      "size": {bytes},
      "ratio": {ratio},
      "tags": [
        "a{tag}",
        "b"
      ],
      "meta": {{
        "ok": {is_well},
        "parent": null,
        "path": "/usr/lib/{number}/x y"
      }}
    }}"#
    )
}
