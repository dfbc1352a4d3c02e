//! The tickets behind each number, what keeps coming back, and how the database finds them.

use super::{count, day_of, expected, lives, stories};
use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal};
use chrono::NaiveDate;
use lianxin::{
    clock::Clock,
    rates::{By, Check, Figure, Slice, Story, Table, Tally},
    storage::{After, Behind, Recurring, Side, Span},
    ticket::TicketNumber,
};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// A part by its slice and code; none is the whole.
type Part = Option<(Slice, Option<String>)>;

on_both![
    behind_each_number_are_its_tickets_the_latest_first,
    what_keeps_coming_back_is_told_with_its_place,
    no_question_about_figures_walks_through_a_table,
];

/// The tickets behind a number, three a page.
async fn behind(rehearsal: &Rehearsal, number: &Behind) -> Vec<After> {
    let mut found: Vec<After> = Vec::new();
    loop {
        let page = rehearsal.app.store.tickets_behind(number, found.last(), 3).await.unwrap();
        let is_last = page.len() < 3;
        found.extend(page.into_iter().map(|one| one.at));
        if is_last {
            return found;
        }
    }
}

/// The tickets on a side, as the lists of an export name them.
fn listed(tally: &Tally, figure: Figure, side: Side) -> BTreeSet<String> {
    let tickets = tally.get(figure).tickets;
    let mut numbers: Vec<String> = match side {
        Side::Part => tickets.numerator.iter().map(TicketNumber::to_string).collect(),
        Side::Whole | Side::Rest => {
            tickets.denominator.iter().map(TicketNumber::to_string).collect()
        }
    };
    if side == Side::Rest {
        // What counts twice and once in the numerator is left once.
        for counting in &tickets.numerator {
            let at = numbers.iter().position(|number| number == counting.as_str()).unwrap();
            numbers.swap_remove(at);
        }
    }
    numbers.into_iter().collect()
}

async fn behind_each_number_are_its_tickets_the_latest_first(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let (mut chance, mut tickets) = (lives::Chance::of(21), Vec::new());
    lives::live(&rehearsal, &mut chance, &mut tickets, 250).await;
    count(&rehearsal).await;
    let expected = expected(&rehearsal).await;
    let stories = stories(&rehearsal, rehearsal.clock.now()).await;
    let from = stories.iter().map(day_of).min().unwrap().succ_opt().unwrap();
    let to = stories.iter().map(day_of).max().unwrap().pred_opt().unwrap();
    let mut looked = 0;
    for (area, by) in [
        (None, None),
        (Some("130699202"), None),
        (None, Some((Slice::Unit, By::Unit))),
        (Some("130699201"), Some((Slice::Category, By::Category))),
        (None, Some((Slice::Channel, By::Channel))),
        (None, Some((Slice::Tier, By::Tier))),
    ] {
        let mut table = Table::new(by.map(|(_, by)| by), true);
        let is_in = |story: &&Story| {
            (from..=to).contains(&day_of(story))
                && area.is_none_or(|area| story.area_path.iter().any(|code| code == area))
        };
        stories.iter().filter(is_in).for_each(|story| table.add(story, &expected));
        let parts: Vec<(Part, &Tally)> = match by {
            None => vec![(None, table.total())],
            Some((slice, _)) => table
                .parts()
                .iter()
                .map(|(code, tally)| (Some((slice, code.clone())), tally))
                .collect(),
        };
        for (part, tally) in parts {
            for figure in Figure::all().filter(|one| *one != Figure::Check(Check::SameDevice)) {
                for side in [Side::Part, Side::Whole, Side::Rest] {
                    let wanted = listed(tally, figure, side);
                    let span = Span { area: area.map(str::to_owned), ..Span::of(from, to) };
                    let number = Behind { span, part: part.clone(), figure, side };
                    let found = behind(&rehearsal, &number).await;
                    let order = |one: &After| (one.day, one.number.to_string());
                    assert!(found.iter().rev().is_sorted_by_key(order), "{number:?}");
                    let numbers: Vec<String> =
                        found.iter().map(|one| one.number.to_string()).collect();
                    assert_eq!(numbers.len(), wanted.len(), "{number:?}");
                    assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), wanted);
                    looked += wanted.len();
                }
            }
        }
    }
    assert!(looked > 500, "there was little to find: {looked}");
}

async fn what_keeps_coming_back_is_told_with_its_place(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let (mut chance, mut tickets) = (lives::Chance::of(22), Vec::new());
    lives::live(&rehearsal, &mut chance, &mut tickets, 200).await;
    count(&rehearsal).await;
    let stories = stories(&rehearsal, rehearsal.clock.now()).await;
    let mut times: BTreeMap<(String, String), u64> = BTreeMap::new();
    for story in &stories {
        if let Some(area) = story.area_path.last() {
            *times.entry((area.clone(), story.category.clone())).or_default() += 1;
        }
    }
    let days = stories.iter().map(day_of);
    let (from, to) = (days.clone().min().unwrap(), days.max().unwrap());
    let span = Span::of(from, to);
    let found = rehearsal.app.store.recurring(&span, 3, 100).await.unwrap();
    let expected: BTreeSet<_> = times.into_iter().filter(|(_, times)| *times >= 3).collect();
    let told = found
        .iter()
        .map(|Recurring { area, category, times }| ((area.clone(), category.clone()), *times));
    assert_eq!(told.collect::<BTreeSet<_>>(), expected);
    assert!(found.len() > 2 && found.iter().rev().is_sorted_by_key(|one| one.times));
}

async fn no_question_about_figures_walks_through_a_table(database: &TestDatabase) {
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
    let day: NaiveDate = "2026-03-02".parse().unwrap();
    let span = Span { area: Some("130699201".to_owned()), ..Span::of(day, day) };
    let number = Behind {
        span,
        part: Some((Slice::Unit, Some("police".to_owned()))),
        figure: Figure::of("on_time").unwrap(),
        side: Side::Rest,
    };
    let after = After { day, number: TicketNumber::find("LX260302123456").unwrap() };
    let walk = Regex::new(r"Seq Scan|SCAN (figure_ticket|ticket)\b").unwrap();
    for question in store.figure_questions(&number, &after) {
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
        assert!(!walk.is_match(&plan), "{}\n{plan}", question.sql);
        let by_index = ["figure_ticket_span_idx", "figure_ticket_recount_idx"];
        assert!(by_index.iter().any(|index| plan.contains(index)), "{}\n{plan}", question.sql);
    }
}
