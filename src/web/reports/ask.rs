//! What somebody asks of the reports: [`Asked`] is the query string as it was typed, and what it means.
//!
//! The rule: what cannot be understood is told beside its field, and nothing that was typed is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use actix_web::web::Query;

use super::super::access::encoded;
use super::super::words::{self, Text};
use crate::clock::Timestamp;
use crate::enrich::Family;
use crate::ids::SiteId;
use crate::normalize::{Directive, Label, PageKind};
use crate::store::{Cursor, Hexadecimal, ReportFilter};

/// Longest value of a field, in bytes.
const MAX_VALUE_BYTES: usize = 512;

/// The longest time that can be asked for.
const LONGEST: Duration = Duration::from_secs(400 * 86_400);

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Site,
    Destination,
    Host,
    Directive,
    Disposition,
    PageKind,
    Type,
    Label,
    Browser,
    Country,
    Network,
    Card,
    Policy,
    Range,
    From,
    To,
}

/// Times up to now that can be asked for by a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
}

/// The query string as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    values: BTreeMap<Field, String>,
    after: Option<String>,
}

/// What it means.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) filter: ReportFilter,
    pub(super) after: Option<Cursor>,
    /// The time that is asked for: its end is now, unless one was given.
    pub(super) span: (Timestamp, Timestamp),
    pub(super) ends_now: bool,
}

impl Meant {
    /// Whether the page renews itself: if it is the newest reports, and of no more than a day. Longer ones cost too much
    /// to be asked for again and again.
    pub(super) fn is_live(&self) -> bool {
        let (from, to) = self.span;
        self.ends_now && self.after.is_none() && to.minus(Range::Day.length()) <= from
    }
}

/// What is wrong with which field.
pub(super) type Wrong = BTreeMap<Field, Text>;

impl Field {
    pub(super) const ALL: [Self; 16] = [
        Self::Site,
        Self::Destination,
        Self::Host,
        Self::Directive,
        Self::Disposition,
        Self::PageKind,
        Self::Type,
        Self::Label,
        Self::Browser,
        Self::Country,
        Self::Network,
        Self::Card,
        Self::Policy,
        Self::Range,
        Self::From,
        Self::To,
    ];

    /// Its name in the query string, which is that of the API where it has one.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Destination => "destination",
            Self::Host => "host",
            Self::Directive => "directive",
            Self::Disposition => "disposition",
            Self::PageKind => "page_kind",
            Self::Type => "type",
            Self::Label => "label",
            Self::Browser => "browser",
            Self::Country => "country",
            Self::Network => "network",
            Self::Card => "card_number",
            Self::Policy => "policy",
            Self::Range => "range",
            Self::From => "from",
            Self::To => "to",
        }
    }

    /// What may stand in it, if that is a closed set.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::Directive => Directive::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Disposition => vec!["enforce", "report", "unknown"],
            Self::PageKind => PageKind::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Label => Label::ALL.iter().map(|it| it.as_str()).collect(),
            Self::Browser => {
                let all = Family::ALL.iter().map(|it| it.as_str());
                all.filter(|word| !word.is_empty()).collect()
            }
            Self::Card => vec!["true", "false"],
            Self::Range => Range::ALL.iter().map(|it| it.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it says when, and not what.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Range | Self::From | Self::To)
    }
}

impl Range {
    pub(super) const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::Hour => 3600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
            Self::Month => 30 * 86_400,
            Self::Quarter => 90 * 86_400,
        })
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl Asked {
    /// What the query string holds; of a field that stands there twice, the last.
    pub(super) fn read(query: &str) -> Self {
        let pairs = Query::<Vec<(String, String)>>::from_query(query);
        let mut asked = Self::default();
        for (name, value) in pairs.map(Query::into_inner).unwrap_or_default() {
            let field = Field::ALL.into_iter().find(|field| field.name() == name);
            let value = value.trim().to_owned();
            if let Some(field) = field.filter(|_| !value.is_empty()) {
                asked.values.insert(field, value);
            } else if name == "after" && !value.is_empty() {
                asked.after = Some(value);
            }
        }
        asked
    }

    /// What was typed into a field; empty if nothing was.
    pub(super) fn value(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// The fields with something in them, times apart.
    pub(super) fn set(&self) -> impl Iterator<Item = (Field, &str)> {
        let some = self.values.iter().filter(|(field, _)| !field.is_time());
        some.map(|(field, value)| (*field, value.as_str()))
    }

    /// Whether any of these has something in it.
    pub(super) fn has_any(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.values.contains_key(field))
    }

    /// The same with another value in a field; an empty one takes it out. It begins at the first page.
    pub(super) fn with(&self, field: Field, value: &str) -> Self {
        let mut changed = self.clone();
        changed.after = None;
        if value.is_empty() {
            changed.values.remove(&field);
        } else {
            changed.values.insert(field, value.to_owned());
        }
        changed
    }

    /// The same of this time and no other.
    pub(super) fn between(&self, from: Timestamp, to: Timestamp) -> Self {
        let narrowed = self.with(Field::Range, "");
        let narrowed = narrowed.with(Field::From, &typed(from));
        narrowed.with(Field::To, &typed(to))
    }

    /// The address of a page with this question.
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = self
            .values
            .iter()
            .map(|(field, value)| (field.name(), value.as_str()));
        let pairs = own.chain(more.iter().copied());
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    /// What it means, or what is wrong with it.
    pub(super) fn meant(&self, now: Timestamp) -> Result<Meant, Wrong> {
        let mut wrong = Wrong::new();
        let (since, until) = self.span(now, &mut wrong);
        let mut text = |field: Field| self.text(field, &mut wrong);
        let mut filter = ReportFilter {
            destinations: text(Field::Destination).into_iter().collect(),
            host: text(Field::Host),
            label: text(Field::Label),
            directive: text(Field::Directive),
            disposition: text(Field::Disposition),
            page_kind: text(Field::PageKind),
            report_type: text(Field::Type),
            browser: text(Field::Browser),
            country: text(Field::Country),
            card: text(Field::Card).map(|it| it == "true"),
            since: Some(since),
            until,
            ..ReportFilter::default()
        };
        let mut number = |field: Field| {
            let read = self.values.get(&field)?.parse::<Hexadecimal>();
            read.map_err(|_cause| wrong.insert(field, words::NOT_HEXADECIMAL))
                .ok()
                .map(|it| it.0)
        };
        filter.network = number(Field::Network);
        filter.policy = number(Field::Policy);
        if let Some(site) = self.values.get(&Field::Site) {
            let site = SiteId::new(site).map_err(|_cause| wrong.insert(Field::Site, words::NO_ID));
            filter.site = site.ok();
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let after = self.after.as_deref().and_then(|it| it.parse().ok());
        Ok(Meant {
            filter,
            after,
            span: (since, until.unwrap_or(now)),
            ends_now: until.is_none(),
        })
    }

    /// A text as rows have it.
    fn text(&self, field: Field, wrong: &mut Wrong) -> Option<String> {
        let value = self.values.get(&field)?;
        let known: BTreeSet<&str> = field.words().into_iter().collect();
        let problem = if value.len() > MAX_VALUE_BYTES {
            Some(words::TOO_LONG)
        } else if !known.is_empty() && !known.contains(value.as_str()) {
            Some(words::NO_WORD)
        } else if field == Field::Country
            && !(value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic()))
        {
            Some(words::NO_COUNTRY)
        } else {
            None
        };
        if let Some(problem) = problem {
            wrong.insert(field, problem);
            return None;
        }
        Some(match field {
            Field::Country => value.to_ascii_uppercase(),
            Field::Destination | Field::Host => value.to_lowercase(),
            _ => value.clone(),
        })
    }

    /// From when to when. Moments that are given count more than a word; without either, it is a month.
    fn span(&self, now: Timestamp, wrong: &mut Wrong) -> (Timestamp, Option<Timestamp>) {
        let mut moment = |field: Field| {
            let text = self.values.get(&field)?;
            let read = moment(text);
            if read.is_none() {
                wrong.insert(field, words::NO_MOMENT);
            }
            read
        };
        let (from, to) = (moment(Field::From), moment(Field::To));
        let range = match self.values.get(&Field::Range) {
            None => Range::Month,
            Some(word) => Range::of_word(word).unwrap_or_else(|| {
                wrong.insert(Field::Range, words::NO_WORD);
                Range::Month
            }),
        };
        let end = to.unwrap_or(now);
        let begin = from.unwrap_or_else(|| end.minus(range.length()));
        if begin >= end {
            let field = if to.is_some() { Field::To } else { Field::From };
            wrong.entry(field).or_insert(words::ENDS_BEFORE);
        } else if end.minus(LONGEST) > begin {
            wrong.entry(Field::From).or_insert(words::TOO_FAR_BACK);
        }
        (begin, to)
    }
}

/// A moment as the field for one writes it, in UTC.
fn typed(at: Timestamp) -> String {
    let text = at.to_string();
    text.get(..19).unwrap_or(&text).to_owned()
}

/// A moment as fields for one write it, which is UTC, or as programs do.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.replace(' ', "T");
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text,
    };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_193_243_936);

    #[test]
    fn what_is_typed_is_understood_or_told() {
        for (query, wrong) in [
            ("", &[][..]),
            ("lang=ja&nonsense=1&after=x", &[]),
            ("site=shop-1&destination=Evil.Example&country=jp", &[]),
            ("site=a/b", &[Field::Site]),
            (
                "directive=connect-src&page_kind=checkout&card_number=true",
                &[],
            ),
            (
                "directive=x&page_kind=y&card_number=z&label=l&browser=b",
                &[
                    Field::Directive,
                    Field::PageKind,
                    Field::Label,
                    Field::Browser,
                    Field::Card,
                ],
            ),
            ("network=00000000000000ff&policy=ff", &[Field::Policy]),
            ("country=japan", &[Field::Country]),
            ("range=7d", &[]),
            ("range=8d", &[Field::Range]),
            ("from=2025-12-01T00:00&to=2025-12-02", &[]),
            ("from=2025-12-01 00:00:00", &[]),
            ("from=yesterday", &[Field::From]),
            ("from=2025-12-02T00:00&to=2025-12-01T00:00", &[Field::To]),
            ("from=2030-01-01T00:00", &[Field::From]),
            ("from=2020-01-01T00:00", &[Field::From]),
        ] {
            let meant = Asked::read(query).meant(NOW);
            let told: Vec<Field> = meant.err().unwrap_or_default().into_keys().collect();
            assert_eq!(told, wrong, "{query}");
        }
        let long = format!("host={}", "x".repeat(MAX_VALUE_BYTES + 1));
        let told = Asked::read(&long).meant(NOW).expect_err("too long");
        assert!(told.contains_key(&Field::Host));
    }

    #[test]
    fn a_question_is_its_address() {
        let query = "card_number=true&destination=a%26b&range=7d&after=1-2";
        let asked = Asked::read(query);
        assert_eq!(
            asked.address("/reports", &[]),
            "/reports?destination=a%26b&card_number=true&range=7d"
        );
        let narrowed = asked.between(Timestamp(0), Timestamp(60_000));
        let again = Asked::read(narrowed.address("", &[]).trim_start_matches('?'));
        assert_eq!(again, narrowed);
        let meant = narrowed.meant(NOW).expect("understood");
        assert_eq!(meant.span, (Timestamp(0), Timestamp(60_000)));
        assert!(!meant.ends_now && meant.after.is_none());
        assert_eq!(meant.filter.destinations, ["a&b"]);
        assert_eq!(asked.with(Field::Card, "").set().count(), 1);
    }
}
