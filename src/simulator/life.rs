//! What the platform tells an account about the account itself, and about people who take back what
//! they allowed.
//!
//! These events come from a platform account: the person they are about stands in `OpenID`. Nobody
//! reads an answer to them.

use super::{
    message::Xml,
    push::{NotPushed, account_of},
    reply::Answer,
    state::Platform,
};

/// From whom the platform's own events come.
const PLATFORM: &str = "oPlatform00000000000000000001";

/// Something about the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountEvent {
    /// The organisation was recognised, until then (seconds since 1970).
    QualificationPassed(i64),
    /// The organisation was not recognised.
    QualificationFailed,
    /// The name was granted, until then.
    NamingPassed(i64),
    /// The name was not granted.
    NamingFailed,
    /// It must be renewed, before then.
    RenewalDue(i64),
    /// It lapsed, then.
    Expired(i64),
}

/// Something that a person told the platform about the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonEvent {
    /// They changed what they once allowed to be read.
    Modified,
    /// They withdrew a permission: the platform's number of it.
    Revoked(String),
    /// They closed their account with it.
    Cancelled,
}

impl Platform {
    /// Tells an account something about itself; what its service answered.
    ///
    /// # Errors
    /// See [`NotPushed`].
    pub async fn tell(&self, slug: &str, event: AccountEvent) -> Result<Answer, NotPushed> {
        let now = self.now();
        let account = account_of(&self.state(), slug)?;
        let mut xml = self.opened(&account.original_id);
        match event {
            AccountEvent::QualificationPassed(at) => {
                xml.event("qualification_verify_success").number("ExpiredTime", &at.to_string());
            }
            AccountEvent::QualificationFailed => {
                xml.event("qualification_verify_fail")
                    .number("FailTime", &now.timestamp().to_string())
                    .text("FailReason", "材料不齐");
            }
            AccountEvent::NamingPassed(at) => {
                xml.event("naming_verify_success").number("ExpiredTime", &at.to_string());
            }
            AccountEvent::NamingFailed => {
                xml.event("naming_verify_fail")
                    .number("FailTime", &now.timestamp().to_string())
                    .text("FailReason", "名称不符");
            }
            AccountEvent::RenewalDue(at) => {
                xml.event("annual_renew").number("ExpiredTime", &at.to_string());
            }
            AccountEvent::Expired(at) => {
                xml.event("verify_expired").number("ExpiredTime", &at.to_string());
            }
        }
        let parcel = self.seal(account, PLATFORM, xml.close(), 0, now)?;
        Ok(self.deliver(&parcel).await.0)
    }

    /// Tells the account of a person what they told the platform; what its service answered.
    ///
    /// # Errors
    /// See [`NotPushed`].
    pub async fn tell_of(&self, openid: &str, event: PersonEvent) -> Result<Answer, NotPushed> {
        let now = self.now();
        let account = {
            let state = self.state();
            let person = state.person(openid).ok_or(NotPushed::Nobody)?;
            account_of(&state, &person.given.account)?
        };
        let mut xml = self.opened(&account.original_id);
        let name = match &event {
            PersonEvent::Modified => "user_info_modified",
            PersonEvent::Revoked(_) => "user_authorization_revoke",
            PersonEvent::Cancelled => "user_authorization_cancellation",
        };
        xml.event(name).text("OpenID", openid).text("AppID", &account.app_id);
        if let PersonEvent::Revoked(what) = &event {
            xml.text("RevokeInfo", what);
        }
        let parcel = self.seal(account, PLATFORM, xml.close(), 0, now)?;
        Ok(self.deliver(&parcel).await.0)
    }

    /// The platform takes a template away: its category changed, or it was reported.
    pub fn withdraw_template(&self, id: &str) {
        let mut state = self.state();
        state.changes += 1;
        state.templates.retain(|template| template.id != id);
    }

    fn opened(&self, to: &str) -> Xml {
        Xml::open(to, PLATFORM, self.now().timestamp())
    }
}
