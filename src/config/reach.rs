//! Ways to people beside the platform's: robots of groups, and a gateway for short messages.

use super::{
    source::{Problems, Source, optional, secret},
    web::address,
};
use crate::wechat::account::Secret;
use url::Url;

/// Where the robots of groups are.
const GROUPS: &str = "https://qyapi.weixin.qq.com";

/// The other ways.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Where the robots of groups are.
    pub group_url: Url,
    /// The gateway for short messages, where there is one.
    pub sms: Option<SmsGateway>,
}

/// Where short messages are taken.
#[derive(Debug, Clone)]
pub struct SmsGateway {
    /// The address.
    pub url: Url,
    /// What it asks for as a bearer's token.
    pub token: Option<Secret>,
}

impl Reach {
    /// Reads all of it.
    pub fn read(source: Source<'_>, problems: &mut Problems) -> Option<Self> {
        const GROUP: &str = "LIANXIN_GROUP_API_URL";
        let group_url = optional(source, GROUP).unwrap_or_else(|| GROUPS.to_owned());
        let group_url = address(GROUP, &group_url, "remove it to use the real robots", problems);
        let sms = sms(source, problems);
        Some(Self { group_url: group_url?, sms })
    }
}

fn sms(source: Source<'_>, problems: &mut Problems) -> Option<SmsGateway> {
    const NAME: &str = "LIANXIN_SMS_URL";
    const TOKEN: &str = "LIANXIN_SMS_TOKEN";
    let token = secret(source, TOKEN, problems);
    let Some(url) = optional(source, NAME) else {
        if token.is_some() {
            problems.add(NAME, "it is not set, but the token is", "set both, or neither");
        }
        return None;
    };
    let url = address(NAME, &url, "write the address of your gateway, with https", problems)?;
    Some(SmsGateway { url, token })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(values: &[(&str, &str)]) -> (Option<Reach>, bool) {
        let values: BTreeMap<&str, &str> = values.iter().copied().collect();
        let source = |name: &str| values.get(name).map(|value| (*value).to_owned());
        let mut problems = Problems::default();
        let reach = Reach::read(&source, &mut problems);
        (reach, problems.is_empty())
    }

    #[test]
    fn nothing_given_means_the_real_robots_and_no_short_messages() {
        let (reach, fine) = read(&[]);
        let reach = reach.unwrap();
        assert!(fine);
        assert_eq!(reach.group_url.as_str(), "https://qyapi.weixin.qq.com/");
        assert!(reach.sms.is_none());
    }

    #[test]
    fn a_key_or_a_telephone_number_never_travels_in_the_clear() {
        assert!(!read(&[("LIANXIN_GROUP_API_URL", "http://groups.example")]).1);
        assert!(!read(&[("LIANXIN_SMS_URL", "http://sms.example/send")]).1);
        assert!(read(&[("LIANXIN_SMS_URL", "http://127.0.0.1:9/send")]).1);
        assert!(!read(&[("LIANXIN_SMS_TOKEN", "alone")]).1);
    }
}
