//! A picture made anew: turned as it was held, without anything but what can be seen. Pure.
//!
//! It is decoded and encoded again, whatever it is: what the camera wrote beside it – the place,
//! the phone, a smaller picture of before it was cropped, a film behind it – cannot survive that.
//! Deliberately absent: the original, which is kept as it came.

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use std::io::Cursor;

/// Larger files are not looked at.
pub const LARGEST: usize = 20 << 20;
/// More points than a phone's camera has by its settings of every day.
const MOST_POINTS: u64 = 50_000_000;
/// What decoding may take in memory.
const MOST_MEMORY: u64 = 320 << 20;
/// The longer side of what lists show.
const THUMBNAIL: u32 = 480;
/// Nobody sees a difference, and a photo of a street lamp stays below two megabytes.
const QUALITY: u8 = 88;
const THUMBNAIL_QUALITY: u8 = 80;

/// A picture as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The whole, turned.
    pub whole: Vec<u8>,
    /// What it is now.
    pub media_type: &'static str,
    /// The same, small; always a JPEG.
    pub thumbnail: Vec<u8>,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// More points than anybody's camera has, or more memory than they should need.
    #[error("the picture unpacks to more than is looked at")]
    TooMany,
    /// It cannot be decoded.
    #[error("the picture cannot be decoded")]
    Broken,
}

/// Makes a picture anew.
pub fn remade(bytes: &[u8], format: ImageFormat) -> Result<Picture, BadPicture> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| bad(&error))?;
    // Said by the first bytes: nothing is unpacked before it is known to what size.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_POINTS {
        return Err(BadPicture::TooMany);
    }
    let orientation = decoder.orientation().map_err(|error| bad(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| bad(&error))?;
    image.apply_orientation(orientation);
    let small = if image.width().max(image.height()) > THUMBNAIL {
        image.thumbnail(THUMBNAIL, THUMBNAIL)
    } else {
        image.clone()
    };
    let thumbnail = jpeg(&small, THUMBNAIL_QUALITY)?;
    let (whole, media_type) = match format {
        // What was drawn by a machine stays sharp.
        ImageFormat::Png | ImageFormat::Gif => (png(&image)?, "image/png"),
        _ => (jpeg(&image, QUALITY)?, "image/jpeg"),
    };
    Ok(Picture { whole, media_type, thumbnail })
}

fn bad(error: &ImageError) -> BadPicture {
    match error {
        ImageError::Limits(_) => BadPicture::TooMany,
        _ => BadPicture::Broken,
    }
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, BadPicture> {
    let seen = on_white(image);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(seen.as_raw(), seen.width(), seen.height(), ExtendedColorType::Rgb8)
        .map_err(|error| bad(&error))?;
    Ok(bytes)
}

/// A form without transparency has to show something behind it.
fn on_white(image: &DynamicImage) -> image::RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let clear = image.to_rgba8();
    let mut seen = image::RgbImage::new(clear.width(), clear.height());
    for (from, to) in clear.pixels().zip(seen.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let over = |colour: u32| {
            let mixed = (colour * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        to.0 = [over(red), over(green), over(blue)];
    }
    seen
}

fn png(image: &DynamicImage) -> Result<Vec<u8>, BadPicture> {
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    if image.color().has_alpha() {
        let seen = image.to_rgba8();
        let (width, height) = seen.dimensions();
        encoder
            .write_image(seen.as_raw(), width, height, ExtendedColorType::Rgba8)
            .map_err(|error| bad(&error))?;
    } else {
        let seen = image.to_rgb8();
        let (width, height) = seen.dimensions();
        encoder
            .write_image(seen.as_raw(), width, height, ExtendedColorType::Rgb8)
            .map_err(|error| bad(&error))?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_small_picture_is_not_blown_up() {
        let image = DynamicImage::from(RgbImage::from_pixel(40, 30, Rgb([10, 200, 30])));
        let picture = remade(&encoded(&image, ImageFormat::Png), ImageFormat::Png).unwrap();
        let small = image::load_from_memory(&picture.thumbnail).unwrap();
        assert_eq!((small.width(), small.height()), (40, 30));
        assert_eq!(image::load_from_memory(&picture.whole).unwrap().to_rgb8(), image.to_rgb8());
        assert_eq!(picture.media_type, "image/png");
    }

    #[test]
    fn what_is_clear_is_shown_on_white() {
        let image = DynamicImage::from(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
        let picture = remade(&encoded(&image, ImageFormat::WebP), ImageFormat::WebP).unwrap();
        let seen = image::load_from_memory(&picture.whole).unwrap().to_rgb8();
        assert!(seen.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
    }

    #[test]
    fn half_a_picture_is_broken() {
        let image = DynamicImage::from(RgbImage::from_pixel(400, 300, Rgb([10, 200, 30])));
        let bytes = encoded(&image, ImageFormat::Png);
        let half = &bytes[..bytes.len() / 2];
        assert_eq!(remade(half, ImageFormat::Png), Err(BadPicture::Broken));
        assert_eq!(remade(b"\xFF\xD8\xFF", ImageFormat::Jpeg), Err(BadPicture::Broken));
    }

    // A file of a few hundred bytes that says it is 60,000 points wide and high.
    #[test]
    fn a_picture_that_would_fill_the_memory_is_not_unpacked() {
        let image = DynamicImage::from(RgbImage::from_pixel(1, 1, Rgb([0, 0, 0])));
        let mut bytes = encoded(&image, ImageFormat::Png);
        let (width, checksum) = (16..24, 29..33);
        bytes[width].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let sum = crc(&bytes[12..29]);
        bytes[checksum].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(remade(&bytes, ImageFormat::Png), Err(BadPicture::TooMany));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
            })
        })
    }
}
