//! Channels in the control state: bounds, whose they are, and that their secrets show once.

use skimwatch::finding::Severity;
use skimwatch::registry::ChannelKind::{Mail, Webhook};
use skimwatch::registry::{
    ChannelRequest, ChannelRules, MAX_CHANNELS, MAX_PER_HOUR, Quiet, RegistryError, Target,
};

use super::receiver::Receiver;
use super::world::{World, author, org, rules};

const URL: &str = "https://hooks.psp.example/services/T0/B0/path-secret";

type Change = fn(&mut ChannelRules);

/// Rules that no channel has.
const WRONG: [(&str, Change); 8] = [
    ("no name", |it| it.name = "  ".to_owned()),
    ("a long name", |it| it.name = "x".repeat(1000)),
    ("a control character", |it| it.name = "a\nb".to_owned()),
    ("no message an hour", |it| it.most_per_hour = 0),
    ("too many an hour", |it| it.most_per_hour = MAX_PER_HOUR + 1),
    ("from no minute of a day", |it| it.quiet.from = 1440),
    ("to no minute of a day", |it| it.quiet.to = 1440),
    ("no time zone", |it| it.quiet.offset = 15 * 60),
];

#[test]
fn bounds() {
    let world = World::new();
    let add = |change: Change| {
        let target = Target::parse(Webhook, &[URL.to_owned()]).expect("a target");
        let mut request = ChannelRequest {
            kind: Webhook,
            target,
            rules: rules(),
        };
        change(&mut request.rules);
        let organization = org("en-pay");
        world
            .registry
            .add_channel(&organization, &request, &author())
    };
    for (name, change) in WRONG {
        let refused = add(change);
        let is_field = matches!(refused, Err(RegistryError::Field(_)));
        assert!(is_field, "{name}: {refused:?}");
    }
    for _ in 0..MAX_CHANNELS {
        add(|_| {}).expect("there is room");
    }
    let refused = add(|_| {});
    let is_full = matches!(refused, Err(RegistryError::TooManyChannels(_)));
    assert!(is_full, "{refused:?}");
    // Of another organization there is room.
    world.channel("ja-pay", (Mail, &["a@psp.example"]), rules());
}

#[test]
fn an_organization_cannot_touch_the_channels_of_another() {
    let world = World::new();
    let (id, _) = world.channel("en-pay", (Webhook, &[URL]), rules());
    let theirs = org("ja-pay");
    let of = (&theirs, id.as_str());
    let (registry, by) = (&world.registry, author());
    for (name, refused) in [
        ("change", registry.change_channel(of, &rules(), &by)),
        ("pause", registry.set_channel_active(of, false, &by)),
        ("test", registry.test_channel(of, &by)),
        ("remove", registry.remove_channel(of, &by)),
    ] {
        assert!(
            matches!(refused, Err(RegistryError::NoChannel)),
            "{name}: {refused:?}"
        );
    }
    assert!(world.listed("ja-pay").is_empty());
    assert!(world.listed("en-pay")[0].is_active);
}

#[test]
fn a_channel_lives() {
    let world = World::new();
    let (id, _) = world.channel("en-pay", (Webhook, &[URL]), rules());
    let organization = org("en-pay");
    let of = (&organization, id.as_str());
    let other = ChannelRules {
        name: "On call".to_owned(),
        least: Severity::Critical,
        quiet: Quiet {
            from: 60,
            to: 120,
            offset: -300,
        },
        most_per_hour: 7,
    };
    world
        .registry
        .change_channel(of, &other, &author())
        .expect("changed");
    assert_eq!(world.listed("en-pay")[0].rules, other);
    world
        .registry
        .set_channel_active(of, false, &author())
        .expect("paused");
    assert!(!world.listed("en-pay")[0].is_active);
    world.find("evil.example", Severity::Critical, &["shop-a"]);
    assert_eq!(
        world.listed("en-pay")[0].waiting,
        1,
        "what comes while it is paused waits"
    );
    world
        .registry
        .remove_channel(of, &author())
        .expect("removed");
    assert!(world.listed("en-pay").is_empty());
    assert_eq!(world.count("deliveries"), 0);
    let actions = [
        "channel.added",
        "channel.changed",
        "channel.paused",
        "channel.removed",
    ];
    for action in actions {
        let of = format!("audit WHERE action = '{action}' AND organization = 'en-pay'");
        assert_eq!(world.count(&of), 1, "{action}");
    }
    world.registry.audit_verify().expect("whole");
}

#[tokio::test]
async fn a_test_goes_the_way_of_every_notice() {
    let world = World::new();
    let hook = Receiver::webhook();
    let least = ChannelRules {
        least: Severity::Critical,
        ..rules()
    };
    let id = world.webhook("en-pay", &hook, least);
    let (other, _) = world.channel("en-pay", (Webhook, &[URL]), rules());
    assert_ne!(id, other);
    let organization = org("en-pay");
    world
        .registry
        .test_channel((&organization, &id), &author())
        .expect("on its way");
    world.turn().await;
    let received = hook.taken();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["body"]["type"], "channel.test");
    assert_eq!(received[0]["verified"], true);
    assert_eq!(received[0]["fresh"], true);
    assert_eq!(world.count("notices"), 1);
    assert_eq!(
        world.count("deliveries"),
        1,
        "the other channel is not told"
    );
}

#[test]
fn secrets_show_once() {
    let world = World::new();
    let (_, secret) = world.channel("en-pay", (Webhook, &[URL]), rules());
    let secret = secret.expect("webhooks have one");
    assert!(
        secret.starts_with("whsec_") && secret.len() > 40,
        "{secret}"
    );
    let listed = format!("{:?}", world.listed("en-pay"));
    world.find("evil.example", Severity::High, &["shop-a"]);
    let due = world
        .registry
        .due_channels(world.now(), 10)
        .expect("a list");
    let lease = (world.now(), std::time::Duration::from_secs(30));
    let plan = |_: &_, _: &[_], _: &[_]| skimwatch::registry::Next::Tell(vec![0]);
    let taken = world.registry.take_message(&due[0].0, lease, plan);
    let taken = format!("{:?}", taken.expect("readable").expect("one waits"));
    let audit: String = {
        let connection = rusqlite::Connection::open(&world.file).expect("a file");
        let sql = "SELECT group_concat(detail) FROM audit";
        connection
            .query_row(sql, [], |row| row.get(0))
            .expect("a text")
    };
    for (place, text) in [("list", &listed), ("addressee", &taken), ("audit", &audit)] {
        assert!(text.contains("hooks.psp.example"), "{place}: {text}");
        assert!(
            !text.contains(&secret) && !text.contains("path-secret"),
            "{place}: {text}"
        );
    }
}
