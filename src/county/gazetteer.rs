//! Which area a sentence or a point means, and the words that say the spot.
//!
//! Promises: never invents a place, and where two villages share a name it says both instead of
//! choosing. Deliberately absent: asking the resident, which is the dialogue's.

use super::area::{Area, AreaCode, Point};
use super::area_names::Mention;
use super::words::{half_width, has_words};
use super::{County, spots};

/// A place that a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPlace {
    /// The words that say it.
    pub text: String,
    /// The smallest area they name; see [`County::is_precise`].
    pub area: Option<AreaCode>,
    /// The areas that are meant equally well, if more than one; then `area` is none.
    pub ambiguous: Vec<AreaCode>,
}

/// Where a point lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// In the county: the nearest village or grid, or the county itself where none is near.
    In(AreaCode),
    /// Not in the county.
    Outside,
}

/// A sentence longer than this is searched only so far: a place stands early or late in a report,
/// and five thousand signs are a copied article.
const SEARCHED: usize = 600;

/// Villages lie two or three kilometres apart; farther from all of them, the nearest says nothing.
const NEAR_KM: f64 = 5.0;

/// At most so many areas are offered to choose from.
const OFFERED: usize = 3;

/// The place that a sentence about something mentions, if it does.
pub fn find_place(county: &County, text: &str) -> Option<FoundPlace> {
    let (original, signs) = searched(text);
    let mut mentions = county.names().mentions(&signs);
    // Without 村 or 镇 a name may be an ordinary word, unless it is one village's and a spot follows.
    mentions.retain(|mention| {
        !mention.is_stem
            || (mention.areas.len() == 1 && spots::run_from(&signs, mention.end) > mention.end)
    });
    let Some(meant) = meant_mention(county, &signs, &mentions) else {
        let (start, end) = spots::strong_run(&signs)?;
        let text = slice(&original, start, end);
        return Some(FoundPlace { text, area: None, ambiguous: Vec::new() });
    };
    let start = chain_start(&mentions, &meant.mention);
    let end = spot_end(&signs, &mentions, &meant.mention);
    let mut text = slice(&original, start, end);
    if end == meant.mention.end {
        // The spot may stand elsewhere: 村口大槐树那儿，王庄村.
        let outside = |(from, to): &(usize, usize)| *to <= start || *from >= end;
        let spot = spots::strong_run(&signs).filter(outside).or_else(|| spots::weak_run(&signs));
        if let Some((from, to)) = spot.filter(outside) {
            text.push_str(&slice(&original, from, to));
        }
    }
    Some(place(county, text, &meant.areas))
}

/// The place that an answer to "where?" says: the whole answer, with the area it names, otherwise
/// `home`. Nothing only for an answer without words.
pub fn read_place(county: &County, answer: &str, home: Option<&AreaCode>) -> Option<FoundPlace> {
    if !has_words(answer) {
        return None;
    }
    let (_, signs) = searched(answer);
    let text = said_place(answer);
    let mentions = county.names().mentions(&signs);
    if let Some(meant) = meant_mention(county, &signs, &mentions) {
        let areas = nearest_home(county, meant.areas, home);
        return Some(place(county, text, &areas));
    }
    let home = home.filter(|_| !names_unknown_village(&signs)).and_then(|home| county.area(home));
    let grid = home.and_then(|home| {
        let village = county.areas().iter().position(|area| area.code == home.code)?;
        let grid = county.names().grid_by_number(village, &signs)?;
        county.areas().get(grid)
    });
    let area = grid.or(home).map(|area| area.code.clone());
    Some(FoundPlace { text, area, ambiguous: Vec::new() })
}

/// The place that a message says, if it says nothing else: 王庄的, 就在李家村东头.
pub fn only_place(county: &County, text: &str) -> Option<FoundPlace> {
    let said = said_place(text);
    let said = BEHIND_PLACE.iter().find_map(|word| said.strip_suffix(word)).unwrap_or(&said);
    let (original, signs) = searched(said);
    let mentions = county.names().mentions(&signs);
    let (start, end, areas) = match meant_mention(county, &signs, &mentions) {
        Some(meant) => {
            let start = chain_start(&mentions, &meant.mention);
            (start, spot_end(&signs, &mentions, &meant.mention), meant.areas)
        }
        None => {
            let (start, end) = spots::strong_run(&signs).or_else(|| spots::weak_run(&signs))?;
            (start, end, Vec::new())
        }
    };
    (start == 0 && end == signs.len()).then(|| place(county, original.iter().collect(), &areas))
}

/// Whether an answer to "where?" can be one: names nothing, tells or asks something, is none.
pub fn may_be_place(county: &County, answer: &str) -> bool {
    let (_, signs) = searched(answer);
    let is_named = !county.names().mentions(&signs).is_empty()
        || names_unknown_village(&signs)
        || spots::strong_run(&signs).is_some();
    is_named || answer.ends_with(['方', '家', '处', '边']) || !answer.contains(TELLS)
}

/// Signs of a sentence that tells or asks something.
const TELLS: [char; 19] = [
    '了', '没', '不', '吗', '么', '谁', '怎', '咋', '想', '赶', '快', '急', '坏', '谢', '呢', '修',
    '什', '?', '？',
];

/// What people put behind a place when they answer with one.
const BEHIND_PLACE: [&str; 6] = ["那边的", "这边的", "那边", "这边", "的人", "的"];

/// Where a point lies.
pub fn area_at(county: &County, point: Point) -> Located {
    if county.bounds().is_some_and(|bounds| !bounds.contains(point)) {
        return Located::Outside;
    }
    let distance = |area: &Area| area.point.map(|middle| middle.distance_km(point));
    let precise = county.areas().iter().filter(|area| area.is_precise());
    let nearest = precise
        .filter_map(|area| Some((distance(area)?, area)))
        .filter(|(distance, _)| *distance <= NEAR_KM)
        // Of a village and its grid at one point the village is sure: min_by keeps the first.
        .min_by(|(one, _), (other, _)| one.total_cmp(other));
    match (nearest, county.bounds(), county.code()) {
        (Some((_, area)), _, _) => Located::In(area.code.clone()),
        (None, Some(_), Some(code)) => Located::In(code.clone()),
        _ => Located::Outside,
    }
}

/// A mention that says the place, and the areas it leaves open.
struct Meant<'a> {
    mention: Mention,
    areas: Vec<&'a Area>,
}

/// Of several mentions: the deepest of a chain; of unrelated ones the one with a spot behind it;
/// otherwise all of them are left open.
fn meant_mention<'a>(
    county: &'a County,
    signs: &[char],
    mentions: &[Mention],
) -> Option<Meant<'a>> {
    let mut meant: Vec<Meant<'a>> = Vec::new();
    for mention in mentions {
        let named: Vec<&Area> =
            mention.areas.iter().filter_map(|index| county.areas().get(*index)).collect();
        let areas = narrowed(county, named, mentions, mention);
        meant.push(Meant { mention: mention.clone(), areas });
    }
    let contains = |upper: &Meant<'_>, lower: &Meant<'_>| {
        let below = |area: &&Area| {
            upper
                .areas
                .iter()
                .any(|above| above.code != area.code && county.is_within(&area.code, &above.code))
        };
        lower.areas.iter().any(below)
    };
    let deepest = |one: &&Meant<'_>| !meant.iter().any(|other| contains(one, other));
    let has_spot = |mention: &Mention| spot_end(signs, mentions, mention) > mention.end;
    let candidates: Vec<&Meant<'a>> = meant.iter().filter(deepest).collect();
    let first = candidates.first()?;
    let is_same = |one: &&&Meant<'_>| one.areas == first.areas;
    let spotted = candidates.iter().find(|one| has_spot(&one.mention));
    if candidates.iter().all(|one| is_same(&one)) {
        let chosen = spotted.unwrap_or(first);
        return Some(Meant { mention: chosen.mention.clone(), areas: chosen.areas.clone() });
    }
    let spotted_count = candidates.iter().filter(|one| has_spot(&one.mention)).count();
    if let (Some(spotted), 1) = (spotted, spotted_count) {
        return Some(Meant { mention: spotted.mention.clone(), areas: spotted.areas.clone() });
    }
    let mut mention = first.mention.clone();
    mention.end = candidates.last().map_or(mention.end, |last| last.mention.end);
    let mut areas: Vec<&Area> = Vec::new();
    for area in candidates.iter().flat_map(|one| one.areas.iter().copied()) {
        if !areas.contains(&area) {
            areas.push(area);
        }
    }
    Some(Meant { mention, areas })
}

/// Where the spot behind a mention ends: before the next area that is named.
fn spot_end(signs: &[char], mentions: &[Mention], mention: &Mention) -> usize {
    let next = mentions.iter().find(|other| other.start >= mention.end);
    let limit = next.map_or(signs.len(), |next| next.start);
    spots::run_from(signs.get(..limit).unwrap_or(signs), mention.end)
}

/// Of several areas with one name, those that lie in another area the text names.
fn narrowed<'a>(
    county: &County,
    named: Vec<&'a Area>,
    mentions: &[Mention],
    own: &Mention,
) -> Vec<&'a Area> {
    if named.len() < 2 {
        return named;
    }
    let others = || {
        let indexes = mentions.iter().filter(|mention| *mention != own).flat_map(|m| &m.areas);
        indexes.filter_map(|index| county.areas().get(*index))
    };
    let inside: Vec<&Area> = named
        .iter()
        .filter(|area| {
            others().any(|other| {
                other.parent.is_some()
                    && other.code != area.code
                    && county.is_within(&area.code, &other.code)
            })
        })
        .copied()
        .collect();
    if inside.is_empty() { named } else { inside }
}

/// Of several areas with one name, the resident's own or the one in their township.
fn nearest_home<'a>(
    county: &County,
    areas: Vec<&'a Area>,
    home: Option<&AreaCode>,
) -> Vec<&'a Area> {
    let Some(home) = home.filter(|_| areas.len() > 1) else { return areas };
    // The smallest area around home that holds exactly one of them.
    for around in county.path(home).iter().rev() {
        let inside: Vec<&Area> = areas
            .iter()
            .filter(|area| county.is_within(&area.code, &around.code))
            .copied()
            .collect();
        if inside.len() == 1 {
            return inside;
        }
    }
    areas
}

fn place(county: &County, text: String, areas: &[&Area]) -> FoundPlace {
    if let [area] = areas {
        FoundPlace { text, area: Some(area.code.clone()), ambiguous: Vec::new() }
    } else {
        let distinct = areas.iter().filter(|area| county.area(&area.code) == Some(area));
        let ambiguous = distinct.take(OFFERED).map(|area| area.code.clone()).collect();
        FoundPlace { text, area: None, ambiguous }
    }
}

/// Where the names that stand directly before a mention begin: 王庄乡王庄村.
fn chain_start(mentions: &[Mention], meant: &Mention) -> usize {
    let before = mentions.iter().rev().filter(|mention| mention.end <= meant.start);
    before.fold(
        meant.start,
        |start, mention| {
            if mention.end == start { mention.start } else { start }
        },
    )
}

/// Before 村, these make it the speaker's own village or villages in general.
const OWN: &str = "本俺我们咱全农乡一个每各自在到这那进出老同";

/// Whether a text names a village that the county does not have.
fn names_unknown_village(signs: &[char]) -> bool {
    signs.iter().enumerate().any(|(at, sign)| {
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        let family = at.checked_sub(2).and_then(|at| signs.get(at));
        let is_own_home = before == Some(&'家') && family.is_some_and(|c| "我俺自".contains(*c));
        "村屯镇乡".contains(*sign)
            && !is_own_home
            && before.is_some_and(|c| c.is_alphabetic() && !OWN.contains(*c))
    })
}

/// The answer without "it is at" before it and signs around it.
fn said_place(answer: &str) -> String {
    let mut said = answer.trim_matches(|c: char| !c.is_alphanumeric());
    for lead in [
        "地点是",
        "地点在",
        "位置在",
        "地址是",
        "就是在",
        "就在",
        "我在",
        "是在",
        "我们是",
        "俺们是",
        "我是",
        "俺是",
        "在",
        "是",
    ] {
        if let Some(rest) = said.strip_prefix(lead).filter(|rest| has_words(rest)) {
            said = rest;
            break;
        }
    }
    said.to_owned()
}

fn searched(text: &str) -> (Vec<char>, Vec<char>) {
    let mut signs = half_width(text);
    signs.truncate(SEARCHED);
    (text.chars().take(SEARCHED).collect(), signs)
}

fn slice(original: &[char], start: usize, end: usize) -> String {
    original.iter().skip(start).take(end.saturating_sub(start)).collect()
}

#[cfg(test)]
mod tests;
