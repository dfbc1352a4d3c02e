//! Queues: what waits, for whom, and what is in nobody else's list.

use super::Clerk;
use crate::harness::{rehearsal::Rehearsal, sqlite};
use lianxin::access::Role;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_sees_the_first_page_and_a_foreign_form_is_refused() {
    let database = sqlite().await;
    let service = Rehearsal::on(&database).await;
    let clerk = Clerk::at(&service, "值班员", Role::Dispatcher).await;
    assert!(clerk.reads("/console/").await.contains("值班员"));
    let refused = clerk.post_foreign("/console/sign-out", &[]).await;
    assert_eq!(refused.status, 403);
    let left = clerk.post("/console/sign-out", &[]).await;
    assert_eq!((left.status, left.location.as_str()), (303, "/console/sign-in"));
}
