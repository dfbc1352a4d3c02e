//! What a phone records: photos with everything that a camera writes beside them, voices, films.
//!
//! The camera's orientation is written by the words of its standard, not by any library's, so that
//! whoever turns pictures is checked. Deliberately absent: films and voices that can be heard.

use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use img_parts::{Bytes, ImageEXIF, jpeg::Jpeg};
use std::{io::Cursor, sync::LazyLock};

/// As phones are held: the camera lies on its side.
const UPRIGHT_PHONE: u16 = 6;

/// A lamp at a road in the evening.
pub(super) fn lamp() -> Vec<u8> {
    static LAMP: LazyLock<Vec<u8>> = LazyLock::new(|| photograph(&scene(), UPRIGHT_PHONE));
    LAMP.clone()
}

/// A second of silence in the form of telephones.
pub(super) fn voice() -> Vec<u8> {
    let mut bytes = b"#!AMR\n".to_vec();
    bytes.extend([0x7C; 50]);
    bytes
}

/// A film without a picture.
pub(super) fn film() -> Vec<u8> {
    b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08free".to_vec()
}

/// The file that a phone writes of `seen` with this orientation (1 to 8): with the place where it
/// was taken and the phone's name. Empty where it cannot be written.
pub fn photograph(seen: &RgbImage, orientation: u16) -> Vec<u8> {
    let stored = as_stored(seen, orientation);
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    let (width, height) = stored.dimensions();
    let written = encoder.write_image(stored.as_raw(), width, height, ExtendedColorType::Rgb8);
    let Ok(mut file) = written.map(|()| Jpeg::from_bytes(bytes.into())).and_then(|file| {
        file.map_err(|_| image::ImageError::IoError(std::io::ErrorKind::InvalidData.into()))
    }) else {
        return Vec::new();
    };
    file.set_exif(camera(orientation));
    file.encoder().bytes().to_vec()
}

/// Where the first row and the first column of the file are to be seen: the words of the standard.
fn as_stored(seen: &RgbImage, orientation: u16) -> RgbImage {
    let (width, height) = seen.dimensions();
    let lies = orientation >= 5;
    let (columns, rows) = if lies { (height, width) } else { (width, height) };
    let (right, bottom) = (width - 1, height - 1);
    RgbImage::from_fn(columns, rows, |column, row| {
        let (x, y) = match orientation {
            // first row at the top, first column on the right
            2 => (right - column, row),
            // bottom, right
            3 => (right - column, bottom - row),
            // bottom, left
            4 => (column, bottom - row),
            // first row on the left, first column at the top
            5 => (row, column),
            // right, top
            6 => (right - row, column),
            // right, bottom
            7 => (right - row, bottom - column),
            // left, bottom
            8 => (row, bottom - column),
            _ => (column, row),
        };
        *seen.get_pixel(x, y)
    })
}

/// What a camera writes beside a picture.
fn camera(orientation: u16) -> Option<Bytes> {
    use exif::{Field, In, Rational, Tag, Value};
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let text = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let degrees = |degrees, minutes, hundredths| {
        let of = |num, denom| Rational { num, denom };
        Value::Rational(vec![of(degrees, 1), of(minutes, 1), of(hundredths, 100)])
    };
    let fields = [
        field(Tag::Orientation, Value::Short(vec![orientation])),
        field(Tag::Make, text("Lianxin")),
        field(Tag::Model, text("Simulated Phone 1")),
        field(Tag::DateTimeOriginal, text("2026:03:02 19:30:00")),
        field(Tag::GPSLatitudeRef, text("N")),
        field(Tag::GPSLatitude, degrees(38, 59, 2832)),
        field(Tag::GPSLongitudeRef, text("E")),
        field(Tag::GPSLongitude, degrees(116, 6, 1224)),
    ];
    let mut writer = exif::experimental::Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, false).ok()?;
    Some(bytes.into_inner().into())
}

fn scene() -> RgbImage {
    const POLE: Rgb<u8> = Rgb([70, 70, 78]);
    RgbImage::from_fn(480, 640, |x, y| {
        let (dx, dy) = (i64::from(x) - 300, i64::from(y) - 150);
        let from_the_lamp = dx * dx + dy * dy;
        match (x, y) {
            _ if from_the_lamp < 900 => Rgb([120, 112, 90]),
            (170..=186, 110..=560) | (170..=300, 110..=122) => POLE,
            (_, 520..) if (x / 60 + y / 24) % 7 == 0 => Rgb([96, 92, 84]),
            (_, 520..) => Rgb([112, 108, 98]),
            (_, y) => {
                let shade = u8::try_from(y / 5).unwrap_or(u8::MAX);
                Rgb([40 + shade / 2, 52 + shade / 2, 96 + shade / 3])
            }
        }
    })
}
