//! What Slack and Teams are sent: nothing that strangers wrote becomes a mention, a link or markup.

use serde_json::Value;
use skimwatch::finding::Severity::{Critical, High};
use skimwatch::registry::ChannelKind::{Slack, Teams};
use skimwatch::registry::ChannelRules;

use super::receiver::Receiver;
use super::world::{PUBLIC, World, alert_of, rules};

/// Names that merchants may choose, and what of them no message may hold.
const HOSTILE: [(&str, &[&str]); 7] = [
    ("<!channel> shop", &["<!"]),
    ("<!here|x> <@U012AB3CD> <#C1>", &["<!", "<@", "<#"]),
    (
        "<https://evil.example|Pay>",
        &["<https://evil", "evil.example"],
    ),
    (
        "[Pay](https://evil.example)",
        &["(https://", "evil.example"],
    ),
    ("<at>everyone</at>", &["<at>"]),
    ("*bold* _it_ `code` www.evil.example", &["www.evil"]),
    ("a@evil.example &lt;!channel&gt;", &["@evil", "<!"]),
];

fn name(world: &World, name: &str) {
    let shops = serde_json::json!({ "format": 1, "merchants": [{ "key": "shop-a", "name": name }]});
    let import = world.registry.import(&shops.to_string(), "test");
    import.expect("it is a name");
}

/// Every text in it, with the path to it.
fn texts(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        Value::Array(list) => list.iter().for_each(|it| texts(it, path, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                texts(value, &format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn what_strangers_wrote_is_text() {
    for (hostile, never) in HOSTILE {
        let world = World::new();
        let (slack, teams) = (Receiver::webhook(), Receiver::webhook());
        world.channel("en-pay", (Slack, &[&slack.url()]), rules());
        world.channel("en-pay", (Teams, &[&teams.url()]), rules());
        name(&world, hostile);
        world.find("evil.example", Critical, &["shop-a"]);
        world.turn().await;
        for (of, receiver) in [("slack", &slack), ("teams", &teams)] {
            let received = receiver.taken();
            assert_eq!(received.len(), 1, "{of}: {hostile}");
            let mut found = Vec::new();
            texts(&received[0]["body"], "", &mut found);
            assert!(found.len() > 5, "{of}: {found:?}");
            for (path, text) in &found {
                let has = never.iter().find(|it| text.contains(**it));
                assert!(has.is_none(), "{of}: {path}: {text}");
            }
        }
        only_ours_is_markup(&slack.taken()[0]["body"]);
        no_text_block(&teams.taken()[0]["body"]);
    }
}

/// The fallback and the link to the alert are the only texts that Slack reads as markup.
fn only_ours_is_markup(body: &Value) {
    let blocks = body["blocks"].as_array().expect("blocks");
    let alert = alert_of("evil.example", "en-pay");
    let marked = blocks.iter().filter(|it| it["text"]["type"] == "mrkdwn");
    let marked: Vec<_> = marked.map(|it| it["text"]["text"].clone()).collect();
    assert_eq!(
        marked,
        [format!("<{PUBLIC}/alerts/{alert}|Open the alert>")]
    );
    assert_eq!(
        body["text"],
        "[Critical] Card data may be leaving for evil[.]example"
    );
    assert_eq!(body["unfurl_links"], false);
    assert_eq!(blocks[0]["type"], "header");
}

/// Teams reads Markdown in a `TextBlock` alone.
fn no_text_block(body: &Value) {
    assert_eq!(body["type"], "message");
    let card = &body["attachments"][0]["content"];
    assert_eq!(card["type"], "AdaptiveCard");
    let blocks = card["body"].as_array().expect("blocks");
    assert!(blocks.len() > 5);
    for block in blocks {
        assert_eq!(block["type"], "RichTextBlock", "{block}");
        let runs = block["inlines"].as_array().expect("runs");
        assert!(runs.iter().all(|it| it["type"] == "TextRun"), "{block}");
    }
    let alert = alert_of("evil.example", "en-pay");
    assert_eq!(
        card["actions"][0]["url"],
        format!("{PUBLIC}/alerts/{alert}")
    );
    assert!(card["msteams"]["entities"].is_null(), "nobody is mentioned");
}

/// Each chat has bounds on a text, and on a message.
#[tokio::test]
async fn many_notices_together_are_told_whole() {
    let world = World::new();
    let (slack, teams) = (Receiver::webhook(), Receiver::webhook());
    let scarce = || ChannelRules {
        most_per_hour: 1,
        ..rules()
    };
    world.channel("ja-pay", (Slack, &[&slack.url()]), scarce());
    world.channel("ja-pay", (Teams, &[&teams.url()]), scarce());
    let long = |n: usize| format!("{}-{n}.example", "x".repeat(60));
    for n in 0..26 {
        world.find(&long(n), High, &["shop-b", "shop-c"]);
    }
    world.turn().await;
    world.pass(3600);
    world.turn().await;
    for (of, receiver) in [("slack", &slack), ("teams", &teams)] {
        let received = receiver.taken();
        assert_eq!(received.len(), 2, "{of}");
        let body = &received[1]["body"];
        let text = body.to_string();
        for n in 1..26 {
            let told = long(n).replace('.', "[.]");
            assert!(text.contains(&told), "{of}: {told}");
        }
        assert!(text.len() < 28_000, "{of}: {}", text.len());
        let mut found = Vec::new();
        texts(body, "", &mut found);
        let longest = found.iter().map(|(_, text)| text.chars().count()).max();
        assert!(longest < Some(3000), "{of}: {longest:?}");
    }
}
