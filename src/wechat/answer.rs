//! What a push is answered with: one text, one picture, voice or article, a human seat, or nothing.
//!
//! The answer travels in the response to the push. Whatever the text holds, it cannot break out
//! of its element. [`split`] cuts a text that is too long for one message.
//!
//! Deliberately absent: videos, music, and answers of several articles, which the platform allows to
//! events only. What cannot be said in one answer leaves as a message of its own.

use super::xml::{self, element};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The body that says "taken, nothing to show": exactly these bytes, sealed mode or not.
pub const SUCCESS: &str = "success";

/// How long one text may be, in bytes of UTF-8. The platform's own limit is 2,047 or 2,048;
/// beyond it the resident sees that the service is broken instead of the answer.
pub const LONGEST_TEXT: usize = 2000;

/// What the resident gets to see as the answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing is shown, nothing is repeated.
    Silence,
    /// One text, at most [`LONGEST_TEXT`] bytes.
    #[serde(skip)]
    Text(String),
    /// A picture that the platform keeps.
    Image {
        /// Its id there.
        media_id: String,
    },
    /// A voice that the platform keeps.
    Voice {
        /// Its id there.
        media_id: String,
    },
    /// One article (图文): more are refused as the answer to a message.
    News(Article),
    /// The person is heard at one of the platform's own seats.
    Transfer {
        /// Which; none lets the platform choose.
        seat: Option<String>,
    },
}

/// An article: a headline with a few words, a picture and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The headline.
    pub title: String,
    /// The words below.
    pub description: String,
    /// The address of its picture, possibly empty.
    pub picture_url: String,
    /// Where it leads.
    pub url: String,
}

/// Begins the stored form of whatever is no text. No text holds it: it is no character of XML.
const NO_TEXT: char = '\u{1}';

impl Answer {
    /// The form in which it is kept for a repeat: a text as it is, anything else marked.
    pub fn stored(&self) -> String {
        match self {
            Self::Silence => String::new(),
            Self::Text(text) => text.clone(),
            other => serde_json::to_string(other)
                .map_or_else(|_| String::new(), |form| format!("{NO_TEXT}{form}")),
        }
    }

    /// The answer that was kept; of a form that nobody knows, silence.
    pub fn restored(stored: &str) -> Self {
        match stored.strip_prefix(NO_TEXT) {
            Some(form) => serde_json::from_str(form).unwrap_or(Self::Silence),
            None if stored.is_empty() => Self::Silence,
            None => Self::Text(stored.to_owned()),
        }
    }
}

/// The body of the response: `to` is the resident's openid, `from` the account's `gh_…`.
///
/// A blank text becomes silence, because the platform takes an empty `Content` for a failure.
pub fn to_xml(answer: &Answer, to: &str, from: &str, now: DateTime<Utc>) -> String {
    let media = |name: &str, id: &str| format!("<{name}>{}</{name}>", element("MediaId", id));
    let (kind, content) = match answer {
        Answer::Text(text) if !text.trim().is_empty() => ("text", element("Content", text)),
        Answer::Text(_) | Answer::Silence => return SUCCESS.to_owned(),
        Answer::Image { media_id } => ("image", media("Image", media_id)),
        Answer::Voice { media_id } => ("voice", media("Voice", media_id)),
        Answer::News(article) => ("news", news(article)),
        Answer::Transfer { seat } => {
            let account = seat.as_ref().map(|seat| element("KfAccount", seat));
            let info = account.map(|account| format!("<TransInfo>{account}</TransInfo>"));
            ("transfer_customer_service", info.unwrap_or_default())
        }
    };
    format!(
        "<xml>{}{}<CreateTime>{}</CreateTime>{}{content}</xml>",
        element("ToUserName", to),
        element("FromUserName", from),
        now.timestamp(),
        element("MsgType", kind),
    )
}

fn news(article: &Article) -> String {
    format!(
        "<ArticleCount>1</ArticleCount><Articles><item>{}{}{}{}</item></Articles>",
        element("Title", &article.title),
        element("Description", &article.description),
        element("PicUrl", &article.picture_url),
        element("Url", &article.url),
    )
}

/// What is read in the body of a response: a text, or an article's lines; none for silence and for
/// what has no words.
pub fn read_reply(body: &str) -> Option<String> {
    let root = xml::read(body.as_bytes()).ok()?;
    match root.word_of("MsgType")? {
        "text" => root.text_of("Content").map(str::to_owned),
        "news" => {
            let item = root.child("Articles")?.child("item")?;
            let parts = ["Title", "Description", "Url"].map(|name| item.text_of(name));
            Some(parts.map(Option::unwrap_or_default).join("\n"))
        }
        _ => None,
    }
}

/// Cuts a text into parts of at most `longest` bytes, which put together are the text again.
///
/// A part ends at a line break if one lies in its second half, else at the end of a sentence
/// there, else between two characters; never inside a link if that can be helped. No limit is
/// shorter than one character, so below four bytes four are taken.
pub fn split(text: &str, longest: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(cut(rest, longest.max(4)));
        parts.push(part.to_owned());
        rest = after;
    }
    parts
}

/// Where the first part of `text` ends.
fn cut(text: &str, longest: usize) -> usize {
    if text.len() <= longest {
        return text.len();
    }
    let window = &text[..text.floor_char_boundary(longest)];
    let after = |ends: &[char]| {
        let start = window.rfind(ends)?;
        let end = window.ceil_char_boundary(start + 1);
        (end * 2 > window.len()).then_some(end)
    };
    after(&['\n'])
        .or_else(|| after(&['。', '！', '？', '；', '…']))
        .or_else(|| before_open_link(window))
        .unwrap_or(window.len())
}

/// The start of a link that begins in `window` and does not end there.
fn before_open_link(window: &str) -> Option<usize> {
    let start = window.rfind("<a ")?;
    (start > 0 && window.rfind("</a>").is_none_or(|end| end < start)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let now = DateTime::from_timestamp(1_767_225_900, 999_000_000).unwrap();
        to_xml(&Answer::Text(text.to_owned()), "o-resident", "gh_account", now)
    }

    #[test]
    fn a_text_that_looks_like_markup_stays_a_text() {
        for text in ["]]>", "]]></Content><x>", "a]]]>b", "<a href=\"x?a=1&b=2\">看</a>\n  二"] {
            assert_eq!(read_reply(&written(text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn control_characters_do_not_leave() {
        assert_eq!(read_reply(&written("受\u{0}理\u{b}了\u{ffff}")).as_deref(), Some("受理了"));
    }

    #[test]
    fn an_answer_is_dated_in_seconds() {
        assert!(written("好").contains("<CreateTime>1767225900</CreateTime>"));
    }

    #[test]
    fn nothing_to_say_is_success_to_the_letter() {
        assert_eq!(to_xml(&Answer::Silence, "o", "gh", DateTime::UNIX_EPOCH), "success");
        assert_eq!(written(" \n"), "success");
        assert_eq!(read_reply("success"), None);
        assert_eq!(read_reply(""), None);
    }

    fn article() -> Article {
        Article {
            title: "怎么办\"居住证\"".to_owned(),
            description: "带身份证 ]]></Description>".to_owned(),
            picture_url: String::new(),
            url: "https://civic.example/a?b=1&c=2".to_owned(),
        }
    }

    #[test]
    fn a_repeat_gets_the_same_and_what_was_kept_before_is_still_read() {
        let id = || "m-1".to_owned();
        for answer in [
            Answer::Silence,
            Answer::Text("{\"kind\":\"silence\"}".to_owned()),
            Answer::Image { media_id: id() },
            Answer::Voice { media_id: id() },
            Answer::News(article()),
            Answer::Transfer { seat: None },
            Answer::Transfer { seat: Some("kf1@main".to_owned()) },
        ] {
            assert_eq!(Answer::restored(&answer.stored()), answer);
        }
        assert_eq!(Answer::Text("您好".to_owned()).stored(), "您好");
        assert_eq!(Answer::restored("\u{1}{\"kind\":\"poem\"}"), Answer::Silence);
    }

    #[test]
    fn an_article_cannot_break_out_of_its_elements() {
        let body = to_xml(&Answer::News(article()), "o", "gh", DateTime::UNIX_EPOCH);
        let root = xml::read(body.as_bytes()).unwrap();
        assert_eq!(root.word_of("ArticleCount"), Some("1"));
        let item = root.child("Articles").unwrap().child("item").unwrap();
        let article = article();
        assert_eq!(item.text_of("Description"), Some(article.description.as_str()));
        assert_eq!(item.text_of("Url"), Some(article.url.as_str()));
        assert!(read_reply(&body).unwrap().starts_with(&article.title));
    }

    #[test]
    fn pictures_voices_and_seats_are_named_as_the_platform_wants_them() {
        let written = |answer: &Answer| to_xml(answer, "o", "gh", DateTime::UNIX_EPOCH);
        let image = written(&Answer::Image { media_id: "m&1".to_owned() });
        assert!(image.contains("<MsgType><![CDATA[image]]>") || image.contains("image"), "{image}");
        let root = xml::read(image.as_bytes()).unwrap();
        assert_eq!(root.child("Image").unwrap().text_of("MediaId"), Some("m&1"));
        let plain = written(&Answer::Transfer { seat: None });
        assert!(plain.contains("transfer_customer_service") && !plain.contains("TransInfo"));
        let seat = written(&Answer::Transfer { seat: Some("kf1@main".to_owned()) });
        let root = xml::read(seat.as_bytes()).unwrap();
        assert_eq!(root.child("TransInfo").unwrap().text_of("KfAccount"), Some("kf1@main"));
    }

    #[test]
    fn a_long_text_is_cut_at_a_line_break_then_at_a_sentence_then_anywhere() {
        // Each Chinese character has three bytes.
        assert_eq!(split("一二三。\n四五六。七", 20), ["一二三。\n", "四五六。七"]);
        assert_eq!(split("一二三。四五六", 18), ["一二三。", "四五六"]);
        assert_eq!(split("一二三四", 10), ["一二三", "四"]);
        // A break near the beginning would leave a stump.
        assert_eq!(split("一\n二三四五六七", 19), ["一\n二三四五六", "七"]);
        assert_eq!(split("", 10), [""; 0]);
    }

    #[test]
    fn a_link_is_not_cut_through() {
        let link = "<a href=\"https://civic.example/m\">看进度</a>";
        assert_eq!(split(&format!("办理中 {link}"), 40), ["办理中 ", &link[..40], &link[40..]]);
        assert_eq!(split(&format!("办理中 {link}"), 50), ["办理中 ", link]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn parts_never_exceed_and_lose_nothing(text in "(\\PC|\n|。|<a |</a>){0,300}", longest in 0_usize..60) {
            let parts = split(&text, longest);
            prop_assert!(parts.iter().all(|part| !part.is_empty() && part.len() <= longest.max(4)));
            prop_assert_eq!(parts.concat(), text);
        }

        #[test]
        fn what_is_written_is_read_again(text in "\\PC{1,80}") {
            prop_assume!(!text.trim().is_empty());
            prop_assert_eq!(read_reply(&written(&text)), Some(text));
        }
    }
}
