//! The index of what areas are called, and where a text mentions one.
//!
//! Looks each position of the text up once per length, so the cost depends on the text and not on
//! the number of areas. Deliberately absent: which of several mentions is meant, which is
//! [`super::gazetteer`].

use super::area::{Area, AreaCode, Level};
use super::words::{half_width, numeral};
use std::collections::HashMap;

/// Names by which areas are found.
#[derive(Debug, Clone)]
pub(super) struct AreaNames {
    full: HashMap<Vec<char>, Vec<usize>>,
    stems: HashMap<Vec<char>, Vec<usize>>,
    numbered_grids: HashMap<(usize, u32), usize>,
    longest: usize,
}

/// Where a text says an area's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The first sign.
    pub(super) start: usize,
    /// Behind the last sign.
    pub(super) end: usize,
    /// The areas of that name.
    pub(super) areas: Vec<usize>,
    /// The name lacks its 村 or 镇, so it may be an ordinary word.
    pub(super) is_stem: bool,
}

impl AreaNames {
    /// Indexes names, aliases, names without 村 or 镇, and the numbers of grids.
    pub(super) fn of(areas: &[Area]) -> Self {
        let by_code: HashMap<&AreaCode, usize> =
            areas.iter().enumerate().map(|(index, area)| (&area.code, index)).collect();
        let mut names = Self {
            full: HashMap::new(),
            stems: HashMap::new(),
            numbered_grids: HashMap::new(),
            longest: 0,
        };
        for (index, area) in areas.iter().enumerate() {
            for name in std::iter::once(&area.name).chain(&area.aliases) {
                let signs = half_width(name);
                // One sign alone is found in every other sentence.
                if signs.len() >= 2 {
                    names.longest = names.longest.max(signs.len());
                    names.full.entry(signs).or_default().push(index);
                }
            }
            let signs = half_width(&area.name);
            if let Some(stem) = stem(&signs, area.level) {
                names.stems.entry(stem.to_vec()).or_default().push(index);
            }
            let parent = area.parent.as_ref().and_then(|parent| by_code.get(parent));
            if let (Some(parent), Some(number)) = (parent, grid_number(&signs)) {
                names.numbered_grids.entry((*parent, number)).or_insert(index);
            }
        }
        // 王庄 means the village, not the township around it.
        for candidates in names.stems.values_mut() {
            let level = |index: &usize| areas.get(*index).map(|area| area.level);
            let deepest = candidates.iter().map(level).max().flatten();
            candidates.retain(|index| level(index) == deepest);
        }
        names
    }

    /// The mentions in a text from left to right; at each place the longest name.
    pub(super) fn mentions(&self, signs: &[char]) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::new();
        let mut start = 0;
        while start < signs.len() {
            match self.mention_at(signs, start) {
                Some(mention) => {
                    start = mention.end;
                    mentions.push(mention);
                }
                None => start += 1,
            }
        }
        mentions
    }

    fn mention_at(&self, signs: &[char], start: usize) -> Option<Mention> {
        let longest = self.longest.min(signs.len() - start);
        (2..=longest).rev().find_map(|length| {
            let name = signs.get(start..start + length)?;
            let (areas, is_stem) = match (self.full.get(name), self.stems.get(name)) {
                (Some(areas), _) => (areas, false),
                (None, Some(areas)) => (areas, true),
                (None, None) => return None,
            };
            let end = start + length;
            let mention = Mention { start, end, areas: areas.clone(), is_stem };
            Some(self.grid_behind(signs, &mention).unwrap_or(mention))
        })
    }

    /// 王庄村 with 第二网格 behind it is that grid.
    fn grid_behind(&self, signs: &[char], village: &Mention) -> Option<Mention> {
        let (end, number) = read_grid(signs, village.end)?;
        let grid = |index: &usize| self.numbered_grids.get(&(*index, number)).copied();
        let areas: Vec<usize> = village.areas.iter().filter_map(grid).collect();
        (!areas.is_empty()).then_some(Mention { end, areas, is_stem: false, ..village.clone() })
    }

    /// The grid below `village` that a text names by its number alone: 第2网格.
    pub(super) fn grid_by_number(&self, village: usize, signs: &[char]) -> Option<usize> {
        (0..signs.len()).find_map(|start| {
            let (_, number) = read_grid(signs, start)?;
            self.numbered_grids.get(&(village, number)).copied()
        })
    }
}

/// A village's or township's name without what it is; none where nothing sure would be left.
fn stem(name: &[char], level: Level) -> Option<&[char]> {
    let kinds: &[&str] = match level {
        Level::Township => &["街道", "镇", "乡"],
        Level::Village => &["社区", "居委会", "村"],
        _ => return None,
    };
    let stem = kinds.iter().find_map(|kind| {
        let kind: Vec<char> = kind.chars().collect();
        name.strip_suffix(kind.as_slice())
    })?;
    // 李家 is a family far more often than it is 李家村.
    (stem.len() >= 2 && !matches!(stem, [_, '家'])).then_some(stem)
}

/// The number in a grid's own name: 王庄村第1网格.
fn grid_number(name: &[char]) -> Option<u32> {
    (0..name.len()).find_map(|start| match read_grid(name, start) {
        Some((end, number)) if end == name.len() => Some(number),
        _ => None,
    })
}

/// Reads 第2网格, 二网格, 2号网格 at a place: where it ends, and the number.
fn read_grid(signs: &[char], start: usize) -> Option<(usize, u32)> {
    let mut at = start;
    while matches!(signs.get(at), Some(' ' | '的' | '第')) {
        at += 1;
    }
    let is_numeral = |c: &&char| super::words::digit(**c).is_some() || **c == '十';
    let length = signs.get(at..)?.iter().take_while(is_numeral).count();
    let number = numeral(signs.get(at..at + length)?)?;
    at += length;
    while matches!(signs.get(at), Some('号' | '个')) {
        at += 1;
    }
    let grid = signs.get(at..at + 2)?;
    (grid == ['网', '格']).then_some((at + 2, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::demo;

    fn named(text: &str) -> Vec<String> {
        let county = demo::county();
        let mentions = county.names().mentions(&half_width(text));
        mentions
            .iter()
            .flat_map(|mention| {
                mention.areas.iter().map(|index| county.areas()[*index].name.clone())
            })
            .collect()
    }

    #[test]
    fn the_longest_name_at_a_place_counts() {
        assert_eq!(named("王庄乡王庄村第2网格"), ["王庄乡", "王庄村第2网格"]);
    }

    #[test]
    fn a_grid_is_found_by_its_number_however_it_is_written() {
        for text in
            ["王庄村第2网格", "王庄村二网格", "王庄村第二网格", "王庄村２号网格", "王庄第2网格"]
        {
            assert_eq!(named(text), ["王庄村第2网格"], "{text}");
        }
        assert_eq!(named("王庄村第9网格"), ["王庄村"]);
    }

    #[test]
    fn a_family_is_not_a_village() {
        assert!(named("李家门口").is_empty());
        assert_eq!(named("李家村"), ["李家村"]);
    }
}
