//! Which interfaces of the platform we call: their names and their addresses.
//!
//! Closed, so that a new one shows every place to visit: its errors in [`super::class`], its word
//! on the health page.
//!
//! Deliberately absent: what is sent and answered; each call has a function of its own.

use std::fmt;

/// What was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interface {
    /// The access token.
    StableToken,
    /// A customer-service message (客服消息).
    CustomSend,
    /// The "is typing" sign of a human seat.
    Typing,
    /// A template message (模板消息).
    TemplateSend,
    /// The account's own templates.
    TemplateList,
    /// A notification that the person subscribed to (订阅通知).
    SubscriptionSend,
    /// The platform's test of our webhook's address.
    CallbackCheck,
    /// What a person sent: a picture, a voice.
    MediaGet,
    /// Something for an answer: a picture, a voice.
    MediaUpload,
    /// The account's menus.
    MenuGet,
    /// Sets the menu that everybody sees.
    MenuCreate,
    /// Takes away all menus.
    MenuDelete,
    /// Adds a menu for some people (个性化菜单).
    MenuAddConditional,
    /// Takes away a menu for some people.
    MenuDeleteConditional,
    /// Which menu somebody sees.
    MenuTry,
    /// The account's tags of followers.
    TagList,
    /// A new tag.
    TagCreate,
    /// Puts a tag on people.
    TagPeople,
    /// Takes a tag off people.
    UntagPeople,
    /// The tags that somebody has.
    TagsOfPerson,
    /// A code that carries a scene (带参数二维码).
    CodeCreate,
    /// What the platform tells of a follower.
    UserInfo,
    /// Who visits a page of ours (网页授权).
    WebVisitor,
    /// Signs pages that use the phone's camera or place (JS-SDK).
    PageTicket,
    /// A WeCom group robot (企业微信群机器人): the same codes, partly another meaning.
    GroupRobot,
}

impl Interface {
    /// Every interface.
    pub const ALL: [Self; 25] = [
        Self::StableToken,
        Self::CustomSend,
        Self::Typing,
        Self::TemplateSend,
        Self::TemplateList,
        Self::SubscriptionSend,
        Self::CallbackCheck,
        Self::MediaGet,
        Self::MediaUpload,
        Self::MenuGet,
        Self::MenuCreate,
        Self::MenuDelete,
        Self::MenuAddConditional,
        Self::MenuDeleteConditional,
        Self::MenuTry,
        Self::TagList,
        Self::TagCreate,
        Self::TagPeople,
        Self::UntagPeople,
        Self::TagsOfPerson,
        Self::CodeCreate,
        Self::UserInfo,
        Self::WebVisitor,
        Self::PageTicket,
        Self::GroupRobot,
    ];

    /// What figures and logs call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StableToken => "stable_token",
            Self::CustomSend => "custom_send",
            Self::Typing => "typing",
            Self::TemplateSend => "template_send",
            Self::TemplateList => "template_list",
            Self::SubscriptionSend => "subscription_send",
            Self::CallbackCheck => "callback_check",
            Self::MediaGet => "media_get",
            Self::MediaUpload => "media_upload",
            Self::MenuGet => "menu_get",
            Self::MenuCreate => "menu_create",
            Self::MenuDelete => "menu_delete",
            Self::MenuAddConditional => "menu_add_conditional",
            Self::MenuDeleteConditional => "menu_delete_conditional",
            Self::MenuTry => "menu_try",
            Self::TagList => "tag_list",
            Self::TagCreate => "tag_create",
            Self::TagPeople => "tag_people",
            Self::UntagPeople => "untag_people",
            Self::TagsOfPerson => "tags_of_person",
            Self::CodeCreate => "code_create",
            Self::UserInfo => "user_info",
            Self::WebVisitor => "web_visitor",
            Self::PageTicket => "page_ticket",
            Self::GroupRobot => "group_robot",
        }
    }

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::StableToken => "/cgi-bin/stable_token",
            Self::CustomSend => "/cgi-bin/message/custom/send",
            Self::Typing => "/cgi-bin/message/custom/typing",
            Self::TemplateSend => "/cgi-bin/message/template/send",
            Self::TemplateList => "/cgi-bin/template/get_all_private_template",
            Self::SubscriptionSend => "/cgi-bin/message/subscribe/bizsend",
            Self::CallbackCheck => "/cgi-bin/callback/check",
            Self::MediaGet => "/cgi-bin/media/get",
            Self::MediaUpload => "/cgi-bin/media/upload",
            Self::MenuGet => "/cgi-bin/menu/get",
            Self::MenuCreate => "/cgi-bin/menu/create",
            Self::MenuDelete => "/cgi-bin/menu/delete",
            Self::MenuAddConditional => "/cgi-bin/menu/addconditional",
            Self::MenuDeleteConditional => "/cgi-bin/menu/delconditional",
            Self::MenuTry => "/cgi-bin/menu/trymatch",
            Self::TagList => "/cgi-bin/tags/get",
            Self::TagCreate => "/cgi-bin/tags/create",
            Self::TagPeople => "/cgi-bin/tags/members/batchtagging",
            Self::UntagPeople => "/cgi-bin/tags/members/batchuntagging",
            Self::TagsOfPerson => "/cgi-bin/tags/getidlist",
            Self::CodeCreate => "/cgi-bin/qrcode/create",
            Self::UserInfo => "/cgi-bin/user/info",
            Self::WebVisitor => "/sns/oauth2/access_token",
            Self::PageTicket => "/cgi-bin/ticket/getticket",
            Self::GroupRobot => "/cgi-bin/webhook/send",
        }
    }

    /// Whether a good answer is a file; the errors are JSON all the same.
    pub(super) const fn answers_files(self) -> bool {
        matches!(self, Self::MediaGet)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
