//! The fields of the form as the browser sends them.

use crate::{
    desk::{BadEntry, Entry},
    ticket::{Channel, TicketNumber},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was filled in so far; it goes back into the page as it came.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Fields {
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) text: String,
    pub(super) area: String,
    pub(super) place: String,
    pub(super) category: String,
    pub(super) urgent: String,
    pub(super) confidential: String,
    pub(super) same_as: String,
}

impl Fields {
    /// As an entry; what the desk itself would find wrong is left to it.
    pub(super) fn entry(&self) -> Result<Entry, BadEntry> {
        let given = |field: &str| Some(field.to_owned()).filter(|field| !field.trim().is_empty());
        let channel = Channel::ALL.into_iter().find(|channel| channel.code() == self.channel);
        Ok(Entry {
            id: Uuid::try_parse(&self.id).map_err(|_| BadEntry::Id)?,
            channel: channel.ok_or(BadEntry::Channel)?,
            name: given(&self.name),
            phone: given(&self.phone),
            text: self.text.clone(),
            area: given(&self.area),
            place: given(&self.place),
            category: given(&self.category),
            urgent: !self.urgent.is_empty(),
            confidential: !self.confidential.is_empty(),
            same_as: TicketNumber::find(&self.same_as),
        })
    }
}

/// Which field is wrong, and what to do about it.
pub(super) fn bad_words(bad: BadEntry) -> (&'static str, &'static str) {
    match bad {
        BadEntry::Channel => ("channel", "请选一个来源。"),
        BadEntry::Name => ("name", "姓名太长，请只写称呼。"),
        BadEntry::Phone => ("phone", "这不像电话号码，请核对；没有电话就空着。"),
        BadEntry::NoText => ("text", "请写上居民说了什么。"),
        BadEntry::LongText => ("text", "内容太长，请概括一下。"),
        BadEntry::Area => ("area", "没有这个区域，请重新选。"),
        BadEntry::Place => ("place", "地点太长，请简短一些。"),
        BadEntry::Category => ("category", "没有这个分类，请重新选。"),
        BadEntry::Id => ("text", "这张表已经由别人提交过，请从左侧菜单重新打开一张。"),
    }
}
