//! Many changes of one document, which finds its members by other means than one that is changed once.
//! After each change the text is what the same change makes of a document that is read anew.

use jsonlock::{Change, Document, Patch};

/// Compact, so that how it is laid out does not depend on how the changes were grouped. The key that is
/// there twice must be refused in both ways, and `last` keeps the object from getting empty.
const START: &str = r#"{"twice":1,"k1":{"x":0},"tw\u0069ce":2,"list":[0],"last":0}"#;

#[test]
fn many_changes_are_as_many_single_ones() {
    let mut random = fastrand::Rng::with_seed(5);
    let (mut document, mut text) = (Document::parse(START).unwrap(), START.to_owned());
    let (mut done, mut refused) = (0, 0);
    for number in 0..4000 {
        let change = change(&mut random, number);
        let mut single = Document::parse(text.clone()).unwrap();
        let expected = change.apply(&mut single).map_err(|error| error.to_string());
        let result = change.apply(&mut document).map_err(|error| error.to_string());
        assert_eq!(result, expected, "{change:?}\n{text}");
        let bytes = document.to_bytes();
        assert_eq!(bytes, single.to_bytes(), "{change:?}\n{text}");
        text = String::from_utf8(bytes.to_vec()).unwrap();
        *(if result.is_ok() { &mut done } else { &mut refused }) += 1;
    }
    assert!(done > 1000 && refused > 1000, "{done} done, {refused} refused");
    assert!(text.len() > 1000, "{text}");
}

/// Mostly about members of one object, and about a third of them cannot be made.
fn change(random: &mut fastrand::Rng, number: usize) -> Change {
    let mut key = || match random.u8(..40) {
        0 => "twice".to_owned(),
        1 => "list".to_owned(),
        _ => format!("k{}", random.u8(..200)),
    };
    let (a, b, c) = (key(), key(), key());
    // No patch may have a key twice.
    let b = if a == b { "other".to_owned() } else { b };
    let operations = match random.u8(..10) {
        0 => return merge(&format!(r#"{{"{a}":{number},"{b}":null}}"#)),
        1 => return merge(&format!(r#"{{"{a}":{{"x":{number},"y":null}},"{b}":[{number}]}}"#)),
        2 => return merge(&many_members(random, number)),
        3 => format!(r#"{{"op":"add","path":"/{a}","value":{number}}}"#),
        4 => format!(r#"{{"op":"remove","path":"/{a}"}},{{"op":"remove","path":"/{b}"}}"#),
        5 => format!(
            r#"{{"op":"add","path":"/{a}","value":{number}}},{{"op":"test","path":"/{a}","value":0}}"#
        ),
        6 => format!(
            r#"{{"op":"copy","from":"/{a}","path":"/{b}"}},{{"op":"move","from":"/{b}","path":"/{c}"}}"#
        ),
        7 => format!(
            r#"{{"op":"replace","path":"/{a}/x","value":{number}}},{{"op":"remove","path":"/{b}"}}"#
        ),
        8 => format!(
            r#"{{"op":"add","path":"/list/0","value":{number}}},{{"op":"move","from":"/list/1","path":"/{a}"}},{{"op":"add","path":"/list/-","value":0}}"#
        ),
        _ => format!(
            r#"{{"op":"move","from":"/{a}","path":"/{b}"}},{{"op":"add","path":"/{a}/y","value":{{}}}}"#
        ),
    };
    Change::Patch(format!("[{operations}]").parse::<Patch>().unwrap())
}

/// Sets or deletes more members than are removed one by one.
fn many_members(random: &mut fastrand::Rng, number: usize) -> String {
    let start = random.usize(..150);
    let value = if random.bool() { "null".to_owned() } else { number.to_string() };
    let members: Vec<String> =
        (start..start + 30).map(|key| format!(r#""k{key}":{value}"#)).collect();
    format!("{{{}}}", members.join(","))
}

fn merge(text: &str) -> Change {
    Change::Merge(text.parse().unwrap())
}

/// Questions alone open nothing, and have a way of their own to find what many of them are about.
#[test]
fn many_tests_have_the_answers_of_single_ones() {
    let members: String =
        (0..50).map(|number| format!(r#""k{number}":{{"x":{number}}},"#)).collect();
    let elements: Vec<String> = (0..50).map(|number| format!("[{number}]")).collect();
    let text = format!(
        r#"{{{members}"list":[{}],"tw\u0069ce":1,"twice": {{ "y": [ 0 ] }}}}"#,
        elements.join(",")
    );
    let mut random = fastrand::Rng::with_seed(5);
    let mut document = Document::parse(text.clone()).unwrap();
    for _ in 0..2000 {
        let (place, value) = (random.u8(..55), random.u8(..50));
        let operations = match random.u8(..5) {
            0 => format!(r#"{{"op":"test","path":"/k{place}/x","value":{value}}}"#),
            1 => format!(r#"{{"op":"test","path":"/k{place}/x","value":{place}}}"#),
            2 => format!(r#"{{"op":"test","path":"/list/{place}/0","value":{place}}}"#),
            3 => r#"{"op":"test","path":"/twice/y/0","value":0}"#.to_owned(),
            _ => format!(r#"{{"op":"test","path":"/list/{place}/x","value":{value}}}"#),
        };
        let patch = format!("[{operations}]").parse::<Patch>().unwrap();
        let expected = Document::parse(text.clone()).unwrap().patch(&patch);
        let result = document.patch(&patch);
        let [result, expected] = [result, expected].map(|result| result.map_err(|e| e.to_string()));
        assert_eq!(result, expected, "{operations}");
    }
    assert_eq!(document.to_bytes(), text);
    // What was only asked about keeps its layout when it is copied.
    let copy = r#"[{"op":"copy","from":"/twice","path":"/copy"}]"#.parse().unwrap();
    document.patch(&copy).unwrap();
    let copied = document.text(&"copy".parse().unwrap()).unwrap();
    assert_eq!(copied.as_deref(), Some(r#"{ "y": [ 0 ] }"#));
}
