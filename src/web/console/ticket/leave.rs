//! How what is done will be heard: beside each form, before it is sent.

use crate::outbox::preview::{Way, ways};
use crate::storage::{StorageError, Tx};
use crate::ticket::lifecycle::Legal;
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Person, Ticket};
use crate::web::console::desk::Desk;
use serde::Serialize;

/// One line beside a form.
#[derive(Serialize, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// `good`, `later` or `call`.
    sort: &'static str,
    words: String,
}

/// How the people of a ticket can be reached now.
pub(super) struct Reachable {
    reporter: Vec<(NoticeKind, Way)>,
    /// Of those who have it, who is on no phone.
    unbound: Vec<Person>,
}

impl Reachable {
    /// Looked up once for all forms.
    pub(super) async fn of(
        desk: &Desk,
        tx: &Tx,
        ticket: &Ticket,
        legal: &[Legal],
        holders: &[Person],
    ) -> Result<Self, StorageError> {
        let mut kinds: Vec<NoticeKind> = legal
            .iter()
            .flat_map(|legal| &legal.tells)
            .filter(|(to, _)| *to == Audience::Reporter)
            .map(|(_, kind)| *kind)
            .collect();
        kinds.push(NoticeKind::Answer);
        kinds.sort_unstable();
        kinds.dedup();
        let reporter = ways(&desk.app, &ticket.reporter, &kinds, desk.now).await?;
        let ids: Vec<_> = holders.iter().map(|person| person.id).collect();
        let phones = tx.phones_of(&ids).await?;
        let is_unbound = |person: &&Person| phones.iter().all(|(member, _)| *member != person.id);
        let unbound = holders.iter().filter(is_unbound).cloned().collect();
        Ok(Self { reporter, unbound })
    }

    /// How words to the resident would leave, in general.
    pub(super) fn reporter(&self) -> Option<Told> {
        let way = self.reporter.iter().find(|(kind, _)| *kind == NoticeKind::Answer);
        way.map(|(_, way)| told(*way))
    }

    /// Whether nobody of these hears of anything by message.
    pub(super) fn is_unbound(&self, person: &Person) -> bool {
        self.unbound.iter().any(|one| one.id == person.id)
    }

    /// The lines beside the form of this move.
    pub(super) fn beside(&self, legal: &Legal) -> Vec<Told> {
        let mut lines = Vec::new();
        for (to, kind) in &legal.tells {
            let line = match to {
                Audience::Reporter => {
                    let way = self.reporter.iter().find(|(known, _)| known == kind);
                    way.map(|(_, way)| told(*way))
                }
                Audience::Handler | Audience::Leader if !self.unbound.is_empty() => {
                    let names: Vec<&str> =
                        self.unbound.iter().map(|person| person.name.as_str()).collect();
                    let words = format!("{}没有绑定微信，请另打电话通知", names.join("、"));
                    Some(Told { sort: "call", words })
                }
                Audience::Handler => {
                    Some(Told { sort: "good", words: "办理人会收到微信通知".to_owned() })
                }
                _ => None,
            };
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
        lines
    }
}

fn told(way: Way) -> Told {
    let (sort, words) = match way {
        Way::Chat { left } => {
            ("good", format!("居民马上收到微信消息（回复时限内，还可发{left}条）"))
        }
        Way::Template => ("good", "居民收到模板消息（已过回复时限）".to_owned()),
        Way::Announced => {
            ("later", "先发模板消息提醒；文字等居民回复任意内容以后再送达（最多等七天）".to_owned())
        }
        Way::Held => {
            ("later", "现在发不出去：等居民下次在公众号说话时送达（最多等七天）".to_owned())
        }
        Way::Telephone { left: true } => {
            ("call", "居民已取消关注，消息送不到：请打电话告知".to_owned())
        }
        Way::Telephone { left: false } => {
            ("call", "居民没有用公众号：列入电话回访，请打电话告知".to_owned())
        }
    };
    Told { sort, words }
}
