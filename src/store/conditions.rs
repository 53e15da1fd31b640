//! `WHERE`, put together from fixed texts and server-side parameters.

use clickhouse::query::Query;

use crate::clock::Timestamp;
use crate::ids::{SegmentId, SiteId};
use crate::scope::Scope;

/// Longer lists of sites do not travel with each query.
pub(super) const INLINE_SITES: usize = 500;

/// The sites of a list that ClickHouse knows.
const IN_PORTFOLIO: &str =
    "site IN (SELECT site FROM portfolios WHERE portfolio = {scope:UInt128})";

/// Conditions that must all hold. The texts are constants of this program; values go beside them.
#[derive(Debug)]
pub(super) struct Conditions {
    texts: Vec<&'static str>,
    values: Vec<(&'static str, Value)>,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Texts(Vec<String>),
    Number(i64),
    Numbers(Vec<u64>),
    Unsigned(u64),
}

impl Conditions {
    /// Begins with the scope, so that no query can be put together without one. A long list of sites must be
    /// [known](super::Store::within) to ClickHouse.
    pub(super) fn of_scope(scope: &Scope) -> Self {
        let mut conditions = Self {
            texts: Vec::new(),
            values: Vec::new(),
        };
        match scope.portfolio() {
            None => {}
            Some(portfolio) if portfolio.sites().len() <= INLINE_SITES => {
                let sites = portfolio.sites().iter().map(SiteId::to_string).collect();
                conditions.texts.push("site IN {scope:Array(String)}");
                conditions.values.push(("scope", Value::Texts(sites)));
            }
            Some(portfolio) => {
                let digest = portfolio.digest().to_string();
                conditions.texts.push(IN_PORTFOLIO);
                conditions.values.push(("scope", Value::Text(digest)));
            }
        }
        conditions
    }

    /// Adds a condition on a text, if there is one.
    pub(super) fn text(&mut self, sql: &'static str, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.texts.push(sql);
            self.values.push((name, Value::Text(value.to_owned())));
        }
    }

    /// Adds a condition without a value of its own.
    pub(super) fn fixed(&mut self, sql: &'static str) {
        self.texts.push(sql);
    }

    /// Adds a condition on a list of texts.
    pub(super) fn texts(&mut self, sql: &'static str, name: &'static str, values: Vec<String>) {
        self.texts.push(sql);
        self.values.push((name, Value::Texts(values)));
    }

    /// Adds that it is at one of these sites.
    pub(super) fn sites(&mut self, sites: &[SiteId]) {
        let names = sites.iter().map(SiteId::to_string).collect();
        self.texts("site IN {sites:Array(String)}", "sites", names);
    }

    /// Adds the moments of receipt: from one on, and before another, as far as they are set.
    pub(super) fn between(&mut self, since: Option<Timestamp>, until: Option<Timestamp>) {
        self.number(
            "received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')",
            "since",
            since.map(|t| t.0),
        );
        self.number(
            "received_at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')",
            "until",
            until.map(|t| t.0),
        );
    }

    /// Adds a condition on a list of numbers.
    pub(super) fn numbers(&mut self, sql: &'static str, name: &'static str, values: Vec<u64>) {
        self.texts.push(sql);
        self.values.push((name, Value::Numbers(values)));
    }

    /// Adds a condition on a number, if there is one.
    pub(super) fn number(&mut self, sql: &'static str, name: &'static str, value: Option<i64>) {
        if let Some(value) = value {
            self.texts.push(sql);
            self.values.push((name, Value::Number(value)));
        }
    }

    /// Adds a condition on a number of 64 bits, if there is one.
    pub(super) fn unsigned(&mut self, sql: &'static str, name: &'static str, value: Option<u64>) {
        if let Some(value) = value {
            self.texts.push(sql);
            self.values.push((name, Value::Unsigned(value)));
        }
    }

    /// Gives a value that an earlier condition names too.
    pub(super) fn value(&mut self, name: &'static str, value: u64) {
        self.values.push((name, Value::Unsigned(value)));
    }

    /// The `WHERE` clause, empty if everything may be seen.
    pub(super) fn clause(&self) -> String {
        if self.texts.is_empty() {
            String::new()
        } else {
            format!("\n    WHERE {}", self.texts.join("\n      AND "))
        }
    }

    /// Gives the query its values.
    pub(super) fn fill(self, query: Query) -> Query {
        self.values
            .into_iter()
            .fold(query, |query, (name, value)| match value {
                Value::Text(text) => query.param(name, text),
                Value::Texts(texts) => query.param(name, texts),
                Value::Number(number) => query.param(name, number),
                Value::Numbers(numbers) => query.param(name, numbers),
                Value::Unsigned(number) => query.param(name, number),
            })
    }
}

/// Gives a query about one segment its values.
pub(super) fn of_segment(query: Query, id: SegmentId) -> Query {
    query
        .param("collector", id.collector.to_string())
        .param("segment", id.number())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrganizationId;

    fn scope(count: usize) -> Scope {
        let site = |n| SiteId::new(&format!("shop-{n}")).expect("a plain id");
        let organization = OrganizationId::new("psp").expect("a plain id");
        Scope::of(organization, (0..count).map(site).collect())
    }

    #[test]
    fn scope_is_always_first() {
        assert_eq!(Conditions::of_scope(&Scope::Operator).clause(), "");
        let nobody = Conditions::of_scope(&scope(0));
        assert!(nobody.clause().contains("site IN {scope:"));
        let many = Conditions::of_scope(&scope(INLINE_SITES + 1));
        assert!(many.clause().contains("{scope:UInt128}"));
        let mut one = Conditions::of_scope(&scope(1));
        one.text("directive = {directive:String}", "directive", Some("x"));
        let clause = one.clause();
        let (scope, directive) = (clause.find("{scope:"), clause.find("{directive:"));
        assert!(scope.is_some() && scope < directive, "{clause}");
    }
}
