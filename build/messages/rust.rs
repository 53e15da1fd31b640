//! A message as Rust: a constant or a function.

use std::fmt::Write as _;

use super::message::{Message, Variable};

/// What a variable may be, and what it is in Rust.
pub(super) const TYPES: [(&str, &str); 3] = [
    ("text", "&str"),
    ("number", "impl Number"),
    ("markup", "&Markup"),
];

impl Message {
    /// As Rust, with the message of the other language.
    pub(super) fn write(
        &self,
        rust: &mut String,
        owner: &str,
        variables: &[Variable<'_>],
        other: &Self,
    ) {
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
