//! A row that no code of ours writes is an error that says so, not a guess and not a panic.

use super::{follower, saved};
use crate::harness::{TestDatabase, monday, on_both};
use chrono::{DateTime, Utc};
use entities::{ticket, ticket_event};
use lianxin::{storage::StorageError, ticket::event::Actor, ticket::lifecycle::Action};
use sea_orm::{EntityTrait, sea_query::Expr};

on_both![
    a_ticket_whose_columns_disagree_is_inconsistent,
    a_history_whose_kind_and_data_disagree_is_inconsistent,
];

async fn a_ticket_whose_columns_disagree_is_inconsistent(database: &TestDatabase) {
    let store = &database.store;
    let spoils = [
        (ticket::Column::Stage, Expr::value("closed")),
        (ticket::Column::Stage, Expr::value("no such stage")),
        (
            ticket::Column::Status,
            Expr::value(serde_json::json!({"at": "closed", "kind": "signed"})),
        ),
        (ticket::Column::Status, Expr::value(serde_json::json!({"at": "no such status"}))),
        (ticket::Column::EndedAt, Expr::value(monday())),
        (ticket::Column::HandlerName, Expr::value("张建国")),
        (ticket::Column::PlaceLat, Expr::value(None::<f64>)),
        (ticket::Column::Rating, Expr::value("splendid")),
        (ticket::Column::Channel, Expr::value("pigeon")),
        (ticket::Column::Number, Expr::value("42")),
        (ticket::Column::Round, Expr::value(-1)),
        (ticket::Column::Media, Expr::value(serde_json::json!({"a": "secret"}))),
    ];
    for (column, value) in spoils {
        let ticket = saved(store, &follower("wang"), &[]).await;
        ticket::Entity::update_many()
            .col_expr(column, value)
            .exec(store.connection())
            .await
            .unwrap();
        let read = store.begin().await.unwrap().ticket(ticket.id).await;
        let Err(error @ StorageError::Inconsistent { table: "ticket", .. }) = read else {
            panic!("{column:?}: {read:?}");
        };
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(!source.contains("secret"), "{source}");
        ticket_event::Entity::delete_many().exec(store.connection()).await.unwrap();
        ticket::Entity::delete_many().exec(store.connection()).await.unwrap();
    }
    let ended =
        saved(store, &follower("wang"), &[(Action::Withdraw { reason: None }, Actor::Resident)])
            .await;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::EndedAt, Expr::value(None::<DateTime<Utc>>))
        .exec(store.connection())
        .await
        .unwrap();
    let read = store.begin().await.unwrap().ticket(ended.id).await;
    assert!(matches!(read, Err(StorageError::Inconsistent { .. })), "{read:?}");
}

async fn a_history_whose_kind_and_data_disagree_is_inconsistent(database: &TestDatabase) {
    let store = &database.store;
    let ticket = saved(store, &follower("wang"), &[]).await;
    ticket_event::Entity::update_many()
        .col_expr(ticket_event::Column::Kind, Expr::value("urged"))
        .exec(store.connection())
        .await
        .unwrap();
    let error = store.history(ticket.id).await.unwrap_err();
    assert!(matches!(error, StorageError::Inconsistent { table: "ticket_event", .. }));
}
