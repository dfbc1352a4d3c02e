//! Every entity can be written and read on the migrated schema: tables and columns agree.

mod figures;
mod people;

use crate::harness::{TestDatabase, fresh, monday, on_both};
use entities::{
    area, call_back, category, county, day, delivery_event, howto, media, outbox, rule, setting,
    ticket, ticket_called, ticket_event, unit,
};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};
use serde_json::json;
use std::fmt::Debug;

pub(super) async fn round_trip<M>(on: &impl ConnectionTrait, row: M)
where
    M: ModelTrait
        + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>
        + Clone
        + PartialEq
        + Debug,
    M::Entity: EntityTrait<Model = M>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    let written = row.clone().into_active_model();
    M::Entity::insert(written).exec_without_returning(on).await.unwrap();
    assert_eq!(M::Entity::find().all(on).await.unwrap(), [row]);
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "columns that may be null are filled with it")]
fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}

on_both![
    rows_of_the_county_survive,
    rows_of_rules_days_and_advice_survive,
    rows_of_tickets_survive,
];

async fn rows_of_the_county_survive(database: &TestDatabase) {
    let on = database.store.connection();
    let (north, west) = (Some(39.15), Some(115.95));
    round_trip(
        on,
        county::Model {
            id: 1,
            version: 7,
            imported_at: monday(),
            south: Some(38.85),
            north,
            west,
            east: Some(116.35),
        },
    )
    .await;
    round_trip(on, setting::Model { name: text("hotline"), value: text("0312-5550100") }).await;
    round_trip(
        on,
        area::Model {
            code: text("130699"),
            position: 0,
            name: text("云溪县"),
            parent: None,
            level: text("county"),
            lat: Some(39.0),
            lon: Some(116.15),
            aliases: json!(["云溪"]),
        },
    )
    .await;
    round_trip(
        on,
        unit::Model {
            code: text("police"),
            position: 0,
            name: text("县公安局"),
            kind: text("department"),
            area: text("130699"),
            leader: some("陈立新"),
        },
    )
    .await;
    round_trip(
        on,
        category::Model {
            code: text("lighting"),
            position: 0,
            name: text("路灯水电"),
            hint: text("路灯不亮"),
            keywords: json!(["路灯"]),
            confidential: false,
            module: some("relocation"),
            enabled: true,
            auto: false,
            unit: some("power_supply"),
            checker: false,
            four_order: true,
            needs_photo: false,
            accept_minutes: 240,
            sign_minutes: 480,
            result_minutes: 2400,
            check_minutes: 240,
            long: true,
        },
    )
    .await;
}

async fn rows_of_rules_days_and_advice_survive(database: &TestDatabase) {
    let on = database.store.connection();
    round_trip(
        on,
        rule::Model {
            position: 0,
            name: text("夜间险情"),
            categories: json!(["lighting"]),
            area: some("130699"),
            hours_from: Some(1320),
            hours_until: Some(360),
            channel: some("wechat"),
            skill: None,
            target: text("unit"),
            target_name: some("police"),
        },
    )
    .await;
    let date = monday().date_naive();
    round_trip(on, day::Model { date, kind: text("holiday"), name: text("春节") }).await;
    round_trip(
        on,
        howto::Model {
            code: text("hukou"),
            position: 0,
            title: text("户口迁移"),
            subject: text("户籍"),
            text: text("带上身份证。\n当场办好。"),
            unit: None,
            checked_on: Some(date),
            keywords: json!(["户口"]),
        },
    )
    .await;
}

#[expect(clippy::too_many_lines, reason = "a row has many columns")]
async fn rows_of_tickets_survive(database: &TestDatabase) {
    let on = database.store.connection();
    let id = fresh();
    round_trip(
        on,
        ticket::Model {
            id,
            number: text("LX260302000001"),
            account: text("main"),
            openid: text("wang"),
            channel: text("wechat"),
            text: text("路灯坏了\n\"三天\"了🙏"),
            place_text: None,
            place_lat: Some(38.9912),
            place_lng: Some(116.1034),
            area: None,
            area_path: json!([]),
            category: text("lighting"),
            contact: None,
            confidential: true,
            urgent: false,
            media: json!([]),
            stage: text("submitted"),
            status: json!({"at": "submitted"}),
            round: 1,
            called: json!([]),
            handler_id: Some(fresh()),
            handler_name: some("张建国"),
            unit: None,
            accountable_id: None,
            accountable_name: None,
            finding: Some(json!({"text": "好了"})),
            rating: None,
            returned_by: json!([]),
            urged: 0,
            course: json!({"clocks": []}),
            merged_into: None,
            late_at: Some(monday()),
            guessed_by: None,
            wish_at: None,
            submitted_at: monday(),
            accepted_at: None,
            closed_at: None,
            ended_at: None,
            due_at: Some(monday()),
            reporter_name: some("王大娘"),
            entered_by_id: Some(fresh()),
            entered_by_name: some("值班员"),
            version: 1,
            township: Some("130699201".to_owned()),
            queue: Some("new".to_owned()),
            queue_rank: 7,
            warn_at: Some(monday()),
            touched_at: Some(monday()),
            owed_at: None,
            escalations: 2,
            dissatisfied_until: None,
        },
    )
    .await;
    let called = call_back::Model {
        ticket_id: id,
        why: text("result"),
        since: monday(),
        tries: 2,
        result: some("not_answered"),
        next_at: monday(),
        done_at: None,
    };
    round_trip(on, called).await;
    round_trip(
        on,
        ticket_called::Model { ticket_id: id, member_id: fresh(), part: "lead".to_owned() },
    )
    .await;
    round_trip(
        on,
        ticket_event::Model {
            ticket_id: id,
            seq: 1,
            at: monday(),
            actor: json!({"who": "system"}),
            kind: text("urged"),
            data: json!({"what": "urged"}),
        },
    )
    .await;
    round_trip(
        on,
        outbox::Model {
            position: 1,
            id: fresh(),
            account: text("main"),
            openid: text("wang"),
            kind: text("task"),
            topic: Some(id),
            passing: true,
            payload: json!({"v": 1}),
            attempts: 2,
            created_at: monday(),
            due_at: monday(),
            leased_by: Some(fresh()),
            leased_until: Some(monday()),
            done_at: None,
            outcome: None,
            channel: None,
            msgid: Some(i64::MAX),
            dead_reason: None,
            confirmed_at: None,
            round: 1,
            tried_at: Some(monday()),
            hops: Some(json!([])),
            gathered: false,
        },
    )
    .await;
    round_trip(
        on,
        media::Model {
            id: text("MEDIA-1"),
            account: text("main"),
            openid: None,
            kind: text("photo"),
            at: monday(),
            stage: text("kept"),
            attempts: 3,
            due_at: None,
            why: None,
            media_type: some("image/jpeg"),
            ticket_id: Some(id),
        },
    )
    .await;
    round_trip(
        on,
        delivery_event::Model {
            account: text("main"),
            msgid: i64::MAX,
            status: None,
            at: monday(),
        },
    )
    .await;
}
