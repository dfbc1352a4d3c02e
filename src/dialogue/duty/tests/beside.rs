//! Helpers, looks on site, teams and time, as members order them.

use super::*;
use crate::dialogue::reply::Beside;
use crate::ticket::HelpStatus;

fn helped(ticket: &Ticket) -> Ticket {
    let call = Call { to: vec![liu()], ..Call::default() };
    let what = "扶梯子".to_owned();
    let action = Action::CallHelp { call, what, required: true, minutes: None };
    after(ticket, action, &Actor::Member(zhang()))
}

#[test]
fn a_helper_takes_and_finishes_a_part_with_photos_before_and_after_the_words() {
    let ticket =
        helped(&after(&called(&submitted(1), &[zhang()]), Action::Take, &Actor::Member(zhang())));
    let mut talk = Talk::with_tasks(&liu(), &[ticket]);
    check(&talk.says("接单"), &["help_taken"], &[Stage::InProgress]);
    check(&talk.does(Event::Photo(photo("before"))), &["result_photo_kept"], &[]);
    check(&talk.says("办结 扶好了"), &["help_finished"], &[Stage::InProgress]);
    let done = talk.does(Event::Photo(photo("after")));
    check(&done, &["result_photo_kept"], &[Stage::InProgress]);
    assert!(matches!(&done.replies[0], Reply::ResultPhotoKept { count: 2, .. }), "{done:?}");
    let HelpStatus::Done { media, .. } = &done.changes[0].after.course.helps[0].status else {
        panic!("{done:?}")
    };
    assert_eq!(media, &[photo("before"), photo("after")]);
    check(&talk.says("接单"), &["taken_by_other"], &[]);
}

#[test]
fn the_lead_waits_for_a_helper_and_hears_whom() {
    let ticket = helped(&taken(&submitted(1), zhang()));
    let mut talk = Talk::with_tasks(&zhang(), &[ticket]);
    let done = talk.says("办结 换了灯泡");
    check(&done, &["helpers_first"], &[]);
    assert!(
        matches!(&done.replies[0], Reply::Beside(Beside::HelpersFirst { names, .. }) if names == "刘芳")
    );
}
