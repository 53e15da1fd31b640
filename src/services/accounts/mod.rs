//! Whose account on a shared service an address names: where anybody may open one, the domain alone does not say who
//! receives.
//!
//! It reads addresses as they are stored, after redaction: what stands there in place of a token is its shape and a
//! keyed hash, so the same account gives the same text within one installation. Where redaction left no hash, accounts
//! cannot be told apart, and the answer is `None`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Stands in a template where the account is.
const ACCOUNT: &str = "{}";

/// How the addresses of a service name an account.
#[derive(Clone, Copy, Debug)]
struct Template {
    host: &'static str,
    /// Without the first slash.
    path: &'static str,
    /// Name of the parameter, or empty.
    parameter: &'static str,
}

/// By the last two labels of the host.
static TEMPLATES: LazyLock<HashMap<&'static str, Vec<Template>>> = LazyLock::new(|| {
    let mut templates: HashMap<&'static str, Vec<Template>> = HashMap::new();
    for template in super::lines(include_str!("../accounts.tsv")).map(Template::of) {
        let key = last_two(template.host);
        templates.entry(key).or_default().push(template);
    }
    templates
});

/// The text in an address of a shared service that names the account: `G-ABCDE12345`, a bucket, a bot's token as it
/// is stored. The host is in lower case, the query without its question mark. `None` if the service is none of the
/// list, or if the account cannot be told.
pub fn account<'a>(host: &'a str, path: &'a str, query: &'a str) -> Option<&'a str> {
    let mut fitting = TEMPLATES.get(last_two(host))?.iter();
    fitting
        .find_map(|template| template.find(host, path, query))
        .filter(|text| tells(text))
}

/// Whether anybody may open an account at this host: then its name does not say who receives.
pub fn has_accounts(host: &str) -> bool {
    let fits =
        |template: &Template| captured(template.host.rsplit('.'), host.rsplit('.')).is_some();
    TEMPLATES
        .get(last_two(host))
        .is_some_and(|templates| templates.iter().any(fits))
}

impl Template {
    fn of(line: &'static str) -> Self {
        let (place, query) = line.split_once('?').unwrap_or((line, ""));
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        let parameter = query.split('=').next().unwrap_or("");
        Self {
            host,
            path,
            parameter,
        }
    }

    fn find<'a>(&self, host: &'a str, path: &'a str, query: &'a str) -> Option<&'a str> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let in_host = captured(self.host.rsplit('.'), host.rsplit('.'))?;
        let in_path = captured(self.path.split('/'), path.split('/'))?;
        if self.parameter.is_empty() {
            return in_host.or(in_path);
        }
        let values = query.split('&').filter_map(|pair| pair.split_once('='));
        values
            .into_iter()
            .find(|(name, _)| *name == self.parameter)
            .map(|(_, value)| value)
    }
}

/// `None` if the parts do not fit the pattern; else the one at the account's place, if it has one.
fn captured<'a>(
    pattern: impl Iterator<Item = &'static str>,
    mut parts: impl Iterator<Item = &'a str>,
) -> Option<Option<&'a str>> {
    let mut found = None;
    for wanted in pattern.filter(|wanted| !wanted.is_empty()) {
        let part = parts.next()?;
        match wanted.strip_suffix('*') {
            _ if wanted == ACCOUNT => found = Some(part),
            Some(beginning) if part.starts_with(beginning) => {}
            None if part == wanted => {}
            _ => return None,
        }
    }
    Some(found)
}

fn last_two(host: &str) -> &str {
    let last = host.rfind('.').unwrap_or(0);
    let dot = host.get(..last).and_then(|rest| rest.rfind('.'));
    dot.and_then(|dot| host.get(dot + 1..)).unwrap_or(host)
}

/// Whether two accounts would not read the same: a shape without a hash is many values.
fn tells(text: &str) -> bool {
    !matches!(text, "" | "*") && (text.contains('~') || !text.contains('{'))
}

#[cfg(test)]
mod tests;
