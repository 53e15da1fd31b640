//! `skimwatch user`, and the pages of the program that it lets people in to.

use serde_json::Value;

use crate::support::http::{Answer, Client};
use crate::support::skimwatch::Skimwatch;

const EMAIL: &str = "operator@example.com";
const PASSWORD: &str = "correct horse battery";

fn form(program: &Skimwatch, path: &str, body: &str) -> Answer {
    let mut client = Client::connect(program.web).expect("the web port answers");
    let kind = "application/x-www-form-urlencoded";
    client.post(path, kind, body.as_bytes()).expect("an answer")
}

#[test]
fn the_first_operator_is_made_from_the_shell() {
    let program = Skimwatch::start(&[("SKIMWATCH__WEB__PUBLIC_URL", "https://pages.example/")]);
    let add = [
        "user", "add", EMAIL, "--name", "Operator", "--role", "operator", "--json",
    ];
    let added: Value = serde_json::from_str(&program.ok(&add)).expect("JSON");
    let code = added["invitation"]["code"].as_str().expect("a code");
    let link = format!("https://pages.example/invitation#code={code}");
    assert_eq!(added["invitation"]["link"], link);
    assert_eq!(program.ask("/api/v1/stats").status, 200);
    let chosen = PASSWORD.replace(' ', "+");
    let set = form(
        &program,
        "/invitation",
        &format!("code={code}&password={chosen}&again={chosen}"),
    );
    assert_eq!(set.status, 303, "{}", set.text());
    assert_eq!(
        program.ask("/api/v1/stats").status,
        401,
        "the token of the settings is void"
    );
    let entered = form(
        &program,
        "/login",
        &format!("email={EMAIL}&password={chosen}"),
    );
    assert_eq!(entered.header("location"), Some("/"));
    let cookie = entered.header("set-cookie").expect("a cookie");
    let cookie = cookie.split(';').next().expect("its value");
    let mut client = Client::connect(program.web).expect("the web port answers");
    let page = client
        .get("/people", &[("Cookie", cookie)])
        .expect("an answer");
    assert!(page.status == 200 && page.text().contains(EMAIL));
    let reset = program.ok(&["user", "reset", EMAIL]);
    assert!(
        reset.contains("https://pages.example/invitation#code="),
        "{reset}"
    );
    let page = client
        .get("/people", &[("Cookie", cookie)])
        .expect("an answer");
    assert_eq!(page.status, 303, "sessions have ended");
    let listed: Value =
        serde_json::from_str(&program.ok(&["user", "list", "--json"])).expect("JSON");
    assert_eq!(
        (&listed[0]["email"], &listed[0]["state"]),
        (&EMAIL.into(), &"active".into())
    );
    refuses(&program);
    program.ok(&["user", "reset-totp", EMAIL]);
    program.ok(&["audit", "verify"]);
    assert!(!program.said().contains(PASSWORD) && !program.said().contains(code));
}

/// What the shell does not do either, and what it says then.
fn refuses(program: &Skimwatch) {
    let key = std::fs::metadata(program.data().join("keys/control.key")).expect("made");
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777,
        0o600
    );
    for (args, says) in [
        (vec!["disable", EMAIL], "the last operator"),
        (vec!["set-role", EMAIL, "analyst"], "the last operator"),
        (vec!["set-role", EMAIL, "king"], "there is no role king"),
        (vec!["reset", "nobody@example.com"], "there is no user"),
        (
            vec!["reset", EMAIL, "--organization", "psp"],
            "there is no user",
        ),
        (
            vec!["list", "--organization", "psp"],
            "there is no organization",
        ),
    ] {
        let output = program.run(&[&["user"], args.as_slice()].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(says),
            "{args:?}: {said}"
        );
    }
}
