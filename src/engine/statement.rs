//! A request's text, taken apart: where an INSERT's data begins, and which format a result shall have. [`Statement`] is the
//! type to know.

use super::guard::{Kind, Token, tokens};

/// What a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// An INSERT whose data follows.
    Insert {
        /// The statement up to its FORMAT or VALUES.
        head: String,
        /// The data's format.
        format: String,
        /// Where the data begins in the text, in bytes.
        data: usize,
    },
    /// Anything else.
    Other {
        /// The format that the statement names for its result.
        format: Option<String>,
    },
}

impl Statement {
    /// Takes a text apart. `default_format` is that of an INSERT which names none.
    pub(super) fn read(text: &str, default_format: Option<&str>) -> Self {
        read_insert(text, default_format).unwrap_or_else(|| Self::Other {
            format: result_format(text),
        })
    }
}

/// Whether the first word is INSERT.
pub(super) fn starts_insert(text: &str) -> bool {
    tokens(text).next().is_some_and(|token| token.is("INSERT"))
}

/// `INSERT INTO [TABLE] [FUNCTION] name [(columns)] [SETTINGS …] (FORMAT f | VALUES) data`; `None` for anything else, such
/// as an INSERT … SELECT.
fn read_insert(text: &str, default_format: Option<&str>) -> Option<Statement> {
    let mut tokens = tokens(text).peekable();
    tokens.next_if(|token| token.is("INSERT"))?;
    tokens.next_if(|token| token.is("INTO"));
    tokens.next_if(|token| token.is("TABLE"));
    if tokens.next_if(|token| token.is("FUNCTION")).is_none() {
        // The name may itself be "values" or "format".
        loop {
            let part = tokens.next()?;
            if part.is_mark('{') {
                tokens.by_ref().find(|token| token.is_mark('}'))?;
            }
            if tokens.next_if(|token| token.is_mark('.')).is_none() {
                break;
            }
        }
    }
    let (mut depth, mut end) = (0_usize, 0);
    while let Some(token) = tokens.next() {
        if token.is_mark('(') {
            depth += 1;
        } else if token.is_mark(')') {
            depth = depth.saturating_sub(1);
        } else if has_no_data(&token, depth) {
            return None;
        } else if depth == 0 && token.is("VALUES") {
            return Some(insert(text, token.start, "Values", token.end()));
        } else if depth == 0 && token.is("FORMAT") {
            let format = tokens.next()?;
            let data = data_start(text, format.end());
            return Some(insert(text, token.start, format.name()?, data));
        }
        end = token.end();
    }
    let format = default_format.unwrap_or("Values");
    Some(insert(text, end, format, text.len()))
}

/// Whether the rows come from a query or a file, not from behind the statement.
fn has_no_data(token: &Token<'_>, depth: usize) -> bool {
    let query = ["SELECT", "WITH", "WATCH"]
        .iter()
        .any(|word| token.is(word));
    (query && depth <= 1) || (depth == 0 && token.is("INFILE"))
}

fn insert(text: &str, head: usize, format: &str, data: usize) -> Statement {
    Statement::Insert {
        head: text[..head].trim_end().to_owned(),
        format: format.to_owned(),
        data,
    }
}

/// Binary data begins after one line break; blanks before it belong to the statement.
fn data_start(text: &str, after: usize) -> usize {
    let rest = &text.as_bytes()[after..];
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
        .count();
    match rest.get(blanks) {
        Some(b'\n') => after + blanks + 1,
        _ => after + blanks,
    }
}

/// The name after the last top-level FORMAT, if only settings follow it.
fn result_format(text: &str) -> Option<String> {
    let (mut depth, mut format, mut settings) = (0_usize, None, false);
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            Kind::Mark if token.is_mark('(') => depth += 1,
            Kind::Mark if token.is_mark(')') => depth = depth.saturating_sub(1),
            Kind::Mark if token.is_mark(';') => {}
            _ if depth == 0 && token.is("FORMAT") => {
                format = tokens
                    .next_if(|next| next.kind == Kind::Word)
                    .map(|name| name.text.to_owned());
                settings = false;
            }
            _ if token.is("SETTINGS") => settings = true,
            // A column or alias called "format", unless we are inside the settings after it.
            _ if !settings => format = None,
            _ => {}
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserts_are_split_where_their_data_begins() {
        for (text, head, format, data) in [
            (
                "INSERT INTO t FORMAT Native\n\x01",
                "INSERT INTO t",
                "Native",
                "\x01",
            ),
            (
                "insert into a.`b` (x, y) values (1,2)",
                "insert into a.`b` (x, y)",
                "Values",
                " (1,2)",
            ),
            (
                "INSERT INTO values VALUES (1)",
                "INSERT INTO values",
                "Values",
                " (1)",
            ),
            (
                "INSERT INTO t SETTINGS a=1 FORMAT TSV \r\nx",
                "INSERT INTO t SETTINGS a=1",
                "TSV",
                "x",
            ),
            (
                "INSERT INTO {d:Identifier}.{t:Identifier} FORMAT CSV 1",
                "INSERT INTO {d:Identifier}.{t:Identifier}",
                "CSV",
                "1",
            ),
            (
                "INSERT INTO t(a) FORMAT RowBinary",
                "INSERT INTO t(a)",
                "RowBinary",
                "",
            ),
            (
                "/* FORMAT X */ INSERT INTO t FORMAT TSV\n\n",
                "/* FORMAT X */ INSERT INTO t",
                "TSV",
                "\n",
            ),
            ("INSERT INTO t (a)", "INSERT INTO t (a)", "Values", ""),
        ] {
            let Statement::Insert {
                head: found,
                format: named,
                data: at,
            } = Statement::read(text, None)
            else {
                panic!("{text} is an insert with data");
            };
            assert_eq!(
                (found.as_str(), named.as_str(), &text[at..]),
                (head, format, data),
                "{text}"
            );
        }
    }

    #[test]
    fn other_statements_name_the_format_of_their_result() {
        for (text, format) in [
            ("select 1", None),
            ("select 1 format JSON", Some("JSON")),
            ("select 1 FORMAT CSV SETTINGS a=1, b='x'", Some("CSV")),
            ("select 1 settings a=1 format Native;", Some("Native")),
            ("select format from t", None),
            ("select (select 1 format JSON)", None),
            ("insert into t select 1", None),
            ("insert into t (a) (select 1)", None),
            ("insert into t with 1 as x select x", None),
        ] {
            let expected = Statement::Other {
                format: format.map(str::to_owned),
            };
            assert_eq!(Statement::read(text, None), expected, "{text}");
        }
    }
}
