//! One ticket on one screen.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use lianxin::access::Role;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_accepted_and_dispatched_to_whom_the_county_suggests() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    let ticket = service.reports("王大娘", "王庄村东头的路灯坏了三天了").await;
    let path = format!("/console/tickets/{}", ticket.number);
    let page = clerk.reads(&path).await;
    assert!(page.contains("王庄村东头的路灯坏了三天了"), "{page}");
    let version = ticket.version.to_string();
    let after = clerk.does(&format!("{path}/accept"), &[("version", &version)]).await;
    assert!(after.contains("张建国"), "{after}");
}
