//! A code drawn as a poster for a wall (A4) or a sticker (6 cm), as SVG: sharp at any size, small,
//! and printed by whatever opens it.
//!
//! The code has the correction level Q, so a quarter of it may be scratched, and the quiet zone of
//! four squares that scanners need. Sizes are millimetres. Texts are made smaller where they would
//! not fit, never cut.

use qrcode::{Color, EcLevel, QrCode, types::QrError};
use std::fmt::Write;

const FONTS: &str = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',\
                     SimHei,sans-serif";
const RED: &str = "#b3261e";
const INK: &str = "#1b1b1b";
/// Squares of nothing around a code.
const QUIET: usize = 4;

/// What stands on a poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poster<'a> {
    /// Whose.
    pub county: &'a str,
    /// Where it hangs, as people say it.
    pub area: &'a str,
    /// For those who do not scan.
    pub hotline: &'a str,
    /// What the code says.
    pub url: &'a str,
}

/// The address is too long for a code.
#[derive(Debug, thiserror::Error)]
#[error("the platform's address does not fit into a code")]
pub struct Unprintable(#[source] QrError);

/// A line of text in the middle of what lies around it.
struct Line<'a> {
    middle: f64,
    base: f64,
    size: f64,
    /// It is made smaller rather than wider.
    width: f64,
    colour: &'a str,
    is_bold: bool,
}

/// A poster for a wall.
pub fn poster(poster: &Poster<'_>) -> Result<String, Unprintable> {
    let mut svg = begin(210.0, 297.0);
    let line = |base, size, colour, is_bold| Line {
        middle: 105.0,
        base,
        size,
        width: 186.0,
        colour,
        is_bold,
    };
    let _ = write!(svg, r#"<rect width="210" height="48" fill="{RED}"/>"#);
    text(&mut svg, &line(31.0, 19.0, "#fff", true), &format!("{}民情码", poster.county));
    text(&mut svg, &line(76.0, 19.0, INK, true), poster.area);
    code(&mut svg, poster.url, (42.0, 86.0), 126.0)?;
    text(&mut svg, &line(233.0, 16.0, RED, true), "微信扫一扫，说事找党员");
    let how = "路灯坏了、路不好走、家里有难处，说一句就行。";
    text(&mut svg, &line(249.0, 8.0, INK, false), how);
    let then = "地点已经替您填好，办到哪一步，都在微信里告诉您。";
    text(&mut svg, &line(261.0, 8.0, INK, false), then);
    if !poster.hotline.is_empty() {
        let call = format!("不方便扫码，就打电话：{}", poster.hotline);
        text(&mut svg, &line(281.0, 10.0, INK, true), &call);
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// A sticker of 6 cm, with marks around it where it is cut.
pub fn sticker(poster: &Poster<'_>) -> Result<String, Unprintable> {
    let mut svg = begin(64.0, 64.0);
    for (x, inwards) in [(2.0, 0.0), (62.0, 64.0)] {
        for (y, down) in [(2.0, 0.0), (62.0, 64.0)] {
            let mark = format!("M{x} {down}V{y}M{inwards} {y}H{x}");
            let _ = write!(svg, r##"<path d="{mark}" stroke="#888" stroke-width=".15"/>"##);
        }
    }
    let line = |base, size, colour, is_bold| Line {
        middle: 32.0,
        base,
        size,
        width: 55.0,
        colour,
        is_bold,
    };
    text(&mut svg, &line(9.6, 5.2, INK, true), poster.area);
    code(&mut svg, poster.url, (10.5, 11.0), 43.0)?;
    text(&mut svg, &line(58.6, 4.6, RED, true), "微信扫一扫，说事找党员");
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn begin(width: f64, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" text-anchor=\"middle\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
    )
}

fn text(svg: &mut String, line: &Line<'_>, words: &str) {
    let Line { middle, base, size, width, colour, is_bold } = line;
    let size = size.min(width / ems(words).max(1.0));
    let weight = if *is_bold { "bold" } else { "normal" };
    let words = escaped(words);
    // Writing into a string cannot fail.
    let _ = write!(
        svg,
        "<text x=\"{middle}\" y=\"{base}\" font-size=\"{size:.2}\" font-weight=\"{weight}\" \
         fill=\"{colour}\">{words}</text>"
    );
}

/// How wide a text is, in units of its size: Latin signs take a little over half of a Chinese one.
fn ems(words: &str) -> f64 {
    words.chars().map(|c| if c.is_ascii() { 0.62 } else { 1.0 }).sum()
}

fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Draws a code with its quiet zone into a square.
fn code(svg: &mut String, url: &str, at: (f64, f64), side: f64) -> Result<(), Unprintable> {
    let code = QrCode::with_error_correction_level(url, EcLevel::Q).map_err(Unprintable)?;
    let width = code.width();
    let squares = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        // Neighbours are one bar, so that no printer leaves hairs between them.
        let mut from = None;
        for x in 0..=width {
            let is_dark = row.get(x) == Some(&Color::Dark);
            match (from, is_dark) {
                (None, true) => from = Some(x),
                (Some(begin), false) => {
                    let (left, top, long) = (begin + QUIET, y + QUIET, x - begin);
                    let _ = write!(path, "M{left} {top}h{long}v1h-{long}z");
                    from = None;
                }
                _ => {}
            }
        }
    }
    let (x, y) = at;
    let _ = write!(
        svg,
        "<svg x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" \
         viewBox=\"0 0 {squares} {squares}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{squares}\" height=\"{squares}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://weixin.qq.com/q/02abcdefghijklmnopqrstu";

    fn of(area: &str) -> Poster<'_> {
        Poster { county: "云溪县", area, hotline: "0312-0000000", url: URL }
    }

    #[test]
    fn what_a_county_calls_itself_cannot_break_out_of_the_drawing() {
        let drawn = poster(&of("<script>alert(1)</script>&\u{0}\"村\"")).unwrap();
        assert!(!drawn.contains("<script") && !drawn.contains('\u{0}'), "{drawn}");
        assert!(drawn.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;\"村\""));
    }

    #[test]
    fn a_long_name_is_made_smaller_and_not_cut() {
        let long = "王庄乡 一个名字特别特别长的新型农村社区第十二网格";
        for drawn in [poster(&of(long)).unwrap(), sticker(&of(long)).unwrap()] {
            assert!(drawn.contains(long));
        }
        assert!(poster(&of(long)).unwrap().contains("font-size=\"7."));
    }

    #[test]
    fn what_does_not_fit_into_a_code_is_refused() {
        assert!(poster(&Poster { url: &"x".repeat(5000), ..of("王庄村") }).is_err());
    }

    #[test]
    fn a_county_without_a_hotline_names_none() {
        let drawn = poster(&Poster { hotline: "", ..of("王庄村") }).unwrap();
        assert!(!drawn.contains("打电话"));
    }
}
