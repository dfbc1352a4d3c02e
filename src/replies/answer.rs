//! Answer templates of the desk: a few placeholders, filled in for one ticket. Pure.
//!
//! They are no templates of a language: what stands between two braces is one of five names or a
//! mistake, so nothing that somebody types here can loop, fail or look further than the ticket.

use crate::county::County;
use crate::dialogue::reply::place_words;
use crate::ticket::Ticket;

/// What a placeholder can be, and what it stands for.
pub const PLACEHOLDERS: [(&str, &str); 5] = [
    ("number", "编号"),
    ("category", "类别"),
    ("place", "地点"),
    ("county", "县名"),
    ("hotline", "热线电话"),
];

/// What stands between braces and is no placeholder.
pub fn mistakes(text: &str) -> Vec<String> {
    pieces(text)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Name(name) if PLACEHOLDERS.iter().all(|(known, _)| *known != name) => {
                Some(format!("{{{{{name}}}}}"))
            }
            Piece::Unclosed => Some("{{".to_owned()),
            Piece::Name(_) | Piece::Words(_) => None,
        })
        .collect()
}

/// The words for this ticket.
pub fn filled(text: &str, ticket: &Ticket, county: &County) -> String {
    let category = county.category(&ticket.report.category);
    let settings = county.settings();
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Unclosed => "{{".to_owned(),
            Piece::Name("number") => ticket.number.as_str().to_owned(),
            Piece::Name("category") => {
                category.map_or_else(String::new, |found| found.name.clone())
            }
            Piece::Name("place") => place_words(&ticket.report.place, county),
            Piece::Name("county") => settings.county_name.clone(),
            Piece::Name("hotline") => settings.hotline.clone(),
            Piece::Name(other) => format!("{{{{{other}}}}}"),
        })
        .collect()
}

enum Piece<'a> {
    Words(&'a str),
    Name(&'a str),
    Unclosed,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        pieces.push(Piece::Words(before));
        let Some((name, after)) = after.split_once("}}") else {
            pieces.push(Piece::Unclosed);
            rest = after;
            continue;
        };
        pieces.push(Piece::Name(name.trim()));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_no_placeholder_is_a_mistake() {
        let mistaken = |text: &str| mistakes(text);
        assert_eq!(
            mistaken("您好，{{number}}（{{ category }}）已经处理，{{place}} {{hotline}}"),
            [""; 0]
        );
        assert_eq!(
            mistaken("{{phone}} 和 {{ ticket.contact }}"),
            ["{{phone}}", "{{ticket.contact}}"]
        );
        assert_eq!(mistaken("{{number"), ["{{"]);
        assert_eq!(mistaken("{{}}"), ["{{}}"]);
        assert_eq!(mistaken("{% for a in b %}"), [""; 0]);
    }
}
