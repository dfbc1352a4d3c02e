//! What the platform's error codes mean for a sender: one table.
//!
//! Every code that the platform documents for what we call, or may call, is in [`listed`]; a code
//! that is not counts as *our payload is wrong*, because retrying something nobody understands
//! only burns quota, and it is counted so that somebody adds it.
//!
//! Deliberately absent: the platform's messages. They change; codes do not.

use super::Interface;

/// What a sender does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Done, now or by an earlier call.
    Ok,
    /// The same again later, not before `after` seconds where the platform says so.
    Retry {
        /// Seconds.
        after: Option<u32>,
    },
    /// Another access token, then the same again; the client does that by itself.
    Reauth,
    /// This person cannot be reached by this channel now: the next channel.
    User(UserReason),
    /// Our payload is wrong: never again, somebody mends the code or the text.
    Data,
    /// The account's set-up is wrong or its quota used up: the channel rests, messages wait.
    Config(ConfigReason),
    /// It may have been done. Again only where the platform can tell a repeat.
    Unknown,
}

impl Class {
    /// What figures call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Retry { .. } => "retry",
            Self::Reauth => "reauth",
            Self::User(_) => "user",
            Self::Data => "data",
            Self::Config(_) => "config",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a person cannot be reached by a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserReason {
    /// The time for free messages after the person's last one is over.
    WindowClosed,
    /// The messages allowed after the person's last one are used up.
    QuotaUsed,
    /// The person does not follow the account.
    Unfollowed,
    /// The account does not know this openid.
    Unreachable,
    /// The person does not want messages of this kind.
    Refused,
    /// The account itself blocked the person.
    Blacklisted,
    /// The person's web authorisation is used up or withdrawn: ask for it again.
    AuthoriseAgain,
}

/// What of an account's set-up is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConfigReason {
    /// The account's identity or its settings at the platform.
    Account,
    /// The secret.
    Secret,
    /// Tokens are refused again and again: another program fetches or forces them.
    Token,
    /// This machine's address is not on the account's list.
    Ip,
    /// An administrator refused this machine's address a moment ago: an hour's rest.
    IpForAnHour,
    /// An administrator refused this machine's address twice: a day's rest.
    IpForADay,
    /// The account may not use the interface, or not for this.
    Permission,
    /// The template is gone, not this account's, or restricted.
    Template,
    /// The interface's calls of the day are used up.
    DailyQuota,
    /// Calls counted by the month are used up.
    MonthlyQuota,
}

impl ConfigReason {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::Account,
        Self::Secret,
        Self::Token,
        Self::Ip,
        Self::IpForAnHour,
        Self::IpForADay,
        Self::Permission,
        Self::Template,
        Self::DailyQuota,
        Self::MonthlyQuota,
    ];

    /// The code by which it is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account_wrong",
            Self::Secret => "secret_wrong",
            Self::Token => "token_refused",
            Self::Ip => "ip_not_listed",
            Self::IpForAnHour => "ip_refused_hour",
            Self::IpForADay => "ip_refused_day",
            Self::Permission => "not_permitted",
            Self::Template => "template_refused",
            Self::DailyQuota => "quota_of_day",
            Self::MonthlyQuota => "quota_of_month",
        }
    }
}

/// What `code`, answered by `interface`, means.
pub fn class_of(interface: Interface, code: i64) -> Class {
    listed(interface, code).unwrap_or(Class::Data)
}

/// Whether the code is in the table.
pub(super) fn is_listed(interface: Interface, code: i64) -> bool {
    listed(interface, code).is_some()
}

fn listed(interface: Interface, code: i64) -> Option<Class> {
    use ConfigReason as Config;
    use Interface::{GroupRobot, StableToken};
    use UserReason as User;
    const SOON: Class = Class::Retry { after: None };
    const IN_A_MINUTE: Class = Class::Retry { after: Some(60) };
    Some(match (interface, code) {
        // 45065 a repeated clientmsgid; 45080, 45081 "is typing"; 46002, 46003 no menu.
        (_, 0 | 45065 | 45080 | 45081 | 46002 | 46003) => Class::Ok,

        // Whoever asks for a token has none that could be stale: then it is the secret.
        (StableToken, 40001 | 40014 | 42001) => Class::Config(Config::Secret),
        (_, 40001 | 40014 | 42001) => Class::Reauth,

        (_, -1 | 45033) => SOON,
        (GroupRobot, 45009) | (_, 45011 | 45066 | 42010) => IN_A_MINUTE,

        (_, 40013 | 45064 | 65303 | 93000) => Class::Config(Config::Account),
        (_, 40125 | 40243) => Class::Config(Config::Secret),
        (_, 40164 | 89501 | 89503) => Class::Config(Config::Ip),
        (_, 89506) => Class::Config(Config::IpForADay),
        (_, 89507) => Class::Config(Config::IpForAnHour),
        (
            _,
            40200 | 48001 | 48003 | 48004 | 48008 | 50001 | 50002 | 65306 | 65309 | 89504 | 89505,
        ) => Class::Config(Config::Permission),
        (_, 40036 | 40037 | 43116) => Class::Config(Config::Template),
        (_, 45009) => Class::Config(Config::DailyQuota),
        (_, 45028 | 48006) => Class::Config(Config::MonthlyQuota),

        (_, 45015) => Class::User(User::WindowClosed),
        (_, 45047) => Class::User(User::QuotaUsed),
        (_, 43004 | 50005) => Class::User(User::Unfollowed),
        (_, 40003 | 43005 | 49003) => Class::User(User::Unreachable),
        (_, 43101 | 48002) => Class::User(User::Refused),
        (_, 43019) => Class::User(User::Blacklisted),
        (_, 40029 | 40030 | 40163 | 42002 | 42003 | 42007) => Class::User(User::AuthoriseAgain),

        // Arguments; media, openid lists, addresses and text; template library, menus and tags.
        (
            _,
            40002
            | 40035
            | 40052
            | 40053
            | 40058
            | 40066
            | 40152
            | 41001
            | 41002
            | 41004..=41006
            | 41028..=41030
            | 43001..=43003
            | 44002..=44004
            | 47001
            | 47003
            | 40004..=40012
            | 40031..=40033
            | 40039
            | 40048
            | 40249
            | 87014
            | 45002..=45008
            | 45067
            | 45072
            | 45162
            | 40246
            | 40247
            | 40015..=40027
            | 40054
            | 40055
            | 65301..=65317
            | 65320
            | 45056..=45059
            | 45157..=45159,
        ) => Class::Data,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Interface::{CustomSend, GroupRobot, StableToken, TemplateSend};

    fn check(codes: &[i64], class: Class) {
        for code in codes {
            assert_eq!(listed(TemplateSend, *code), Some(class), "{code}");
        }
    }

    #[test]
    fn a_stale_token_and_a_wrong_secret_share_a_code_and_are_told_apart() {
        assert_eq!(class_of(StableToken, 40001), Class::Config(ConfigReason::Secret));
        assert_eq!(class_of(CustomSend, 40001), Class::Reauth);
        for code in -1..100_000 {
            assert_ne!(class_of(StableToken, code), Class::Reauth, "a circle on {code}");
        }
    }

    #[test]
    fn a_robot_counts_by_the_minute_and_an_account_by_the_day() {
        assert_eq!(class_of(GroupRobot, 45009), Class::Retry { after: Some(60) });
        assert_eq!(class_of(CustomSend, 45009), Class::Config(ConfigReason::DailyQuota));
        assert_eq!(class_of(GroupRobot, 93000), Class::Config(ConfigReason::Account));
    }

    #[test]
    fn a_code_that_nobody_knows_is_never_repeated() {
        assert_eq!(class_of(TemplateSend, 49999), Class::Data);
        assert!(!is_listed(TemplateSend, 49999));
        assert!(is_listed(TemplateSend, 47003));
    }

    #[test]
    fn what_was_done_before_is_done() {
        check(&[0, 45065, 45080, 45081, 46002, 46003], Class::Ok);
    }

    #[test]
    fn what_passes_is_tried_again() {
        check(&[-1, 45033], Class::Retry { after: None });
        check(&[45011, 45066, 42010], Class::Retry { after: Some(60) });
        check(&[40001, 40014, 42001], Class::Reauth);
    }

    #[test]
    fn a_person_who_cannot_be_reached_is_not_tried_again() {
        check(&[45015], Class::User(UserReason::WindowClosed));
        check(&[45047], Class::User(UserReason::QuotaUsed));
        check(&[43004, 50005], Class::User(UserReason::Unfollowed));
        check(&[40003, 43005, 49003], Class::User(UserReason::Unreachable));
        check(&[43101, 48002], Class::User(UserReason::Refused));
        check(&[43019], Class::User(UserReason::Blacklisted));
        check(&[40029, 40030, 40163, 42002, 42003, 42007], Class::User(UserReason::AuthoriseAgain));
    }

    #[test]
    fn what_somebody_must_set_right_stops_the_channel() {
        check(&[40013, 45064, 65303, 93000], Class::Config(ConfigReason::Account));
        check(&[40125, 40243], Class::Config(ConfigReason::Secret));
        check(&[40164, 89501, 89503], Class::Config(ConfigReason::Ip));
        check(&[89506], Class::Config(ConfigReason::IpForADay));
        check(&[89507], Class::Config(ConfigReason::IpForAnHour));
        check(
            &[40200, 48001, 48003, 48004, 48008, 50001, 50002, 65306, 65309, 89504, 89505],
            Class::Config(ConfigReason::Permission),
        );
        check(&[40036, 40037, 43116], Class::Config(ConfigReason::Template));
        check(&[45009], Class::Config(ConfigReason::DailyQuota));
        check(&[45028, 48006], Class::Config(ConfigReason::MonthlyQuota));
    }

    #[test]
    fn what_is_wrong_with_the_payload_is_never_tried_again() {
        check(&[40002, 40035, 40052, 40053, 40058, 40066, 40152], Class::Data);
        check(&[40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40012], Class::Data);
        check(&[40015, 40016, 40020, 40027, 40054, 40055], Class::Data);
        check(&[40031, 40032, 40033, 40039, 40048, 40246, 40247, 40249, 87014], Class::Data);
        check(&[41001, 41002, 41004, 41005, 41006, 41028, 41029, 41030], Class::Data);
        check(&[43001, 43002, 43003, 44002, 44003, 44004, 47001, 47003], Class::Data);
        check(&[45002, 45003, 45004, 45005, 45006, 45007, 45008], Class::Data);
        check(&[45056, 45057, 45058, 45059, 45067, 45072, 45157, 45158, 45159, 45162], Class::Data);
        check(&[65301, 65302, 65304, 65305, 65307, 65308, 65310, 65314], Class::Data);
        check(&[65316, 65317, 65320], Class::Data);
    }
}
