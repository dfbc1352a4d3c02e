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
    for lead in ["地点是", "地点在", "位置在", "地址是", "就是在", "就在", "我在", "是在", "在"]
    {
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
mod tests {
    use super::*;
    use crate::county::demo;

    const WANGZHUANG: &str = "130699201201";

    fn finds(text: &str, said: &str, area: Option<&str>) {
        let county = demo::county();
        let found = find_place(&county, text).unwrap_or_else(|| panic!("nothing in {text}"));
        assert_eq!(found.text, said, "{text}");
        assert_eq!(found.area, area.map(AreaCode::from), "{text}");
        assert!(found.ambiguous.is_empty(), "{text}: {:?}", found.ambiguous);
    }

    fn reads(answer: &str, home: Option<&str>) -> Option<FoundPlace> {
        let home = home.map(AreaCode::from);
        read_place(&demo::county(), answer, home.as_ref())
    }

    #[test]
    fn a_village_is_found_with_the_words_that_say_the_spot() {
        let village = Some(WANGZHUANG);
        for (text, said) in [
            ("我家门口路灯坏了三天了，王庄村东头", "王庄村东头"),
            ("王庄村东头路灯坏了", "王庄村东头"),
            ("王庄村的路灯坏了", "王庄村"),
            ("王庄村路坏了", "王庄村"),
            ("王庄村有人在路口倒垃圾", "王庄村路口"),
            ("王庄村老李家门口路灯不亮", "王庄村老李家门口"),
            ("王庄村小学门口有积水", "王庄村小学门口"),
            ("王庄村，村口大槐树那儿灯不亮", "王庄村，村口大槐树那儿"),
            ("村口大槐树那儿路灯不亮，王庄村的", "王庄村村口大槐树那儿"),
            ("王庄乡王庄村卫生室没人", "王庄乡王庄村卫生室"),
            ("云溪县王庄乡王庄村东头停电了", "云溪县王庄乡王庄村东头"),
            ("大王庄桥头垃圾没人清", "大王庄桥头"),
            ("王庄东头路灯坏了", "王庄东头"),
            ("路灯坏了，在王庄村，王庄村东头", "王庄村东头"),
        ] {
            finds(text, said, village);
        }
    }

    #[test]
    fn a_grid_is_found_by_its_number() {
        finds("王庄村第2网格路灯坏了", "王庄村第2网格", Some("130699201201002"));
        finds("王庄村二网格东头没水", "王庄村二网格东头", Some("130699201201002"));
        finds("王庄村第9网格没水", "王庄村", Some(WANGZHUANG));
    }

    #[test]
    fn a_township_is_found_and_is_not_precise() {
        let county = demo::county();
        let found = find_place(&county, "大河镇到处是垃圾").unwrap();
        let area = found.area.unwrap();
        assert_eq!(area, "130699102".into());
        assert!(!county.is_precise(&area));
    }

    #[test]
    fn two_villages_of_one_name_are_both_offered() {
        let both = [AreaCode::from("130699102102"), AreaCode::from("130699202102")];
        let found = find_place(&demo::county(), "张庄村东头路灯坏了").unwrap();
        assert_eq!(found.text, "张庄村东头");
        assert_eq!(found.area, None);
        assert_eq!(found.ambiguous, both);
        finds("柳林乡张庄村东头路灯坏了", "柳林乡张庄村东头", Some("130699202102"));
        finds("张庄村东头路灯坏了，我是大河镇的", "张庄村东头", Some("130699102102"));
        // Without 村 it may be anything.
        assert_eq!(find_place(&demo::county(), "张庄人都知道"), None);
    }

    #[test]
    fn of_two_villages_the_one_with_a_spot_is_meant_and_otherwise_both() {
        finds("我是李家村的，王庄村东头路灯坏了", "王庄村东头", Some(WANGZHUANG));
        let found = find_place(&demo::county(), "王庄村到李家村的路坏了").unwrap();
        assert_eq!(found.text, "王庄村到李家村");
        assert_eq!(found.ambiguous, ["130699201201".into(), "130699201202".into()]);
    }

    #[test]
    fn an_address_without_an_area_is_words_only() {
        finds("人民路12号门口井盖丢了", "人民路12号门口", None);
        finds("幸福小区3号楼2单元漏水", "幸福小区3号楼2单元", None);
        finds("村口路灯不亮", "村口", None);
    }

    #[test]
    fn a_sentence_without_a_place_has_none() {
        for text in [
            "路灯坏了三天了",
            "我家门口路灯坏了",
            "低保怎么办",
            "你好",
            "",
            "。",
            "😡",
            "李家门口有狗",
            "王庄人都知道",
            "柳林里有蛇",
        ] {
            assert_eq!(find_place(&demo::county(), text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_is_taken_whole_with_the_area_it_names() {
        let found = reads("就在王庄村东头第三个电线杆。", None).unwrap();
        assert_eq!(found.text, "王庄村东头第三个电线杆");
        assert_eq!(found.area, Some(WANGZHUANG.into()));
        assert_eq!(reads("王庄", None).unwrap().area, Some(WANGZHUANG.into()));
    }

    #[test]
    fn an_answer_without_an_area_is_at_home() {
        let found = reads("村口大槐树", Some(WANGZHUANG)).unwrap();
        assert_eq!(found.text, "村口大槐树");
        assert_eq!(found.area, Some(WANGZHUANG.into()));
        assert_eq!(
            reads("第2网格", Some(WANGZHUANG)).unwrap().area,
            Some("130699201201002".into())
        );
        assert_eq!(reads("俺们村东头", Some(WANGZHUANG)).unwrap().area, Some(WANGZHUANG.into()));
        assert_eq!(reads("村口大槐树", None).unwrap().area, None);
    }

    #[test]
    fn the_place_named_wins_over_home() {
        let found = reads("李家村东头", Some(WANGZHUANG)).unwrap();
        assert_eq!(found.area, Some("130699201202".into()));
        // A village that the county does not have is not home.
        assert_eq!(reads("赵庄村东头", Some(WANGZHUANG)).unwrap().area, None);
    }

    #[test]
    fn home_decides_between_two_villages_of_one_name() {
        let found = reads("张庄村西头", Some("130699202103001")).unwrap();
        assert_eq!(found.area, Some("130699202102".into()));
        let found = reads("张庄村西头", Some(WANGZHUANG)).unwrap();
        assert_eq!((found.area, found.ambiguous.len()), (None, 2));
    }

    #[test]
    fn an_answer_without_words_is_no_place() {
        for answer in ["", "。", "😡", "/:rose", " \n"] {
            assert_eq!(reads(answer, Some(WANGZHUANG)), None, "{answer}");
        }
    }

    #[test]
    fn a_point_is_in_the_nearest_village_or_outside() {
        let county = demo::county();
        let at = |lat, lon| area_at(&county, Point { lat, lon });
        assert_eq!(at(38.9912, 116.1034), Located::In(WANGZHUANG.into()));
        assert_eq!(at(38.9950, 116.1080), Located::In(WANGZHUANG.into()));
        // Beijing, and just over the county's edge.
        assert_eq!(at(39.9042, 116.4074), Located::Outside);
        assert_eq!(at(39.1501, 116.1034), Located::Outside);
        // In the county, far from every village.
        assert_eq!(at(38.8501, 116.3499), Located::In("130699".into()));
        assert_eq!(at(f64::NAN, 116.1), Located::Outside);
    }
}
