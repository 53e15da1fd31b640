//! What visitors get, and what no address handed in can do to it.

use actix_web::body::to_bytes;
use actix_web::rt;
use actix_web::test::{TestRequest, call_service, init_service};

use super::*;
use crate::clock::Timestamp;
use crate::demo::script::Script;

fn links(pages: &str) -> Links {
    Links {
        collector: "http://127.0.0.1:8080".to_owned(),
        pages: pages.to_owned(),
    }
}

/// Status, header by name, body.
fn ask(request: TestRequest, links: Links) -> (u16, header::HeaderMap, String) {
    rt::System::new().block_on(async {
        let app = App::new()
            .app_data(Data::new(links))
            .wrap(headers())
            .configure(routes);
        let app = init_service(app).await;
        let response = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body())
            .await
            .expect("a body in memory");
        (
            status,
            headers,
            String::from_utf8(body.to_vec()).expect("text"),
        )
    })
}

fn get(path: &str) -> (u16, header::HeaderMap, String) {
    ask(TestRequest::get().uri(path), links("http://127.0.0.1:8081"))
}

#[test]
fn the_policy_is_enforced_and_reports_to_the_collector() {
    let (status, headers, body) = get("/checkout");
    assert_eq!(status, 200);
    let policy = headers.get("content-security-policy").expect("a policy");
    let policy = policy.to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(
        policy.ends_with("; report-uri http://127.0.0.1:8080/r/demo-shop"),
        "{policy}"
    );
    for wrong in [
        "style=", "onclick", "<style", "<script>", "unsafe-", "//fonts",
    ] {
        assert!(!body.contains(wrong) && !policy.contains(wrong), "{wrong}");
    }
}

#[test]
fn pages_come_in_the_visitor_s_language() {
    let accepts = |language| {
        TestRequest::get()
            .uri("/checkout")
            .insert_header(("accept-language", language))
    };
    let (english, japanese) = ("<html lang=\"en\">", "<html lang=\"ja\">");
    for (name, request, expected) in [
        ("nothing said", TestRequest::get().uri("/checkout"), english),
        ("Japanese accepted", accepts("ja,en-US;q=0.9"), japanese),
        (
            "Japanese is second",
            accepts("en-US,en;q=0.9,ja;q=0.8"),
            english,
        ),
        (
            "asked for",
            accepts("en").uri("/checkout?lang=ja"),
            japanese,
        ),
        ("thanks", TestRequest::post().uri("/pay?lang=ja"), japanese),
    ] {
        let (status, _, body) = ask(request, links("http://p.test"));
        assert_eq!(status, 200, "{name}");
        assert!(body.contains(expected), "{name}");
    }
}

#[test]
fn the_skimmer_is_the_campaign_s() {
    let script = Script::new(Timestamp(0), "http://c.test", "127.0.0.1:1");
    let campaign = script.campaign();
    let (status, _, body) = get(campaign.planted);
    assert_eq!(status, 200);
    for part in [campaign.host, "/g/collect?d=", "/p.gif?d="] {
        assert!(body.contains(part), "{part}");
    }
    let (_, _, page) = get("/checkout");
    assert!(
        !page.contains("metrics.js"),
        "it is not there before it is planted"
    );
    let (_, _, control) = get("/control.js");
    assert!(control.contains(campaign.planted));
}

#[test]
fn a_hostile_address_stays_an_attribute() {
    let hostile = "http://p.test/\"><script>alert(1)</script>";
    let (_, _, body) = ask(TestRequest::get().uri("/checkout"), links(hostile));
    assert!(!body.contains("<script>alert"));
    assert!(body.contains("http://p.test/&quot;&gt;&lt;script&gt;"));
    for link in [
        hostile,
        "javascript:alert(1)",
        "http://c.test/; script-src *",
        "/",
        "",
    ] {
        assert!(check(link).is_err(), "{link}");
    }
}

#[test]
fn no_field_has_a_name() {
    let (_, _, body) = get("/checkout");
    assert!(body.contains("id=\"card-number\"") && !body.contains(" name=\"card"));
}

#[test]
fn ways_through_the_shop() {
    for (path, status) in [
        ("/", 303),
        ("/tea.svg", 200),
        ("/shop.css", 200),
        ("/pay", 404),
        ("/x", 404),
    ] {
        assert_eq!(get(path).0, status, "{path}");
    }
    let (_, headers, _) = get("/?lang=ja");
    assert_eq!(
        headers.get("location").expect("a place"),
        "/checkout?lang=ja"
    );
}
