//! Unpacks a workbook within bounds, and leaves out what is not read.
//!
//! What a file says about its own size is not believed: bytes are counted while they come out, and
//! a part that is longer than it says is no workbook. What would make the reader behind it hold
//! far more than the file holds (styles that are copied for every format, a count of strings that
//! memory is set aside for) does not get there.
//!
//! Deliberately absent: what the parts mean, which is [`super::read`].

use crate::county::Spoiled;
use quick_xml::{Reader, Writer, events::BytesStart, events::Event};
use std::io::{Cursor, Read, Write};
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions};

/// More than a spreadsheet program can make, so that formats do not multiply.
const MOST_FORMATS: usize = 65_536;
/// A format, an id: longer than these are never written.
const LONGEST_TAG: usize = 1024;
/// Parts of `styles.xml` that say how cells look, not what they hold.
const LOOKS: [&str; 9] = [
    "fonts",
    "fills",
    "borders",
    "dxfs",
    "cellStyleXfs",
    "cellStyles",
    "tableStyles",
    "colors",
    "extLst",
];

/// A workbook of the same cells, unpacked: no more than `most` bytes.
pub(super) fn unpacked(packed: &[u8], most: u64) -> Result<Vec<u8>, Spoiled> {
    let mut archive = ZipArchive::new(Cursor::new(packed)).map_err(|_| Spoiled::NotAWorkbook)?;
    let mut plain = ZipWriter::new(Cursor::new(Vec::new()));
    // Together the parts come to what they say, because each is held to it below.
    let mut said = 0_u64;
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|_| Spoiled::NotAWorkbook)?;
        said = said.saturating_add(file.size());
    }
    if said > most {
        return Err(Spoiled::TooBig);
    }
    let mut part = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| Spoiled::NotAWorkbook)?;
        let (name, said) =
            (file.name().map_err(|_| Spoiled::NotAWorkbook)?.into_owned(), file.size());
        part.clear();
        file.take(said + 1).read_to_end(&mut part).map_err(|_| Spoiled::NotAWorkbook)?;
        if u64::try_from(part.len()) != Ok(said) {
            return Err(Spoiled::NotAWorkbook);
        }
        if let Some(part) = kept(&name, &part)? {
            write(&mut plain, &name, &part).map_err(|_| Spoiled::NotAWorkbook)?;
        }
    }
    let plain = plain.finish().map_err(|_| Spoiled::NotAWorkbook)?;
    Ok(plain.into_inner())
}

fn write(to: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, part: &[u8]) -> ZipResult<()> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    to.start_file(name, stored)?;
    Ok(to.write_all(part)?)
}

/// What of a part is read; none of pictures, colours and macros.
fn kept(name: &str, part: &[u8]) -> Result<Option<Vec<u8>>, Spoiled> {
    let name = name.to_lowercase();
    let is = |end: &str| name.ends_with(end);
    if !(is(".xml") || is(".rels")) || is("theme1.xml") {
        return Ok(None);
    }
    if !is("styles.xml") && !is("sharedstrings.xml") {
        return Ok(Some(part.to_vec()));
    }
    let text = std::str::from_utf8(part).map_err(|_| Spoiled::NotAWorkbook)?;
    let plain = if is("styles.xml") { plain_styles(text) } else { uncounted_strings(text) };
    plain.ok_or(Spoiled::NotAWorkbook).map(Some)
}

/// Only the formats of numbers, which tell a date from a number.
fn plain_styles(text: &str) -> Option<Vec<u8>> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = false;
    let mut writer = Writer::new(Vec::new());
    let mut formats = 0;
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Eof => return Some(writer.into_inner()),
            Event::Start(tag) if LOOKS.contains(&tag.local_name().as_ref()) => {
                reader.read_to_end(tag.name()).ok()?;
                continue;
            }
            Event::Start(tag) | Event::Empty(tag) => {
                formats += usize::from(tag.local_name().as_ref() == "xf");
                if tag.len() > LONGEST_TAG || formats > MOST_FORMATS {
                    return None;
                }
            }
            _ => {}
        }
        writer.write_event(event).ok()?;
    }
}

/// The strings, without the number of them that the file claims.
fn uncounted_strings(text: &str) -> Option<Vec<u8>> {
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::new(Vec::new());
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Eof => return Some(writer.into_inner()),
            Event::Start(tag) if tag.local_name().as_ref() == "sst" => {
                writer.write_event(Event::Start(BytesStart::new(tag.name().as_ref()))).ok()?;
                let rest = usize::try_from(reader.buffer_position()).ok()?;
                let mut plain = writer.into_inner();
                plain.extend_from_slice(text.as_bytes().get(rest..)?);
                return Some(plain);
            }
            // Nothing but these stands before the strings.
            Event::Decl(_) | Event::Text(_) | Event::Comment(_) | Event::PI(_) => {}
            _ => return None,
        }
        writer.write_event(event).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 1_000_000;

    fn packed(name: &str, part: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(part).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn part(plain: &[u8], name: &str) -> Option<String> {
        let mut archive = ZipArchive::new(Cursor::new(plain)).unwrap();
        let mut text = String::new();
        archive.by_name(name).ok()?.read_to_string(&mut text).unwrap();
        Some(text)
    }

    /// Writes another size into every place where the archive says 3,000,000.
    fn claiming(mut packed: Vec<u8>, size: u32) -> Vec<u8> {
        let real = 3_000_000_u32.to_le_bytes();
        for at in 0..packed.len() - 4 {
            if packed[at..at + 4] == real {
                packed[at..at + 4].copy_from_slice(&size.to_le_bytes());
            }
        }
        packed
    }

    #[test]
    fn what_unpacks_to_more_than_is_read_is_refused() {
        let bomb = packed("xl/worksheets/sheet1.xml", &vec![b' '; 3_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(unpacked(&bomb, MOST), Err(Spoiled::TooBig));
        assert!(unpacked(&bomb, 3_000_000).is_ok());
        // Also where it says that it is small, or so great that nobody could hold it.
        assert_eq!(unpacked(&claiming(bomb.clone(), 100), MOST), Err(Spoiled::NotAWorkbook));
        assert_eq!(unpacked(&claiming(bomb, u32::MAX - 1), MOST), Err(Spoiled::TooBig));
    }

    #[test]
    fn strings_that_are_counted_wrong_set_no_memory_aside() {
        let file = packed(
            "xl/sharedStrings.xml",
            br#"<?xml version="1.0"?><sst uniqueCount="18446744073709551615"><si><t>1</t></si></sst>"#,
        );
        let plain = part(&unpacked(&file, MOST).unwrap(), "xl/sharedStrings.xml").unwrap();
        assert_eq!(plain, "<?xml version=\"1.0\"?><sst><si><t>1</t></si></sst>");
    }

    #[test]
    fn looks_pictures_and_macros_do_not_come_along() {
        let styles = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><fonts><font><name val="x"/></font></fonts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>"#;
        let file = packed("xl/styles.xml", styles);
        let plain = part(&unpacked(&file, MOST).unwrap(), "xl/styles.xml").unwrap();
        assert!(plain.contains("164") && plain.contains("<cellXfs>"), "{plain}");
        assert!(!plain.contains("font"), "{plain}");
        for name in ["xl/media/image1.png", "xl/vbaProject.bin", "xl/theme/theme1.xml"] {
            assert_eq!(part(&unpacked(&packed(name, b"x"), MOST).unwrap(), name), None);
        }
    }

    #[test]
    fn a_style_too_long_to_be_one_is_refused() {
        let long = "y".repeat(2 * LONGEST_TAG);
        let styles = format!(r#"<styleSheet><numFmt formatCode="{long}"/></styleSheet>"#);
        let file = packed("xl/styles.xml", styles.as_bytes());
        assert_eq!(unpacked(&file, MOST), Err(Spoiled::NotAWorkbook));
    }
}
