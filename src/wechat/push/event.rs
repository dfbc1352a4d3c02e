//! What can happen besides a message, and to whom.
//!
//! Names are compared without regard to letter case: documents and practice disagree. An empty
//! `EventKey` is none. An event that lacks what it lives by is [`Event::Other`].
//!
//! Deliberately absent: card, shop and device events, which a civic account does not get.

use super::Spot;

/// Something that happened at the platform.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Somebody follows the account.
    Subscribe {
        /// What the scanned code carries, if they came by a code.
        scene: Option<String>,
        /// The code's own id.
        ticket: Option<String>,
    },
    /// Somebody left; nothing can be delivered to them any more.
    Unsubscribe,
    /// A follower scanned one of the account's codes.
    Scan {
        /// What the code carries.
        scene: Option<String>,
        /// The code's own id.
        ticket: Option<String>,
    },
    /// The phone reports where it is, unasked, possibly every five seconds.
    Location {
        /// Where.
        spot: Spot,
        /// To how many metres.
        precision: Option<f64>,
    },
    /// A menu button that asks us.
    Click {
        /// The button's key, as it was configured.
        key: String,
    },
    /// A menu button that opened a page.
    View {
        /// The page.
        url: Option<String>,
        /// Which conditional menu it stood in.
        menu_id: Option<String>,
    },
    /// A menu button that opened a mini program.
    ViewMiniprogram {
        /// The page in it.
        path: Option<String>,
        /// Which conditional menu it stood in.
        menu_id: Option<String>,
    },
    /// A menu button that scanned a code or a barcode.
    ScanCode {
        /// The button's key.
        key: String,
        /// What was scanned: `qrcode` or `barcode`.
        code_type: Option<String>,
        /// What the code says.
        result: String,
        /// Whether the phone waits for our answer.
        waits: bool,
    },
    /// A menu button that takes pictures; they follow as messages.
    Pictures {
        /// The button's key.
        key: String,
        /// Where the pictures come from.
        gallery: Gallery,
        /// How many, as the platform says.
        count: Option<u64>,
        /// The pictures' MD5 sums; may be empty.
        sums: Vec<String>,
    },
    /// A menu button that chose a place; a message with it follows.
    LocationSelect {
        /// The button's key.
        key: String,
        /// Where.
        spot: Spot,
        /// The name of the place.
        poi: Option<String>,
    },
    /// What became of a template message.
    TemplateSent {
        /// The id that the platform gave to it when we sent it.
        msg_id: String,
        /// What became of it.
        delivery: Delivery,
    },
    /// What became of a mass message.
    MassSent {
        /// The id that the platform gave to it.
        msg_id: String,
        /// `send success`, `send fail`, `err(n)`.
        status: String,
        /// How many followers were meant.
        total: Option<u64>,
        /// How many were left after the platform's filter.
        filtered: Option<u64>,
        /// How many got it.
        sent: Option<u64>,
        /// How many did not.
        failed: Option<u64>,
    },
    /// What became of a published article.
    Published {
        /// The id that the platform gave to the job.
        publish_id: String,
        /// `0` is good.
        status: String,
        /// The article, once it is out.
        article_id: Option<String>,
        /// Which articles of the draft did not pass, counted from 1.
        failed: Vec<String>,
    },
    /// Answers to an offer of notices, one for each template.
    SubscriptionPopup(Vec<Choice>),
    /// Notices that somebody switched off later.
    SubscriptionChange(Vec<Choice>),
    /// What became of subscribed notices.
    SubscriptionSent(Vec<SentResult>),
    /// A human agent took over in the platform's own desk.
    AgentJoined {
        /// The agent's account.
        agent: String,
    },
    /// That agent is done.
    AgentLeft {
        /// The agent's account.
        agent: String,
    },
    /// One agent handed over to another.
    AgentSwitched {
        /// Who had it.
        from: String,
        /// Who has it.
        to: String,
    },
    /// Somebody changed what they once allowed us to read.
    UserInfoModified {
        /// The person; the push itself comes from the platform.
        openid: String,
    },
    /// Somebody withdrew a permission.
    AuthorizationRevoked {
        /// The person; the push itself comes from the platform.
        openid: String,
        /// Which permission, by the platform's number; `301` is all of them.
        revoked: Option<String>,
    },
    /// Somebody closed their account: what we know of them must go.
    AuthorizationCancelled {
        /// The person; the push itself comes from the platform.
        openid: String,
    },
    /// The account's own verification. When it lapses, notices and codes stop.
    AccountVerification {
        /// What happened.
        verification: Verification,
        /// Until when it is good, or when it failed: seconds since 1970.
        at: Option<i64>,
        /// Why it failed.
        reason: Option<String>,
    },
    /// The console's tester of pushes.
    Debug {
        /// What it sends along.
        text: String,
    },
    /// An event unknown here, or without what it lives by.
    Other {
        /// What the platform calls it, as written.
        name: String,
    },
}

/// Where the pictures of a menu button come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gallery {
    /// The camera.
    Camera,
    /// The camera or the phone's album, as they like.
    CameraOrAlbum,
    /// WeChat's own album.
    Album,
}

/// What became of a template message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It arrived.
    Delivered,
    /// The person does not want messages of this account.
    Blocked,
    /// It did not arrive, for this reason of the platform.
    Failed(String),
}

/// A yes or no to notices by one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Which template.
    pub template_id: String,
    /// Whether they said yes.
    pub accepted: bool,
    /// Where they were asked: 1 in an article, 2 on a page.
    pub scene: Option<String>,
}

/// What became of one subscribed notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentResult {
    /// Which template.
    pub template_id: String,
    /// The id that the platform gave to it.
    pub msg_id: String,
    /// `0` is good; the codes are those of sending.
    pub error_code: String,
}

/// A step in the yearly verification of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// The organisation was recognised.
    QualificationPassed,
    /// The organisation was not recognised.
    QualificationFailed,
    /// The name was granted.
    NamingPassed,
    /// The name was not granted.
    NamingFailed,
    /// It must be renewed soon.
    RenewalDue,
    /// It has lapsed.
    Expired,
}

impl Event {
    /// Whose conversation it belongs to, given who sent it.
    pub(super) fn person<'a>(&'a self, from: &'a str) -> Option<&'a str> {
        match self {
            Self::UserInfoModified { openid }
            | Self::AuthorizationRevoked { openid, .. }
            | Self::AuthorizationCancelled { openid } => Some(openid),
            Self::MassSent { .. }
            | Self::Published { .. }
            | Self::AccountVerification { .. }
            | Self::Debug { .. }
            | Self::Other { .. } => None,
            _ => Some(from),
        }
    }

    /// Whether the resident would see an answer.
    pub(super) fn replyable(&self) -> bool {
        matches!(
            self,
            Self::Subscribe { .. }
                | Self::Scan { .. }
                | Self::Location { .. }
                | Self::Click { .. }
                | Self::ScanCode { waits: true, .. }
                | Self::Pictures { .. }
                | Self::LocationSelect { .. }
        )
    }

    /// A name from a closed list.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Subscribe { .. } => "event:subscribe",
            Self::Unsubscribe => "event:unsubscribe",
            Self::Scan { .. } => "event:scan",
            Self::Location { .. } => "event:location",
            Self::Click { .. } => "event:click",
            Self::View { .. } => "event:view",
            Self::ViewMiniprogram { .. } => "event:view_miniprogram",
            Self::ScanCode { waits: false, .. } => "event:scancode_push",
            Self::ScanCode { waits: true, .. } => "event:scancode_waitmsg",
            Self::Pictures { gallery: Gallery::Camera, .. } => "event:pic_sysphoto",
            Self::Pictures { gallery: Gallery::CameraOrAlbum, .. } => "event:pic_photo_or_album",
            Self::Pictures { gallery: Gallery::Album, .. } => "event:pic_weixin",
            Self::LocationSelect { .. } => "event:location_select",
            Self::TemplateSent { .. } => "event:templatesendjobfinish",
            Self::MassSent { .. } => "event:masssendjobfinish",
            Self::Published { .. } => "event:publishjobfinish",
            Self::SubscriptionPopup(_) => "event:subscribe_msg_popup_event",
            Self::SubscriptionChange(_) => "event:subscribe_msg_change_event",
            Self::SubscriptionSent(_) => "event:subscribe_msg_sent_event",
            Self::AgentJoined { .. } => "event:kf_create_session",
            Self::AgentLeft { .. } => "event:kf_close_session",
            Self::AgentSwitched { .. } => "event:kf_switch_session",
            Self::UserInfoModified { .. } => "event:user_info_modified",
            Self::AuthorizationRevoked { .. } => "event:user_authorization_revoke",
            Self::AuthorizationCancelled { .. } => "event:user_authorization_cancellation",
            Self::AccountVerification { verification, .. } => verification.kind(),
            Self::Debug { .. } => "event:debug_demo",
            Self::Other { .. } => "event:other",
        }
    }
}

impl Verification {
    fn kind(self) -> &'static str {
        match self {
            Self::QualificationPassed => "event:qualification_verify_success",
            Self::QualificationFailed => "event:qualification_verify_fail",
            Self::NamingPassed => "event:naming_verify_success",
            Self::NamingFailed => "event:naming_verify_fail",
            Self::RenewalDue => "event:annual_renew",
            Self::Expired => "event:verify_expired",
        }
    }
}
