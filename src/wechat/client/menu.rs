//! The account's menus (自定义菜单) and those for some people (个性化菜单).
//!
//! There is no editing: a menu for some people is added anew and the old one taken away, and of
//! those that fit a person the newest is shown.
//!
//! Deliberately absent: whether a menu is a good one; [`crate::wechat::menu`] judges that.

use super::{Client, ClientError, Interface};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use serde_json::{Value, json};

/// What a button does, as the platform writes it. Fields that a type does not use stay empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SentButton {
    /// What is written on it.
    pub name: String,
    /// `click`, `view`, …; empty where it only opens others.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What a click tells us.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The page that it opens.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// The mini program that it opens.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub appid: String,
    /// The mini program's page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pagepath: String,
    /// The buttons that it opens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sub_button: Vec<SentButton>,
}

/// What an account has now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PresentMenus {
    /// The menu that everybody sees; none where there is none.
    pub default: Option<Vec<SentButton>>,
    /// Menus for some people, the oldest first: of those that fit, the last is shown.
    pub conditional: Vec<PresentConditional>,
}

/// A menu for some people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentConditional {
    /// The platform's number of it.
    pub id: String,
    /// The tag that one needs to see it; none where it asks for something else.
    pub tag: Option<u32>,
    /// Its buttons.
    pub buttons: Vec<SentButton>,
}

#[derive(Deserialize)]
struct Got {
    menu: Option<GotMenu>,
    #[serde(default)]
    conditionalmenu: Vec<GotMenu>,
}

#[derive(Deserialize)]
struct GotMenu {
    #[serde(default)]
    button: Vec<SentButton>,
    #[serde(default, deserialize_with = "number_or_text")]
    menuid: String,
    #[serde(default)]
    matchrule: Rule,
}

// Elder menus call the tag a group.
#[derive(Default, Deserialize)]
struct Rule {
    #[serde(default, alias = "group_id", deserialize_with = "number_or_text")]
    tag_id: String,
}

#[derive(Deserialize)]
struct Added {
    #[serde(deserialize_with = "number_or_text")]
    menuid: String,
}

/// Numbers come bare or as texts, by interface and year.
fn number_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

impl From<GotMenu> for PresentConditional {
    fn from(got: GotMenu) -> Self {
        Self { id: got.menuid, tag: got.matchrule.tag_id.parse().ok(), buttons: got.button }
    }
}

impl Client {
    /// What the account has now; an account without a menu has none.
    pub async fn menus(&self, account: &str) -> Result<PresentMenus, ClientError> {
        let got: Got = self.call(account, Interface::MenuGet, None, None).await?;
        let mut conditional: Vec<PresentConditional> =
            got.conditionalmenu.into_iter().map(PresentConditional::from).collect();
        // Numbers count up; in which order they are listed is nowhere said.
        conditional.sort_by_key(|menu| menu.id.parse::<u64>().unwrap_or(u64::MAX));
        let default = got.menu.map(|menu| menu.button).filter(|buttons| !buttons.is_empty());
        Ok(PresentMenus { default, conditional })
    }

    /// Sets the menu that everybody sees; those for some people stay.
    pub async fn set_menu(&self, account: &str, buttons: &[SentButton]) -> Result<(), ClientError> {
        let body = json!({ "button": buttons });
        let _: IgnoredAny = self.call(account, Interface::MenuCreate, None, Some(&body)).await?;
        Ok(())
    }

    /// Adds a menu for people with a tag; its number.
    pub async fn add_menu(
        &self,
        account: &str,
        tag: u32,
        buttons: &[SentButton],
    ) -> Result<String, ClientError> {
        let body = json!({ "button": buttons, "matchrule": { "tag_id": tag.to_string() } });
        let added: Added =
            self.call(account, Interface::MenuAddConditional, None, Some(&body)).await?;
        Ok(added.menuid)
    }

    /// Takes away a menu for some people.
    pub async fn drop_menu(&self, account: &str, id: &str) -> Result<(), ClientError> {
        let body = json!({ "menuid": id });
        let _: IgnoredAny =
            self.call(account, Interface::MenuDeleteConditional, None, Some(&body)).await?;
        Ok(())
    }

    /// Takes away all menus, also those for some people.
    pub async fn drop_all_menus(&self, account: &str) -> Result<(), ClientError> {
        let _: IgnoredAny = self.call(account, Interface::MenuDelete, None, None).await?;
        Ok(())
    }

    /// Which menu somebody sees.
    pub async fn menu_of(
        &self,
        account: &str,
        openid: &str,
    ) -> Result<Vec<SentButton>, ClientError> {
        #[derive(Deserialize)]
        struct Seen {
            // The page says `button`, some accounts wrap it.
            #[serde(default)]
            button: Vec<SentButton>,
            menu: Option<GotMenu>,
        }
        let body = json!({ "user_id": openid });
        let seen: Seen = self.call(account, Interface::MenuTry, None, Some(&body)).await?;
        Ok(seen.menu.map_or(seen.button, |menu| menu.button))
    }
}
