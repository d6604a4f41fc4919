//! Documents that are not what they seem.

use crate::harness::{Run, Sandbox};

/// All commands that read FILE as a document refuse it, say where, and leave it alone.
#[track_caller]
fn is_refused(bytes: &[u8], place: &str) {
    let sandbox = Sandbox::with("f", bytes);
    for args in
        [&["set", "f", "a=1"][..], &["del", "f", "a"], &["merge", "f", "{}"], &["patch", "f", "[]"]]
    {
        sandbox.run(args).exits_with(65).says(place).says("f was not changed");
        assert_eq!(sandbox.read_bytes("f"), bytes);
    }
    sandbox.run(["apply", "f", "."]).exits_with(65).says(place);
    sandbox.run(["get", "f", "a"]).exits_with(65).says(place).prints("");
    assert_eq!(sandbox.read_bytes("f"), bytes);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// `text` in UTF-16 with `unit`'s byte order.
fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn other_encodings_are_refused() {
    let text = "{\"a\": \"é\"}\n";
    let marked = format!("\u{FEFF}{text}");
    is_refused(&utf16(&marked, u16::to_le_bytes), "expected UTF-8, found UTF-16");
    is_refused(&utf16(&marked, u16::to_be_bytes), "expected UTF-8, found UTF-16");
    is_refused(&utf16(text, u16::to_le_bytes), "line 1, column");
    is_refused(&utf16(text, u16::to_be_bytes), "line 1, column");
    let utf32 = |text: &str| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let text: Vec<u8> = utf32(&marked);
    is_refused(&text, "line 1, column");
    is_refused(b"{\"a\":\n \"\xE9\"}", "line 2, column 3: expected valid UTF-8");
}

#[test]
fn broken_utf_8_is_refused_wherever_it_stands() {
    for broken in [
        &b"\x80"[..],
        b"\xC3",
        b"\xC0\x80",
        b"\xE2\x82",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xF8",
        b"\xFF",
    ] {
        is_refused(&[b"{\"a\":\n\"x", broken, b"\"}"].concat(), "line 2, column 3: expected valid");
        is_refused(&[b"{\"x", broken, b"\": 1}"].concat(), "line 1, column 4: expected valid");
    }
}

#[test]
fn nul_bytes_are_refused_and_their_escapes_are_kept() {
    is_refused(b"{\"a\": 1}\0", "line 1, column 9: expected JSON, found a NUL byte");
    is_refused(b"{\"a\": \"\0\"}", "line 1, column 8: expected an escape");
    is_refused(&[0; 4096], "damage from a crash");
    let base = "{\"a\\u0000b\": \"\\u0000\", \"c\": 1}";
    let sandbox = Sandbox::with("f", base);
    sandbox.run(["get", "f", "[\"a\\u0000b\"]"]).succeeds().prints("\0\n");
    sandbox.run(["set", "f", "c:=2"]).succeeds();
    sandbox.run(["apply", "f", ".c += 1"]).succeeds();
    assert_eq!(sandbox.read("f"), base.replace("\"c\": 1", "\"c\": 3"));
}

#[test]
fn a_byte_order_mark_stays_and_a_second_one_is_refused() {
    let sandbox = Sandbox::with("f", "\u{FEFF}{\"a\": 1}\r\n");
    sandbox.run(["set", "f", "a:=2"]).succeeds();
    sandbox.run(["apply", "f", ".a += 1"]).succeeds();
    assert_eq!(sandbox.read("f"), "\u{FEFF}{\"a\": 3}\r\n");
    sandbox.run(["get", "f", "a"]).succeeds().prints("3\n");
    is_refused("\u{FEFF}\u{FEFF}{}".as_bytes(), "line 1, column 1");
    is_refused("{\u{FEFF}}".as_bytes(), "line 1, column 2");
    is_refused("{}\u{FEFF}".as_bytes(), "line 1, column 3");
}

#[test]
fn a_key_that_is_there_twice_is_read_last_and_not_edited() {
    let base =
        "{\"k\": \"hunter1\", \"o\": {\"x\": \"hunter2\", \"x\": \"hunter3\"}, \"k\": \"last\"}";
    let sandbox = Sandbox::with("f", base);
    sandbox.run(["get", "f", "k", "o.x"]).succeeds().prints("last\nhunter3\n");
    for args in [
        &["set", "f", "k=new"][..],
        &["set", "f", "o.x.y=new"],
        &["set", "f", "fine=1", "o.x=new"],
        &["del", "f", "k"],
        &["merge", "f", "{\"o\": {\"x\": null}}"],
        &["patch", "f", "[{\"op\": \"remove\", \"path\": \"/o/x\"}]"],
        &["patch", "f", "[{\"op\": \"move\", \"from\": \"/o\", \"path\": \"/k\"}]"],
        &["apply", "f", ".k = \"new\""],
        &["apply", "f", "del(.o.x)"],
    ] {
        let run = sandbox.run(args).exits_with(5).says("more than once").says("f was not changed");
        let key = if args.concat().contains('k') { "\"k\"" } else { "\"x\"" };
        run.says(key).never_says("hunter").never_says("last\"");
        assert_eq!(sandbox.read("f"), base);
    }
    sandbox.run(["set", "f", "n:=1"]).succeeds();
    assert_eq!(sandbox.read("f"), base.replace("\"last\"}", "\"last\", \"n\": 1}"));
    // Keys are the same if they mean the same, however they are spelled.
    let sandbox = Sandbox::with("f", "{\"k\": 1, \"\\u006b\": 2}");
    sandbox.run(["set", "f", "k=3"]).exits_with(5).says("the key \"\\u006b\" more than once");
}

#[test]
fn lone_surrogates_are_kept_and_not_printed_as_text() {
    let base = "{\"\\ud800\": \"\\udc00\\ud83d\", \"c\": 1, \"\\ude00\": [\"\\ud83d\\ude00\"]}";
    let sandbox = Sandbox::with("f", base);
    sandbox.run(["set", "f", "c:=2"]).succeeds();
    sandbox.run(["apply", "f", ".c += 1"]).succeeds();
    assert_eq!(sandbox.read("f"), base.replace("\"c\": 1", "\"c\": 3"));
    sandbox.run(["set", "f", r#"l:="\udfff""#]).succeeds();
    sandbox.run(["get", "f", "l"]).exits_with(65).says("surrogate").prints("");
    sandbox.run(["get", "f", "l", "--json"]).succeeds().prints("\"\\udfff\"\n");
}

#[test]
fn numbers_of_any_size_are_text_that_stays() {
    let digits = "7".repeat(1_000_000);
    let numbers = ["1e999999", "-0", "-0.0", "1E-999999", "0.1e+0000000000000001", &digits];
    let base = format!("{{\"n\": [{}], \"c\": 1}}", numbers.join(", "));
    let sandbox = Sandbox::with("f", &base);
    sandbox.run(["set", "f", "c:=2"]).succeeds();
    sandbox.run(["apply", "f", ".c += 1"]).succeeds();
    sandbox.run(["apply", "f", ".n |= map(.)"]).succeeds();
    assert_eq!(sandbox.read("f"), base.replace("\"c\": 1", "\"c\": 3"));
    for (index, number) in numbers.iter().enumerate() {
        let printed = sandbox.run(["get", "f", &format!("n[{index}]")]).succeeds().stdout();
        assert_eq!(printed.trim_end(), *number);
    }
    sandbox.write("number", &digits);
    sandbox.run(["set", "f", "n:=@number", "c:=1e999999"]).succeeds();
    assert_eq!(sandbox.read("f"), format!("{{\"n\": {digits}, \"c\": 1e999999}}"));
    sandbox.run(["apply", "f", ".c + 1"]).exits_with(5).says("f was not changed");
}

/// Nothing that could control a terminal comes out of a document into a message.
#[test]
fn control_characters_in_keys_are_keys_and_no_commands() {
    let base = r#"{"\u001b]0;pwned\u0007": {"\n\u009b": "text"}, "\u007f": 1}"#;
    let sandbox = Sandbox::with("f", base);
    let key = r#"["\u001b]0;pwned\u0007"]["\n\u009b"]"#;
    sandbox.run(["get", "f", key]).succeeds().prints("text\n");
    let is_clean = |run: Run| {
        let message = run.stderr();
        let control = message.trim_end().chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{message:?}");
    };
    is_clean(sandbox.run(["set", "f", &format!("{key}.x=1")]).exits_with(5).says("is a string"));
    is_clean(sandbox.run(["get", "f", "\u{1b}[31m..x"]).exits_with(2));
    is_clean(sandbox.run(["get", "f", &format!("{key}.x")]).exits_with(1));
    is_clean(sandbox.run(["set", "f", "\u{1b}[31m\u{9b}"]).exits_with(2));
    let twice = "{\"\u{9b}\u{7f}\": 1, \"\u{9b}\u{7f}\": 2}";
    is_clean(sandbox.run(["set", "f", &format!("x:={twice}")]).exits_with(65));
    sandbox.write("h", twice);
    is_clean(sandbox.run(["set", "h", "\u{9b}\u{7f}=1"]).exits_with(5).says("more than once"));
    is_clean(sandbox.run(["apply", "f", "error(keys[0])"]).exits_with(5));
    is_clean(sandbox.run(["apply", "f", ".[keys[0]] + 1"]).exits_with(5));
    sandbox.write("g", base.replace("\"text\"", "oops").replace("\\u001b", "\u{1b}"));
    is_clean(sandbox.run(["set", "g", "a=1"]).exits_with(65));
    assert_eq!(sandbox.read("f"), base);
    sandbox.run(["del", "f", key]).succeeds();
    assert_eq!(sandbox.read("f"), base.replace(r#"{"\n\u009b": "text"}"#, "{}"));
}
