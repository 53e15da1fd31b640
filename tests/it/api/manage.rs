//! Sites, keys and merchants: added, changed, taken out, many at once; each by the organization that has them.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::ids::SiteId;
use skimwatch::role::Role;

use super::doors::{Answer, Doors, TOKEN, each, token, with};
use crate::cases::organization_of;

async fn send(doors: &Doors, by: &str, (method, path): (Method, &str), body: &Value) -> Answer {
    let request = TestRequest::with_uri(path).method(method);
    let request = request.insert_header(("Content-Type", "application/json"));
    doors
        .ask(with(by, request.set_payload(body.to_string())))
        .await
}

async fn read(doors: &Doors, by: &str, path: &str) -> Answer {
    doors.ask(with(by, TestRequest::get().uri(path))).await
}

fn administrator() -> (Doors, String) {
    let doors = Doors::to_nowhere();
    let token = token(&doors.api.registry, "shop", Role::Administrator);
    (doors, token)
}

#[tokio::test]
async fn a_site_is_added_changed_and_taken_out() {
    let (doors, by) = administrator();
    let new = json!({"reference": "M-1", "name": "One", "domains": ["one.example"], "retention_days": 30});
    let added = send(&doors, &by, (Method::POST, "/api/v1/sites"), &new).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let added = added.json();
    let id = added["site"].as_str().expect("an id");
    assert_eq!(
        (&added["name"], &added["retention_days"]),
        (&json!("One"), &json!(30))
    );
    let path = format!("/api/v1/sites/{id}");
    assert_eq!(read(&doors, &by, &path).await.good("it is there"), added);
    let changed = send(&doors, &by, (Method::PATCH, &path), &json!({"rate": 7})).await;
    let changed = changed.good("changed");
    assert_eq!(
        (&changed["rate"], &changed["name"]),
        (&json!(7), &json!("One"))
    );
    let same = send(&doors, &by, (Method::POST, "/api/v1/sites"), &new).await;
    assert_eq!(
        same.status,
        StatusCode::BAD_REQUEST,
        "the reference is taken: {}",
        same.text
    );
    let gone = send(&doors, &by, (Method::DELETE, &path), &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    assert_eq!(read(&doors, &by, &path).await.status, StatusCode::NOT_FOUND);
    let standing = doors.json(&path).await;
    assert_eq!(
        standing["keys"][0]["state"], "active",
        "an organization takes it from itself alone"
    );
    let retired = send(&doors, TOKEN, (Method::DELETE, &path), &json!({})).await;
    assert_eq!(retired.status, StatusCode::NO_CONTENT);
    assert_eq!(doors.json(&path).await["keys"][0]["state"], "retired");
}

#[tokio::test]
async fn keys_come_and_go() {
    let (doors, by) = administrator();
    let path = "/api/v1/sites/a/keys";
    let keys = |site: &Value| site["keys"].as_array().expect("a list").clone();
    let more = send(&doors, &by, (Method::POST, path), &json!({})).await;
    assert_eq!(more.status, StatusCode::CREATED, "{}", more.text);
    assert_eq!(keys(&more.json()).len(), 2);
    let rotated = send(
        &doors,
        &by,
        (Method::POST, path),
        &json!({"overlap_days": 30}),
    )
    .await;
    let all = keys(&rotated.json());
    let lasting: Vec<&Value> = all.iter().filter(|it| it["retires_at"].is_null()).collect();
    assert_eq!((all.len(), lasting.len()), (3, 1), "{all:?}");
    let key = lasting[0]["key"].as_str().expect("a key");
    let gone = send(
        &doors,
        &by,
        (Method::DELETE, &format!("{path}/{key}")),
        &json!({}),
    )
    .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    for (name, path) in [
        ("unknown", format!("{path}/nothing")),
        ("no name", format!("{path}/a%20b")),
        ("another site's", format!("/api/v1/sites/b/keys/{key}")),
    ] {
        let answer = send(&doors, TOKEN, (Method::DELETE, &path), &json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
    let long = send(
        &doors,
        &by,
        (Method::POST, path),
        &json!({"overlap_days": 401}),
    )
    .await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST, "{}", long.text);
}

/// The same key is not made twice, whatever is answered.
#[tokio::test]
async fn a_site_is_added_once() {
    let (doors, by) = administrator();
    let post = || {
        let request = TestRequest::post().uri("/api/v1/sites");
        let request = request.insert_header(("Content-Type", "application/json"));
        let request = request.insert_header(("Idempotency-Key", "k"));
        doors.ask(with(
            &by,
            request.set_payload(json!({"name": "x"}).to_string()),
        ))
    };
    let (first, again) = (post().await, post().await);
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.text, again.text);
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let (doors, by) = administrator();
    for (name, path, body, named) in [
        ("an id", "sites", json!({"site": "mine"}), "site"),
        ("a stranger", "sites", json!({"colour": "red"}), "colour"),
        ("a domain", "sites", json!({"domains": ["a b"]}), "domains"),
        (
            "retention",
            "sites",
            json!({"retention_days": 0}),
            "retention",
        ),
        (
            "integration",
            "sites",
            json!({"integration": "x"}),
            "integration",
        ),
        (
            "a long name",
            "sites",
            json!({"name": "x".repeat(201)}),
            "name",
        ),
        ("payment", "sites", json!({"payment": []}), "expected a map"),
        (
            "a merchant's id",
            "merchants",
            json!({"merchant": "m", "name": "x"}),
            "merchant",
        ),
        ("no name", "merchants", json!({}), "name"),
    ] {
        let answer = send(
            &doors,
            &by,
            (Method::POST, &format!("/api/v1/{path}")),
            &body,
        )
        .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answer.text
        );
        assert!(answer.text.contains(named), "{name}: {}", answer.text);
    }
    let patched = send(
        &doors,
        &by,
        (Method::PATCH, "/api/v1/sites/a"),
        &json!({"site": "b"}),
    )
    .await;
    assert_eq!(patched.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_merchant_has_sites() {
    let (doors, by) = administrator();
    let added = send(
        &doors,
        &by,
        (Method::POST, "/api/v1/merchants"),
        &json!({"name": "Co", "country": "JP"}),
    )
    .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let added = added.json();
    let id = added["merchant"].as_str().expect("an id");
    for name in ["one", "two"] {
        let site = json!({"name": name, "merchant": id});
        let made = send(&doors, &by, (Method::POST, "/api/v1/sites"), &site).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    }
    let path = format!("/api/v1/merchants/{id}");
    let found = read(&doors, &by, &path).await.good("it is there");
    assert_eq!(found["sites"].as_array().map(Vec::len), Some(2));
    let changed = send(
        &doors,
        &by,
        (Method::PATCH, &path),
        &json!({"name": "Company"}),
    )
    .await;
    let changed = changed.good("changed");
    assert_eq!(
        (&changed["name"], &changed["country"]),
        (&json!("Company"), &json!("JP"))
    );
    let strange = json!({"name": "x", "merchant": "nobody"});
    let refused = send(&doors, &by, (Method::POST, "/api/v1/sites"), &strange).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);
}

#[tokio::test]
async fn many_sites_come_and_leave_at_once() {
    let (doors, by) = administrator();
    let file = json!({"merchants": [
        {"key": "M-1", "name": "One", "domains": ["one.example"]},
        {"key": "M-2", "name": "Two", "rate": 0},
    ]});
    let path = |query: &str| format!("/api/v1/imports/sites{query}");
    let refused = send(&doors, &by, (Method::POST, &path("")), &file)
        .await
        .good("told");
    assert_eq!(
        (&refused["applied"], &refused["added"], &refused["refused"]),
        (&json!(false), &json!(1), &json!(1))
    );
    assert!(
        refused["verdicts"][1]["reason"]
            .as_str()
            .is_some_and(|it| it.contains("rate"))
    );
    let good =
        json!({"merchants": [{"key": "M-1", "name": "One"}, {"key": "M-2", "name": "=Two()"}]});
    let dry = send(&doors, &by, (Method::POST, &path("?dry_run=true")), &good)
        .await
        .good("told");
    assert_eq!((&dry["applied"], &dry["added"]), (&json!(false), &json!(2)));
    let done = send(&doors, &by, (Method::POST, &path("")), &good)
        .await
        .good("done");
    assert_eq!(done["applied"], true);
    let again = send(&doors, &by, (Method::POST, &path("")), &good)
        .await
        .good("again");
    assert_eq!(
        (&again["applied"], &again["unchanged"]),
        (&json!(true), &json!(2))
    );
    let out = read(&doors, &by, "/api/v1/exports/sites").await;
    assert_eq!(
        out.header("content-disposition"),
        r#"attachment; filename="sites.json""#
    );
    let keys = out.json();
    let mut keys = each(keys["merchants"].as_array().expect("a list"), "key");
    keys.sort_unstable();
    assert_eq!(keys, ["M-1", "M-2", "a"]);
    let table = read(&doors, &by, "/api/v1/exports/sites?format=csv").await;
    assert_eq!(table.status, StatusCode::OK);
    // What has no name of the organization's own cannot be found by it.
    let named: Vec<&str> = table
        .text
        .lines()
        .filter(|it| !it.starts_with("a,"))
        .collect();
    let back = TestRequest::post().uri("/api/v1/imports/sites");
    let back = back.insert_header(("Content-Type", "text/csv"));
    let back = doors
        .ask(with(&by, back.set_payload(named.join("\n"))))
        .await;
    let back = back.good("taken back");
    assert_eq!(
        (&back["applied"], &back["unchanged"]),
        (&json!(true), &json!(2)),
        "{}",
        table.text
    );
    for (query, kind, body) in [
        ("?dry_run=yes", "application/json", "{}"),
        ("", "application/json", "[]"),
        ("", "application/json", "{\"format\": 9, \"merchants\": []}"),
        ("", "text/csv", "\"never ends"),
    ] {
        let request = TestRequest::post()
            .uri(&path(query))
            .insert_header(("Content-Type", kind));
        let answer = doors.ask(with(&by, request.set_payload(body))).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            answer.text
        );
    }
}

/// What two organizations share, one of them cannot take from the other.
#[tokio::test]
async fn a_shared_site_stays_the_others() {
    let (doors, by) = administrator();
    organization_of(&doors.api.registry, "rival", &["a"]);
    let gone = send(&doors, &by, (Method::DELETE, "/api/v1/sites/a"), &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let rival = token(&doors.api.registry, "rival", Role::Administrator);
    let site = read(&doors, &rival, "/api/v1/sites/a")
        .await
        .good("it is there");
    assert_eq!(site["keys"][0]["state"], "active");
    let id = SiteId::new("a").expect("a plain id");
    let shop = skimwatch::ids::OrganizationId::new("shop").expect("a plain id");
    assert!(
        !doors
            .api
            .registry
            .scope(&shop)
            .expect("readable")
            .sees(id.as_str())
    );
}
