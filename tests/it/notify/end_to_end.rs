//! The real program: reports come in, an alert is raised, and those who are to know are told, whoever is killed.

use std::time::Duration;

use rustix::process::{Signal, kill_process};
use serde_json::{Value, json};
use skimwatch::clock::SystemClock;
use skimwatch::language::Language;
use skimwatch::registry::Registry;

use super::receiver::Receiver;
use super::world::{PUBLIC, alert_of, organization, share};
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// Delivery to ClickHouse, detection, and a slow machine.
const SETTLE: Duration = Duration::from_secs(60);
/// A message that was in hand when its sender was killed is taken up again after 30 s.
const AGAIN: Duration = Duration::from_secs(90);
const VISITORS: u32 = 8;
const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
];

fn program(mail: &Receiver) -> Skimwatch {
    let program = Skimwatch::start(&[
        ("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.0/8"),
        ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
        ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
        ("SKIMWATCH__NOTIFY__ALLOW_PRIVATE", "true"),
        ("SKIMWATCH__NOTIFY__SMTP__HOST", "127.0.0.1"),
        (
            "SKIMWATCH__NOTIFY__SMTP__PORT",
            &mail.address.port().to_string(),
        ),
        ("SKIMWATCH__NOTIFY__SMTP__TLS", "none"),
        (
            "SKIMWATCH__NOTIFY__SMTP__FROM",
            "Skimwatch <alerts@psp.example>",
        ),
        ("SKIMWATCH__WEB__PUBLIC_URL", PUBLIC),
    ]);
    let shop = |key: &str, name: &str| {
        json!({ "key": key, "name": name, "domains": [format!("{key}.example")], "country": "JP",
                "checkout_paths": ["/checkout"] })
    };
    program.import(&json!([
        shop("shop-a", "東京ショップ"),
        shop("shop-b", "大阪ショップ")
    ]));
    let file = program.data().join("control.sqlite");
    let registry = Registry::open(&file, SystemClock::shared()).expect("the control state");
    organization(&registry, "ja-pay", Language::Ja);
    share(&registry, "ja-pay", "shop-a");
    share(&registry, "ja-pay", "shop-b");
    program
}

/// `skimwatch channel add …` and what it answers.
fn add(program: &Skimwatch, args: &[&str]) -> Value {
    let add = [
        "channel",
        "add",
        "--organization",
        "ja-pay",
        "--json",
        "--name",
        "当番",
    ];
    let text = program.ok(&[&add, args].concat());
    serde_json::from_str(&text).expect("JSON")
}

fn listed(program: &Skimwatch) -> Value {
    let text = program.ok(&["channel", "list", "--organization", "ja-pay", "--json"]);
    serde_json::from_str(&text).expect("JSON")
}

/// A skimmer on both shops: it sends hidden card numbers to this host.
fn skim(program: &Skimwatch, host: &str) {
    for visitor in 0..VISITORS {
        for (shop, net) in [("shop-a", 10), ("shop-b", 20)] {
            let body = json!({ "csp-report": {
                "document-uri": format!("https://{shop}.example/checkout"), "referrer": "",
                "blocked-uri": format!("https://{host}/c?d=NDExMTExMTExMTExMTExMQ=="),
                "effective-directive": "connect-src", "violated-directive": "connect-src",
                "original-policy": "connect-src 'self'", "disposition": "enforce", "status-code": 200,
            }});
            let from = format!("203.{net}.{visitor}.7");
            let headers = [
                ("Content-Type", "application/csp-report"),
                ("X-Forwarded-For", from.as_str()),
                ("User-Agent", BROWSERS[visitor as usize % BROWSERS.len()]),
            ];
            let mut client = Client::connect(program.intake).expect("the door is open");
            let body = body.to_string();
            let answer = client.send("POST", &format!("/r/{shop}"), &headers, body.as_bytes());
            assert_eq!(answer.expect("an answer").status, 204);
        }
    }
}

#[test]
fn an_alert_reaches_those_who_are_to_know() {
    let (hook, mail) = (Receiver::webhook(), Receiver::mail());
    let program = program(&mail);
    let made = add(&program, &["webhook", &hook.url()]);
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    hook.secret(&secret);
    let of_mail = add(
        &program,
        &["mail", "security@psp.example", "--least", "critical"],
    );
    assert_eq!(of_mail["secret"], Value::Null);
    skim(&program, "evil.skimmer.test");

    let raised = |it: &Value| it["body"]["data"]["alert"]["destination"] == "skimmer.test";
    let critical = |it: &Value| raised(it) && it["body"]["data"]["severity"] == "critical";
    let told = within(SETTLE, "the webhook", || {
        hook.taken().into_iter().find(critical)
    });
    assert_eq!(told["verified"], true, "{told}");
    assert_eq!(told["fresh"], true, "{told}");
    let alert = &told["body"]["data"]["alert"];
    let id = alert_of("skimmer.test", "ja-pay").to_string();
    assert_eq!(alert["id"], id);
    assert_eq!(alert["url"], format!("{PUBLIC}/alerts/{id}"));
    assert_eq!(alert["kind"], "exfiltration");
    assert!(
        !alert["merchants"].as_array().expect("a list").is_empty(),
        "{alert}"
    );

    let mail = within(SETTLE, "the mail", || mail.taken().into_iter().next());
    let (subject, text) = (
        &mail["headers"]["subject"],
        mail["text"].as_str().expect("a text"),
    );
    let subject = subject.as_str().expect("a subject");
    assert!(subject.starts_with("【緊急】"), "{subject}");
    assert!(subject.contains("skimmer[.]test"), "{subject}");
    assert!(text.contains("東京ショップ"), "{text}");
    assert!(text.contains(&format!("{PUBLIC}/alerts/{id}")), "{text}");
    assert!(!text.contains("skimmer.test"), "{text}");

    within(SETTLE, "the metric", || {
        (program.metric("skimwatch_notices_tries_total") >= 2.0).then_some(())
    });
    let list = listed(&program);
    for channel in list.as_array().expect("a list") {
        assert_eq!(
            (&channel["waiting"], &channel["error"]),
            (&json!(0), &json!("")),
            "{list}"
        );
    }
    let said = program.said();
    assert!(
        !said.contains(&secret) && !said.contains("very-secret"),
        "{said}"
    );
}

#[test]
fn a_process_that_is_killed_loses_no_notice() {
    let mut hook = Receiver::absent("webhook");
    let mail = Receiver::absent("mail");
    let mut program = program(&mail);
    let made = add(&program, &["webhook", &hook.url()]);
    hook.secret(made["secret"].as_str().expect("a secret"));
    let id = made["id"].as_str().expect("an id").to_owned();
    let test = ["channel", "test", "--organization", "ja-pay", &id];

    // Nobody is there: it waits, and was tried.
    program.ok(&test);
    within(SETTLE, "a try", || {
        listed(&program)[0]["error"]
            .as_str()
            .filter(|it| !it.is_empty())
            .map(drop)
    });
    program.kill9();
    // Another comes while nothing runs.
    program.ok(&test);
    assert_eq!(listed(&program)[0]["waiting"], 2);

    // The first is in flight as the process is killed once more.
    hook.start();
    hook.answer("hang");
    program.restart();
    within(AGAIN, "a message in flight", || {
        (!hook.received().is_empty()).then_some(())
    });
    program.kill9();
    hook.answer("200");
    program.restart();
    let taken = within(AGAIN, "both", || {
        Some(hook.taken()).filter(|it| it.len() >= 2)
    });
    assert_eq!(taken.len(), 2);
    let received = hook.received();
    assert_eq!(
        received[0]["id"], taken[0]["id"],
        "what was in flight comes again under its name"
    );
    assert_ne!(taken[0]["id"], taken[1]["id"]);
    assert!(
        received.iter().all(|it| it["verified"] == true),
        "{received:?}"
    );
    within(SETTLE, "the list", || {
        (listed(&program)[0]["waiting"] == 0).then_some(())
    });
}

#[test]
fn a_message_under_way_is_waited_for_at_the_end() {
    let hook = Receiver::webhook();
    let mail = Receiver::absent("mail");
    let mut program = program(&mail);
    let made = add(&program, &["webhook", &hook.url()]);
    let id = made["id"].as_str().expect("an id").to_owned();
    hook.answer("wait");
    program.ok(&["channel", "test", "--organization", "ja-pay", &id]);
    within(SETTLE, "a message under way", || {
        (hook.received().len() == 1).then_some(())
    });
    kill_process(program.pid(), Signal::TERM).expect("it runs");
    within(SETTLE, "the end of notices", || {
        let said = program.said();
        said.contains("stopping: the sending of notices")
            .then_some(())
    });
    hook.write("go", "");
    assert!(program.ends(), "it ends well");
    let list = listed(&program);
    assert_eq!(list[0]["waiting"], 0, "{list}");
    assert_eq!(hook.received().len(), 1, "once");
}

/// What is added, in words, and what the shell says of it.
const REFUSED: [(&str, &str); 8] = [
    ("webhook http://psp.example/", "https://"),
    ("webhook https://127.0.0.1/", "private network"),
    (
        "pager https://psp.example/",
        "webhook, slack, teams or mail",
    ),
    ("mail nobody", "mail address"),
    ("mail a@psp.example --least huge", "--least"),
    ("mail a@psp.example --quiet 25:00-07:00", "--quiet"),
    (
        "mail a@psp.example --quiet 22:00-07:00 --offset +99:00",
        "--offset",
    ),
    (
        "mail a@psp.example --organization nobody",
        "no organization nobody",
    ),
];

#[test]
fn the_shell_says_what_is_wrong() {
    let mail = Receiver::absent("mail");
    let mut program = program(&mail);
    program.set("SKIMWATCH__NOTIFY__ALLOW_PRIVATE", "false");
    let add = |words: &'static str| -> Vec<&str> {
        let add = ["channel", "add", "--name", "x"].into_iter();
        add.chain(words.split(' ')).collect()
    };
    for (words, says) in REFUSED {
        let output = program.run(&add(words));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{words}");
        assert!(said.contains(says), "{words}: {said}");
    }
    program.ok(&add(
        "mail a@psp.example --quiet 22:00-07:00 --offset -05:00",
    ));
    let text = program.ok(&["channel", "list", "--json"]);
    let list: Value = serde_json::from_str(&text).expect("JSON");
    let quiet = json!({ "from": 1320, "to": 420, "offset": -300 });
    assert_eq!(list[0]["quiet"], quiet);
    assert_eq!(list[0]["organization"], "operator");
    let id = list[0]["id"].as_str().expect("an id");
    for step in ["pause", "resume", "remove"] {
        program.ok(&["channel", step, id]);
    }
    let gone = program.run(&["channel", "pause", id]);
    assert!(String::from_utf8_lossy(&gone.stderr).contains("no such channel"));
    assert!(program.ok(&["channel", "list"]).contains("nobody is told"));
}
