//! Turns the message files into the Rust that pages and sentences are written with; see [`messages`].
//!
//! The rule: a message that is missing in a language, or told differently in it, ends the build.

mod messages;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use messages::Room;

/// Each folder with one folder of message files for each language, and whose texts they are.
const ROOMS: [(&str, &str); 3] = [
    ("src/finding/messages", "crate::finding"),
    ("src/notify/messages", "crate::notify"),
    ("src/web/messages", "crate::web"),
];

#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "this is how Cargo and a build script speak"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    let out = env::var("OUT_DIR")?;
    for (folder, owner) in ROOMS {
        println!("cargo::rerun-if-changed={folder}");
        let room = Room::read(Path::new("."), folder)?;
        match room.rust(owner) {
            Ok(rust) => {
                let name = folder.replace('/', "_") + ".rs";
                fs::write(Path::new(&out).join(name), rust)?;
            }
            Err(problems) => {
                for problem in problems {
                    println!("cargo::error={problem}");
                }
            }
        }
    }
    Ok(())
}
