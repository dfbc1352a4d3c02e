//! Codes, and who they make a member.

use super::*;

fn invited(found: Invitation) -> Talk {
    let mut talk =
        Talk::of(member(&zhang()), Facts { invitation: Some(found), ..Facts::default() });
    talk.who.duty = None;
    talk
}

fn open_invitation() -> Invitation {
    let until = morning() + TimeDelta::days(7);
    Invitation::Open { id: Uuid::from_u128(5), name: "张建国".into(), until }
}

#[test]
fn a_code_binds_only_after_a_yes() {
    let mut talk = invited(open_invitation());
    assert_eq!(talk.needs("abcde-2345f").invitation.as_deref(), Some("ABCDE2345F"));
    let asked = talk.says("abcde-2345f");
    check(&asked, &["ask_bind_sure"], &[]);
    assert!(asked.profile.is_empty());
    let done = talk.says("1");
    check(&done, &["bound"], &[]);
    assert_eq!(done.profile, [Profile::Bind(Uuid::from_u128(5))]);
}

#[test]
fn a_no_binds_nobody() {
    let mut talk = invited(open_invitation());
    check(&talk.does(Event::Scan("invite:ABCDE2345F".into())), &["ask_bind_sure"], &[]);
    let done = talk.says("不是");
    check(&done, &["bind_refused"], &[]);
    assert!(done.profile.is_empty());
}

#[test]
fn a_wrong_code_is_counted_and_says_nothing_about_why() {
    let mut talk = invited(Invitation::NotGood);
    let done = talk.says("ABCDE2345F");
    check(&done, &["invitation_not_good"], &[]);
    assert!(done.profile.is_empty());
    for _ in 0..4 {
        check(&talk.says("ABCDE2345F"), &["invitation_not_good"], &[]);
    }
    check(&talk.says("ABCDE2345F"), &["too_many_tries"], &[]);
}

#[test]
fn a_word_of_ten_letters_goes_on_as_what_it_is() {
    let mut talk = invited(Invitation::NotGood);
    let done = talk.says("department");
    assert!(!done.replies.contains(&Reply::InvitationNotGood), "{done:?}");
    for text in ["1380000123", "路灯坏了路灯坏了路灯", "ABCDE2345", "ABCDE2345FG"] {
        assert_eq!(talk.needs(text).invitation, None, "{text}");
    }
}
