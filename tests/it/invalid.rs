use jsonlock::{Document, ErrorKind};

fn message(text: &[u8]) -> String {
    let error = Document::parse(text.to_vec()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidJson);
    error.to_string()
}

#[test]
fn errors_name_the_place_and_what_was_expected() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "line 1, column 1: expected a value, the text is empty"),
        (
            b"{\n  \"a\": 1,\n}",
            "line 2, column 9: expected no comma before the closing bracket, only JSONC has it",
        ),
        (b"[1 2]", "line 1, column 4: expected `,` or `]`"),
        (b"{\"a\" 1}", "line 1, column 6: expected `:` after the key"),
        (b"{a: 1}", "line 1, column 2: expected a key in double quotes or `}`"),
        (b"{\"a\":1,b:2}", "line 1, column 8: expected a key in double quotes"),
        (b"{'a': 1}", "line 1, column 2: expected double quotes, single quotes are not JSON"),
        (b"[1,\n2", "line 2, column 2: expected `]` before the end of the text"),
        (b"{\"a\":1\n", "line 2, column 1: expected `}` before the end of the text"),
        (b"[1] 2", "line 1, column 5: expected the end of the text"),
        (b"[01]", "line 1, column 3: expected no digit after a leading zero"),
        (b"[-]", "line 1, column 3: expected a digit after the minus sign"),
        (b"[1.]", "line 1, column 4: expected a digit after the decimal point"),
        (b"[1e+]", "line 1, column 5: expected a digit in the exponent"),
        (b"[NaN]", "line 1, column 2: expected a number, JSON has no NaN and no Infinity"),
        (b"[-Infinity]", "line 1, column 3: expected a digit after the minus sign"),
        (b"[nul]", "line 1, column 2: expected a value"),
        (b"[\"a]", "line 1, column 2: expected a closing quote for this string"),
        (b"[\"a\n\"]", "line 1, column 4: expected the closing quote before the line end"),
        (b"[\"a\tb\"]", "line 1, column 4: expected an escape such as \\t for a control character"),
        (b"[\"\\x\"]", "line 1, column 3: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
        (b"[\"\\u12g4\"]", "line 1, column 3: expected four hexadecimal digits after \\u"),
        (b"// hi\n{}", "line 1, column 1: expected JSON, comments are not part of it but of JSONC"),
        (b"{} # hi", "line 1, column 4: expected JSON, comments are not part of it"),
        (b"[\"\xC3\xA9\", \"\xFF\"]", "line 1, column 8: expected valid UTF-8"),
        (b"[1, \xFF, x]", "line 1, column 5: expected valid UTF-8"),
        (b"\xFF\xFE{\0}\0", "line 1, column 1: expected UTF-8, found UTF-16"),
        (b"{}\0\0", "line 1, column 3: expected JSON, found a NUL byte"),
        (b"\xEF\xBB\xBF{x}", "line 1, column 2: expected a key in double quotes or `}`"),
        (
            b"\xEF\xBB\xBF\xEF\xBB\xBF{}",
            "line 1, column 1: expected JSON, found a second byte order mark",
        ),
    ];
    for (text, expected) in cases {
        let message = message(text);
        let first = message.lines().next().unwrap();
        assert_eq!(first, format!("not valid JSON at {expected}"), "{}", text.escape_ascii());
    }
    assert!(message(&[0; 100]).contains("damage from a crash"));
}

#[test]
fn excerpts_point_at_the_place_and_mask_values() {
    for (text, excerpt) in [
        (
            "{\n\t\"user\": \"bob\", \"pin\": 1234, \"x\" \"tok en\"\n}",
            "\t\"user\": \"***\", \"pin\": ****, \"*\" \"*** **\"\n\t                                ^",
        ),
        ("[\"secret\": 1]", "[\"******\": *]\n         ^"),
        ("[\"a\", \"secret\": 1]", "[\"*\", \"******\": *]\n              ^"),
        ("{\"a\": \"secret, \"b\": 1}", "{\"a\": \"********\"*\": *}\n                ^"),
        ("{\"é\": tru}\r\n", "{\"é\": ***}\n      ^"),
        ("\u{FEFF}{\"a\": +1}", "{\"a\": +*}\n      ^"),
    ] {
        let message = message(text.as_bytes());
        assert_eq!(message.split_once('\n').unwrap().1, excerpt, "{text}\n{message}");
    }
    let message = message(b"[1,\n");
    assert_eq!(message.lines().count(), 1, "an empty line is shown: {message}");
}

#[test]
fn excerpts_of_long_lines_are_cut() {
    for count in [10, 1_000, 100_000] {
        let text = format!(
            "[{}{{\"key\": oops}}{}]",
            "\"secret\",".repeat(count),
            ", 1234567".repeat(count)
        );
        let message = message(text.as_bytes());
        let lines: Vec<&str> = message.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[1].chars().count() <= 72 && lines[1].contains("{\"key\": ****}"),
            "{message}"
        );
        let caret = lines[2].chars().count() - 1;
        assert_eq!(lines[1].chars().skip(caret).take(4).collect::<String>(), "****");
        assert!(!message.contains("secret") && !message.contains("oops"));
    }
}
