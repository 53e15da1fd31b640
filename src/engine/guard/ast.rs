//! What the engine's own parser makes of a statement (`EXPLAIN AST`), and whether that may run. [`check`] is the function
//! to know.
//!
//! The rule: a node that this file does not understand does not make a statement safe. Roots, table functions and engines
//! are allowed by name; functions are refused by name.

use super::Refusal;
use super::words::{
    DATABASE_ENGINES, DATABASES, EXPLAINS, FUNCTIONS, OPAQUE, STATEMENTS, TABLE_FUNCTIONS,
};
use crate::engine::setup::{DATABASE, TABLE_ENGINES};

/// A line of the tree: its depth, the kind of the node, and what follows the kind.
#[derive(Clone, Copy, Debug)]
struct Node<'a> {
    depth: usize,
    kind: &'a str,
    rest: &'a str,
}

impl<'a> Node<'a> {
    fn read(line: &'a str) -> Self {
        let text = line.trim_start_matches(' ');
        let (kind, rest) = match text {
            _ if text.starts_with("Storage definition") => {
                text.split_at("Storage definition".len())
            }
            _ => text.split_at(text.find(' ').unwrap_or(text.len())),
        };
        Self {
            depth: line.len() - text.len(),
            kind,
            rest: rest.trim(),
        }
    }

    /// The name after the kind, without alias and count of children.
    fn name(&self) -> &'a str {
        self.rest
            .split(" (")
            .next()
            .unwrap_or_default()
            .trim_matches(|c: char| c == ' ')
    }
}

/// Whether the statement with this tree may run.
pub(super) fn check(tree: &str) -> Result<(), Refusal> {
    let mut lines = tree.lines().filter(|line| !line.is_empty());
    let root = Node::read(lines.next().ok_or(Refusal::Unreadable)?);
    check_root(&root)?;
    let mut path: Vec<Node<'_>> = vec![root];
    let mut previous = root;
    for line in lines {
        let node = Node::read(line);
        // A name with a line break in it could forge lines, but none can be taken away, and no jump down can be hidden.
        if node.depth == 0 || node.depth > path.len() {
            return Err(Refusal::Unreadable);
        }
        path.truncate(node.depth);
        let parent = path[node.depth - 1];
        check_node(&node, &parent, &previous, &root)?;
        path.push(node);
        previous = node;
    }
    Ok(())
}

fn check_root(root: &Node<'_>) -> Result<(), Refusal> {
    if root.depth != 0 || !STATEMENTS.contains(&root.kind) {
        return Err(Refusal::Statement(root.kind.to_owned()));
    }
    if root.kind == "Explain" && !EXPLAINS.contains(&root.name()) {
        return Err(Refusal::Statement(root.name().to_owned()));
    }
    Ok(())
}

fn check_node(
    node: &Node<'_>,
    parent: &Node<'_>,
    previous: &Node<'_>,
    root: &Node<'_>,
) -> Result<(), Refusal> {
    if OPAQUE.contains(&node.kind) {
        return Err(Refusal::Opaque(node.kind.to_owned()));
    }
    match node.kind {
        "Function" => check_function(node, parent, previous, root),
        "FunctionWithKeyValueArguments" | "Dictionary" => Err(Refusal::Dictionary),
        "Identifier" | "TableIdentifier" | "ColumnIdentifier" => check_identifier(node),
        _ => Ok(()),
    }
}

fn check_function(
    node: &Node<'_>,
    parent: &Node<'_>,
    previous: &Node<'_>,
    root: &Node<'_>,
) -> Result<(), Refusal> {
    let name = node.name();
    if is_refused(name) {
        return Err(Refusal::Function(name.to_owned()));
    }
    match parent.kind {
        "TableExpression" | "InsertQuery" | "CreateQuery" | "Explain"
            if !TABLE_FUNCTIONS.contains(&name) =>
        {
            Err(Refusal::TableFunction(name.to_owned()))
        }
        // The engine is the first child; the keys that follow are expressions.
        "Storage definition" if previous.kind == "Storage definition" => check_engine(name, root),
        _ => Ok(()),
    }
}

fn check_engine(name: &str, root: &Node<'_>) -> Result<(), Refusal> {
    // A database's root names it before two spaces, a table's names nothing but itself; either list is harmless for
    // the other, so both are asked.
    let known = TABLE_ENGINES.contains(&name)
        || (root.kind == "CreateQuery" && DATABASE_ENGINES.contains(&name));
    if known {
        Ok(())
    } else {
        Err(Refusal::Engine(name.to_owned()))
    }
}

fn check_identifier(node: &Node<'_>) -> Result<(), Refusal> {
    let name = node.name();
    if name.split('.').any(is_refused) {
        return Err(Refusal::Function(name.to_owned()));
    }
    match name.split_once('.') {
        Some((database, _)) if DATABASES.contains(&database) => {
            Err(Refusal::Database(database.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whether a name is one of the refused functions, in any case.
pub(super) fn is_refused(name: &str) -> bool {
    FUNCTIONS
        .iter()
        .any(|refused| name.eq_ignore_ascii_case(refused))
}

/// Whether a database may be chosen for a request.
pub(in crate::engine) fn is_open_database(name: &str) -> bool {
    name == DATABASE || name == "system" || name.eq_ignore_ascii_case("information_schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_that_may_run() {
        for tree in [
            "SelectWithUnionQuery (children 1)\n ExpressionList (children 1)\n  TableExpression (children 1)\n   Function numbers (alias x) (children 1)",
            "CreateQuery t (children 2)\n Identifier t\n Storage definition (children 2)\n  Function MergeTree\n  Function toYYYYMM (children 1)",
            "CreateQuery v (children 1)\n ViewTargets (children 1)\n  Storage definition (children 1)\n   Function AggregatingMergeTree",
            "Explain EXPLAIN SYNTAX (children 1)\n SelectWithUnionQuery (children 1)",
            "InsertQuery   (children 1)\n Identifier t",
        ] {
            assert!(check(tree).is_ok(), "{tree}");
        }
    }

    #[test]
    fn trees_that_may_not() {
        for tree in [
            "",
            "BackupQuery (children 1)",
            "SomethingNew",
            "Explain EXPLAIN TABLE OVERRIDE (children 1)\n Function s3",
            "SelectWithUnionQuery\n ExpressionList\n  Function FILE (children 1)",
            "SelectWithUnionQuery\n TableExpression (children 1)\n  Function url (children 1)",
            "CreateQuery t (children 2)\n Identifier t\n Function remote (children 1)",
            "CreateQuery t\n Storage definition (children 1)\n  Function URL",
            "CreateQuery x  (children 2)\n Identifier x\n Storage definition (children 1)\n  Function Filesystem",
            "SelectWithUnionQuery\n TableIdentifier default./etc/passwd",
            "SelectWithUnionQuery\n Identifier file",
            "SelectWithUnionQuery\n ColumnsApplyTransformer",
            "CreateQuery d\n Dictionary definition (children 1)",
            "SelectWithUnionQuery\n   Function deep",
            "SelectWithUnionQuery\nFunction x",
        ] {
            assert!(check(tree).is_err(), "{tree}");
        }
    }
}
