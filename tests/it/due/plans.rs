//! What a look costs follows from what is due, and not from how much was ever closed.

use crate::harness::{TestDatabase, monday, on_both};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

on_both![no_question_of_due_work_walks_through_the_tickets];

async fn no_question_of_due_work_walks_through_the_tickets(database: &TestDatabase) {
    let store = &database.store;
    let tx = store.begin().await.unwrap();
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    if backend == DbBackend::Postgres {
        // On an empty table a walk is the cheapest plan; without it the index shows.
        connection.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let explain = match backend {
        DbBackend::Postgres => "EXPLAIN",
        _ => "EXPLAIN QUERY PLAN",
    };
    let walk = Regex::new(r"Seq Scan on ticket\b|SCAN ticket\b").unwrap();
    let by_index = Regex::new(r"Index (Only )?Scan using \w+ on ticket\b").unwrap();
    let mut looked = 0;
    for question in store.due_questions(monday()) {
        let sql = format!("{explain} {}", question.sql);
        let values = question.values.clone().unwrap_or(sea_orm::Values(Vec::new()));
        let asked = Statement::from_sql_and_values(backend, sql, values.0);
        let mut plan = Vec::new();
        for row in connection.query_all_raw(asked).await.unwrap() {
            let line: String =
                row.try_get_by_index(if backend == DbBackend::Postgres { 0 } else { 3 }).unwrap();
            plan.push(line);
        }
        let plan = plan.join("\n");
        assert!(!plan.is_empty());
        assert!(!walk.is_match(&plan), "{}\n{plan}", question.sql);
        // An index that is read from end to end is a walk as well.
        let lines: Vec<&str> = plan.lines().collect();
        for pair in lines.windows(2).filter(|pair| by_index.is_match(pair[0])) {
            assert!(pair[1].contains("Index Cond"), "{}\n{plan}", question.sql);
        }
        looked += 1;
    }
    assert_eq!(looked, 7);
}
