//! How the platform reads what a webhook answered.
//!
//! It is strict where the real platform shows the person "该公众号暂时无法提供服务": a reply for
//! somebody else, a clear one where sealed ones are due, an empty text, a moment in
//! milliseconds. Deliberately absent: repeating ([`super::push`]).

use super::{cast::SimulatedAccount, sealing};
use crate::wechat::account::Mode;
use quick_xml::{Reader, events::Event};

/// A longer text never reaches the person.
const TEXT_BYTES: usize = 2047;

/// What came back from one delivery of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `success` or nothing: handled, nothing to show.
    Silence,
    /// A text.
    Text(String),
    /// One or more articles.
    News(Vec<Article>),
    /// A picture that the account put up.
    Image(String),
    /// A voice that the account put up.
    Voice(String),
    /// The person is heard at a seat, perhaps at this one.
    Transfer(Option<String>),
    /// A reply of another kind.
    Other(String),
    /// Something that the platform does not understand; the person sees an apology.
    Malformed(&'static str),
    /// The webhook answered with this HTTP status.
    Refused(u16),
    /// No connection, or no answer in time.
    Missing,
}

/// An article of a news reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its headline.
    pub title: String,
    /// The line below.
    pub description: String,
    /// Where it leads.
    pub url: String,
}

impl Answer {
    /// What the person reads, if there is anything to read.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::News(articles) => Some(
                articles
                    .iter()
                    .map(|a| format!("{}\n{}\n{}", a.title, a.description, a.url))
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
            _ => None,
        }
    }

    /// Whether the platform delivers the push once more.
    pub(super) fn asks_for_a_repeat(&self) -> bool {
        matches!(self, Self::Missing | Self::Refused(500..))
    }

    /// Whether the person is told that the account is out of order.
    pub(super) fn is_a_failure(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::Refused(_) | Self::Missing)
    }
}

/// Reads the body of an answer to `openid`.
pub(super) fn read(
    account: &SimulatedAccount,
    openid: &str,
    articles_allowed: usize,
    body: &str,
) -> Answer {
    if body.is_empty() || body == "success" {
        return Answer::Silence;
    }
    match understand(account, openid, articles_allowed, body) {
        Ok(answer) => answer,
        Err(why) => Answer::Malformed(why),
    }
}

fn understand(
    account: &SimulatedAccount,
    openid: &str,
    articles_allowed: usize,
    body: &str,
) -> Result<Answer, &'static str> {
    let outer = Fields::read(body).ok_or("not an XML document")?;
    let fields = match (outer.get("Encrypt"), account.mode) {
        (None, Mode::Safe) => return Err("a clear reply in safe mode"),
        (None, Mode::Plain | Mode::Compat) => outer,
        (Some(_), Mode::Plain) => return Err("a sealed reply in plain mode"),
        (Some(sealed), Mode::Compat | Mode::Safe) => unseal(account, &outer, sealed)?,
    };
    if fields.get("ToUserName") != Some(openid) {
        return Err("a reply to somebody else");
    }
    if fields.get("FromUserName") != Some(account.original_id.as_str()) {
        return Err("a reply from another account");
    }
    if !fields.get("CreateTime").is_some_and(is_seconds) {
        return Err("CreateTime is not in seconds");
    }
    match fields.get("MsgType") {
        Some("text") => match fields.get("Content").unwrap_or_default() {
            "" => Err("a text without text"),
            text if text.len() > TEXT_BYTES => Err("a text that is too long"),
            text => Ok(Answer::Text(text.to_owned())),
        },
        Some("news") => news(&fields, articles_allowed).map(Answer::News),
        Some("image") => media(&fields, "Image/MediaId").map(Answer::Image),
        Some("voice") => media(&fields, "Voice/MediaId").map(Answer::Voice),
        Some("transfer_customer_service") => {
            let seat = fields.get("TransInfo/KfAccount").filter(|seat| !seat.is_empty());
            Ok(Answer::Transfer(seat.map(str::to_owned)))
        }
        Some(kind @ ("video" | "music")) => Ok(Answer::Other(kind.to_owned())),
        _ => Err("an unknown MsgType"),
    }
}

fn unseal(
    account: &SimulatedAccount,
    outer: &Fields,
    sealed: &str,
) -> Result<Fields, &'static str> {
    let timestamp = outer.get("TimeStamp").ok_or("a sealed reply without TimeStamp")?;
    if !is_seconds(timestamp) {
        return Err("TimeStamp is not in seconds");
    }
    let nonce = outer.get("Nonce").ok_or("a sealed reply without Nonce")?;
    let expected = sealing::sign(&[account.token.expose(), timestamp, nonce, sealed]);
    if outer.get("MsgSignature") != Some(expected.as_str()) {
        return Err("a sealed reply with a wrong MsgSignature");
    }
    let clear = sealing::open(account.aes_key.expose(), &account.app_id, sealed)
        .map_err(|_| "a sealed reply that does not open")?;
    Fields::read(&clear).ok_or("a sealed reply without an XML document")
}

fn media(fields: &Fields, path: &str) -> Result<String, &'static str> {
    let id = fields.get(path).filter(|id| !id.is_empty());
    id.map(str::to_owned).ok_or("a picture or voice without its id")
}

fn news(fields: &Fields, allowed: usize) -> Result<Vec<Article>, &'static str> {
    let all = |name: &str| fields.all(&format!("Articles/item/{name}"));
    let (titles, descriptions, urls) = (all("Title"), all("Description"), all("Url"));
    if titles.is_empty() || titles.len() > allowed {
        return Err("a wrong number of articles");
    }
    if fields.get("ArticleCount") != Some(titles.len().to_string().as_str()) {
        return Err("ArticleCount does not count the articles");
    }
    if descriptions.len() != titles.len() || urls.len() != titles.len() {
        return Err("an article without all its parts");
    }
    let parts = titles.into_iter().zip(descriptions).zip(urls);
    Ok(parts
        .map(|((title, description), url)| Article {
            title: title.to_owned(),
            description: description.to_owned(),
            url: url.to_owned(),
        })
        .collect())
}

/// Ten digits: milliseconds have thirteen.
fn is_seconds(value: &str) -> bool {
    value.len() == 10 && value.chars().all(|c| c.is_ascii_digit())
}

/// The leaves of a document below `<xml>`, each with its path.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(xml: &str) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        let mut path: Vec<String> = Vec::new();
        let mut text = String::new();
        let mut leaves = Vec::new();
        let mut complete = false;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => {
                    path.push(start.name().as_ref().to_owned());
                    text.clear();
                }
                Event::Text(part) => text.push_str(part.xml10_content().as_ref()),
                Event::CData(part) => text.push_str(part.xml10_content().as_ref()),
                Event::GeneralRef(reference) => text.push_str(&resolved(&reference)?),
                Event::Empty(empty) => {
                    path.push(empty.name().as_ref().to_owned());
                    leaves.push((path_below_root(&path)?, String::new()));
                    path.pop();
                }
                Event::End(_) => {
                    complete = path.len() == 1;
                    leaves.push((path_below_root(&path)?, std::mem::take(&mut text)));
                    path.pop();
                }
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) => {}
                Event::PI(_) | Event::DocType(_) => return None,
            }
        }
        (complete && path.is_empty()).then_some(Self(leaves))
    }

    fn get(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| at == path).map(|(_, text)| text.as_str())
    }

    fn all(&self, path: &str) -> Vec<&str> {
        self.0.iter().filter(|(at, _)| at == path).map(|(_, text)| text.as_str()).collect()
    }
}

fn path_below_root(path: &[String]) -> Option<String> {
    let (root, below) = path.split_first()?;
    (root == "xml").then(|| below.join("/"))
}

fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    let meant = match reference.xml10_content().as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    };
    Some(meant.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::account::Secret;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    fn account(mode: Mode) -> SimulatedAccount {
        SimulatedAccount {
            slug: "main".to_owned(),
            name: "云溪党建".to_owned(),
            app_id: "wx1".to_owned(),
            app_secret: Secret::new("s"),
            token: Secret::new("T"),
            aes_key: Secret::new(KEY),
            original_id: "gh_1".to_owned(),
            mode,
            webhook: None,
        }
    }

    fn reply(inner: &str) -> String {
        format!(
            "<xml><ToUserName><![CDATA[o1]]></ToUserName><FromUserName>gh_1</FromUserName>\
             <CreateTime>1767225900</CreateTime>{inner}</xml>"
        )
    }

    fn text(content: &str) -> String {
        reply(&format!("<MsgType>text</MsgType><Content>{content}</Content>"))
    }

    fn in_plain(body: &str) -> Answer {
        read(&account(Mode::Plain), "o1", 1, body)
    }

    fn sealed(clear: &str, signature: Option<&str>) -> String {
        let sealed = sealing::seal(KEY, "wx1", [1; 16], clear).unwrap();
        let signed = sealing::sign(&["T", "1767225900", "n", &sealed]);
        let signature = signature.unwrap_or(&signed);
        format!(
            "<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>\
             <TimeStamp>1767225900</TimeStamp><Nonce>n</Nonce></xml>"
        )
    }

    #[test]
    fn nothing_and_success_are_silence_in_every_mode() {
        for mode in [Mode::Plain, Mode::Compat, Mode::Safe] {
            assert_eq!(read(&account(mode), "o1", 1, ""), Answer::Silence);
            assert_eq!(read(&account(mode), "o1", 1, "success"), Answer::Silence);
        }
    }

    #[test]
    fn safe_mode_takes_sealed_replies_only_and_checks_their_signature() {
        let safe = account(Mode::Safe);
        let clear = text("你好");
        assert!(read(&safe, "o1", 1, &clear).is_a_failure());
        assert!(read(&safe, "o1", 1, &sealed(&clear, Some("0"))).is_a_failure());
        let good = sealed(&clear, None);
        assert_eq!(read(&safe, "o1", 1, &good), Answer::Text("你好".to_owned()));
        assert_eq!(read(&account(Mode::Compat), "o1", 1, &good), Answer::Text("你好".to_owned()));
        assert!(in_plain(&good).is_a_failure());
    }

    #[test]
    fn escaped_and_split_text_reads_as_one() {
        assert_eq!(
            in_plain(&text("a&lt;b&#x4F60;<![CDATA[c]]]]><![CDATA[>d]]>")),
            Answer::Text("a<b你c]]>d".to_owned())
        );
    }

    #[test]
    fn what_the_platform_apologises_for() {
        let too_long = text(&"a".repeat(2048));
        for body in [
            "{\"errcode\":0}",
            "<html>502</html>",
            "<xml><ToUserName>o1</ToUserName>",
            &text(""),
            &too_long,
            &text("x").replace("o1", "o2"),
            &text("x").replace("gh_1", "gh_2"),
            &text("x").replace("1767225900", "1767225900123"),
            &reply("<MsgType>poem</MsgType>"),
        ] {
            assert!(in_plain(body).is_a_failure(), "{body}");
        }
        assert_eq!(in_plain(&text(&"a".repeat(2047))).text().map(|t| t.len()), Some(2047));
    }

    #[test]
    fn a_message_is_answered_with_one_article_an_event_with_eight() {
        let item = "<item><Title>t</Title><Description>d</Description><PicUrl/><Url>u</Url></item>";
        let news = |count: usize| {
            reply(&format!(
                "<MsgType>news</MsgType><ArticleCount>{count}</ArticleCount>\
                 <Articles>{}</Articles>",
                item.repeat(count)
            ))
        };
        assert_eq!(in_plain(&news(1)).text().unwrap(), "t\nd\nu");
        assert!(in_plain(&news(2)).is_a_failure());
        assert!(!read(&account(Mode::Plain), "o1", 8, &news(8)).is_a_failure());
    }
}
