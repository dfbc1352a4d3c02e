//! Lists that operators made for themselves.

use super::{person, queues::somebody};
use crate::harness::{TestDatabase, monday, on_both};
use lianxin::{
    access::Role,
    storage::{SavedView, Store},
};

on_both![a_view_is_its_owners_and_is_kept_once_under_its_name];

async fn a_view_is_its_owners_and_is_kept_once_under_its_name(database: &TestDatabase) {
    let store = &database.store;
    let (mine, other) = (an_account(store, "甲").await, an_account(store, "乙").await);
    let view = |query: &str| SavedView { name: "红灯".to_owned(), query: query.to_owned() };
    let tx = store.begin().await.unwrap();
    assert!(tx.save_view(mine, &view("queue=late"), monday()).await.unwrap());
    assert!(tx.save_view(mine, &view("queue=late&unit=u"), monday()).await.unwrap());
    tx.forget_view(other, "红灯").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.saved_views(mine).await.unwrap(), [view("queue=late&unit=u")]);
    assert_eq!(store.saved_views(other).await.unwrap(), []);
    let tx = store.begin().await.unwrap();
    for nth in 1..30 {
        let named = SavedView { name: nth.to_string(), query: String::new() };
        assert!(tx.save_view(mine, &named, monday()).await.unwrap());
    }
    let one_more = SavedView { name: "30".to_owned(), query: String::new() };
    assert!(!tx.save_view(mine, &one_more, monday()).await.unwrap());
    assert!(tx.save_view(mine, &view("queue=new"), monday()).await.unwrap());
}

async fn an_account(store: &Store, name: &str) -> uuid::Uuid {
    let operator = somebody(&person(name), Role::Admin, None, &[]);
    let id = operator.id;
    let tx = store.begin().await.unwrap();
    let account = lianxin::storage::OperatorAccount {
        operator,
        name: name.to_owned(),
        password_hash: String::new(),
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: monday(),
    };
    assert!(tx.add_operator(&account).await.unwrap());
    tx.commit().await.unwrap();
    id
}
