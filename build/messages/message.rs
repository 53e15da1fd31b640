//! [`Message`]: one message of a file, and what is wrong with it.

use std::collections::BTreeSet;

use fluent_syntax::ast::{
    Comment, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;

use super::rust::TYPES;

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
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
}

impl File {
    /// The messages in it; what is wrong with them goes to `problems`.
    pub(super) fn messages(&self, problems: &mut Vec<String>) -> Vec<Message> {
        let resource = match parser::parse(self.text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let before = self.text.bytes().take(error.pos.start);
                    let line = before.filter(|byte| *byte == b'\n').count() + 1;
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
    pub(super) fn declared(&self) -> Result<Vec<Variable<'_>>, String> {
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
}
