//! What somebody changes of their own account, and what ends their sessions.

use actix_web::http::StatusCode;
use skimwatch::language::Language;
use skimwatch::registry::User;
use skimwatch::role::Role;

use super::{Browser, House, PASSWORD, code, enroll, shell};

const WHO: (&str, &str, Role) = ("psp-a", "somebody@example.com", Role::Analyst);
const OTHER: &str = "another horse battery";

async fn change(browser: &Browser<'_>, form: &[(&str, &str)]) -> super::Answer {
    browser.submit("/account", "/account", form).await
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let house = House::new();
    house.add(WHO);
    let (browser, elsewhere) = (house.logged_in(WHO.1).await, house.logged_in(WHO.1).await);
    for (name, present, password, again, says) in [
        (
            "wrong",
            "not the password",
            OTHER,
            OTHER,
            "password is wrong",
        ),
        ("short", PASSWORD, "short", "short", "fewer than 12"),
        (
            "common",
            PASSWORD,
            "password1234",
            "password1234",
            "tried first",
        ),
        ("not the same", PASSWORD, OTHER, PASSWORD, "not the same"),
    ] {
        let form = [
            ("action", "password"),
            ("present", present),
            ("password", password),
            ("again", again),
        ];
        let answer = change(&browser, &form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
        assert!(answer.text.contains(says), "{name}: {}", answer.text);
    }
    assert!(elsewhere.is_in().await);
    let form = [
        ("action", "password"),
        ("present", PASSWORD),
        ("password", OTHER),
        ("again", OTHER),
    ];
    assert_eq!(
        change(&browser, &form).await.header("location"),
        "/account?done=true"
    );
    assert!(browser.is_in().await && !elsewhere.is_in().await);
    let fresh = house.browser();
    assert_eq!(
        fresh.log_in(WHO.1, PASSWORD).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        fresh.log_in(WHO.1, OTHER).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn sessions_end_with_what_they_stood_for() {
    let house = House::new();
    let user = house.add(WHO);
    let them = (&user.organization, user.id.as_str());
    let registry = &house.registry;
    let browser = house.logged_in(WHO.1).await;
    let role = registry.set_role(them, Role::Auditor, &shell());
    role.expect("changed");
    assert!(!browser.is_in().await, "role");
    let browser = house.logged_in(WHO.1).await;
    registry
        .set_active(them, false, &shell())
        .expect("disabled");
    assert!(!browser.is_in().await, "disabled");
    registry.set_active(them, true, &shell()).expect("enabled");
    assert!(
        !browser.is_in().await,
        "enabled again: the session of before stays over"
    );
    let browser = house.logged_in(WHO.1).await;
    let link = registry.reset_user(them, &shell()).expect("a link");
    assert!(!browser.is_in().await, "reset");
    let browser = house.logged_in(WHO.1).await;
    registry.accept_invitation(&link.code, OTHER).expect("set");
    assert!(!browser.is_in().await, "password");
    let browser = house.browser();
    browser.log_in(WHO.1, OTHER).await;
    let other = house.browser();
    other.log_in(WHO.1, OTHER).await;
    assert!(browser.is_in().await && other.is_in().await);
    change(&browser, &[("action", "sessions")]).await;
    assert!(browser.is_in().await && !other.is_in().await, "others");
    registry.remove_user(them, &shell()).expect("removed");
    assert!(!browser.is_in().await, "removed");
}

#[tokio::test]
async fn a_second_factor_is_taken_away_by_whoever_has_it() {
    let house = House::new();
    let user = house.add(WHO);
    let browser = house.logged_in(WHO.1).await;
    let (app, codes) = enroll(&house, &browser).await;
    house.later(30);
    let wrong = change(&browser, &[("action", "remove"), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let renewed = change(
        &browser,
        &[("action", "codes"), ("code", &code(&house, &app))],
    )
    .await;
    assert_eq!(renewed.status, StatusCode::OK);
    let old = change(&browser, &[("action", "remove"), ("code", &codes[0])]).await;
    assert_eq!(old.status, StatusCode::BAD_REQUEST, "codes of before");
    assert!(house.user(&user.id).has_totp);
    house.later(120);
    let off = change(
        &browser,
        &[("action", "remove"), ("code", &code(&house, &app))],
    )
    .await;
    assert_eq!(off.header("location"), "/account?done=true");
    assert!(!house.user(&user.id).has_totp);
    let fresh = house.browser();
    assert_eq!(
        fresh.log_in(WHO.1, PASSWORD).await.header("location"),
        "/sites"
    );
}

/// A secret that was offered to somebody is nobody else's, and none lies in the open.
#[tokio::test]
async fn secrets_are_sealed_for_whom_they_are() {
    let house = House::new();
    let user = house.add(WHO);
    let other = house.add(("psp-a", "other@example.com", Role::Analyst));
    let (browser, theirs) = (
        house.logged_in(WHO.1).await,
        house.logged_in(&other.email).await,
    );
    let offered = theirs.get("/account/second").await;
    let app = super::app(&offered);
    let shown = code(&house, &app);
    let form = [
        ("sealed", offered.hidden("sealed")),
        ("code", shown.as_str()),
        ("password", PASSWORD),
    ];
    let answer = browser
        .submit("/account/second", "/account/second", &form)
        .await;
    assert!(!answer.status.is_success(), "{}", answer.text);
    assert!(!house.user(&user.id).has_totp);
    let without = [
        ("sealed", offered.hidden("sealed")),
        ("code", shown.as_str()),
    ];
    let answer = theirs
        .submit("/account/second", "/account/second", &without)
        .await;
    assert_eq!(
        answer.status,
        StatusCode::BAD_REQUEST,
        "without the password"
    );
}

/// A copy of the file gives no secret away, and no row opens for somebody else.
#[tokio::test]
async fn no_secret_lies_in_the_open_or_in_the_wrong_row() {
    let house = House::new();
    let user = house.add(WHO);
    let other = house.add(("psp-a", "other@example.com", Role::Analyst));
    let (app, _codes) = enroll(&house, &house.logged_in(WHO.1).await).await;
    enroll(&house, &house.logged_in(&other.email).await).await;
    let file = ["control.sqlite", "control.sqlite-wal"].map(|name| {
        let bytes = std::fs::read(house.dir.path().join(name));
        bytes.expect("there")
    });
    let secret = app.secret();
    assert!(
        !file
            .concat()
            .windows(secret.len())
            .any(|part| part == &**secret)
    );
    house.later(60);
    let shown = code(&house, &app);
    let sealed = format!("(SELECT totp FROM users WHERE id = '{}')", user.id);
    for (name, them, changed) in [
        ("another's", &other, sealed),
        ("cut", &user, "substr(totp, 2)".to_owned()),
    ] {
        house.tamper(&format!(
            "UPDATE users SET totp = {changed} WHERE id = '{}'",
            them.id
        ));
        let browser = house.browser();
        browser.log_in(&them.email, PASSWORD).await;
        let form = [("code", shown.as_str())];
        let answer = browser
            .submit("/login/second", "/login/second", &form)
            .await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{name}");
        assert!(!browser.is_in().await, "{name}");
    }
}

#[tokio::test]
async fn a_language_is_kept_for_the_user() {
    let house = House::new();
    let user = house.add(WHO);
    let browser = house.logged_in(WHO.1).await;
    let answer = change(&browser, &[("action", "language"), ("language", "ja")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(house.user(&user.id).language, Language::Ja);
    let fresh = house.logged_in(WHO.1).await;
    let page = fresh.get("/account").await.text;
    assert!(page.contains(r#"<html lang="ja">"#) && page.contains("アカウント"));
}

/// Whoever looks at the log finds who did what, and no secret.
#[tokio::test]
async fn every_change_stands_in_the_audit_log() {
    let house = House::new();
    let (user, link) = house.invite(WHO);
    house
        .registry
        .accept_invitation(&link, PASSWORD)
        .expect("set");
    let browser = house.logged_in(WHO.1).await;
    let (app, codes) = enroll(&house, &browser).await;
    house.later(30);
    change(
        &browser,
        &[("action", "codes"), ("code", &code(&house, &app))],
    )
    .await;
    house.later(30);
    change(
        &browser,
        &[("action", "remove"), ("code", &code(&house, &app))],
    )
    .await;
    let form = [
        ("action", "password"),
        ("present", PASSWORD),
        ("password", OTHER),
        ("again", OTHER),
    ];
    change(&browser, &form).await;
    change(&browser, &[("action", "language"), ("language", "ja")]).await;
    house.browser().log_in(WHO.1, OTHER).await;
    change(&browser, &[("action", "sessions")]).await;
    let reset = by_others(&house, &user);
    let own = "password-set entered totp-added entered recovery-codes-made totp-removed password-set \
               language-changed entered sessions-ended";
    let own = own
        .split_whitespace()
        .map(|it| format!("{} user.{it}", WHO.1));
    let others = "role-changed reset disabled enabled removed";
    let others = others
        .split_whitespace()
        .map(|it| format!("shell user.{it}"));
    let invited = ["shell user.invited".to_owned()].into_iter();
    let expected: Vec<String> = invited.chain(own).chain(others).collect();
    assert_eq!(house.deeds(), expected);
    let log = house.sql("SELECT detail FROM audit").concat();
    for secret in [link.as_str(), &reset, PASSWORD, OTHER, &codes[0], "argon2"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let organizations =
        house.sql("SELECT DISTINCT organization FROM audit WHERE action LIKE 'user.%'");
    assert_eq!(organizations, ["psp-a"]);
}

/// All that others do about somebody. The code of the link.
fn by_others(house: &House, user: &User) -> String {
    let them = (&user.organization, user.id.as_str());
    let registry = &house.registry;
    registry
        .set_role(them, Role::Auditor, &shell())
        .expect("role");
    let reset = registry.reset_user(them, &shell()).expect("reset");
    registry.set_active(them, false, &shell()).expect("off");
    registry.set_active(them, true, &shell()).expect("on");
    registry.remove_user(them, &shell()).expect("removed");
    reset.code
}
