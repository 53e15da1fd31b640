//! A day of an analyst, in a real browser: the campaign is found, looked into and dealt with, by hand and by keyboard
//! alone, and once more without JavaScript.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use skimwatch::language::Language;

use super::eye::{Eye, LOOKS};
use super::list::Who;
use super::stage::{ANALYST, PASSWORD, SHOP, Stage, destination};
use crate::support::deadline::within;
use crate::support::webdriver::{ENTER, Person, TAB};

/// From a press to what it brings.
const SHOWS: Duration = Duration::from_secs(30);

/// Where the campaign of the week before sent cards: it has gone quiet, so that what is closed stays closed.
const EARLIER: &str = "pay-verify-js.example";

#[test]
fn a_day_of_an_analyst() {
    let stage = Stage::start();
    let eye = Eye::open();
    eye.look(LOOKS[0]);
    eye.become_one(&stage, Who::Nobody, Language::En);
    by_keyboard_alone(&stage, &eye.person);
    the_page_renews_itself(&stage, &eye.person);
    an_alert_is_dealt_with(&stage, &eye.person);
    in_japanese(&eye.person);
    a_destination_is_searched_for(&stage, &eye.person);
    let folder = downloads(&stage, &eye.person);
    reports_leave_as_a_file(&stage, &eye.person, &folder);
    merchants_leave_as_a_file(&stage, &eye.person, &folder);
    answers_to_forms_keep_the_rules(&stage, &eye);
    without_a_script(&stage, &eye);
}

/// Waits until this stands on the page.
fn reads(person: &Person, text: &str) {
    within(SHOWS, text, || person.reads().contains(text).then_some(()));
}

fn focus(person: &Person, of: &str) -> String {
    let said = person.script(&format!(
        "const it = document.activeElement; return String({of})"
    ));
    said.as_str().unwrap_or_default().to_owned()
}

/// Opens the alert about a destination from a list.
fn press_alert(person: &Person, about: &str) {
    let links = "return [...document.querySelectorAll('.alert h3 a')].map((it) => it.innerText)";
    let place = within(SHOWS, about, || {
        let links = person.script(links);
        let mut links = links.as_array()?.iter();
        links.position(|it| it.as_str().is_some_and(|it| it.contains(about)))
    });
    person.press(&format!("li:nth-child({}) > .alert h3 a", place + 1));
    reads(person, "Merchants hit, in order");
}

/// The login, past the navigation, and into the alert, without a mouse. It is always seen where one is.
fn by_keyboard_alone(stage: &Stage, person: &Person) {
    person.go(&stage.url("/"));
    assert_eq!(focus(person, "it.id"), "email", "one can type at once");
    person.keys(&format!("{ANALYST}{TAB}wrong password{ENTER}"));
    reads(person, "E-mail address or password is wrong.");
    person.keys(&format!("{ANALYST}{TAB}{PASSWORD}{ENTER}"));
    reads(person, destination());

    person.go(&stage.url("/"));
    person.keys(TAB);
    assert_eq!(focus(person, "it.className"), "skip");
    let place = focus(person, "it.getBoundingClientRect().left >= 0");
    assert_eq!(place, "true", "the way to the content is seen");
    person.keys(ENTER);
    person.keys(TAB);
    let is_inside = focus(person, "document.querySelector('main').contains(it)");
    assert_eq!(is_inside, "true", "the navigation was skipped");
    let outline = focus(
        person,
        "getComputedStyle(it).outlineStyle + getComputedStyle(it).outlineWidth",
    );
    assert_eq!(outline, "solid2px", "it is seen where one is");
    let alert = focus(person, "it.href");
    assert!(alert.contains("/alerts/"), "alerts come first: {alert}");
    person.keys(ENTER);
    reads(person, "What happened");
    assert_eq!(person.script("return location.href"), alert.as_str());
}

/// What somebody else does shows on an open page at once: it is told, and does not only look now and then.
fn the_page_renews_itself(stage: &Stage, person: &Person) {
    person.go(&stage.url("/"));
    press_alert(person, destination());
    person.script(
        "window.stays = true;
        for (let timer = 0; timer < 10000; timer += 1) clearTimeout(timer);
        window.setTimeout = () => 0;",
    );
    let path = person.script("return location.pathname");
    let path = path.as_str().expect("a path");
    let answer = stage.post(Who::Administrator, path, "action=acknowledge");
    assert_eq!(answer.status, 303, "{}", answer.text());
    within(SHOWS, "the state on the open page", || {
        let state = person.script("return document.querySelector('#head .state').innerText");
        (state == "Acknowledged").then_some(())
    });
    assert_eq!(
        person.script("return window.stays === true"),
        true,
        "it was not loaded again"
    );
}

/// The other alert, which is overdue: assigned, acknowledged, closed with cause and note.
fn an_alert_is_dealt_with(stage: &Stage, person: &Person) {
    person.go(&stage.url("/"));
    reads(person, EARLIER);
    person.press(".top nav a[href='/alerts']");
    reads(person, "Overdue by");
    press_alert(person, EARLIER);
    reads(person, "Merchants hit, in order");
    person.press(&format!("#assignee option[value='{ANALYST}']"));
    person.press("button[value='assign']");
    within(SHOWS, "the assignee", || {
        let chosen = person.script("return document.querySelector('#assignee').value");
        (chosen == ANALYST).then_some(())
    });
    person.press("button[value='acknowledge']");
    reads(person, "Acknowledged");
    // Nothing is closed without a cause: the browser says so before the server must.
    person.fill("#note", "The script was removed at both shops.");
    person.press("button[value='close']");
    let state = person.script("return document.querySelector('#head .state').innerText");
    assert_eq!(state, "Acknowledged");
    person.press("#cause option[value='skimmer']");
    person.press("button[value='close']");
    reads(person, "Why it was closed");
    let steps = person.script("return document.querySelector('#steps').innerText");
    let steps = steps.as_str().unwrap_or_default();
    assert!(
        steps.contains("The script was removed at both shops."),
        "{steps}"
    );
    let history = person.script("return document.querySelector('#history').innerText");
    let history = history.as_str().unwrap_or_default();
    assert!(
        history.contains("Closed. Cause:") && history.contains(ANALYST),
        "{history}"
    );
}

fn in_japanese(person: &Person) {
    person.press(".languages a[lang='ja']");
    reads(person, "完了の理由");
    assert_eq!(person.script("return document.documentElement.lang"), "ja");
    person.press(".top nav a[href='/destinations']");
    reads(person, "送信先");
    person.press(".languages a[lang='en']");
    reads(person, "Every place that browsers reported");
}

fn a_destination_is_searched_for(stage: &Stage, person: &Person) {
    person.go(&stage.url("/destinations"));
    person.fill("#q", "jquery-metr");
    person.press("form.filters button.primary");
    let names = "return [...document.querySelectorAll('td.destination > a:first-child')].map((it) => it.innerText).join()";
    within(SHOWS, "the one destination", || {
        (person.script(names) == destination()).then_some(())
    });
    person.press("td.destination > a:first-child");
    reads(person, "Where it came, in the order in which it began");
}

/// Where the browser puts files.
fn downloads(stage: &Stage, person: &Person) -> PathBuf {
    let folder = stage.program.folder().join("downloads");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let there = json!({ "behavior": "allow", "downloadPath": folder });
    person.tool("Browser.setDownloadBehavior", &there);
    folder
}

/// The rows of the one file that came, and its heads.
fn downloaded(folder: &PathBuf) -> (Vec<String>, Vec<csv::StringRecord>) {
    let path = within(SHOWS, "a file", || {
        let mut files = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
        let path = files.next()?.path();
        path.extension()
            .is_some_and(|it| it == "csv")
            .then_some(path)
    });
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::remove_file(&path).expect("it can be removed");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader
        .headers()
        .expect("heads")
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader.records().map(|row| row.expect("a row")).collect();
    (heads, rows)
}

fn reports_leave_as_a_file(stage: &Stage, person: &Person, folder: &PathBuf) {
    person.go(&stage.url("/reports"));
    person.fill("#destination", EARLIER);
    person.press("#directive option[value='connect-src']");
    person.press("form.filters button.primary");
    reads(person, "Destination: pay-verify-js.example");
    let shown = person.script("return document.querySelectorAll('#found tbody tr').length");
    assert!(shown.as_u64().expect("a number") > 10, "{shown}");
    person.press("#files a[href*='format=csv']");
    let (heads, rows) = downloaded(folder);
    let of = |name: &str| heads.iter().position(|it| it == name).expect("a column");
    assert!(rows.len() > 10, "{}", rows.len());
    for row in &rows {
        assert_eq!(
            (&row[of("destination")], &row[of("directive")]),
            (EARLIER, "connect-src")
        );
    }
}

fn merchants_leave_as_a_file(stage: &Stage, person: &Person, folder: &PathBuf) {
    person.go(&stage.url("/sites"));
    person.fill("#q", "tea");
    person.press("#coverage option[value='sending']");
    person.press("form.filters button.primary");
    reads(person, "1 of 25 merchants");
    person.press("a[href^='/sites.csv']");
    let (_, rows) = downloaded(folder);
    assert!(
        rows.len() == 1 && rows[0].iter().any(|cell| cell == SHOP),
        "{rows:?}"
    );
}

/// Pages that come of a form and have no address of their own.
fn answers_to_forms_keep_the_rules(stage: &Stage, eye: &Eye) {
    let person = &eye.person;
    let keeps_the_rules = |name: &str| {
        eye.bring_axe();
        let wrong = eye.violations();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    };
    eye.become_one(stage, Who::Administrator, Language::En);
    person.go(&stage.url("/people"));
    person.fill("#email", "new@psp.example");
    person.fill("#name", "Somebody New");
    person.press(".invite button.primary");
    reads(person, "/invitation#code=");
    keeps_the_rules("the link of an invitation");
    // The form is sent as if the session had changed in the meantime.
    person.go(&stage.url("/people"));
    person.script("document.querySelector('.invite [name=csrf]').value = 'another'");
    person.fill("#email", "newer@psp.example");
    person.fill("#name", "Somebody Newer");
    person.press(".invite button.primary");
    reads(person, "This form was not accepted");
    keeps_the_rules("a form that is not ours");
    eye.become_one(stage, Who::Nobody, Language::Ja);
    person.go(&stage.url("/login"));
    person.fill("#email", ANALYST);
    person.fill("#password", "wrong password");
    person.press("#login button.primary");
    within(SHOWS, "a refusal", || {
        (person.script("return document.querySelectorAll('.problem').length") == 1).then_some(())
    });
    keeps_the_rules("a login that is refused");
}

/// The same without JavaScript, as far as it goes: in, to the alert, contained, in Japanese, and a search.
fn without_a_script(stage: &Stage, eye: &Eye) {
    let person = &eye.person;
    eye.become_one(stage, Who::Nobody, Language::En);
    let off = json!({ "value": true });
    person.tool("Emulation.setScriptExecutionDisabled", &off);
    person.go(&stage.url("/"));
    let is_still = "return !document.documentElement.classList.contains('js')";
    person.fill("#email", ANALYST);
    person.fill("#password", PASSWORD);
    person.press("#login button.primary");
    reads(person, destination());
    assert_eq!(person.script(is_still), true, "no script runs on the page");
    press_alert(person, destination());
    person.press("button[value='contain']");
    reads(person, "Marked as contained");
    person.press(".languages a[lang='ja']");
    reads(person, "何が起きたか");
    person.press(".top nav a[href='/destinations']");
    person.fill("#q", "jquery-metr");
    person.press("form.filters button.primary");
    reads(person, destination());
    let names = "return document.querySelectorAll('td.destination > a:first-child').length";
    assert_eq!(person.script(names), 1);
    person.press(".top nav a[href='/reports']");
    person.fill("#destination", EARLIER);
    person.press("form.filters button.primary");
    reads(person, EARLIER);
    assert_eq!(person.script(is_still), true);
    person.press("form[action='/logout'] button");
    reads(person, "パスワード");
}
