//! The same done with many tickets, one after the other: each is decided for itself, in the
//! version that was seen, and the result says of each what became of it.

use super::super::{Desk, Posted, Stop, stop::Why, ticket::names, words};
use crate::{
    access::{Permission, needed_for},
    desk::{self, DeskError},
    routing,
    telemetry::Chain,
    ticket::{Ticket, TicketNumber, lifecycle::Action},
};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

/// What one page shows, twice: more is no page of ours.
const MOST: usize = 100;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Many {
    /// `NUMBER@VERSION` of each that was ticked.
    ticket: Vec<String>,
    #[serde(rename = "do")]
    deed: String,
    note: String,
    to: String,
    into: String,
    back: String,
}

/// What is done with each.
enum Deed {
    /// An action as it is.
    Act(Action),
    /// 派单 to people or units by their names.
    Dispatch(Vec<String>),
}

#[derive(Serialize)]
struct Became {
    number: String,
    is_done: bool,
    words: String,
}

#[derive(Serialize)]
struct Summary<'a> {
    what: &'static str,
    done: usize,
    failed: usize,
    results: Vec<Became>,
    back: &'a str,
}

pub(super) async fn bulk(request: HttpRequest, posted: Posted<Many>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let (deed, what) = read(&desk, &form)?;
    if form.ticket.is_empty() {
        return Err(told(&desk, "没有勾选诉求。", "请返回上一页，在左边的方框里打勾。"));
    }
    if form.ticket.len() > MOST {
        return Err(told(&desk, "一次最多办 100 条。", "请分几次办。"));
    }
    let mut results = Vec::with_capacity(form.ticket.len());
    for ticket in &form.ticket {
        let (number, seen) = ticket.split_once('@').unwrap_or((ticket, ""));
        let done = one(&desk, number, seen.parse().ok(), &deed).await;
        let is_done = done.is_ok();
        let words = done.err().unwrap_or_else(|| what.to_owned());
        results.push(Became { number: number.to_owned(), is_done, words });
    }
    let done = results.iter().filter(|result| result.is_done).count();
    let failed = results.len() - done;
    let content = Summary { what, done, failed, results, back: words::within(&form.back) };
    // A script sends a few at a time, and puts together what comes back.
    if request.headers().contains_key("hx-request") {
        return desk.part("queues/_results.html", content);
    }
    desk.page("queues/results.html", "queues", "批量办理结果", content)
}

fn told(desk: &Desk, what: &str, mend: &str) -> Stop {
    desk.stop(Why::Told { what: what.to_owned(), mend: mend.to_owned() })
}

/// What is wanted, if the operator may.
fn read(desk: &Desk, form: &Many) -> Result<(Deed, &'static str), Stop> {
    let note = form.note.trim();
    let (action, what) = match form.deed.as_str() {
        "accept" => (Action::Accept, "已受理"),
        "note" if note.is_empty() => {
            return Err(told(desk, "备注是空的。", "请返回上一页写几个字。"));
        }
        "note" => (Action::Note { text: note.to_owned() }, "已备注"),
        "merge" => {
            let into = TicketNumber::find(&form.into).ok_or_else(|| {
                told(desk, "没有写并入哪一条。", "请返回上一页写完整的编号，以 LX 开头。")
            })?;
            (Action::Merge { into }, "已并案")
        }
        "dispatch" => {
            desk.needs(Permission::Dispatch)?;
            let names = form.to.split([' ', '　', ',', '，', '、', ';', '；']);
            let names: Vec<String> =
                names.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            if names.is_empty() {
                return Err(told(desk, "没有写派给谁。", "请返回上一页写单位或人名。"));
            }
            return Ok((Deed::Dispatch(names), "已派单"));
        }
        _ => return Err(desk.stop(Why::Unreadable)),
    };
    if let Some(permission) = needed_for(&action) {
        desk.needs(permission)?;
    }
    Ok((Deed::Act(action), what))
}

/// One of them; if it was not done, why.
async fn one(desk: &Desk, number: &str, seen: Option<i64>, deed: &Deed) -> Result<(), String> {
    const NOT_THERE: &str = "没有这条诉求，或者不在您负责的范围内。";
    // A ticket that is out of sight is answered like one that was never given.
    let ticket = desk.ticket(number).await.map_err(|_| NOT_THERE.to_owned())?;
    if let Deed::Act(Action::Merge { into }) = deed {
        desk.ticket(into.as_str()).await.map_err(|_| format!("并入的 {into}：{NOT_THERE}"))?;
    }
    let action = match deed {
        Deed::Act(action) => action.clone(),
        Deed::Dispatch(names) => dispatch(desk, &ticket, names).await?,
    };
    let by = &desk.operator().person;
    let done = desk::act(&desk.app, by, &ticket.number, seen, action).await;
    done.map(drop).map_err(|error| why_not(&error))
}

/// 派单 to those who bear these names; if nobody does, why it cannot be.
async fn dispatch(desk: &Desk, ticket: &Ticket, names: &[String]) -> Result<Action, String> {
    let category = &ticket.report.category;
    let reason = format!("{}选择", desk.operator().person.name);
    let called = async {
        let tx = desk.app.store.look().await?;
        routing::called(&tx, &desk.county, category, names, reason).await
    };
    match called.await.map_err(|error| why_not(&error.into()))? {
        Ok(call) => Ok(Action::Dispatch { call }),
        Err(nobody) => Err(format!("没有叫“{nobody}”的人或单位，请核对姓名或单位全称。")),
    }
}

/// Why it was not done, in one sentence.
fn why_not(error: &DeskError) -> String {
    if let DeskError::Meanwhile { first, .. } = error {
        return format!("别人先动过了：{first}。请打开看过最新情况再办。");
    }
    names::refusal(error).unwrap_or_else(|| {
        tracing::error!(error = %Chain(error), "one of many actions at the desk failed");
        "系统出错，没有办成，请稍等一分钟再试。".to_owned()
    })
}
