//! Whether two compact JSON texts say the same.

#[derive(Debug)]
enum Token {
    Mark(char),
    Text(String),
    Number(f64),
}

fn tokens(json: &str) -> Vec<Token> {
    let mut rest = json;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '"' => end_of_string(rest),
            '-' | '0'..='9' => {
                let is_other = |char: char| !char.is_ascii_digit() && !"+-.eE".contains(char);
                rest.find(is_other).unwrap_or(rest.len())
            }
            char => char.len_utf8(),
        };
        let (token, after) = rest.split_at(len);
        tokens.push(match first {
            '"' => Token::Text(serde_json::from_str(token).unwrap()),
            '-' | '0'..='9' => Token::Number(token.parse().unwrap()),
            char => Token::Mark(char),
        });
        rest = after;
    }
    tokens
}

fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, char)| {
        let is_end = *char == '"' && !is_escaped;
        is_escaped = *char == '\\' && !is_escaped;
        is_end
    });
    end.unwrap().0 + 1
}

/// Numbers are the same however they are spelled, and so are large integers, which are exact here, and
/// those of jq that are next to them.
pub fn say_the_same(left: &str, right: &str) -> bool {
    let (left, right) = (tokens(left), tokens(right));
    left.len() == right.len() && left.iter().zip(&right).all(|(left, right)| is_same(left, right))
}

fn is_same(left: &Token, right: &Token) -> bool {
    const EXACT: f64 = (1u64 << 53) as f64;
    match (left, right) {
        (Token::Mark(left), Token::Mark(right)) => left == right,
        (Token::Text(left), Token::Text(right)) => left == right,
        (Token::Number(left), Token::Number(right)) => {
            left == right
                || left.abs() >= EXACT && (left - right).abs() <= left.abs() * 4.0 * f64::EPSILON
        }
        _ => false,
    }
}

#[test]
fn texts_are_compared_by_what_they_say() {
    assert!(say_the_same(r#"["\u0061",1.0,1E+2]"#, r#"["a",1,100]"#));
    assert!(say_the_same("[9007199254740993]", "[9007199254740992]"));
    for (left, right) in [("[1]", "[2]"), ("[1,2]", "[1]"), (r#"["1"]"#, "[1]"), ("[1]", "[null]")]
    {
        assert!(!say_the_same(left, right), "{left} {right}");
    }
}
