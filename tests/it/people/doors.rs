//! In and out: passwords, waits, second factors, links, the operator's token.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use skimwatch::registry::{FREE_GUESSES, RECOVERY_CODES};
use skimwatch::role::Role;

use super::{House, PASSWORD, TOKEN, app, code, enroll, org, shell};

const WHO: (&str, &str, Role) = ("psp-a", "somebody@example.com", Role::Administrator);

#[tokio::test]
async fn a_password_becomes_a_session_that_ends() {
    let house = House::new();
    house.add(WHO);
    for (name, seconds, used_every, is_in) in [
        ("at once", 0, 0, true),
        ("left alone for less than two hours", 2 * 3600 - 1, 0, true),
        ("left alone for two hours", 2 * 3600, 0, false),
        ("used for less than twelve hours", 12 * 3600 - 1, 3600, true),
        ("used for twelve hours", 12 * 3600, 3600, false),
    ] {
        let browser = house.logged_in(" Somebody@EXAMPLE.com ").await;
        let mut left = seconds;
        while used_every > 0 && left > used_every {
            house.later(used_every);
            assert!(browser.is_in().await, "{name}");
            left -= used_every;
        }
        house.later(left);
        assert_eq!(browser.is_in().await, is_in, "{name}");
    }
    // A page that renews itself is nobody's use.
    let browser = house.logged_in(WHO.1).await;
    for _ in 0..4 {
        house.later(1800);
        let renewal = TestRequest::get()
            .uri("/sites")
            .insert_header(("X-Skimwatch-Renewal", "1"));
        browser.send(renewal).await;
    }
    assert!(!browser.is_in().await);
    let browser = house.logged_in(WHO.1).await;
    let stolen = house.browser();
    stolen.cookies.replace(browser.cookies.borrow().clone());
    let left = browser.submit("/account", "/logout", &[]).await;
    assert_eq!(left.header("location"), "/login");
    assert!(!stolen.is_in().await, "the cookie of before counts no more");
}

/// Whoever is nobody is told the same, in the same order, as whoever is somebody.
#[tokio::test]
async fn guessing_waits_longer_each_time_and_tells_nothing() {
    let house = House::new();
    house.add(WHO);
    house.invite(("psp-a", "invited@example.com", Role::Analyst));
    let off = house.add(("psp-a", "off@example.com", Role::Analyst));
    let disabled = house
        .registry
        .set_active((&org("psp-a"), &off.id), false, &shell());
    disabled.expect("disabled");
    let everybody = [
        WHO.1,
        "nobody@example.com",
        "invited@example.com",
        "off@example.com",
    ];
    let mut told = Vec::new();
    for email in everybody {
        let mut answers = Vec::new();
        for n in 0..FREE_GUESSES + 3 {
            // Others guess from elsewhere: the wait is the account's, not the network's.
            let browser = super::Browser {
                peer: ["198.51.100.1:1", "203.0.113.1:1"][n as usize % 2],
                ..house.browser()
            };
            let answer = browser.log_in(email, "not the password").await;
            assert_eq!(browser.session(), None, "{email}");
            answers.push((answer.status, answer.text.replace(email, "")));
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                house.later(60 << (n - FREE_GUESSES));
            }
        }
        told.push(answers);
    }
    for (n, (status, text)) in told[0].iter().enumerate() {
        // The one after a wait is looked at, and wrong.
        let waits = [FREE_GUESSES, FREE_GUESSES + 2].contains(&u32::try_from(n).expect("few"));
        let (expected, says) = if waits {
            (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many wrong attempts in a row. Try again in",
            )
        } else {
            (
                StatusCode::FORBIDDEN,
                "E-mail address or password is wrong.",
            )
        };
        assert_eq!(*status, expected, "{n}");
        assert!(text.contains(says), "{n}: {text}");
    }
    for (email, answers) in everybody.iter().zip(&told) {
        assert_eq!(answers, &told[0], "{email}");
    }
}

#[tokio::test]
async fn a_wait_holds_for_the_right_password_and_ends() {
    let house = House::new();
    house.add(WHO);
    let browser = house.browser();
    for _ in 0..FREE_GUESSES {
        browser.log_in(WHO.1, "not the password").await;
    }
    let early = browser.log_in(WHO.1, PASSWORD).await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    house.later(60);
    assert_eq!(
        browser.log_in(WHO.1, PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
    // All is forgotten then.
    for _ in 1..FREE_GUESSES {
        let wrong = browser.log_in(WHO.1, "not the password").await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(
        browser.log_in(WHO.1, PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_code_counts_once_and_each_step_brings_another_cookie() {
    let house = House::new();
    let user = house.add(WHO);
    let browser = house.logged_in(WHO.1).await;
    let before = browser.session();
    let (app, codes) = enroll(&house, &browser).await;
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_ne!(browser.session(), before, "set up");
    assert!(browser.is_in().await);
    let other = house.browser();
    let half = other.log_in(WHO.1, PASSWORD).await;
    assert_eq!(half.header("location"), "/login/second?next=%2Fsites");
    let cookie = other.session().expect("half in");
    for path in ["/sites", "/account", "/people", "/nothing"] {
        let answer = other.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(
            answer.header("location").starts_with("/login/second"),
            "{path}"
        );
    }
    let enter = async |shown: &str| {
        let form = [("code", shown), ("next", "/sites")];
        other.submit("/login/second", "/login/second", &form).await
    };
    // The one that set it up was used.
    let used = code(&house, &app);
    assert_eq!(enter(&used).await.status, StatusCode::FORBIDDEN);
    house.later(30);
    let fresh = code(&house, &app);
    let entered = enter(&fresh).await;
    assert_eq!(entered.header("location"), "/sites");
    assert_ne!(other.session().expect("in"), cookie);
    let stolen = house.browser();
    stolen
        .cookies
        .borrow_mut()
        .insert("skimwatch_session".to_owned(), cookie);
    assert!(!stolen.is_in().await);
    assert_eq!(
        stolen.get("/login/second").await.header("location"),
        "/login"
    );
    // Neither the same code again, nor one of before, counts for anybody.
    let third = house.browser();
    third.log_in(WHO.1, PASSWORD).await;
    for shown in [
        &fresh,
        &used,
        "000000",
        "",
        codes[0].get(..9).expect("half of it"),
    ] {
        let form = [("code", shown)];
        let answer = third.submit("/login/second", "/login/second", &form).await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{shown}");
    }
    assert!(!third.is_in().await);
    assert!(house.user(&user.id).has_totp);
}

#[tokio::test]
async fn codes_that_stand_in_count_once_each() {
    let house = House::new();
    house.add(WHO);
    let (_app, codes) = enroll(&house, &house.logged_in(WHO.1).await).await;
    for (shown, status) in [
        (codes[0].to_uppercase(), StatusCode::SEE_OTHER),
        (codes[0].clone(), StatusCode::FORBIDDEN),
        (codes[1].replace('-', ""), StatusCode::SEE_OTHER),
        (codes[2].chars().take(9).collect(), StatusCode::FORBIDDEN),
    ] {
        let browser = house.browser();
        browser.log_in(WHO.1, PASSWORD).await;
        let form = [("code", shown.as_str())];
        let answer = browser
            .submit("/login/second", "/login/second", &form)
            .await;
        assert_eq!(answer.status, status, "{shown}");
    }
}

/// Whoever knows the password and guesses codes waits like everybody else; showing the password again is no way out.
#[tokio::test]
async fn codes_are_not_guessed_for_ever() {
    let house = House::new();
    house.add(WHO);
    enroll(&house, &house.logged_in(WHO.1).await).await;
    house.later(60);
    let mut tried = 0;
    loop {
        let browser = house.browser();
        let answer = browser.log_in(WHO.1, PASSWORD).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        let form = [("code", "000000")];
        browser
            .submit("/login/second", "/login/second", &form)
            .await;
        tried += 1;
        assert!(tried <= FREE_GUESSES, "one code each");
    }
    assert_eq!(tried, FREE_GUESSES);
}

#[tokio::test]
async fn everybody_sets_a_second_factor_up_where_it_is_asked_for() {
    let house = House::with(|gate| gate.asks_totp = true);
    let user = house.add(WHO);
    let browser = house.browser();
    browser.log_in(WHO.1, PASSWORD).await;
    assert!(!browser.is_in().await);
    let page = browser.get("/login/second").await;
    let app = app(&page);
    let (sealed, csrf) = (page.hidden("sealed"), page.hidden("csrf"));
    for (name, sealed, shown) in [
        ("wrong code", sealed, "000000".to_owned()),
        ("no secret", "", code(&house, &app)),
        (
            "forged secret",
            &sealed.replace(&sealed[..4], "AAAA"),
            code(&house, &app),
        ),
    ] {
        let form = [("sealed", sealed), ("code", shown.as_str())];
        let answer = browser.post("/login/second", csrf, &form).await;
        assert!(
            answer.status.is_client_error() || answer.status.is_server_error(),
            "{name}"
        );
        assert!(!house.user(&user.id).has_totp, "{name}");
    }
    let form = [("sealed", sealed), ("code", &code(&house, &app))];
    let answer = browser.post("/login/second", csrf, &form).await;
    assert!(answer.text.contains("Recovery codes"), "{}", answer.text);
    assert!(browser.is_in().await);
    // It is not turned off there.
    house.later(30);
    let off = [("action", "remove"), ("code", &code(&house, &app))];
    let answer = browser.submit("/account", "/account", &off).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(house.user(&user.id).has_totp);
}

#[tokio::test]
async fn a_link_counts_once_and_not_for_ever() {
    let house = House::new();
    let (_, code) = house.invite(WHO);
    let browser = house.browser();
    let accept = async |code: &str, password: &str, again: &str| {
        let form = [("code", code), ("password", password), ("again", again)];
        let request = TestRequest::post().uri("/invitation").set_form(form);
        browser.send(request).await
    };
    for (name, code, password, again) in [
        ("another code", "AAAA", PASSWORD, PASSWORD),
        ("too short", code.as_str(), "short", "short"),
        ("tried first", code.as_str(), "password1234", "password1234"),
        ("own address", code.as_str(), WHO.1, WHO.1),
        (
            "not the same",
            code.as_str(),
            PASSWORD,
            "correct horse batterx",
        ),
    ] {
        let answer = accept(code, password, again).await;
        assert!(answer.status.is_client_error(), "{name}");
        assert!(answer.text.contains(r#"class="problem""#), "{name}");
    }
    let set = accept(&code, PASSWORD, PASSWORD).await;
    assert_eq!(set.header("location"), "/login?set=true");
    assert_eq!(browser.session(), None, "a link is no login");
    assert_eq!(
        accept(&code, PASSWORD, PASSWORD).await.status,
        StatusCode::FORBIDDEN
    );
    let (user, late) = house.invite(("psp-a", "late@example.com", Role::Analyst));
    let newer = house
        .registry
        .reset_user((&org("psp-a"), &user.id), &shell());
    let newer = newer.expect("a link").code;
    assert_eq!(
        accept(&late, PASSWORD, PASSWORD).await.status,
        StatusCode::FORBIDDEN
    );
    house.later(72 * 3600);
    assert_eq!(
        accept(&newer, PASSWORD, PASSWORD).await.status,
        StatusCode::FORBIDDEN
    );
}

/// The token of the settings is void from the moment on when an operator can log in, wherever it is shown.
#[tokio::test]
async fn the_operators_token_is_void_once_an_operator_can_log_in() {
    let house = House::new();
    house.add(WHO);
    let browser = house.browser();
    let with_token = async || {
        let form = [("token", TOKEN)];
        browser
            .send(TestRequest::post().uri("/login").set_form(form))
            .await
    };
    assert_eq!(with_token().await.status, StatusCode::SEE_OTHER);
    let (user, code) = house.invite(("operator", "operator@example.com", Role::Operator));
    let bearer = async || {
        let request = TestRequest::get()
            .uri("/people")
            .insert_header(("Authorization", format!("Bearer {TOKEN}")));
        house.browser().send(request).await.status
    };
    assert!(browser.is_in().await, "an invited one cannot log in yet");
    assert_eq!(bearer().await, StatusCode::OK);
    house
        .registry
        .accept_invitation(&code, PASSWORD)
        .expect("set");
    assert!(!browser.is_in().await, "the session that it began");
    assert_eq!(bearer().await, StatusCode::SEE_OTHER);
    assert_eq!(with_token().await.status, StatusCode::FORBIDDEN);
    let page = house.browser().get("/login").await;
    assert!(!page.text.contains(r#"name="token""#));
    let them = (&org("operator"), user.id.as_str());
    for gone in [
        house.registry.set_active(them, false, &shell()).map(drop),
        house
            .registry
            .set_role(them, Role::Analyst, &shell())
            .map(drop),
        house.registry.remove_user(them, &shell()),
    ] {
        let error = gone.expect_err("the last one");
        assert!(error.to_string().contains("the last operator"), "{error}");
    }
    assert_eq!(with_token().await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn cookies_are_for_this_host_and_no_script() {
    let house = House::new();
    house.add(WHO);
    for (peer, name, ends) in [
        ("192.0.2.1:1", "__Host-skimwatch_session=", "; Secure"),
        ("198.51.100.1:1", "skimwatch_session=", "; SameSite=Lax"),
    ] {
        let browser = super::Browser {
            peer,
            ..house.browser()
        };
        let form = [("email", WHO.1), ("password", PASSWORD)];
        let request = TestRequest::post().uri("/login").set_form(form);
        let request = request.insert_header(("X-Forwarded-Proto", "https"));
        let answer = browser.send(request).await;
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.starts_with(name) && cookie.ends_with(ends),
            "{cookie}"
        );
        assert!(
            cookie.contains("; Path=/; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}
