//! [`Filter`]: which merchants a list shows, and in which order. It is the query of the address, so that a list can be shared.

use std::cmp::{Ordering, Reverse};
use std::fmt::Write as _;

use serde::Deserialize;

use super::super::access::encoded;
use super::Line;
use crate::store::Reporting;

/// Longest text that is searched for, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// What the address asks for. What cannot be understood asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// In names and ids, in any case.
    pub(super) q: String,
    /// `sending`, `silent`, `unclear`, `never`.
    pub(super) coverage: String,
    pub(super) platform: String,
    /// `js`, `link`.
    pub(super) integration: String,
    pub(super) label: String,
    /// `open`: with alerts that are not closed.
    pub(super) alerts: String,
    /// `name`, `last`, `reports`, `alerts`, with `-` before it for the other way round.
    pub(super) sort: String,
    /// From 1.
    pub(super) page: u32,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Last,
    Reports,
    Alerts,
}

impl Column {
    pub(super) const ALL: [Self; 4] = [Self::Name, Self::Last, Self::Reports, Self::Alerts];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Last => "last",
            Self::Reports => "reports",
            Self::Alerts => "alerts",
        }
    }

    /// The end that whoever asks for a column wants to see first.
    fn compare(self, a: &Line, b: &Line) -> Ordering {
        match self {
            Self::Name => a.site.name.to_lowercase().cmp(&b.site.name.to_lowercase()),
            Self::Last => Reverse(a.last()).cmp(&Reverse(b.last())),
            Self::Reports => Reverse(a.reports()).cmp(&Reverse(b.reports())),
            Self::Alerts => Reverse(a.unresolved).cmp(&Reverse(b.unresolved)),
        }
    }
}

impl Filter {
    /// Whether anything is asked for but an order.
    pub(super) fn is_set(&self) -> bool {
        let texts = [
            &self.q,
            &self.coverage,
            &self.platform,
            &self.integration,
            &self.label,
            &self.alerts,
        ];
        texts.iter().any(|text| !text.is_empty())
    }

    pub(super) fn takes(&self, line: &Line) -> bool {
        let is = |wanted: &str, have: &str| wanted.is_empty() || wanted == have;
        let q: String = self.q.trim().chars().take(MAX_TEXT_CHARS).collect();
        let q = q.to_lowercase();
        let found = || {
            line.site.name.to_lowercase().contains(&q)
                || line.site.id.as_str().to_lowercase().contains(&q)
        };
        (q.is_empty() || found())
            && is(&self.coverage, line.coverage().unwrap_or("unknown"))
            && is(&self.platform, &line.site.platform)
            && is(&self.integration, &line.site.integration)
            && (self.label.is_empty() || line.site.labels.contains(&self.label))
            && (self.alerts != "open" || line.unresolved > 0)
    }

    /// The column, and whether it is the other way round.
    pub(super) fn order(&self) -> (Column, bool) {
        let (word, is_turned) = match self.sort.strip_prefix('-') {
            Some(word) => (word, true),
            None => (self.sort.as_str(), false),
        };
        let column = Column::ALL.into_iter().find(|it| it.word() == word);
        (
            column.unwrap_or(Column::Name),
            is_turned && column.is_some(),
        )
    }

    pub(super) fn sort(&self, lines: &mut [Line]) {
        let (column, is_turned) = self.order();
        lines.sort_by(|a, b| {
            let order = column.compare(a, b);
            let order = if is_turned { order.reverse() } else { order };
            order.then_with(|| a.site.id.cmp(&b.site.id))
        });
    }

    /// The address of the same list in another order: that of a column, or the other way round if it is that already.
    pub(super) fn sorted_by(&self, column: Column) -> String {
        let is_now = self.order() == (column, false);
        let sort = format!("{}{}", if is_now { "-" } else { "" }, column.word());
        Self {
            sort,
            page: 1,
            ..self.clone()
        }
        .address("/sites")
    }

    /// The address of another page of it.
    pub(super) fn at_page(&self, page: u32) -> String {
        Self {
            page,
            ..self.clone()
        }
        .address("/sites")
    }

    /// The address of this list, under a path.
    pub(super) fn address(&self, path: &str) -> String {
        let page = if self.page > 1 {
            self.page.to_string()
        } else {
            String::new()
        };
        let pairs = [
            ("q", &self.q),
            ("coverage", &self.coverage),
            ("platform", &self.platform),
            ("integration", &self.integration),
            ("label", &self.label),
            ("alerts", &self.alerts),
            ("sort", &self.sort),
            ("page", &page),
        ];
        let mut address = path.to_owned();
        let mut mark = '?';
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            // Writing to a String cannot fail.
            let _always = write!(address, "{mark}{name}={}", encoded(value));
            mark = '&';
        }
        address
    }
}

impl Line {
    /// The word of its coverage; none if that cannot be read now.
    pub(super) fn coverage(&self) -> Option<&'static str> {
        let activity = self.activity?;
        Some(activity.map_or("never", |it| Reporting::as_str(it.reporting)))
    }

    fn last(&self) -> Option<i64> {
        Some(self.activity??.last.0)
    }

    fn reports(&self) -> u64 {
        self.activity.flatten().map_or(0, |it| it.reports)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::SiteId;
    use crate::registry::SiteLine;
    use crate::store::SiteActivity;

    fn line(id: &str, name: &str, last: Option<i64>, unresolved: u32) -> Line {
        let activity = last.map(|last| SiteActivity {
            first: Timestamp(0),
            last: Timestamp(last),
            reports: last.unsigned_abs(),
            reporting: Reporting::Silent,
        });
        Line {
            site: SiteLine {
                id: SiteId::new(id).expect("a plain id"),
                name: name.to_owned(),
                platform: "ec-cube".to_owned(),
                integration: "js".to_owned(),
                labels: vec!["tier-1".to_owned()],
            },
            activity: Some(activity),
            unresolved,
        }
    }

    #[test]
    fn what_is_asked_for_is_shown() {
        let all = [line("a", "Tea", None, 0), line("b", "茶の店", Some(5), 2)];
        for (query, shown) in [
            ("", "ab"),
            ("q=TEA", "a"),
            ("q=%E8%8C%B6", "b"),
            ("q=b", "b"),
            ("coverage=never", "a"),
            ("coverage=silent", "b"),
            ("coverage=nonsense", ""),
            ("platform=ec-cube&integration=js&label=tier-1", "ab"),
            ("label=tier", ""),
            ("alerts=open", "b"),
            ("sort=-name", "ba"),
            ("sort=alerts", "ba"),
            ("sort=last", "ba"),
            ("sort=-reports", "ab"),
            ("sort=nonsense", "ab"),
        ] {
            let filter = actix_web::web::Query::<Filter>::from_query(query).expect("a query");
            let mut lines: Vec<Line> = all.iter().filter(|it| filter.takes(it)).cloned().collect();
            filter.sort(&mut lines);
            let found: String = lines.iter().map(|it| it.site.id.as_str()).collect();
            assert_eq!(found, shown, "{query}");
        }
    }

    #[test]
    fn a_list_has_an_address() {
        let filter = Filter {
            q: "a&b".to_owned(),
            sort: "name".to_owned(),
            page: 3,
            ..Filter::default()
        };
        assert_eq!(filter.address("/sites"), "/sites?q=a%26b&sort=name&page=3");
        assert_eq!(
            filter.sorted_by(Column::Name),
            "/sites?q=a%26b&sort=%2Dname"
        );
        assert_eq!(filter.at_page(1), "/sites?q=a%26b&sort=name");
    }
}
