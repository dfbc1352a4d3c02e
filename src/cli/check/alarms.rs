//! What the servers found wrong with the official accounts, kept in the database.

use super::Findings;
use crate::{
    app::App,
    calendar::in_beijing,
    life::{self, Weight},
    storage::AlarmState,
    telemetry::Chain,
    wechat::client::ConfigReason,
};

/// A line for each alarm that matters now; one good line for each account without any.
pub(super) async fn look(app: &App, findings: &mut Findings) {
    let states = match app.store.alarms().await {
        Ok(states) => states,
        Err(error) => return findings.wrong("alarms", Chain(&error), "look at the database first"),
    };
    let now = app.clock.now();
    for account in app.accounts.iter() {
        let name = format!("account {}", account.slug);
        let mut is_well = true;
        for state in states.iter().filter(|state| state.alarm.account == account.slug) {
            let Some(weight) = life::weight(state, now) else { continue };
            is_well = false;
            let (finding, mend) = told(state);
            match weight {
                Weight::Odd => findings.odd(&name, finding, mend),
                Weight::Wrong => findings.wrong(&name, finding, mend),
            }
        }
        if is_well {
            findings.good(&name, "the servers found nothing wrong with it");
        }
    }
}

fn told(state: &AlarmState) -> (String, &'static str) {
    let alarm = &state.alarm;
    let day = |at| in_beijing(at).format("%Y-%m-%d").to_string();
    let minute = |at| in_beijing(at).format("%Y-%m-%d %H:%M").to_string();
    let since = day(state.since);
    let renew = "renew it in the platform's console (设置与开发 → 微信认证), which takes days";
    let look = "read the reason in the platform's console (微信认证) and hand it in again";
    match alarm.kind.as_str() {
        life::VERIFIED_UNTIL => {
            (format!("its verification ends on {}", alarm.until.map_or(String::new(), day)), renew)
        }
        life::VERIFICATION_LAPSED => (format!("its verification lapsed on {since}"), renew),
        life::QUALIFICATION_FAILED => {
            (format!("the organisation was not recognised on {since}"), look)
        }
        life::NAMING_FAILED => (format!("its name was not granted on {since}"), look),
        life::TEMPLATE_GONE => (
            format!("template {} is configured and is not the account's any more", alarm.subject),
            "add it again in the platform's console (模板消息) and configure the new id",
        ),
        kind => {
            let until = alarm.until.map_or(String::new(), minute);
            let mend = life::reason(kind).map_or("look into the log", mend);
            (format!("{} rests until {until}: {kind}", alarm.subject), mend)
        }
    }
}

fn mend(reason: ConfigReason) -> &'static str {
    match reason {
        ConfigReason::Account => "compare the app id, and see whether the account is limited",
        ConfigReason::Secret => "set the app secret anew in the platform's console and here",
        ConfigReason::Token => "see whether another program fetches tokens with the same secret",
        ConfigReason::Ip => "put this machine's address on the IP white list",
        ConfigReason::IpForAnHour | ConfigReason::IpForADay => {
            "have the administrator agree to this machine's address on the phone"
        }
        ConfigReason::Permission => "see which interfaces the account may use; is it verified?",
        ConfigReason::Template => "compare the templates with the platform's console",
        ConfigReason::DailyQuota => {
            "it is whole again at midnight; ask for more if it happens often"
        }
        ConfigReason::MonthlyQuota => "ask the platform for more, or wait for the next month",
    }
}
