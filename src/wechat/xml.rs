//! The small part of XML that the platform speaks: one `<xml>` root, elements, text.
//!
//! Reading promises that text arrives byte for byte (blanks, line breaks, resolved entities),
//! but for the characters that XML 1.0 forbids: they are dropped here, at the door, because
//! databases refuse them. Writing promises that no text can break out of its element.
//!
//! Deliberately absent: document types (refused, so nothing is ever expanded), attributes and
//! namespaces (the platform has none), processing instructions.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, Event},
};

/// Deeper than anything the platform sends (six levels), shallow enough for any stack.
const DEEPEST: usize = 16;

/// Why a body is not the XML we read. Carries nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadXml {
    /// The bytes are not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Empty, JSON, or anything else that does not begin with `<`.
    #[error("the body is not XML at all")]
    NotXml,
    /// A genuine body never has a document type; attacks by entities need one.
    #[error("the body declares a document type")]
    DocumentType,
    /// Cut off, badly nested, or with an entity that nobody declared.
    #[error("the body is not well-formed XML")]
    Malformed,
    /// More levels than any genuine body has.
    #[error("the body is nested too deeply")]
    TooDeep,
    /// The root is not `<xml>`.
    #[error("the root element is not <xml>")]
    WrongRoot,
    /// Something follows, or precedes, the root.
    #[error("there is something outside the root element")]
    Outside,
}

/// An element: its text, or its children. Attributes are ignored.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The first child of that name. The platform is not consistent about letter case
    /// (`OpenID`, `openid`), so an exact match wins and any other case is accepted.
    pub fn child(&self, name: &str) -> Option<&Self> {
        let exact = self.children.iter().find(|child| child.name == name);
        exact.or_else(|| self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name)))
    }

    /// All children of that name, in any letter case, in their order.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// All children, in their order.
    pub fn all_children(&self) -> &[Self] {
        &self.children
    }

    /// The element's own text, untouched.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a person wrote in a child: untouched; none when absent or empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(Self::text).filter(|text| !text.is_empty())
    }

    /// What the platform wrote in a child: without blanks around it; none when absent or blank.
    pub fn word_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|word| !word.is_empty())
    }
}

/// Reads a body into its root element.
pub fn read(body: &[u8]) -> Result<Element, BadXml> {
    let body = str::from_utf8(body).map_err(|_| BadXml::NotUtf8)?;
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    if !body.trim_start().starts_with('<') {
        return Err(BadXml::NotXml);
    }
    let mut reader = Reader::from_str(body);
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|_| BadXml::Malformed)? {
            Event::Start(start) => tree.open(start.name().as_ref())?,
            Event::Empty(empty) => {
                tree.open(empty.name().as_ref())?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.write(&text)?,
            Event::CData(text) => tree.write(&text)?,
            Event::GeneralRef(entity) => tree.write_entity(&entity)?,
            Event::DocType(_) => return Err(BadXml::DocumentType),
            Event::PI(_) => return Err(BadXml::Malformed),
            Event::Comment(_) | Event::Decl(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

/// The elements still open, outermost first, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, name: &str) -> Result<(), BadXml> {
        match (self.open.len(), &self.root) {
            (0, Some(_)) => return Err(BadXml::Outside),
            (0, None) if name != "xml" => return Err(BadXml::WrongRoot),
            (DEEPEST.., _) => return Err(BadXml::TooDeep),
            _ => self.open.push(Element::named(name)),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), BadXml> {
        let closed = self.open.pop().ok_or(BadXml::Malformed)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), BadXml> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.extend(text.chars().filter(|character| is_allowed(*character)));
            }
            None if text.trim().is_empty() => {}
            None => return Err(BadXml::Outside),
        }
        Ok(())
    }

    fn write_entity(&mut self, entity: &BytesRef<'_>) -> Result<(), BadXml> {
        if let Some(text) = resolve_predefined_entity(entity) {
            return self.write(text);
        }
        let number = entity.strip_prefix('#').ok_or(BadXml::Malformed)?;
        let code = match number.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        // A number that is no character is dropped like the characters that XML forbids.
        let character = char::from_u32(code.map_err(|_| BadXml::Malformed)?);
        self.write(&character.map(String::from).unwrap_or_default())
    }

    fn finish(self) -> Result<Element, BadXml> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(BadXml::Malformed),
        }
    }
}

/// One element around a text, as CDATA.
pub fn element(name: &str, text: &str) -> String {
    let text: String = text.chars().filter(|character| is_allowed(*character)).collect();
    // `]]>` would end the section early: it is spread over two.
    format!("<{name}><![CDATA[{}]]></{name}>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Whether XML 1.0 allows a character in a document.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &str) -> Result<String, BadXml> {
        read(body.as_bytes()).map(|root| root.text_of("c").unwrap_or_default().to_owned())
    }

    #[test]
    fn what_is_not_one_whole_document_is_refused_by_its_class() {
        let deep = format!("<xml>{}", "<a>".repeat(200_000));
        let cases = [
            ("", BadXml::NotXml),
            ("{\"a\": \"<xml/>\"}", BadXml::NotXml),
            ("<!DOCTYPE xml><xml/>", BadXml::DocumentType),
            ("<xml><!DOCTYPE xml></xml>", BadXml::DocumentType),
            ("<xml><c>&nbsp;</c></xml>", BadXml::Malformed),
            ("<xml><c>&#zz;</c></xml>", BadXml::Malformed),
            ("<xml><c>", BadXml::Malformed),
            ("<xml><c></xml></c>", BadXml::Malformed),
            ("<xml><?php echo 1 ?></xml>", BadXml::Malformed),
            (&deep, BadXml::TooDeep),
            ("<html></html>", BadXml::WrongRoot),
            ("<XML></XML>", BadXml::WrongRoot),
            ("<xml/><xml/>", BadXml::Outside),
            ("<xml/>junk", BadXml::Outside),
            ("<xml/>&amp;", BadXml::Outside),
        ];
        for (body, class) in cases {
            assert_eq!(read(body.as_bytes()), Err(class), "{body:.40}");
        }
        assert_eq!(read(b"<xml>\xff</xml>"), Err(BadXml::NotUtf8));
    }

    #[test]
    fn text_survives_byte_for_byte() {
        let cases = [
            ("<xml><c><![CDATA[ 3号楼 <2单元> & \r\n\t]]></c></xml>", " 3号楼 <2单元> & \r\n\t"),
            ("<xml><c> a &lt; b &amp;&#65;&#x4F60; </c></xml>", " a < b &A你 "),
            ("<xml><c>a<![CDATA[]]]]><![CDATA[>]]>b<!-- no -->c</c></xml>", "a]]>bc"),
            ("\u{feff}<?xml version=\"1.0\"?>\n<xml>\n<c x='1'>&amp;lt;</c>\n</xml>\n", "&lt;"),
        ];
        for (body, text) in cases {
            assert_eq!(content(body).as_deref(), Ok(text), "{body}");
        }
    }

    #[test]
    fn characters_that_xml_forbids_are_dropped_on_both_ways() {
        let body = "<xml><c>a\u{0}\u{8}\u{b}&#0;&#x1f;&#xD800;&#xFFFF;\u{fffe}b</c></xml>";
        assert_eq!(content(body).as_deref(), Ok("ab"));
        assert_eq!(element("c", "a\u{0}\u{1f}\u{ffff}b"), "<c><![CDATA[ab]]></c>");
    }

    #[test]
    fn no_text_breaks_out_of_its_element() {
        for text in ["]]>", "]]]>", "]]><c>x</c>", "]]]]>>", "]\u{0}]>", "a]]>b]]>c"] {
            let stripped = text.replace('\u{0}', "");
            let body = format!("<xml>{}</xml>", element("c", text));
            assert_eq!(content(&body).as_deref(), Ok(stripped.as_str()));
        }
    }

    #[test]
    fn an_exact_name_wins_over_another_letter_case() {
        let root = read(b"<xml><msgid>1</msgid><MsgId>2</MsgId><e/></xml>").unwrap();
        assert_eq!(root.word_of("MsgId"), Some("2"));
        assert_eq!(root.word_of("MSGID"), Some("1"));
        assert_eq!(root.word_of("e"), None);
    }
}
