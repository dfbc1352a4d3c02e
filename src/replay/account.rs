//! A made-up official account for both sides: as the service is configured for it, and as the
//! pretended platform knows it, with the templates that it was granted.
//!
//! The demo and the scripts use the same one, so what a script shows is what a phone shows.

use crate::{
    county::County,
    ids::Ids,
    replies::Wording,
    simulator::{SimulatedAccount, SimulatedKeyword, SimulatedTemplate},
    ticket::notice::NoticeKind,
    wechat::{
        account::{Account, Mode, Seats, Secret, Template},
        envelope::{AesKey, BadAesKey},
    },
};
use std::collections::BTreeMap;

/// The slug of the made-up account.
pub const SLUG: &str = "main";

/// One account, as each side knows it.
pub struct Pretended {
    /// As the service is configured for it.
    pub account: Account,
    /// As its owner registered it with the platform.
    pub registered: SimulatedAccount,
    /// The templates that the platform granted it.
    pub templates: Vec<SimulatedTemplate>,
}

/// One line of a template: what the reader sees, the key, and the field of ours that fills it.
type Line = (&'static str, &'static str, &'static str);

const NUMBER: Line = ("诉求编号", "character_string1", "number");
const CATEGORY: Line = ("诉求类别", "const2", "category");
const PLACE: Line = ("地点", "thing3", "place");
const STATUS: Line = ("当前状态", "const4", "status");
const TIME: Line = ("时间", "time5", "time");

/// A template of the account: its title, its lines, and the notices that it carries.
struct Granted {
    id: &'static str,
    title: &'static str,
    lines: &'static [Line],
    carries: &'static [NoticeKind],
}

/// As the platform grants category templates: names and places as `thing`, everything that is
/// said as `const`, registered word for word. Nobody's free words go into a template.
const GRANTED: &[Granted] = &[
    Granted {
        id: "TEMPLATE-PROGRESS",
        title: "诉求办理进度通知",
        lines: &[NUMBER, CATEGORY, PLACE, STATUS, TIME],
        carries: &[
            NoticeKind::Accepted,
            NoticeKind::Rejected,
            NoticeKind::Question,
            NoticeKind::Result,
            NoticeKind::SignoffReminder,
            NoticeKind::ClosedUnsigned,
            NoticeKind::Answer,
            NoticeKind::Unmerged,
            NoticeKind::MasterClosed,
        ],
    },
    Granted {
        id: "TEMPLATE-HANDLER",
        title: "诉求派单通知",
        lines: &[NUMBER, CATEGORY, ("办理人员", "thing6", "name"), STATUS, TIME],
        carries: &[NoticeKind::Dispatched, NoticeKind::Taken],
    },
    Granted {
        id: "TEMPLATE-PLAN",
        title: "诉求延期办理通知",
        lines: &[NUMBER, CATEGORY, ("预计日期", "date6", "until"), STATUS, TIME],
        carries: &[NoticeKind::Suspended],
    },
    Granted {
        id: "TEMPLATE-MERGED",
        title: "诉求合并办理通知",
        lines: &[NUMBER, CATEGORY, ("合并编号", "character_string6", "note"), STATUS, TIME],
        carries: &[NoticeKind::Merged],
    },
    Granted {
        id: "TEMPLATE-TASK",
        title: "任务派单提醒",
        lines: &[NUMBER, CATEGORY, PLACE, STATUS, TIME],
        carries: &[
            NoticeKind::Task,
            NoticeKind::Word,
            NoticeKind::Urged,
            NoticeKind::Rework,
            NoticeKind::Gone,
            NoticeKind::Thanks,
            NoticeKind::DueSoon,
            NoticeKind::Overdue,
            NoticeKind::AutoSigned,
            NoticeKind::HelpTask,
            NoticeKind::HelpDone,
            NoticeKind::HelpReturned,
            NoticeKind::HelpGone,
            NoticeKind::VerifyTask,
            NoticeKind::Supervised,
            NoticeKind::ExtensionGranted,
            NoticeKind::ExtensionRefused,
            NoticeKind::Escalated,
            NoticeKind::CopyJoined,
        ],
    },
    Granted {
        id: "TEMPLATE-TASK-TAKEN",
        title: "任务变更提醒",
        lines: &[NUMBER, CATEGORY, PLACE, ("接单人", "thing6", "name"), STATUS],
        carries: &[NoticeKind::TakenByOther],
    },
    Granted {
        id: "TEMPLATE-DESK",
        title: "诉求待处理提醒",
        lines: &[NUMBER, CATEGORY, PLACE, STATUS, TIME],
        carries: &[
            NoticeKind::NewTicket,
            NoticeKind::Returned,
            NoticeKind::CheckWanted,
            NoticeKind::Verified,
            NoticeKind::SupervisionAnswered,
            NoticeKind::ExtensionAsked,
            NoticeKind::HandedOver,
        ],
    },
    Granted {
        id: "TEMPLATE-DIGEST",
        title: "超期汇总提醒",
        lines: &[("件数", "number6", "count"), STATUS, TIME],
        carries: &[NoticeKind::Digest],
    },
    Granted {
        id: "TEMPLATE-ALARM",
        title: "紧急情况提醒",
        lines: &[STATUS, TIME],
        carries: &[NoticeKind::Alarm, NoticeKind::HumanWanted],
    },
];

/// A made-up account; its secrets are drawn from `ids`. The categories of `county` are registered
/// with its templates.
pub fn demo_account(ids: &dyn Ids, county: &County) -> Result<Pretended, BadAesKey> {
    account_called(SLUG, ids, county)
}

/// The same under another slug.
pub fn account_called(slug: &str, ids: &dyn Ids, county: &County) -> Result<Pretended, BadAesKey> {
    let draw = || ids.fresh().simple().to_string();
    let app_id = format!("wx{}", draw().chars().take(16).collect::<String>());
    let app_secret = draw();
    let token = draw();
    // 43 letters and digits; the last one carries four bits only.
    let aes_key: String = format!("{}{}", draw(), draw()).chars().take(42).chain(['A']).collect();
    let original_id = format!("gh_{}", draw().chars().take(12).collect::<String>());
    Ok(Pretended {
        account: Account {
            slug: slug.to_owned(),
            app_id: app_id.clone(),
            app_secret: Secret::new(app_secret.clone()),
            tokens: vec![Secret::new(token.clone())],
            aes_keys: vec![AesKey::parse(&aes_key)?],
            original_id: original_id.clone(),
            mode: Mode::Safe,
            trusts_chat: true,
            templates: templates(),
            subscriptions: BTreeMap::new(),
            name: "云溪连心".to_owned(),
            has_web_auth: true,
            domain_proof: None,
            menu: None,
            wording: None,
            seats: Seats::Console,
        },
        registered: SimulatedAccount {
            slug: slug.to_owned(),
            name: "云溪连心".to_owned(),
            app_id,
            app_secret: Secret::new(app_secret),
            token: Secret::new(token),
            aes_key: Secret::new(aes_key),
            original_id,
            mode: Mode::Safe,
            webhook: None,
        },
        templates: granted(county),
    })
}

/// Which template carries which notice, as an operator would configure it.
fn templates() -> BTreeMap<String, Template> {
    let one = |granted: &Granted| Template {
        id: granted.id.to_owned(),
        keywords: granted
            .lines
            .iter()
            .map(|(_, key, field)| ((*key).to_owned(), (*field).to_owned()))
            .collect(),
    };
    GRANTED
        .iter()
        .flat_map(|granted| {
            granted.carries.iter().map(move |kind| (kind.code().to_owned(), one(granted)))
        })
        .collect()
}

fn granted(county: &County) -> Vec<SimulatedTemplate> {
    let wording = Wording::load(None, "");
    let names = || county.categories().iter().map(|category| category.name.clone());
    let keyword = |(label, key, field): &Line| SimulatedKeyword {
        label: (*label).to_owned(),
        key: (*key).to_owned(),
        allowed: match *field {
            // Before a county is loaded a ticket has the code of its category only.
            "category" => names().chain(["other".to_owned()]).collect(),
            "status" => {
                let said = |urgent| NoticeKind::ALL.map(|kind| wording.status_word(kind, urgent));
                said(false).into_iter().chain(said(true)).collect()
            }
            _ => Vec::new(),
        },
    };
    GRANTED
        .iter()
        .map(|granted| SimulatedTemplate {
            id: granted.id.to_owned(),
            title: granted.title.to_owned(),
            keywords: granted.lines.iter().map(keyword).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{county, ids::SeededIds, outbox::message::FIELDS, wechat::client::fields};

    #[test]
    fn every_notice_about_a_ticket_has_a_template() {
        let carried = templates();
        for kind in NoticeKind::ALL {
            let only_in_chat = matches!(
                kind,
                NoticeKind::Continuation
                    | NoticeKind::DraftReminder
                    | NoticeKind::DeskWords
                    | NoticeKind::BotBack
            );
            assert_eq!(carried.contains_key(kind.code()), !only_in_chat, "{kind:?}");
        }
    }

    #[test]
    fn templates_are_filled_from_fields_that_exist() {
        let lines = GRANTED.iter().flat_map(|granted| granted.lines);
        for (_, _, field) in lines {
            assert!(FIELDS.contains(field), "{field}");
        }
    }

    #[test]
    fn every_word_that_is_registered_fits_its_keyword() {
        let pretended = demo_account(&SeededIds::from_seed(1), &county::demo::county()).unwrap();
        for keyword in pretended.templates.iter().flat_map(|template| &template.keywords) {
            for word in &keyword.allowed {
                assert!(fields::fit(&keyword.key, word).is_ok(), "{word}");
            }
        }
    }

    #[test]
    fn no_two_accounts_have_the_same_secrets() {
        let ids = SeededIds::from_seed(1);
        let county = county::demo::county();
        let draw = || demo_account(&ids, &county).unwrap().registered.token.expose().to_owned();
        assert_ne!(draw(), draw());
    }
}
