//! 督办 of several tickets in one go: each by itself, a few at a time, and what became of each.
//!
//! With a script the next few follow by themselves and the page says how far it is; without one a
//! button goes on.

use crate::{
    access::Permission,
    desk::{self, DeskError},
    ticket::{TicketNumber, lifecycle::Action},
    web::console::{Desk, Posted, Stop, stop::Why, words},
};
use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

/// So many in one answer: a second's work.
const STEP: usize = 10;
/// More cannot be ticked on one page.
const MOST: usize = 200;
/// What fits into a notice.
const LONGEST: usize = 200;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    numbers: Vec<String>,
    #[serde(default)]
    text: String,
    /// How many were supervised before this step.
    #[serde(default)]
    done: usize,
    /// Those that were not, with the reason, from the steps before.
    #[serde(default)]
    failed: Vec<String>,
}

#[derive(Serialize)]
struct Progress {
    done: usize,
    all: usize,
    text: String,
    failed: Vec<String>,
    left: Vec<String>,
}

pub(super) async fn supervise(posted: Posted<Wanted>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Supervise)?;
    let told = |what: &str, mend: &str| {
        desk.stop(Why::Told { what: what.to_owned(), mend: mend.to_owned() })
    };
    let text = form.text.trim().to_owned();
    if text.is_empty() || text.chars().count() > LONGEST {
        let mend = "请返回上一页写好督办的要求再提交。";
        return Err(told(&format!("督办的要求要写，最多 {LONGEST} 个字。"), mend));
    }
    if form.numbers.is_empty() || form.numbers.len() > MOST {
        return Err(told("没有勾选诉求。", "请返回上一页，勾选要督办的诉求。"));
    }
    let (mut done, mut failed) = (form.done.min(MOST), form.failed);
    failed.truncate(MOST);
    let (now, left) = form.numbers.split_at(form.numbers.len().min(STEP));
    for number in now {
        match one(&desk, number, &text).await {
            Ok(()) => done += 1,
            Err(why) => failed.push(format!("{number}：{why}")),
        }
    }
    let all = done + failed.len() + left.len();
    let content = Progress { done, all, text, failed, left: left.to_vec() };
    desk.page("lamps/supervised.html", "lamps", "督办", content)
}

async fn one(desk: &Desk, number: &str, text: &str) -> Result<(), String> {
    let ticket = desk.ticket(number).await.map_err(|stop| match stop.why {
        Why::Broken => "系统出错，请稍后再试".to_owned(),
        _ => "没有找到".to_owned(),
    })?;
    let number: TicketNumber = ticket.number;
    let action = Action::Supervise { text: text.to_owned() };
    let person = &desk.operator().person;
    let acted = desk::act(&desk.app, person, &number, Some(ticket.version), action).await;
    acted.map(|_| ()).map_err(|error| refusal(desk, &error))
}

/// Why not, in words.
fn refusal(desk: &Desk, error: &DeskError) -> String {
    match error {
        DeskError::Refused(refused) => {
            format!("它现在是“{}”，没有人在办，不能督办", words::stage(refused.from))
        }
        DeskError::Meanwhile { first, .. } => format!("别人先动过了：{first}"),
        other => {
            // Logged there; nobody here can do anything about it.
            desk.broken(other);
            "系统出错，请稍后再试".to_owned()
        }
    }
}
