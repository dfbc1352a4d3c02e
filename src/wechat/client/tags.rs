//! Tags of followers (用户标签): by them the platform tells who sees which menu.
//!
//! Putting a tag on somebody who has it, and taking off one that they do not have, succeeds: both
//! may be repeated.
//!
//! Deliberately absent: deleting and renaming tags; others may use them.

use super::{Client, ClientError, Interface};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

/// How many people one call takes.
pub const MOST_AT_ONCE: usize = 50;

/// A tag of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// The account's number of it.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// How many have it.
    #[serde(default)]
    pub count: u64,
}

impl Client {
    /// The account's tags.
    pub async fn tags(&self, account: &str) -> Result<Vec<Tag>, ClientError> {
        #[derive(Deserialize)]
        struct Listed {
            #[serde(default)]
            tags: Vec<Tag>,
        }
        let listed: Listed = self.call(account, Interface::TagList, None, None).await?;
        Ok(listed.tags)
    }

    /// A new tag; its number. A name that there is already is refused (45157).
    pub async fn create_tag(&self, account: &str, name: &str) -> Result<Tag, ClientError> {
        #[derive(Deserialize)]
        struct Created {
            tag: Tag,
        }
        let body = json!({ "tag": { "name": name } });
        let created: Created = self.call(account, Interface::TagCreate, None, Some(&body)).await?;
        Ok(created.tag)
    }

    /// Puts a tag on at most [`MOST_AT_ONCE`] followers.
    pub async fn tag(
        &self,
        account: &str,
        tag: u32,
        openids: &[String],
    ) -> Result<(), ClientError> {
        self.tagging(account, Interface::TagPeople, tag, openids).await
    }

    /// Takes a tag off at most [`MOST_AT_ONCE`] followers.
    pub async fn untag(
        &self,
        account: &str,
        tag: u32,
        openids: &[String],
    ) -> Result<(), ClientError> {
        self.tagging(account, Interface::UntagPeople, tag, openids).await
    }

    async fn tagging(
        &self,
        account: &str,
        interface: Interface,
        tag: u32,
        openids: &[String],
    ) -> Result<(), ClientError> {
        let body = json!({ "openid_list": openids, "tagid": tag });
        let _: IgnoredAny = self.call(account, interface, None, Some(&body)).await?;
        Ok(())
    }

    /// The numbers of the tags that a follower has.
    pub async fn tags_of(&self, account: &str, openid: &str) -> Result<Vec<u32>, ClientError> {
        #[derive(Deserialize)]
        struct Had {
            #[serde(default)]
            tagid_list: Vec<u32>,
        }
        let body = json!({ "openid": openid });
        let had: Had = self.call(account, Interface::TagsOfPerson, None, Some(&body)).await?;
        Ok(had.tagid_list)
    }
}
