//! Quiet rules: least severity, quiet hours, messages an hour. None of them swallows what is critical, or anything that
//! it only holds back.

use serde_json::Value;
use skimwatch::finding::Severity::{self, Critical, High, Medium};
use skimwatch::registry::{ChannelRules, Quiet};

use super::order::told;
use super::receiver::Receiver;
use super::world::{World, rules};

/// What a message tells of, notice by notice.
fn notices(received: &[Value]) -> Vec<Vec<String>> {
    let destination = |data: &Value| {
        data["alert"]["destination"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let of = |it: &Value| match it["body"]["data"]["notices"].as_array() {
        Some(several) => several.iter().map(|it| destination(&it["data"])).collect(),
        None => vec![destination(&it["body"]["data"])],
    };
    received.iter().map(of).collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Quiet for this many minutes from now on.
fn quiet_for(world: &World, minutes: i64) -> Quiet {
    let minute = |ms: i64| u16::try_from(ms.div_euclid(60_000).rem_euclid(1440)).expect("of a day");
    let now = world.now().0;
    Quiet {
        from: minute(now),
        to: minute(now + minutes * 60_000),
        offset: 0,
    }
}

#[tokio::test]
async fn quiet_hours_hold_back_everything_but_what_is_critical() {
    let world = World::new();
    let hook = Receiver::webhook();
    let quiet = ChannelRules {
        quiet: quiet_for(&world, 120),
        ..rules()
    };
    world.webhook("en-pay", &hook, quiet);
    world.find("one.example", High, &["shop-a"]);
    world.turn().await;
    world.pass(60);
    world.find("two.example", Medium, &["shop-a"]);
    world.find("critical.example", Critical, &["shop-a"]);
    world.turn().await;
    assert_eq!(notices(&hook.received()), [names(&["critical.example"])]);
    assert_eq!(world.turn().await, 0, "the others are held back");
    let listed = world.listed("en-pay").remove(0);
    assert_eq!(listed.waiting, 2);

    world.pass(2 * 3600);
    world.find("three.example", High, &["shop-a"]);
    while world.turn().await > 0 {}
    let expected = [
        names(&["critical.example"]),
        names(&["one.example", "two.example"]),
        names(&["three.example"]),
    ];
    assert_eq!(notices(&hook.received()), expected);
    assert_eq!(told(&hook.received())[1], "digest");
    assert!(hook.received().iter().all(|it| it["verified"] == true));
}

/// However much waits before it.
#[tokio::test]
async fn what_is_critical_is_seen_behind_hundreds() {
    let world = World::new();
    let hook = Receiver::webhook();
    let quiet = quiet_for(&world, 120);
    world.webhook("en-pay", &hook, ChannelRules { quiet, ..rules() });
    let name = |n| format!("evil-{n}.example");
    for n in 0..450 {
        world.find(&name(n), High, &["shop-a"]);
    }
    world.find("critical.example", Critical, &["shop-a"]);
    world.turn().await;
    assert_eq!(notices(&hook.received()), [names(&["critical.example"])]);
    world.pass(2 * 3600);
    while world.turn().await > 0 {}
    let all = notices(&hook.received());
    let told: Vec<String> = all[1..].iter().flatten().cloned().collect();
    assert_eq!(told, (0..450).map(name).collect::<Vec<_>>(), "in order");
    assert!(all.len() < 22, "together: {}", all.len());
}

#[tokio::test]
async fn what_is_too_much_for_an_hour_comes_together() {
    let world = World::new();
    let hook = Receiver::webhook();
    world.webhook(
        "en-pay",
        &hook,
        ChannelRules {
            most_per_hour: 2,
            ..rules()
        },
    );
    for n in 0..6 {
        world.find(&format!("evil-{n}.example"), High, &["shop-a"]);
    }
    world.find("critical.example", Critical, &["shop-a"]);
    while world.turn().await > 0 {}
    let first = [
        names(&["evil-0.example"]),
        names(&["evil-1.example"]),
        names(&["critical.example"]),
    ];
    assert_eq!(notices(&hook.received()), first);
    world.pass(3599);
    assert_eq!(world.turn().await, 0);
    world.pass(1);
    world.turn().await;
    let rest = names(&[
        "evil-2.example",
        "evil-3.example",
        "evil-4.example",
        "evil-5.example",
    ]);
    assert_eq!(notices(&hook.received())[3..], [rest]);
}

#[tokio::test]
async fn a_digest_that_fails_is_the_same_when_it_is_tried_again() {
    let world = World::new();
    let hook = Receiver::webhook();
    let quiet = ChannelRules {
        quiet: quiet_for(&world, 10),
        ..rules()
    };
    world.webhook("en-pay", &hook, quiet);
    for name in ["one.example", "two.example"] {
        world.find(name, High, &["shop-a"]);
    }
    world.turn().await;
    hook.answer("500");
    world.pass(600);
    assert_eq!(world.turn().await, 1);
    world.find("three.example", High, &["shop-a"]);
    hook.answer("200");
    world.pass(1);
    assert_eq!(world.turn().await, 2);
    let received = hook.received();
    let both = names(&["one.example", "two.example"]);
    assert_eq!(
        notices(&received),
        [both.clone(), both, names(&["three.example"])]
    );
    assert_eq!(received[0]["id"], received[1]["id"]);
    assert_ne!(received[1]["id"], received[2]["id"]);
}

#[tokio::test]
async fn what_is_below_the_least_severity_is_not_told() {
    for (least, expected) in [(Severity::Low, 3), (Medium, 3), (High, 2), (Critical, 1)] {
        let world = World::new();
        let hook = Receiver::webhook();
        let mut rules = ChannelRules { least, ..rules() };
        // All that could hold something back at once.
        rules.quiet = quiet_for(&world, 600);
        rules.most_per_hour = 1;
        world.webhook("en-pay", &hook, rules);
        for (name, severity) in [
            ("m.example", Medium),
            ("h.example", High),
            ("c.example", Critical),
        ] {
            world.find(name, severity, &["shop-a"]);
        }
        world.turn().await;
        assert_eq!(
            notices(&hook.received()),
            [names(&["c.example"])],
            "{least:?}"
        );
        assert_eq!(world.count("notices"), expected, "{least:?}");
    }
}
