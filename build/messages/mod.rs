//! Message files of Fluent, and the Rust they become. [`Room`] is the type to know: the files of one folder, in both
//! languages.
//!
//! A message without variables becomes a constant, one with variables a function, each named like the message. What a
//! variable is stands in the comment above the English message, which is the function's documentation too:
//!
//! ```ftl
//! # How many merchants there are.
//! # $count (number)
//! merchants = { $count ->
//!     [one] 1 merchant
//!    *[other] { $count } merchants
//! }
//! ```
//!
//! The rule: whatever would show only when the text is read ends the build, with the file and the line. So messages hold
//! text, variables and choices by number; everything else of Fluent is refused.

mod message;
mod rust;

use std::fmt::Write as _;
use std::io;
use std::path::Path;

pub(crate) use message::{File, Message};

/// The languages; the first one says which messages there are, and documents them.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "ja"];

/// The message files of a folder, by language.
#[derive(Debug)]
pub(crate) struct Room {
    /// In the order of [`LANGUAGES`].
    pub(crate) files: [Vec<File>; 2],
}

impl Room {
    /// Reads `<folder>/<language>/*.ftl` below `root`.
    ///
    /// # Errors
    ///
    /// A folder or a file that cannot be read.
    pub(crate) fn read(root: &Path, folder: &str) -> io::Result<Self> {
        let [english, japanese] = LANGUAGES.map(|language| {
            let folder = format!("{folder}/{language}");
            let mut names = std::fs::read_dir(root.join(&folder))?
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .filter(|name| name.as_ref().map_or(true, |name| name.ends_with(".ftl")))
                .collect::<io::Result<Vec<_>>>()?;
            names.sort();
            names
                .into_iter()
                .map(|name| {
                    let path = format!("{folder}/{name}");
                    let text = std::fs::read_to_string(root.join(&path))?;
                    Ok(File { path, name, text })
                })
                .collect::<io::Result<Vec<_>>>()
        });
        Ok(Self {
            files: [english?, japanese?],
        })
    }

    /// The messages in the order of [`LANGUAGES`], and what is wrong with them.
    pub(crate) fn messages(&self) -> ([Vec<Message>; 2], Vec<String>) {
        let mut problems = Vec::new();
        let messages = self.files.each_ref().map(|files| {
            let mut all: Vec<Message> = Vec::new();
            let found: Vec<_> = files
                .iter()
                .flat_map(|file| file.messages(&mut problems))
                .collect();
            for message in found {
                if let Some(first) = all.iter().find(|other| other.id == message.id) {
                    let Message { id, place, .. } = &message;
                    problems.push(format!("{place}: {id} stands at {} already", first.place));
                } else {
                    all.push(message);
                }
            }
            all
        });
        compare(&messages, &mut problems);
        (messages, problems)
    }

    /// A module of constants and functions that are seen in `owner`.
    ///
    /// # Errors
    ///
    /// What is wrong with the files, each with its place.
    pub(crate) fn rust(&self, owner: &str) -> Result<String, Vec<String>> {
        let ([english, japanese], mut problems) = self.messages();
        let mut rust = String::new();
        for message in &english {
            let Some(other) = japanese.iter().find(|other| other.id == message.id) else {
                continue;
            };
            match message.declared() {
                Ok(variables) => message.write(&mut rust, owner, &variables, other),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        if rust.contains("MESSAGES.say") {
            self.write_source(&mut rust);
        }
        Ok(rust)
    }

    /// The messages themselves, for those that are put together when they are read.
    fn write_source(&self, rust: &mut String) {
        let sources = self.files.each_ref().map(|files| {
            let texts: Vec<_> = files.iter().map(|file| file.text.as_str()).collect();
            texts.join("\n")
        });
        let [english, japanese] = sources;
        let _ = writeln!(
            rust,
            "static MESSAGES: std::sync::LazyLock<Messages> = \
             std::sync::LazyLock::new(|| Messages::new({english:?}, {japanese:?}));"
        );
    }
}

/// That each message exists in both languages, in the same file and with the same variables.
fn compare([english, japanese]: &[Vec<Message>; 2], problems: &mut Vec<String>) {
    for (here, there, language) in [(english, japanese, "ja"), (japanese, english, "en")] {
        for Message {
            id, place, file, ..
        } in here
        {
            if !there.iter().any(|other| other.id == *id) {
                problems.push(format!("{place}: {id} is missing in {language}/{file}"));
            }
        }
    }
    for message in english {
        let Some(other) = japanese.iter().find(|other| other.id == message.id) else {
            continue;
        };
        let Message { id, place, .. } = other;
        if other.file != message.file {
            problems.push(format!("{place}: {id} belongs into {}", message.file));
        }
        for name in message.variables.symmetric_difference(&other.variables) {
            problems.push(format!(
                "{place}: {id} has ${name} in one language only; see {}",
                message.place
            ));
        }
    }
}
