//! Everything that a page of figures shows about one stretch of time and one area, looked up.
//!
//! Sums where there are sums; a village or a grid is so small that its own tickets are added up.
//! Whoever is limited to categories gets the sums of these: the whole, and one for each.

use super::stretch::{Kind, Stretch};
use crate::app::App;
use crate::county::{AreaCode, County};
use crate::rates::{Counted, Period, Slice, Sums, Tally};
use crate::storage::{Recurring, Span, StorageError};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What came back less often is chance.
const LEAST: i64 = 3;
/// So many lines of what keeps coming back are read.
const RECURRING: u64 = 12;
/// How deep a township lies below the county.
const TOWNSHIP: usize = 2;

/// Whose figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whose {
    /// Of this area and what lies below it; none is everything.
    pub area: Option<String>,
    /// Of these categories; empty is all.
    pub categories: BTreeSet<String>,
}

/// Parts by their codes; empty is what belongs to none.
pub type Parts = BTreeMap<String, Tally>;

/// Figures of one stretch.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Everything.
    pub all: Tally,
    /// The stretch before it.
    pub before: Tally,
    /// The same one of the year before.
    pub year_before: Tally,
    /// By unit; nothing for whoever is limited to categories, as the next ones.
    pub units: Parts,
    /// By category.
    pub categories: Parts,
    /// By way in.
    pub channels: Parts,
    /// By the level that led.
    pub tiers: Parts,
    /// By the areas right below.
    pub areas: Parts,
    /// By day in a month, otherwise by month.
    pub trend: Parts,
    /// Areas right below, by category; nothing where they have no sums by category.
    pub heat: BTreeMap<(String, String), Tally>,
    /// What keeps coming back.
    pub recurring: Vec<Recurring>,
    /// In which month: the last one of the stretch that has begun.
    pub month: Stretch,
}

/// Looks all of it up.
pub async fn overview(
    app: &App,
    county: &County,
    whose: &Whose,
    stretch: Stretch,
    today: NaiveDate,
) -> Result<Overview, StorageError> {
    let all = whole(app, county, whose, stretch).await?;
    let before = whole(app, county, whose, stretch.before()).await?;
    let year_before = whole(app, county, whose, stretch.year_before()).await?;
    let mut overview = Overview {
        all,
        before,
        year_before,
        units: Parts::new(),
        categories: cut(app, county, whose, stretch, Slice::Category).await?,
        channels: Parts::new(),
        tiers: Parts::new(),
        areas: Parts::new(),
        trend: Parts::new(),
        heat: BTreeMap::new(),
        recurring: Vec::new(),
        month: Stretch::of(stretch.last().min(today), Kind::Month),
    };
    let is_limited = !whose.categories.is_empty();
    if is_limited {
        overview.categories.retain(|category, _| whose.categories.contains(category));
        return Ok(overview);
    }
    overview.units = cut(app, county, whose, stretch, Slice::Unit).await?;
    overview.channels = cut(app, county, whose, stretch, Slice::Channel).await?;
    overview.tiers = cut(app, county, whose, stretch, Slice::Tier).await?;
    overview.trend = trend(app, county, whose, stretch).await?;
    let below = below(county, whose);
    let months = stretch.months();
    overview.areas = app.store.figures_by_area(&below, &months).await?;
    if below.first().is_some_and(|area| has_sums(county, Some(area))) {
        overview.heat =
            app.store.figures_by_area_and_part(&below, Slice::Category, &months).await?;
    }
    let (from, to) = (overview.month.first(), overview.month.last());
    let span = Span { area: whose.area.clone(), ..Span::of(from, to) };
    overview.recurring = app.store.recurring(&span, LEAST, RECURRING).await?;
    Ok(overview)
}

/// The figures of one stretch, uncut.
pub async fn whole(
    app: &App,
    county: &County,
    whose: &Whose,
    stretch: Stretch,
) -> Result<Tally, StorageError> {
    if whose.categories.is_empty() {
        let area = whose.area.as_deref().unwrap_or("");
        // There is a sum of every area, however small.
        let mut parts = app.store.figure_sums(area, Slice::All, &stretch.months()).await?;
        return Ok(parts.remove("").unwrap_or_default());
    }
    let parts = cut(app, county, whose, stretch, Slice::Category).await?;
    let mut sum = Tally::default();
    let theirs = parts.into_iter().filter(|(part, _)| whose.categories.contains(part));
    for (_, tally) in theirs {
        sum += tally;
    }
    Ok(sum)
}

/// The figures of one stretch by parts.
pub async fn cut(
    app: &App,
    county: &County,
    whose: &Whose,
    stretch: Stretch,
    by: Slice,
) -> Result<Parts, StorageError> {
    let area = whose.area.as_deref();
    if has_sums(county, area) {
        return app.store.figure_sums(area.unwrap_or(""), by, &stretch.months()).await;
    }
    let counted = small(app, area.unwrap_or(""), stretch).await?;
    Ok(added(&counted, by, |period| period.as_str().len() == "2026-03".len()))
}

/// By day or by month.
async fn trend(
    app: &App,
    county: &County,
    whose: &Whose,
    stretch: Stretch,
) -> Result<Parts, StorageError> {
    let area = whose.area.as_deref();
    if stretch.kind() != Kind::Month {
        return app.store.figures_by_period(area.unwrap_or(""), &stretch.months()).await;
    }
    if has_sums(county, area) {
        let days: Vec<Period> = stretch.days().into_iter().map(Period::day).collect();
        return app.store.figures_by_period(area.unwrap_or(""), &days).await;
    }
    let mut days: BTreeMap<NaiveDate, Vec<Counted>> = BTreeMap::new();
    for counted in small(app, area.unwrap_or(""), stretch).await? {
        days.entry(counted.day).or_default().push(counted);
    }
    let is_day = |period: &Period| period.as_str().len() == "2026-03-14".len();
    let day = |(day, counted): (NaiveDate, Vec<Counted>)| {
        let all = added(&counted, Slice::All, is_day).remove("").unwrap_or_default();
        (day.to_string(), all)
    };
    Ok(days.into_iter().map(day).collect())
}

/// What the tickets of a small area count for.
async fn small(app: &App, area: &str, stretch: Stretch) -> Result<Vec<Counted>, StorageError> {
    app.store.counted_in(area, stretch.first(), stretch.last()).await
}

/// Adds up what tickets count for, by parts.
fn added(counted: &[Counted], by: Slice, period: impl Fn(&Period) -> bool) -> Parts {
    let mut sums = Sums::default();
    for one in counted {
        sums.add(one);
    }
    let mut parts = Parts::new();
    for (key, changes) in sums.into_changes() {
        if key.area.is_empty() && key.by == by && period(&key.period) {
            *parts.entry(key.part).or_default() += Tally::of_changes(changes);
        }
    }
    parts
}

/// Whether there are sums of it by parts and days.
pub fn has_sums(county: &County, area: Option<&str>) -> bool {
    area.is_none_or(|area| {
        let depth = county.path(&AreaCode(area.to_owned())).len();
        (1..=TOWNSHIP).contains(&depth)
    })
}

/// The codes of the areas right below.
pub fn below(county: &County, whose: &Whose) -> Vec<String> {
    let area = whose.area.clone().map(AreaCode);
    let area = area.or_else(|| county.root().map(|root| root.code.clone()));
    area.map_or_else(Vec::new, |area| {
        county.children(&area).map(|child| child.code.0.clone()).collect()
    })
}

/// One day, or one month, and how many people came and left in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Followed {
    /// Who came.
    pub came: i64,
    /// Who left.
    pub left: i64,
}

/// How many people follow one account, or all together, by day in a month, otherwise by month.
pub async fn followers(
    app: &App,
    stretch: Stretch,
    account: Option<&str>,
) -> Result<BTreeMap<String, Followed>, StorageError> {
    let (from, to) = (stretch.first().to_string(), stretch.last().to_string());
    let mut followed: BTreeMap<String, Followed> = BTreeMap::new();
    let asked = app.accounts.iter().filter(|one| account.is_none_or(|slug| one.slug == slug));
    for account in asked {
        for count in app.store.follow_counts(&account.slug, &from, &to).await? {
            let key = match stretch.kind() {
                Kind::Month => count.day,
                Kind::Quarter | Kind::Year => count.day.chars().take("2026-03".len()).collect(),
            };
            let one = followed.entry(key).or_default();
            one.came += count.follows;
            one.left += count.unfollows;
        }
    }
    Ok(followed)
}
