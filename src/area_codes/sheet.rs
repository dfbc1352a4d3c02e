//! Many codes together: a page to print, a table of what there is, and what the files are called.

use crate::county::AreaCode;
use std::fmt::Write;

/// How a page to print looks, also as a file of its own.
pub const STYLE: &str = include_str!("../../templates/static/area_codes.css");

/// So many stickers are cut from one sheet.
const STICKERS_A_SHEET: usize = 12;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Posters for walls.
    A4,
    /// Stickers of 6 cm.
    Sticker,
    /// Both.
    Both,
}

impl Size {
    /// Posters are among it.
    pub fn has_posters(self) -> bool {
        self != Self::Sticker
    }

    /// Stickers are among it.
    pub fn has_stickers(self) -> bool {
        self != Self::A4
    }
}

/// One code as a page and a table name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The area's code.
    pub code: AreaCode,
    /// The area as people say it.
    pub area: String,
    /// What the code says.
    pub url: String,
    /// Where its poster is, if one is drawn.
    pub poster: Option<String>,
    /// Where its sticker is, if one is drawn.
    pub sticker: Option<String>,
}

/// Where a page takes its looks from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style<'a> {
    /// It brings them along.
    Own,
    /// From this address.
    At(&'a str),
}

/// A page to print: a poster a sheet, then twelve stickers a sheet.
pub fn page(title: &str, codes: &[Printed], style: Style<'_>) -> String {
    let title = escaped(title);
    let looks = match style {
        Style::Own => format!("<style>\n{STYLE}</style>"),
        Style::At(address) => format!("<link rel=\"stylesheet\" href=\"{}\">", escaped(address)),
    };
    let mut html = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n{looks}\n</head>\n<body>\n\
         <header><h1>{title}</h1><p>按 Ctrl+P 打印，纸张选 A4，边距选“无”，缩放 100%。\
         海报一张一页；贴纸一页 {STICKERS_A_SHEET} 张，沿四角的细线裁开。</p></header>\n<main>\n"
    );
    let image = |html: &mut String, source: &str, one: &Printed| {
        let (source, area) = (escaped(source), escaped(&one.area));
        // Writing into a string cannot fail.
        let _ = writeln!(html, "<img src=\"{source}\" alt=\"{area}的民情码\">");
    };
    for one in codes {
        if let Some(poster) = &one.poster {
            html.push_str("<section class=\"poster\">");
            image(&mut html, poster, one);
            html.push_str("</section>\n");
        }
    }
    let stickers: Vec<(&String, &Printed)> =
        codes.iter().filter_map(|one| Some((one.sticker.as_ref()?, one))).collect();
    for sheet in stickers.chunks(STICKERS_A_SHEET) {
        html.push_str("<section class=\"stickers\">\n");
        for (sticker, one) in sheet {
            image(&mut html, sticker, one);
        }
        html.push_str("</section>\n");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

/// A table of the codes, for a spreadsheet.
pub fn manifest(codes: &[Printed]) -> String {
    let mut table = String::from("\u{feff}code,area,scene,url,poster,sticker\n");
    for one in codes {
        let (code, scene) = (one.code.as_str(), super::scene(&one.code));
        let (poster, sticker) = (one.poster.as_deref(), one.sticker.as_deref());
        let cells = [code, &one.area, &scene, &one.url];
        let cells = cells.into_iter().chain([poster, sticker].map(Option::unwrap_or_default));
        table.push_str(&cells.map(cell).collect::<Vec<_>>().join(","));
        table.push('\n');
    }
    table
}

/// Quoted, and never taken for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// What the file of a code is called: the area's code, as far as files may be called so.
pub fn file_name(code: &AreaCode) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    format!("{}.svg", code.as_str().chars().map(plain).collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(area: &str) -> Printed {
        Printed {
            code: "1306".into(),
            area: area.to_owned(),
            url: "http://weixin.qq.com/q/02".to_owned(),
            poster: Some("posters/1306.svg".to_owned()),
            sticker: Some("stickers/1306.svg".to_owned()),
        }
    }

    #[test]
    fn twelve_stickers_fill_a_sheet_and_the_thirteenth_begins_the_next() {
        let html = page("码", &vec![printed("王庄村"); 13], Style::Own);
        assert_eq!(html.matches("class=\"poster\"").count(), 13);
        assert_eq!(html.matches("class=\"stickers\"").count(), 2);
        assert!(html.contains("@page"));
    }

    #[test]
    fn names_are_text_in_the_page_and_in_the_table() {
        let odd = printed("=HYPERLINK(\"x\")<b>");
        let html = page("<i>", std::slice::from_ref(&odd), Style::At("/a.css"));
        assert!(!html.contains("<b>") && !html.contains("<i>") && !html.contains("<style>"));
        assert!(manifest(&[odd]).contains("\"'=HYPERLINK(\"\"x\"\")<b>\""));
        assert_eq!(file_name(&"../13".into()), "___13.svg");
    }
}
