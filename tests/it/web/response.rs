//! Who looks after an alert, and how an open page hears of what happens to it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::body::MessageBody as _;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use skimwatch::cases::What;
use skimwatch::finding::FindingKind;
use skimwatch::ids::OrganizationId;
use skimwatch::language::Language;
use skimwatch::registry::{Author, Newcomer};
use skimwatch::role::Role;
use skimwatch::scope::Scope;
use skimwatch::web;

use super::Site;

fn add(site: &Site, email: &str, role: Role) {
    let author = Author::of_installation("test");
    let newcomer = Newcomer {
        email: email.to_owned(),
        name: email.to_owned(),
        role,
        language: Language::Ja,
    };
    site.pages
        .registry
        .invite_user(&OrganizationId::operator(), &newcomer, &author)
        .expect("a user");
}

#[tokio::test]
async fn an_alert_is_given_to_somebody_who_may_triage() {
    let site = Site::to_nowhere();
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let path = format!("/alerts/{id}");
    add(&site, "aya@psp.example", Role::Operator);
    add(&site, "auditor@psp.example", Role::Auditor);
    let page = site.get(&path).await;
    assert!(page.text.contains("aya@psp.example") && !page.text.contains("auditor@psp.example"));
    let csrf = page.csrf().to_owned();
    let assign = |to: &'static str| {
        let form = [
            ("csrf", csrf.clone()),
            ("action", "assign".to_owned()),
            ("assignee", to.to_owned()),
        ];
        let site = &site;
        let path = path.clone();
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
            site.post(&path, &form).await.status
        }
    };
    let (taken, refused) = (StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST);
    for (name, to, status, assignee) in [
        ("an auditor may not", "auditor@psp.example", refused, ""),
        ("nobody has that address", "x@psp.example", refused, ""),
        ("in any case", "AYA@psp.example ", taken, "aya@psp.example"),
        ("once more", "aya@psp.example", taken, "aya@psp.example"),
        ("taken back", "", taken, ""),
    ] {
        assert_eq!(assign(to).await, status, "{name}");
        let alert = site.pages.cases.alert(&Scope::Operator, &id).expect("read");
        assert_eq!(alert.expect("there").assignee, assignee, "{name}");
    }
    let events = site.pages.cases.events(&Scope::Operator, &id);
    let events = events.expect("read");
    let assigned = events.iter().filter(|event| event.what == What::Assigned);
    let subjects: Vec<&str> = assigned.map(|event| event.subject.as_str()).collect();
    assert_eq!(subjects, ["aya@psp.example", ""]);
    site.pages.registry.audit_verify().expect("whole");
}

#[tokio::test]
async fn an_open_page_hears_of_what_happens() {
    let site = Site::to_nowhere();
    let app = App::new().configure(web::configure(Arc::clone(&site.pages)));
    let app = init_service(app).await;
    let request = TestRequest::get().uri("/live");
    let request = request.insert_header(("Cookie", site.cookie.as_str()));
    let response = call_service(&app, request.to_request()).await;
    let media = response.headers().get("content-type").expect("a type");
    assert_eq!(media, "text/event-stream");
    let mut body = pin!(response.into_body());
    let mut next = async || {
        let piece = std::future::poll_fn(|context| body.as_mut().poll_next(context));
        let piece = tokio::time::timeout(Duration::from_secs(60), piece).await;
        let piece = piece.expect("in time")?.expect("no fault");
        Some(String::from_utf8(piece.to_vec()).expect("text"))
    };
    assert_eq!(next().await.as_deref(), Some(": nothing new\n\n"));
    site.raise("evil.example", FindingKind::Exfiltration);
    let said = next().await.expect("it goes on");
    assert!(said.starts_with("event: change\n"), "{said}");
    site.clock.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(next().await, None, "the session is over");
}
