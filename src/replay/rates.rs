//! A rate as a script asks for it, computed from what happened up to the play's present moment.

use super::asks::{RateAsk, Whose};
use crate::{
    app::App,
    calendar::begin_of,
    rates::{By, Expected, Fraction, Percent, Story, Subject, Table},
    storage::StorageError,
};

/// One page of the database at a time.
const PAGE: u64 = 500;

/// How the rate differs from what is asked, if it does.
pub(super) async fn differs(app: &App, ask: &RateAsk) -> Result<Option<String>, StorageError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    let unit = match &ask.whose {
        Whose::Unit(name) => match county.unit_named(name).or_else(|| county.unit(name)) {
            Some(unit) => Some(unit.code.clone()),
            None => return Ok(Some(format!("there is no unit {name}"))),
        },
        Whose::Everybody | Whose::Area(_) => None,
    };
    let area = match &ask.whose {
        Whose::Area(code) => Some(code.as_str()),
        Whose::Everybody | Whose::Unit(_) => None,
    };
    let categories = county.categories().iter();
    let expected = Expected::of(
        categories.map(|category| (&*category.code, category.needs_photo, category.is_long)),
    );
    let from = ask.days.map(|(from, _)| begin_of(from));
    let until = ask.days.and_then(|(_, to)| to.succ_opt()).map(begin_of);
    let mut table = Table::new(unit.is_some().then_some(By::Unit), false);
    let mut after = None;
    loop {
        let page = app.store.stories_between(from, until, area, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some((last.submitted_at, last.id));
        for (ticket, events) in &page {
            if let Some(story) = Story::of(Subject::of(ticket, false), events, now) {
                table.add(&story, &expected);
            }
        }
    }
    let found = match unit {
        Some(unit) => table.part(&unit).map_or_else(Fraction::default, |part| part.rate(ask.rate)),
        None => table.total().rate(ask.rate),
    };
    let percent = found.percent();
    let shown = percent.as_ref().map_or_else(|| "-".to_owned(), Percent::to_string);
    Ok((percent != ask.value)
        .then(|| format!("it is {shown} ({} of {})", found.numerator, found.denominator)))
}
