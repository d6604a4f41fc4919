//! Depth, time and threads.

use std::time::{Duration, Instant};

use jsonlock::{ErrorKind, Filter};

use super::{failure, invalid, result};

#[test]
fn depth_is_no_danger() {
    let deep = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let input = deep(10_000);
    assert_eq!(result(".", &input), input);
    assert_eq!(result(".. |= .", &input), input);
    assert_eq!(result("tojson | fromjson == .", &input).len(), 5);
    assert_eq!(result(". == .", &input), "true");
    assert_eq!(result("flatten", &input), "[1]");
    assert_eq!(result("[.] | 1", &input), "1");
    assert_eq!(failure(".", &deep(10_001)).kind(), ErrorKind::InvalidJson);
    assert_eq!(failure(".", &"[".repeat(100_000)).kind(), ErrorKind::InvalidJson);
    assert_eq!(result(&deep(1_000), "null").len(), 2_001);
    for source in [
        "-".repeat(60_000) + "1",
        ".|".repeat(30_000) + ".",
        "1+".repeat(30_000) + "1",
        deep(30_000),
    ] {
        // Whether such a filter still runs depends on how the program was built.
        let _ = Filter::compile(&source).unwrap().run("null", &[], None);
    }
    for source in
        ["(".repeat(60_000), "[".repeat(200_000), "try ".repeat(60_000), "\"\\(".repeat(20_000)]
    {
        invalid(&source);
    }
}

/// None of this ends the program: values are dropped, compared and written, however deep they are.
#[test]
fn values_may_be_nested_very_deeply() {
    let deep = |depth: usize, step: &str, then: &str| {
        format!("reduce range({depth}) as $i (null; {step}) | {then}")
    };
    for (depth, step) in [(400_000, "[.]"), (100_000, "{a: [1, ., 2]}"), (100_000, ".a = .")] {
        assert_eq!(result(&deep(depth, step, "1"), "null"), "1", "{step}");
    }
    for step in ["[.]", "{a: .}", "[1, ., 2]", "{a: [{b: .}]}"] {
        assert_eq!(result(&deep(11_000, step, "length > 0"), "null"), "true", "{step}");
        let fails = |then: &str, words: &str| {
            let error = failure(&deep(11_000, step, then), "null");
            assert_eq!(error.kind(), ErrorKind::Unfit, "{step} | {then}");
            assert!(error.to_string().contains(words), "{step} | {then}: {error}");
        };
        fails(".", "10,000");
        for then in ["tojson", "tostring", "\"\\(.)\"", "[., nan] | tojson", "[nan, .] | tojson"] {
            fails(then, "too deeply");
        }
    }
}

/// Whether the stack suffices for this depends on how the program was built.
#[test]
fn values_that_are_nested_too_deeply_to_be_compared_are_an_error() {
    for then in [".[0] == .[1]", "sort | length"] {
        let source = format!("reduce range(100000) as $i ([null, null]; map([.])) | {then}");
        if let Err(error) = Filter::compile(&source).unwrap().run_one("null", &[], None) {
            assert_eq!(error.kind(), ErrorKind::Unfit, "{then}: {error}");
        }
    }
}

#[test]
fn endless_recursion_ends() {
    let error = failure("def f: 1 + f; f", "null");
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert_eq!(error.to_string(), "the filter calls itself too deeply");
}

/// How it fails depends on how the program was built; that it does not end the program, not.
#[test]
fn a_panic_in_jaq_is_an_error() {
    let source = "[2020, 127, 1, 1, 1, 1] | strflocaltime(\"%c\")";
    assert_eq!(failure(source, "null").kind(), ErrorKind::Unfit);
    assert_eq!(failure("9223372036854775807 | localtime | 1 + .", "null").kind(), ErrorKind::Unfit);
}

#[test]
fn a_filter_has_until_the_deadline() {
    for source in ["def f: f; f", "last(range(infinite))", "[repeat(empty)]", "until(false; .)"] {
        let filter = Filter::compile(source).unwrap();
        let start = Instant::now();
        let error = filter.run("null", &[], Some(start + Duration::from_millis(100))).unwrap_err();
        // Trying again would not help.
        assert_eq!(error.kind(), ErrorKind::Unfit);
        let text = "the filter did not finish within 0.1 s; a longer time limit gives it more";
        assert_eq!(error.to_string(), text);
        assert!(start.elapsed() < Duration::from_secs(5));
    }
    let filter = Filter::compile(".").unwrap();
    let later = Some(Instant::now() + Duration::from_secs(60));
    assert_eq!(filter.run("1", &[], later).unwrap(), ["1"]);
}

#[test]
fn a_filter_runs_in_many_threads() {
    fn shared<T: Send + Sync + Clone>(value: T) -> T {
        value
    }
    let filter = shared(Filter::compile(".n + 1").unwrap());
    std::thread::scope(|scope| {
        for n in 0..20 {
            let filter = filter.clone();
            scope.spawn(move || {
                let input = format!("{{\"n\": {n}}}");
                assert_eq!(filter.run_one(&input, &[], None).unwrap(), (n + 1).to_string());
            });
        }
    });
    assert_eq!(format!("{filter:?}"), "Filter(\".n + 1\")");
}
