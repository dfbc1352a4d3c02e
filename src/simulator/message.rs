//! What a person can do on a phone, and how the platform words it.
//!
//! The XML is what official accounts receive: CDATA around strings, none around numbers, one
//! line, messages with `MsgId` and events without. Deliberately absent: sealing and signing
//! ([`super::sealing`]).

use serde::Serialize;
use std::fmt::Write;

/// One act of a person towards an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Types and sends.
    Text {
        /// What was typed.
        text: String,
    },
    /// Taps an entry of a menu message or of an inline menu link.
    MenuChoice {
        /// What the account called the entry.
        id: String,
        /// What the entry says; the person seems to have typed it.
        text: String,
    },
    /// Takes a picture and sends it.
    Photo,
    /// Sends a picture that the phone had already.
    Picture {
        /// The file.
        #[serde(skip)]
        bytes: Vec<u8>,
    },
    /// Speaks.
    Voice {
        /// What the platform understood, where recognition is switched on.
        recognition: Option<String>,
    },
    /// Sends a short film.
    Video,
    /// Shares a page.
    Link {
        /// The page's title.
        title: String,
    },
    /// Sends a sticker; the platform passes on a text that says so.
    Sticker,
    /// Sends a file.
    File {
        /// The file's name.
        title: String,
    },
    /// Sends a place on the map.
    Location {
        /// GCJ-02, degrees north.
        latitude: f64,
        /// GCJ-02, degrees east.
        longitude: f64,
        /// What the map calls it; may be empty.
        label: String,
    },
    /// Taps a menu button.
    Click {
        /// The button's key.
        key: String,
    },
    /// Taps a menu button that opens a page.
    View {
        /// The page.
        url: String,
    },
    /// Follows the account, perhaps by scanning a code.
    Follow {
        /// What the code says.
        scene: Option<String>,
    },
    /// Scans a code; for somebody who does not follow yet this offers to follow.
    Scan {
        /// What the code says.
        scene: String,
    },
    /// Stops following.
    Unfollow,
    /// Says yes or no to notifications by a template: in an article's window, or later in the
    /// settings, where only a no can be said.
    Consent {
        /// The account's own id of the template.
        template: String,
        /// Yes.
        accepted: bool,
        /// In the settings.
        later: bool,
    },
}

/// What the platform adds to an act.
pub(super) struct Envelope<'a> {
    pub(super) to: &'a str,
    pub(super) from: &'a str,
    pub(super) seconds: i64,
    pub(super) message_id: u64,
    pub(super) media_id: &'a str,
    pub(super) picture_url: &'a str,
}

const UNSUPPORTED: &str = "【收到不支持的消息类型，暂无法显示】";

impl Message {
    /// Whether the platform counts it as a message of the person (5 answers in 48 hours) rather
    /// than as a tap (3 in a minute). An entry of a menu message counts as a tap.
    pub(super) fn opens_the_chat(&self) -> bool {
        !matches!(
            self,
            Self::MenuChoice { .. }
                | Self::Click { .. }
                | Self::View { .. }
                | Self::Follow { .. }
                | Self::Scan { .. }
                | Self::Unfollow
                | Self::Consent { .. }
        )
    }

    /// Whether an answer is shown at all.
    pub(super) fn shows_an_answer(&self) -> bool {
        !matches!(self, Self::View { .. } | Self::Unfollow | Self::Consent { .. })
    }

    /// How many articles an answer may hold: one to a message, eight to an event.
    pub(super) fn articles_allowed(&self) -> usize {
        if self.opens_the_chat() || matches!(self, Self::MenuChoice { .. }) { 1 } else { 8 }
    }

    /// The push, in clear.
    pub(super) fn to_xml(&self, envelope: &Envelope<'_>) -> String {
        let mut xml = Xml::open(envelope.to, envelope.from, envelope.seconds);
        self.write_fields(&mut xml, envelope);
        if self.is_event() {
            return xml.close();
        }
        xml.number("MsgId", &envelope.message_id.to_string());
        xml.close()
    }

    fn is_event(&self) -> bool {
        !self.opens_the_chat() && !matches!(self, Self::MenuChoice { .. })
    }

    fn write_fields(&self, xml: &mut Xml, envelope: &Envelope<'_>) {
        match self {
            Self::Text { text } => xml.text("MsgType", "text").text("Content", text),
            Self::MenuChoice { id, text } => {
                xml.text("MsgType", "text").text("Content", text).text("bizmsgmenuid", id)
            }
            Self::Sticker => xml.text("MsgType", "text").text("Content", UNSUPPORTED),
            Self::Photo | Self::Picture { .. } => xml
                .text("MsgType", "image")
                .text("PicUrl", envelope.picture_url)
                .text("MediaId", envelope.media_id),
            Self::Voice { recognition } => {
                xml.text("MsgType", "voice").text("MediaId", envelope.media_id);
                xml.text("Format", "amr");
                match recognition {
                    Some(heard) => xml.text("Recognition", heard),
                    None => xml,
                }
            }
            Self::Video => xml
                .text("MsgType", "video")
                .text("MediaId", envelope.media_id)
                .text("ThumbMediaId", &format!("{}-thumb", envelope.media_id)),
            Self::Link { title } => xml
                .text("MsgType", "link")
                .text("Title", title)
                .text("Description", title)
                .text("Url", "https://mp.weixin.qq.com/s/simulated"),
            Self::File { title } => xml
                .text("MsgType", "file")
                .text("Title", title)
                .text("Description", "")
                .text("FileKey", &format!("FILE{}", envelope.message_id))
                .text("FileMd5", "d41d8cd98f00b204e9800998ecf8427e")
                .number("FileTotalLen", "20480"),
            Self::Location { latitude, longitude, label } => xml
                .text("MsgType", "location")
                .number("Location_X", &format!("{latitude:.6}"))
                .number("Location_Y", &format!("{longitude:.6}"))
                .number("Scale", "16")
                .text("Label", label),
            Self::Click { key } => xml.event("CLICK").text("EventKey", key),
            Self::View { url } => {
                xml.event("VIEW").text("EventKey", url).number("MenuId", "430000001")
            }
            Self::Follow { scene: None } => xml.event("subscribe").text("EventKey", ""),
            Self::Follow { scene: Some(scene) } => xml
                .event("subscribe")
                .text("EventKey", &format!("qrscene_{scene}"))
                .text("Ticket", &ticket_of(scene)),
            Self::Scan { scene } => {
                xml.event("SCAN").text("EventKey", scene).text("Ticket", &ticket_of(scene))
            }
            Self::Unfollow => xml.event("unsubscribe").text("EventKey", ""),
            Self::Consent { template, accepted, later } => {
                let status = if *accepted { "accept" } else { "reject" };
                let list = |xml: &mut Xml| {
                    xml.text("TemplateId", template).text("SubscribeStatusString", status);
                    if !later {
                        xml.text("PopupScene", "1");
                    }
                };
                let (name, own) = if *later {
                    ("subscribe_msg_change_event", "SubscribeMsgChangeEvent")
                } else {
                    ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent")
                };
                xml.event(name).list(own, list)
            }
        };
    }
}

/// Tells an account what became of a template message.
pub(super) fn delivery_event(envelope: &Envelope<'_>, status: &str) -> String {
    let mut xml = Xml::open(envelope.to, envelope.from, envelope.seconds);
    xml.event("TEMPLATESENDJOBFINISH");
    xml.number("MsgID", &envelope.message_id.to_string()).text("Status", status);
    xml.close()
}

/// Tells an account what became of a notification by subscription.
pub(super) fn notification_event(envelope: &Envelope<'_>, template: &str, code: &str) -> String {
    let mut xml = Xml::open(envelope.to, envelope.from, envelope.seconds);
    xml.event("subscribe_msg_sent_event").list("SubscribeMsgSentEvent", |xml| {
        xml.text("TemplateId", template)
            .text("MsgID", &envelope.message_id.to_string())
            .text("ErrorCode", code)
            .text("ErrorStatus", if code == "0" { "success" } else { "refused" });
    });
    xml.close()
}

/// Every code has one ticket for ever.
fn ticket_of(scene: &str) -> String {
    scene.bytes().fold("gQH".to_owned(), |mut ticket, byte| {
        // Writing to a string cannot fail.
        let _ = write!(ticket, "{byte:02x}");
        ticket
    })
}

/// A flat XML document as the platform writes it.
pub(super) struct Xml(String);

impl Xml {
    pub(super) fn empty() -> Self {
        Self("<xml>".to_owned())
    }

    pub(super) fn open(to: &str, from: &str, seconds: i64) -> Self {
        let mut xml = Self::empty();
        xml.text("ToUserName", to)
            .text("FromUserName", from)
            .number("CreateTime", &seconds.to_string());
        xml
    }

    pub(super) fn event(&mut self, name: &str) -> &mut Self {
        self.text("MsgType", "event").text("Event", name)
    }

    pub(super) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        // Characters that XML cannot hold never leave a phone, and CDATA cannot hold its own end.
        let value: String = value.chars().filter(|c| fits_xml(*c)).collect();
        let value = value.replace("]]>", "]]]]><![CDATA[>");
        let _ = write!(self.0, "<{name}><![CDATA[{value}]]></{name}>");
        self
    }

    pub(super) fn number(&mut self, name: &str, value: &str) -> &mut Self {
        let _ = write!(self.0, "<{name}>{value}</{name}>");
        self
    }

    /// One entry of an event's own list.
    fn list(&mut self, own: &str, entry: impl FnOnce(&mut Self)) -> &mut Self {
        let _ = write!(self.0, "<{own}><List>");
        entry(self);
        let _ = write!(self.0, "</List></{own}>");
        self
    }

    pub(super) fn close(mut self) -> String {
        self.0.push_str("</xml>");
        self.0
    }
}

fn fits_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml_of(message: &Message) -> String {
        message.to_xml(&Envelope {
            to: "gh_1",
            from: "o1",
            seconds: 1_767_225_600,
            message_id: 24_000_000_000_000_001,
            media_id: "M1",
            picture_url: "http://127.0.0.1/p",
        })
    }

    const HEAD: &str = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\
        <FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1767225600</CreateTime>";

    #[test]
    fn a_text_that_ends_cdata_stays_one_text() {
        assert_eq!(
            xml_of(&Message::Text { text: "a]]>\u{0}b<c&".to_owned() }),
            format!(
                "{HEAD}<MsgType><![CDATA[text]]></MsgType>\
                 <Content><![CDATA[a]]]]><![CDATA[>b<c&]]></Content>\
                 <MsgId>24000000000000001</MsgId></xml>"
            )
        );
    }

    #[test]
    fn an_event_has_no_message_id() {
        assert_eq!(
            xml_of(&Message::Click { key: "REPORT".to_owned() }),
            format!(
                "{HEAD}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[CLICK]]></Event>\
                 <EventKey><![CDATA[REPORT]]></EventKey></xml>"
            )
        );
    }

    #[test]
    fn only_a_follow_by_code_carries_the_prefix() {
        let scene = "area:1".to_owned();
        assert!(
            xml_of(&Message::Follow { scene: Some(scene.clone()) })
                .contains("<EventKey><![CDATA[qrscene_area:1]]></EventKey><Ticket>")
        );
        assert!(
            xml_of(&Message::Scan { scene }).contains("<EventKey><![CDATA[area:1]]></EventKey>")
        );
    }

    #[test]
    fn latitude_is_x_and_longitude_is_y() {
        let xml = xml_of(&Message::Location {
            latitude: 38.9912,
            longitude: 116.1034,
            label: "王庄村".to_owned(),
        });
        assert!(xml.contains("<Location_X>38.991200</Location_X><Location_Y>116.103400<"));
    }
}
