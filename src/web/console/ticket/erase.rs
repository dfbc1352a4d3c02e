//! Forgetting whose a ticket is, because they asked for it. Asked about once more, and written down.

use super::{Desk, Posted, Stop, Why};
use crate::{erasure, ticket::Ticket};
use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Asked<'a> {
    number: &'a str,
    is_done: bool,
    is_live: bool,
}

/// What it means, and a button.
pub(super) async fn ask(desk: Desk, number: Path<String>) -> Result<HttpResponse, Stop> {
    let ticket = allowed(&desk, &number).await?;
    let number = ticket.number.as_str();
    let asked = Asked { number, is_done: ticket.is_nobodys(), is_live: !ticket.is_ended() };
    desk.page("ticket/erase.html", "queues", "删除个人信息", asked)
}

#[derive(Deserialize)]
pub(super) struct Sure {
    #[serde(default)]
    sure: String,
}

pub(super) async fn erase(
    number: Path<String>,
    posted: Posted<Sure>,
) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    let ticket = allowed(&desk, &number).await?;
    if form.sure != "yes" {
        return Err(desk.stop(Why::Told {
            what: "没有确认，什么也没有删。".to_owned(),
            mend: "确实是本人要求的，请勾上确认再提交。".to_owned(),
        }));
    }
    let page = format!("/console/tickets/{}", ticket.number);
    if ticket.is_nobodys() {
        return Ok(desk.go_on(&page, "个人信息已经删除过了。"));
    }
    let by = (desk.operator(), desk.account.name.as_str());
    let erased = erasure::on_request(&desk.app, by, &ticket, desk.now).await;
    let erased = erased.map_err(|error| desk.broken(&error))?;
    Ok(desk.go_on(&page, &format!("已删除个人信息，涉及{}件诉求。", erased.tickets)))
}

/// Only who answers for the whole county.
async fn allowed(desk: &Desk, number: &str) -> Result<Ticket, Stop> {
    let ticket = desk.ticket(number).await?;
    desk.needs_whole_county()?;
    Ok(ticket)
}
