//! Every text of the pages, out of `src/web/messages/<language>/<room>.ftl`, in the format of
//! [Fluent](https://projectfluent.org/fluent/guide/). [`Text`] is one that never changes; texts with variables are
//! functions, which take the language. Both are made by `build/messages/` when the product is built.
//!
//! How to add a text:
//!
//! 1. Write it into the same file of **both** languages, on one line: `no-alerts = No alerts here.` and
//!    `no-alerts = 該当するアラートはありません。`. Pages say `reader.t(words::NO_ALERTS)`. An id stands once in
//!    all files of a language.
//! 2. With variables, say above the English one what it is and what each variable is, in the order of the parameters:
//!
//!    ```ftl
//!    # How many merchants have alerts.
//!    # $count (number)
//!    # $name (text) - of the organization
//!    with-alerts = { $count ->
//!        [one] 1 merchant
//!       *[other] { $count } merchants
//!    } of { $name }
//!    ```
//!
//!    Japanese has no plural: `with-alerts = { $name }の{ $count }加盟店`. Pages say
//!    `words::with_alerts(reader.language, count, &name)` and get a `String`. `(text)` is `&str`; `(number)` is any
//!    unsigned number, shown in groups of digits; `(markup)` is `&Markup`, for a link or a moment within a sentence, and
//!    makes the function return `Markup` (the other variables are escaped).
//! 3. What chooses between messages by an enum is a function in this folder: `words::state(state)`.
//!
//! The rule: a page takes its texts from here. A text that is missing in a language, has another variable there, or is
//! shown nowhere does not compile; tests/it/messages.rs looks for texts in the pages, and for English in Japanese.

mod about_alert;
mod alert;
mod cases;
mod fate;
mod general;
mod overview;
mod people;
mod portfolio;
mod site;
mod steps;
mod verdicts;
mod when;

pub(super) use about_alert::*;
pub(super) use alert::*;
pub(super) use cases::*;
pub(super) use fate::*;
pub(super) use general::*;
pub(super) use overview::*;
pub(super) use people::*;
pub(super) use portfolio::*;
pub(super) use site::*;
pub(super) use steps::*;
pub(super) use verdicts::*;
pub(super) use when::*;

pub(super) use crate::language::Text;

/// What the message files hold.
#[deny(dead_code, reason = "nobody translates what nobody shows")]
#[expect(
    clippy::too_many_arguments,
    reason = "as many as there are in the sentence"
)]
mod messages {
    use maud::Markup;

    use crate::language::{Language, Messages, Number, Text};

    include!(concat!(env!("OUT_DIR"), "/src_web_messages.rs"));
}
pub(super) use messages::*;
