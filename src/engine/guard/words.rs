//! The lists of the guard: what is allowed where a list can be complete, what is refused where it cannot.

/// Kinds of statements that may run, as the engine's parser names their root. Everything else is refused, and so is what
/// a later version adds.
pub(super) const STATEMENTS: &[&str] = &[
    "SelectWithUnionQuery",
    "InsertQuery",
    "CreateQuery",
    "CreateIndexQuery",
    "DropIndexQuery",
    "AlterQuery",
    "DropQuery",
    "TruncateQuery",
    "UndropQuery",
    "OptimizeQuery",
    "Rename",
    "DeleteQuery",
    "UpdateQuery",
    "ShowTables",
    "ShowColumns",
    "ShowIndexes",
    "ShowFunctions",
    "ShowEngineQuery",
    "ShowProcesslistQuery",
    "ShowCreateTableQuery",
    "ShowCreateViewQuery",
    "ShowCreateDatabaseQuery",
    "DescribeQuery",
    "ExistsTableQuery",
    "ExistsViewQuery",
    "ExistsDatabaseQuery",
    "CheckQuery",
    "Explain",
];

/// EXPLAIN of what stands in the statement. TABLE OVERRIDE names a table function of another database.
pub(super) const EXPLAINS: &[&str] = &[
    "EXPLAIN",
    "EXPLAIN AST",
    "EXPLAIN SYNTAX",
    "EXPLAIN QUERY TREE",
    "EXPLAIN PIPELINE",
    "EXPLAIN ESTIMATE",
];

/// Table functions that make rows from nothing or from the engine's own tables.
pub(super) const TABLE_FUNCTIONS: &[&str] = &[
    "numbers",
    "numbers_mt",
    "zeros",
    "zeros_mt",
    "primes",
    "generateSeries",
    "generate_series",
    "generateRandom",
    "null",
    "view",
    "viewExplain",
    "viewIfPermitted",
    "merge",
    "mergeTreeIndex",
    "mergeTreeProjection",
];

/// Engines that a database may have. `Overlay`, the engine of `default`, reads any file by its name.
pub(super) const DATABASE_ENGINES: &[&str] = &["Atomic"];

/// Functions that read files, load libraries, run programs or ask other hosts, refused wherever their name stands: a name
/// may be called later, as in `arrayMap(file, …)`.
pub(super) const FUNCTIONS: &[&str] = &[
    "file",
    "executable",
    "catboostevaluate",
    "aigenerate",
    "aiclassify",
    "aiextract",
    "aitranslate",
    "aiembed",
    "reversednsquery",
];

/// Nodes whose contents the parse does not show, or that name a function without showing it.
pub(super) const OPAQUE: &[&str] = &["ColumnsApplyTransformer"];

/// Databases that reach beyond the engine's directory.
pub(super) const DATABASES: &[&str] = &["default", "_temporary_and_external_tables"];
