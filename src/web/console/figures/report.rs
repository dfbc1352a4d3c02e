//! The report that a county publishes and sends up: a page to be printed and a workbook, with the
//! same numbers, and with what shows that a rate was helped along.

use super::{
    super::words,
    Desk, Stop, accounts,
    asked::{Asked, Looked},
    naming,
    rows::{FEW, Linking, Number, Row, Share, by_size},
};
use crate::{
    calendar::{date_of, in_beijing},
    figures::overview::{self, Overview, Parts},
    rates::{Check, Count, Figure, Level, Percent, Rate, Slice, Tally},
    storage::Span,
    workbook::report::{Cell, Sheet, of_sheets},
};
use actix_web::{HttpResponse, http::header, web::Query};
use serde::Serialize;

/// One phone may rate so many tickets of one unit before it is looked at.
const RATED_BY_ONE: i64 = 5;
/// The columns of a section, after the first.
const COLUMNS: [&str; 9] =
    ["受理", "办结", "办结率", "按时办结", "到期应办结", "按时办结率", "参评", "满意", "满意率"];

#[derive(Serialize)]
struct Report {
    title: String,
    words: String,
    cohort: String,
    measured: String,
    is_running: bool,
    few: u64,
    columns: [&'static str; 9],
    total: Row,
    received: Number,
    sections: Vec<Section>,
    rates: Vec<Line>,
    checks: Vec<Line>,
    left_out: Vec<Line>,
    back: String,
    xlsx: String,
    before: Step,
    after: Option<Step>,
    made: String,
}

#[derive(Serialize)]
struct Step {
    words: String,
    href: String,
}

#[derive(Serialize)]
struct Section {
    heading: &'static str,
    first: &'static str,
    rows: Vec<Row>,
}

/// A figure by its name.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    share: Share,
}

pub(super) async fn page(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let looked = Looked::of(&desk, &asked)?;
    let report = report(&desk, &looked).await?;
    desk.page("figures/report.html", "figures", "统计报表", report)
}

pub(super) async fn workbook(desk: Desk, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let looked = Looked::of(&desk, &asked)?;
    let report = report(&desk, &looked).await?;
    desk.note("export", Some(&format!("figures {}", looked.stretch)), "统计报表").await?;
    let mut sheets = sheets(&report);
    let (used, _) = accounts::of(&desk, &looked, &accounts::OfAccount::default()).await?;
    if !used.is_empty() {
        sheets.push(Sheet {
            name: "各公众号".to_owned(),
            title: format!("{}（{}）", report.title, report.words),
            notes: vec!["诉求归全县统一办理，办结率、满意率不分公众号。".to_owned()],
            header: accounts::COLUMNS.map(str::to_owned).to_vec(),
            rows: used.iter().map(accounts::Line::cells).collect(),
        });
    }
    let file = of_sheets(&sheets).map_err(|error| desk.broken(&error))?;
    let name = format!("lianxin-{}.xlsx", looked.stretch);
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file))
}

async fn report(desk: &Desk, looked: &Looked) -> Result<Report, Stop> {
    let today = date_of(desk.now);
    let (app, stretch) = (&desk.app, looked.stretch);
    let found = overview::overview(app, &desk.county, &looked.whose, stretch, today).await;
    let found = found.map_err(|error| desk.broken(&error))?;
    let span = Span {
        area: looked.whose.area.clone(),
        categories: looked.whose.categories.clone(),
        ..Span::of(stretch.first(), stretch.last())
    };
    let often = app.store.rated_often(&span, RATED_BY_ONE).await;
    let often = often.map_err(|error| desk.broken(&error))?;
    let linking = Linking { looked, part: None };
    let line =
        |figure| Line { name: naming::figure(figure), share: linking.share(&found.all, figure) };
    let place = looked.place(desk);
    let check = |check| match check {
        // It is no sum, and its tickets are behind no single number.
        Check::SameDevice => {
            let tally = Tally::of([(Figure::Rate(Rate::Solved), often.clone())]);
            let mut share = linking.share(&tally, Figure::Rate(Rate::Solved));
            (share.part.href, share.whole.href) = (None, None);
            Line { name: naming::figure(Figure::Check(check)), share }
        }
        check => line(Figure::Check(check)),
    };
    let rates = Rate::ALL.into_iter().map(Figure::Rate);
    let rates = rates.chain([Figure::Level(Level::TownshipOrBelow)]);
    let left_out = [Count::Rejected, Count::Merged, Count::WithdrawnEarly].map(Figure::Count);
    let day = |day: chrono::NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    Ok(Report {
        title: format!("{place}群众诉求办理情况统计"),
        words: stretch.words(),
        cohort: format!("{}至{}", day(stretch.first()), day(stretch.last())),
        measured: in_beijing(desk.now).format("%Y年%-m月%-d日 %H:%M").to_string(),
        is_running: (stretch.first()..=stretch.last()).contains(&today),
        few: FEW,
        columns: COLUMNS,
        total: linking.row("合计".to_owned(), None, &found.all),
        received: linking.count(&found.all, Count::Received),
        sections: sections(desk, looked, &found),
        rates: rates.map(line).collect(),
        checks: Check::ALL.into_iter().map(check).collect(),
        left_out: left_out.map(line).into_iter().collect(),
        back: looked.address("", &[]),
        xlsx: looked.address("/report.xlsx", &[]),
        before: step(looked, stretch.before()),
        after: (stretch.after().first() <= today).then(|| step(looked, stretch.after())),
        made: words::when(desk.now, desk.now),
    })
}

fn step(looked: &Looked, stretch: crate::figures::stretch::Stretch) -> Step {
    Step { words: stretch.words(), href: looked.at(stretch).address("/report", &[]) }
}

fn sections(desk: &Desk, looked: &Looked, found: &Overview) -> Vec<Section> {
    let county = &desk.county;
    let parts = |by: Slice, parts: &Parts| -> Vec<Row> {
        let row = |(code, tally): (&str, &Tally)| {
            let linking = Linking { looked, part: Some((by, code)) };
            linking.row(naming::part(county, by, code), None, tally)
        };
        by_size(parts).into_iter().map(row).collect()
    };
    let area = |(code, tally): (&str, &Tally)| {
        let there = looked.of_area(code);
        Linking { looked: &there, part: None }.row(naming::area(county, code), None, tally)
    };
    let section = |heading, first, rows| Section { heading, first, rows };
    let sections = [
        section("一、各办理单位", "单位", parts(Slice::Unit, &found.units)),
        section("二、各地", "地方", by_size(&found.areas).into_iter().map(area).collect()),
        section("三、各类诉求", "类别", parts(Slice::Category, &found.categories)),
        section("四、诉求途径", "途径", parts(Slice::Channel, &found.channels)),
    ];
    sections.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

/// The same as a workbook: a sheet for each section, the figures, and the checks.
fn sheets(report: &Report) -> Vec<Sheet> {
    let notes = [
        format!("统计口径：{}提交的诉求，按{}的办理情况计算。", report.cohort, report.measured),
        format!("参评不足{}件的，满意率仅供参考。", report.few),
    ];
    let sheet = |name: &str, header: Vec<String>, rows| Sheet {
        name: name.to_owned(),
        title: format!("{}（{}）", report.title, report.words),
        notes: notes.to_vec(),
        header,
        rows,
    };
    let header = |first: &str| {
        std::iter::once(first).chain(COLUMNS).map(str::to_owned).collect::<Vec<String>>()
    };
    let mut sheets = Vec::new();
    for Section { heading, first, rows } in &report.sections {
        let name = heading.split('、').next_back().unwrap_or(heading);
        let rows = rows.iter().chain([&report.total]).map(cells).collect();
        sheets.push(sheet(name, header(first), rows));
    }
    let lines = |lines: &[Line]| -> Vec<Vec<Cell>> {
        let one = |Line { name, share }: &Line| {
            vec![
                Cell::Text((*name).to_owned()),
                Cell::Count(share.part.value),
                Cell::Count(share.whole.value),
                Cell::Percent(tenths(share)),
            ]
        };
        lines.iter().map(one).collect()
    };
    let columns = ["指标", "分子（件）", "分母（件）", "比率"].map(str::to_owned).to_vec();
    sheets.push(sheet("全部指标", columns.clone(), lines(&report.rates)));
    sheets.push(sheet("校核", columns, lines(&report.checks)));
    sheets
}

fn cells(row: &Row) -> Vec<Cell> {
    vec![
        Cell::Text(row.name.clone()),
        Cell::Count(row.accepted.value),
        Cell::Count(row.completed.value),
        Cell::Percent(tenths(&row.completion)),
        Cell::Count(row.on_time.part.value),
        Cell::Count(row.on_time.whole.value),
        Cell::Percent(tenths(&row.on_time)),
        Cell::Count(row.satisfaction.whole.value),
        Cell::Count(row.satisfaction.part.value),
        Cell::Percent(tenths(&row.satisfaction)),
    ]
}

fn tenths(share: &Share) -> Option<u64> {
    Percent::of(share.part.value, share.whole.value).map(Percent::tenths)
}
