//! The pages of worked queries: the same questions in both languages, and every query runs and finds something.

use super::{Answer, Filled, at};

/// The SQL of a page, in order.
fn queries(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(at(page)).expect("readable");
    let blocks = text.split("```sql\n").skip(1);
    let ends = |block: &str| block.split("```").next().map(str::to_owned);
    blocks.filter_map(ends).collect()
}

/// The headings of the questions.
fn questions(page: &str) -> usize {
    let text = std::fs::read_to_string(at(page)).expect("readable");
    text.lines().filter(|line| line.starts_with("## ")).count()
}

#[test]
fn both_languages_have_the_same_queries() {
    let [english, japanese] = ["dashboards/QUERIES.md", "dashboards/QUERIES.ja.md"];
    assert_eq!(queries(english), queries(japanese));
    assert_eq!(questions(english), queries(english).len());
    assert_eq!(questions(english), questions(japanese));
    assert!(questions(english) >= 15);
}

#[tokio::test]
async fn every_query_finds_something() {
    let Filled(database) = Filled::new().await;
    for (number, sql) in (1..).zip(queries("dashboards/QUERIES.md")) {
        let name = format!("query {number}");
        let answer = Answer::to(&database, &name, &sql).await;
        assert!(!answer.rows.is_empty(), "{name} finds nothing\n{sql}");
        assert!(!sql.contains("SELECT *"), "{name}");
    }
}

/// The page names every view, and no other.
#[tokio::test]
async fn pages_list_the_views() {
    let Filled(database) = Filled::new().await;
    let views = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View' ORDER BY name";
    let views = database.ask(views).await;
    for page in ["dashboards/QUERIES.md", "dashboards/QUERIES.ja.md"] {
        let text = std::fs::read_to_string(at(page)).expect("readable");
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
        let mut listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        listed.sort_unstable();
        assert_eq!(listed, views.lines().collect::<Vec<_>>(), "{page}");
    }
}
