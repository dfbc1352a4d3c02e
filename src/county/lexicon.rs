//! The index of the categories' keywords, by signs and by sound.
//!
//! Sound is pinyin without tones, and without the differences that northern speech and voice
//! recognition blur: zh and z, ch and c, sh and s, ng and n. Deliberately absent: judging, which is
//! [`super::guess`].

use super::category::Category;
use super::words::half_width;
use pinyin::ToPinyin;
use std::collections::HashMap;

/// Keywords by which categories are found.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    by_first_sign: HashMap<char, Vec<usize>>,
    by_first_sound: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Entry {
    category: usize,
    signs: Vec<char>,
    sounds: Vec<String>,
    is_weak: bool,
}

/// A keyword in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The position of the category in the county.
    pub(super) category: usize,
    /// The first sign.
    pub(super) start: usize,
    /// How many signs.
    pub(super) length: usize,
    /// Whether the keyword says nothing by itself.
    pub(super) is_weak: bool,
}

impl Lexicon {
    /// Indexes the keywords of all categories that residents are offered.
    pub(super) fn of(categories: &[Category]) -> Self {
        let mut lexicon = Self {
            entries: Vec::new(),
            by_first_sign: HashMap::new(),
            by_first_sound: HashMap::new(),
        };
        for (category, offered) in categories.iter().enumerate().filter(|(_, one)| one.enabled) {
            for keyword in &offered.keywords {
                let signs = half_width(&keyword.word);
                let sounds: Vec<String> = signs.iter().filter_map(|sign| sound(*sign)).collect();
                let entry = lexicon.entries.len();
                if let Some(first) = signs.first() {
                    lexicon.by_first_sign.entry(*first).or_default().push(entry);
                }
                // One syllable sounds like dozens of words.
                if let Some(first) = sounds.first().filter(|_| sounds.len() == signs.len())
                    && sounds.len() >= 2
                {
                    lexicon.by_first_sound.entry(first.clone()).or_default().push(entry);
                }
                let is_weak = keyword.is_weak;
                lexicon.entries.push(Entry { category, signs, sounds, is_weak });
            }
        }
        lexicon
    }

    /// The keywords whose signs stand in a text, without those inside a longer one.
    pub(super) fn written_in(&self, text: &str) -> Vec<Hit> {
        let signs = half_width(text);
        let hits = signs.iter().enumerate().flat_map(|(start, sign)| {
            let entries = self.by_first_sign.get(sign).map_or(&[][..], Vec::as_slice);
            let rest = signs.get(start..).unwrap_or_default();
            entries.iter().filter_map(move |index| {
                let entry = self.entries.get(*index)?;
                rest.starts_with(&entry.signs).then(|| entry.hit(start, entry.signs.len()))
            })
        });
        without_contained(&hits.collect::<Vec<Hit>>())
    }

    /// The keywords that a text sounds like, without those inside a longer one.
    pub(super) fn heard_in(&self, text: &str) -> Vec<Hit> {
        let sounds: Vec<Option<String>> = half_width(text).into_iter().map(sound).collect();
        let hits = sounds.iter().enumerate().flat_map(|(start, first)| {
            let entries = first.as_ref().and_then(|first| self.by_first_sound.get(first));
            let rest = sounds.get(start..).unwrap_or_default();
            entries.map_or(&[][..], Vec::as_slice).iter().filter_map(move |index| {
                let entry = self.entries.get(*index)?;
                let length = entry.sounds.len();
                let heard = rest.get(..length)?.iter().flatten();
                heard.eq(entry.sounds.iter()).then(|| entry.hit(start, length))
            })
        });
        without_contained(&hits.collect::<Vec<Hit>>())
    }
}

impl Entry {
    fn hit(&self, start: usize, length: usize) -> Hit {
        Hit { category: self.category, start, length, is_weak: self.is_weak }
    }
}

/// 卫生室 is no 卫生: a keyword strictly inside another one does not count.
fn without_contained(hits: &[Hit]) -> Vec<Hit> {
    let contains = |outer: &Hit, inner: &Hit| {
        outer.length > inner.length
            && outer.start <= inner.start
            && inner.start + inner.length <= outer.start + outer.length
    };
    let mut kept = hits.to_vec();
    kept.retain(|hit| !hits.iter().any(|other| contains(other, hit)));
    kept
}

/// The syllable of a sign, with the blurred differences taken away.
fn sound(sign: char) -> Option<String> {
    let plain = sign.to_pinyin()?.plain();
    let mut sound = String::with_capacity(plain.len());
    let mut letters = plain.chars().peekable();
    while let Some(letter) = letters.next() {
        sound.push(letter);
        let blurs = match letter {
            'z' | 'c' | 's' => letters.peek() == Some(&'h'),
            'n' => letters.peek() == Some(&'g'),
            _ => false,
        };
        if blurs {
            letters.next();
        }
    }
    Some(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blurred_sounds_are_one() {
        assert_eq!(sound('张'), sound('脏'));
        assert_eq!(sound('声'), sound('森'));
        assert_eq!(sound('路'), sound('陆'));
        assert_ne!(sound('路'), sound('水'));
        assert_eq!(sound('a'), None);
    }
}
