//! A need that somebody wrote down for a resident begins like any other.

use super::sample::{morning, operator, person, submitted, told};
use crate::ticket::event::What;
use crate::ticket::lifecycle::{self, Origin, Rules};
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Channel, Deadline, Follower, Report, Ticket, TicketNumber, clock};
use uuid::Uuid;

fn entered(channel: Channel) -> lifecycle::Transition {
    let origin = Origin {
        reporter: Follower::offline(Uuid::from_u128(5)),
        name: Some("王大娘".into()),
        channel,
        entered_by: operator().person().cloned(),
    };
    let report = Report { contact: Some("19900001234".into()), ..submitted().report };
    let number = TicketNumber::draw(morning(), Uuid::from_u128(6));
    let identity = (Uuid::from_u128(1), number);
    lifecycle::enter(identity, origin, report, vec!["1".into()], Rules::default(), morning())
}

#[test]
fn whoever_wrote_it_down_is_not_the_reporter_and_is_responsible_first() {
    let done = entered(Channel::Hotline);
    let ticket = &done.after;
    assert!(ticket.reporter.is_offline());
    assert_eq!(ticket.entered_by, Some(person(8)));
    assert_eq!(ticket.accountable, Some(person(8)));
    assert_eq!(done.events[0].by, operator());
    assert_eq!(told(&done), [(Audience::Desk, NoticeKind::NewTicket)]);
}

#[test]
fn every_channel_has_the_same_clocks_from_the_same_moment() {
    let sums = |ticket: &Ticket| clock::running(ticket).cloned().collect::<Vec<Deadline>>();
    for channel in Channel::ALL {
        let ticket = entered(channel).after;
        assert_eq!((ticket.channel, sums(&ticket)), (channel, sums(&submitted())));
    }
}

#[test]
fn neither_name_nor_telephone_number_is_copied_into_the_history() {
    let done = entered(Channel::WalkIn);
    assert_eq!(done.after.report.contact.as_deref(), Some("19900001234"));
    let history = format!("{:?}", done.events);
    assert!(!history.contains("19900001234") && !history.contains("王大娘"), "{history}");
    assert!(matches!(done.events[0].what, What::Submitted { .. }));
}

#[test]
fn a_chat_is_entered_by_nobody() {
    let ticket = submitted();
    assert_eq!(
        (ticket.channel, ticket.entered_by, ticket.accountable),
        (Channel::Wechat, None, None)
    );
    assert!(!ticket.reporter.is_offline());
    let by_hand: Vec<_> = Channel::ALL.into_iter().filter(|c| c.is_entered_by_hand()).collect();
    assert_eq!(by_hand.len(), 7);
}
