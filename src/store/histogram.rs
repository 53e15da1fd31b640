//! Reports over time, of any that a filter names: from what is summed up by hour or by day, where that is enough.

use std::time::Duration;

use super::client::{Store, within};
use super::error::StoreError;
use super::filter::ReportFilter;
use super::intake::{MAX_SLICES, Slice, milliseconds};
use super::queries;
use crate::scope::Scope;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Where counts come from, and the conditions on time there: whole hours, whole days.
struct Source {
    sql: &'static str,
    fixed: Option<&'static str>,
    since: &'static str,
    until: &'static str,
}

/// The reports themselves; their moments are the filter's own.
const REPORTS: Source = Source {
    sql: queries::SERIES,
    fixed: None,
    since: "received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')",
    until: "received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')",
};

/// What came in of a site or of all, by hour. An erased client's reports stay counted.
const OUTCOMES: Source = Source {
    sql: queries::HOURLY,
    fixed: Some("outcome = 'stored'"),
    since: "hour >= toStartOfHour(fromUnixTimestamp64Milli({from:Int64}, 'UTC'))",
    until: "hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')",
};

/// What the projection `by_destination_day` has as keys.
const DAYS: Source = Source {
    sql: queries::DAILY,
    fixed: None,
    since: "toDate(received_at) >= toDate(fromUnixTimestamp64Milli({from:Int64}, 'UTC'))",
    until: "toDate(received_at) <= toDate(fromUnixTimestamp64Milli({to:Int64} - 1, 'UTC'))",
};

impl Source {
    /// The one that has read the least when it knows.
    fn of(filter: &ReportFilter, step: i64) -> &'static Self {
        let of_site = ReportFilter {
            site: filter.site.clone(),
            ..ReportFilter::default()
        };
        let of_keys = ReportFilter {
            destinations: filter.destinations.clone(),
            directive: filter.directive.clone(),
            disposition: filter.disposition.clone(),
            page_kind: filter.page_kind.clone(),
            ..of_site.clone()
        };
        if *filter == of_keys && step % DAY == 0 {
            &DAYS
        } else if *filter == of_site && step % HOUR == 0 {
            &OUTCOMES
        } else {
            &REPORTS
        }
    }
}

impl Store {
    /// Reports in scope by slices of `step`. The filter's moments are what bounds it; where slices are whole hours or days,
    /// the first and the last are told whole.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn histogram(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        step: Duration,
    ) -> Result<Vec<Slice>, StoreError> {
        let timeless = ReportFilter {
            since: None,
            until: None,
            ..filter.clone()
        };
        let source = Source::of(&timeless, milliseconds(step));
        let mut conditions = timeless.within(self.within(scope).await?);
        if let Some(fixed) = source.fixed {
            conditions.fixed(fixed);
        }
        conditions.number(source.since, "from", filter.since.map(|at| at.0));
        conditions.number(source.until, "to", filter.until.map(|at| at.0));
        let sql = format!(
            "{}{}\n    GROUP BY at\n    ORDER BY at\n    LIMIT {{limit:UInt32}}",
            source.sql,
            conditions.clause()
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("step", milliseconds(step))
            .param("limit", MAX_SLICES);
        within(self.read_timeout, query.fetch_all::<Slice>()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SiteId;

    #[test]
    fn the_least_is_read_that_knows() {
        let site = ReportFilter {
            site: SiteId::new("a").ok(),
            ..ReportFilter::default()
        };
        let destination = ReportFilter {
            destinations: vec!["x.example".to_owned()],
            ..site.clone()
        };
        let label = ReportFilter {
            label: Some("bot".to_owned()),
            ..ReportFilter::default()
        };
        for (name, filter, step, expected) in [
            ("all by day", &ReportFilter::default(), DAY, DAYS.sql),
            ("all by hour", &ReportFilter::default(), HOUR, OUTCOMES.sql),
            (
                "all by minute",
                &ReportFilter::default(),
                60_000,
                REPORTS.sql,
            ),
            ("a site by three hours", &site, 3 * HOUR, OUTCOMES.sql),
            ("a destination by hour", &destination, HOUR, REPORTS.sql),
            ("a destination by day", &destination, DAY, DAYS.sql),
            ("a label by day", &label, DAY, REPORTS.sql),
        ] {
            assert_eq!(Source::of(filter, step).sql, expected, "{name}");
        }
    }
}
