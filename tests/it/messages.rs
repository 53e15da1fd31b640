//! The message files: what the build refuses, that each text is in its language, and that pages hold no texts of their
//! own.

#[path = "../../build/messages/mod.rs"]
#[allow(dead_code, reason = "it is the build's own")]
mod build;

use std::path::Path;

use build::{File, LANGUAGES, Message, Room};

use crate::support::source::Source;

/// Every folder of message files.
const FOLDERS: [&str; 3] = [
    "src/finding/messages",
    "src/notify/messages",
    "src/web/messages",
];

/// Where texts for people are put together.
const PAGES: [&str; 4] = [
    "finding/words.rs",
    "notify/letter.rs",
    "notify/words.rs",
    "web/",
];

/// What is called so in every language.
const NAMES: [&str; 2] = ["Skimwatch", "日本語"];

fn rooms() -> impl Iterator<Item = Room> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    FOLDERS
        .iter()
        .map(move |folder| Room::read(root, folder).expect("the build has read it"))
}

fn room(english: &str, japanese: &str) -> Room {
    let texts = [english, japanese];
    let mut languages = LANGUAGES.iter().zip(texts);
    Room {
        files: std::array::from_fn(|_| {
            let (language, text) = languages.next().expect("two of two");
            vec![File {
                path: format!("{language}/x.ftl"),
                name: "x.ftl".to_owned(),
                text: text.to_owned(),
            }]
        }),
    }
}

/// English, Japanese, and what is wrong with them.
const WRONG: [(&str, &str, &str); 18] = [
    (
        "a = A\nb = B\n",
        "a = あ\n",
        "en/x.ftl:2: b is missing in ja/x.ftl",
    ),
    (
        "a = A\n",
        "a = あ\nb = い\n",
        "ja/x.ftl:2: b is missing in en/x.ftl",
    ),
    (
        "a = A\na = A\n",
        "a = あ\n",
        "en/x.ftl:1: a stands at en/x.ftl:1 already",
    ),
    (
        "a = A\n",
        "\na = { $n }\n",
        "ja/x.ftl:2: a has $n in one language only; see en/x.ftl:1",
    ),
    (
        "# $n (text)\na = A { $n }\n",
        "a = あ\n",
        "ja/x.ftl:1: a has $n in one language only; see en/x.ftl:2",
    ),
    (
        "a = A { $n }\n",
        "a = { $n }\n",
        "en/x.ftl:1: the comment of a does not say what $n is",
    ),
    (
        "# $n (words)\na = { $n }\n",
        "a = { $n }\n",
        "en/x.ftl:2: \"$n (words)\" is not of the form $name (text), $name (number) or $name (markup)",
    ),
    (
        "# $n (text)\na = A\n",
        "a = あ\n",
        "en/x.ftl:2: a does not use $n",
    ),
    (
        "a = A\nb B\n",
        "a = あ\n",
        "en/x.ftl:2: Expected a token starting with \"=\"",
    ),
    (
        "a = { $n\n",
        "a = あ\n",
        "en/x.ftl:2: Expected a token starting with \"}\"",
    ),
    (
        "a = A\n",
        "a = あ\n    い\n",
        "ja/x.ftl:1: a has more than one line of text",
    ),
    (
        "a = A\n    .b = B\n",
        "a = あ\n",
        "en/x.ftl:1: a has attributes; write messages of their own",
    ),
    ("-a = A\n", "", "en/x.ftl:1: terms are not used here"),
    (
        "a = { b }\n",
        "a = あ\n",
        "en/x.ftl:1: a holds something other than text, variables and choices by number",
    ),
    (
        "aB = A\n",
        "aB = あ\n",
        "en/x.ftl:1: aB is not a name of lower-case words joined by -",
    ),
    (
        "# $n (number)\na = { $n ->\n    [ones] A\n   *[other] B\n}\n",
        "a = { $n }\n",
        "en/x.ftl:2: a chooses [ones], which is no plural",
    ),
    (
        "# $n (text)\na = { $n ->\n    [one] A\n   *[other] B\n}\n",
        "a = { $n }\n",
        "en/x.ftl:2: a chooses by $n, which is no number",
    ),
    (
        "# $n (markup)\na = <b>{ $n }\n",
        "a = { $n }\n",
        "en/x.ftl:2: a has markup of its own",
    ),
];

#[test]
fn what_is_wrong_ends_the_build() {
    for (english, japanese, problem) in WRONG {
        let problems = room(english, japanese).rust("crate").expect_err(problem);
        let found = problems.iter().any(|it| it == problem);
        assert!(found, "{problem}\nnot among: {problems:#?}");
    }
}

#[test]
fn what_the_build_makes_of_it() {
    let english = "# A name.\na-name = A\n# How many.\n# $n (number)\n# $who (text) - a name\nmany = { $who }: { $n ->\n    [one] one\n   *[other] { $n }\n}\n\
                   # $where (markup)\n# $who (text)\nplace = { $who } at { $where }{\".\"}\n";
    let japanese = "a-name = あ\nmany = { $who }: { $n }件\nplace = { $where } の { $who }\n";
    let rust = room(english, japanese)
        .rust("crate::x")
        .expect("nothing is wrong");
    let (items, source) = rust
        .split_once("static MESSAGES")
        .expect("functions need it");
    assert_eq!(
        items,
        "/// A name.\n\
         pub(in crate::x) const A_NAME: Text = Text::new(\"A\", \"あ\");\n\
         /// How many.\n\
         pub(in crate::x) fn many(language: Language, n: impl Number, who: &str) -> String \
         { MESSAGES.say(language, \"many\", [(\"n\", n.value()), (\"who\", who.into()), ]) }\n\
         pub(in crate::x) fn place(language: Language, where: &Markup, who: &str) -> Markup \
         { maud::PreEscaped(MESSAGES.say(language, \"place\", [(\"where\", where.0.as_str().into()), \
         (\"who\", maud::html! { (who) }.0.into()), ])) }\n"
    );
    assert!(source.contains("many = { $who }: { $n }件"), "{source}");
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

#[test]
fn each_text_is_in_its_language() {
    for room in rooms() {
        let ([english, japanese], problems) = room.messages();
        assert_eq!(problems, Vec::<String>::new());
        assert!(!english.is_empty());
        for message in english.iter().chain(&japanese) {
            let says_something = message.texts.iter().any(|text| !text.trim().is_empty());
            assert!(
                says_something || message.variables.len() > 1,
                "{}",
                message.place
            );
        }
        for Message { place, texts, .. } in &english {
            let text = texts.concat();
            let foreign = |c: char| !c.is_ascii() && !"’“”–…·←→".contains(c);
            assert!(!text.contains(foreign), "{place}: {text}");
        }
        for Message { place, texts, .. } in &japanese {
            let text = texts.concat();
            let is_sign = !text.contains(char::is_alphabetic);
            assert!(is_sign || text.contains(is_japanese), "{place}: {text}");
            let run = text
                .split(|c: char| !c.is_ascii())
                .map(|run| run.split_whitespace().count());
            // A name or two may stand in Latin letters; a sentence may not.
            assert!(run.max() < Some(4), "{place}: {text}");
        }
    }
}

/// What in a page's source would be read by people: Japanese, or three words of English in a row.
fn is_text(literal: &str) -> bool {
    let words = literal.split(' ').map(|word| {
        let letters = word.trim_matches(|c: char| c.is_ascii_punctuation());
        letters.len() > 1 && letters.bytes().all(|b| b.is_ascii_alphabetic())
    });
    let longest = words.fold((0, 0), |(longest, run), is_word| {
        let run = if is_word { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    literal.contains(is_japanese) || longest.0 >= 3
}

/// A string literal where it begins, and the code before it.
struct Literal<'a> {
    /// The byte of its first mark.
    at: usize,
    text: &'a str,
    before: &'a str,
}

fn literals(source: &Source) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(open) = source.strings[rest..].find('"').map(|at| rest + at) {
        let mut escaped = false;
        let end = source.strings[open + 1..].find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = open + 1 + end.expect("a literal ends");
        found.push(Literal {
            at: open,
            text: &source.strings[open + 1..end],
            before: source.code[..open].trim_end(),
        });
        rest = end + 1;
    }
    found
}

/// Whether a literal stands in `html! { … }` as a text of its own: what belongs to an attribute or an expression is for
/// the browser or for Rust.
fn is_shown(literal: &Literal<'_>) -> bool {
    let letters = |pair: &[u8]| pair.iter().all(|byte| byte.is_ascii_alphabetic());
    if !literal.text.as_bytes().windows(2).any(letters)
        || !literal.before.ends_with(['{', '}', ')', ']', ';'])
    {
        return false;
    }
    let mut depth = 0_u32;
    for (at, c) in literal.before.char_indices().rev() {
        match c {
            '}' => depth += 1,
            '{' if depth > 0 => depth -= 1,
            '{' => {
                let opened_by = literal.before[..at].trim_end();
                if opened_by.ends_with('=') {
                    return false;
                }
                if opened_by.ends_with("html!") {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a literal is for the log, or for whoever reads the source.
fn is_logged(literal: &Literal<'_>) -> bool {
    let mut depth = 0_u32;
    let opened = literal.before.rfind(|c| match c {
        ')' => {
            depth += 1;
            false
        }
        '(' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => c == '(',
    });
    let opened_by = opened.map_or("", |at| &literal.before[..at]);
    ["warn!", "error!", "info!", "debug!", "expect", "#[error"]
        .iter()
        .any(|word| opened_by.ends_with(word))
        || literal.before.ends_with("reason =")
}

/// Where a page has a text of its own, and which.
fn texts(source: &Source) -> Vec<String> {
    let is_text = |literal: &Literal<'_>| {
        let name = literal.text.trim_matches([' ', '·']);
        (is_shown(literal) || is_text(literal.text) && !is_logged(literal))
            && !NAMES.contains(&name)
    };
    let found = literals(source).into_iter().filter(is_text);
    found
        .map(|literal| source.place(literal.at) + ": " + literal.text)
        .collect()
}

#[test]
fn a_text_in_a_page_is_seen() {
    for (code, found) in [
        (r#"html! { p { "Alert" } }"#, true),
        (r#"html! { p { (x) " more" } }"#, true),
        (r#"html! { @if x { b { "All" } } }"#, true),
        (r#"let x = "three words here";"#, true),
        (r#"let x = format!("{a} and these {b} was here so");"#, true),
        (r#"let x = "店";"#, true),
        (r#"words::x("店")"#, true),
        (r#"html! { p { " · " "Skimwatch" (x("word")) } }"#, false),
        (
            r#"html! { a href={ "/alerts/" (id) } class="quiet" {} }"#,
            false,
        ),
        (
            r#"html! { p class={ "card " @if x { "narrow" } } {} }"#,
            false,
        ),
        (r#"let x = "two words";"#, false),
        (
            r#"warn!(%error, kind = x.kind(), "nothing is read now");"#,
            false,
        ),
        (r#"x.expect("it was found before")"#, false),
        (r#"#[error("this is for logs")] struct E;"#, false),
        ("// three words here: 店", false),
        (
            r#"#[cfg(test)] mod tests { const X: &str = "three words here"; }"#,
            false,
        ),
    ] {
        let texts = texts(&Source::new("web/x.rs", code));
        assert_eq!(!texts.is_empty(), found, "{code}: {texts:?}");
    }
}

#[test]
fn pages_hold_no_texts_of_their_own() {
    // What a provider does wrong is told in the log.
    let is_page = |it: &Source| {
        PAGES.iter().any(|page| it.path.starts_with(page)) && !it.path.starts_with("web/oidc/")
    };
    let pages: Vec<Source> = Source::all().into_iter().filter(is_page).collect();
    assert!(pages.len() > 30, "{}", pages.len());
    let found: Vec<String> = pages.iter().flat_map(texts).collect();
    assert!(
        found.is_empty(),
        "texts belong into message files: {found:#?}"
    );
}
