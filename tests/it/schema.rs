//! Proves that `--schema` keeps what is not valid under a JSON Schema out of the document, and shows no
//! values in saying why.

use crate::harness::Sandbox;

const OLD: &str = "{\"token\": \"s3cret\", \"port\": 80}";

const SCHEMA: &str = r#"{
    "type": "object",
    "properties": {"port": {"type": "integer", "maximum": 65535}, "token": {"minLength": 4}},
    "required": ["port"],
    "additionalProperties": {"enum": [true, false]}
}"#;

fn sandbox(schema: &str) -> Sandbox {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("schema.json", schema);
    sandbox
}

/// Checks a document under a schema, which must end like this and say this.
#[track_caller]
fn checked(document: &str, schema: &str, code: i32, says: &str) {
    let sandbox = Sandbox::with("f", document);
    sandbox.write("s", schema);
    let run = sandbox.run(["apply", "f", ".", "--schema", "s"]).exits_with(code).says(says);
    run.never_says("s3cret").never_says("73737");
}

#[test]
fn every_command_that_writes_makes_only_what_is_valid() {
    for (valid, invalid) in [
        (["set", "f", "port:=443"], ["set", "f", "port=443"]),
        (["del", "f", "token"], ["del", "f", "port"]),
        (["merge", "f", "{\"token\": \"other\"}"], ["merge", "f", "{\"token\": \"s3\"}"]),
        (
            ["patch", "f", "[{\"op\": \"add\", \"path\": \"/debug\", \"value\": true}]"],
            ["patch", "f", "[{\"op\": \"copy\", \"from\": \"/token\", \"path\": \"/debug\"}]"],
        ),
        (["apply", "f", ".port += 1"], ["apply", "f", ".port *= 1000"]),
    ] {
        let sandbox = sandbox(SCHEMA);
        for more in [&[][..], &["--dry-run"], &["--diff", "--backup", "--check", "true"]] {
            let arguments = invalid.iter().chain(&["--schema", "schema.json"]).chain(more);
            let run = sandbox.run(arguments).exits_with(78).prints("").never_says("s3");
            run.says("--schema rejects the result").says("f was not changed");
            assert_eq!(sandbox.read("f"), OLD);
        }
        sandbox.run(valid.iter().chain(&["--schema", "schema.json"])).succeeds().prints_nothing();
        assert_ne!(sandbox.read("f"), OLD);
        assert_eq!(sandbox.names(), ["f", "f.lock", "schema.json"]);
    }
}

#[test]
fn a_message_says_which_rules_failed_where_and_shows_no_values() {
    let sandbox = sandbox(SCHEMA);
    let run = sandbox.run(["set", "f", "port:=70000.5", "--schema", "schema.json"]).exits_with(78);
    let run =
        run.says("at /port: value is not of type \"integer\" (schema.json#/properties/port/type)");
    run.says("at /port: value is greater than the maximum of 65535").never_says("70000");
    let many: Vec<String> = (0..9).map(|number| format!("k{number}=s3cret{number}")).collect();
    let arguments = ["set", "f", "--schema", "schema.json"].into_iter().map(str::to_owned);
    let run = sandbox.run(arguments.chain(many)).exits_with(78).never_says("s3cret");
    let run = run.says("at /k0: value is not one of true or false").says("\n  and 4 more\n");
    assert_eq!(run.stderr().lines().count(), 8);
}

/// Whatever the rule, what is masked stays masked.
#[test]
fn no_rule_shows_values() {
    for rule in [
        r#"{"type": "array"}"#,
        r#"{"const": 1}"#,
        r#"{"enum": [1, 2]}"#,
        r#"{"not": {}}"#,
        r#"{"anyOf": [{"type": "array"}, {"required": ["x"]}]}"#,
        r#"{"oneOf": [{"type": "array"}, {"required": ["x"]}]}"#,
        r#"{"oneOf": [{}, {}]}"#,
        r#"{"maxProperties": 0}"#,
        r#"{"required": ["x"]}"#,
        r#"{"propertyNames": {"maxLength": 0}}"#,
        r#"{"additionalProperties": false}"#,
        r#"{"unevaluatedProperties": false}"#,
        r#"{"patternProperties": {"": {"type": "null"}}}"#,
        r#"{"dependentRequired": {"a": ["x"]}}"#,
        r#"{"if": {}, "then": false}"#,
        r#"{"properties": {"a": {"pattern": "^x", "maxLength": 1}}}"#,
        r#"{"properties": {"a": {"minLength": 9}, "b": {"maxItems": 1}}}"#,
        r#"{"properties": {"b": {"uniqueItems": true}}}"#,
        r#"{"properties": {"b": {"prefixItems": [{}], "items": false}}}"#,
        r#"{"properties": {"b": {"unevaluatedItems": false}}}"#,
        r#"{"properties": {"b": {"contains": {"type": "null"}}}}"#,
        r#"{"properties": {"n": {"multipleOf": 7, "minimum": 99999, "exclusiveMaximum": 1}}}"#,
        r#"{"$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {"a": {"format": "email", "contentEncoding": "base64"}}}"#,
        "false",
    ] {
        let document = r#"{"a": "s3cret", "b": ["s3cret", "s3cret"], "n": 73737}"#;
        checked(document, rule, 78, "--schema rejects the result");
    }
}

#[test]
fn the_schema_says_which_draft_it_is() {
    let items = |draft: &str| {
        format!("{{\"$schema\": \"{draft}\", \"items\": [{{\"type\": \"string\"}}]}}")
    };
    checked("[1]", &items("http://json-schema.org/draft-07/schema#"), 78, "");
    checked("[1]", &items("https://json-schema.org/draft/2020-12/schema"), 65, "");
    checked("[1]", r#"{"prefixItems": [{"type": "string"}]}"#, 78, "");
    let mine = r#"{"$schema": "https://example.com/mine"}"#;
    checked("[1]", mine, 65, "https://example.com/mine");
}

#[test]
fn a_schema_that_cannot_be_used_is_an_error_of_its_own() {
    for (schema, reason) in [
        ("{", "s: not valid JSON at line 1"),
        ("[]", "s is not a valid JSON Schema: "),
        (r#"{"properties": {"a": {"type": "text"}}}"#, "at /properties/a/type: "),
        (r#"{"pattern": "("}"#, "at /pattern: "),
        (r##"{"$ref": "#/$defs/missing"}"##, "/$defs/missing"),
        (r#"{"$ref": "https://example.com/x.json"}"#, "it refers to https://example.com/x.json"),
        (r#"{"items": {"$ref": "other.json#/x"}}"#, "it refers to other.json"),
        (r#"{"$ref": "file:///etc/passwd"}"#, "nothing is fetched"),
    ] {
        checked(OLD, schema, 65, reason);
    }
    let sandbox = sandbox("true");
    sandbox.run(["set", "f", "a=1", "--schema", "missing"]).exits_with(66).says("missing");
    assert_eq!(sandbox.names(), ["f", "schema.json"], "nothing was locked");
    let arguments = ["set", "f", "a=1", "--schema", "-"];
    sandbox.run_with_input(arguments, "{\"required\": [\"b\"]}").exits_with(78);
    sandbox.run_with_input(arguments, "{\"required\": [\"a\"]}").succeeds();
}

#[test]
fn numbers_of_any_size_are_compared_exactly() {
    let numbers = "[1e400, -1e400, 1e-400, 12345678901234567890123, 12345678901234567890124, 1.0]";
    checked(numbers, r#"{"uniqueItems": true, "items": {"type": "number"}}"#, 0, "");
    checked(numbers, r#"{"contains": {"const": 12345678901234567890124}}"#, 0, "");
    checked(numbers, r#"{"prefixItems": [{"minimum": 1e399, "type": "integer"}]}"#, 0, "");
    checked(numbers, r#"{"items": {"maximum": 1e399}}"#, 78, "at /0: value is");
    checked("12345678901234567890123", r#"{"maximum": 12345678901234567890122}"#, 78, "");
    checked("[1e999999999]", r#"{"items": {"multipleOf": 7}}"#, 78, "");
}

/// What the document may be and the checker cannot read is refused with the reason.
#[test]
fn what_cannot_be_checked_is_refused() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    checked(&nested(127), "true", 0, "");
    checked(&nested(128), "true", 5, "recursion limit");
    let half = r#"{"s3cret": "\ud800"}"#;
    checked(half, "true", 5, "half of a surrogate pair: ");
}

#[test]
fn a_missing_document_is_checked_as_it_would_be_made() {
    let sandbox = sandbox(r#"{"required": ["a"]}"#);
    sandbox.run(["set", "new", "b=1", "--schema", "schema.json"]).exits_with(78);
    assert!(!sandbox.path("new").exists());
    sandbox.run(["set", "new", "a=1", "--schema", "schema.json"]).succeeds();
}
