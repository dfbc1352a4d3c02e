//! What a push is answered with: one text, or nothing.
//!
//! The answer travels in the response to the push. Whatever the text holds, it cannot break out
//! of its element. [`split`] cuts a text that is too long for one message.
//!
//! Deliberately absent: pictures, articles and the other kinds of answers. What cannot be said
//! in one text leaves as a message of its own.

use super::xml;
use chrono::{DateTime, Utc};

/// The body that says "taken, nothing to show": exactly these bytes, sealed mode or not.
pub const SUCCESS: &str = "success";

/// How long one text may be, in bytes of UTF-8. The platform's own limit is 2,047 or 2,048;
/// beyond it the resident sees that the service is broken instead of the answer.
pub const LONGEST_TEXT: usize = 2000;

/// What the resident gets to see as the answer to a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing is shown, nothing is repeated.
    Silence,
    /// One text, at most [`LONGEST_TEXT`] bytes.
    Text(String),
}

/// The body of the response: `to` is the resident's openid, `from` the account's `gh_…`.
///
/// A blank text becomes silence, because the platform takes an empty `Content` for a failure.
pub fn to_xml(answer: &Answer, to: &str, from: &str, now: DateTime<Utc>) -> String {
    match answer {
        Answer::Text(text) if !text.trim().is_empty() => format!(
            "<xml>{}{}<CreateTime>{}</CreateTime>{}{}</xml>",
            xml::element("ToUserName", to),
            xml::element("FromUserName", from),
            now.timestamp(),
            xml::element("MsgType", "text"),
            xml::element("Content", text),
        ),
        Answer::Text(_) | Answer::Silence => SUCCESS.to_owned(),
    }
}

/// The text in the body of a response; none for silence and for every other kind of answer.
pub fn read_reply(body: &str) -> Option<String> {
    let root = xml::read(body.as_bytes()).ok()?;
    (root.word_of("MsgType")? == "text").then(|| root.text_of("Content").map(str::to_owned))?
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
