//! The parts of the library, one by one, without files: what `benches/compare` shows from outside.
#![expect(clippy::unwrap_used, reason = "what fails here would be measured as fast")]

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jsonlock::{Document, Json, Path};
use std::fmt::Write as _;
use std::hint::black_box;

/// As many records as make about 100 KB.
const RECORDS: usize = 1000;

fn text() -> String {
    let mut text = "{\n  \"items\": [\n".to_owned();
    for number in 0..RECORDS {
        let comma = if number == 0 { "" } else { ",\n" };
        let record = r#""name": "package", "ratio": 0.125, "tags": ["a", "b\n"], "ok": true"#;
        write!(text, "{comma}    {{\"id\": {number}, {record}, \"parent\": null}}").unwrap();
    }
    text.push_str("\n  ],\n  \"counter\": 10000000\n}\n");
    text
}

fn scan(criterion: &mut Criterion) {
    let text = Bytes::from(text());
    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("Document::parse", |bencher| {
        bencher.iter(|| Document::parse(black_box(text.clone())).unwrap());
    });
    group.finish();
}

fn look_up(criterion: &mut Criterion) {
    let document = Document::parse(text()).unwrap();
    let mut group = criterion.benchmark_group("look-up");
    for place in ["counter", "items[500].name", "/items/999/tags/1", "items[-1].parent"] {
        let path: Path = place.parse().unwrap();
        group.bench_function(place, |bencher| {
            bencher.iter(|| document.text(black_box(&path)).unwrap().is_some());
        });
    }
    group.finish();
}

fn splice(criterion: &mut Criterion) {
    let base = Bytes::from(text());
    let mut group = criterion.benchmark_group("splice");
    group.throughput(Throughput::Bytes(base.len() as u64));
    for place in ["counter", "items[500].name", "items[500].new.deep", "items[]"] {
        let path: Path = place.parse().unwrap();
        group.bench_function(place, |bencher| {
            bencher.iter(|| {
                let mut document = Document::parse(base.clone()).unwrap();
                document.set(black_box(&path), Json::from(7_u64)).unwrap();
                document.to_bytes()
            });
        });
    }
    group.finish();
}

#[cfg(feature = "filter")]
fn filter(criterion: &mut Criterion) {
    use jsonlock::Filter;

    let mut group = criterion.benchmark_group("filter");
    let counts = ".counter += 1";
    let searches = r#"[.items[] | select(.name | test("^p")) | .id] | add"#;
    for source in
        [".", counts, searches, "walk(if type == \"string\" then ascii_upcase else . end)"]
    {
        group.bench_function(format!("compile {source}"), |bencher| {
            bencher.iter(|| Filter::compile(black_box(source)).unwrap());
        });
    }
    let small = Bytes::from(r#"{"counter": 1, "items": [{"id": 1, "name": "p"}]}"#);
    for source in [".", counts, searches] {
        let filter = Filter::compile(source).unwrap();
        group.bench_function(format!("run {source}"), |bencher| {
            bencher.iter(|| {
                let mut document = Document::parse(small.clone()).unwrap();
                filter.apply(&mut document, None).unwrap();
                document.to_bytes()
            });
        });
    }
    group.finish();
}

#[cfg(not(feature = "filter"))]
fn filter(_: &mut Criterion) {}

criterion_group!(benches, scan, look_up, splice, filter);
criterion_main!(benches);
