//! What Grafana and its ClickHouse plugin do with a text before it is sent: variables first, then macros.
//!
//! Made after what both document. Anything else that begins with `$` fails: a macro of a newer plugin, a variable without
//! the one format that is safe.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What `encodeURIComponent` leaves as it is, less what Grafana encodes on top.
const LEFT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What somebody has chosen: a name, one value or several.
pub(super) type Chosen = BTreeMap<String, Vec<String>>;

/// A range of time in seconds, and the width of what is put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) step: i64,
}

/// Puts in values and times.
pub(super) fn expand(sql: &str, chosen: &Chosen, range: Range) -> String {
    with_macros(&with_values(sql, chosen), range)
}

/// `${name:percentencode}`: of several values, the list in braces is encoded.
pub(super) fn encoded(values: &[String]) -> String {
    let text = match values {
        [one] => one.clone(),
        several => format!("{{{}}}", several.join(",")),
    };
    utf8_percent_encode(&text, LEFT).to_string()
}

fn with_values(sql: &str, chosen: &Chosen) -> String {
    let mut parts = sql.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, rest) = part.split_once('}').expect("a variable ends");
        let name = inside.strip_suffix(":percentencode");
        let name = name.unwrap_or_else(|| panic!("${{{inside}}} is not safe in SQL: {sql}"));
        let values = chosen.get(name);
        out += &encoded(values.unwrap_or_else(|| panic!("no variable {name}: {sql}")));
        out += rest;
    }
    out
}

fn with_macros(sql: &str, range: Range) -> String {
    let Range { from, to, step } = range;
    let mut parts = sql.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, rest) = part.split_at(end.unwrap_or(part.len()));
        let argument = || {
            let inside = rest.strip_prefix('(').and_then(|it| it.split_once(')'));
            inside.unwrap_or_else(|| panic!("${name} wants a column: {sql}"))
        };
        match name {
            "__fromTime" => out += &format!("toDateTime({from}){rest}"),
            "__toTime" => out += &format!("toDateTime({to}){rest}"),
            "__timeFilter" => {
                let (c, rest) = argument();
                out += &format!("{c} >= toDateTime({from}) AND {c} <= toDateTime({to}){rest}");
            }
            "__timeInterval" => {
                let (c, rest) = argument();
                out += &format!("toStartOfInterval(toDateTime({c}), INTERVAL {step} second){rest}");
            }
            // The end of a pattern, as in 'x$'.
            "" if rest.starts_with('\'') => out += &format!("${rest}"),
            other => panic!("no macro ${other} is known: {sql}"),
        }
    }
    out
}

#[test]
fn texts_are_expanded_as_the_plugin_does() {
    let range = Range {
        from: 10,
        to: 20,
        step: 5,
    };
    let chosen = |values: &[&str]| {
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        Chosen::from([("site".to_owned(), values)])
    };
    for (sql, values, expanded) in [
        (
            "$__timeFilter(at)",
            &["x"][..],
            "at >= toDateTime(10) AND at <= toDateTime(20)",
        ),
        (
            "$__timeInterval(at) AS time",
            &["x"],
            "toStartOfInterval(toDateTime(at), INTERVAL 5 second) AS time",
        ),
        (
            "at >= $__fromTime AND at < $__toTime",
            &["x"],
            "at >= toDateTime(10) AND at < toDateTime(20)",
        ),
        ("'${site:percentencode}'", &["shop-1"], "'shop-1'"),
        ("'${site:percentencode}'", &["a", "b"], "'%7Ba%2Cb%7D'"),
        (
            "'${site:percentencode}'",
            &["\\' OR (1)"],
            "'%5C%27%20OR%20%281%29'",
        ),
        ("'${site:percentencode}'", &["茶"], "'%E8%8C%B6'"),
        ("'x$'", &["x"], "'x$'"),
    ] {
        assert_eq!(expand(sql, &chosen(values), range), expanded, "{sql}");
    }
}
