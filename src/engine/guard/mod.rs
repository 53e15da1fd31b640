//! What a client may not do, and how we know. [`check`] is the function to know; it asks the engine's own parser.
//!
//! libchdb gives everyone the right to read and write files: `file('/etc/passwd')` works with `readonly=1` and without
//! grants. So each statement is looked at before it runs: one statement, of an allowed kind, with allowed table functions
//! and engines, without functions that reach outside. Grants and frozen settings ([`super::setup`]) and the cage
//! ([`super::confine`]) stand behind it: three walls, each of them whole.

mod ast;
mod token;
mod words;

pub(super) use self::ast::is_open_database;
pub(super) use self::token::{Kind, Token, tokens};

use super::connection::{Class, Connection, Params};
use super::result::{Code, Exception};

/// Why a statement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// None, or several.
    #[error("One request holds one statement, this one holds {0}")]
    Count(u32),
    /// SET, USE, SYSTEM, KILL, ATTACH, BACKUP, users, functions, named collections.
    #[error(
        "This kind of statement is not for clients: sessions end with their request, settings go into the URL or a SETTINGS clause"
    )]
    Class,
    /// A root that is not on the list.
    #[error("Statements of the kind {0} are not allowed")]
    Statement(String),
    /// The engine's parse is not a tree that we understand.
    #[error("The statement's structure cannot be checked")]
    Unreadable,
    /// A clause that the parse does not show.
    #[error("The statement holds a part that cannot be checked ({0})")]
    Opaque(String),
    /// A function that reaches outside.
    #[error(
        "The function or name {0} is not allowed: it reaches files, programs or hosts outside the engine"
    )]
    Function(String),
    /// A table function that is not on the list.
    #[error(
        "The table function {0} is not allowed: it may reach files, programs or hosts outside the engine"
    )]
    TableFunction(String),
    /// An engine that is not on the list.
    #[error("The engine {0} is not allowed: tables keep their data in the engine's own directory")]
    Engine(String),
    /// A database that reaches outside.
    #[error("The database {0} is not open: use skimwatch or system")]
    Database(String),
    /// A dictionary, whose source may be anywhere.
    #[error("Dictionaries are not allowed: their sources lie outside the engine")]
    Dictionary,
    /// FROM INFILE, a disk of a table's own, a comment of the face's.
    #[error("The clause {0} is not allowed")]
    Clause(&'static str),
}

impl From<Refusal> for Exception {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::Count(_) => Code::Syntax,
            _ => Code::AccessDenied,
        };
        Self::new(code, format_args!("Refused: {refusal}"))
    }
}

/// What the guard learned of a statement that may run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    /// Whether it is a SELECT, with all its set operations.
    pub(super) is_select: bool,
}

/// Whether a statement may run on this connection; the error says why not, a syntax error included.
///
/// `sql` is the text that will run; of an INSERT, up to and with its FORMAT.
pub(super) fn check(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<Verdict, Exception> {
    let analysis = connection.analyze(sql)?;
    if analysis.count > 1 {
        return Err(Refusal::Count(analysis.count).into());
    }
    if matches!(analysis.class, Class::Control | Class::Global) {
        return Err(Refusal::Class.into());
    }
    check_tokens(sql)?;
    // A line break in a name could forge a line of the tree.
    if params.iter().any(|(_, value)| value.contains('\n')) && uses_identifiers(sql) {
        return Err(Refusal::Unreadable.into());
    }
    // Also the way to the syntax error's text when the class is unknown.
    let tree = connection.query(&format!("EXPLAIN AST {sql}"), "TSVRaw", params)?;
    if analysis.count != 1 || analysis.class == Class::Unknown {
        return Err(Refusal::Count(analysis.count).into());
    }
    let tree = String::from_utf8_lossy(tree.bytes());
    ast::check(&tree)?;
    Ok(Verdict {
        is_select: tree.starts_with("SelectWithUnionQuery"),
    })
}

/// Both looks without an engine: `tree` stands for its parse.
#[cfg(fuzzing)]
pub(super) fn check_alone(sql: &str, tree: &str) -> (Result<(), Refusal>, Result<(), Refusal>) {
    (check_tokens(sql), ast::check(tree))
}

/// The second look, at the text itself: clauses that the tree does not show.
fn check_tokens(sql: &str) -> Result<(), Refusal> {
    let mut tokens = tokens(sql).peekable();
    let shows = tokens.peek().is_some_and(|first| first.is("SHOW"));
    while let Some(token) = tokens.next() {
        if shows && token.is("WHERE") {
            return Err(Refusal::Clause("SHOW … WHERE"));
        }
        let Some(name) = token.name() else { continue };
        if token.kind == Kind::Quoted && name.contains(['\n', '\\']) {
            return Err(Refusal::Unreadable);
        }
        if ast::is_refused(name) {
            return Err(Refusal::Function(name.to_owned()));
        }
        let mut next = |mark: char| tokens.peek().is_some_and(|next| next.is_mark(mark));
        if name.eq_ignore_ascii_case("disk") && next('(') {
            return Err(Refusal::Clause("disk(…)"));
        }
        if name.eq_ignore_ascii_case("log_comment") && next('=') {
            return Err(Refusal::Clause("SETTINGS log_comment"));
        }
        if name.eq_ignore_ascii_case("infile")
            && tokens.peek().is_some_and(|next| next.kind == Kind::Text)
        {
            return Err(Refusal::Clause("FROM INFILE"));
        }
    }
    Ok(())
}

fn uses_identifiers(sql: &str) -> bool {
    tokens(sql).any(|token| token.is("Identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_look_finds_names_and_clauses() {
        for (sql, refused) in [
            ("select file('x')", true),
            ("select `FILE`('x')", true),
            ("select arrayMap(\"file\", ['x'])", true),
            ("select 'file' -- file", false),
            ("select profile, files from t", false),
            ("insert into t from infile 'x' format CSV", true),
            ("show columns from t where 1", true),
            ("show tables like 'where'", false),
            (
                "create table t (a Int) engine=MergeTree order by a settings disk = disk(type=web)",
                true,
            ),
            (
                "select disk from system.detached_parts where disk = 'x'",
                false,
            ),
            ("select 1 settings log_comment = 'x'", true),
            ("select `a\nFunction file`", true),
            ("select `a\\n`", true),
        ] {
            assert_eq!(check_tokens(sql).is_err(), refused, "{sql}");
        }
    }
}
