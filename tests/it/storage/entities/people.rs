//! The rows of people and of what is sent to them.

use super::{round_trip, some, text};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use entities::{
    account_alarm, account_day, answer_template, follow_count, inbox, invitation, mark, member,
    resident, wording_override,
};
use serde_json::json;

on_both![rows_of_people_survive];

#[expect(clippy::too_many_lines, reason = "a row has many columns")]
async fn rows_of_people_survive(database: &TestDatabase) {
    let on = database.store.connection();
    let member = member::Model {
        id: fresh(),
        name: text("张建国"),
        role: text("member"),
        area: some("1"),
        unit: None,
        phone: some("19900001234"),
        active: true,
        position: 3,
        skills: json!(["电工"]),
        duty_from: Some(480),
        duty_until: Some(1080),
        leave_from: Some(monday().date_naive()),
        leave_until: None,
        max_load: Some(5),
    };
    round_trip(on, member.clone()).await;
    round_trip(
        on,
        invitation::Model {
            id: fresh(),
            code_hash: text("hash"),
            member_id: member.id,
            created_at: monday(),
            expires_at: monday(),
            used_at: Some(monday()),
            used_account: some("main"),
            used_openid: some("zhang"),
        },
    )
    .await;
    round_trip(
        on,
        resident::Model {
            account: text("main"),
            openid: text("zhang"),
            following: true,
            followed_at: Some(monday()),
            phone: None,
            home_area: some("1"),
            told_privacy_at: None,
            member_id: Some(member.id),
            state: json!({"schema": 1}),
            parked: None,
            version: 1,
            touched_at: monday(),
            due_at: None,
            window_at: Some(monday()),
            window_used: 1,
            brief_at: None,
            brief_used: 0,
            unionid: some("union"),
            ask_at: Some(monday()),
            left_at: None,
            wish: text("steps"),
        },
    )
    .await;
    round_trip(
        on,
        account_alarm::Model {
            account: text("main"),
            kind: text("ip_not_listed"),
            subject: text("custom_send"),
            since: monday(),
            seen_at: monday(),
            until: Some(monday()),
            detail: None,
            ended_at: None,
        },
    )
    .await;
    round_trip(
        on,
        account_day::Model {
            account: text("main"),
            day: text("2026-03-02"),
            followers: 3,
            pushes: 9,
            notices: 4,
            tickets: 2,
        },
    )
    .await;
    round_trip(
        on,
        follow_count::Model {
            account: text("main"),
            day: text("2026-03-02"),
            follows: 2,
            unfollows: 1,
        },
    )
    .await;
    round_trip(
        on,
        inbox::Model {
            account: text("main"),
            dedup_key: text("k"),
            answer: some("收到"),
            received_at: monday(),
            cleared: false,
        },
    )
    .await;
    round_trip(on, mark::Model { name: text("demo"), value: text("yes") }).await;
    round_trip(
        on,
        answer_template::Model {
            id: fresh(),
            title: text("已转办"),
            text: text("您好，{{number}} 已转办。"),
            category: some("lighting"),
            stage: None,
            position: 1,
        },
    )
    .await;
    round_trip(
        on,
        wording_override::Model {
            name: text("replies/zh/dropped.txt"),
            text: text("行"),
            version: 1,
            changed_at: monday(),
            changed_by: text("管理员"),
        },
    )
    .await;
}
