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

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use fluent_syntax::ast::{
    Comment, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;

/// The languages; the first one says which messages there are, and documents them.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "ja"];

/// What a variable may be, and what it is in Rust.
const TYPES: [(&str, &str); 3] = [
    ("text", "&str"),
    ("number", "impl Number"),
    ("markup", "&Markup"),
];

/// What a number chooses between (Unicode's plural rules).
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// One message file.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root of the repository, for whoever reads a problem.
    pub(crate) path: String,
    /// What it is called without its language: `alert.ftl`.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) text: String,
}

/// The message files of a folder, by language.
#[derive(Debug)]
pub(crate) struct Room {
    /// In the order of [`LANGUAGES`].
    pub(crate) files: [Vec<File>; 2],
}

/// One message in one language.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its name: `all-unresolved`.
    pub(crate) id: String,
    /// Where it stands: `src/web/messages/en/alert.ftl:12`.
    pub(crate) place: String,
    /// The name of its file.
    pub(crate) file: String,
    /// The lines of the comment above it.
    pub(crate) comment: Vec<String>,
    /// Each run of text in it, with those of all its choices.
    pub(crate) texts: Vec<String>,
    /// The variables in it.
    pub(crate) variables: BTreeSet<String>,
    /// Those that choose.
    selectors: BTreeSet<String>,
}

/// A variable as the comment of its message declares it.
struct Variable<'a> {
    name: &'a str,
    kind: &'a str,
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

impl File {
    fn messages(&self, problems: &mut Vec<String>) -> Vec<Message> {
        let resource = match parser::parse(self.text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let line = self.text[..error.pos.start].matches('\n').count() + 1;
                    problems.push(format!("{}:{line}: {}", self.path, error.kind));
                }
                resource
            }
        };
        let mut messages = Vec::new();
        for entry in resource.body {
            let (id, value, attributes, comment) = match entry {
                Entry::Message(it) => (it.id.name, it.value, it.attributes, it.comment),
                Entry::Term(it) => {
                    let place = self.place(&format!("-{}", it.id.name));
                    problems.push(format!("{place}: terms are not used here"));
                    continue;
                }
                // Junk is among the errors.
                _ => continue,
            };
            let mut message = Message {
                id: id.to_owned(),
                place: self.place(id),
                file: self.name.clone(),
                comment: comment.map_or_else(Vec::new, lines),
                texts: Vec::new(),
                variables: BTreeSet::new(),
                selectors: BTreeSet::new(),
            };
            let name_is_plain = id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            let mut faults = Vec::new();
            if !name_is_plain {
                faults.push("is not a name of lower-case words joined by -".to_owned());
            }
            if !attributes.is_empty() {
                faults.push("has attributes; write messages of their own".to_owned());
            }
            match &value {
                Some(pattern) => message.read(pattern, &mut faults),
                None => faults.push("has no text".to_owned()),
            }
            let place = &message.place;
            problems.extend(faults.iter().map(|fault| format!("{place}: {id} {fault}")));
            messages.push(message);
        }
        messages
    }

    /// Where a message begins; the parser does not say.
    fn place(&self, id: &str) -> String {
        let begins = |line: &str| {
            line.strip_prefix(id)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let line = self.text.lines().position(begins).map_or(0, |at| at + 1);
        format!("{}:{line}", self.path)
    }
}

fn lines(comment: Comment<&str>) -> Vec<String> {
    comment.content.into_iter().map(str::to_owned).collect()
}

impl Message {
    /// Collects what a pattern is made of.
    fn read(&mut self, pattern: &Pattern<&str>, faults: &mut Vec<String>) {
        let mut text = String::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.push_str(value),
                PatternElement::Placeable { expression } => match expression {
                    Expression::Inline(InlineExpression::StringLiteral { value }) => {
                        text.push_str(&unescape_unicode_to_string(value));
                    }
                    Expression::Inline(InlineExpression::VariableReference { id }) => {
                        self.variables.insert(id.name.to_owned());
                        self.texts.push(std::mem::take(&mut text));
                    }
                    Expression::Select {
                        selector: InlineExpression::VariableReference { id },
                        variants,
                    } => {
                        self.variables.insert(id.name.to_owned());
                        self.selectors.insert(id.name.to_owned());
                        self.texts.push(std::mem::take(&mut text));
                        for variant in variants {
                            match variant.key {
                                VariantKey::Identifier { name } if !PLURALS.contains(&name) => {
                                    faults.push(format!("chooses [{name}], which is no plural"));
                                }
                                _ => self.read(&variant.value, faults),
                            }
                        }
                    }
                    _ => faults.push(
                        "holds something other than text, variables and choices by number"
                            .to_owned(),
                    ),
                },
            }
        }
        if text.contains('\n') {
            faults.push("has more than one line of text".to_owned());
        }
        self.texts.push(text);
    }

    /// The variables in the order in which the comment declares them.
    fn declared(&self) -> Result<Vec<Variable<'_>>, String> {
        let Self { id, place, .. } = self;
        let mut declared = Vec::new();
        for line in self.comment.iter().filter(|line| line.starts_with('$')) {
            let variable = line[1..].split_once(" (").and_then(|(name, rest)| {
                let (kind, _) = rest.split_once(')')?;
                TYPES
                    .iter()
                    .any(|(known, _)| *known == kind)
                    .then_some(Variable { name, kind })
            });
            let Some(variable) = variable else {
                return Err(format!(
                    "{place}: {line:?} is not of the form $name (text), $name (number) or $name (markup)"
                ));
            };
            if !self.variables.contains(variable.name) {
                return Err(format!("{place}: {id} does not use ${}", variable.name));
            }
            if self.selectors.contains(variable.name) && variable.kind != "number" {
                return Err(format!(
                    "{place}: {id} chooses by ${}, which is no number",
                    variable.name
                ));
            }
            declared.push(variable);
        }
        let is_markup = declared.iter().any(|it| it.kind == "markup");
        if is_markup && self.texts.iter().any(|text| text.contains(['<', '>', '&'])) {
            return Err(format!("{place}: {id} has markup of its own"));
        }
        match self
            .variables
            .iter()
            .find(|used| !declared.iter().any(|it| it.name == **used))
        {
            Some(missing) => Err(format!(
                "{place}: the comment of {id} does not say what ${missing} is"
            )),
            None => Ok(declared),
        }
    }

    /// As Rust, with the message of the other language.
    fn write(&self, rust: &mut String, owner: &str, variables: &[Variable<'_>], other: &Self) {
        for line in self.comment.iter().filter(|line| !line.starts_with('$')) {
            let _ = writeln!(rust, "/// {line}");
        }
        let name = self.id.replace('-', "_");
        if variables.is_empty() {
            let (english, japanese) = (self.texts.concat(), other.texts.concat());
            let _ = writeln!(
                rust,
                "pub(in {owner}) const {}: Text = Text::new({english:?}, {japanese:?});",
                name.to_uppercase()
            );
            return;
        }
        let is_markup = variables.iter().any(|it| it.kind == "markup");
        let mut parameters = String::new();
        let mut values = String::new();
        for Variable { name, kind } in variables {
            let parameter = name.replace('-', "_");
            let rust_type = TYPES.iter().find(|(known, _)| known == kind);
            let rust_type = rust_type.map_or("", |(_, rust_type)| rust_type);
            let _ = write!(parameters, ", {parameter}: {rust_type}");
            let value = match (*kind, is_markup) {
                ("number", _) => format!("{parameter}.value()"),
                ("markup", _) => format!("{parameter}.0.as_str().into()"),
                (_, true) => format!("maud::html! {{ ({parameter}) }}.0.into()"),
                (_, false) => format!("{parameter}.into()"),
            };
            let _ = write!(values, "(\"{name}\", {value}), ");
        }
        let id = &self.id;
        let said = format!("MESSAGES.say(language, \"{id}\", [{values}])");
        let (output, said) = if is_markup {
            ("Markup", format!("maud::PreEscaped({said})"))
        } else {
            ("String", said)
        };
        let _ = writeln!(
            rust,
            "pub(in {owner}) fn {name}(language: Language{parameters}) -> {output} {{ {said} }}"
        );
    }
}
