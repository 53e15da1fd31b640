//! Each page, by rules that a machine can check: axe-core finds nothing, in both languages, light and dark, on a desk and
//! in a hand; nothing overflows, no page is heavy, the console is silent, and nothing is asked of others.

use skimwatch::language::Language;

use super::eye::{Eye, LOOKS, Look};
use super::list::{PAGES, Shown, Who};
use super::stage::Stage;
use crate::support::short_or_long;

/// Most bytes of a page with all that it loads.
const MOST_BYTES: u64 = 150_000;

/// What a page and all that it loads weigh, unpacked. What it asks for later, to stay live, is no part of it.
const WEIGHT: &str =
    "return ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
    .filter((it) => it.initiatorType !== 'fetch').reduce((sum, it) => sum + it.decodedBodySize, 0)";
const STATUS: &str = "return performance.getEntriesByType('navigation')[0].responseStatus";
const HERE: &str = "return location.pathname + location.search";
const LANGUAGE: &str = "return document.documentElement.lang";
/// What sticks out of a page that is too wide.
const TOO_WIDE: &str = "const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > clientWidth);
    return [`${scrollWidth} pixels:`, ...out.map((it) => `${it.localName}.${it.className}`)]";

/// What a language is looked at in: each light, each size and each page meets each of the others. The long test lets all
/// meet all.
fn looks(language: Language) -> Vec<Look> {
    let [desk, dark_desk, dark_hand, hand] = LOOKS;
    let few = language.pick([desk, dark_hand], [dark_desk, hand]);
    short_or_long(few.to_vec(), LOOKS.to_vec())
}

#[test]
fn every_page_keeps_the_rules() {
    let stage = Stage::start();
    let wrong = std::thread::scope(|threads| {
        let readers = Language::ALL.map(|language| {
            let stage = &stage;
            threads.spawn(move || read(stage, language))
        });
        let wrong = readers.map(|reader| reader.join().expect("it ends"));
        wrong.concat()
    });
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} faults:\n{}", wrong.join("\n"));
}

/// All pages, as those see them who read a language.
fn read(stage: &Stage, language: Language) -> Vec<String> {
    let eye = Eye::open();
    let mut wrong = Vec::new();
    for who in Who::ALL {
        eye.become_one(stage, who, language);
        for page in PAGES.iter().filter(|page| page.who == who) {
            let at = format!("{} {}", page.name, language.tag());
            let found = judge(stage, &eye, *page, language);
            wrong.extend(found.iter().map(|it| format!("{at}: {it}")));
        }
    }
    wrong
}

fn judge(stage: &Stage, eye: &Eye, page: Shown, language: Language) -> Vec<String> {
    let mut wrong = Vec::new();
    let (path, looks) = (stage.path(page), looks(language));
    eye.look(looks[0]);
    eye.logged();
    eye.person.go(&stage.url(&path));
    for (script, expected) in [
        (HERE, path.clone()),
        (LANGUAGE, language.tag().to_owned()),
        (STATUS, page.status.to_string()),
    ] {
        let said = eye.person.script(script);
        let said = said
            .as_str()
            .map_or_else(|| said.to_string(), str::to_owned);
        if said != expected {
            wrong.push(format!("{said} is not {expected}"));
        }
    }
    let bytes = eye.number(WEIGHT);
    if !(1000..=MOST_BYTES).contains(&bytes) {
        wrong.push(format!("{bytes} bytes"));
    }
    eye.bring_axe();
    for look in looks {
        eye.look(look);
        let wide = eye.lines(TOO_WIDE);
        if !wide.is_empty() {
            wrong.push(format!("{look}: too wide: {}", wide.join(" ")));
        }
        wrong.extend(eye.violations().iter().map(|it| format!("{look}: {it}")));
    }
    wrong.extend(overheard(stage, eye, page.status));
    wrong
}

/// What the console said, and who else was asked for something.
fn overheard(stage: &Stage, eye: &Eye, status: u16) -> Vec<String> {
    let (said, asked) = eye.logged();
    // A browser says of every page with such a status that it "failed to load".
    let of_status = format!("with a status of {status}");
    let said = said
        .iter()
        .filter(|line| status == 200 || !line.contains(&of_status));
    let ours = stage.url("/");
    assert!(asked.iter().any(|it| it.starts_with(&ours)), "{asked:?}");
    let others = asked
        .iter()
        .filter(|it| !it.starts_with(&ours) && !it.starts_with("data:"));
    let said = said.map(|it| format!("the console says {it}"));
    said.chain(others.map(|it| format!("asks {it}"))).collect()
}
