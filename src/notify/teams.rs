//! A letter for Microsoft Teams: a message with one Adaptive Card. The rule: texts stand in `RichTextBlock`s, which know no
//! Markdown; so nothing in them becomes a link or a mention.

use serde_json::{Value, json};

use super::letter::{Letter, Part};
use super::slack::cut;
use super::words;
use crate::finding::Severity;

/// Longest text of a block. A message may have 28 KB.
const MAX_TEXT_CHARS: usize = 2000;

pub(super) fn body(letter: &Letter) -> Value {
    let color = match letter.severity {
        Severity::Critical | Severity::High => "Attention",
        Severity::Medium => "Warning",
        Severity::Low => "Default",
    };
    let title = json!({
        "type": "TextRun", "text": cut(&letter.title, MAX_TEXT_CHARS), "weight": "Bolder", "size": "Medium", "color": color,
    });
    let mut body = vec![block(vec![title])];
    body.extend(letter.parts.iter().flat_map(blocks));
    body.push(block(vec![
        json!({ "type": "TextRun", "text": letter.closing, "isSubtle": true, "size": "Small" }),
    ]));
    let actions: Vec<Value> = letter
        .link
        .iter()
        .map(|url| json!({ "type": "Action.OpenUrl", "title": letter.t(words::OPEN), "url": url }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard", "version": "1.4", "body": body, "actions": actions,
                "msteams": { "width": "Full" },
            },
        }],
    })
}

fn blocks(part: &Part) -> Vec<Value> {
    match part {
        Part::Text(text) => vec![block(vec![run(text)])],
        Part::Fact(name, value) => vec![block(vec![bold(&format!("{name}: ")), run(value)])],
        Part::List(name, items) => {
            let items = items
                .iter()
                .map(|item| block(vec![run(&format!("• {item}"))]));
            std::iter::once(block(vec![bold(name)]))
                .chain(items)
                .collect()
        }
    }
}

fn block(inlines: Vec<Value>) -> Value {
    json!({ "type": "RichTextBlock", "inlines": inlines })
}

fn run(text: &str) -> Value {
    json!({ "type": "TextRun", "text": cut(text, MAX_TEXT_CHARS) })
}

fn bold(text: &str) -> Value {
    json!({ "type": "TextRun", "text": text, "weight": "Bolder" })
}
