//! In order, each once, whatever the receiver does meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use skimwatch::cases::{Cause, Triage};
use skimwatch::clock::Timestamp;
use skimwatch::erasure::{Erasure, Target};
use skimwatch::finding::Severity::{Critical, High, Medium};
use skimwatch::ids::SiteId;
use skimwatch::notify::plan;
use skimwatch::scope::Scope;

use super::receiver::Receiver;
use super::world::{World, alert_of, author, rules};

/// What it is about: `alert.raised evil.example`.
pub(super) fn told(received: &[Value]) -> Vec<String> {
    let line = |it: &Value| {
        let (body, alert) = (&it["body"], &it["body"]["data"]["alert"]);
        let words = [&body["type"], &alert["destination"]];
        let words = words.map(|word| word.as_str().unwrap_or_default());
        words.join(" ").trim().to_owned()
    };
    received.iter().map(line).collect()
}

fn ids(received: &[Value]) -> Vec<&str> {
    let ids = received.iter().map(|it| it["id"].as_str().expect("an id"));
    ids.collect()
}

#[tokio::test]
async fn what_happens_to_an_alert_is_told_in_order_and_signed() {
    let world = World::new();
    let hook = Receiver::webhook();
    let mut all = rules();
    all.least = skimwatch::finding::Severity::Low;
    world.webhook("en-pay", &hook, all);

    world.find("evil.example", Medium, &["shop-a"]);
    world.pass(60);
    world.find("evil.example", High, &["shop-a", "shop-b"]);
    let alert = alert_of("evil.example", "en-pay");
    let scope = world
        .registry
        .scope(&super::world::org("en-pay"))
        .expect("a scope");
    for (triage, seconds) in [
        (Triage::Contain, 60),
        (
            Triage::Close {
                cause: Cause::Skimmer,
                note: "gone".to_owned(),
            },
            60,
        ),
    ] {
        world.pass(seconds);
        let by = (&author(), world.now());
        world
            .cases
            .triage(&scope, &alert, by, &triage)
            .expect("allowed");
    }
    world.pass(7300);
    world.find("evil.example", High, &["shop-a", "shop-b"]);
    assert_eq!(world.turn().await, 6);

    let received = hook.received();
    let kinds = [
        "raised",
        "worsened",
        "site-joined",
        "contained",
        "closed",
        "reopened",
    ];
    assert_eq!(
        told(&received),
        kinds.map(|kind| format!("alert.{kind} evil.example"))
    );
    assert!(
        received.iter().all(|it| it["verified"] == true),
        "{received:?}"
    );
    assert_eq!(ids(&received).into_iter().collect::<BTreeSet<_>>().len(), 6);
    let subjects = received
        .iter()
        .map(|it| it["body"]["data"]["subject"].as_str());
    let expected = ["", "high", "shop-b", "", "skimmer", "shop-a"].map(Some);
    assert_eq!(subjects.collect::<Vec<_>>(), expected);
    assert_eq!(world.turn().await, 0, "nothing is left");
}

#[tokio::test]
async fn a_detector_that_starts_over_tells_nothing_twice() {
    let world = World::new();
    let hook = Receiver::webhook();
    world.webhook("en-pay", &hook, rules());
    for _ in 0..2 {
        world.find("evil.example", High, &["shop-a"]);
        world.find("other.example", Critical, &["shop-b"]);
    }
    world.turn().await;
    assert_eq!(
        told(&hook.received()),
        ["alert.raised evil.example", "alert.raised other.example"]
    );
}

#[tokio::test]
async fn a_receiver_that_was_down_for_an_hour_gets_each_once_and_in_order() {
    let world = World::new();
    let mut hook = Receiver::absent("webhook");
    world.webhook("en-pay", &hook, rules());
    let destinations: Vec<String> = (0..4).map(|n| format!("evil-{n}.example")).collect();
    for destination in &destinations {
        world.find(destination, High, &["shop-a"]);
        for _ in 0..15 {
            assert!(world.turn().await <= 1, "what follows waits");
            world.pass(60);
        }
    }
    let listed = &world.listed("en-pay")[0];
    assert_eq!((listed.waiting, listed.given_up), (4, 0));
    assert!(listed.error.contains("connect"), "{}", listed.error);
    assert!(
        world.count("deliveries WHERE attempts > 10") == 1,
        "only the first was tried"
    );

    hook.start();
    world.pass(300);
    while world.turn().await > 0 {}
    let expected: Vec<String> = destinations
        .iter()
        .map(|it| format!("alert.raised {it}"))
        .collect();
    assert_eq!(told(&hook.received()), expected);
    assert_eq!(world.listed("en-pay")[0].waiting, 0);
    assert_eq!(world.listed("en-pay")[0].error, "");
}

#[tokio::test]
async fn what_fails_is_tried_again_under_the_same_name_after_a_growing_pause() {
    let world = World::new();
    let hook = Receiver::webhook();
    hook.answer("503");
    world.webhook("en-pay", &hook, rules());
    world.find("evil.example", High, &["shop-a"]);
    let mut tries = 0;
    for (pause, expected) in [(0, 1), (0, 0), (1, 1), (1, 0), (1, 1), (3, 0), (1, 1)] {
        world.pass(pause);
        let taken = u64::try_from(world.turn().await).expect("few");
        assert_eq!(taken, expected, "after {tries} tries and {pause} s");
        tries += taken;
    }
    hook.answer("200");
    world.pass(8);
    assert_eq!(world.turn().await, 1);
    let received = hook.received();
    assert_eq!(received.len(), 5);
    assert_eq!(
        ids(&received).into_iter().collect::<BTreeSet<_>>().len(),
        1,
        "one name"
    );
    assert_eq!(hook.taken().len(), 1);
    assert!(
        received.iter().all(|it| it["verified"] == true),
        "each is signed anew"
    );
}

#[tokio::test]
async fn answers_are_heeded() {
    for (name, answer, early, late, state) in [
        ("patience", "429 40", 39, 40, "waiting"),
        ("elsewhere", "302 http://127.0.0.1:9/", 0, 1, "waiting"),
        ("not found", "404", 0, 1, "waiting"),
        ("refused", "422", 0, 0, "given-up"),
        ("gone", "410", 0, 0, "given-up"),
    ] {
        let world = World::new();
        let hook = Receiver::webhook();
        hook.answer(answer);
        let id = world.webhook("en-pay", &hook, rules());
        world.find("evil.example", High, &["shop-a"]);
        assert_eq!(world.turn().await, 1, "{name}");
        let of_state = format!("deliveries WHERE state = '{state}'");
        assert_eq!(world.count(&of_state), 1, "{name}");
        hook.answer("200");
        world.find("next.example", High, &["shop-a"]);
        let listed = world.listed("en-pay").remove(0);
        let status = answer.split(' ').next().expect("a status");
        assert!(listed.error.contains(status), "{name}: {}", listed.error);
        match state {
            "waiting" => {
                world.pass(early);
                assert_eq!(world.turn().await, 0, "{name}: it is too early");
                world.pass(late - early);
                assert_eq!(world.turn().await, 2, "{name}");
            }
            _ if name == "gone" => {
                assert!(
                    !listed.is_active && listed.paused_why.contains("410"),
                    "{listed:?}"
                );
                assert_eq!(world.turn().await, 0, "{name}: nothing is sent there");
                let of = (&super::world::org("en-pay"), id.as_str());
                world
                    .registry
                    .set_channel_active(of, true, &author())
                    .expect("there");
                assert_eq!(
                    world.turn().await,
                    1,
                    "{name}: what came meanwhile has waited"
                );
            }
            _ => assert_eq!(world.turn().await, 1, "{name}: the next one"),
        }
        let last = hook.taken();
        assert_eq!(
            told(&last).last().expect("one"),
            "alert.raised next.example",
            "{name}"
        );
        let given_up = "audit WHERE action = 'notice.given-up'";
        assert_eq!(
            world.count(given_up),
            u32::from(state == "given-up"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn after_three_days_a_notice_is_given_up_and_that_shows() {
    let world = World::new();
    let mut hook = Receiver::absent("webhook");
    world.webhook("en-pay", &hook, rules());
    world.find("evil.example", High, &["shop-a"]);
    world.turn().await;
    world.pass(2 * 24 * 3600);
    world.find("next.example", High, &["shop-a"]);
    world.turn().await;
    world.pass(24 * 3600);
    world.turn().await;
    let listed = world.listed("en-pay").remove(0);
    assert_eq!((listed.waiting, listed.given_up), (1, 1));
    assert_eq!(world.count("audit WHERE action = 'notice.given-up'"), 1);
    hook.start();
    world.pass(300);
    world.turn().await;
    assert_eq!(told(&hook.received()), ["alert.raised next.example"]);
}

#[tokio::test]
async fn whoever_dies_with_a_message_in_hand_leaves_it_to_the_next_under_its_name() {
    let world = World::new();
    let hook = Receiver::webhook();
    let channel = world.webhook("en-pay", &hook, rules());
    world.find("evil.example", High, &["shop-a"]);
    let lease = (world.now(), Duration::from_secs(30));
    let taken = world
        .registry
        .take_message(&channel, lease, |to, waiting, told| {
            plan(to, waiting, (told, Timestamp(0)))
        });
    let (_, message) = taken.expect("readable").expect("one waits");
    // Nobody hears of that one again.
    assert_eq!(world.turn().await, 0, "another has it in hand");
    world.pass(30);
    assert_eq!(world.turn().await, 1);
    assert_eq!(ids(&hook.received()), [message.id.as_str()]);
}

#[tokio::test]
async fn each_organization_is_told_of_its_own() {
    let world = World::new();
    let (english, japanese) = (Receiver::webhook(), Receiver::webhook());
    world.webhook("en-pay", &english, rules());
    world.webhook("ja-pay", &japanese, rules());
    world.find("of-a.example", High, &["shop-a"]);
    world.find("of-c.example", Critical, &["shop-c"]);
    world.find("of-all.example", High, &["shop-a", "shop-b", "shop-c"]);
    world.turn().await;
    let raised = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| format!("alert.raised {name}"))
            .collect()
    };
    assert_eq!(
        told(&english.received()),
        raised(&["of-a.example", "of-all.example"])
    );
    assert_eq!(
        told(&japanese.received()),
        raised(&["of-c.example", "of-all.example"])
    );
    for (hook, foreign) in [
        (&english, ["shop-c", "大阪"]),
        (&japanese, ["shop-a", "Shop A"]),
    ] {
        let text = format!("{:?}", hook.received());
        assert!(!foreign.iter().any(|it| text.contains(it)), "{text}");
    }
    // Whoever sees a merchant no longer is told nothing of it, not even what waited.
    world.find("late.example", High, &["shop-a"]);
    let site = SiteId::new("shop-a").expect("an id");
    let gone = world
        .registry
        .unshare_site(&super::world::org("en-pay"), &site, &author());
    gone.expect("it was shared");
    world.turn().await;
    assert_eq!(english.received().len(), 2);
    assert_eq!(
        world.count("deliveries WHERE state = 'given-up' AND error LIKE '%erased%'"),
        1
    );
}

#[tokio::test]
async fn what_was_erased_is_not_told() {
    let world = World::new();
    let hook = Receiver::webhook();
    world.webhook("en-pay", &hook, rules());
    world.find("only.example", High, &["shop-a"]);
    world.find("both.example", High, &["shop-b"]);
    world.pass(60);
    world.find("both.example", High, &["shop-b", "shop-a"]);
    let site = SiteId::new("shop-a").expect("an id");
    let erasure = Erasure {
        target: Target::Site(site),
        until: world.now(),
    };
    world
        .cases
        .erase(&erasure, &Value::Null, "test")
        .expect("erased");
    assert_eq!(world.count("notices"), 1);
    world.turn().await;
    assert_eq!(told(&hook.received()), ["alert.raised both.example"]);
    let scope = Scope::Operator;
    let alerts = world.cases.alerts(&scope, &Default::default(), None, 10);
    assert_eq!(alerts.expect("readable").alerts.len(), 1);
}
