//! 代为登记: what came by telephone, at the counter, from a box or in a letter becomes a ticket.
//!
//! Two steps, because somebody on the telephone tells everything at once: first what they say, then
//! what was understood of it, what is known already nearby, and the one button. What was filled in
//! travels along in the page, so nothing is kept that was not sent.
//!
//! Deliberately absent: pictures, which only the platform keeps.

mod fields;

use super::{Desk, Posted, Stop, areas::Places, stop::Why, words};
use crate::{
    access::Permission,
    county::{AreaCode, Category},
    desk::{self, BadEntry, DeskError, Entry},
    ticket::{Channel, Ticket},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Query, ServiceConfig, get, post, resource},
};
use fields::{Fields, bad_words};
use serde::{Deserialize, Serialize};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/enter").route(get().to(blank)).route(post().to(save)))
        .service(resource("/enter/preview").route(post().to(preview)))
        .service(resource("/enter/edit").route(post().to(edit)));
}

/// The channels that are entered by hand, as the form offers them.
const CHANNELS: [(Channel, &str); 7] = [
    (Channel::Hotline, "热线电话"),
    (Channel::WalkIn, "来访"),
    (Channel::SpeakBox, "说事箱"),
    (Channel::Letterbox, "书记信箱"),
    (Channel::Reception, "接待日"),
    (Channel::Grid, "网格上报"),
    (Channel::Email, "电子邮件"),
];

#[derive(Serialize)]
struct Choice<'a> {
    code: &'a str,
    words: &'a str,
}

/// The form, with what is wrong with it.
#[derive(Serialize)]
struct Form<'a> {
    fields: &'a Fields,
    places: Places<'a>,
    channels: Vec<Choice<'a>>,
    categories: Vec<Choice<'a>>,
    longest_text: usize,
    longest_line: usize,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    field: &'static str,
    words: &'static str,
}

/// What was understood, before it becomes a ticket.
#[derive(Serialize)]
struct Preview<'a> {
    fields: &'a Fields,
    channel: &'a str,
    places: Places<'a>,
    /// The areas that the words name, where nobody chose one: code and path.
    named: Vec<(String, String)>,
    categories: Vec<Choice<'a>>,
    /// Nobody chose it: it is what the words say.
    is_guessed: bool,
    /// The words tell of danger and nobody ticked it.
    is_danger: bool,
    alike: Vec<Alike<'a>>,
}

/// A ticket that may be about the same.
#[derive(Serialize)]
struct Alike<'a> {
    number: &'a str,
    text: &'a str,
    place: String,
    when: String,
    stage: &'static str,
    handler: Option<&'a str>,
    /// Over already: it cannot take another one in.
    is_over: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Beginning {
    channel: String,
}

async fn blank(desk: Desk, begin: Query<Beginning>) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Enter)?;
    let fields = Fields {
        id: desk.app.ids.fresh().simple().to_string(),
        channel: begin.into_inner().channel,
        ..Fields::default()
    };
    form(&desk, &fields, StatusCode::OK, &[])
}

async fn edit(posted: Posted<Fields>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: fields } = posted;
    desk.needs(Permission::Enter)?;
    form(&desk, &fields, StatusCode::OK, &[])
}

fn form(
    desk: &Desk,
    fields: &Fields,
    status: StatusCode,
    bad: &[BadEntry],
) -> Result<HttpResponse, Stop> {
    let words = |(channel, words): &(Channel, &'static str)| Choice { code: channel.code(), words };
    let problem = |bad: &BadEntry| {
        let (field, words) = bad_words(*bad);
        Problem { field, words }
    };
    let content = Form {
        fields,
        places: Places::of(desk, &fields.area),
        channels: CHANNELS.iter().map(words).collect(),
        categories: categories(desk),
        longest_text: desk::LONGEST_TEXT,
        longest_line: desk::LONGEST_LINE,
        problems: bad.iter().map(problem).collect(),
    };
    desk.page_with(HttpResponse::build(status), "enter/form.html", "enter", "代为登记", content)
}

/// The categories of this operator that are switched on.
fn categories(desk: &Desk) -> Vec<Choice<'_>> {
    let own = &desk.operator().scope.categories;
    let is_own = |one: &&Category| one.enabled && (own.is_empty() || own.contains(&one.code));
    desk.county
        .categories()
        .iter()
        .filter(is_own)
        .map(|one| Choice { code: &one.code, words: &one.name })
        .collect()
}

async fn preview(posted: Posted<Fields>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: mut fields } = posted;
    desk.needs(Permission::Enter)?;
    let said = desk::suggested(&desk.county, &fields.text);
    let mut named = Vec::new();
    if fields.area.is_empty() {
        let found = desk::named_areas(&desk.county, &fields.place, &said);
        named = found.into_iter().filter(|code| is_own_area(&desk, code)).collect();
        if let [only] = named.as_slice() {
            fields.area = only.as_str().to_owned();
        }
    }
    if fields.place.is_empty() {
        fields.place = said.place.clone().unwrap_or_default();
    }
    let is_guessed = fields.category.is_empty();
    if is_guessed {
        let own = categories(&desk);
        let mut codes = said.categories.iter().map(String::as_str).chain(["other"]);
        let first = codes.find(|code| own.iter().any(|one| one.code == *code));
        fields.category = first.or(own.first().map(|one| one.code)).unwrap_or("other").to_owned();
    }
    let entry = match fields.entry() {
        Ok(entry) => entry,
        Err(bad) => return form(&desk, &fields, StatusCode::UNPROCESSABLE_ENTITY, &[bad]),
    };
    let found = match desk::alike(&desk.app, &entry).await {
        Ok(found) => found,
        Err(DeskError::Entry(bad)) => {
            return form(&desk, &fields, StatusCode::UNPROCESSABLE_ENTITY, &bad);
        }
        Err(error) => return Err(desk.broken(&error)),
    };
    let seen: Vec<&Ticket> = found.iter().filter(|one| desk.operator().sees(one)).collect();
    let channel = CHANNELS.iter().find(|(channel, _)| *channel == entry.channel);
    let path = |code: &AreaCode| (code.as_str().to_owned(), desk.county.spoken_path(code));
    let content = Preview {
        channel: channel.map_or("", |(_, words)| words),
        places: Places::of(&desk, &fields.area),
        named: named.iter().map(path).collect(),
        categories: categories(&desk),
        is_guessed,
        is_danger: said.urgent && !entry.urgent,
        alike: seen.into_iter().map(|one| alike(&desk, one)).collect(),
        fields: &fields,
    };
    desk.page("enter/preview.html", "enter", "核对登记", content)
}

fn is_own_area(desk: &Desk, code: &AreaCode) -> bool {
    let own = desk.operator().scope.area.as_deref().map(AreaCode::from);
    own.is_none_or(|own| desk.county.is_within(code, &own))
}

fn alike<'a>(desk: &Desk, ticket: &'a Ticket) -> Alike<'a> {
    let place = &ticket.report.place;
    let area = place.area.as_deref().map(|code| desk.county.spoken_path(&code.into()));
    let spot = place.text.as_deref().unwrap_or_default();
    Alike {
        number: ticket.number.as_str(),
        text: &ticket.report.text,
        place: format!("{} {spot}", area.unwrap_or_default()).trim().to_owned(),
        when: words::when(ticket.submitted_at, desk.now),
        stage: words::stage(ticket.status.stage()),
        handler: ticket.handler.as_ref().map(|person| person.name.as_str()),
        is_over: ticket.is_ended(),
    }
}

async fn save(posted: Posted<Fields>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: mut fields } = posted;
    desk.needs(Permission::Enter)?;
    // What nobody could place lies where the operator sits, or it would be in nobody's list.
    if fields.area.is_empty() {
        fields.area = desk.operator().scope.area.clone().unwrap_or_default();
    }
    let refused = |bad: &[BadEntry]| form(&desk, &fields, StatusCode::UNPROCESSABLE_ENTITY, bad);
    let entry = match fields.entry() {
        Ok(entry) => entry,
        Err(bad) => return refused(&[bad]),
    };
    is_theirs(&desk, &entry).await?;
    match desk::open(&desk.app, &desk.operator().person, &entry).await {
        Ok(ticket) => {
            let said = format!("已登记，编号 {}。请告诉居民这个编号。", ticket.number);
            let way = if desk.operator().sees(&ticket) {
                format!("/console/tickets/{}", ticket.number)
            } else {
                "/console/enter".to_owned()
            };
            Ok(desk.go_on(&way, &said))
        }
        Err(DeskError::Entry(bad)) => refused(&bad),
        Err(DeskError::NoMaster(number)) => Err(desk.stop(Why::Told {
            what: format!("{number} 刚刚办结或并到别的诉求里了，没有登记。"),
            mend: "请返回上一页，选“都不是”再登记。".to_owned(),
        })),
        Err(error) => Err(desk.broken(&error)),
    }
}

/// Nobody enters into another township, nor ties a report to a ticket that they cannot see.
async fn is_theirs(desk: &Desk, entry: &Entry) -> Result<(), Stop> {
    let is_own = entry.area.as_deref().is_none_or(|code| is_own_area(desk, &code.into()));
    let own = &desk.operator().scope.categories;
    let is_kind = entry.category.as_ref().is_some_and(|code| own.contains(code));
    if !is_own || !own.is_empty() && !is_kind {
        return Err(desk.stop(Why::Nothing));
    }
    match &entry.same_as {
        Some(number) => desk.ticket(number.as_str()).await.map(|_| ()),
        None => Ok(()),
    }
}
