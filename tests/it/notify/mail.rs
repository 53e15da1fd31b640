//! Mail, as a mail server of others takes it and Python's email package reads it.

use skimwatch::finding::Severity::{Critical, High};

use super::receiver::Receiver;
use super::world::{PUBLIC, World, alert_of, rules};
use skimwatch::registry::ChannelKind::Mail;

#[tokio::test]
async fn japanese_mail_reads_as_it_was_written() {
    let server = Receiver::mail();
    let world = World::mailing(&server);
    let to = ["security@psp.example", "oncall@psp.example"];
    world.channel("ja-pay", (Mail, &to), rules());
    world.find("evil.example", Critical, &["shop-b", "shop-c"]);
    world.turn().await;

    let received = server.received();
    assert_eq!(received.len(), 1, "{received:?}");
    let mail = &received[0];
    assert_eq!(mail["to"], serde_json::json!(to));
    assert_eq!(mail["from"], "alerts@psp.example");
    assert_eq!(mail["type"], "text/plain");
    assert_eq!(mail["defects"], serde_json::json!([]));
    assert_eq!(mail["ascii"], true, "it passes every server");
    let headers = &mail["headers"];
    assert_eq!(
        headers["subject"],
        "【緊急】カード情報が evil[.]example へ送信されている可能性があります"
    );
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert_eq!(headers["to"], to.join(", "));
    let alert = alert_of("evil.example", "ja-pay");
    assert_eq!(
        headers["references"],
        format!("<alert.{alert}@psp.example>")
    );
    let since = skimwatch::clock::Timestamp(world.start - 60_000 + 9 * 3_600_000);
    let since = since.to_string().replace('T', " ");
    let expected = format!(
        "新しいアラートを検知しました。\n\n\
         送信先: evil[.]example\n\n\
         影響を受けた加盟店（2件）: 東京ショップ、大阪ショップ\n\n\
         最初のレポート: {} JST\n\n\n\
         検知の理由:\n\
         \n\
         まず行うこと: 上記の順に加盟店へ電話し、原因が判明するまでカード決済の停止、または自社（決済代行会社）の決済画面への切り替えを\
         依頼してください。削除や修正の前に、証拠の保全を依頼してください。\n\n\
         アラートを開く: {PUBLIC}/alerts/{alert}\n\n\
         -- \n\
         Skimwatch から 日本ペイ のチャンネル「Security」への自動送信です。返信はお受けできません。\n",
        &since[..16]
    );
    let text = mail["text"].as_str().expect("a text").replace("\r\n", "\n");
    assert_eq!(without_reasons(&text), without_reasons(&expected), "{text}");
    let reasons = &world
        .cases
        .alert(&skimwatch::scope::Scope::Operator, &alert);
    let reasons = &reasons
        .as_ref()
        .expect("readable")
        .as_ref()
        .expect("there")
        .campaign
        .reasons;
    for reason in reasons {
        let line = format!("- {}\n", reason.text(skimwatch::language::Language::Ja));
        assert!(text.contains(&line), "{line}: {text}");
    }
}

/// The sentences of the reasons have a test of their own.
fn without_reasons(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("- "));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_name_of_a_mail_stays_when_it_is_sent_again() {
    let server = Receiver::mail();
    let world = World::mailing(&server);
    world.channel("en-pay", (Mail, &["security@psp.example"]), rules());
    world.find("evil.example", High, &["shop-a"]);
    server.answer("451");
    world.turn().await;
    world.pass(1);
    server.answer("250");
    world.turn().await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let id = |n: usize| {
        received[n]["headers"]["message-id"]
            .as_str()
            .expect("an id")
    };
    assert_eq!(id(0), id(1));
    assert!(id(0).ends_with("@psp.example>"), "{}", id(0));
    assert_eq!(
        received[1]["headers"]["subject"],
        "[High] Card data may be leaving for evil[.]example"
    );
}

#[tokio::test]
async fn a_mailbox_that_is_gone_keeps_nobody_else_from_their_mail() {
    let server = Receiver::mail();
    let world = World::mailing(&server);
    let to = ["gone@psp.example", "security@psp.example"];
    world.channel("en-pay", (Mail, &to), rules());
    world.channel("ja-pay", (Mail, &["gone@psp.example"]), rules());
    world.find("evil.example", High, &["shop-b"]);
    world.turn().await;
    let received = server.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(
        received[0]["to"],
        serde_json::json!(["security@psp.example"])
    );
    let of_nobody = world.listed("ja-pay").remove(0);
    assert_eq!(of_nobody.given_up, 1);
    assert!(
        of_nobody.error.contains("no such mailbox"),
        "{}",
        of_nobody.error
    );
    // What goes wrong is known though the notice was told.
    assert_eq!(
        world.count("deliveries WHERE state = 'sent' AND error LIKE 'gone@%'"),
        1
    );
}

#[tokio::test]
async fn what_strangers_wrote_adds_no_header_and_no_link() {
    let server = Receiver::mail();
    let world = World::mailing(&server);
    world.channel("en-pay", (Mail, &["security@psp.example"]), rules());
    let hostile = "Shop\u{202e} https://evil.example <a@evil.example>";
    let shops =
        serde_json::json!({ "format": 1, "merchants": [{ "key": "shop-a", "name": hostile }]});
    world
        .registry
        .import(&shops.to_string(), "test")
        .expect("it is a name");
    // No destination is stored with line breaks; a mail must not depend on that.
    let destination = "evil.example\r\nBcc: thief@evil.example\r\n\r\nbody";
    world.find(destination, High, &["shop-a"]);
    world.turn().await;
    let received = server.received();
    let mail = &received[0];
    let names: Vec<_> = mail["names"].as_array().expect("names").iter().collect();
    assert!(!names.iter().any(|name| *name == "bcc"), "{names:?}");
    assert_eq!(mail["to"], serde_json::json!(["security@psp.example"]));
    let text = mail["text"].as_str().expect("a text");
    let links: Vec<_> = text.match_indices("://").collect();
    assert_eq!(links.len(), 1, "our own alone: {text}");
    assert!(
        !text.contains("a@evil") && !text.contains("evil.example"),
        "{text}"
    );
    assert!(!text.contains('\u{202e}'), "{text}");
}

#[tokio::test]
async fn without_a_mail_server_mail_waits_and_says_why() {
    let world = World::new();
    world.channel("en-pay", (Mail, &["security@psp.example"]), rules());
    world.find("evil.example", High, &["shop-a"]);
    world.turn().await;
    let listed = world.listed("en-pay").remove(0);
    assert_eq!(listed.waiting, 1);
    assert!(
        listed.error.contains("notify.smtp.host"),
        "{}",
        listed.error
    );
}
