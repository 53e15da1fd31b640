//! A letter for an incoming webhook of Slack. The rule: only what we wrote ourselves is Slack's own markup; the rest is
//! plain text, without mentions and links.

use serde_json::{Value, json};

use super::letter::{Letter, Part};
use super::words;

/// Bounds of Slack's: a header, a text block.
const MAX_HEADER_CHARS: usize = 150;
const MAX_TEXT_CHARS: usize = 2900;

pub(super) fn body(letter: &Letter) -> Value {
    let mut blocks =
        vec![json!({ "type": "header", "text": plain(&cut(&letter.title, MAX_HEADER_CHARS)) })];
    blocks.extend(letter.parts.iter().flat_map(sections));
    if let Some(link) = &letter.link {
        let open = format!("<{}|{}>", escaped(link), escaped(letter.t(words::OPEN)));
        blocks.push(json!({ "type": "section", "text": { "type": "mrkdwn", "text": open } }));
    }
    let closing = cut(&letter.closing, MAX_TEXT_CHARS);
    blocks.push(json!({ "type": "context", "elements": [plain(&closing)] }));
    json!({
        // What a telephone shows; here Slack looks for markup.
        "text": escaped(&letter.title),
        "blocks": blocks, "link_names": false, "unfurl_links": false, "unfurl_media": false,
    })
}

/// A part as one section, or a long list as several: nothing of it is left out.
fn sections(part: &Part) -> Vec<Value> {
    let (mut text, items) = match part {
        Part::Text(text) => (text.clone(), &[][..]),
        Part::Fact(name, value) => (format!("{name}: {value}"), &[][..]),
        Part::List(name, items) => (format!("{name}:"), items.as_slice()),
    };
    let mut texts = Vec::new();
    for item in items {
        let line = format!("\n• {item}");
        if text.chars().count() + line.chars().count() > MAX_TEXT_CHARS {
            texts.push(std::mem::take(&mut text));
        }
        text += &line;
    }
    texts.push(text);
    let section = |text: &String| {
        let text = cut(text.trim_start(), MAX_TEXT_CHARS);
        json!({ "type": "section", "text": plain(&text) })
    };
    texts.iter().map(section).collect()
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

/// What Slack's markup is made of, as Slack writes it where it is none.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The beginning of a text that is too long.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
