//! Sums against figures that are computed anew.

use super::{count, day_of, expected, lives, stories};
use crate::harness::{TestDatabase, fresh, on_both, rehearsal::Rehearsal};
use chrono::TimeDelta;
use entities::{figure_due, figure_sum, figure_ticket, ticket_event};
use futures_util::future::join_all;
use lianxin::{
    clock::Clock,
    county::{County, demo},
    figures,
    ids::RandomIds,
    rates::{By, Check, Figure, Fraction, Period, Slice, Story, SumKey, Table, Tally},
    storage::{Span, Store},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::{BTreeMap, BTreeSet};

on_both![
    sums_are_the_figures_of_all_histories_at_every_moment,
    several_workers_count_everything_once,
    what_is_asked_of_a_category_counts_as_it_is_asked_now,
    a_phone_that_became_a_members_counts_as_one,
    a_ticket_that_cannot_be_read_keeps_no_other_from_being_counted,
    tickets_from_before_the_figures_were_kept_are_counted,
    what_is_undone_leaves_no_wish_behind,
];

type Sums = BTreeMap<SumKey, BTreeMap<Figure, (u64, u64)>>;

fn plain(tally: &Tally) -> BTreeMap<Figure, (u64, u64)> {
    let sides = |figure| {
        let Fraction { numerator, denominator, .. } = tally.get(figure);
        (figure, (numerator, denominator))
    };
    // Whose phone rates often is no sum and is asked for by itself.
    let is_sum = |figure: &Figure| *figure != Figure::Check(Check::SameDevice);
    Figure::all().filter(is_sum).map(sides).filter(|(_, sides)| *sides != (0, 0)).collect()
}

/// Every sum, computed from all histories.
async fn computed(rehearsal: &Rehearsal) -> Sums {
    let expected = expected(rehearsal).await;
    let stories = stories(rehearsal, rehearsal.clock.now()).await;
    let areas: BTreeSet<&str> =
        stories.iter().flat_map(|story| &story.area_path).map(String::as_str).chain([""]).collect();
    let periods: BTreeSet<Period> = stories
        .iter()
        .flat_map(|story| [Period::month_of(day_of(story)), Period::day(day_of(story))])
        .collect();
    let mut sums = Sums::new();
    for area in areas {
        for period in &periods {
            let is_day = period.as_str().len() == 10;
            let is_cut = matches!(area.len(), 0 | 6 | 9);
            if is_day && !is_cut {
                continue;
            }
            let is_in = |story: &&Story| {
                let day = day_of(story);
                (area.is_empty() || story.area_path.iter().any(|code| code == area))
                    && [Period::month_of(day), Period::day(day)].contains(period)
            };
            let cuts = [
                (Slice::All, None),
                (Slice::Unit, Some(By::Unit)),
                (Slice::Category, Some(By::Category)),
                (Slice::Channel, Some(By::Channel)),
                (Slice::Tier, Some(By::Tier)),
            ];
            for (slice, by) in cuts {
                if slice != Slice::All && (is_day || !is_cut) {
                    continue;
                }
                let mut table = Table::new(by, false);
                stories.iter().filter(is_in).for_each(|story| table.add(story, &expected));
                let key = |part: &str| SumKey {
                    area: area.to_owned(),
                    by: slice,
                    period: period.clone(),
                    part: part.to_owned(),
                };
                match by {
                    None => drop(sums.insert(key(""), plain(table.total()))),
                    Some(_) => {
                        sums.extend(table.parts().iter().map(|(part, tally)| {
                            (key(part.as_deref().unwrap_or("")), plain(tally))
                        }));
                    }
                }
            }
        }
    }
    sums.retain(|_, figures| !figures.is_empty());
    sums
}

/// Every sum, as it is kept.
async fn kept(rehearsal: &Rehearsal) -> Sums {
    let store = &rehearsal.app.store;
    let rows = figure_sum::Entity::find().all(store.connection()).await.unwrap();
    let mut sums = Sums::new();
    for m in rows {
        let by = Slice::read(&m.by).unwrap();
        let month = format!("{}-01", m.period);
        let period = match m.period.len() {
            7 => Period::month_of(month.parse().unwrap()),
            _ => Period::day(m.period.parse().unwrap()),
        };
        let parts = store.figure_sums(&m.area, by, std::slice::from_ref(&period)).await.unwrap();
        let figures = plain(&parts[&m.part]);
        sums.insert(SumKey { area: m.area, by, period, part: m.part }, figures);
    }
    sums.retain(|_, figures| !figures.is_empty());
    sums
}

async fn same(rehearsal: &Rehearsal, when: &str) {
    let (kept, computed) = (kept(rehearsal).await, computed(rehearsal).await);
    let keys: BTreeSet<&SumKey> = kept.keys().chain(computed.keys()).collect();
    for key in keys {
        assert_eq!(kept.get(key), computed.get(key), "{when}: {key:?}");
    }
}

async fn lively(database: &TestDatabase, seed: u64, steps: usize) -> Rehearsal {
    let rehearsal = Rehearsal::on(database).await;
    let (mut chance, mut tickets) = (lives::Chance::of(seed), Vec::new());
    lives::live(&rehearsal, &mut chance, &mut tickets, steps).await;
    rehearsal
}

async fn sums_are_the_figures_of_all_histories_at_every_moment(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let (mut chance, mut tickets) = (lives::Chance::of(11), Vec::new());
    for leg in 0..4 {
        lives::live(&rehearsal, &mut chance, &mut tickets, 60).await;
        count(&rehearsal).await;
        same(&rehearsal, &format!("leg {leg}")).await;
    }
    // Dates come though nobody does anything.
    for days in [1, 3, 9, 40] {
        rehearsal.clock.advance(TimeDelta::days(days));
        count(&rehearsal).await;
        same(&rehearsal, &format!("{days} days later")).await;
    }
    let sums = kept(&rehearsal).await;
    let reached: BTreeSet<Figure> = sums.values().flat_map(BTreeMap::keys).copied().collect();
    assert!(reached.len() > 28, "so few figures show little: {reached:?}");
}

async fn several_workers_count_everything_once(database: &TestDatabase) {
    let rehearsal = lively(database, 12, 120).await;
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(rehearsal.app.on(Store::open(&database.url).await.unwrap()));
    }
    join_all(workers.iter().map(|app| async {
        for _ in 0..5 {
            figures::run(app).await.unwrap();
        }
    }))
    .await;
    count(&rehearsal).await;
    same(&rehearsal, "after four workers").await;
}

async fn what_is_asked_of_a_category_counts_as_it_is_asked_now(database: &TestDatabase) {
    let rehearsal = lively(database, 13, 150).await;
    count(&rehearsal).await;
    for category in ["road", "lighting"] {
        let county = rehearsal.app.county_at(rehearsal.clock.now()).await.unwrap();
        let mut register = county.register().clone();
        for one in register.categories.iter_mut().filter(|one| one.code == category) {
            one.needs_photo = !one.needs_photo;
            one.is_long = !one.is_long;
        }
        let tx = rehearsal.app.store.begin().await.unwrap();
        let now = rehearsal.clock.now();
        tx.replace_county(&County::new(register), &RandomIds, now).await.unwrap();
        tx.commit().await.unwrap();
        rehearsal.app.county.forget();
        count(&rehearsal).await;
        same(&rehearsal, category).await;
    }
}

async fn a_phone_that_became_a_members_counts_as_one(database: &TestDatabase) {
    let rehearsal = lively(database, 14, 60).await;
    for (phone, digit) in [("o-0", 1), ("o-1", 2), ("o-2", 4)] {
        lives::graded(&rehearsal, phone, digit).await;
    }
    count(&rehearsal).await;
    let now = rehearsal.clock.now();
    let (app, someone) =
        (&rehearsal.app, rehearsal.member(&demo::county().members()[0].name).await);
    let mut before = kept(&rehearsal).await;
    for phone in ["o-0", "o-1", "o-2"] {
        let phone = lianxin::ticket::Follower {
            account: rehearsal.account.slug.clone(),
            openid: phone.to_owned(),
        };
        let tx = app.store.begin().await.unwrap();
        tx.open_conversation(&phone, now).await.unwrap();
        tx.bind(&phone, someone.id).await.unwrap();
        tx.commit().await.unwrap();
        count(&rehearsal).await;
        same(&rehearsal, &phone.openid).await;
        let after = kept(&rehearsal).await;
        assert_ne!(before, after, "nobody rated from that phone");
        before = after;
    }
    let tx = app.store.begin().await.unwrap();
    tx.unbind(someone.id).await.unwrap();
    tx.commit().await.unwrap();
    count(&rehearsal).await;
    same(&rehearsal, "unbound").await;
}

async fn a_ticket_that_cannot_be_read_keeps_no_other_from_being_counted(database: &TestDatabase) {
    let rehearsal = lively(database, 15, 40).await;
    let on = rehearsal.app.store.connection();
    let spoiled = rehearsal.tickets().await.remove(3);
    ticket_event::Entity::update_many()
        .col_expr(ticket_event::Column::Kind, Expr::value("nonsense"))
        .filter(ticket_event::Column::TicketId.eq(spoiled.id.0))
        .filter(ticket_event::Column::Seq.eq(1))
        .exec(on)
        .await
        .unwrap();
    count(&rehearsal).await;
    let counted = figure_ticket::Entity::find().all(on).await.unwrap();
    assert_eq!(counted.len() + 1, rehearsal.tickets().await.len());
    assert!(counted.iter().all(|row| row.ticket_id != spoiled.id.0));
    assert!(figure_due::Entity::find().one(on).await.unwrap().is_none());
    ticket_event::Entity::update_many()
        .col_expr(ticket_event::Column::Kind, Expr::value("submitted"))
        .filter(ticket_event::Column::TicketId.eq(spoiled.id.0))
        .filter(ticket_event::Column::Seq.eq(1))
        .exec(on)
        .await
        .unwrap();
}

async fn tickets_from_before_the_figures_were_kept_are_counted(database: &TestDatabase) {
    let rehearsal = lively(database, 16, 60).await;
    let store = &rehearsal.app.store;
    count(&rehearsal).await;
    let before = kept(&rehearsal).await;
    let is_ours = |name: &String| name.ends_with("_figures");
    while store.migration_status().await.unwrap().applied.iter().any(is_ours) {
        store.migrate_down(1).await.unwrap();
    }
    store.migrate_up().await.unwrap();
    assert_eq!(kept(&rehearsal).await, Sums::new());
    count(&rehearsal).await;
    assert_eq!(kept(&rehearsal).await, before);
}

async fn what_is_undone_leaves_no_wish_behind(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let done = lives::opened(&rehearsal, &mut lives::Chance::of(1));
    let tx = rehearsal.app.store.begin().await.unwrap();
    tx.save(&done).await.unwrap();
    drop(tx);
    assert_eq!(figures::run(&rehearsal.app).await.unwrap(), 0);
    // A wish for a ticket that is not there is fulfilled by nothing.
    let on = rehearsal.app.store.connection();
    let wish = figure_due::ActiveModel {
        ticket_id: sea_orm::ActiveValue::Set(fresh()),
        ..Default::default()
    };
    figure_due::Entity::insert(wish).exec_without_returning(on).await.unwrap();
    count(&rehearsal).await;
    assert!(figure_due::Entity::find().one(on).await.unwrap().is_none());
    assert_eq!(kept(&rehearsal).await, Sums::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_phone_rates_often_is_counted_as_the_export_counts_it() {
    // Held to the end: without it the file is gone, and a second connection finds nothing to open.
    let database = crate::harness::sqlite().await;
    let rehearsal = lively(&database, 17, 60).await;
    for (phone, times) in [("o-0", 9), ("o-1", 3), ("o-2", 5)] {
        for nth in 0..times {
            lives::graded(&rehearsal, phone, nth % 5 + 1).await;
        }
    }
    count(&rehearsal).await;
    let expected = expected(&rehearsal).await;
    let stories = stories(&rehearsal, rehearsal.clock.now()).await;
    let days = stories.iter().map(day_of);
    let (from, to) = (days.clone().min().unwrap(), days.max().unwrap());
    for area in [None, Some("130699201")] {
        let is_in = |story: &&Story| {
            area.is_none_or(|area| story.area_path.iter().any(|code| code == area))
        };
        let mut table = Table::new(None, false);
        stories.iter().filter(is_in).for_each(|story| table.add(story, &expected));
        let span = Span { area: area.map(str::to_owned), ..Span::of(from, to) };
        let found = rehearsal.app.store.rated_often(&span, 5).await.unwrap();
        assert_eq!(found, table.total().get(Figure::Check(Check::SameDevice)));
        assert!(area.is_some() || found.numerator > 0, "nobody rated often");
    }
}
