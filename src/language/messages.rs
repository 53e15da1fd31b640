//! Texts out of message files, which build/messages/ turns into constants of [`Text`] and functions over [`Messages`].
//!
//! The rule: what could be missing is found when the product is built; so nothing here fails.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Language;

/// A text in every language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    english: &'static str,
    japanese: &'static str,
}

impl Text {
    /// Both of it.
    pub(crate) const fn new(english: &'static str, japanese: &'static str) -> Self {
        Self { english, japanese }
    }

    /// The text in one language.
    pub(crate) fn of(self, language: Language) -> &'static str {
        language.pick(self.english, self.japanese)
    }
}

/// The messages of a room, for those with variables.
pub(crate) struct Messages {
    english: FluentBundle<FluentResource>,
    japanese: FluentBundle<FluentResource>,
}

impl Messages {
    /// Of message files that the build has read before.
    pub(crate) fn new(english: &str, japanese: &str) -> Self {
        Self {
            english: bundle(Language::En, english),
            japanese: bundle(Language::Ja, japanese),
        }
    }

    /// A message with its values.
    pub(crate) fn say<const N: usize>(
        &self,
        language: Language,
        id: &str,
        values: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let bundle = language.pick(&self.english, &self.japanese);
        let args = FluentArgs::from_iter(values);
        let mut errors = Vec::new();
        let pattern = bundle.get_message(id).and_then(|it| it.value());
        let pattern = pattern.expect("the build named a message of these files");
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        text.into_owned()
    }
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().expect("tags are of BCP 47");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Whatever strangers wrote is made harmless where it is shown.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(in_groups(&number.as_string())),
        _ => None,
    }));
    let resource = FluentResource::try_new(source.to_owned());
    let resource = resource.map_err(|(_, errors)| errors);
    let added = bundle.add_resource(resource.expect("the build has parsed it"));
    added.expect("no message stands there twice: the build looked");
    bundle
}

/// A number's digits in groups of three.
pub(crate) fn in_groups(number: &str) -> String {
    let mut text = String::with_capacity(number.len() * 4 / 3);
    for (i, digit) in number.chars().enumerate() {
        if i > 0 && (number.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What messages count: whole numbers, and digits that stand in groups already.
pub(crate) trait Number {
    /// As Fluent knows it.
    fn value(self) -> FluentValue<'static>;
}

macro_rules! whole {
    ($($number:ty)+) => {
        $(impl Number for $number {
            fn value(self) -> FluentValue<'static> {
                FluentNumber::from(self).into()
            }
        })+
    };
}
whole!(u8 u32 u64 usize);

impl Number for &str {
    /// Only what figures are made of remains, so that it may stand in markup.
    fn value(self) -> FluentValue<'static> {
        match self.parse::<u64>() {
            Ok(number) => number.value(),
            Err(_) => self
                .chars()
                .filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '–'))
                .collect::<String>()
                .into(),
        }
    }
}

impl Number for &String {
    fn value(self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_messages_make_of_values() {
        let english =
            "many = { $who } has { $n ->\n    [0] none\n    [one] one\n   *[other] { $n }\n}\n";
        let messages = Messages::new(english, "many = { $who }は{ $n }件\n");
        let say = |language, who: &str, n| {
            messages.say(language, "many", [("who", who.into()), ("n", n)])
        };
        for (n, english, japanese) in [
            (0_u8.value(), "A has none", "Aは0件"),
            (1_u64.value(), "A has one", "Aは1件"),
            (999_usize.value(), "A has 999", "Aは999件"),
            (1_234_567_u32.value(), "A has 1,234,567", "Aは1,234,567件"),
            ("1".value(), "A has one", "Aは1件"),
            ("12,345".value(), "A has 12,345", "Aは12,345件"),
            ("<1>".value(), "A has 1", "Aは1件"),
        ] {
            assert_eq!(say(Language::En, "A", n.clone()), english);
            assert_eq!(say(Language::Ja, "A", n), japanese);
        }
        // What strangers wrote is no message.
        let stranger = "{ $n } \u{2068}x";
        assert_eq!(
            say(Language::Ja, stranger, 2_u8.value()),
            format!("{stranger}は2件")
        );
    }
}
