//! Each role before each page, and each form without what its page put into it.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use skimwatch::role::{Right, Role};

use super::{Browser, House, PASSWORD};

/// Somebody in each role, in an organization that has it.
fn everybody(house: &House) -> Vec<(Role, String)> {
    let all = Role::ALL.into_iter().map(|role| {
        let of = if role == Role::Operator {
            "operator"
        } else {
            "psp-a"
        };
        let email = format!("{}@example.com", role.as_str());
        house.add((of, &email, role));
        (role, email)
    });
    all.collect()
}

#[tokio::test]
async fn pages_show_what_a_role_allows() {
    let house = House::new();
    let target = house.add(("psp-a", "target@example.com", Role::Analyst));
    let theirs = house.add(("psp-b", "theirs@example.com", Role::Analyst));
    for (role, email) in everybody(&house) {
        let browser = house.logged_in(&email).await;
        let manages = role.may(Right::Manage);
        let operates = role.may(Right::Operate);
        for (path, may) in [
            ("/".to_owned(), true),
            ("/alerts".to_owned(), true),
            ("/sites".to_owned(), true),
            ("/destinations".to_owned(), true),
            ("/destinations/vendor.example".to_owned(), true),
            ("/reports".to_owned(), true),
            ("/status".to_owned(), true),
            ("/account".to_owned(), true),
            ("/account/second".to_owned(), true),
            ("/people".to_owned(), manages),
            (format!("/people/{}", target.id), manages),
            ("/people?organization=psp-a".to_owned(), manages),
            ("/people?organization=psp-b".to_owned(), operates),
            ("/people?organization=operator".to_owned(), operates),
            (format!("/people/{}", theirs.id), operates),
            ("/people/nobody".to_owned(), false),
        ] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status == StatusCode::OK, may, "{role:?} {path}");
            let tells = ["target@", "theirs@"]
                .iter()
                .any(|it| answer.text.contains(it));
            assert!(may || !tells, "{role:?} {path}");
        }
        let page = browser.get("/status").await.text;
        let shows_all = role == Role::Operator;
        assert_eq!(page.contains("This installation"), shows_all, "{role:?}");
        let shows_notices = manages || role.may(Right::Audit);
        assert_eq!(page.contains("Last notices"), shows_notices, "{role:?}");
        let page = browser.get("/sites").await.text;
        assert_eq!(page.contains(r#"href="/people""#), manages, "{role:?}");
    }
}

#[tokio::test]
async fn forms_change_what_a_role_allows() {
    let house = House::new();
    let theirs = house.add(("psp-b", "theirs@example.com", Role::Analyst));
    for (role, email) in everybody(&house) {
        let target = house.add(("psp-a", &format!("t-{email}"), Role::Analyst));
        let browser = house.logged_in(&email).await;
        let page = browser.get("/account").await;
        let csrf = page.hidden("csrf").to_owned();
        for (id, may) in [
            (&target.id, role.may(Right::Manage)),
            (&theirs.id, role.may(Right::Operate)),
        ] {
            let path = format!("/people/{id}");
            browser.post(&path, &csrf, &[("action", "disable")]).await;
            assert_eq!(!house.user(id).is_active, may, "{role:?}");
            browser.post(&path, &csrf, &[("action", "enable")]).await;
        }
        let invite = [
            ("organization", "psp-a"),
            ("email", &format!("new-{email}")),
            ("name", "New"),
            ("role", "analyst"),
            ("language", "ja"),
        ];
        let answer = browser.post("/people", &csrf, &invite).await;
        assert_eq!(
            answer.text.contains("/invitation#code="),
            role.may(Right::Manage),
            "{role:?}"
        );
    }
}

/// Every form that there is.
const FORMS: [(&str, &[(&str, &str)]); 13] = [
    ("/logout", &[]),
    (
        "/account",
        &[
            ("action", "password"),
            ("present", PASSWORD),
            ("password", "another horse battery"),
            ("again", "another horse battery"),
        ],
    ),
    ("/account", &[("action", "language"), ("language", "ja")]),
    ("/account", &[("action", "sessions")]),
    ("/account", &[("action", "codes"), ("code", "000000")]),
    ("/account", &[("action", "remove"), ("code", "000000")]),
    (
        "/account/second",
        &[
            ("sealed", "AAAA"),
            ("code", "000000"),
            ("password", PASSWORD),
        ],
    ),
    (
        "/people",
        &[
            ("organization", "psp-a"),
            ("email", "x@example.com"),
            ("name", "X"),
            ("role", "analyst"),
            ("language", "en"),
        ],
    ),
    (
        "/destinations/vendor.example",
        &[("action", "block"), ("of", "*"), ("why", "x")],
    ),
    (
        "/destinations/vendor.example",
        &[("action", "withdraw"), ("of", "*"), ("why", "x")],
    ),
    ("/people/ID", &[("action", "disable")]),
    ("/people/ID", &[("action", "reset")]),
    ("/people/ID", &[("action", "remove")]),
];

#[tokio::test]
async fn every_form_comes_from_a_page_of_the_session() {
    let house = House::new();
    let target = house.add(("psp-a", "target@example.com", Role::Analyst));
    let admin = "admin@example.com";
    house.add(("psp-a", admin, Role::Administrator));
    let browser = house.logged_in(admin).await;
    let page = house.logged_in(admin).await.get("/account").await;
    let elsewhere = page.hidden("csrf");
    let own = browser.get("/account").await.hidden("csrf").to_owned();
    let deeds = house.deeds();
    for (path, form) in FORMS {
        let path = path.replace("ID", &target.id);
        for csrf in ["", "0123", elsewhere, &own[1..]] {
            let answer = browser.post(&path, csrf, form).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{path} {form:?} {csrf}"
            );
        }
        let mut fields = form.to_vec();
        fields.push(("csrf", &own));
        let foreign = TestRequest::post().uri(&path).set_form(&fields);
        let foreign = foreign.insert_header(("Origin", "https://evil.example"));
        assert_eq!(
            browser.send(foreign).await.status,
            StatusCode::FORBIDDEN,
            "{path} {form:?}"
        );
    }
    assert!(browser.is_in().await);
    assert_eq!(house.deeds(), deeds, "nothing was changed");
    // Those who are not in yet have no session that a form could belong to; their browser says where it comes from.
    let (_, link) = house.invite(("psp-a", "new@example.com", Role::Analyst));
    let stranger = house.browser();
    let outside: [(&str, &[(&str, &str)]); 2] = [
        ("/login", &[("email", admin), ("password", PASSWORD)]),
        (
            "/invitation",
            &[("code", &link), ("password", PASSWORD), ("again", PASSWORD)],
        ),
    ];
    for (path, form) in outside {
        let foreign = TestRequest::post().uri(path).set_form(form);
        let foreign = foreign.insert_header(("Origin", "https://evil.example"));
        assert_eq!(
            stranger.send(foreign).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    assert_eq!(stranger.session(), None);
    half_in(&house, admin).await;
}

/// The form of the second step belongs to the half session, and neither to another nor to a whole one.
async fn half_in(house: &House, email: &str) {
    let browser = house.logged_in(email).await;
    let (app, _codes) = super::enroll(house, &browser).await;
    house.later(60);
    let half = house.browser();
    half.log_in(email, PASSWORD).await;
    let code = super::code(house, &app);
    for csrf in ["", browser.get("/account").await.hidden("csrf")] {
        let form = [("code", code.as_str())];
        let answer = Browser::post(&half, "/login/second", csrf, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{csrf}");
    }
    assert!(!half.is_in().await);
}
