//! What bytes are, told by themselves. Pure.
//!
//! Names, endings and what a server says of them are never believed. Deliberately absent: whether
//! a picture can be decoded, which is [`super::picture`]'s.

use image::ImageFormat;

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A picture.
    Picture(ImageFormat),
    /// A voice in the form of telephones, which browsers do not play.
    Amr,
    /// A voice in high quality, which browsers do not play.
    Speex,
    /// A sound that browsers play.
    Mp3,
    /// A film.
    Mp4,
}

/// Why bytes are nothing that we keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strange {
    /// A page or an answer of some machine in between, and not a file at all.
    Text,
    /// A file of a kind that we do not know.
    Unknown,
}

impl Content {
    /// Tells what bytes are.
    pub fn of(bytes: &[u8]) -> Result<Self, Strange> {
        let begins = |with: &[u8]| bytes.starts_with(with);
        if begins(b"#!AMR") {
            return Ok(Self::Amr);
        }
        if begins(b"Speex   ") || (begins(b"OggS") && has_early(bytes, b"Speex   ")) {
            return Ok(Self::Speex);
        }
        if begins(b"ID3") || is_sound_frame(bytes) {
            return Ok(Self::Mp3);
        }
        if bytes.get(4..8) == Some(b"ftyp") {
            return Ok(Self::Mp4);
        }
        match image::guess_format(bytes) {
            Ok(
                format @ (ImageFormat::Jpeg
                | ImageFormat::Png
                | ImageFormat::WebP
                | ImageFormat::Gif),
            ) => Ok(Self::Picture(format)),
            _ if is_text(bytes) => Err(Strange::Text),
            _ => Err(Strange::Unknown),
        }
    }

    /// How a browser is told; for a picture, what it is before it is made anew.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Picture(format) => format.to_mime_type(),
            Self::Amr => "audio/amr",
            Self::Speex => "audio/ogg",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "video/mp4",
        }
    }
}

/// Within the first page of an Ogg file.
fn has_early(bytes: &[u8], words: &[u8]) -> bool {
    bytes
        .iter()
        .take(128)
        .collect::<Vec<_>>()
        .windows(words.len())
        .any(|window| window.iter().zip(words).all(|(one, other)| **one == *other))
}

/// Eleven set bits, and a version, a layer, a rate and a frequency that exist.
fn is_sound_frame(bytes: &[u8]) -> bool {
    let &[first, second, third, ..] = bytes else { return false };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (rate, frequency) = (third >> 4, third >> 2 & 3);
    first == 0xFF
        && second & 0xE0 == 0xE0
        && version != 1
        && layer == 1
        && !matches!(rate, 0 | 15)
        && frequency != 3
}

/// Markup or JSON, perhaps after a mark of its encoding.
fn is_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'<' | b'{' | b'[') | None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_what_they_are() {
        let ogg = [b"OggS\x00\x02".as_slice(), &[0; 22], b"Speex   1.2"].concat();
        for (bytes, content) in [
            (b"#!AMR\n\x3c".as_slice(), Content::Amr),
            (b"#!AMR-WB\n\x3c", Content::Amr),
            (&ogg, Content::Speex),
            (b"ID3\x04\x00", Content::Mp3),
            (b"\xFF\xFB\x90\x44", Content::Mp3),
            (b"\x00\x00\x00\x18ftypisom", Content::Mp4),
            (b"\xFF\xD8\xFF\xE0\x00\x10JFIF", Content::Picture(ImageFormat::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\x00", Content::Picture(ImageFormat::Png)),
            (b"GIF89a", Content::Picture(ImageFormat::Gif)),
            (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Content::Picture(ImageFormat::WebP)),
        ] {
            assert_eq!(Content::of(bytes), Ok(content), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_page_is_no_file_and_a_program_is_none_of_ours() {
        for bytes in [b"\xEF\xBB\xBF <html>".as_slice(), b"{\"errcode\":40007}", b" \n", b""] {
            assert_eq!(Content::of(bytes), Err(Strange::Text), "{}", bytes.escape_ascii());
        }
        for bytes in [b"\x7fELF".as_slice(), b"MZ\x90", b"%PDF-1.7", b"OggS\x00vorbis", b"\xFF\xD9"]
        {
            assert_eq!(Content::of(bytes), Err(Strange::Unknown), "{}", bytes.escape_ascii());
        }
    }
}
