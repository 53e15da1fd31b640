//! A picture of every page, in both languages, light and dark, on a desk and in a hand, for people to look at.

use std::path::PathBuf;

use base64::Engine as _;
use skimwatch::language::Language;

use super::eye::{Eye, LOOKS};
use super::list::{PAGES, Who};
use super::stage::Stage;
use crate::support::setting;

/// No test: `deploy/screenshots.sh` runs it.
#[test]
#[ignore = "it makes pictures: deploy/screenshots.sh"]
fn pictures() {
    let folder = PathBuf::from(setting("SKIMWATCH_TEST_PICTURES"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    eprintln!("the demo's shops come into being");
    let stage = Stage::start();
    let eye = Eye::open();
    let mut done = 0;
    for who in Who::ALL {
        for language in Language::ALL {
            eye.become_one(&stage, who, language);
            for page in PAGES.iter().filter(|page| page.who == who) {
                eye.look(LOOKS[0]);
                eye.person.go(&stage.url(&stage.path(*page)));
                for look in LOOKS {
                    eye.look(look);
                    let name = format!("{}-{}-{look}.png", page.name, language.tag());
                    let picture = base64::engine::general_purpose::STANDARD.decode(eye.picture());
                    let written = std::fs::write(folder.join(&name), picture.expect("base64"));
                    written.expect("the picture can be written");
                    done += 1;
                }
                eprintln!(
                    "{done} of {}: {} {}",
                    PAGES.len() * LOOKS.len() * 2,
                    page.name,
                    language.tag()
                );
            }
        }
    }
}
