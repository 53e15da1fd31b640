//! [`Letter`]: what people read, the same by mail and in a chat. Strangers' texts in it are harmless already.

use super::plain::foreign;
use super::story::{MOST_NAMES, Story};
use super::words;
use crate::cases::Alert;
use crate::finding::Severity;
use crate::language::{Language, Text};
use crate::registry::{Addressee, NoticeKind};

/// Most reasons that are told.
const MOST_REASONS: usize = 3;

/// What people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) language: Language,
    /// How urgent the most urgent of it is.
    pub(super) severity: Severity,
    pub(super) title: String,
    pub(super) parts: Vec<Part>,
    /// Where to go on, made of the operator's address and an alert's id alone.
    pub(super) link: Option<String>,
    pub(super) closing: String,
    /// What a mail program may keep it together with: the id of its alert.
    pub(super) thread: Option<String>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A sentence or several.
    Text(String),
    /// What it is, and what that is here.
    Fact(String, String),
    /// What they are, one by one.
    List(String, Vec<String>),
}

impl Letter {
    pub(super) fn of(to: &Addressee, stories: &[Story], public_url: Option<&str>) -> Self {
        let language = to.language;
        let (title, parts) = match stories {
            [story] => (title(to, story), parts(language, story)),
            several => together(to, several, public_url),
        };
        let alert = match stories {
            [story] => story.alert.as_ref().map(|alert| alert.id.to_string()),
            _ => None,
        };
        let severities = stories.iter().map(|story| story.notice.severity);
        Self {
            language,
            severity: severities.max().unwrap_or(Severity::Low),
            title,
            parts,
            link: public_url
                .zip(alert.as_deref())
                .map(|(url, id)| link(url, id)),
            closing: words::closing(
                language,
                &foreign(&to.organization_name),
                &foreign(&to.name),
            ),
            thread: alert,
        }
    }

    pub(super) fn t(&self, text: Text) -> &'static str {
        text.of(self.language)
    }
}

/// The page of an alert.
pub(super) fn link(public_url: &str, alert: &str) -> String {
    format!("{public_url}/alerts/{alert}")
}

/// One line that says how urgent it is and what it is about.
pub(super) fn title(to: &Addressee, story: &Story) -> String {
    let language = to.language;
    let Some(alert) = &story.alert else {
        return words::test(language, &foreign(&to.name));
    };
    let campaign = &alert.campaign;
    let about = words::about(language, campaign.kind, &foreign(&campaign.destination));
    let title = words::title(language, story.notice.kind, about);
    let severity = words::severity(campaign.severity).of(language);
    words::marked(language, severity, &title)
}

fn parts(language: Language, story: &Story) -> Vec<Part> {
    let mut parts = vec![Part::Text(words::news(
        language,
        story.notice.kind,
        &subject(language, story),
    ))];
    let Some(alert) = &story.alert else {
        return parts;
    };
    parts.extend(facts(language, story, alert));
    if matches!(
        story.notice.kind,
        NoticeKind::Contained | NoticeKind::Closed
    ) {
        return parts;
    }
    let campaign = &alert.campaign;
    let reasons = campaign.reasons.iter().filter(|it| it.weight > 0.0);
    let reasons = reasons.take(MOST_REASONS).map(|it| it.text(language));
    let reasons: Vec<String> = reasons.collect();
    if !reasons.is_empty() {
        parts.push(Part::List(pick(language, words::WHY), reasons));
    }
    let first = pick(language, words::first_step(campaign.kind));
    parts.push(Part::Fact(pick(language, words::FIRST), first));
    parts
}

fn facts(language: Language, story: &Story, alert: &Alert) -> Vec<Part> {
    let campaign = &alert.campaign;
    let mut facts = Vec::new();
    let mut fact = |text, value| facts.push(Part::Fact(text, value));
    if !campaign.destination.is_empty() {
        let more = campaign.members.len().saturating_sub(1);
        let named = [foreign(&campaign.destination)];
        fact(
            pick(language, words::DESTINATION),
            words::and_more(language, &named, more),
        );
    }
    if let Some(account) = &campaign.account {
        fact(pick(language, words::ACCOUNT), foreign(account));
    }
    let sites = campaign.sites.iter();
    let names = sites.take(MOST_NAMES);
    let names: Vec<String> = names
        .map(|hit| foreign(story.name(hit.site.as_str())))
        .collect();
    let more = campaign.sites.len() - names.len();
    fact(
        words::merchants(language, campaign.sites.len()),
        words::and_more(language, &names, more),
    );
    fact(
        pick(language, words::SINCE),
        words::moment(language, campaign.first_seen),
    );
    facts
}

/// What is new, in words.
fn subject(language: Language, story: &Story) -> String {
    let subject = story.notice.subject.as_str();
    match story.notice.kind {
        NoticeKind::Worsened => {
            let severity = Severity::of_word(subject);
            severity.map_or(String::new(), |it| pick(language, words::severity(it)))
        }
        NoticeKind::Closed => pick(language, words::cause(subject)),
        NoticeKind::SiteJoined | NoticeKind::Reopened => foreign(story.name(subject)),
        NoticeKind::MemberJoined => foreign(subject),
        // A word of our own.
        _ => subject.to_owned(),
    }
}

/// Several notices: the titles in order, each with what is new and where to go on.
fn together(to: &Addressee, stories: &[Story], public_url: Option<&str>) -> (String, Vec<Part>) {
    let language = to.language;
    let line = |story: &Story| {
        let news = words::news(language, story.notice.kind, &subject(language, story));
        let alert = story.alert.as_ref();
        let link = public_url
            .zip(alert)
            .map(|(url, alert)| format!(" {}", link(url, alert.id.as_str())));
        let at = words::moment(language, story.notice.at);
        format!(
            "{at} {} – {news}{}",
            title(to, story),
            link.unwrap_or_default()
        )
    };
    let title = words::digest(language, stories.len());
    let parts = vec![
        Part::Text(pick(language, words::DIGEST_MORE)),
        Part::List(
            pick(language, words::NEWS_IN_ORDER),
            stories.iter().map(line).collect(),
        ),
    ];
    (title, parts)
}

fn pick(language: Language, text: Text) -> String {
    text.of(language).to_owned()
}
