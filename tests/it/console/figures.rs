//! 统计: every number leads to as many tickets as it says, nobody sees another township's, and the
//! workbook says what the page says.

use super::Clerk;
use crate::{
    figures::{count, lives},
    harness::{TestDatabase, on_both, rehearsal::Rehearsal, sqlite},
};
use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use lianxin::{
    access::{Role, Scope},
    rates::Figure,
    ticket::Ticket,
};
use regex::Regex;
use std::{collections::BTreeSet, io::Cursor};

on_both![each_number_leads_to_as_many_tickets_as_it_says];

async fn lively(database: &TestDatabase, steps: usize) -> Rehearsal {
    let service = Rehearsal::on(database).await;
    let (mut chance, mut tickets) = (lives::Chance::of(31), Vec::<Ticket>::new());
    lives::live(&service, &mut chance, &mut tickets, steps).await;
    for digit in 1..5 {
        lives::graded(&service, "o-9", digit).await;
    }
    count(&service).await;
    service
}

/// Links to lists of tickets with the number that they stand for.
fn links(page: &str) -> Vec<(String, usize)> {
    let link = Regex::new(r#"<a href="(/console/figures/tickets\?[^"]+)">(\d+)</a>"#).unwrap();
    let page = plain(page);
    let links = link.captures_iter(&page);
    links.map(|found| (found[1].to_owned(), found[2].parse().unwrap())).collect()
}

fn plain(escaped: &str) -> String {
    escaped.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x3d;", "=")
}

/// How many tickets stand on a list, all its pages together.
async fn listed(clerk: &Clerk, href: &str) -> usize {
    let next = Regex::new(r#"<a class="button quiet" href="([^"]+)">下一页"#).unwrap();
    let (mut href, mut lines) = (href.to_owned(), 0);
    loop {
        let page = plain(&clerk.reads(&href).await);
        lines += page.matches("<tr><th scope=\"row\">").count();
        match next.captures(&page) {
            Some(found) => href = found[1].to_owned(),
            None => return lines,
        }
    }
}

async fn each_number_leads_to_as_many_tickets_as_it_says(database: &TestDatabase) {
    let service = lively(database, 160).await;
    let clerk = Clerk::at(&service, "值班员", Role::Admin).await;
    let mut seen = BTreeSet::new();
    for page in [
        "/console/figures?period=2026-03",
        "/console/figures?period=2026",
        "/console/figures?period=2026-q1&area=130699201",
        "/console/figures?period=2026-03&area=130699201201",
        "/console/figures/report?month=2026-03",
    ] {
        for (href, number) in links(&clerk.reads(page).await) {
            // A ticket that was dispatched twice is one line and counts twice.
            let often = ["signing", "return_", "without_photo", "late_extension", "rated_by_staff"];
            if often.iter().any(|code| href.contains(code)) || !seen.insert(href.clone()) {
                continue;
            }
            assert_eq!(listed(&clerk, &href).await, number, "{page}: {href}");
        }
    }
    assert!(seen.len() > 60, "there was little to follow: {}", seen.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_township_sees_its_own_figures_and_no_others() {
    let database = sqlite().await;
    let service = lively(&database, 80).await;
    let clerk = Clerk::of_area(&service, "王庄站", Role::Dispatcher, "130699201").await;
    let page = clerk.reads("/console/figures?period=2026-03").await;
    assert!(page.contains("王庄乡 · 2026年3月"));
    for other in ["大河镇", "城关镇", "全县"] {
        assert!(!page.contains(other), "{other}");
    }
    let everybody = Clerk::at(&service, "领导", Role::Viewer).await;
    let all = everybody.reads("/console/figures?period=2026-03").await;
    let received = |page: &str| links(page).first().map(|(_, number)| *number).unwrap();
    assert!(received(&page) < received(&all));
    for hidden in [
        "/console/figures?area=130699",
        "/console/figures?area=130699202",
        "/console/figures?area=nowhere",
        "/console/figures/report?area=130699202",
        "/console/figures/report.xlsx?area=130699202",
        "/console/figures/tickets?figure=received&area=130699202",
    ] {
        assert_eq!(clerk.get(hidden).await.status, 404, "{hidden}");
    }
    let elsewhere = "/console/figures/tickets?period=2026&figure=received&place=130699202200";
    assert_eq!(listed(&clerk, elsewhere).await, 0);
    assert!(listed(&everybody, elsewhere).await > 0);
    for nonsense in [
        "/console/figures?period=2026-13",
        "/console/figures?period=%3Cscript%3E",
        "/console/figures/tickets?figure=nonsense",
        "/console/figures/tickets?figure=received&side=left",
        "/console/figures/tickets?figure=received&by=day",
        "/console/figures/tickets?figure=received&day=yesterday",
    ] {
        assert_eq!(everybody.get(nonsense).await.status, 404, "{nonsense}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_limited_to_a_category_sees_the_figures_of_that_alone() {
    let database = sqlite().await;
    let service = lively(&database, 120).await;
    let scope = Scope { area: None, categories: BTreeSet::from(["road".to_owned()]) };
    let clerk = Clerk::limited(&service, "交通", Role::Viewer, scope).await;
    let tickets = service.tickets().await;
    let of_theirs = tickets.iter().filter(|ticket| ticket.report.category == "road").count();
    let page = clerk.reads("/console/figures?period=2026").await;
    let links = links(&page);
    assert!(page.contains("只统计这些类别") && !page.contains("路灯水电"));
    assert_eq!(links[0].1, of_theirs);
    assert_eq!(listed(&clerk, &links[0].0).await, of_theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_confidential_counts_and_is_not_shown_to_who_may_not_see_it() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let mut open = lives::opened(&service, &mut lives::Chance::of(3));
    open.after.report.confidential = true;
    lives::save(&service, &open).await;
    count(&service).await;
    let list = "/console/figures/tickets?period=2026-03&figure=received";
    let viewer = Clerk::at(&service, "领导", Role::Viewer).await;
    let page = viewer.reads(list).await;
    assert!(page.contains("保密诉求，只计数") && !page.contains(open.after.number.as_str()));
    let admin = Clerk::at(&service, "管理员", Role::Admin).await;
    assert!(admin.reads(list).await.contains(open.after.number.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbook_of_a_report_says_what_the_page_says() {
    let database = sqlite().await;
    let service = lively(&database, 160).await;
    service.clock.advance(TimeDelta::days(40));
    count(&service).await;
    let clerk = Clerk::at(&service, "督办员", Role::Supervisor).await;
    let page = clerk.reads("/console/figures/report?month=2026-03").await;
    let file = clerk.bytes("/console/figures/report.xlsx?month=2026-03").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["各办理单位", "各地", "各类诉求", "诉求途径", "全部指标", "校核", "各公众号"]
    );
    let cell = |cell: &Data| match cell {
        Data::Float(value) if value.fract() == 0.0 => format!("{value}"),
        Data::Float(share) => format!("{:.1}%", share * 100.0),
        other => other.to_string(),
    };
    let tags = Regex::new(r"<[^>]+>").unwrap();
    let told: Vec<String> = Regex::new(r"(?s)<tr>(.*?)</tr>")
        .unwrap()
        .captures_iter(&page)
        .map(|row| tags.replace_all(&row[1].replace("＊", ""), "|").replace(['\n', ' '], ""))
        .map(|row| row.split('|').filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("|"))
        .collect();
    let mut looked = 0;
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).unwrap();
        for row in range.rows().skip(4) {
            let cells: Vec<String> = row.iter().map(cell).collect();
            let line = cells.iter().map(|one| whole(one)).collect::<Vec<_>>().join("|");
            let is_told = told
                .iter()
                .any(|told| told.split('|').map(whole).collect::<Vec<_>>().join("|") == line);
            assert!(is_told, "{sheet}: {line}\n{told:#?}");
            looked += 1;
        }
    }
    assert!(looked > 25 && Figure::all().count() > 30, "{looked}");
}

/// A hundred and no percent are whole numbers in a workbook.
fn whole(cell: &str) -> String {
    match cell {
        "100.0%" => "1".to_owned(),
        "0.0%" => "0".to_owned(),
        other => other.to_owned(),
    }
}
